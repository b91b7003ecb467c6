/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/privileged/privileged.h"

#include "base/memory.h"
#include "base/monotonic.h"
#include "kernel/kernel_file.h"
#include "kernel/kernel_internal.h"
#include "kernel/proc/proc.h"
#include "nsrel/nsrel.h"
#include "privsep/capabilities.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/magic.h>
#include <sched.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/vfs.h>

const struct helper_job *const privileged_jobs[PRIVILEGED_JOBS] = {
        &ns_keys_job,
        &ns_list_job,
        &ns_mounted_job,
        &ns_mounted_mountinfo_job,
        &mount_ns_list_job,
        &mount_ns_open_job,
        &mount_texts_job,
        &socket_ns_job,
        &cmdlines_job,
        &container_files_job,
        &features_job,
        &net_files_job,
        &net_links_job,
        &net_dump_job,
        &net_nsids_job,
        &ns_inside_job,
        &subids_job,
        &events_job,
        &proc_mounts_job,
};

struct privileged *privileged_new(struct helper *channel)
{
	struct privileged *privileged = memory_new(sizeof(*privileged));

	privileged->channel = channel;
	privileged->container_files = &container_files_job;
	pthread_mutex_init(&privileged->mutex, NULL);
	return privileged;
}

void privileged_free(struct privileged *privileged)
{
	if (!privileged)
		return;
	pthread_mutex_destroy(&privileged->mutex);
	u64_set_release(&privileged->hung);
	u64_set_release(&privileged->hung_stores);
	free(privileged);
}

/* --- the client: calls ----------------------------------------------------------------------- */

bool privileged_has(const struct privileged *privileged, const struct helper_job *job)
{
	return privileged && helper_has_job(privileged->channel, job);
}

void privileged_begin_waits(struct kernel *k)
{
	struct privileged *const privileged = linux_of(k)->privileged;

	if (!privileged)
		return;
	pthread_mutex_lock(&privileged->mutex);
	privileged->hung_ms = 0;
	privileged->is_lost = false;
	pthread_mutex_unlock(&privileged->mutex);
}

void privileged_set_stuck(struct kernel *k, size_t n)
{
	struct privileged *const privileged = linux_of(k)->privileged;

	if (!privileged)
		return;
	pthread_mutex_lock(&privileged->mutex);
	helper_set_stuck(privileged->channel, n);
	pthread_mutex_unlock(&privileged->mutex);
}

bool privileged_is_lost(struct kernel *k)
{
	struct privileged *const privileged = linux_of(k)->privileged;

	if (!privileged)
		return false;
	pthread_mutex_lock(&privileged->mutex);
	const bool is_lost = privileged->is_lost;
	pthread_mutex_unlock(&privileged->mutex);
	return is_lost;
}

void privileged_call_all(struct privileged *privileged, const struct helper_job *job,
        const struct helper_request *requests, size_t n, helper_reply_fn *receive, void *data,
        int *ret_results)
{
	const int64_t begin = monotonic_ms();
	bool has_hung = false;

	if (job->may_get_stuck && privileged->hung_ms >= KERNEL_HUNG_MS) {
		for (size_t i = 0; i < n; i++)
			ret_results[i] = -EBUSY;
		return;
	}
	helper_call_all(privileged->channel, job, requests, n, receive, data, ret_results);
	for (size_t i = 0; i < n; i++) {
		has_hung |= ret_results[i] == -ETIMEDOUT;
		privileged->is_lost |= ret_results[i] == -EPIPE || ret_results[i] == -EAGAIN;
	}
	if (job->may_get_stuck && has_hung)
		privileged->hung_ms += monotonic_ms() - begin;
}

int privileged_call(struct privileged *privileged, const struct helper_job *job,
        const struct helper_request *request, helper_reply_fn *receive, void *data)
{
	int result;

	if (!privileged)
		return -EOPNOTSUPP;
	pthread_mutex_lock(&privileged->mutex);
	privileged_call_all(privileged, job, request, 1, receive, data, &result);
	pthread_mutex_unlock(&privileged->mutex);
	return result;
}

