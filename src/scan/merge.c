/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/merge.h"

#include "base/arena.h"
#include "base/memory.h"
#include "scan/containers.h"
#include "scan/pins.h"

#include <string.h>

/* The namespace with that number. If it is new, its ns_record gets the process or holder. */
static struct ns *merge_ns(struct scan *scan, struct builder *builder, enum nstype type,
        uint64_t inode, struct process_record *process, size_t holder)
{
	bool is_new;
	struct ns *const ns = builder_ns(builder, type, scan->host.ns_dev, inode, &is_new);

	if (is_new) {
		MEMORY_APPEND(scan->namespaces, scan->n_namespaces, scan->namespaces_capacity) =
		        (struct ns_record){.ns = ns, .process = process, .holder = holder};
	}
	return ns;
}

/* Its namespaces; those that only its children will be in are held by it. */
static void merge_links(struct scan *scan, struct builder *builder, struct process_record *record,
        struct process *process)
{
	const struct holder for_children = {
	        .kind = HOLDER_FOR_CHILDREN, .fd = -1, .pid = record->pid, .tid = record->pid};

	for (unsigned i = 0; i < NS_LINKS; i++) {
		const struct ns_link *const link = &scan_state_links[i];
		const uint64_t inode = record->inode[i];
		const struct ns *ns;

		if (inode == 0 || (link->is_for_children && inode == record->inode[link->type]))
			continue;
		ns = merge_ns(scan, builder, link->type, inode, record, 0);
		if (link->is_for_children)
			builder_hold(builder, ns, &for_children);
		else
			process->ns[i] = ns;
	}
}

/* Up to Linux 7.0 the link pid_for_children is missing (ENOENT) between unshare(2) and the first
 * child; also in a process whose first thread has ended. */
static bool is_unborn(const struct process_record *record)
{
	return record->inode[NS_MNT] != 0 && record->inode[NS_PID] != 0 &&
	       (record->inode[NS_PID_FOR_CHILDREN] == 0 || record->lacks_link) &&
	       scan_state_has(record, PART_FOR_CHILDREN) && !record->is_unreadable &&
	       record->live_thread == 0 && record->state != 'Z';
}

static void merge_process(struct scan *scan, struct builder *builder, struct process_record *record,
        bool can_be_unborn)
{
	struct arena *const arena = builder_arena(builder);
	struct process *const process = builder_process(builder, record->pid);
	pid_t *const nspid = arena_array(arena, record->n_nspid, sizeof(*nspid));

	process->ppid = record->ppid;
	process->started = record->started;
	process->uid_state =
	        scan_state_has(record, PART_DIRECTORY)
	                ? model_id_state(&builder_host(builder)->overflow_uid, record->uid)
	                : REL_FAILED;
	process->uid = process->uid_state == REL_UNMAPPED ? 0 : record->uid;
	process->is_kernel = record->is_kernel;
	process->live_thread = record->live_thread;
	process->is_self = scan_state_is_ours(scan, record);
	process->is_unborn = can_be_unborn && is_unborn(record);
	process->state = record->state;
	process->comm = arena_strdup(arena, record->comm);
	process->name = process->comm;
	memcpy(nspid, record->nspid, record->n_nspid * sizeof(*nspid));
	process->nspid = nspid;
	process->n_nspid = record->n_nspid;
	containers_merge(builder, record, process);
	merge_links(scan, builder, record, process);
}

static void merge_holder(struct scan *scan, struct builder *builder, size_t i)
{
	const struct holder_record *const record = &scan->holders.records[i];
	const bool is_mount = scan_state_is_kind(record, HOLDER_MOUNT);
	/* The process of a mount only sees it. */
	const struct process_record *const process = is_mount ? NULL : record->process;
	struct ns *ns;

	if (record->is_gone || (process && process->is_gone))
		return;
	ns = merge_ns(scan, builder, record->type, record->inode, NULL, i);
	if (record->id != 0 && ns->id == 0)
		ns->id = record->id;
	if (record->is_listed) {
		ns->is_listed_only = true; /* unless the model has a holder at last */
		return;
	}
	builder_hold(builder, ns,
	        &(struct holder){.kind = record->kind,
	                .fd = record->fd,
	                .pid = process ? process->pid : 0,
	                .tid = is_mount ? 0 : record->tid,
	                .path = record->path,
	                .mnt = is_mount ? record->mnt : 0});
}

