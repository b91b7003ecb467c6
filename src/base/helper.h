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
	HELPER_FDS_MAX = 4,             /* descriptors that go with it */
};

struct helper_request {
	const void *bytes; /* what the caller sent; a copy in the job's memory */
	size_t len;
	const int *fds; /* descriptors the caller sent; the job closes or keeps them */
	size_t n_fds;
};

/* One row of the table. `run` is called in a process of its own (no descriptors but 0, 1, 2, the
 * ones of the request, and `answer`, a SOCK_SEQPACKET socket); what it returns (0 to 255) is its
 * exit status. */
struct helper_job {
	const char *name;
	unsigned deadline_ms; /* then SIGKILL; 200 ms later it is called stuck and abandoned */
	int (*run)(const struct helper_request *request, int answer);
};

enum helper_end {
	HELPER_ENDED,  /* exited by itself: status is its exit status */
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

/* Forks the helper. Call before any thread exists and before rights are given up; `jobs` must
 * stay valid. Returns 0 and the helper, or a negative errno. */
_must_check_ int helper_start(const struct helper_job *jobs, size_t n_jobs, struct helper **ret);

/* Ends it (it also ends by itself when our end of the socket closes). NULL is fine. */
void helper_stop(struct helper *helper);

/* Its process ID, so that a scan can tell it from strangers. */
pid_t helper_pid(const struct helper *helper);

/* To be polled for reading: a word has come. */
int helper_fd(const struct helper *helper);

/* Starts job number `job` of the table. The descriptors in `request->fds` are lent. Returns 0,
 * the ticket that its word will carry, and the socket to read the answer from (close-on-exec,
 * non-blocking, the caller's), or a negative errno (-EPIPE: the helper is gone). */
_must_check_ int helper_ask(struct helper *helper, unsigned job,
        const struct helper_request *request, uint32_t *ret_ticket, int *ret_answer);

/* Takes the next word, without waiting: 1 and the word, 0 if there is none. Words of tickets that
 * nobody waits for may simply be dropped. When the helper is gone: 1 and HELPER_LOST each time. */
_must_check_ int helper_next_word(struct helper *helper, struct helper_word *ret);

/* Asks and waits, for programs without a loop: up to `size` bytes of the first answer go to
 * `answer`. Returns their number, 0 if the job ended without one, -ETIMEDOUT (killed or stuck),
 * -EPIPE (helper gone) or another negative errno. Do not mix with words being waited for. */
_must_check_ ssize_t helper_call(struct helper *helper, unsigned job,
        const struct helper_request *request, void *answer, size_t size);
