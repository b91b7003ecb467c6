/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "privsep/helper.h"

#include <stddef.h>

/* What goes over the helper's socket, SOCK_SEQPACKET. There: as much of struct helper_message as
 * the request fills, with the job's end of the answer socket and then the request's descriptors.
 * Back: struct helper_word. Only for the files helper*.c. */

struct helper_message {
	uint32_t ticket;
	uint32_t job;
	char bytes[HELPER_REQUEST_MAX];
};

#define HELPER_MESSAGE_HEAD offsetof(struct helper_message, bytes)

enum {
	HELPER_CHANNELS = 2,
	HELPER_GRACE_MS = 200,                  /* from SIGKILL until a job is called stuck */
	HELPER_BUSY_MS = 3000,                  /* more for a job that only lacks a CPU, ... */
	HELPER_BUSY_STEP_MS = 50,               /* as long as it is seen to do, this often */
	HELPER_RUNNING_MAX = 256,               /* jobs at once; more requests wait in the socket */
	HELPER_RIGHTS_MAX = HELPER_FDS_MAX + 1, /* in one message */
	HELPER_COULD_NOT_START = 255,           /* exit status of a job that never ran */
};

/* The helper's whole life, in the forked process. `sockets` are its ends of all channels; it ends
 * with the first one. */
_noreturn_ void helper_serve(
        const int sockets[static HELPER_CHANNELS], const struct helper_job *jobs, size_t n_jobs);

/* The descriptors of a message as it came. */
struct helper_rights {
	int fds[HELPER_RIGHTS_MAX];
	size_t n;
	bool is_cut; /* it had more bytes or descriptors */
};

/* Sends one message, at most HELPER_RIGHTS_MAX descriptors with it. Returns 0 or a negative errno;
 * -EPIPE: nobody is there any more. */
_must_check_ int helper_send_rights(
        int socket, const void *bytes, size_t len, const int *fds, size_t n_fds);

/* Takes one without waiting. Returns its length (0: none will come any more), or a negative
 * errno. */
_must_check_ ssize_t helper_receive_rights(
        int socket, void *bytes, size_t size, struct helper_rights *ret);

/* When a helper that has not said by now how a job of the table ended will not say it any more, in
 * the time of monotonic_ms(). */
int64_t helper_last_moment(const struct helper *helper, unsigned job);

/* Whether a job of ours, in whose process this is called, waits for nothing but a CPU. */
bool helper_is_running(pid_t job);
