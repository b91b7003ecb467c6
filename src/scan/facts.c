/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/facts.h"

#include "base/arena.h"
#include "base/memory.h"
#include "base/monotonic.h"
#include "kernel/proc/proc.h"
#include "scan/container_monitors.h"
#include "scan/reopen.h"

#include <string.h>

/* --- namespaces ------------------------------------------------------------------------------- */

/* Room for one map. */
struct maps_reader {
	struct reopen *reopen;
	struct arena *arena; /* gets the ranges */
	char text[16384];    /* PROC_MAPS_MAX lines of 33 bytes */
	struct proc_range ranges[PROC_MAPS_MAX];
};

static int read_map(struct maps_reader *reader, struct process_record *record, const char *file,
        struct id_map *ret_map)
{
	struct id_range *ranges;
	size_t n;
	ssize_t r = reopen_read(reader->reopen, record, file, reader->text, sizeof(reader->text));

	if (r >= 0)
		r = proc_maps_parse(reader->text, (size_t)r, reader->ranges, PROC_MAPS_MAX, &n);
	if (r < 0)
		return (int)r;
	ranges = arena_array(reader->arena, n, sizeof(*ranges));
	for (size_t i = 0; i < n; i++) {
		const struct proc_range *const range = &reader->ranges[i];

		ranges[i] = (struct id_range){range->inside, range->outside, range->count};
	}
	*ret_map = (struct id_map){.ranges = ranges, .n = n};
	return 0;
}

/* Those of the process, if it is still in that user namespace. */
static int read_maps(struct maps_reader *reader, struct process_record *record, uint64_t inode,
        struct ns_visit *ret)
{
	bool is_allowed;
	ssize_t n;
	int r = read_map(reader, record, "uid_map", &ret->uid_map);

	if (r == 0)
		r = read_map(reader, record, "gid_map", &ret->gid_map);
	if (r < 0)
		return r;
	n = reopen_read(reader->reopen, record, "setgroups", reader->text, sizeof(reader->text));
	if (n >= 0)
		n = proc_maps_setgroups(reader->text, (size_t)n, &is_allowed);
	ret->setgroups = SETGROUPS_UNKNOWN;
	if (n == 0)
		ret->setgroups = is_allowed ? SETGROUPS_ALLOW : SETGROUPS_DENY;
	else
		scan_state_refuse(record, "setgroups", n);
	return reopen_check_link(reader->reopen, record, 0, NS_USER, inode);
}

static void set_maps(struct ns *ns, const struct ns_visit *visit)
{
	ns->uid_map = visit->uid_map;
	ns->gid_map = visit->gid_map;
	ns->setgroups = visit->setgroups;
	ns->maps_state = REL_KNOWN;
}

static void read_ns_maps(struct maps_reader *reader, const struct ns_record *ns)
{
	const struct scan *const scan = reader->reopen->scan;
	struct process_record *refuser = NULL;
	int refusal = 0;

	for (struct process_record *record = ns->process;
	        record < scan->processes + scan->n_processes; record++) {
		struct ns_visit maps;
		int r;

		if (record->is_gone || record->inode[NS_USER] != ns->ns->inode)
			continue;
		r = read_maps(reader, record, ns->ns->inode, &maps);
		if (r == 0) {
			set_maps(ns->ns, &maps);
			return;
		}
		if (!scan_state_is_gone_error(r)) {
			refuser = record;
			refusal = r;
		}
	}
	if (refuser)
		scan_state_refuse(refuser, "uid_map", refusal);
}

static void copy_ranges(struct arena *arena, struct id_map *map)
{
	struct id_range *const ranges = arena_array(arena, map->n, sizeof(*ranges));

	if (map->n > 0)
		memcpy(ranges, map->ranges, map->n * sizeof(*ranges));
	map->ranges = ranges;
}

/* Of a visit, if there was one. */
static bool copy_maps(struct arena *arena, const struct scan *scan, struct ns *ns)
{
	const struct ns_visit *const visit = scan_state_visit(scan, NS_USER, ns->inode);

	if (!visit || !visit->has_maps)
		return false;
	set_maps(ns, visit);
	copy_ranges(arena, &ns->uid_map);
	copy_ranges(arena, &ns->gid_map);
	return true;
}

