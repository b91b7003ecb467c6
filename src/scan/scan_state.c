/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/scan_state.h"

#include "base/arena.h"
#include "base/memory.h"
#include "base/monotonic.h"
#include "kernel/proc/proc.h"
#include "model/same.h"
#include "scan/thread.h"

#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>

/* --- the scan --------------------------------------------------------------------------------- */

bool scan_state_wants(const struct scan *scan, enum source source)
{
	return scan->wanted >> source & 1;
}

bool scan_state_is_ours(const struct scan *scan, const struct process_record *record)
{
	const pid_t helper = scan->helper;

	if (scan->host.self != 0 && record->pid == scan->host.self)
		return true;
	return helper != 0 && (record->pid == helper || record->ppid == helper);
}

bool scan_state_is_cancelled(const struct scan *scan)
{
	return scan->is_cancelled && atomic_load_explicit(scan->is_cancelled, memory_order_relaxed);
}

void scan_state_step(struct scan *scan)
{
	if (scan->steps_done)
		atomic_fetch_add_explicit(scan->steps_done, 1, memory_order_relaxed);
}

enum partial scan_state_reason(int error, enum partial otherwise)
{
	if (error == EMFILE || error == ENFILE)
		return PARTIAL_NO_DESCRIPTORS;
	if (error == ETIMEDOUT || error == EBUSY)
		return PARTIAL_WAITING;
	return error == EPIPE || error == EAGAIN ? PARTIAL_NO_HELPER : otherwise;
}

void scan_state_limit(struct scan *scan, enum partial reason)
{
	scan->partial |= UINT32_C(1) << reason;
}

void scan_state_note(struct scan *scan, pid_t pid, const char *what, int error, enum partial reason)
{
	struct note_list *const list = &scan->notes;

	MEMORY_APPEND(list->notes, list->n, list->capacity) =
	        (struct note){.pid = pid, .what = arena_strdup(scan->arena, what), .error = error};
	scan_state_limit(scan, scan_state_reason(error, reason));
	scan->is_held_back |= error == EBUSY;
}

void scan_state_note_ns(struct scan *scan, pid_t pid, const char *what, enum nstype type,
        uint64_t inode, int error, enum partial reason)
{
	char text[80];

	snprintf(text, sizeof(text), "%s of %s:[%llu]", what, nstype_name(type),
	        (unsigned long long)inode);
	scan_state_note(scan, pid, text, error, reason);
}

struct process_record *scan_state_find(const struct scan *scan, pid_t pid)
{
	struct process_record *const records = scan->processes;
	const size_t i = LOWER_BOUND(scan->n_processes, at, records[at].pid < pid);

	return i < scan->n_processes && records[i].pid == pid ? &records[i] : NULL;
}

/* --- process records -------------------------------------------------------------------------- */

const struct ns_link scan_state_links[NS_LINKS] = {
        [NS_CGROUP] = {"cgroup", "ns/cgroup", NS_CGROUP, false},
        [NS_IPC] = {"ipc", "ns/ipc", NS_IPC, false},
        [NS_MNT] = {"mnt", "ns/mnt", NS_MNT, false},
        [NS_NET] = {"net", "ns/net", NS_NET, false},
        [NS_PID] = {"pid", "ns/pid", NS_PID, false},
        [NS_TIME] = {"time", "ns/time", NS_TIME, false},
        [NS_USER] = {"user", "ns/user", NS_USER, false},
        [NS_UTS] = {"uts", "ns/uts", NS_UTS, false},
        [NS_PID_FOR_CHILDREN] = {"pid_for_children", "ns/pid_for_children", NS_PID, true},
        [NS_TIME_FOR_CHILDREN] = {"time_for_children", "ns/time_for_children", NS_TIME, true},
};

void scan_state_mark(struct process_record *record, enum process_part part)
{
	record->read_at[part] = MAX(monotonic_ms(), INT64_C(1));
}

bool scan_state_is_ending(struct kernel *kernel, int at, bool is_thread)
{
	char text[2048];
	struct proc_stat stat;
	const ssize_t len = kernel->ops->process_read(kernel, at, "stat", text, sizeof(text));

	if (len < 0)
		return scan_state_is_gone_error(len);
	return proc_stat_parse(text, (size_t)len, &stat) == 0 && stat.is_exiting &&
	       (is_thread || stat.n_threads <= 1);
}

