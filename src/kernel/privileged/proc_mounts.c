/* SPDX-License-Identifier: Apache-2.0 */
/* Looks whether mounts of procfs, in any mount namespace, show a process. What is on the way to a
 * mount point may wait for ever: that is why jobs do it. */
#include "base/descriptors.h"
#include "base/memory.h"
#include "kernel/kernel_file.h"
#include "kernel/kernel_internal.h"
#include "kernel/privileged/mount_path.h"
#include "kernel/privileged/privileged.h"
#include "kernel/proc/proc.h"

#include <fcntl.h>
#include <limits.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

/* Results in a reply: what is known stays known if the job hangs. */
enum { ITEMS_IN_JOB = 256, ITEMS_IN_REPLY = 32 };

/* An item of a request; behind it the `length` bytes of the mount point. The descriptors of the
 * request are procfs, and the mount namespace of all items if they have no process. */
struct job_proc_mount {
	int32_t pid, tid;
	uint32_t major, minor;
	uint16_t length;
	uint8_t is_own, is_hiding, with_ns;
};

struct proc_mount_result {
	uint32_t index;
	int32_t result;
	uint64_t pid_ns;
};

/* --- the operation ---------------------------------------------------------------------------- */

/* The items of one job. */
struct batch {
	size_t first, n;
	char *bytes;
	size_t len;
	int fds[2];
};

struct call {
	struct kernel_proc_mount *items;
	struct batch *batches;
};

/* Adds an item to the batch; false: the request is full. */
static bool add_item(struct batch *batch, const struct kernel_proc_mount *item)
{
	const size_t len = strlen(item->point);
	const struct job_proc_mount head = {
	        .pid = item->pid,
	        .tid = item->tid,
	        .major = item->major,
	        .minor = item->minor,
	        .length = (uint16_t)len,
	        .is_own = item->is_own,
	        .is_hiding = item->is_hiding,
	        .with_ns = item->with_ns,
	};

	if (batch->n == ITEMS_IN_JOB || len > HELPER_REQUEST_MAX - sizeof(head) ||
	        batch->len > HELPER_REQUEST_MAX - sizeof(head) - len)
		return false;
	memcpy(batch->bytes + batch->len, &head, sizeof(head));
	memcpy(batch->bytes + batch->len + sizeof(head), item->point, len);
	batch->len += sizeof(head) + len;
	batch->n++;
	return true;
}

/* Makes the batch that begins with items[first]. */
static void fill_batch(struct batch *batch, const struct kernel_linux *l,
        struct kernel_proc_mount *items, size_t first, size_t n)
{
	*batch = (struct batch){.first = first,
	        .bytes = memory_new(HELPER_REQUEST_MAX),
	        .fds = {l->proc, items[first].mount_ns}};
	for (size_t i = first; i < n && items[i].mount_ns == items[first].mount_ns; i++) {
		if (!add_item(batch, &items[i]))
			return;
		items[i].result = -ETIMEDOUT; /* until a reply comes */
	}
}

static void receive(void *data, size_t request, const struct helper_reply *reply)
{
	const struct call *const call = data;
	const struct batch *const batch = &call->batches[request];
	struct proc_mount_result result;

	privileged_close_fds(reply);
	for (size_t at = 0; reply->len - at >= sizeof(result); at += sizeof(result)) {
		memcpy(&result, (const char *)reply->bytes + at, sizeof(result));
		if (result.index >= batch->n)
			return;
		call->items[batch->first + result.index].result = result.result;
		call->items[batch->first + result.index].pid_ns = result.pid_ns;
	}
}

/* Items without a reply: the job hung, or did not run. */
static void finish_batch(const struct call *call, const struct batch *batch, int r)
{
	for (size_t i = batch->first; i < batch->first + batch->n; i++) {
		if (call->items[i].result == -ETIMEDOUT && r != -ETIMEDOUT)
			call->items[i].result = r == 0 ? -EIO : r;
	}
}