int facts_read_namespaces(struct scan *scan, struct builder *builder)
{
	_cleanup_free_ struct maps_reader *reader = memory_new(sizeof(*reader));
	struct reopen reopen;

	reopen_init(&reopen, scan);
	reader->reopen = &reopen;
	reader->arena = builder_arena(builder);
	for (size_t i = 0; i < scan->n_namespaces && !scan_state_is_cancelled(scan); i++) {
		const struct ns_record *const record = &scan->namespaces[i];

		if (record->ns->type == NS_USER && record->ns->maps_state != REL_KNOWN &&
		        record->process && !copy_maps(reader->arena, scan, record->ns))
			read_ns_maps(reader, record);
	}
	reopen_release(&reopen);
	return scan_state_is_cancelled(scan) ? -ECANCELED : 0;
}

/* Whether the last model has the maps of the user namespace of a process: they are then carried
 * over with its id, or, without ids, by the process, which cannot leave it. */
static bool is_carried(const struct scan *scan, const struct ns_visit *visit, uint64_t inode)
{
	const struct ns *const was =
	        scan->previous ? model_find(scan->previous, NS_USER, inode) : NULL;

	return was && was->id == visit->key.id && was->maps_state == REL_KNOWN &&
	       was->uid_map.n > 0 && was->gid_map.n > 0;
}

void facts_visit(struct scan_thread *thread, struct reopen *reopen, struct ns_visit *visit)
{
	struct process_record *const record = reopen->record;
	const uint64_t inode = record->inode[NS_USER];
	struct maps_reader reader;

	reader.reopen = reopen;
	reader.arena = thread->arena;
	if (!is_carried(thread->scan, visit, inode) &&
	        read_maps(&reader, record, inode, visit) == 0)
		visit->has_maps = true;
}

/* --- names: command lines --------------------------------------------------------------------- */

enum { CMDLINES_MAX = 4 << 20, CMDLINE_MIN = 256 };

/* The processes whose command lines are read in one call. */
struct cmdlines {
	struct scan *scan;
	struct kernel_cmdline *items;
	struct process_record **records; /* of the items */
	size_t n;
};

/* Together they stay below CMDLINES_MAX unless there are more than CMDLINES_MAX / CMDLINE_MIN
 * processes. */
size_t facts_cmdline_max(const struct scan *scan)
{
	const size_t n = scan->n_expected ? scan->n_expected : scan->n_processes;
	size_t max = PROC_CMDLINE_MAX;

	while (max > CMDLINE_MIN && max * n > CMDLINES_MAX)
		max /= 2;
	return max;
}

/* As ps(1) shows kernel threads: "[kthreadd]". */
static char *name_in_brackets(struct arena *arena, const char *comm)
{
	const size_t len = strlen(comm);
	char *const name = arena_alloc(arena, len + 3);

	name[0] = '[';
	memcpy(name + 1, comm, len);
	name[len + 1] = ']';
	return name;
}

/* Kernel threads and zombies have no command line. */
static bool has_none(const struct process_record *record)
{
	return record->is_kernel || (scan_state_is_dead(record) && record->n_threads <= 1);
}

static void set_name(
        struct scan *scan, struct process_record *record, const char *bytes, size_t len)
{
	record->name = record->is_kernel ? name_in_brackets(scan->arena, record->comm)
	                                 : proc_cmdline_name(scan->arena, bytes, len, record->comm);
	record->cmdline_error = 0;
	container_monitors_note(scan, record, bytes, len);
	if (scan->with_cmdlines && !has_none(record))
		record->cmdline = proc_cmdline_split(
		        scan->arena, bytes, len, facts_cmdline_max(scan), &record->is_cmdline_cut);
	scan_state_mark(record, PART_CMDLINE);
}

static void receive_cmdline(void *data, size_t i, const char *bytes, size_t len)
{
	const struct cmdlines *const cmdlines = data;

	set_name(cmdlines->scan, cmdlines->records[i], bytes, len);
}

static void note_waiting(struct scan *scan, struct process_record *record)
{
	record->is_waiting = true;
	record->cmdline_error = ETIMEDOUT;
	scan_state_note(scan, record->pid, NOTE_CMDLINE, ETIMEDOUT, PARTIAL_WAITING);
}