void scan_state_refuse(struct process_record *record, const char *what, long error)
{
	if (scan_state_is_gone_error(error))
		return;
	record->is_replaced |= error == -EXDEV;
	record->lacks_descriptors |=
	        scan_state_reason((int)-error, PARTIAL_FAILED) == PARTIAL_NO_DESCRIPTORS;
	if (record->refused)
		return;
	record->refused = what;
	record->refused_error = (int)-error;
}

struct process_refusal scan_state_refusal(const struct process_record *record)
{
	return (struct process_refusal){.what = record->refused,
	        .error = record->refused_error,
	        .is_unreadable = record->is_unreadable,
	        .is_replaced = record->is_replaced,
	        .lacks_descriptors = record->lacks_descriptors};
}

bool scan_state_is_same_refusal(const struct process_refusal *a, const struct process_refusal *b)
{
	return same_texts(a->what, b->what) && a->error == b->error &&
	       a->is_unreadable == b->is_unreadable && a->is_replaced == b->is_replaced &&
	       a->lacks_descriptors == b->lacks_descriptors;
}

void scan_state_keep_refusal(struct process_record *record)
{
	record->own = scan_state_refusal(record);
}

int scan_state_read_link(
        struct kernel *kernel, int ns_dir, const struct ns_link *link, uint64_t *ret_inode)
{
	const char *const type = nstype_name(link->type);
	struct proc_link parsed;
	char text[64];
	ssize_t r = kernel->ops->ns_link(kernel, ns_dir, link->name, text, sizeof(text));

	if (r >= 0)
		r = proc_link_parse(text, (size_t)r, &parsed);
	if (r < 0)
		return (int)r;
	if (parsed.type_len != strlen(type) || memcmp(parsed.type, type, parsed.type_len) != 0)
		return -EINVAL;
	*ret_inode = parsed.inode;
	return 0;
}

int scan_state_read_unborn(struct kernel *kernel, int ns_dir, uint64_t *ret_inode)
{
	const char *const name = scan_state_links[NS_PID_FOR_CHILDREN].name;
	const int ns = kernel->ops->ns_open(kernel, ns_dir, name);
	struct nsrel_key key;
	const int r = ns < 0 ? ns : kernel->ops->ns_key(kernel, ns, &key);

	kernel_close(kernel, ns);
	if (r == 0)
		*ret_inode = key.ino;
	return r;
}

/* --- holder records --------------------------------------------------------------------------- */

void scan_state_add(struct holder_list *list, const struct holder_record *holder)
{
	MEMORY_APPEND(list->records, list->n, list->capacity) = *holder;
	list->is_sorted = false;
}

static void *append(
        void *to, size_t *n, size_t *capacity, const void *from, size_t *n_from, size_t size)
{
	if (*n_from == 0)
		return to;
	to = memory_grow(to, capacity, *n + *n_from, size);
	memcpy((char *)to + *n * size, from, *n_from * size);
	*n += *n_from;
	*n_from = 0;
	return to;
}

void scan_state_move(struct holder_list *to, struct holder_list *from)
{
	to->is_sorted &= from->n == 0;
	to->records = append(
	        to->records, &to->n, &to->capacity, from->records, &from->n, sizeof(*to->records));
	to->candidates = append(to->candidates, &to->n_candidates, &to->candidates_capacity,
	        from->candidates, &from->n_candidates, sizeof(*to->candidates));
	to->sockets = append(to->sockets, &to->n_sockets, &to->sockets_capacity, from->sockets,
	        &from->n_sockets, sizeof(*to->sockets));
}

/* How cheaply a namespace is opened by a holder: by a link of a thread first; by a mount, which
 * takes a job of the helper, last. */
static unsigned cost(const struct holder_record *holder)
{
	static const unsigned char costs[HOLDER_KINDS] = {
	        [HOLDER_THREAD] = 0,
	        [HOLDER_FOR_CHILDREN] = 1,
	        [HOLDER_SOCKET] = 2,
	        [HOLDER_FD] = 3,
	        [HOLDER_MOUNT] = 5,
	};

	return holder->is_listed ? 4 : costs[holder->kind];
}

/* Records without a process come last. */
static pid_t pid_of(const struct holder_record *holder)
{
	return holder->process ? holder->process->pid : INT_MAX;
}

