/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/detail/target.h"

struct target target_of_ns(const struct ns *ns)
{
	if (!ns)
		return (struct target){.kind = TARGET_NONE};
	return (struct target){.kind = TARGET_NS, .tag = ns->tag};
}

struct target target_of_process(const struct process *process)
{
	if (!process)
		return (struct target){.kind = TARGET_NONE};
	return (struct target){
	        .kind = TARGET_PROCESS, .pid = process->pid, .started = process->started};
}

bool target_is_same(const struct target *a, const struct target *b)
{
	return a->kind == b->kind && a->tag == b->tag && a->pid == b->pid &&
	       a->started == b->started;
}

const struct ns *target_ns(const struct target *target, const struct model *model)
{
	return target->kind == TARGET_NS && model ? model_find_tag(model, target->tag) : NULL;
}

const struct process *target_process(const struct target *target, const struct model *model)
{
	if (target->kind != TARGET_PROCESS || !model)
		return NULL;
	const struct process *process = model_find_process(model, target->pid);
	return process && process->started == target->started ? process : NULL;
}
