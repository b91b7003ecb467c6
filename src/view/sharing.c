/* SPDX-License-Identifier: Apache-2.0 */
#include "view/sharing.h"

#include "base/attributes.h"
#include "base/escape.h"
#include "base/memory.h"
#include "view/node.h"
#include "view/partial.h"

#include <stdlib.h>
#include <string.h>

/* --- the host's namespaces ------------------------------------------------------------------- */

/* True if PID 1 of the model is that of the host: its PID namespace is the initial one. */
static bool is_host_init(const struct process *process)
{
	const struct ns *ns = process ? process->ns[NS_PID] : NULL;

	return ns && (ns->parent.state == REL_INITIAL || nstype_is_initial(NS_PID, ns->inode));
}

/* Namespaces are sorted by type and number. NULL: there are none. */
static const struct ns *first_of_type(const struct model *model, enum nstype type, size_t *ret)
{
	const size_t n = model->n_namespaces;

	*ret = LOWER_BOUND(n, at, model->namespaces[at]->type < type);
	return *ret < n && model->namespaces[*ret]->type == type ? model->namespaces[*ret] : NULL;
}

/* The fixed numbers are lower than all others. */
static const struct ns *find_initial(const struct model *model, enum nstype type)
{
	size_t i;
	const struct ns *first = first_of_type(model, type, &i);

	return first && nstype_is_initial(type, first->inode) ? first : NULL;
}

const struct ns *sharing_host(const struct model *model, enum nstype type)
{
	const struct process *init = model_find_process(model, 1);
	const struct ns *ns = is_host_init(init) ? init->ns[type] : NULL;

	return ns ? ns : find_initial(model, type);
}

/* Each kernel has mount namespaces, and all links in /proc/PID/ns are read or none. */
bool sharing_lacks(const struct model *model, enum nstype type)
{
	size_t i;

	if (type == NS_USER && model_is_partial_by(model, PARTIAL_NO_USER_NS))
		return true;
	if (first_of_type(model, type, &i))
		return false;
	for (first_of_type(model, NS_MNT, &i);
	        i < model->n_namespaces && model->namespaces[i]->type == NS_MNT; i++) {
		if (model->namespaces[i]->n_processes)
			return true;
	}
	return false;
}

/* Before Linux 6.17 the initial network and mount namespaces have no fixed number. */
static bool has_fixed_number(enum nstype type)
{
	return type != NS_NET && type != NS_MNT;
}

/* Whether `ns` is known to be the host's, or not to be: false if it is not known. */
static bool compare_with_host(const struct model *model, const struct ns *ns, bool *ret_is_host)
{
	const struct ns *host = sharing_host(model, ns->type);

	*ret_is_host = host == ns;
	return host || has_fixed_number(ns->type);
}

bool sharing_is_certain(const struct model *model, const struct ns *ns)
{
	return !*partial_plus(model, ns);
}

/* --- the containers of a namespace ----------------------------------------------------------- */

const struct ns *sharing_ns(const struct container *container, enum nstype type)
{
	return container->leader ? container->leader->ns[type] : NULL;
}

bool sharing_is_in(const struct process *process, const struct container *container)
{
	if (process->label == container)
		return true;
	for (const struct container *c = process->claim; c && c != process->container;
	        c = c->outer) {
		if (c == container)
			return true;
	}
	return process->container == container;
}

/* What the process counts for, seen from `container`: for a claim its innermost claim, for a label
 * its own label, else its container. NULL: for none. */
static const struct container *counted(
        const struct process *process, const struct container *container)
{
	if (container && container->outer && process->claim)
		return process->claim;
	if (container && container_is_label(container) && !process->container)
		return process->label;
	return process->container;
}

/* The container, not `container`, that a member counts for; NULL: none. */
static const struct container *other_of(
        const struct process *process, const struct container *container)
{
	return container && sharing_is_in(process, container) ? NULL : counted(process, container);
}

static bool has_others(const struct ns *ns, const struct container *container)
{
	for (size_t i = 0; i < ns->n_processes; i++) {
		if (other_of(ns->processes[i], container))
			return true;
	}
	return false;
}

/* Of `process`, seen from `container`. */
static enum sharing sharing_in(const struct model *model, const struct process *process,
        enum nstype type, const struct container *container)
{
	const struct ns *const ns = process ? process->ns[type] : NULL;
	bool is_host;

	if (!ns && sharing_lacks(model, type))
		return SHARING_NONE;
	if (!ns || !compare_with_host(model, ns, &is_host))
		return SHARING_UNKNOWN;
	if (is_host)
		return SHARING_HOST;
	return has_others(ns, container) ? SHARING_OTHERS : SHARING_OWN;
}

enum sharing sharing_of(
        const struct model *model, const struct container *container, enum nstype type)
{
	return sharing_in(model, container->leader, type, container);
}

enum sharing sharing_of_process(
        const struct model *model, const struct process *process, enum nstype type)
{
	return sharing_in(model, process, type, process->container);
}

/* --- the list -------------------------------------------------------------------------------- */

/* As far as they are shown. */
static int compare_texts(const char *a, const char *b)
{
	return strncmp(a ? a : "", b ? b : "", ESCAPE_NAME_MAX);
}

int sharing_compare(const struct container *a, const struct container *b)
{
	int r = compare_texts(a->pod_namespace, b->pod_namespace);

	r = r ? r : compare_texts(a->pod, b->pod);
	r = r ? r : compare_texts(a->kind_name, b->kind_name);
	r = r ? r : compare_texts(a->name, b->name);
	r = r ? r : compare_texts(a->id, b->id);
	return r ? r : COMPARE(a->tag, b->tag);
}

static int compare(const void *a, const void *b)
{
	return sharing_compare(
	        *(const struct container *const *)a, *(const struct container *const *)b);
}

void sharing_others(
        struct sharing_list *ret, const struct ns *ns, const struct container *container)
{
	const struct container *last = NULL;
	size_t capacity = 0, n = 0;

	*ret = (struct sharing_list){0};
	for (size_t i = 0; i < ns->n_processes; i++) {
		const struct container *other = other_of(ns->processes[i], container);

		if (other && other != last)
			MEMORY_APPEND(ret->all, n, capacity) = other;
		last = other ? other : last;
	}
	if (n > 1)
		qsort(ret->all, n, sizeof(*ret->all), compare);
	for (size_t i = 0; i < n; i++) {
		if (!ret->n || ret->all[ret->n - 1] != ret->all[i])
			ret->all[ret->n++] = ret->all[i];
	}
}

void sharing_release(struct sharing_list *list)
{
	free(list->all);
	*list = (struct sharing_list){0};
}

bool sharing_is_same_pod(const struct container *a, const struct container *b)
{
	const uint64_t tag = a->pod_tag;

	return tag && tag == b->pod_tag;
}

const struct container *sharing_pod(const struct sharing_list *list)
{
	for (size_t i = 0; i < list->n; i++) {
		if (!sharing_is_same_pod(list->all[0], list->all[i]))
			return NULL;
	}
	return list->n ? list->all[0] : NULL;
}