static int by_namespace(const void *a, const void *b)
{
	const struct holder_record *const left = a, *const right = b;

	if (left->type != right->type)
		return COMPARE(left->type, right->type);
	if (left->inode != right->inode)
		return COMPARE(left->inode, right->inode);
	if (cost(left) != cost(right))
		return COMPARE(cost(left), cost(right));
	if (left->access != right->access)
		return COMPARE(left->access, right->access);
	if (pid_of(left) != pid_of(right))
		return COMPARE(pid_of(left), pid_of(right));
	if (left->tid != right->tid)
		return COMPARE(left->tid, right->tid);
	return COMPARE(left->fd, right->fd);
}

void scan_state_sort(struct holder_list *list)
{
	if (!list->is_sorted && list->n > 0)
		qsort(list->records, list->n, sizeof(*list->records), by_namespace);
	list->is_sorted = true;
}

size_t scan_state_first_holder(const struct holder_list *list, enum nstype type, uint64_t inode)
{
	const struct holder_record *const records = list->records;

	return LOWER_BOUND(list->n, at,
	        records[at].type < type || (records[at].type == type && records[at].inode < inode));
}

bool scan_state_is_holder_of(
        const struct holder_list *list, size_t i, enum nstype type, uint64_t inode)
{
	return i < list->n && list->records[i].type == type && list->records[i].inode == inode;
}

void scan_state_release_holders(struct holder_list *list, struct kernel *kernel)
{
	for (size_t i = 0; i < list->n; i++) {
		if (list->records[i].handle >= 0)
			kernel->ops->close(kernel, list->records[i].handle);
	}
	free(list->records);
	free(list->candidates);
	free(list->sockets);
}

/* --- visits ----------------------------------------------------------------------------------- */

/* Of a namespace there may be a second visit, after one for the key alone. */
static void index_visit(struct ns_visit_index *index, const struct ns_visit *visit)
{
	bool is_new;
	const size_t i = u64_map_add(&index->by_inode, visit->key.ino, &is_new);

	index->visits =
	        memory_grow(index->visits, &index->capacity, i + 1, sizeof(struct ns_visit *));
	if (is_new || visit->has_relations || visit->has_maps)
		index->visits[i] = visit;
}

void scan_state_index_visits(struct scan *scan)
{
	struct ns_visit_index *const index = &scan->visits;

	u64_map_release(&index->by_inode);
	index->by_inode = (struct u64_map){0};
	for (unsigned i = 0; i < scan->n_threads; i++) {
		const struct ns_visit_list *const list = &scan->threads[i]->visits;

		for (size_t j = 0; j < list->n; j++)
			index_visit(index, &list->visits[j]);
	}
}

const struct ns_visit *scan_state_visit(const struct scan *scan, enum nstype type, uint64_t inode)
{
	size_t i;

	if (!u64_map_find(&scan->visits.by_inode, inode, &i))
		return NULL;
	return scan->visits.visits[i]->type == type ? scan->visits.visits[i] : NULL;
}

/* --- threads ---------------------------------------------------------------------------------- */

/* One call of scan_state_run, shared by the threads. */
struct thread_run {
	struct scan *scan;
	size_t n, chunk;
	scan_state_fn *run;
	scan_state_end_fn *end;
	void *data;
	atomic_size_t next;
	atomic_uint n_started;
};

static struct cgroup_store *store_new(void)
{
	struct cgroup_store *const store = memory_new(sizeof(*store));

	store->arena = arena_new();
	return store;
}

void scan_state_init(struct scan *scan, unsigned n)
{
	const struct scan *const kept = scan->kept;

	scan->n_threads = MIN(MAX(n, 1u), (unsigned)SCAN_THREADS_MAX);
	scan->threads = memory_new(scan->n_threads * sizeof(struct scan_thread *));
	for (unsigned i = 0; i < scan->n_threads; i++) {
		scan->threads[i] = memory_new(sizeof(struct scan_thread));
		scan->threads[i]->scan = scan;
		scan->threads[i]->number = i;
		scan->threads[i]->arena = arena_new();
		scan->threads[i]->cgroups = kept ? kept->threads[i]->cgroups : store_new();
		scan->threads[i]->cgroups->references++;
	}
	scan->arena = scan->threads[0]->arena;
	pthread_mutex_init(&scan->claims.mutex, NULL);
}

static void release_texts(struct cgroup_table *table)
{
	u64_map_release(&table->by_hash);
	free(table->texts);
}

static void store_unref(struct cgroup_store *store)
{
	if (--store->references > 0)
		return;
	release_texts(&store->texts);
	release_texts(&store->owners);
	arena_free(store->arena);
	free(store);
}

