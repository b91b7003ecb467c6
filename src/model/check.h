/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/builder.h"

/* The longest chain of parents that is accepted (the kernel allows 33 levels). */
#define CHECK_DEPTH_MAX 1000

/* Checks the relations before freezing: a parent has the same type, an owner is a user namespace, a
 * user namespace's owner is its parent, and a chain of parents ends within CHECK_DEPTH_MAX. Sets
 * `depth`. Returns 0, or -EINVAL and the problem. O(n). */
_must_check_ int check_relations(
        struct ns *const *namespaces, size_t n, struct builder_problem *ret_problem);

/* Checks a frozen model, for tests: children, owned namespaces and processes are listed in the
 * namespace they point to and in no other, and the arrays are sorted. Returns 0 or -EINVAL. */
_must_check_ int check_model(const struct model *model);
