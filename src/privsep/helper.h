/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"
#include "privsep/helper_job.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The helper: a process with one thread, forked before anything else, that keeps the rights the
 * program was started with and runs the jobs of a fixed table. Each job is a process of its own
 * with a deadline, so that one that waits for ever delays no other. Its replies come on a socket of
 * its own; its exit notice comes from the helper. (A job has not always ended at EOF on the socket
 * for replies, and one that is stuck in state D causes no EOF.)
 *
 * There are two ways to run a job: helper_call and helper_call_all wait for its end;
 * helper_start_job starts one, and helper_poll gives the exit notices that have come. */

struct helper;

/* Forks the helper (a session of its own, all other descriptors closed) with these jobs. Call
 * before any thread exists and before rights are given up; the jobs must stay valid, `jobs` and
 * `setup` need not. With setup NULL nothing is fixed, and there is no sandbox. Returns 0 and the
 * helper, or a negative errno (-EAGAIN: no process could be started). */
_must_check_ int helper_start(const struct helper_job *const *jobs, size_t n_jobs,
        const struct helper_setup *setup, struct helper **ret);

/* The helper of a program that cannot start one. It has no process: each of its jobs fails with
 * -EPIPE. */
struct helper *helper_none(const struct helper_job *const *jobs, size_t n_jobs)
        __attribute__((returns_nonnull));

/* Ends the helper and all jobs but stuck ones, and waits for that. (They end by themselves when
 * this process ends, for whatever reason: its end of the first channel is closed then.) NULL is
 * ignored. */
void helper_stop(struct helper *helper);

/* A second channel to the same helper, with request ids and exit notices of its own, for another
 * thread: a struct helper may be used by one thread at a time. Freed by helper_stop(helper). */
struct helper *helper_channel(struct helper *helper) __attribute__((returns_nonnull));

/* The process ID of the helper; 0 if it has no process. */
pid_t helper_pid(const struct helper *helper);

/* True if the helper is stopped (SIGSTOP), has ended, or did not respond for seconds although it
 * had a CPU. Nothing waits for a stopped one: it counts as ended until it is continued. */
bool helper_is_stopped(const struct helper *helper);

/* True if the helper waits for nothing but a CPU (helper_protocol_is_runnable); false if /proc did
 * not show it when it was started. */
bool helper_is_runnable(const struct helper *helper);

/* Makes it count as ended from now on. */
void helper_set_lost(struct helper *helper);

/* True if this job is in the table of the helper. */
bool helper_has_job(const struct helper *helper, const struct helper_job *job);

/* How many jobs of other helpers are stuck on this host, as far as is known: so many fewer of the
 * jobs that may get stuck are started from this channel at once. */
void helper_set_stuck(struct helper *helper, size_t n);

/* --- start and poll -------------------------------------------------------------------------- */

/* A job that was started. */
struct helper_pending {
	uint32_t request_id;
	/* The socket for its replies: close-on-exec, non-blocking, the caller's. */
	int replies;
};

/* Starts `job`. The descriptors of the request stay the caller's. Returns 0 and what to wait for,
 * or a negative errno (-EPIPE: the helper has ended; -EAGAIN: its queue was full for a second;
 * -EMSGSIZE: too many bytes; -EINVAL: too many descriptors; -EOPNOTSUPP: the helper has no such
 * job). helper_stop kills the job. */
_must_check_ int helper_start_job(struct helper *helper, const struct helper_job *job,
        const struct helper_request *request, struct helper_pending *ret);

/* Descriptor that is readable when an exit notice is pending; negative if there is no process. */
int helper_fd(const struct helper *helper);

/* Gives the next exit notice, without waiting: 1 and the notice, or 0. After the helper has ended:
 * 1 and HELPER_LOST, each time. */
_must_check_ int helper_poll(struct helper *helper, struct helper_exit *ret);

/* True if this is the exit notice of that job, or HELPER_LOST. */
bool helper_is_exit_of(const struct helper_exit *notice, const struct helper_pending *pending);

/* The result of that job, see below. */
int helper_result(const struct helper_exit *notice);

/* After the exit notice of a job: receives its first reply and closes pending->replies. Arguments
 * and result are those of helper_call. */
_must_check_ ssize_t helper_finish_job(const struct helper_exit *notice,
        struct helper_pending *pending, void *reply, size_t size, int *ret_fd);

/* --- call ------------------------------------------------------------------------------------ */

/* The result of a job: 0 if it exited with status 0; -ETIMEDOUT: it was killed at its deadline, or
 * is stuck; -EBUSY: it was not started, see may_get_stuck and helper_call_all; -EPIPE: the helper
 * has ended or was stopped; -EAGAIN: the helper could not start a process; -EIO: another status or
 * signal; or the error of helper_start_job. */

/* Runs `job` and waits for its end. The first reply, cut to `size` bytes, goes to `reply`, its
 * first descriptor to *ret_fd (close-on-exec, the caller's; -EBADF: none), others are closed; with
 * NULL all are. Returns the length of the reply, however the job ended; without one the result.
 * Exit notices of other jobs on this channel are dropped. */
_must_check_ ssize_t helper_call(struct helper *helper, const struct helper_job *job,
        const struct helper_request *request, void *reply, size_t size, int *ret_fd);

/* Called with each reply to request number `request`. The descriptors are the callee's; there are
 * fewer than were sent if this process may open no more. */
typedef void helper_reply_fn(void *data, size_t request, const struct helper_reply *reply);

/* Runs the same job once for each request, all at the same time, and waits for the end of all. That
 * takes no longer than one job may. Of jobs that may get stuck HELPER_STUCK_MAX run at a time, and
 * no more are started after one was not done at its deadline: the result of the rest is -EBUSY.
 * ret_results gets the result of each, whether it sent replies or not. Exit notices of other jobs
 * on this channel are dropped. */
void helper_call_all(struct helper *helper, const struct helper_job *job,
        const struct helper_request *requests, size_t n, helper_reply_fn *receive, void *data,
        int *ret_results);

/* --- in a job -------------------------------------------------------------------------------- */

/* Sends a reply; its descriptors stay the caller's. Returns 0 or a negative errno (-EPIPE: the
 * client has closed the socket; -EINVAL, -EMSGSIZE: too many descriptors or bytes). */
_must_check_ int helper_send_reply(int replies, const struct helper_reply *reply);
