/* SPDX-License-Identifier: Apache-2.0 */
#include "base/memory.h"
#include "kernel/proc/proc.h"
#include "scan/reopen.h"
#include "scan/sources/sources.h"

#include <stdio.h>
#include <string.h>

enum { LINKS_AT_ONCE = 256 }; /* read between two checks for cancellation: 1 ms */

/* One descriptor table while it is read. */
struct table {
	struct open_process *open;
	int at;    /* the handle it is read by, of the process or thread */
	pid_t tid; /* the thread that has it; 0: the process, whose first thread has it */
	size_t n;
	uint64_t sum; /* of hashes of the numbers, in any order */
};

/* All namespaces, of each kernel so far, have numbers above this one (PROC_DYNAMIC_FIRST and, for
 * the initial ones, enum init_ns_ino of the kernel) that 32 bits can hold. Few files have. */
static bool may_be_namespace(uint64_t inode)
{
	return inode >= UINT64_C(0xeffffff0) && inode <= UINT32_MAX;
}

/* Reads the inode number of what the descriptor refers to, without accessing that. */
static void read_inode(const struct table *table, struct fd_candidate *candidate)
{
	struct open_process *const open = table->open;
	struct kernel *const k = open->thread->scan->kernel;
	char file[32], text[256];
	uint64_t inode;

	snprintf(file, sizeof(file), "fdinfo/%d", candidate->fd);
	const ssize_t n = k->ops->process_read(k, table->at, file, text, sizeof(text));
	if (n < 0) {
		sources_is_refused(open, table->at, "fdinfo", n);
		return;
	}
	const int r = proc_fdinfo_inode(text, (size_t)n, &inode);
	candidate->may_be_namespace = r == 0 && may_be_namespace(inode);
	candidate->lacks_inode = r == -ENODATA;
}

static void record_path(const struct table *table, int fd, const char *text, size_t len)
{
	struct holder_list *const list = &table->open->thread->holders;
	struct fd_candidate candidate = {.hash = u64_set_hash(0, text, len),
	        .process = table->open->record,
	        .tid = table->tid,
	        .fd = fd};

	if (scan_state_wants(table->open->thread->scan, SOURCE_DETACHED))
		read_inode(table, &candidate);
	MEMORY_APPEND(list->candidates, list->n_candidates, list->candidates_capacity) = candidate;
}

/* A namespace is added as a holder, a path as a candidate, a socket as a socket. */
static void record_link(const struct table *table, int fd, const char *text, size_t len)
{
	const struct scan *const scan = table->open->thread->scan;
	struct holder_list *const list = &table->open->thread->holders;
	struct process_record *const record = table->open->record;
	const bool with_fds = scan_state_wants(scan, SOURCE_FD);
	const bool with_sockets = scan_state_wants(scan, SOURCE_SOCKET);
	struct proc_link link;
	enum nstype type;

	if (len > 0 && text[0] == '/') {
		if (with_fds || scan_state_wants(scan, SOURCE_DETACHED))
			record_path(table, fd, text, len);
		return;
	}
	if (proc_link_parse(text, len, &link) < 0)
		return;
	if (with_fds && nstype_from_name(link.type, link.type_len, &type))
		scan_state_add(list, &(struct holder_record){.type = type,
		                             .kind = HOLDER_FD,
		                             .inode = link.inode,
		                             .process = record,
		                             .tid = table->tid,
		                             .fd = fd,
		                             .handle = -1});
	else if (with_sockets && link.type_len == 6 && memcmp(link.type, "socket", 6) == 0)
		MEMORY_APPEND(list->sockets, list->n_sockets,
		        list->sockets_capacity) = (struct socket_ref){
		        .inode = link.inode, .process = record, .tid = table->tid, .fd = fd};
}

/* Returns 0, or an error of the table as a whole. */
static int read_links(struct table *table, int fds, size_t n)
{
	struct scan_thread *const thread = table->open->thread;
	struct kernel *const k = thread->scan->kernel;

	for (size_t i = 0; i < n; i++) {
		const int fd = thread->fds[i];
		const ssize_t len = k->ops->fd_link(k, fds, fd, thread->text, sizeof(thread->text));

		if (i % LINKS_AT_ONCE == 0 && scan_state_is_cancelled(thread->scan))
			return -ECANCELED;
		if (len >= 0)
			record_link(table, fd, thread->text, (size_t)len);
		else if (len == -ENAMETOOLONG) /* a path too long for readlink(2): as "/" */
			record_link(table, fd, "/", 1);
		else if (sources_is_refused(table->open, table->open->process, "fd", len))
			return (int)len;
	}
	return 0;
}