void privileged_close_fds(const struct helper_reply *reply)
{
	for (size_t i = 0; i < reply->n_fds; i++)
		close(reply->fds[i]);
}

int privileged_item_index(const struct helper_reply *reply, size_t n, size_t *ret)
{
	struct job_item item;

	if (reply->len != sizeof(item))
		return -EBADMSG;
	memcpy(&item, reply->bytes, sizeof(item));
	*ret = item.index;
	return item.index < n ? 0 : -EBADMSG;
}

int privileged_item_fd(const struct helper_reply *reply)
{
	struct job_item item;

	memcpy(&item, reply->bytes, sizeof(item));
	if (item.error == 0 && reply->n_fds == 1)
		return reply->fds[0];
	privileged_close_fds(reply);
	return item.error < 0 ? item.error : -EMFILE;
}

static void receive_fd(void *data, _unused_ size_t request, const struct helper_reply *reply)
{
	int *const result = data;
	size_t index;

	if (*result == -EIO && privileged_item_index(reply, 1, &index) == 0)
		*result = privileged_item_fd(reply);
	else
		privileged_close_fds(reply);
}

int privileged_call_fd(struct privileged *privileged, const struct helper_job *job,
        const struct helper_request *request)
{
	int fd = -EIO; /* no reply */
	const int r = privileged_call(privileged, job, request, receive_fd, &fd);

	return fd == -EIO && r < 0 ? r : fd;
}

/* The records of all replies, one behind the other. */
struct record_bytes {
	char *bytes;
	size_t len, capacity;
	int result; /* of the last reply; -EIO: it has not come */
};

static void receive_records(void *data, _unused_ size_t request, const struct helper_reply *reply)
{
	struct record_bytes *const received = data;
	struct job_item last;

	privileged_close_fds(reply);
	if (reply->len == sizeof(last)) {
		memcpy(&last, reply->bytes, sizeof(last));
		received->result = last.error;
		return;
	}
	received->bytes =
	        memory_grow(received->bytes, &received->capacity, received->len + reply->len, 1);
	memcpy(received->bytes + received->len, reply->bytes, reply->len);
	received->len += reply->len;
}

int privileged_call_records(struct privileged *privileged, const struct helper_job *job,
        const struct helper_request *request, char **ret, size_t *ret_len)
{
	struct record_bytes received = {.result = -EIO};
	int r = privileged_call(privileged, job, request, receive_records, &received);

	if (received.result != -EIO || r == 0)
		r = received.result;
	if (r < 0) {
		free(received.bytes);
		return r;
	}
	*ret = received.bytes;
	*ret_len = received.len;
	return 0;
}

/* --- the jobs -------------------------------------------------------------------------------- */

int privileged_keep_capabilities(const int *keep, size_t n)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -errno;
	return capabilities_keep(keep, n);
}

int privileged_check_ns(int fd, int type)
{
	const int r = nsrel_type(fd);
	struct statfs fs;

	/* Before Linux 4.11 the type is not known; setns(2) checks it. */
	if (r == -ENOTTY && fstatfs(fd, &fs) == 0 && (unsigned long)fs.f_type == NSFS_MAGIC)
		return 0;
	return r == type ? 0 : -EBADF;
}

static bool is_in_proc(int fd, struct stat *ret)
{
	struct statfs fs;

	return fstatfs(fd, &fs) == 0 && (unsigned long)fs.f_type == PROC_SUPER_MAGIC &&
	       fstat(fd, ret) == 0 && S_ISDIR(ret->st_mode);
}

enum { PROC_ROOT_INO = 1 };

int privileged_check_proc(int fd)
{
	struct stat st;

	return is_in_proc(fd, &st) && st.st_ino == PROC_ROOT_INO ? 0 : -EBADF;
}

