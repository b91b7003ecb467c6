/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The helper: one single-threaded process, forked first of all, that keeps the rights the
 * program started with and serves a fixed table of jobs. Each job is a fork of its own with a
 * deadline, so that what hangs hangs alone; its answer comes on a socket of its own, and the
 * helper's word (ended, killed, stuck) on the helper's socket: a job in state D keeps its end
 * open, so waiting for EOF alone could take for ever. */

enum {
	HELPER_REQUEST_MAX = 16 * 1024, /* bytes of one request */
	HELPER_FDS_MAX = 4,             /* descriptors that go with it, or with an answer */
};

struct helper_request {
	const void *bytes; /* what the caller sent; a copy in the job's memory */
	size_t len;
	const int *fds; /* descriptors the caller sent; the job closes or keeps them */
	size_t n_fds;
};

/* One row of the table. `run` is called in a process of its own (no descriptors but 0, 1, 2, the
 * ones of the request, and `answer`, a blocking SOCK_SEQPACKET socket); what it returns (0 to
 * 255) is its exit status. 0 and 1 are /dev/null, 2 is what we were started with unless that is a
 * terminal. Signals are as a new program finds them: send() with MSG_NOSIGNAL, for whoever asked
 * may be gone. It leads a process group, and what it leaves running there ends with it. The kernel
 * kills it when the helper dies (PR_SET_PDEATHSIG), but forgets that when it changes its user or
 * group: then it is to be set again (prctl(2)). */
struct helper_job {
	const char *name; /* of the process, 15 bytes */
	/* Then SIGKILL, and 200 ms later it is called stuck and abandoned. One that waits for
	 * nothing but a CPU then, on a busy machine, has up to 3 s more. */
	unsigned deadline_ms;
	int (*run)(const struct helper_request *request, int answer);
};

enum helper_end {
	HELPER_ENDED,  /* exited by itself: status is its exit status, 255 if it never started */
	HELPER_KILLED, /* by a signal, or past its deadline: status is the signal */
	HELPER_STUCK,  /* did not die in time; abandoned */
	HELPER_LOST,   /* the helper itself is gone */
};

struct helper_word {
	uint32_t ticket;
	enum helper_end end;
	int status;
};

struct helper;

/* Forks the helper (a session of its own, all other descriptors closed). Call before any thread
 * exists and before rights are given up; `jobs` must stay valid. Returns 0 and the helper, or a
 * negative errno. */
_must_check_ int helper_start(const struct helper_job *jobs, size_t n_jobs, struct helper **ret);

/* Ends it and all its jobs but stuck ones, and waits for that. (It also ends by itself when our
 * end of the socket closes, however we end.) NULL is fine. */
void helper_stop(struct helper *helper);

/* A second channel to the same helper, with its words and tickets of its own, for one other thread:
 * no struct helper is ever used by two threads at once. It ends with `helper`, and is not to be
 * stopped itself. */
struct helper *helper_channel(struct helper *helper) __attribute__((returns_nonnull));

/* Its process ID, so that a scan can tell it from strangers. */
pid_t helper_pid(const struct helper *helper);

/* To be polled for reading: a word has come. */
int helper_fd(const struct helper *helper);

/* Starts job number `job` of the table. The descriptors in `request->fds` are lent. Returns 0,
 * the ticket that its word will carry, and the socket to read the answer from (close-on-exec,
 * non-blocking, the caller's), or a negative errno (-EPIPE: the helper is gone; -EAGAIN: it takes
 * no more, after a second; -EMSGSIZE, -EINVAL: too many bytes, too many descriptors or no such
 * job). The job may be killed as soon as helper_stop is called. */
_must_check_ int helper_ask(struct helper *helper, unsigned job,
        const struct helper_request *request, uint32_t *ret_ticket, int *ret_answer);

/* Takes the next word, without waiting: 1 and the word, 0 if there is none. Words of tickets that
 * nobody waits for may simply be dropped. When the helper is gone: 1 and HELPER_LOST each time. */
_must_check_ int helper_next_word(struct helper *helper, struct helper_word *ret);

/* Asks and waits, for programs without a loop: up to `size` bytes of the first answer go to
 * `answer`; what the job does after it is not waited for. Returns their number, 0 if the job ended
 * without one, -ETIMEDOUT (killed by whatever signal, or stuck), -EPIPE (helper gone) or another
 * negative errno. Do not mix with words being waited for: those of others are dropped. */
_must_check_ ssize_t helper_call(struct helper *helper, unsigned job,
        const struct helper_request *request, void *answer, size_t size);

/* Called with each answer that came for request number `request`. The descriptors are the callee's;
 * there are fewer than were sent when we may have no more. */
typedef void helper_take_fn(void *data, size_t request, const struct helper_request *answer);

/* Asks for the same job once for each request, all at once, and waits until all have ended or could
 * have been called stuck: no longer than one alone, if the helper is well. ret_ends has one result
 * for each: 0 (the job ended by itself with status 0), -ETIMEDOUT (killed, or stuck), -EIO (another
 * status or signal), or what helper_ask says. Words of others are dropped, as above. */
void helper_call_all(struct helper *helper, unsigned job, const struct helper_request *requests,
        size_t n, helper_take_fn *take, void *data, int *ret_ends);

/* Takes an answer that has come to the socket that helper_ask gave, without waiting, and the first
 * descriptor with it (close-on-exec, the caller's; -EBADF: there was none). Returns its length, 0
 * if none will come any more, or a negative errno (-EAGAIN: none has come). */
_must_check_ ssize_t helper_take_answer(int answer, void *bytes, size_t size, int *ret_fd);

/* For a job: sends one answer, `answer->bytes` (not empty) and with it `answer->fds`, which are
 * lent. Returns 0 or a negative errno (-EPIPE: nobody wants it any more). */
_must_check_ int helper_answer(int socket, const struct helper_request *answer);
