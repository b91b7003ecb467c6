/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/container_monitors.h"

#include "base/arena.h"
#include "base/memory.h"
#include "scan/containers/monitor_args.h"

#include <string.h>

/* In `source` of a container. */
#define SOURCE_NAME "cmdline"

/* How far the monitor of a process is searched. */
enum { ANCESTORS_MAX = 64 };

void container_monitors_note(
        struct scan *scan, struct process_record *record, const char *cmdline, size_t len)
{
	struct monitor_args args;

	if (record->is_kernel ||
	        !monitor_args_parse(scan->arena, record->comm, cmdline, len, &args))
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

/* A monitor of the user by whose word the container is one. */
static bool is_monitor_of(const struct scan *scan, const struct process_record *monitor,
        const struct container *container)
{
	const enum trust trust = trust_of(scan, monitor);

	return trust != TRUST_UNKNOWN && trust == container->trust &&
	       (trust != TRUST_USER || monitor->uid == container->trust_uid) &&
	       container->kind == monitor->monitor->kind &&
	       strcmp(container->id, monitor->monitor->id) == 0;
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
			        !is_monitor_of(scan, monitors[m], all[i]))
				continue;
			all[i]->name = arena_strdup(arena, monitors[m]->monitor->name);
			all[i]->source = SOURCE_NAME;
		}
	}
}

/* --- processes without a control group of their own ------------------------------------------- */

/* The monitor that the process descends from; NULL: none. What the monitor itself runs is in its
 * mount namespace. */
static const struct process_record *find_monitor(
        const struct scan *scan, const struct process_record *record)
{
	const struct process_record *at = record;

	for (unsigned i = 0; i < ANCESTORS_MAX && at && !at->monitor; i++)
		at = at->ppid > 0 ? scan_state_find(scan, at->ppid) : NULL;
	if (!at || !at->monitor || at == record)
		return NULL;
	return record->inode[NS_MNT] && at->inode[NS_MNT] &&
	                       record->inode[NS_MNT] != at->inode[NS_MNT]
	               ? at
	               : NULL;
}

static void set_container(const struct scan *scan, struct builder *builder, struct process *process)
{
	const struct process_record *const record = scan_state_find(scan, process->pid);
	const struct process_record *const monitor = find_monitor(scan, record);
	struct arena *const arena = builder_arena(builder);
	bool is_new;

	if (!monitor)
		return;
	struct container *const container = builder_container(builder,
	        &(const struct container){.kind = monitor->monitor->kind,
	                .id = monitor->monitor->id,
	                .trust = trust_of(scan, monitor),
	                .trust_uid = monitor->uid},
	        &is_new);

	if (is_new) {
		container->name = arena_strdup(arena, monitor->monitor->name);
		container->unit = process->label ? process->label->unit : NULL;
		container->source = SOURCE_NAME;
	}
	process->container = container;
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
