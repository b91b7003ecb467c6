/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"
#include "base/memory.h"
#include "snapshot/fields.h"

#include <limits.h>

/* As in read_namespaces.c: entries of sorted arrays, and of the members of eight namespaces. */
enum { COST_PROCESS = 128 };

static void read_inside(struct fields *f, struct process *process)
{
	const json_t *list = fields_list(f, "nspid");
	const size_t n = json_array_size(list);
	pid_t *pids = arena_array(builder_arena(f->reader->builder), n, sizeof(*pids));

	if (list && n == 0)
		fields_fail(f, "nspid", "is empty");
	for (size_t i = 0; i < n && f->error == 0; i++)
		pids[i] = (pid_t)fields_number_of(f, "nspid", json_array_get(list, i), 0, INT_MAX);
	process->nspid = pids;
	process->n_nspid = n;
}

static void read_cmdline(struct fields *f, struct process *process)
{
	const json_t *list = fields_list(f, "cmdline");
	const size_t n = json_array_size(list);
	const char **arguments =
	        arena_array(builder_arena(f->reader->builder), n + 1, sizeof(*arguments));

	for (size_t i = 0; i < n && f->error == 0; i++)
		arguments[i] = fields_text_of(f, "cmdline", json_array_get(list, i));
	process->cmdline = arguments;
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

static int read_membership(struct fields *outer, struct process *process)
{
	struct reader *reader = outer->reader;
	const json_t *object = json_object_get(outer->object, "namespaces");
	struct fields f = fields_of(reader, object, outer->offset);

	for (enum ns_type type = 0; type < NS_TYPES && f.error == 0; type++) {
		const char *name = ns_type_name(type);

		if (!fields_has(&f, name) || fields_is_null(&f, name))
			continue;
		const uint64_t inode = fields_number(&f, name, 1, INT64_MAX);
		const struct ns_entry *entry = reader_find_ns(reader, type, inode);
		if (f.error)
			return f.error;
		if (!entry)
			return reader_fail(reader, outer->offset,
			        "process %jd is in %s:[%ju], which is not there",
			        (intmax_t)process->pid, name, (uintmax_t)inode);
		process->ns[type] = entry->ns;
	}
	return f.error;
}

static int read_process(struct reader *reader, const struct json_span *span, void *data _unused_)
{
	_cleanup_json_ json_t *json = NULL;
	int r = reader_parse_span(reader, span, &json);

	if (r < 0)
		return r;
	struct fields f = fields_of(reader, json, span->start);
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
	process->comm = fields_text(&f, "comm");
	process->name = fields_text(&f, "name");
	read_inside(&f, process);
	if (fields_has(&f, "cgroup"))
		process->cgroup = fields_text(&f, "cgroup");
	if (fields_has(&f, "cmdline"))
		read_cmdline(&f, process);
	if (f.error)
		return f.error;
	r = read_membership(&f, process);
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
	const int r = reader_each(reader, span, read_process, NULL);

	if (r < 0)
		return r;
	if (reader->n_processes)
		qsort(reader->processes, reader->n_processes, sizeof(*reader->processes), by_pid);
	for (size_t i = 1; i < reader->n_processes; i++) {
		const struct pid_entry *entry = &reader->processes[i];

		if (entry->pid == entry[-1].pid)
			return reader_fail(reader, entry->offset, "process %jd is there twice",
			        (intmax_t)entry->pid);
	}
	return 0;
}
