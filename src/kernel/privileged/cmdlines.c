/* SPDX-License-Identifier: Apache-2.0 */
/* Reads command lines of processes. Such a read can wait for ever, so jobs do it: one that waits is
 * killed at its deadline. A job writes to memory that it shares with this process. So what was read
 * before is not lost with the job, and the item at which it waited is known. The rest is then read
 * by several jobs that share that memory, so that one more that waits does not stop it. */
#include "kernel/kernel_internal.h"
#include "kernel/privileged/privileged.h"
#include "kernel/proc/proc.h"
#include "privsep/request_check.h"

#include <linux/capability.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U /* Linux 6.3 */
#endif

_Static_assert(KERNEL_CMDLINE_MAX == PROC_CMDLINE_MAX + 1, "one byte more, to notice a cut");

enum {
	ITEMS_IN_JOB = 1024, /* 10 ms of work; a fork costs 0.5 ms */
	JOBS_MAX = 16,
	JOBS_AFTER = 3,           /* that read the rest */
	AREA_ITEMS_MAX = 1 << 18, /* of a job: 2^22 PIDs, the most that Linux has, among 16 */
	NOT_TRIED = -EAGAIN,
	GIVEN_UP = -ETIMEDOUT,
};

struct area_item {
	int32_t pid;
	int32_t error; /* of struct kernel_cmdline; GIVEN_UP while it is read; atomic */
	uint64_t ino, started;
	int32_t ppid;
	char comm[16];
	uint32_t at, len; /* of its text in the bytes behind the items */
};

/* The memory shared with one job. */
struct area {
	uint32_t n;
	uint32_t is_covered; /* struct kernel_linux, has_covered */
	uint64_t used;       /* bytes behind the items; atomic */
	struct area_item items[];
};

/* The memory is sparse: pages that are not written are not allocated. */
static size_t area_size(size_t n)
{
	return sizeof(struct area) + n * (sizeof(struct area_item) + KERNEL_CMDLINE_MAX);
}

/* --- the operation --------------------------------------------------------------------------- */

struct part {
	struct kernel_cmdline *items;
	size_t n;
	int fds[2]; /* of the request: procfs (not closed here), the shared memory */
	struct area *area;
	int result; /* of its first job */
};

static int open_memory(size_t size)
{
	int fd = memfd_create("cmdlines", MFD_CLOEXEC | MFD_NOEXEC_SEAL);

	if (fd < 0 && errno == EINVAL)
		fd = memfd_create("cmdlines", MFD_CLOEXEC);
	if (fd >= 0 && ftruncate(fd, (off_t)size) < 0)
		close_fd(&fd);
	return fd;
}

static int prepare(struct part *part, const struct kernel_linux *l)
{
	const size_t size = area_size(part->n);
	void *memory;

	part->fds[0] = l->proc;
	part->fds[1] = open_memory(size);
	if (part->fds[1] < 0)
		return -errno;
	memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, part->fds[1], 0);
	if (memory == MAP_FAILED)
		return -errno;
	part->area = memory;
	part->area->n = (uint32_t)part->n;
	part->area->is_covered = l->has_covered;
	for (size_t i = 0; i < part->n; i++) {
		part->area->items[i] = (struct area_item){.pid = part->items[i].pid,
		        .error = NOT_TRIED,
		        .ino = part->items[i].ino,
		        .started = part->items[i].started,
		        .ppid = part->items[i].ppid};
		snprintf(part->area->items[i].comm, sizeof(part->area->items[i].comm), "%s",
		        part->items[i].comm);
	}
	return 0;
}

/* Items without a result: a job that was not killed at its deadline ended for another reason. */
static void finish_part(
        const struct part *part, struct kernel_cmdline *all, kernel_cmdline_fn *take, void *data)
{
	const int result = part->result;
	const size_t room = part->n * KERNEL_CMDLINE_MAX;
	const char *const bytes = (const char *)&part->area->items[part->n];

	for (size_t i = 0; i < part->n; i++) {
		const struct area_item item = part->area->items[i];

		part->items[i].error = item.error;
		if (item.error == GIVEN_UP && result != -ETIMEDOUT)
			part->items[i].error = -EIO;
		if (item.error == NOT_TRIED && result != -ETIMEDOUT)
			part->items[i].error = result < 0 ? result : -EIO;
		if (item.error == 0 && item.len <= room && item.at <= room - item.len)
			take(data, (size_t)(&part->items[i] - all), bytes + item.at, item.len);
	}
}

/* The job sends no replies. */
static void drop_reply(
        _unused_ void *data, _unused_ size_t request, const struct helper_reply *reply)
{
	privileged_close_fds(reply);
}

