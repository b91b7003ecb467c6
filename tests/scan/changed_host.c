/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/scan/changed_host.h"

#include "model/builder.h"
#include "tests/scan/plenty.h"
#include "tests/unit.h"

enum { STARTED = 5000 };

static struct ns *map(struct builder *builder, const struct ns *ns)
{
	return ns ? builder_ns(builder, ns->type, ns->dev, ns->inode, NULL) : NULL;
}

static void copy_ns(struct builder *builder, const struct ns *from)
{
	struct ns *const to = map(builder, from);

	to->id = from->id;
	to->made = from->made;
	to->parent = from->parent;
	to->owner = from->owner;
	to->parent.ns = map(builder, from->parent.ns);
	to->owner.ns = map(builder, from->owner.ns);
	to->owner_uid_state = from->owner_uid_state;
	to->owner_uid = from->owner_uid;
	to->maps_state = from->maps_state;
	to->uid_map = from->uid_map;
	to->gid_map = from->gid_map;
	to->setgroups = from->setgroups;
}

static struct process *copy_process(struct builder *builder, const struct process *from, pid_t pid)
{
	struct process *const to = builder_process(builder, pid);

	*to = *from;
	to->pid = pid;
	for (enum nstype type = 0; type < NS_TYPES; type++)
		to->ns[type] = map(builder, from->ns[type]);
	return to;
}

static void change_process(struct builder *builder, const struct model *before,
        const struct host_change *change, struct process *process)
{
	const struct process *const to = model_find_process(before, change->to);

	if (change->ended != 0 && process->ppid == change->ended)
		process->ppid = 1;
	if (process->pid == change->restarted)
		process->started += 1000;
	if (process->pid == change->renamed)
		process->name = process->comm = "renamed";
	if (process->pid == change->unshared)
		process->is_unborn = true;
	if (process->pid == change->inhabited)
		process->is_unborn = false;
	if (process->pid == change->moved && to) {
		process->ns[NS_NET] = map(builder, to->ns[NS_NET]);
		process->ns[NS_MNT] = map(builder, to->ns[NS_MNT]);
	}
	if (process->pid != change->died)
		return;
	process->state = 'Z';
	for (enum nstype type = 0; type < NS_TYPES; type++) {
		if (type != NS_USER && type != NS_PID)
			process->ns[type] = NULL;
	}
}

static void add_child(struct builder *builder, const struct process *parent)
{
	static const pid_t pid = CHANGED_HOST_CHILD;
	struct process *const child = copy_process(builder, parent, pid);

	child->ppid = parent->pid;
	child->started = STARTED;
	child->comm = child->name = "child";
	child->nspid = &pid;
	child->n_nspid = 1;
	child->live_thread = 0;
	child->is_unborn = false;
	child->state = 'S';
}

static void copy_holders(
        struct builder *builder, const struct ns *ns, const struct host_change *change)
{
	for (size_t i = 0; i < ns->n_holders; i++) {
		const struct holder *const holder = &ns->holders[i];
		const bool is_fd = holder->kind == HOLDER_FD || holder->kind == HOLDER_SOCKET;

		if (holder->kind >= HOLDER_OTHER ||
		        (holder->pid != 0 &&
		                (holder->pid == change->ended || holder->pid == change->restarted ||
		                        holder->pid == change->died)) ||
		        (is_fd && holder->pid == change->closed) ||
		        (holder->kind == HOLDER_MOUNT && change->is_unmounted))
			continue;
		builder_hold(builder, map(builder, ns), holder);
	}
	if (change->opened != 0 && ns->inode == PLENTY_NET_THREAD)
		builder_hold(builder, map(builder, ns),
		        &(struct holder){.kind = HOLDER_FD,
		                .pid = change->opened,
		                .fd = PLENTY_DETACHED_FD + 1});
}

const struct model *changed_host_new(const struct model *before, const struct host_change *change)
{
	struct builder *const builder = builder_new();
	const struct model *model = NULL;

	*builder_host(builder) = before->host;
	for (size_t i = 0; i < before->n_namespaces; i++)
		copy_ns(builder, before->namespaces[i]);
	for (size_t i = 0; i < before->n_processes; i++) {
		const struct process *const process = before->processes[i];

		if (process->pid != change->ended)
			change_process(builder, before, change,
			        copy_process(builder, process, process->pid));
		if (process->pid == change->born)
			add_child(builder, process);
	}
	for (size_t i = 0; i < before->n_namespaces; i++)
		copy_holders(builder, before->namespaces[i], change);
	for (size_t i = 0; i < before->n_notes; i++)
		builder_note(builder, before->notes[i].pid, before->notes[i].what,
		        before->notes[i].error);
	assert_int_equal(builder_freeze(builder, &model, NULL), 0);
	return model;
}
