/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/ns_facts.h"

/* --- PID namespaces --------------------------------------------------------------------------- */

static size_t count_below(const struct ns *ns)
{
	size_t n = 0;

	for (size_t i = 0; i < ns->n_children; i++)
		n += ns->children[i]->n_processes + count_below(ns->children[i]);
	return n;
}

static void read_pid(const struct ns *ns, struct ns_facts_pid *ret)
{
	const struct process *const leader = ns->leader;

	ret->n_members = ns->n_processes;
	ret->n_below = count_below(ns);
	ret->levels = ns->depth + 1;
	if (leader && model_pid_inside(leader, ns) == 1) {
		ret->init = leader->pid;
		ret->init_state = leader->state;
	}
}

/* --- one namespace ---------------------------------------------------------------------------- */

int ns_facts_read(_unused_ struct kernel *kernel, _unused_ const struct model *model,
        const struct ns *ns, unsigned what, const struct ns_facts **ret)
{
	struct ns_facts *const facts = ns_facts_new(ns->type);

	facts->tag = ns->tag;
	facts->what = what & NS_FACTS_LINKS;
	if (ns->type == NS_PID)
		read_pid(ns, &facts->pid);
	else
		facts->error = EOPNOTSUPP;
	*ret = facts;
	return 0;
}