void facts_note_waiting(struct scan *scan)
{
	for (size_t i = 0; i < scan->n_processes; i++) {
		if (scan->processes[i].is_waiting)
			note_waiting(scan, &scan->processes[i]);
	}
}

/* Marks the processes whose read was given up in an earlier scan, by its notes. */
static void carry_waiting(struct scan *scan)
{
	const struct model *const before = scan->before;

	for (size_t i = 0; before && i < before->n_notes; i++) {
		const struct note *const note = &before->notes[i];
		const struct process *process;
		struct process_record *record;

		if (note->error != ETIMEDOUT || strcmp(note->what, NOTE_CMDLINE) != 0)
			continue;
		process = model_find_process(before, note->pid);
		record = scan_state_find(scan, note->pid);
		if (process && record && !record->is_waiting && scan_state_has(record, PART_STAT) &&
		        record->started == process->started)
			note_waiting(scan, record);
	}
}

static void collect(struct cmdlines *cmdlines, bool is_quick)
{
	struct scan *const scan = cmdlines->scan;

	for (size_t i = 0; i < scan->n_processes; i++) {
		struct process_record *const record = &scan->processes[i];

		if (record->is_gone || record->name || record->is_waiting ||
		        !scan_state_has(record, PART_STAT))
			continue;
		if (has_none(record))
			set_name(scan, record, "", 0);
		if (has_none(record) || is_quick)
			continue;
		cmdlines->items[cmdlines->n] = (struct kernel_cmdline){.pid = record->pid,
		        .ino = record->directory_ino,
		        .started = record->started,
		        .ppid = record->ppid,
		        .comm = record->comm};
		cmdlines->records[cmdlines->n++] = record;
	}
}

/* With hidepid the helper may not read that of nsbrowse, which is not dumpable. Nothing is missing:
 * its comm is its name. */
static bool is_ours_refused(const struct scan *scan, const struct process_record *record, int error)
{
	return (error == -EPERM || error == -EACCES) && scan_state_is_ours(scan, record);
}

/* Removes the items that have a result. Those that were not tried stay for the next call. */
static void remove_done(struct cmdlines *cmdlines)
{
	struct scan *const scan = cmdlines->scan;
	size_t n_left = 0;

	for (size_t i = 0; i < cmdlines->n; i++) {
		struct process_record *const record = cmdlines->records[i];
		const int error = cmdlines->items[i].error;

		record->cmdline_error = -error;
		if (error == -EAGAIN) {
			cmdlines->items[n_left] = cmdlines->items[i];
			cmdlines->records[n_left++] = record;
		} else if (error == -ETIMEDOUT) {
			scan->n_given_up++;
			note_waiting(scan, record);
		} else if (error < 0 && !is_ours_refused(scan, record, error)) {
			scan_state_refuse(record, NOTE_CMDLINE, error);
		}
	}
	cmdlines->n = n_left;
}

/* Of the items that are left. */
static void set_errors(const struct cmdlines *cmdlines, int error)
{
	for (size_t i = 0; i < cmdlines->n; i++)
		cmdlines->records[i]->cmdline_error = error;
}

static int read_in_time(struct cmdlines *cmdlines)
{
	struct scan *const scan = cmdlines->scan;
	struct kernel *const k = scan->kernel;

	while (cmdlines->n > 0 && scan->n_given_up < FACTS_GIVEN_UP_MAX &&
	        scan->given_up_ms < FACTS_DEADLINE_MS) {
		const size_t n_given_up = scan->n_given_up, n = cmdlines->n;
		const int64_t begin = monotonic_ms();
		const int r = k->ops->cmdlines(
		        k, cmdlines->items, cmdlines->n, receive_cmdline, cmdlines);

		if (scan_state_is_cancelled(scan))
			return -ECANCELED;
		if (r < 0) {
			scan_state_note(scan, 0, NOTE_CMDLINE, -r, PARTIAL_FAILED);
			set_errors(cmdlines, -r);
			cmdlines->n = 0;
			return 0;
		}
		remove_done(cmdlines);
		if (cmdlines->n == n) /* the machine is too busy to begin with one */
			return 0;
		if (scan->n_given_up > n_given_up)
			scan->given_up_ms += monotonic_ms() - begin;
	}
	return 0;
}