static size_t split(struct kernel_cmdline *items, size_t n, struct part *parts)
{
	const size_t least = (n + JOBS_MAX - 1) / JOBS_MAX;
	const size_t size = least > ITEMS_IN_JOB ? least : ITEMS_IN_JOB;
	size_t n_parts = 0;

	for (size_t at = 0; at < n; at += size) {
		parts[n_parts++] = (struct part){.items = items + at,
		        .n = n - at < size ? n - at : size,
		        .fds = {-EBADF, -EBADF}};
	}
	return n_parts;
}

static void call_first(struct privileged *privileged, struct part *parts, size_t n)
{
	struct helper_request requests[JOBS_MAX];
	int results[JOBS_MAX];

	for (size_t i = 0; i < n; i++)
		requests[i] = (struct helper_request){.fds = parts[i].fds, .n_fds = 2};
	privileged_call_all(privileged, &cmdlines_job, requests, n, drop_reply, NULL, results);
	for (size_t i = 0; i < n; i++)
		parts[i].result = results[i];
}

static bool has_rest(const struct part *part)
{
	for (size_t i = 0; i < part->n && part->result == -ETIMEDOUT; i++) {
		if (part->area->items[i].error == NOT_TRIED)
			return true;
	}
	return false;
}

/* What is behind an item at which a job waited, or more of them. */
static void call_for_rest(struct privileged *privileged, struct part *parts, size_t n)
{
	struct helper_request requests[JOBS_AFTER];
	int results[JOBS_AFTER];
	size_t rest[JOBS_AFTER], n_rest = 0;

	for (size_t i = 0; i < n && n_rest < JOBS_AFTER; i++) {
		if (has_rest(&parts[i]))
			rest[n_rest++] = i;
	}
	for (size_t i = 0; i < JOBS_AFTER && n_rest > 0; i++)
		requests[i] =
		        (struct helper_request){.fds = parts[rest[i % n_rest]].fds, .n_fds = 2};
	if (n_rest > 0)
		privileged_call_all(
		        privileged, &cmdlines_job, requests, JOBS_AFTER, drop_reply, NULL, results);
}

int cmdlines_read(struct kernel *k, struct kernel_cmdline *items, size_t n, kernel_cmdline_fn *take,
        void *data)
{
	struct privileged *const privileged = linux_of(k)->privileged;
	struct part parts[JOBS_MAX];
	size_t n_parts;
	int r = 0;

	if (!privileged_has(privileged, &cmdlines_job))
		return -EOPNOTSUPP;
	n_parts = split(items, n, parts);
	for (size_t i = 0; i < n_parts && r == 0; i++)
		r = prepare(&parts[i], linux_of(k));
	if (r == 0 && n > 0) {
		pthread_mutex_lock(&privileged->mutex);
		call_first(privileged, parts, n_parts);
		call_for_rest(privileged, parts, n_parts);
		pthread_mutex_unlock(&privileged->mutex);
	}
	const bool is_called = r == 0;
	for (size_t i = 0; i < n_parts; i++) {
		if (is_called)
			finish_part(&parts[i], items, take, data);
		if (is_called && r == 0 &&
		        (parts[i].result == -EPIPE || parts[i].result == -EAGAIN))
			r = parts[i].result;
		if (parts[i].area)
			munmap(parts[i].area, area_size(parts[i].n));
		close_fd(&parts[i].fds[1]);
	}
	return r;
}

/* --- the job --------------------------------------------------------------------------------- */

struct reader {
	int proc;
	bool is_covered;
	char bytes[KERNEL_CMDLINE_MAX]; /* of one item */
};

