/* SPDX-License-Identifier: Apache-2.0 */
#include "base/memory.h"
#include "snapshot/fields.h"

#include <limits.h>

/* As in read_namespaces.c: entries of sorted arrays, and of the members of eight namespaces. */
enum { COST_PROCESS = 128 };

static void read_pid(struct fields *f, const char *key, const struct json_span *element, void *data)
{
	pid_t **next = data;

	*(*next)++ = (pid_t)fields_number_at(f, key, element, 0, INT_MAX);
}

static void read_inside(struct fields *f, struct process *process)
{
	pid_t *pids = fields_array(f, "nspid", sizeof(*pids), 0, &process->n_nspid);

	process->nspid = pids;
	if (process->n_nspid)
		fields_list(f, "nspid", read_pid, &pids);
	else
		fields_fail(f, "nspid", "is empty");
}

static void read_argument(
        struct fields *f, const char *key, const struct json_span *element, void *data)
{
	const char ***next = data;

	*(*next)++ = fields_text_at(f, key, element);
}

static void read_cmdline(struct fields *f, struct process *process)
{
	size_t n;
	const char **arguments = fields_array(f, "cmdline", sizeof(*arguments), 1, &n);

	process->cmdline = arguments;
	fields_list(f, "cmdline", read_argument, &arguments);
}

/* The kernel's states are letters (proc_pid_stat(5)). */
static char read_state(struct fields *f)
{
	if (fields_is_null(f, "state"))
		return 0;
	const char *text = fields_text(f, "state");
	const char letter = text[0];

	if (((letter < 'A' || letter > 'Z') && (letter < 'a' || letter > 'z')) || text[1])
		fields_fail(f, "state", "is not a letter");
	return letter;
}

static int read_membership(
        struct reader *reader, const struct json_span *span, struct process *process)
{
	const char *keys[NS_TYPES + 1] = {NULL};

	for (enum nstype type = 0; type < NS_TYPES; type++)
		keys[type] = nstype_name(type);
	struct fields f = fields_of(reader, span, keys);
	for (enum nstype type = 0; type < NS_TYPES && f.error == 0; type++) {
		if (!fields_has(&f, keys[type]) || fields_is_null(&f, keys[type]))
			continue;
		const uint64_t inode = fields_number(&f, keys[type], 1, INT64_MAX);
		const struct ns_entry *entry = reader_find_ns(reader, type, inode);
		if (f.error)
			return f.error;
		if (!entry)
			return reader_fail(reader, span->start,
			        "process %jd is in %s:[%ju], which is not in the snapshot",
			        (intmax_t)process->pid, keys[type], (uintmax_t)inode);
		process->ns[type] = entry->ns;
	}
	return f.error;
}

static int read_process(struct reader *reader, const struct json_span *span)
{
	static const char *const keys[] = {"pid", "ppid", "started", "uid", "state", "kernel",
	        "unborn", "comm", "name", "nspid", "cgroup", "cmdline", "namespaces", NULL};
	struct fields f = fields_of(reader, span, keys);
	const pid_t pid = (pid_t)fields_number(&f, "pid", 1, INT_MAX);

	if (f.error)
		return f.error;
	struct process *process = builder_process(reader->builder, pid);
	process->ppid = (pid_t)fields_number(&f, "ppid", 0, INT_MAX);
	process->started = fields_number(&f, "started", 0, INT64_MAX);
	process->is_uid_known = !fields_is_null(&f, "uid");
	if (process->is_uid_known)
		process->uid = (uid_t)fields_number(&f, "uid", 0, UINT32_MAX);
	process->state = read_state(&f);
	process->is_kernel = fields_bool(&f, "kernel");
	process->is_unborn = fields_has(&f, "unborn") && fields_bool(&f, "unborn");
	process->comm = fields_text(&f, "comm");
	process->name = fields_text(&f, "name");
	read_inside(&f, process);
	if (fields_has(&f, "cgroup"))
		process->cgroup = fields_text(&f, "cgroup");
	if (fields_has(&f, "cmdline"))
		read_cmdline(&f, process);
	const struct json_span membership = fields_value(&f, "namespaces");
	if (f.error)
		return f.error;
	const int r = read_membership(reader, &membership, process);
	if (r < 0)
		return r;
	reader->processes = memory_grow(reader->processes, &reader->processes_capacity,
	        reader->n_processes + 1, sizeof(*reader->processes));
	reader->processes[reader->n_processes++] = (struct pid_entry){pid, span->start};
	return reader_charge(reader, span->start, COST_PROCESS);
}

static int by_pid(const void *a, const void *b)
{
	const struct pid_entry *left = a, *right = b;

	return (left->pid > right->pid) - (left->pid < right->pid);
}

int read_processes(struct reader *reader, const struct json_span *span)
{
	const int r = reader_each(reader, span, read_process);

	if (r < 0)
		return r;
	if (reader->n_processes)
		qsort(reader->processes, reader->n_processes, sizeof(*reader->processes), by_pid);
	for (size_t i = 1; i < reader->n_processes; i++) {
		const struct pid_entry *entry = &reader->processes[i];

		if (entry->pid == entry[-1].pid)
			return reader_fail(reader, entry->offset, "process %jd is a duplicate",
			        (intmax_t)entry->pid);
	}
	return 0;
}