static void call_for_batches(struct privileged *privileged, struct call *call, size_t n)
{
	_cleanup_free_ struct helper_request *requests = memory_new(n * sizeof(*requests));
	_cleanup_free_ int *results = memory_new(n * sizeof(*results));

	for (size_t i = 0; i < n; i++)
		requests[i] = (struct helper_request){
		        .bytes = call->batches[i].bytes,
		        .len = call->batches[i].len,
		        .fds = call->batches[i].fds,
		        .n_fds = call->batches[i].fds[1] < 0 ? 1 : 2,
		};
	pthread_mutex_lock(&privileged->mutex);
	privileged_call_all(privileged, &proc_mounts_job, requests, n, receive, call, results);
	pthread_mutex_unlock(&privileged->mutex);
	for (size_t i = 0; i < n; i++)
		finish_batch(call, &call->batches[i], results[i]);
}

int proc_mounts_look(struct kernel *k, struct kernel_proc_mount *items, size_t n)
{
	struct privileged *const privileged = linux_of(k)->privileged;
	_cleanup_free_ struct batch *batches = memory_new((n + 1) * sizeof(*batches));
	struct call call = {items, batches};
	size_t n_batches = 0;

	if (!privileged_has(privileged, &proc_mounts_job))
		return -EOPNOTSUPP;
	for (size_t i = 0; i < n;) {
		struct batch *const batch = &batches[n_batches];

		fill_batch(batch, linux_of(k), items, i, n);
		if (batch->n > 0) {
			n_batches++;
			i += batch->n;
			continue;
		}
		free(batch->bytes);
		items[i++].result = -ENAMETOOLONG;
	}
	if (n_batches > 0)
		call_for_batches(privileged, &call, n_batches);
	for (size_t i = 0; i < n_batches; i++)
		free(batches[i].bytes);
	return 0;
}

/* --- the job ---------------------------------------------------------------------------------- */

struct place {
	int proc;     /* procfs; of the request */
	int mount_ns; /* the same; -EBADF: the items have processes */
	int root;     /* root directory of that, or of the last process; or a negative errno */
	pid_t pid, tid;
	bool may_see_all;
};

/* The root directory of this program is refused through /proc, since it is not dumpable. */
static int open_root_of_process(const struct place *place, const struct job_proc_mount *item)
{
	char path[64];
	int fd;

	if (item->tid)
		snprintf(path, sizeof(path), "%d/task/%d/root", item->pid, item->tid);
	else
		snprintf(path, sizeof(path), "%d/root", item->pid);
	fd = openat(place->proc, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 && errno == EACCES && item->is_own)
		fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0)
		return fd;
	return errno == ENOENT ? -ESRCH : -errno;
}

/* Neighbours often have the same process. */
static void move_to(struct place *place, const struct job_proc_mount *item)
{
	if (place->mount_ns >= 0 || (place->pid == item->pid && place->tid == item->tid))
		return;
	close_fd(&place->root);
	place->root = open_root_of_process(place, item);
	place->pid = item->pid;
	place->tid = item->tid;
}

static bool is_on_device(int fd, const struct job_proc_mount *item)
{
	struct kernel_file file;

	return kernel_file_stat_in_job(fd, &file) == 0 &&
	       file.dev == makedev(item->major, item->minor);
}

/* A directory below that is on the same mount; what is mounted over it may wait for ever, but is
 * not accessed by O_PATH. */
