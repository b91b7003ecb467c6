/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The operations of kernel.h that need more rights than this process has, or that may wait for
 * ever: jobs of the helper do them. Each file of this folder has an operation, and below it the job
 * that it starts.
 *
 * All operations return -EOPNOTSUPP without a helper, and if their job is not in its table. */

#include "base/u64.h"
#include "kernel/kernel.h"
#include "privsep/helper.h"

#include <pthread.h>

/* The connection to the helper. */
struct privileged {
	struct helper *channel;
	pthread_mutex_t mutex; /* for the channel, and for the rest of the struct */
	/* Inode numbers of mount namespaces in which a job hung until its deadline: no other job
	 * is started there. */
	struct u64_set hung;
};

struct privileged *privileged_new(struct helper *channel) __attribute__((returns_nonnull));
void privileged_free(struct privileged *privileged);

/* --- jobs, for the table of the helper ------------------------------------------------------- */

extern const struct helper_job ns_keys_job, ns_mounted_job, ns_mounted_mountinfo_job,
        mount_ns_list_job, mount_ns_open_job, mount_ns_mounts_job, socket_ns_job, cmdlines_job,
        features_job;

/* All of them. */
enum { PRIVILEGED_JOBS = 9 };
extern const struct helper_job *const privileged_jobs[PRIVILEGED_JOBS];

/* --- operations (kernel.h) ------------------------------------------------------------------- */

int ns_keys_open(
        struct kernel *k, const struct nsrel_key *keys, const int *types, size_t n, int *ret_ns);
int ns_mounted_open(struct kernel *k, struct kernel_mounted *items, size_t n);
int ns_mounted_mountinfo(struct kernel *k, int mount_ns, char **ret, size_t *ret_len);
int mount_ns_list(struct kernel *k, struct kernel_mount_ns **ret, size_t *ret_n);
int mount_ns_open(struct kernel *k, uint64_t id);
int mount_ns_mounts(struct kernel *k, uint64_t id, struct kernel_ns_mount **ret, size_t *ret_n);
int socket_ns_read(struct kernel *k, struct kernel_socket *items, size_t n);
int cmdlines_read(struct kernel *k, struct kernel_cmdline *items, size_t n, kernel_cmdline_fn *take,
        void *data);
void features_read(struct kernel *k, struct kernel_features *ret);

/* --- what the operations share --------------------------------------------------------------- */

/* True if there is a helper with that job. `privileged` may be NULL. */
bool privileged_has(const struct privileged *privileged, const struct helper_job *job);

/* helper_call_all with one request. Returns its result, -EOPNOTSUPP if `privileged` is NULL. */
_must_check_ int privileged_call(struct privileged *privileged, const struct helper_job *job,
        const struct helper_request *request, helper_reply_fn *receive, void *data);

/* The same for a job that sends one reply by job_reply. Returns the descriptor in it
 * (close-on-exec, the caller's), or a negative errno. */
_must_check_ int privileged_call_fd(struct privileged *privileged, const struct helper_job *job,
        const struct helper_request *request);

/* Reads a reply of job_reply for one of `n` items: its number. -EBADMSG: it is none. */
_must_check_ int privileged_item_index(const struct helper_reply *reply, size_t n, size_t *ret);

/* Takes the descriptor of such a reply, or the negative errno in it. */
_must_check_ int privileged_item_fd(const struct helper_reply *reply);

/* Closes the descriptors of a reply. */
void privileged_close_fds(const struct helper_reply *reply);