static void trim_thread(struct scan_thread *thread)
{
	free(thread->visits.visits);
	thread->visits = (struct ns_visit_list){0};
	u64_map_release(&thread->seen);
	thread->seen = (struct u64_map){0};
	free(thread->visited.groups);
	thread->visited = (struct mount_groups){0};
	u64_set_release(&thread->mount_ids);
	thread->mount_ids = (struct u64_set){0};
	free(thread->long_text);
	thread->long_text = NULL;
	thread->long_capacity = 0;
}

void scan_state_trim(struct scan *scan)
{
	for (unsigned i = 0; i < scan->n_threads; i++)
		trim_thread(scan->threads[i]);
	u64_map_release(&scan->claims.inodes);
	scan->claims.inodes = (struct u64_map){0};
	u64_map_release(&scan->visits.by_inode);
	free(scan->visits.visits);
	scan->visits = (struct ns_visit_index){0};
	free(scan->namespaces);
	scan->namespaces = NULL;
	scan->n_namespaces = scan->namespaces_capacity = 0;
	model_unref(scan->first);
	scan->first = NULL;
}

void scan_state_release(struct scan *scan)
{
	scan_state_trim(scan);
	scan_state_release_holders(&scan->holders, scan->kernel);
	for (unsigned i = 0; i < scan->n_threads; i++) {
		scan_state_release_holders(&scan->threads[i]->holders, scan->kernel);
		store_unref(scan->threads[i]->cgroups);
		free(scan->threads[i]->mounts.mounts);
		free(scan->threads[i]->procfs_mounts.mounts);
		arena_free(scan->threads[i]->arena);
		free(scan->threads[i]);
	}
	free(scan->threads);
	pthread_mutex_destroy(&scan->claims.mutex);
	u64_set_release(&scan->listed);
	u64_set_release(&scan->mounts.ids);
	free(scan->mounts.groups);
	u64_set_release(&scan->mount_holding.read);
	u64_set_release(&scan->mount_holding.held);
	u64_set_release(&scan->listing.first);
	u64_set_release(&scan->listing.last);
	free(scan->listing.list);
	free(scan->processes);
	u64_set_release(&scan->procfs.shown);
	u64_set_release(&scan->procfs.alive);
	free(scan->pins.pins);
	free(scan->notes.notes);
}

static void run_all(struct thread_run *run)
{
	struct scan *const scan = run->scan;
	struct scan_thread *const thread = scan->threads[atomic_fetch_add(&run->n_started, 1)];
	size_t from;

	while ((from = atomic_fetch_add(&run->next, run->chunk)) < run->n) {
		for (size_t i = from; i < MIN(from + run->chunk, run->n); i++) {
			if (scan_state_is_cancelled(scan))
				break;
			run->run(thread, run->data, i);
		}
	}
	run->end(thread, run->data);
}

/* Descriptors of a table of its own cost less: no other thread opens and closes there. If it cannot
 * have one, the table is shared. */
static void *run_thread(void *data)
{
	(void)unshare(CLONE_FILES);
	run_all(data);
	return NULL;
}

/* If a thread cannot be started (EAGAIN), the others do the work. */
static unsigned start_threads(struct thread_run *run, pthread_t *threads, unsigned n)
{
	unsigned started = 0;

	while (started < n && thread_start(&threads[started], run_thread, run) == 0)
		started++;
	return started;
}

int scan_state_run(struct scan *scan, size_t n, size_t chunk, scan_state_fn *run,
        scan_state_end_fn *end, void *data)
{
	struct thread_run all = {
	        .scan = scan, .n = n, .chunk = chunk, .run = run, .end = end, .data = data};
	pthread_t threads[SCAN_THREADS_MAX];
	const size_t n_chunks = (n + chunk - 1) / chunk;
	unsigned n_more = scan->n_threads - 1;

	if (n_chunks <= n_more)
		n_more = n_chunks > 0 ? (unsigned)n_chunks - 1 : 0;
	if (scan->n_for_thread > 0 && n / scan->n_for_thread < n_more)
		n_more = (unsigned)(n / scan->n_for_thread);
	n_more = start_threads(&all, threads, n_more);
	run_all(&all);
	for (unsigned i = 0; i < n_more; i++)
		pthread_join(threads[i], NULL);
	return scan_state_is_cancelled(scan) ? -ECANCELED : 0;
}

void scan_state_gather(struct scan *scan)
{
	for (unsigned i = 0; i < scan->n_threads; i++)
		scan_state_move(&scan->holders, &scan->threads[i]->holders);
}
