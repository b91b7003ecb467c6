/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/posture.h"

#include "base/arena.h"
#include "base/memory.h"
#include "kernel/proc/proc.h"
#include "scan/posture_mounts.h"
#include "scan/reopen.h"

#include <string.h>

enum { LABEL_MAX = 4096, MOUNTS_STEP = 64 * 1024 };

struct reader {
	struct reopen reopen;
	struct arena *arena; /* of the model */
	struct posture_host host;
	char *text; /* PROCESS_STATUS_MAX bytes */
	char *mounts;
	size_t mounts_capacity;
};

/* --- one process ------------------------------------------------------------------------------ */

static void read_status(
        struct reader *reader, struct process_record *record, struct posture *posture)
{
	uint32_t no_new_privs = 0;
	size_t n;
	ssize_t r =
	        reopen_read(&reader->reopen, record, "status", reader->text, PROCESS_STATUS_MAX);
	const size_t len = r > 0 ? (size_t)r : 0;

	if (r >= 0)
		r = proc_status_bits(reader->text, len, "CapBnd", &posture->bounding);
	posture->status_error = r < 0 ? (int)-r : 0;
	if (r < 0)
		return;
	/* Some kernels have no seccomp(2); NoNewPrivs is there since Linux 4.10. */
	posture->is_no_new_privs_known =
	        proc_status_numbers(reader->text, len, "NoNewPrivs", &no_new_privs, 1, &n) == 0 &&
	        n == 1;
	posture->no_new_privs = no_new_privs;
	posture->is_seccomp_known =
	        proc_status_numbers(reader->text, len, "Seccomp", &posture->seccomp, 1, &n) == 0 &&
	        n == 1;
}

/* A kernel without security modules has no such file, and one without any that labels processes
 * gives EINVAL. */
static void read_label(
        struct reader *reader, struct process_record *record, struct posture *posture)
{
	const ssize_t n =
	        reopen_read(&reader->reopen, record, "attr/current", reader->text, LABEL_MAX);
	size_t len = n > 0 ? (size_t)n : 0;

	posture->label_error = n < 0 ? (int)-n : 0;
	if (n == -ENOENT && posture->status_error == 0 &&
	        reopen_read(&reader->reopen, record, "status", reader->text, LABEL_MAX) > 0)
		posture->label_error = EINVAL;
	if (n < 0)
		return;
	while (len > 0 && (!reader->text[len - 1] || reader->text[len - 1] == '\n'))
		len--;
	posture->label = arena_copy(reader->arena, reader->text, len);
}

/* Returns the length of reader->mounts, or a negative errno; -EFBIG: it is too long. */
static ssize_t read_mountinfo(struct reader *reader, struct process_record *record)
{
	struct kernel *const k = reader->reopen.scan->kernel;
	const int process = reopen_process(&reader->reopen, record, 0);
	const int file = process < 0 ? process : k->ops->file_open(k, process, "mountinfo");
	size_t len = 0;
	ssize_t n = file;

	while (n >= 0 && len < KERNEL_MOUNTINFO_MAX) {
		reader->mounts =
		        memory_grow(reader->mounts, &reader->mounts_capacity, len + MOUNTS_STEP, 1);
		n = k->ops->file_read(k, file, reader->mounts + len, MOUNTS_STEP);
		if (n <= 0)
			break;
		len += (size_t)n;
	}
	kernel_close(k, file);
	if (n < 0)
		return n;
	return len < KERNEL_MOUNTINFO_MAX ? (ssize_t)len : -EFBIG;
}

static void read_mounts(
        struct reader *reader, struct process_record *record, struct posture *posture)
{
	const ssize_t len = read_mountinfo(reader, record);

	if (len < 0)
		posture->mounts_error = (int)-len;
	else
		posture_mounts_read(
		        posture, reader->arena, &reader->host, reader->mounts, (size_t)len);
}

/* That of the previous model, if the process was not read since; NULL: none. */
static struct posture *copy_kept(struct reader *reader, const struct process_record *record)
{
	const struct model *const previous = reader->reopen.scan->previous;
	const struct process *const was =
	        record->is_kept && previous ? model_find_process(previous, record->pid) : NULL;
	struct posture *posture;

	if (!was || !was->posture || was->started != record->started)
		return NULL;
	posture = arena_alloc(reader->arena, sizeof(*posture));
	*posture = *was->posture;
	posture->label = arena_strdup(reader->arena, posture->label);
	posture->socket = arena_strdup(reader->arena, posture->socket);
	posture->run = arena_strdup(reader->arena, posture->run);
	posture->root_point = arena_strdup(reader->arena, posture->root_point);
	return posture;
}

static void read_process(struct reader *reader, struct process *process)
{
	struct process_record *const record = scan_state_find(reader->reopen.scan, process->pid);
	struct posture *posture;

	if (process->posture || !record)
		return;
	process->posture = copy_kept(reader, record);
	if (process->posture)
		return;
	posture = arena_alloc(reader->arena, sizeof(*posture));
	read_status(reader, record, posture);
	read_label(reader, record, posture);
	read_mounts(reader, record, posture);
	process->posture = posture;
}

/* --- which processes -------------------------------------------------------------------------- */

/* Reads the leader of each container. `n` is the number of processes. */
static void read_leaders(struct reader *reader, struct process *const *processes, size_t n)
{
	for (size_t i = 0; i < n && !scan_state_is_cancelled(reader->reopen.scan); i++) {
		const struct container *const container = processes[i]->container;

		if (container && container->leader == processes[i])
			read_process(reader, processes[i]);
	}
}

/* First: the mounts of others are compared with its own. */
static void read_init(struct reader *reader, struct process *const *processes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct process_record *const record =
		        processes[i]->pid == 1 ? scan_state_find(reader->reopen.scan, 1) : NULL;

		if (!record)
			continue;
		const ssize_t len = read_mountinfo(reader, record);
		if (len >= 0)
			posture_mounts_host(&reader->host, reader->mounts, (size_t)len);
		read_process(reader, processes[i]);
	}
}

int posture_read(struct scan *scan, struct builder *builder)
{
	struct reader reader = {
	        .arena = builder_arena(builder), .text = memory_new(PROCESS_STATUS_MAX)};
	size_t n;
	struct process *const *const processes = builder_processes(builder, &n);

	reopen_init(&reader.reopen, scan);
	read_init(&reader, processes, n);
	read_leaders(&reader, processes, n);
	reopen_release(&reader.reopen);
	posture_mounts_release(&reader.host);
	free(reader.text);
	free(reader.mounts);
	return scan_state_is_cancelled(scan) ? -ECANCELED : 0;
}