/* Only such a directory has a file `stat` that begins with a PID. */
int privileged_check_process(int fd)
{
	struct proc_stat parsed;
	struct stat st;
	char text[4096];

	if (!is_in_proc(fd, &st) || st.st_ino == PROC_ROOT_INO)
		return -EBADF;
	_cleanup_close_ int file = kernel_file_open_uncovered(fd, "stat", O_RDONLY);
	if (file < 0)
		return file == -ENOENT ? -ESRCH : file;
	const ssize_t n = kernel_file_read_start(file, text, sizeof(text));
	if (n == -ESRCH)
		return -ESRCH;
	return n > 0 && proc_stat_parse(text, (size_t)n, &parsed) == 0 ? 0 : -EBADF;
}

/* `otherwise`: if this kernel has no namespaces of that type. */
static int check_in_initial(const char *path, int type, int otherwise)
{
	_cleanup_close_ int ns = nsrel_open(AT_FDCWD, path);
	struct nsrel_key key;
	int r = ns;

	if (r == -ENOENT)
		return otherwise;
	if (r >= 0)
		r = nsrel_key(ns, &key);
	if (r == 0 && nsrel_is_initial(&key, type))
		return 0;
	/* ENOTTY: it is no namespace. */
	return r == 0 || r == -ENOTTY || r == -EACCES ? -EPERM : r;
}

int privileged_check_sees_all(void)
{
	int r = capabilities_has(CAP_SYS_ADMIN) ? 0 : -EPERM;

	if (r == 0)
		r = check_in_initial("/proc/self/ns/user", CLONE_NEWUSER, 0);
	if (r == 0)
		r = check_in_initial("/proc/self/ns/pid", CLONE_NEWPID, -EPERM);
	return r;
}

/* Whether the process is in that network namespace. */
static bool is_in_net(int ns)
{
	struct stat own, other;

	return stat("/proc/self/ns/net", &own) == 0 && fstat(ns, &other) == 0 &&
	       own.st_dev == other.st_dev && own.st_ino == other.st_ino;
}

int privileged_enter_net(int ns)
{
	const int r = privileged_keep_capabilities((const int[]){CAP_SYS_ADMIN}, 1);

	if (r < 0)
		return r;
	const int checked = privileged_check_ns(ns, CLONE_NEWNET);
	if (checked < 0)
		return checked;
	if (setns(ns, CLONE_NEWNET) < 0) {
		const int error = -errno;

		if (!is_in_net(ns))
			return error;
	}
	return privileged_keep_capabilities(NULL, 0);
}

int privileged_own_fds(void)
{
	const int fd = open("/proc/self/fd", O_PATH | O_DIRECTORY | O_CLOEXEC);

	return fd >= 0 ? fd : errno == ENOENT ? -EOPNOTSUPP : -errno;
}

int privileged_reply(int replies, size_t index, int fd_or_error)
{
	_cleanup_close_ int fd = fd_or_error;
	const struct job_item item = {.index = (uint32_t)index, .error = fd < 0 ? fd : 0};

	return helper_send_reply(replies,
	        &(const struct helper_reply){
	                .bytes = &item, .len = sizeof(item), .fds = &fd, .n_fds = fd >= 0});
}

static int send_records(struct job_records *records)
{
	const struct helper_reply reply = {.bytes = records->bytes, .len = records->len};
	const int r = records->len ? helper_send_reply(records->replies, &reply) : 0;

	records->len = 0;
	return r;
}

int privileged_records_add(
        struct job_records *records, const void *record, size_t size, const char *text, size_t len)
{
	int r = 0;

	if (len > sizeof(records->bytes) - size)
		return 0;
	if (records->len > sizeof(records->bytes) - size - len)
		r = send_records(records);
	if (r < 0)
		return r;
	memcpy(records->bytes + records->len, record, size);
	if (len)
		memcpy(records->bytes + records->len + size, text, len);
	records->len += size + len;
	return 0;
}

int privileged_records_finish(struct job_records *records, int error)
{
	const struct job_item end = {.error = error};
	const struct helper_reply reply = {.bytes = &end, .len = sizeof(end)};
	int r = send_records(records);

	if (r == 0)
		r = helper_send_reply(records->replies, &reply);
	return r < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
