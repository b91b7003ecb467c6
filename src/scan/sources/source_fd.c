/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/sources/source_fd.h"

#include "kernel/proc/proc.h"
#include "scan/reopen.h"

#include <string.h>

enum {
	LINKS_AT_ONCE = 256, /* read before a look at whether anybody still wants it: 1 ms */
	TABLES_MAX = 8,      /* tables of threads of one process that are told apart */
};

/* One descriptor table, while it is read. */
struct table {
	struct visit *visit;
	pid_t tid; /* whose it is: 0 for the process */
	size_t n;
	uint64_t sum; /* of hashes of the numbers, in whatever order */
};

static bool has_prefix(const char *text, size_t len, const char *prefix)
{
	return len >= strlen(prefix) && memcmp(text, prefix, strlen(prefix)) == 0;
}

static void take_namespace(
        const struct table *table, int fd, const struct proc_link *link, enum nstype type)
{
	const struct visit *const visit = table->visit;

	holders_add(visit->thread->holders,
	        &(struct holder_record){.type = type,
	                .kind = HOLDER_FD,
	                .inode = link->inode,
	                .process = process_record_index(visit->thread->scan, visit->record),
	                .tid = table->tid,
	                .fd = fd,
	                .handle = -1});
}

static void take_socket(const struct table *table, int fd, const struct proc_link *link)
{
	const struct visit *const visit = table->visit;

	holders_add_socket(visit->thread->holders,
	        &(struct socket_ref){.inode = link->inode,
	                .process =
	                        (uint32_t)process_record_index(visit->thread->scan, visit->record),
	                .tid = table->tid,
	                .fd = fd});
}

static void take_path(const struct table *table, int fd, const char *text, size_t len)
{
	const struct visit *const visit = table->visit;

	holders_add_candidate(visit->thread->holders,
	        &(struct fd_candidate){.hash = u64_set_hash(0, text, len),
	                .process =
	                        (uint32_t)process_record_index(visit->thread->scan, visit->record),
	                .tid = table->tid,
	                .fd = fd});
}

static void take(const struct table *table, int fd, const char *text, size_t len)
{
	const struct scan *const scan = table->visit->thread->scan;
	const bool with_fds = scan_has_source(scan, SOURCE_FD);
	struct proc_link link;
	enum nstype type;

	if (len > 0 && text[0] == '/') {
		if (with_fds)
			take_path(table, fd, text, len);
		return;
	}
	if (proc_link_parse(text, len, &link) < 0)
		return;
	if (with_fds && nstype_from_name(link.type, link.type_len, &type))
		take_namespace(table, fd, &link, type);
	else if (has_prefix(text, len, "socket:") && scan_has_source(scan, SOURCE_SOCKET))
		take_socket(table, fd, &link);
}

/* Returns 0, or an error of the table as a whole. */
static int take_links(struct table *table, int fds, const int *numbers, size_t n)
{
	struct scan_thread *const thread = table->visit->thread;
	struct kernel *const k = thread->scan->kernel;

	for (size_t i = 0; i < n; i++) {
		const ssize_t len =
		        k->ops->fd_link(k, fds, numbers[i], thread->text, sizeof(thread->text));

		if (i % LINKS_AT_ONCE == 0 && scan_is_cancelled(thread->scan))
			return -ECANCELED;
		if (len >= 0)
			take(table, numbers[i], thread->text, (size_t)len);
		else if (len == -ENAMETOOLONG) /* its path has no end: "/" is looked at, too */
			take(table, numbers[i], "/", 1);
		else if (visit_is_refused(table->visit, table->visit->process, "fd", len))
			return (int)len;
	}
	return 0;
}

static void count_numbers(struct table *table, const int *numbers, size_t n)
{
	table->n += n;
	for (size_t i = 0; i < n; i++)
		table->sum += u64_set_hash(0, (const char *)&numbers[i], sizeof(numbers[i]));
}

/* The table of a process or thread by its handle; is_counted: only its numbers. */
static void read_table(struct table *table, int at, bool is_counted)
{
	struct visit *const visit = table->visit;
	struct kernel *const k = visit->thread->scan->kernel;
	int *const numbers = visit->thread->numbers;
	const int fds = k->ops->fds_open(k, at);
	ssize_t n;
	int r = 0;

	if (fds < 0) {
		visit_is_refused(visit, at, "fd", fds);
		return;
	}
	while (r == 0 && (n = k->ops->fds_next(k, fds, numbers, SCAN_THREAD_NUMBERS)) != 0) {
		if (n < 0) {
			visit_is_refused(visit, at, "fd", n);
			break;
		}
		count_numbers(table, numbers, (size_t)n);
		if (!is_counted)
			r = take_links(table, fds, numbers, (size_t)n);
	}
	k->ops->close(k, fds);
}

static void read_thread(struct table *table, pid_t tid, bool is_counted)
{
	struct visit *const visit = table->visit;
	struct kernel *const k = visit->thread->scan->kernel;
	const int thread = k->ops->thread_open(k, visit->process, tid);

	if (thread < 0) {
		visit_is_refused(visit, visit->process, "task", thread);
		return;
	}
	read_table(table, thread, is_counted);
	k->ops->close(k, thread);
}

