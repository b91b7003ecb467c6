/* SPDX-License-Identifier: Apache-2.0 */
#include "model/same.h"

#include "base/memory.h"
#include "model/posture.h"

#include <string.h>

/* --- values ----------------------------------------------------------------------------------- */

bool same_texts(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

bool same_arguments(const char *const *a, const char *const *b)
{
	if (!a || !b)
		return a == b;
	while (*a && *b && strcmp(*a, *b) == 0) {
		a++;
		b++;
	}
	return !*a && !*b;
}

/* Each namespace of a model has another number in its type. */
static bool is_same_ns(const struct ns *a, const struct ns *b)
{
	return a == b || (a && b && a->type == b->type && a->inode == b->inode && a->dev == b->dev);
}

static bool is_same_relation(const struct relation *a, const struct relation *b)
{
	return a->state == b->state && is_same_ns(a->ns, b->ns);
}

static bool is_same_map(const struct id_map *a, const struct id_map *b)
{
	for (size_t i = 0; i < a->n && a->n == b->n; i++) {
		const struct id_range *const left = &a->ranges[i], *const right = &b->ranges[i];

		if (left->inside != right->inside || left->outside != right->outside ||
		        left->count != right->count)
			return false;
	}
	return a->n == b->n;
}

static bool is_same_process(const struct process *a, const struct process *b)
{
	return a == b || (a && b && a->pid == b->pid && a->started == b->started);
}

static bool is_same_container(const struct container *a, const struct container *b)
{
	return a == b || (a && b && a->tag == b->tag);
}

/* --- namespaces ------------------------------------------------------------------------------- */

static bool are_same_holders(const struct ns *a, const struct ns *b)
{
	for (size_t i = 0; i < a->n_holders && a->n_holders == b->n_holders; i++) {
		const struct holder *const left = &a->holders[i], *const right = &b->holders[i];

		if (left->kind != right->kind || left->fd != right->fd || left->pid != right->pid ||
		        left->tid != right->tid || left->mnt != right->mnt ||
		        !same_texts(left->path, right->path) || !is_same_ns(left->ns, right->ns))
			return false;
	}
	return a->n_holders == b->n_holders;
}

/* What is derived of the members is the same if their namespaces are. */
static bool is_same_namespace(const struct ns *a, const struct ns *b)
{
	return is_same_ns(a, b) && a->id == b->id && a->tag == b->tag && a->since == b->since &&
	       a->is_listed_only == b->is_listed_only && is_same_relation(&a->parent, &b->parent) &&
	       is_same_relation(&a->owner, &b->owner) && a->owner_uid_state == b->owner_uid_state &&
	       a->owner_uid == b->owner_uid && a->maps_state == b->maps_state &&
	       a->setgroups == b->setgroups && is_same_map(&a->uid_map, &b->uid_map) &&
	       is_same_map(&a->gid_map, &b->gid_map) && is_same_process(a->leader, b->leader) &&
	       a->n_processes == b->n_processes && are_same_holders(a, b);
}

static bool are_same_namespaces(const struct model *a, const struct model *b)
{
	for (size_t i = 0; i < a->n_namespaces && a->n_namespaces == b->n_namespaces; i++) {
		if (!is_same_namespace(a->namespaces[i], b->namespaces[i]))
			return false;
	}
	return a->n_namespaces == b->n_namespaces;
}

/* --- processes -------------------------------------------------------------------------------- */

bool same_states(char a, char b)
{
	static const char alive[] = "RSDI";

	return a == b || (a && b && strchr(alive, a) && strchr(alive, b));
}

static bool is_same_posture(const struct posture *a, const struct posture *b)
{
	if (!a || !b)
		return a == b;
	return a->status_error == b->status_error && a->bounding == b->bounding &&
	       a->is_no_new_privs_known == b->is_no_new_privs_known &&
	       a->no_new_privs == b->no_new_privs && a->is_seccomp_known == b->is_seccomp_known &&
	       a->seccomp == b->seccomp && a->label_error == b->label_error &&
	       same_texts(a->label, b->label) && a->mounts_error == b->mounts_error &&
	       same_texts(a->socket, b->socket) && same_texts(a->run, b->run) &&
	       a->root == b->root && same_texts(a->root_point, b->root_point) &&
	       a->is_kcore_covered == b->is_kcore_covered;
}

static bool are_in_same_namespaces(const struct process *a, const struct process *b)
{
	for (enum nstype type = 0; type < NS_TYPES; type++) {
		if (!is_same_ns(a->ns[type], b->ns[type]))
			return false;
	}
	return true;
}

static bool are_same_facts(const struct process *a, const struct process *b)
{
	return is_same_process(a, b) && a->ppid == b->ppid && a->uid_state == b->uid_state &&
	       a->uid == b->uid && a->is_kernel == b->is_kernel &&
	       a->live_thread == b->live_thread && a->is_self == b->is_self &&
	       a->is_unborn == b->is_unborn && same_states(a->state, b->state) &&
	       a->is_cmdline_cut == b->is_cmdline_cut && a->cmdline_error == b->cmdline_error &&
	       a->container_state == b->container_state && a->n_nspid == b->n_nspid &&
	       memcmp(a->nspid, b->nspid, a->n_nspid * sizeof(*a->nspid)) == 0;
}

static bool are_same_processes(const struct model *a, const struct model *b)
{
	for (size_t i = 0; i < a->n_processes && a->n_processes == b->n_processes; i++) {
		const struct process *const left = a->processes[i], *const right = b->processes[i];

		if (!are_same_facts(left, right) || !same_texts(left->comm, right->comm) ||
		        !same_texts(left->name, right->name) ||
		        !same_arguments(left->cmdline, right->cmdline) ||
		        !same_texts(left->cgroup, right->cgroup) ||
		        !is_same_container(left->container, right->container) ||
		        !is_same_container(left->claim, right->claim) ||
		        !is_same_container(left->label, right->label) ||
		        !are_in_same_namespaces(left, right) ||
		        !is_same_posture(left->posture, right->posture))
			return false;
	}
	return a->n_processes == b->n_processes;
}

/* --- containers, notes, the host -------------------------------------------------------------- */

static bool are_same_containers(const struct model *a, const struct model *b)
{
	for (size_t i = 0; i < a->n_containers && a->n_containers == b->n_containers; i++) {
		const struct container *const left = a->containers[i], *const right =
		                                                               b->containers[i];

		if (left->tag != right->tag || !container_is_same(left, right) ||
		        !same_texts(left->name, right->name) ||
		        !same_texts(left->image, right->image) ||
		        !same_texts(left->pod, right->pod) ||
		        !same_texts(left->pod_namespace, right->pod_namespace) ||
		        !same_texts(left->pod_id, right->pod_id) ||
		        !same_texts(left->unit, right->unit) ||
		        !same_texts(left->source, right->source) ||
		        left->name_error != right->name_error ||
		        left->is_unverified != right->is_unverified ||
		        left->is_sandbox != right->is_sandbox ||
		        !is_same_process(left->leader, right->leader))
			return false;
	}
	return a->n_containers == b->n_containers;
}

static int by_all(const void *a, const void *b)
{
	const struct note *const *left = a, *const *right = b;

	if ((*left)->pid != (*right)->pid)
		return COMPARE((*left)->pid, (*right)->pid);
	if ((*left)->error != (*right)->error)
		return COMPARE((*left)->error, (*right)->error);
	return strcmp((*left)->what, (*right)->what);
}

/* Sorted; the caller frees. */
static const struct note **sort_notes(const struct model *model)
{
	const struct note **const notes = memory_new((model->n_notes + 1) * sizeof(struct note *));

	for (size_t i = 0; i < model->n_notes; i++)
		notes[i] = &model->notes[i];
	if (model->n_notes > 0)
		qsort(notes, model->n_notes, sizeof(struct note *), by_all);
	return notes;
}

/* In any order. */
static bool are_same_notes(const struct model *a, const struct model *b)
{
	const struct note **const left = sort_notes(a), **const right = sort_notes(b);
	bool is_same = a->n_notes == b->n_notes;

	for (size_t i = 0; i < a->n_notes && is_same; i++)
		is_same = by_all(&left[i], &right[i]) == 0;
	free(left);
	free(right);
	return is_same;
}

static bool are_same_pins(const struct model *a, const struct model *b)
{
	for (size_t i = 0; i < a->n_pins && a->n_pins == b->n_pins; i++) {
		const struct ns_pin *const left = &a->pins[i], *const right = &b->pins[i];

		if (left->type != right->type || left->state != right->state ||
		        left->mnt != right->mnt || left->major != right->major ||
		        left->minor != right->minor || left->n_mounts != right->n_mounts ||
		        !same_texts(left->path, right->path) || !same_texts(left->by, right->by))
			return false;
	}
	return a->n_pins == b->n_pins;
}

static bool are_same_limits(const struct host *a, const struct host *b)
{
	for (enum nstype type = 0; type < NS_TYPES; type++) {
		const struct ns_limit *const left = &a->ns_limits[type];
		const struct ns_limit *const right = &b->ns_limits[type];

		if (left->is_known != right->is_known || left->error != right->error ||
		        left->max != right->max)
			return false;
	}
	return true;
}

static bool is_same_host(const struct host *a, const struct host *b)
{
	return same_texts(a->name, b->name) && same_texts(a->kernel, b->kernel) &&
	       same_texts(a->boot_id, b->boot_id) && a->hertz == b->hertz &&
	       a->euid_state == b->euid_state && a->euid == b->euid && a->sources == b->sources &&
	       a->unreadable == b->unreadable && a->partial == b->partial && are_same_limits(a, b);
}

bool same_models(const struct model *a, const struct model *b)
{
	return is_same_host(&a->host, &b->host) && are_same_processes(a, b) &&
	       are_same_namespaces(a, b) && are_same_containers(a, b) && are_same_notes(a, b) &&
	       are_same_pins(a, b);
}
