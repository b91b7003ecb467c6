/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view/node.h"

/* The processes that a line is found by: itself, or those in its namespace or container. In the
 * view of containers a namespace has only those that are in what it stands below: the host's
 * namespaces have processes of many containers. */

/* All that may be such processes; their number in *ret_n. */
const struct process *const *node_members_of(const struct node *node, size_t *ret_n);

/* True if it is one of line `index`. */
bool node_members_has(const struct node *nodes, size_t index, const struct process *process);
