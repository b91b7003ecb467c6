/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/model.h"

/* The target of a reference, as a key that outlives its model. */

enum target_kind {
	TARGET_NONE,
	TARGET_NS,      /* tag */
	TARGET_PROCESS, /* pid, started */
	TARGET_TABLE,   /* the table of processes on the same page */
};

struct target {
	enum target_kind kind;
	uint64_t tag;
	pid_t pid;
	uint64_t started;
};

/* NULL gives TARGET_NONE. */
struct target target_of_ns(const struct ns *ns);
struct target target_of_process(const struct process *process);

bool target_is_same(const struct target *a, const struct target *b);

/* The namespace, or process, in this model; NULL if the target is of another kind, or not in it. */
const struct ns *target_ns(const struct target *target, const struct model *model);
const struct process *target_process(const struct target *target, const struct model *model);
