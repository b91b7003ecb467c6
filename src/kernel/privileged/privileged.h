/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The operations of kernel.h that need more rights than this process has, or that may wait for
 * ever: jobs of the helper do them. Each file of this folder has an operation, and below it the job
 * that it starts.
 *
 * All operations return -EOPNOTSUPP without a helper, and if their job is not in its table. */

#include "base/attributes.h"
#include "base/u64.h"
#include "kernel/kernel.h"
#include "privsep/helper.h"

#include <linux/capability.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The connection to the helper. */
struct privileged {
	struct helper *channel;
	pthread_mutex_t mutex; /* for the channel, and for the rest of the struct */
	/* Inode numbers of mount namespaces in which a job hung until its deadline: no other job
	 * is started there. */
	struct u64_set hung;
	/* The same of the stores of containers: numbers of container_files.c. */
	struct u64_set hung_stores;
	/* Since kernel_ops->begin_waits: the time spent on calls in which a job hung, and whether
	 * there was no helper for a call. */
	int64_t hung_ms;
	bool is_lost;
	const struct helper_job *container_files; /* container_files_job, or that of a test */
};

struct job_records;
struct nsfs_uapi_handle;

struct privileged *privileged_new(struct helper *channel) __attribute__((returns_nonnull));
void privileged_free(struct privileged *privileged);

#ifndef CAP_PERFMON
#define CAP_PERFMON 38 /* Linux 5.8; before, CAP_SYS_ADMIN */
#endif

/* --- jobs, for the table of the helper ------------------------------------------------------- */

extern const struct helper_job ns_keys_job, ns_list_job, ns_mounted_job, ns_mounted_mountinfo_job,
        mount_ns_list_job, mount_ns_open_job, mount_texts_job, socket_ns_job, cmdlines_job,
        container_files_job, features_job, net_files_job, net_links_job, net_dump_job,
        net_nsids_job, ns_inside_job, subids_job, events_job, proc_mounts_job;

/* All of them. */
enum { PRIVILEGED_JOBS = 19 };
extern const struct helper_job *const privileged_jobs[PRIVILEGED_JOBS];

/* --- operations (kernel.h) ------------------------------------------------------------------- */

int ns_keys_open(
        struct kernel *k, const struct nsrel_key *keys, const int *types, size_t n, int *ret_ns);
int ns_list_read(struct kernel *k, struct kernel_ns_id **ret, size_t *ret_n);
int ns_list_first(struct kernel *k, struct kernel_ns_id **ret, size_t *ret_n);
int ns_list_read_both(struct kernel *k, struct kernel_ns_lists *ret);
int ns_mounted_open(struct kernel *k, struct kernel_mounted *items, size_t n);
int ns_mounted_mountinfo(struct kernel *k, int mount_ns, char **ret, size_t *ret_len);
int proc_mounts_look(struct kernel *k, struct kernel_proc_mount *items, size_t n);
int mount_ns_list(struct kernel *k, struct kernel_mount_ns **ret, size_t *ret_n);
int mount_ns_open(struct kernel *k, uint64_t id);
int mount_texts_read(
        struct kernel *k, const uint64_t *ids, size_t n, kernel_mounts_fn *take, void *data);
int socket_ns_read(struct kernel *k, struct kernel_socket *items, size_t n);
int cmdlines_read(struct kernel *k, struct kernel_cmdline *items, size_t n, kernel_cmdline_fn *take,
        void *data);
int container_files_read(struct kernel *k, struct kernel_container *items, size_t n,
        kernel_container_fn *take, void *data);
int ns_inside_read(struct kernel *k, int ns, int type, pid_t pid, char **ret, size_t *ret_len);
int ns_inside_read_each(
        struct kernel *k, const int *ns, size_t n, int type, kernel_inside_fn *take, void *data);
int subids_read(struct kernel *k, bool of_groups, char **ret, size_t *ret_len);
void privileged_begin_waits(struct kernel *k);
void privileged_set_stuck(struct kernel *k, size_t n);
bool privileged_is_lost(struct kernel *k);
void features_read(struct kernel *k, struct kernel_features *ret);
int net_files_open(struct kernel *k, int ns, unsigned files, int *ret_files);
int net_links_read(struct kernel *k, int ns, const char (*names)[16], size_t n, bool is_dump,
        struct kernel_net *ret);
