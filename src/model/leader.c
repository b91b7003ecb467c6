/* SPDX-License-Identifier: Apache-2.0 */
#include "model/leader.h"

static bool is_init_of(const struct process *process, const struct ns *ns)
{
	return ns->type == NS_PID && model_pid_inside(process, ns) == 1;
}

/* Of those whose start is known. */
static bool is_older(const struct process *a, const struct process *b)
{
	if (!a->state != !b->state)
		return !b->state;
	if (a->is_kernel != b->is_kernel)
		return b->is_kernel;
	if (a->started != b->started)
		return a->started < b->started;
	return a->pid < b->pid;
}

bool leader_is_better(const struct ns *ns, const struct process *process,
        const struct process *parent, const struct process *best)
{
	if (is_init_of(process, ns))
		return true;
	if (parent && parent->ns[ns->type] == ns)
		return false;
	if (!best)
		return true;
	return !is_init_of(best, ns) && is_older(process, best);
}
