/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"
#include "privsep/helper_job.h"

#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* What is sent over a channel of the helper (a SOCK_SEQPACKET socket), between helper.c and
 * helper_serve.c. To the helper: as much of struct helper_message as the request fills, with the
 * job's end of the socket for replies and then the request's descriptors. Back: struct
 * helper_exit. */

struct helper_message {
	alignas(8) uint32_t request_id;
	uint32_t job;     /* index in the table of jobs */
	uint32_t n_stuck; /* jobs of other helpers that are stuck (helper_set_stuck) */
	alignas(8) char bytes[HELPER_REQUEST_MAX];
};

#define HELPER_MESSAGE_HEAD offsetof(struct helper_message, bytes)

enum {
	HELPER_CHANNELS = 2,
	HELPER_RESPONSE_MS = 1000, /* how long to wait if it does not respond, being stopped */
	HELPER_CHECK_MS = 100,     /* how often it is checked, meanwhile, whether it is stopped */
	HELPER_GRACE_MS = 50,      /* from SIGKILL until a job is abandoned as stuck */
	HELPER_BUSY_MS = 3000,     /* more time for a job that is runnable at its deadline ... */
	HELPER_BUSY_STEP_MS = 50,  /* ... and each time this has passed */
	HELPER_RUNNING_MAX = 256,  /* jobs at once; more requests wait in the socket */
	HELPER_COULD_NOT_START = 255, /* exit status of a job that never ran */
};

/* Serves requests until the first channel is closed, or SIGTERM; in the forked process. `sockets`
 * are its ends of the channels. */
_noreturn_ void helper_serve(const int sockets[static HELPER_CHANNELS],
        const struct helper_job *const *jobs, size_t n_jobs, const struct helper_setup *setup);

/* --- messages with descriptors (SCM_RIGHTS of unix(7)) ---------------------------------------- */

/* Descriptors in one message: the socket for replies goes first. */
enum { HELPER_PROTOCOL_FDS_MAX = HELPER_FDS_MAX + 1 };

/* The descriptors of a message that was received, close-on-exec. */
struct passed_fds {
	int fds[HELPER_PROTOCOL_FDS_MAX];
	size_t n;
	bool is_cut; /* the message had more bytes or descriptors than there was room for */
};

/* Sends one message with at most HELPER_PROTOCOL_FDS_MAX descriptors, which stay the caller's.
 * Waits if the socket is blocking and full. Returns 0 or a negative errno (-EPIPE: the other end is
 * closed). */
_must_check_ int helper_protocol_send(
        int socket, const void *bytes, size_t len, const int *fds, size_t n_fds);

/* Receives one message without waiting. Returns its length; 0 if the other end is closed and
 * nothing is left, or the message is empty; or a negative errno (-EAGAIN: no message yet). The
 * descriptors are the caller's; with 0 there are none. */
_must_check_ ssize_t helper_protocol_receive(
        int socket, void *bytes, size_t size, struct passed_fds *ret);

/* --- processes -------------------------------------------------------------------------------- */

/* Opens stat of a child in /proc. Returns a descriptor, which the caller closes; negative: /proc
 * does not show the child. */
int helper_protocol_open_stat(pid_t child);

/* By such a descriptor, or a negative number: true if the state of the child is R: it waits for
 * nothing but a CPU, since the machine is busy; or t: strace(1) has stopped it. False if that is
 * not known. Opens nothing. */
bool helper_protocol_is_runnable(int stat);