int net_links_nsids(struct kernel *k, int ns, const int *others, size_t n, int *ret_nsids);
int events_open(struct kernel *k);
int events_fd(struct kernel *k);
int events_read(struct kernel *k, struct kernel_events *ret);
int events_update(struct kernel *k);
void events_close(struct kernel *k);

/* --- the list that this process makes itself -------------------------------------------------- */

/* Lists all namespaces with the rights of this process, before it gives them up: what the helper
 * could list. Returns 0 and the list, which the caller frees, or a negative errno (-EPERM,
 * -EOPNOTSUPP). */
_must_check_ int ns_list_now(struct kernel_ns_id **ret, size_t *ret_n);

/* Gives the result of that to ns_list_first, and with an error that is the same each time also to
 * the other operations that list namespaces: no job tries again. Takes the list. After
 * kernel_linux_set_helper. */
void ns_list_set_first(struct kernel *k, int error, struct kernel_ns_id *list, size_t n);

/* --- what the operations share --------------------------------------------------------------- */

/* True if there is a helper with that job. `privileged` may be NULL. */
bool privileged_has(const struct privileged *privileged, const struct helper_job *job);

/* helper_call_all, with the mutex of `privileged` locked. Jobs that may get stuck are no longer
 * started (-EBUSY) once those that hung have taken KERNEL_HUNG_MS. */
void privileged_call_all(struct privileged *privileged, const struct helper_job *job,
        const struct helper_request *requests, size_t n, helper_reply_fn *receive, void *data,
        int *ret_results);

/* The same with one request, and locks the mutex. Returns its result, -EOPNOTSUPP if `privileged`
 * is NULL. */
_must_check_ int privileged_call(struct privileged *privileged, const struct helper_job *job,
        const struct helper_request *request, helper_reply_fn *receive, void *data);

/* The same for a job that sends one reply by privileged_reply. Returns the descriptor in it
 * (close-on-exec, the caller's), or a negative errno. */
_must_check_ int privileged_call_fd(struct privileged *privileged, const struct helper_job *job,
        const struct helper_request *request);

/* The same for a job that sends records by privileged_records_add, all of one size and without
 * texts. Returns 0 and their bytes, which the caller frees, or a negative errno: -EIO, the job has
 * ended before the last one. */
_must_check_ int privileged_call_records(struct privileged *privileged,
        const struct helper_job *job, const struct helper_request *request, char **ret,
        size_t *ret_len);

/* Reads a reply of privileged_reply for one of `n` items: its number. -EBADMSG: it is none. */
_must_check_ int privileged_item_index(const struct helper_reply *reply, size_t n, size_t *ret);

/* Takes the descriptor of such a reply, or the negative errno in it. */
_must_check_ int privileged_item_fd(const struct helper_reply *reply);

/* Closes the descriptors of a reply. */
void privileged_close_fds(const struct helper_reply *reply);

/* --- what the jobs share --------------------------------------------------------------------- */

/* Each job first drops all capabilities that it does not need. Requests and replies have the
 * layout of structs, since both ends are the same program; a job checks the length of its
 * request. */

/* Deadlines. The short one is for jobs that access files of other processes or behind mounts: that
 * may wait for ever. A scan waits once for those behind mounts, up to HELPER_GRACE_MS more, and
 * twice for command lines: half a second in all. rtnetlink(7) may wait for a lock that is one for
 * all network namespaces. */
enum {
	JOB_SHORT_DEADLINE_MS = 150,
	JOB_DEADLINE_MS = 300,
	JOB_NET_DEADLINE_MS = 500,
	JOB_INSIDE_DEADLINE_MS = 500,
	JOB_LONG_DEADLINE_MS = 2000,
};

/* Drops all other capabilities, and sets no_new_privs. Of those in `keep` the permitted ones are
 * effective then. Returns 0 or a negative errno. */
_must_check_ int privileged_keep_capabilities(const int *keep, size_t n);

/* What jobs check of a descriptor in a request, beside request_check.h. A directory of a process is
 * that of a thread, too. All return 0, or a negative errno: -EBADF if it is something else. */

/* A namespace of that type (CLONE_NEW*); not a pidfd, which setns(2) takes, too. */
_must_check_ int privileged_check_ns(int fd, int type);

/* The root of procfs. */
_must_check_ int privileged_check_proc(int fd);

