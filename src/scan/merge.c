/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/merge.h"

#include "base/arena.h"
#include "base/memory.h"

#include <string.h>

static struct ns *merge_ns(const struct scan *scan, struct builder *builder, struct places *places,
        enum nstype type, uint64_t inode, const struct place *place)
{
	bool is_new;
	struct ns *const ns = builder_ns(builder, type, scan->host.ns_dev, inode, &is_new);

	if (is_new) {
		places->places = memory_grow(
		        places->places, &places->capacity, places->n + 1, sizeof(struct place));
		places->places[places->n++] = *place;
	}
	return ns;
}

static const struct ns *merge_link(const struct scan *scan, struct builder *builder,
        struct places *places, size_t i, unsigned link)
{
	return merge_ns(scan, builder, places, ns_links[link].type, scan->processes[i].inode[link],
	        &(struct place){.process = i, .link = link});
}

static void merge_for_children(const struct scan *scan, struct builder *builder,
        struct places *places, size_t i, unsigned link)
{
	const struct process_record *const record = &scan->processes[i];
	const struct holder holder = {
	        .kind = HOLDER_FOR_CHILDREN, .fd = -1, .pid = record->pid, .tid = record->pid};

	if (record->inode[link] == record->inode[ns_links[link].type])
		return;
	builder_hold(builder, merge_link(scan, builder, places, i, link), &holder);
}

/* From Linux 4.12 on a process has the link pid_for_children. */
static bool has_futures(const struct scan *scan)
{
	for (size_t i = 0; i < scan->n_processes; i++) {
		if (scan->processes[i].inode[NS_PID_FOR_CHILDREN] != 0)
			return true;
	}
	return false;
}

/* Up to Linux 7.0 it is missing (ENOENT) between unshare(2) and the first child; and in a process
 * whose first thread has ended. */
static bool is_unborn(const struct process_record *record)
{
	return record->inode[NS_MNT] != 0 && record->inode[NS_PID] != 0 &&
	       record->inode[NS_PID_FOR_CHILDREN] == 0 && !record->is_problems_openable &&
	       record->thread == 0 && record->state != 'Z';
}

static void merge_process(const struct scan *scan, struct builder *builder, struct places *places,
        size_t i, bool with_futures)
{
	const struct process_record *const record = &scan->processes[i];
	struct arena *const arena = builder_arena(builder);
	struct process *const process = builder_process(builder, record->pid);
	pid_t *const nspid = arena_array(arena, record->n_nspid, sizeof(*nspid));

	process->ppid = record->ppid;
	process->started = record->started;
	process->uid = record->uid;
	process->is_uid_known = record->is_uid_known;
	process->is_kernel = record->is_kernel;
	process->is_unborn = with_futures && is_unborn(record);
	process->state = record->state;
	process->comm = arena_strdup(arena, record->comm);
	process->name = process->comm;
	memcpy(nspid, record->nspid, record->n_nspid * sizeof(*nspid));
	process->nspid = nspid;
	process->n_nspid = record->n_nspid;
	for (unsigned link = 0; link < NS_LINKS; link++) {
		if (record->inode[link] == 0)
			continue;
		if (ns_links[link].is_for_children)
			merge_for_children(scan, builder, places, i, link);
		else
			process->ns[link] = merge_link(scan, builder, places, i, link);
	}
}

void merge_processes(const struct scan *scan, struct builder *builder, struct places *ret_places)
{
	const bool with_futures = has_futures(scan);

	*ret_places = (struct places){0};
	for (size_t i = 0; i < scan->n_processes; i++) {
		if (!scan->processes[i].has_gone)
			merge_process(scan, builder, ret_places, i, with_futures);
	}
}

static struct holder holder_of(const struct scan *scan, const struct holder_record *holder)
{
	const struct process_record *const record =
	        holder->process == HOLDER_NO_PROCESS ? NULL : &scan->processes[holder->process];
	const bool is_mount = holder->kind == HOLDER_MOUNT;

	return (struct holder){.kind = holder->kind,
	        .fd = holder->fd,
	        .pid = record && !is_mount ? record->pid : 0,
	        .tid = is_mount ? 0 : holder->tid,
	        .path = holder->path,
	        .mnt = is_mount ? holder->mnt : 0};
}