/* Reads the table of a process or thread by its handle; is_counted: only its numbers. */
static void read_table(struct table *table, int at, bool is_counted)
{
	struct open_process *const open = table->open;
	struct kernel *const k = open->thread->scan->kernel;
	int *const numbers = open->thread->fds;
	const int fds = k->ops->fds_open(k, at);
	ssize_t n;
	int r = 0;

	table->at = at;
	if (fds < 0) {
		sources_is_refused(open, at, "fd", fds);
		return;
	}
	while (r == 0 && (n = k->ops->fds_next(k, fds, numbers, SCAN_THREAD_FDS)) != 0) {
		if (n < 0) {
			sources_is_refused(open, at, "fd", n);
			break;
		}
		table->n += (size_t)n;
		for (ssize_t i = 0; i < n; i++)
			table->sum +=
			        u64_set_hash(0, (const char *)&numbers[i], sizeof(numbers[i]));
		if (!is_counted)
			r = read_links(table, fds, (size_t)n);
	}
	k->ops->close(k, fds);
}

static void read_thread(struct table *table, pid_t tid, bool is_counted)
{
	struct open_process *const open = table->open;
	struct kernel *const k = open->thread->scan->kernel;
	const int thread = k->ops->thread_open(k, open->process, tid);

	if (thread < 0) {
		sources_is_refused(open, open->process, "task", thread);
		return;
	}
	read_table(table, thread, is_counted);
	k->ops->close(k, thread);
}

/* The tables of a process that were read, each by one thread that has it, in the order of
 * compare_fd_tables: a process may have as many as threads, and each is read once only. */
struct tables {
	pid_t *tids;
	size_t n, capacity;
};

static void add_table(struct tables *tables, size_t at, pid_t tid)
{
	tables->tids =
	        memory_grow(tables->tids, &tables->capacity, tables->n + 1, sizeof(*tables->tids));
	memmove(&tables->tids[at + 1], &tables->tids[at], (tables->n - at) * sizeof(*tables->tids));
	tables->tids[at] = tid;
	tables->n++;
}

/* 1 if the table of the thread was read already; 0 if not, and where it is to be added; a negative
 * errno if kcmp(2) fails. */
static int is_read(
        const struct open_process *open, const struct tables *tables, pid_t tid, size_t *ret_at)
{
	struct scan *const scan = open->thread->scan;
	size_t low = 0, high = tables->n;

	if (scan->host.is_foreign_proc) /* kcmp takes the PIDs of our own PID namespace */
		return -EOPNOTSUPP;
	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		const int r = scan->kernel->ops->compare_fd_tables(
		        scan->kernel, tid, tables->tids[middle]);

		if (r <= 0)
			return r < 0 ? r : 1;
		if (r == 1)
			high = middle;
		else
			low = middle + 1;
	}
	*ret_at = low;
	return 0;
}

/* Without kcmp(2): different numbers mean a different table, or that one was opened or closed
 * meanwhile. Then the descriptors of the process are found again with the thread. */
static void read_by_numbers(struct open_process *open, const struct table *first, pid_t tid)
{
	struct table table = {.open = open};

	read_thread(&table, tid, true);
	if (table.n > 0 && (table.n != first->n || table.sum != first->sum))
		read_thread(&(struct table){.open = open, .tid = tid}, tid, false);
}

/* The threads other than `first_tid`, which has the table `first`. */
static void read_threads(struct open_process *open, pid_t first_tid, const struct table *first)
{
	struct tables tables = {0};

	add_table(&tables, 0, first_tid);
	for (size_t i = 0; i < open->n_tids; i++) {
		const pid_t tid = open->tids[i];
		size_t at;
		int r;

		if (scan_state_is_cancelled(open->thread->scan))
			break;
		if (tid == first_tid)
			continue;
		r = is_read(open, &tables, tid, &at);
		if (r == 0) {
			read_thread(&(struct table){.open = open, .tid = tid}, tid, false);
			add_table(&tables, at, tid);
		} else if (r < 0 && !scan_state_is_gone_error(r)) {
			read_by_numbers(open, first, tid);
		}
	}
	free(tables.tids);
}

/* The thread whose table is that of the process: the first one, or, if that has ended, the first of
 * the others; 0: none. */
