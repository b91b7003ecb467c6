/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/builder.h"

/* The deepest chain of parents that is believed (the kernel's limit is 33 levels). */
#define CHECK_DEPTH_MAX 1000

/* Before freezing: every known relation leads to a namespace of the right type (parent: the same
 * type; owner: user; for a user namespace both are one), and following parents ends within
 * CHECK_DEPTH_MAX. Sets `depth`. Returns 0, or -EINVAL and the problem. Linear. */
_must_check_ int check_relations(
        struct ns *const *namespaces, size_t n, struct builder_problem *ret_problem);

/* After freezing: the model is symmetric. Children, owned namespaces and processes are listed where
 * they say they are, and only there; arrays are sorted. Used by tests. Returns 0 or -EINVAL. */
_must_check_ int check_model(const struct model *model);