void merge_holders(const struct scan *scan, struct builder *builder, struct places *places)
{
	const struct holder_list *const all = &scan->holders[0];

	for (size_t i = 0; i < all->n_records; i++) {
		const struct holder_record *const holder = &all->records[i];
		const bool is_of_process =
		        holder->process != HOLDER_NO_PROCESS && holder->kind != HOLDER_MOUNT;
		const struct ns *ns;

		if (holder->has_gone ||
		        (is_of_process && scan->processes[holder->process].has_gone))
			continue;
		ns = merge_ns(scan, builder, places, holder->type, holder->inode,
		        &(struct place){.is_holder = true, .holder = i});
		if (holder->kind < HOLDER_KINDS) {
			const struct holder made = holder_of(scan, holder);

			builder_hold(builder, ns, &made);
		}
	}
}

void merge_mark_leaders(struct scan *scan, struct builder *builder)
{
	size_t n;
	struct ns *const *const namespaces = builder_namespaces(builder, &n);

	builder_choose_leaders(builder);
	for (size_t i = 0; i < scan->n_processes; i++)
		scan->processes[i].is_leader = false;
	for (size_t i = 0; i < n; i++) {
		if (namespaces[i]->leader)
			scan_find_process(scan, namespaces[i]->leader->pid)->is_leader = true;
	}
}

static const char *const *copy_cmdline(struct arena *arena, const char *const *cmdline)
{
	size_t n = 0;

	while (cmdline[n])
		n++;

	const char **const copy = arena_array(arena, n + 1, sizeof(*copy));
	for (size_t i = 0; i < n; i++)
		copy[i] = arena_strdup(arena, cmdline[i]);
	return copy;
}

void merge_names(const struct scan *scan, struct builder *builder)
{
	struct arena *const arena = builder_arena(builder);
	size_t n;
	struct process *const *const processes = builder_processes(builder, &n);

	for (size_t i = 0; i < n; i++) {
		const struct process_record *const record =
		        scan_find_process(scan, processes[i]->pid);

		if (record->name)
			processes[i]->name = arena_strdup(arena, record->name);
		if (record->cmdline)
			processes[i]->cmdline = copy_cmdline(arena, record->cmdline);
	}
}

static bool is_replaced(const struct scan *scan)
{
	if (scan->host.replaced)
		return true;
	for (size_t i = 0; i < scan->n_processes; i++) {
		if (!scan->processes[i].has_gone && scan->processes[i].is_replaced)
			return true;
	}
	return false;
}

static void merge_notes(const struct scan *scan, struct builder *builder)
{
	const struct {
		bool is_set;
		const char *what;
	} limits[] = {
	        {scan->host.is_hidepid, NOTE_HIDEPID},
	        {scan->host.is_inside, NOTE_INSIDE},
	        {scan->host.is_foreign_proc, NOTE_FOREIGN},
	        {is_replaced(scan), NOTE_REPLACED},
	};

	for (size_t i = 0; i < ARRAY_SIZE(limits); i++) {
		if (limits[i].is_set)
			builder_note(builder, 0, limits[i].what, 0);
	}
	if (scan->host.replaced)
		builder_note(builder, 0, scan->host.replaced, EXDEV);
	for (size_t i = 0; i < scan->n_processes; i++) {
		const struct process_record *const record = &scan->processes[i];

		if (!record->has_gone && record->refused)
			builder_note(builder, record->pid, record->refused, record->refused_error);
	}
	for (size_t i = 0; i < scan->notes.n; i++) {
		const struct note *const note = &scan->notes.notes[i];

		builder_note(builder, note->pid, note->what, note->error);
	}
}

void merge_host(const struct scan *scan, struct builder *builder)
{
	const struct kernel_host *const from = &scan->host;
	struct host *const host = builder_host(builder);
	struct arena *const arena = builder_arena(builder);

	host->name = arena_strdup(arena, from->name);
	host->kernel = arena_strdup(arena, from->release);
	host->boot_id = arena_strdup(arena, from->boot_id);
	host->program = arena_strdup(arena, scan->options->program ? scan->options->program : "");
	host->taken = from->taken;
	host->booted = from->booted;
	host->hertz = from->hertz;
	host->euid = from->euid;
	host->sources = scan->sources;
	host->unreadable = 0;
	for (size_t i = 0; i < scan->n_processes; i++) {
		const struct process_record *const record = &scan->processes[i];

		host->unreadable += !record->has_gone && record->is_problems_openable;
	}
	host->is_complete = host->unreadable == 0 && !scan->is_cut && !scan->is_limited &&
	                    !is_replaced(scan) && !from->is_hidepid && !from->is_inside &&
	                    !from->is_foreign_proc;
	merge_notes(scan, builder);
}
