/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view/hierarchy.h"

/* What a number that was typed may mean in a hierarchy. */

struct go_to {
	size_t node; /* of the process, or of the namespace of the view's main type that it is in */
	const struct process *process; /* NULL: the number of the node's namespace */
};

struct go_to_list {
	struct go_to *all;
	size_t n;
	size_t capacity;
};

/* Finds the nodes that `digits` may mean, the best first, each process once:
 *
 * 1. the PID as the selected node sees it: in a PID namespace, in that of a process, or of another
 *    namespace or a container the PIDs of its own processes, in the PID namespace of its leader
 *    before others;
 * 2. the PID as the model has it;
 * 3. the PID in any other PID namespace;
 * 4. numbers of namespaces that end in the digits, in the order of the hierarchy.
 *
 * A number that begins with 0 is no PID. `selected` may be NULL. Only nodes for which `is_shown`
 * (NULL: all) is not 0. Linear. The caller releases the list. */
void go_to_find(struct go_to_list *ret, const struct hierarchy *hierarchy,
        const struct model *model, const struct node *selected, const char *digits,
        const unsigned char *is_shown);

void go_to_release(struct go_to_list *list);
