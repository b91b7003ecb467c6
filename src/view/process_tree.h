/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/model.h"

/* Who is whose parent among the processes of a model. Since a parent is older than its children,
 * and where that does not hold (a file may say anything) it is not taken for one, there are no
 * circles. */

struct process_tree {
	const struct model *model;
	const struct process **by_parent; /* by the PID of the parent, then their own */
};

/* The caller releases it. */
void process_tree_init(struct process_tree *tree, const struct model *model);
void process_tree_release(struct process_tree *tree);

/* NULL for one whose parent is none, or cannot be seen. */
const struct process *process_parent(const struct model *model, const struct process *process);

/* Calls `visit` for each child, by PID; `process` NULL: for all that have no parent. */
void process_tree_each(const struct process_tree *tree, const struct process *process,
        void (*visit)(void *data, const struct process *child), void *data);

/* Bits 1 << NS_*: the types in which the two are known to be in different namespaces. */
unsigned process_differs(const struct process *a, const struct process *b);