static int open_on_same_mount(int dir, const char *name)
{
	_cleanup_close_ int fd = openat(dir, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct kernel_file here, there;

	if (fd < 0)
		return -errno;
	if (kernel_file_stat_in_job(dir, &here) < 0 || kernel_file_stat_in_job(fd, &there) < 0 ||
	        !kernel_file_is_same_mount(&here, &there))
		return -EXDEV;
	return take_fd(&fd);
}

static uint64_t read_pid_ns(int procfs)
{
	_cleanup_close_ int init = open_on_same_mount(procfs, "1");
	_cleanup_close_ int ns = init < 0 ? init : open_on_same_mount(init, "ns");
	struct proc_link link;
	char text[64];
	const ssize_t n = ns < 0 ? ns : readlinkat(ns, "pid", text, sizeof(text));

	return n > 0 && proc_link_parse(text, (size_t)n, &link) == 0 ? link.inode : 0;
}

/* A PID namespace has processes as long as it has PID 1 (pid_namespaces(7)). The device is compared
 * first: another file system is not accessed. With hidepid=ptraceable PID 1 may be hidden. */
static int look(const struct place *place, const struct job_proc_mount *item, const char *point,
        uint64_t *ret_pid_ns)
{
	_cleanup_close_ int pinned = -EBADF;
	_cleanup_close_ int init = -EBADF;

	if (place->root < 0)
		return place->root;
	pinned = mount_path_walk(place->root, point, item->length);
	if (pinned < 0)
		return pinned;
	if (!is_on_device(pinned, item))
		return -ESTALE;
	init = openat(pinned, "1", O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (init >= 0) {
		if (item->with_ns)
			*ret_pid_ns = read_pid_ns(pinned);
		return 1;
	}
	if (errno != ENOENT)
		return -errno;
	if (item->is_hiding && !place->may_see_all)
		return -EPERM;
	return privileged_check_proc(pinned) < 0 ? -ESTALE : 0;
}

/* Reads the next item and removes it from the request. */
static bool next_item(
        struct helper_request *request, struct job_proc_mount *ret, const char **point)
{
	const char *const bytes = request->bytes;

	if (request->len < sizeof(*ret))
		return false;
	memcpy(ret, bytes, sizeof(*ret));
	if (ret->length > request->len - sizeof(*ret))
		return false;
	*point = bytes + sizeof(*ret);
	request->bytes = *point + ret->length;
	request->len -= sizeof(*ret) + ret->length;
	return true;
}

static bool are_items(const struct helper_request *request)
{
	struct helper_request rest = *request;
	struct job_proc_mount item;
	const char *point;
	size_t n = 0;

	while (next_item(&rest, &item, &point)) {
		n++;
		if ((request->n_fds == 1 && item.pid <= 0) || item.tid < 0 || item.is_own > 1 ||
		        item.is_hiding > 1 || item.with_ns > 1)
			return false;
	}
	return n > 0 && rest.len == 0 && (request->n_fds == 1 || request->n_fds == 2);
}

struct results {
	struct proc_mount_result results[ITEMS_IN_REPLY];
	size_t n;
};

static int send_results(int replies, struct results *results)
{
	const size_t n = results->n;

	results->n = 0;
	return n == 0 ? 0
	              : helper_send_reply(
	                        replies, &(const struct helper_reply){.bytes = results->results,
	                                         .len = n * sizeof(*results->results)});
}

static int run(const struct helper_request *request, int replies)
{
	struct helper_request rest = *request;
	struct place place = {.mount_ns = -EBADF, .root = -ESRCH};
	struct job_proc_mount item;
	const char *point;
	struct results results = {.n = 0};
	uint32_t i = 0;
	int r = 0;

	if (!are_items(request) || privileged_check_proc(request->fds[0]) < 0)
		return EXIT_FAILURE;
	place.proc = request->fds[0];
	place.may_see_all = privileged_check_sees_all() == 0 && capabilities_has(CAP_SYS_PTRACE);
	if (request->n_fds == 2) {
		place.mount_ns = request->fds[1];
		place.root = mount_path_open_root(place.mount_ns);
	} else if (mount_path_keep_capabilities() < 0) {
		return EXIT_FAILURE;
	}
	while (r == 0 && next_item(&rest, &item, &point)) {
		struct proc_mount_result *const result = &results.results[results.n++];

		*result = (struct proc_mount_result){.index = i++};
		move_to(&place, &item);
		result->result = look(&place, &item, point, &result->pid_ns);
		if (results.n == ITEMS_IN_REPLY)
			r = send_results(replies, &results);
	}
	if (r == 0)
		r = send_results(replies, &results);
	close_fd(&place.root);
	return r < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

const struct helper_job proc_mounts_job = {
        .name = KERNEL_JOB_PROC_MOUNTS,
        .deadline_ms = JOB_SHORT_DEADLINE_MS,
        .run = run,
        .capabilities = CAPABILITIES_BIT(CAP_SYS_PTRACE) | CAPABILITIES_BIT(CAP_DAC_READ_SEARCH) |
                        CAPABILITIES_BIT(CAP_SYS_ADMIN) | CAPABILITIES_BIT(CAP_SYS_CHROOT),
        .calls = SANDBOX_READ | SANDBOX_NAMESPACES | SANDBOX_ENTER,
        .may_get_stuck = true,
};