static struct overflow_id overflow_of(const struct kernel_overflow *overflow)
{
	return (struct overflow_id){.id = overflow->id,
	        .state = !overflow->is_possible ? REL_KNOWN
	                 : overflow->is_mapped  ? REL_AMBIGUOUS
	                                        : REL_UNMAPPED};
}

void merge_records(struct scan *scan, struct builder *builder, bool with_holders)
{
	struct host *const host = builder_host(builder);
	bool can_be_unborn = false; /* Linux has the link pid_for_children since 4.12 */

	for (size_t i = 0; i < scan->n_processes && !can_be_unborn; i++)
		can_be_unborn = scan->processes[i].inode[NS_PID_FOR_CHILDREN] != 0;
	scan->n_namespaces = 0;
	host->overflow_uid = overflow_of(&scan->host.overflow_uid);
	host->overflow_gid = overflow_of(&scan->host.overflow_gid);
	containers_begin(scan);
	for (size_t i = 0; i < scan->n_processes; i++) {
		if (!scan->processes[i].is_gone)
			merge_process(scan, builder, &scan->processes[i], can_be_unborn);
	}
	for (size_t i = 0; with_holders && i < scan->holders.n; i++)
		merge_holder(scan, builder, i);
	if (with_holders)
		pins_merge(scan, builder);
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
			scan_state_find(scan, namespaces[i]->leader->pid)->is_leader = true;
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

/* Without the stat of a process its command line is not read. */
static void merge_cmdline(
        struct arena *arena, const struct process_record *record, struct process *process)
{
	process->cmdline_error = record->cmdline_error;
	if (!scan_state_has(record, PART_STAT))
		process->cmdline_error = record->refused_error;
	if (record->cmdline) {
		process->cmdline = copy_cmdline(arena, record->cmdline);
		process->is_cmdline_cut = record->is_cmdline_cut;
	}
}

void merge_names(const struct scan *scan, struct builder *builder)
{
	struct arena *const arena = builder_arena(builder);
	size_t n;
	struct process *const *const processes = builder_processes(builder, &n);

	for (size_t i = 0; i < n; i++) {
		const struct process_record *const record =
		        scan_state_find(scan, processes[i]->pid);

		if (record->is_leader || scan->with_cgroups)
			processes[i]->cgroup = containers_path(record);
		if (record->name)
			processes[i]->name = arena_strdup(arena, record->name);
		if (scan->with_cmdlines)
			merge_cmdline(arena, record, processes[i]);
	}
}

static bool is_replaced(const struct scan *scan)
{
	if (scan->host.unread && scan->host.unread_error == EXDEV)
		return true;
	for (size_t i = 0; i < scan->n_processes; i++) {
		if (!scan->processes[i].is_gone && scan->processes[i].is_replaced)
			return true;
	}
	return false;
}

static void merge_notes(const struct scan *scan, struct builder *builder)
{
	if (scan->host.unread)
		builder_note(builder, 0, scan->host.unread, scan->host.unread_error);
	for (size_t i = 0; i < scan->n_processes; i++) {
		const struct process_record *const record = &scan->processes[i];

		if (!record->is_gone && record->refused)
			builder_note(builder, record->pid, record->refused, record->refused_error);
	}
	for (size_t i = 0; i < scan->notes.n; i++) {
		const struct note *const note = &scan->notes.notes[i];

		builder_note(builder, note->pid, note->what, note->error);
	}
}

/* Whether a relation of a namespace has that state. Parents are those of PID namespaces; those of
 * user namespaces are their owners. */
static bool has_state(struct builder *builder, enum rel_state state)
{
	size_t n;
	struct ns *const *const namespaces = builder_namespaces(builder, &n);

	for (size_t i = 0; i < n; i++) {
		const struct ns *const ns = namespaces[i];

		if (ns->owner.state == state || (ns->type == NS_PID && ns->parent.state == state))
			return true;
	}
	return false;
}

static bool has_uid_state(struct builder *builder, enum rel_state state)
{
	size_t n;
	struct ns *const *const namespaces = builder_namespaces(builder, &n);

	for (size_t i = 0; i < n; i++) {
		if (namespaces[i]->type == NS_USER && namespaces[i]->owner_uid_state == state)
			return true;
	}
	return false;
}

/* The reason for which what a process refused makes the view partial. */
static enum partial reason_of(const struct process_record *record)
{
	return scan_state_reason(
	        record->refused_error, record->is_unreadable ? PARTIAL_UNREADABLE : PARTIAL_FAILED);
}

/* The reasons for which the model is partial (1 << PARTIAL_*). */
static uint32_t partial_reasons(const struct scan *scan, struct builder *builder)
{
	const struct kernel_host *const host = &scan->host;
	const bool lacks_relations = !host->lacks_user_ns && has_state(builder, REL_UNSUPPORTED);
	const struct {
		bool is_met;
		enum partial reason;
	} limits[] = {
	        {host->is_hidepid, PARTIAL_HIDEPID},
	        {host->is_inside_user, PARTIAL_USER_NAMESPACE},
	        {host->is_inside_pid, PARTIAL_PID_NAMESPACE},
	        {host->is_foreign_proc, PARTIAL_FOREIGN_PROC},
	        {has_state(builder, REL_FAILED) || has_uid_state(builder, REL_FAILED),
	                PARTIAL_OWNER_UNKNOWN},
	        {host->lacks_user_ns, PARTIAL_NO_USER_NS},
	        {lacks_relations, PARTIAL_NO_RELATIONS},
	        /* Without owners that is said already. */
	        {!lacks_relations && has_uid_state(builder, REL_UNSUPPORTED),
	                PARTIAL_NO_OWNER_UIDS},
	        {is_replaced(scan), PARTIAL_REPLACED_PROC},
	        {host->unread != NULL && host->unread_error != EXDEV,
	                scan_state_reason(host->unread_error, PARTIAL_FAILED)},
	};
	uint32_t reasons = scan->partial;

	for (size_t i = 0; i < ARRAY_SIZE(limits); i++)
		reasons |= (uint32_t)limits[i].is_met << limits[i].reason;
	for (size_t i = 0; i < scan->n_processes; i++) {
		const struct process_record *const record = &scan->processes[i];

		if (record->is_gone)
			continue;
		reasons |= (uint32_t)record->is_unreadable << PARTIAL_UNREADABLE;
		reasons |= (uint32_t)record->lacks_descriptors << PARTIAL_NO_DESCRIPTORS;
		if (record->refused)
			reasons |= UINT32_C(1) << reason_of(record);
	}
	return reasons;
}

static void merge_ns_limits(const struct kernel_host *from, struct host *host)
{
	for (size_t i = 0; i < KERNEL_NS_LIMITS; i++) {
		const struct kernel_ns_limit *const limit = &from->ns_limits[i];
		enum nstype type;

		if (nstype_from_clone(limit->type, &type))
			host->ns_limits[type] = (struct ns_limit){.is_known = limit->error == 0,
			        .error = -limit->error,
			        .max = limit->max};
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
	host->program = arena_strdup(arena, scan->program ? scan->program : "");
	host->taken = from->taken;
	host->booted = from->booted;
	host->booted_nsec = from->booted_nsec;
	host->hertz = from->hertz;
	host->euid = from->euid;
	host->euid_state = model_id_state(&host->overflow_uid, from->euid);
	host->sources = scan->sources;
	merge_ns_limits(from, host);
	host->unreadable = 0;
	for (size_t i = 0; i < scan->n_processes; i++) {
		const struct process_record *const record = &scan->processes[i];

		host->unreadable += !record->is_gone && record->is_unreadable;
	}
	host->partial = partial_reasons(scan, builder);
	merge_notes(scan, builder);
}
