/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/container_monitors.h"

#include "base/arena.h"
#include "base/memory.h"
#include "kernel/proc/proc.h"
#include "scan/containers/monitor_args.h"
#include "scan/reopen.h"

#include <string.h>

/* In `source` of a container. */
#define SOURCE_NAME "cmdline"

enum {
	ANCESTORS_MAX = 64, /* how far the monitors of a process are searched */
	STATUS_SIZE = 4096, /* the IDs are near the start of /proc/PID/status */
};

/* --- reading ---------------------------------------------------------------------------------- */

static bool are_all(const char *text, size_t len, const char *name, uint32_t id)
{
	enum { IDS = 4 }; /* real, effective, saved and for files */
	uint32_t ids[IDS];
	size_t n;

	if (proc_status_numbers(text, len, name, ids, IDS, &n) < 0 || n != IDS)
		return false;
	for (size_t i = 0; i < IDS; i++) {
		if (ids[i] != id)
			return false;
	}
	return true;
}

/* True if its arguments are those of the user that it has. Those of a set-user-ID program such as
 * su(1), also its name by a symbolic link, are of the user that has started it: the real user ID
 * or, with sudo(8), the group IDs show that. */
static bool has_own_arguments(struct scan *scan, struct process_record *record)
{
	char text[STATUS_SIZE];
	struct reopen reopen;
	ssize_t n;

	reopen_init(&reopen, scan);
	n = reopen_read(&reopen, record, "status", text, sizeof(text));
	reopen_release(&reopen);
	return n > 0 && are_all(text, (size_t)n, "Uid", record->uid) &&
	       (record->uid != 0 || are_all(text, (size_t)n, "Gid", 0));
}

void container_monitors_note(
        struct scan *scan, struct process_record *record, const char *cmdline, size_t len)
{
	struct monitor_args args;

	if (record->is_kernel ||
	        !monitor_args_parse(scan->arena, record->comm, cmdline, len, &args) ||
	        !has_own_arguments(scan, record))
		return;
	record->monitor = arena_alloc(scan->arena, sizeof(args));
	*record->monitor = args;
}

/* --- names ------------------------------------------------------------------------------------ */

/* The trust of what a process says; an ID that is not mapped here could be any user. */
static enum trust trust_of(const struct scan *scan, const struct process_record *monitor)
{
	const struct kernel_overflow *const overflow = &scan->host.overflow_uid;

	if (!scan_state_has(monitor, PART_DIRECTORY) ||
	        (overflow->is_possible && monitor->uid == overflow->id))
		return TRUST_UNKNOWN;
	return monitor->uid == 0 ? TRUST_ROOT : TRUST_USER;
}

/* True for a monitor of this container that runs as the user who may choose its name. */
static bool is_monitor_of(const struct scan *scan, const struct process_record *monitor,
        const struct container *container)
{
	const enum trust trust = trust_of(scan, monitor);

	return trust != TRUST_UNKNOWN && trust == container->trust &&
	       (trust != TRUST_USER || monitor->uid == container->trust_uid) &&
	       container->kind == monitor->monitor->kind &&
	       strcmp(container->id, monitor->monitor->id) == 0;
}

/* One in a container could be of root as well, and say anything. */
static bool is_in_container(struct builder *builder, const struct process_record *monitor)
{
	const struct process *const process = builder_find_process(builder, monitor->pid);

	return !process || process->container || process->claim;
}

static void set_names(const struct scan *scan, struct builder *builder,
        struct process_record *const *monitors, size_t n_monitors)
{
	struct arena *const arena = builder_arena(builder);
	size_t n;
	struct container *const *const all = builder_containers(builder, &n);

	for (size_t i = 0; i < n; i++) {
		for (size_t m = 0; m < n_monitors && !all[i]->name && !all[i]->outer; m++) {
			if (!monitors[m]->monitor->name ||
			        !is_monitor_of(scan, monitors[m], all[i]) ||
			        is_in_container(builder, monitors[m]))
				continue;
			all[i]->name = arena_strdup(arena, monitors[m]->monitor->name);
			all[i]->source = SOURCE_NAME;
		}
	}
}

/* --- processes without a control group of their own ------------------------------------------- */

/* The monitor that the process descends from, of several the outermost: those inside of its
 * container could say anything. NULL: none. What a monitor itself runs is in its mount
 * namespace. */
static const struct process_record *find_monitor(
        const struct scan *scan, const struct process_record *record)
{
	const struct process_record *at = record, *outermost = NULL;

	for (unsigned i = 0; i < ANCESTORS_MAX && at && record->inode[NS_MNT]; i++) {
		at = at->ppid > 0 ? scan_state_find(scan, at->ppid) : NULL;
		if (at && at->monitor && at->inode[NS_MNT] &&
		        at->inode[NS_MNT] != record->inode[NS_MNT])
			outermost = at;
	}
	return outermost;
}

static void set_container(const struct scan *scan, struct builder *builder, struct process *process)
{
	const struct process_record *const record = scan_state_find(scan, process->pid);
	const struct process_record *const monitor = find_monitor(scan, record);

	if (!monitor)
		return;
	process->container = builder_container(builder,
	        &(const struct container){.kind = monitor->monitor->kind,
	                .id = monitor->monitor->id,
	                .trust = trust_of(scan, monitor),
	                .trust_uid = monitor->uid,
	                .name = monitor->monitor->name,
	                .unit = process->label ? process->label->unit : NULL,
	                .source = SOURCE_NAME},
	        NULL);
	process->label = NULL;
}

void container_monitors_merge(const struct scan *scan, struct builder *builder)
{
	size_t n, n_monitors = 0;
	struct process *const *const processes = builder_processes(builder, &n);
	_cleanup_free_ struct process_record **monitors =
	        memory_new((scan->n_processes + 1) * sizeof(struct process_record *));

	for (size_t i = 0; i < scan->n_processes && !scan->without_containers; i++) {
		if (scan->processes[i].monitor && !scan->processes[i].is_gone)
			monitors[n_monitors++] = &scan->processes[i];
	}
	if (n_monitors == 0)
		return;
	for (size_t i = 0; i < n; i++) {
		if (!processes[i]->container && !processes[i]->claim && !processes[i]->is_kernel)
			set_container(scan, builder, processes[i]);
	}
	set_names(scan, builder, monitors, n_monitors);
}
