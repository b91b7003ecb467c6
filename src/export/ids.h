/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view/hierarchy.h"

#include <stdio.h>

/* The names that DOT nodes and SVG groups have: made of type and number alone, and unique also
 * where a snapshot has the same number twice (two devices, or nonsense): then the later ones end
 * in `-2`, `-3`, ... */

struct ids {
	struct id_twin *twins; /* those that need such an ending, sorted */
	size_t n;
};

void ids_init(struct ids *ids, const struct model *model);
void ids_release(struct ids *ids);

/* `ns-4026531837`. */
void ids_write(FILE *out, const struct ids *ids, const struct ns *ns);

/* `user-4026531837`. */
void ids_write_typed(FILE *out, const struct ids *ids, const struct ns *ns);

/* The same of a node with a namespace; of one that stands for several (view/collapse.h) it is
 * `group-` and the name of the first of them. */
void ids_write_node(FILE *out, const struct ids *ids, const struct node *node);
void ids_write_node_typed(FILE *out, const struct ids *ids, const struct node *node);