static int open_file(const struct reader *reader, int dir, const char *path, int flags)
{
	if (reader->is_covered)
		return kernel_file_open_uncovered(dir, path, flags);
	const int fd = openat(dir, path, flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static ssize_t read_file(
        const struct reader *reader, int dir, const char *path, char *bytes, size_t size)
{
	_cleanup_close_ int fd = open_file(reader, dir, path, O_RDONLY);

	return fd < 0 ? fd : kernel_file_read_start(fd, bytes, size);
}

/* A start time has the resolution of a clock tick: in that time a PID can be used again, if there
 * are few. */
static bool is_same_process(const struct area_item *item, const struct proc_stat *stat)
{
	return stat->started == item->started && stat->ppid == item->ppid &&
	       stat->comm_len == strnlen(item->comm, sizeof(item->comm)) &&
	       memcmp(stat->comm, item->comm, stat->comm_len) == 0;
}

/* The kernel may give the directory of a process a new inode number if no process has it open. Then
 * only its stat shows whether the PID is still that of the process. */
static ssize_t read_compared(
        const struct reader *reader, const char *pid, const struct area_item *item, char *bytes)
{
	_cleanup_close_ int dir = open_file(reader, reader->proc, pid, O_PATH | O_DIRECTORY);
	struct proc_stat stat;
	char text[4096];
	ssize_t n;

	if (dir < 0)
		return dir;
	n = read_file(reader, dir, "stat", text, sizeof(text));
	if (n >= 0)
		n = proc_stat_parse(text, (size_t)n, &stat);
	if (n < 0)
		return n;
	if (!is_same_process(item, &stat))
		return -ESRCH;
	return read_file(reader, dir, "cmdline", bytes, KERNEL_CMDLINE_MAX);
}

/* If the directory has the expected inode number after the read, it was that of the process before,
 * too. */
static ssize_t read_cmdline(const struct reader *reader, const struct area_item *item, char *bytes)
{
	struct kernel_file directory;
	char pid[16], path[32];
	ssize_t n;

	snprintf(pid, sizeof(pid), "%d", item->pid);
	snprintf(path, sizeof(path), "%s/cmdline", pid);
	n = read_file(reader, reader->proc, path, bytes, KERNEL_CMDLINE_MAX);
	if (n < 0)
		return n == -ENOENT ? -ESRCH : n;
	if (kernel_file_stat(reader->proc, pid, &directory) == 0 && directory.ino == item->ino)
		return n;
	n = read_compared(reader, pid, item, bytes);
	return n == -ENOENT ? -ESRCH : n;
}

/* The client may change the memory at any time: what is used of it is copied, and checked, first.
 */
static void read_item(struct reader *reader, struct area *area, size_t n, struct area_item *item)
{
	const struct area_item wanted = *item;
	const size_t room = n * KERNEL_CMDLINE_MAX;
	char *const bytes = (char *)&area->items[n];
	ssize_t r = wanted.pid > 0 ? read_cmdline(reader, &wanted, reader->bytes) : -ESRCH;
	const size_t len = r > 0 ? (size_t)r : 0;
	const uint64_t at = __atomic_fetch_add(&area->used, len, __ATOMIC_RELAXED);

	if (len > room || at > room - len)
		r = -EIO;
	else
		memcpy(bytes + at, reader->bytes, len);
	item->len = (uint32_t)len;
	item->at = (uint32_t)at;
	__atomic_store_n(&item->error, r < 0 ? (int32_t)r : 0, __ATOMIC_RELEASE);
}

static void read_all(struct reader *reader, struct area *area, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct area_item *const item = &area->items[i];
		int32_t error = NOT_TRIED;

		/* Another job may have taken it. */
		if (__atomic_compare_exchange_n(&item->error, &error, GIVEN_UP, false,
		            __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
			read_item(reader, area, n, item);
	}
}

/* With hidepid (proc(5)) the directories of processes of other users need CAP_SYS_PTRACE. */
static int run(const struct helper_request *request, _unused_ int replies)
{
	struct stat st;
	struct area *area;

	if (!request_check_size(request, 0, 2) || privileged_check_proc(request->fds[0]) < 0 ||
	        !request_check_memory(request->fds[1], area_size(AREA_ITEMS_MAX)) ||
	        privileged_keep_capabilities(
	                (const int[]){CAP_SYS_PTRACE, CAP_DAC_READ_SEARCH}, 2) < 0)
		return EXIT_FAILURE;
	if (fstat(request->fds[1], &st) < 0 || (size_t)st.st_size < area_size(0))
		return EXIT_FAILURE;
	area = mmap(
	        NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, request->fds[1], 0);
	if (area == MAP_FAILED)
		return EXIT_FAILURE;
	/* Read once: the client may change it at any time. */
	const uint32_t n = __atomic_load_n(&area->n, __ATOMIC_RELAXED);
	if (n > AREA_ITEMS_MAX || area_size(n) != (size_t)st.st_size)
		return EXIT_FAILURE;
	struct reader reader = {.proc = request->fds[0], .is_covered = area->is_covered};
	read_all(&reader, area, n);
	return EXIT_SUCCESS;
}

const struct helper_job cmdlines_job = {
        .name = "cmdlines",
        .deadline_ms = JOB_SHORT_DEADLINE_MS,
        .run = run,
        .capabilities = CAPABILITIES_BIT(CAP_SYS_PTRACE) | CAPABILITIES_BIT(CAP_DAC_READ_SEARCH),
        .calls = SANDBOX_READ,
};