/* The directory of a process in procfs. -ESRCH: that has ended. */
_must_check_ int privileged_check_process(int fd);

/* 0 if the process has CAP_SYS_ADMIN in the initial user and PID namespaces: what the kernel
 * requires to open any namespace by its file handle. -EPERM: it has not; another negative errno
 * (such as -EMFILE): that could not be found out. */
_must_check_ int privileged_check_sees_all(void);

/* Adds a record for each mount namespace that there is, as mount_ns_list gives them. Returns 0 or a
 * negative errno. */
_must_check_ int mount_ns_add_all(struct job_records *records);

/* The list in such records, which the caller frees. */
struct kernel_mount_ns *mount_ns_parse(struct kernel *k, const char *bytes, size_t len,
        size_t *ret_n) __attribute__((returns_nonnull));

/* Opens a namespace by its file handle (open_by_handle_at(2)). Returns a descriptor or a negative
 * errno; -EOPNOTSUPP: before Linux 6.18; -EPERM: with `may_see_all` false, it is gone or this
 * process may not see it: the kernel gives ESTALE for both. */
_must_check_ int ns_keys_open_handle(const struct nsfs_uapi_handle *nsfs, bool may_see_all);

/* Opens the event of a CPU with the least right that is enough: only CAP_PERFMON is effective then,
 * or only CAP_SYS_ADMIN, if they are permitted. Returns a descriptor, or a negative errno (-ENODEV:
 * it is not online; -EINVAL: there is none of that number). */
_must_check_ int events_open_cpu(uint32_t cpu);

/* Opens the events of one CPU in that way, and closes them; all permitted capabilities are
 * effective then. Returns 0 or a negative errno, as kernel_ops->events_open does. */
_must_check_ int events_probe(void);

/* Enters the network namespace, which needs CAP_SYS_ADMIN here and in its owner, unless it is that
 * of this process, and then gives up all capabilities. Returns 0 or a negative errno. */
_must_check_ int privileged_enter_net(int ns);

/* Opens our own directory of descriptors, while /proc is still the one of the helper. Returns a
 * descriptor or a negative errno; -EOPNOTSUPP: there is none. */
_must_check_ int privileged_own_fds(void);

/* --- a reply for each item ------------------------------------------------------------------- */

struct job_item {
	uint32_t index;
	int32_t error; /* 0: a descriptor comes with the reply; else a negative errno */
};

/* Replies for item `index` with `fd_or_error`: a descriptor, which is closed, or a negative errno.
 * Returns 0, or the negative errno of helper_send_reply. */
_must_check_ int privileged_reply(int replies, size_t index, int fd_or_error);

/* --- many records in a reply ----------------------------------------------------------------- */

struct job_records {
	int replies;
	size_t len;
	char bytes[HELPER_REPLY_MAX];
};

/* Adds a record, and `len` bytes of text behind it; sends what is there if it is full. A record
 * that is too long for a reply is left out. Returns 0 or a negative errno. */
_must_check_ int privileged_records_add(
        struct job_records *records, const void *record, size_t size, const char *text, size_t len);

/* Sends the rest, and then a struct job_item with `error` (0: these were all records).
 * Returns the exit status of the job. */
_must_check_ int privileged_records_finish(struct job_records *records, int error);

/* --- the request of ns_mounted_job ----------------------------------------------------------- */

/* One item; behind it the `length` bytes of the mount point. The descriptor of the request is where
 * to begin: the directory of a process, or a mount namespace. */
struct job_mounted {
	int32_t type; /* CLONE_NEW* */
	uint16_t length;
	uint8_t is_mount_ns, is_own; /* the same in all items of a request */
	uint64_t ino;
};

/* --- events ---------------------------------------------------------------------------------- */

/* For tests: `k` (of kernel_linux_new) opens events only on CPUs below that number from now on, as
 * if the others were not online. */
void events_set_end(struct kernel *k, unsigned end);

/* --- container_files_job --------------------------------------------------------------------- */

/* What the job does, with the files below `root`: "/" in the program. A test has a job of its own,
 * with another directory, and makes `k` (of kernel_linux_new) use that after
 * kernel_linux_set_helper.
 */
void container_files_set_job(struct kernel *k, const struct helper_job *job);
int container_files_run(const char *root, const struct helper_request *request, int replies);