int facts_read_names(struct scan *scan, bool is_quick)
{
	_cleanup_free_ struct kernel_cmdline *items =
	        memory_new((scan->n_processes + 1) * sizeof(*items));
	_cleanup_free_ struct process_record **records =
	        memory_new((scan->n_processes + 1) * sizeof(struct process_record *));
	struct cmdlines cmdlines = {.scan = scan, .items = items, .records = records};
	int r;

	carry_waiting(scan);
	collect(&cmdlines, is_quick);
	r = read_in_time(&cmdlines);
	if (r == 0 && cmdlines.n > 0) {
		set_errors(&cmdlines, ECANCELED);
		scan_state_limit(scan, PARTIAL_WAITING);
	}
	return r;
}

/* --- one process ------------------------------------------------------------------------------ */

enum { STAT_SIZE = 4096 };

_Static_assert(sizeof(uid_t) == sizeof(uint32_t) && sizeof(gid_t) == sizeof(uint32_t),
        "numbers of users and groups have 32 bits");

static int check_start(struct kernel *kernel, int process, uint64_t started)
{
	char text[STAT_SIZE];
	struct proc_stat stat;
	const ssize_t n = kernel->ops->process_read(kernel, process, "stat", text, sizeof(text));

	if (n < 0)
		return (int)n;
	const int r = proc_stat_parse(text, (size_t)n, &stat);
	if (r < 0)
		return r;
	return stat.started == started ? 0 : -ESRCH;
}

/* Exactly `wanted` numbers. */
static int parse_some(const char *text, size_t len, const char *name, uint32_t *ret, size_t wanted)
{
	size_t n;
	const int r = proc_status_numbers(text, len, name, ret, wanted, &n);

	if (r < 0)
		return r;
	return n == wanted ? 0 : -EINVAL;
}

static int parse_caps(const char *text, size_t len, struct process_facts *ret)
{
	static const char *const names[PROCESS_CAPS_SETS] = {
	        [PROCESS_CAPS_INHERITABLE] = "CapInh",
	        [PROCESS_CAPS_PERMITTED] = "CapPrm",
	        [PROCESS_CAPS_EFFECTIVE] = "CapEff",
	        [PROCESS_CAPS_BOUNDING] = "CapBnd",
	        [PROCESS_CAPS_AMBIENT] = "CapAmb",
	};

	for (size_t i = 0; i < PROCESS_CAPS_SETS; i++) {
		const int r = proc_status_bits(text, len, names[i], &ret->caps[i]);

		if (r < 0)
			return r;
	}
	return 0;
}

static int parse(const char *text, size_t len, struct process_facts *ret)
{
	uint32_t no_new_privs = 0;
	int r = parse_some(text, len, "Uid", ret->uids, PROCESS_IDS);

	if (r >= 0)
		r = parse_some(text, len, "Gid", ret->gids, PROCESS_IDS);
	if (r >= 0)
		r = proc_status_numbers(
		        text, len, "Groups", ret->groups, PROCESS_GROUPS_MAX, &ret->n_groups);
	if (r >= 0)
		r = parse_some(text, len, "Threads", &ret->threads, 1);
	if (r >= 0)
		r = parse_caps(text, len, ret);
	if (r < 0)
		return r;
	/* Some kernels have no seccomp(2); NoNewPrivs is there since Linux 4.10. */
	ret->is_no_new_privs_known = parse_some(text, len, "NoNewPrivs", &no_new_privs, 1) == 0;
	ret->no_new_privs = no_new_privs;
	ret->is_seccomp_known = parse_some(text, len, "Seccomp", &ret->seccomp, 1) == 0;
	return 0;
}

void facts_read_process(
        struct kernel *kernel, pid_t pid, uint64_t started, struct process_facts *ret)
{
	_cleanup_free_ char *text = memory_new(PROCESS_STATUS_MAX);
	const int process = kernel->ops->process_open(kernel, pid);
	ssize_t r = process;

	*ret = (struct process_facts){.pid = pid, .started = started};
	if (r >= 0)
		r = check_start(kernel, process, started);
	if (r >= 0)
		r = kernel->ops->process_read(kernel, process, "status", text, PROCESS_STATUS_MAX);
	if (r >= 0)
		r = parse(text, (size_t)r, ret);
	if (process >= 0)
		kernel->ops->close(kernel, process);
	if (r == -ENOENT)
		r = -ESRCH;
	ret->error = r < 0 ? (int)-r : 0;
}
