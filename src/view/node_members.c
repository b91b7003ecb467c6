/* SPDX-License-Identifier: Apache-2.0 */
#include "view/node_members.h"

#include "view/sharing.h"

const struct process *const *node_members_of(const struct node *node, size_t *ret_n)
{
	*ret_n = node->process     ? 1
	         : node->ns        ? node->ns->n_processes
	         : node->container ? node->container->n_processes
	                           : 0;
	return node->process ? &node->process
	       : node->ns    ? node->ns->processes
	       : *ret_n      ? node->container->processes
	                     : NULL;
}

bool node_members_has(const struct node *nodes, size_t index, const struct process *process)
{
	const struct node *node = &nodes[index];
	const struct node *above = node->parent == NODE_NO_PARENT ? NULL : &nodes[node->parent];

	if (!node->ns || !above)
		return true;
	if (above->container)
		return sharing_is_in(process, above->container);
	if (above->group == GROUP_POD)
		return process->container && process->container->pod_tag == above->pod->pod_tag;
	return above->group != GROUP_HOST || !process->container;
}