static pid_t first_thread(const struct open_process *open)
{
	if (!open->is_leaderless)
		return open->record->pid;
	for (size_t i = 0; i < open->n_tids; i++) {
		if (open->tids[i] != open->record->pid)
			return open->tids[i];
	}
	return 0;
}

void source_fd_read(struct open_process *open)
{
	struct table first = {.open = open};
	const pid_t first_tid = first_thread(open);

	if (scan_state_is_ours(open->thread->scan, open->record))
		return;
	if (open->is_leaderless)
		open->record->live_thread = first.tid = first_tid;
	if (first.tid != 0)
		read_thread(&first, first.tid, false);
	else if (!open->is_leaderless)
		read_table(&first, open->process, false);
	if (open->n_tids > 1 && first_tid != 0)
		read_threads(open, first_tid, &first);
}

/* --- descriptors with the text of a path ------------------------------------------------------ */

/* The paths that a descriptor of a namespace can have as text: of each known mount point, and "/"
 * for one that is unmounted. */
static void list_paths(const struct scan *scan, struct u64_set *ret)
{
	u64_set_push(ret, u64_set_hash(0, "/", 1));
	for (size_t i = 0; i < scan->holders.n; i++) {
		const struct holder_record *const holder = &scan->holders.records[i];

		if (scan_state_is_kind(holder, HOLDER_MOUNT))
			u64_set_push(ret, u64_set_hash(0, holder->path, strlen(holder->path)));
	}
	u64_set_sort(ret);
}

static int by_process(const void *a, const void *b)
{
	const struct fd_candidate *const left = a, *const right = b;

	if (left->process != right->process)
		return COMPARE(left->process, right->process);
	if (left->tid != right->tid)
		return COMPARE(left->tid, right->tid);
	return COMPARE(left->fd, right->fd);
}

/* Moves the candidates whose path is known (paths NULL: whose inode number is that of a namespace),
 * and which were not tried, to the front, sorted by process. Returns how many. */
static size_t choose(struct holder_list *all, const struct u64_set *paths)
{
	size_t n = 0;

	for (size_t i = 0; i < all->n_candidates; i++) {
		const struct fd_candidate candidate = all->candidates[i];
		const bool is_chosen =
		        paths ? u64_set_has(paths, candidate.hash) : candidate.may_be_namespace;

		if (candidate.is_tried || !is_chosen)
			continue;
		all->candidates[i] = all->candidates[n];
		all->candidates[n++] = candidate;
	}
	if (n > 0)
		qsort(all->candidates, n, sizeof(*all->candidates), by_process);
	return n;
}

static void resolve(struct reopen *reopen, struct fd_candidate *candidate)
{
	struct scan *const scan = reopen->scan;
	struct holder_record holder = {.kind = HOLDER_FD,
	        .process = candidate->process,
	        .tid = candidate->tid,
	        .fd = candidate->fd,
	        .by_path = true,
	        .handle = -1};

	const int r = reopen_fd(reopen, &holder);

	if (r == 0)
		scan_state_add(&scan->holders, &holder);
	else if (r != -ENOTTY)
		scan_state_refuse(candidate->process, "fd", r);
	candidate->is_tried = true;
	candidate->has_refused = r < 0 && r != -ENOTTY;
}

/* The same for the first `n` candidates. Returns 0 or -ECANCELED. */
static int resolve_first(struct scan *scan, size_t n)
{
	struct reopen reopen;

	reopen_init(&reopen, scan);
	for (size_t i = 0; i < n && !scan_state_is_cancelled(scan); i++)
		resolve(&reopen, &scan->holders.candidates[i]);
	reopen_release(&reopen);
	return scan_state_is_cancelled(scan) ? -ECANCELED : 0;
}

int source_fd_resolve(struct scan *scan)
{
	struct u64_set paths = {0};
	size_t n;

	list_paths(scan, &paths);
	n = choose(&scan->holders, &paths);
	u64_set_release(&paths);
	return resolve_first(scan, n);
}

int source_fd_resolve_detached(struct scan *scan)
{
	const struct holder_list *const all = &scan->holders;
	bool is_known = true;

	for (size_t i = 0; i < all->n_candidates && is_known; i++)
		is_known = !all->candidates[i].lacks_inode;
	if (is_known)
		scan->sources |= 1u << SOURCE_DETACHED;
	return resolve_first(scan, choose(&scan->holders, NULL));
}