/* The tables of a process that were read, each by one thread that has it. */
struct tables {
	pid_t tids[TABLES_MAX];
	size_t n;
};

/* 1 if the table of that thread was read already, 0 if not, negative if that cannot be told. */
static int is_read(const struct visit *visit, const struct tables *tables, pid_t tid)
{
	struct kernel *const k = visit->thread->scan->kernel;
	int r = 0;

	if (visit->thread->scan->host.is_foreign_proc) /* its numbers are not kcmp's */
		return -EOPNOTSUPP;
	for (size_t i = 0; i < tables->n && r == 0; i++)
		r = k->ops->is_one_fd_table(k, tables->tids[i], tid);
	return r;
}

/* Without kcmp: numbers that differ say that it is another table, or that one was opened or closed
 * meanwhile; then what the process has is found once more with the thread. */
static void read_by_numbers(struct visit *visit, const struct table *first, pid_t tid)
{
	struct table table = {.visit = visit};

	read_thread(&table, tid, true);
	if (table.n > 0 && (table.n != first->n || table.sum != first->sum))
		read_thread(&(struct table){.visit = visit, .tid = tid}, tid, false);
}

static void read_threads(struct visit *visit, struct tables *tables, const struct table *first)
{
	for (size_t i = 0; i < visit->n_tids; i++) {
		const pid_t tid = visit->tids[i];
		int r;

		if (scan_is_cancelled(visit->thread->scan))
			return;
		if (tid == tables->tids[0])
			continue;
		r = is_read(visit, tables, tid);
		if (r == 0) {
			read_thread(&(struct table){.visit = visit, .tid = tid}, tid, false);
			if (tables->n < TABLES_MAX)
				tables->tids[tables->n++] = tid;
		} else if (r < 0 && !process_record_is_gone_error(r)) {
			read_by_numbers(visit, first, tid);
		}
	}
}

/* Where the first thread has ended its table has gone with it; the first of the others stands for
 * the process. */
static pid_t find_first(const struct visit *visit)
{
	if (!visit->is_leaderless)
		return visit->record->pid;
	for (size_t i = 0; i < visit->n_tids; i++) {
		if (visit->tids[i] != visit->record->pid)
			return visit->tids[i];
	}
	return 0;
}

void source_fd_read(struct visit *visit)
{
	struct table first = {.visit = visit};
	struct tables tables = {.tids = {find_first(visit)}, .n = 1};

	if (visit->is_leaderless)
		visit->record->thread = tables.tids[0];
	if (visit->is_leaderless && tables.tids[0] != 0)
		read_thread(&first, tables.tids[0], false);
	else if (!visit->is_leaderless)
		read_table(&first, visit->process, false);
	if (visit->n_tids > 1 && tables.tids[0] != 0)
		read_threads(visit, &tables, &first);
}

/* --- descriptors in doubt --- */

static int by_process(const void *a, const void *b)
{
	const struct fd_candidate *const left = a, *const right = b;

	if (left->process != right->process)
		return (left->process > right->process) - (left->process < right->process);
	if (left->tid != right->tid)
		return (left->tid > right->tid) - (left->tid < right->tid);
	return (left->fd > right->fd) - (left->fd < right->fd);
}

/* What is not among the paths cannot be one, as far as is known. Those that are come first; returns
 * how many. */
static size_t sift(struct holder_list *all, const struct u64_set *paths)
{
	size_t n = 0;

	for (size_t i = 0; i < all->n_candidates; i++) {
		const struct fd_candidate candidate = all->candidates[i];

		if (!u64_set_has(paths, candidate.hash))
			continue;
		all->candidates[i] = all->candidates[n];
		all->candidates[n++] = candidate;
	}
	if (n > 0)
		qsort(all->candidates, n, sizeof(*all->candidates), by_process);
	return n;
}

static void forget_first(struct holder_list *all, size_t n)
{
	all->n_candidates -= n;
	if (n > 0)
		memmove(all->candidates, all->candidates + n,
		        all->n_candidates * sizeof(*all->candidates));
}

static void settle(struct reopen *reopen, const struct fd_candidate *candidate)
{
	struct scan *const scan = reopen->scan;
	struct kernel *const k = scan->kernel;
	struct nsrel_key key;
	enum nstype type;
	const int handle = reopen_fd_open(reopen, &scan->processes[candidate->process],
	        candidate->tid, candidate->fd, &key, &type);

	if (handle < 0)
		return;
	k->ops->close(k, handle);
	holders_add(&scan->holders[0], &(struct holder_record){.type = type,
	                                       .kind = HOLDER_FD,
	                                       .inode = key.ino,
	                                       .process = candidate->process,
	                                       .tid = candidate->tid,
	                                       .fd = candidate->fd,
	                                       .handle = -1});
}

int source_fd_settle(struct scan *scan, const struct u64_set *paths)
{
	const size_t n = sift(&scan->holders[0], paths);
	struct reopen reopen;

	reopen_init(&reopen, scan);
	for (size_t i = 0; i < n && !scan_is_cancelled(scan); i++)
		settle(&reopen, &scan->holders[0].candidates[i]);
	reopen_release(&reopen);
	forget_first(&scan->holders[0], n);
	return scan_is_cancelled(scan) ? -ECANCELED : 0;
}
