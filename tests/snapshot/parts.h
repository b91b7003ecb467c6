/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Small models for the tests of snapshots, and their parts. */

#include "model/builder.h"
#include "tests/snapshot/text.h"

/* Inode numbers of namespaces. */
enum { USER = 1000, NET = 3000 };

static inline const struct model *freeze(struct builder *builder)
{
	const struct model *model = NULL;
	struct builder_problem problem;

	if (builder_freeze(builder, &model, &problem) < 0)
		fail_msg("%s", problem.what);
	assert_int_equal(check_model(model), 0);
	return model;
}

static inline struct ns *add_ns(struct builder *builder, enum nstype type, uint64_t inode)
{
	struct ns *ns = builder_ns(builder, type, 4, inode, NULL);

	ns->owner.state = REL_HIDDEN;
	return ns;
}

static inline struct process *add_process(struct builder *builder, pid_t pid, const char *name)
{
	static const pid_t inside[] = {7, 1};
	struct process *process = builder_process(builder, pid);

	process->comm = name;
	process->name = name;
	process->nspid = inside;
	process->n_nspid = ARRAY_SIZE(inside);
	return process;
}
