/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "export/dot_graph.h"
#include "export/label.h"

/* Sets what programs read from the node of a namespace or group: `id`, `class`, `type`, numbers,
 * container and owner; and its tooltip. An attribute of which the value is not known is left out.
 * `owner` is the name of the node of the owner; NULL: the one that it has outside of groups.
 * `scratch` is overwritten. */
void dot_facts_set(struct dot_graph *dot, Agnode_t *made, struct label *label,
        const struct node *node, const char *owner, struct text *scratch);
