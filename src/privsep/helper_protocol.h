/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"
#include "privsep/helper_job.h"
#include "privsep/passing.h"

#include <stdalign.h>
#include <stddef.h>

/* What is sent over a channel of the helper (a SOCK_SEQPACKET socket), between helper.c and
 * helper_serve.c. To the helper: as much of struct helper_message as the request fills, with the
 * job's end of the socket for replies and then the request's descriptors. Back: struct
 * helper_exit. */

struct helper_message {
	alignas(8) uint32_t request_id;
	uint32_t job; /* index in the table of jobs */
	char bytes[HELPER_REQUEST_MAX];
};

#define HELPER_MESSAGE_HEAD offsetof(struct helper_message, bytes)

_Static_assert(HELPER_FDS_MAX + 1 == (int)PASSING_FDS_MAX, "the socket for replies goes first");

enum {
	HELPER_CHANNELS = 2,
	HELPER_GRACE_MS = 200,        /* from SIGKILL until a job is abandoned as stuck */
	HELPER_BUSY_MS = 3000,        /* more time for a job that is runnable at its deadline ... */
	HELPER_BUSY_STEP_MS = 50,     /* ... and each time this has passed */
	HELPER_RUNNING_MAX = 256,     /* jobs at once; more requests wait in the socket */
	HELPER_COULD_NOT_START = 255, /* exit status of a job that never ran */
};

/* Serves requests until the first channel is closed, or SIGTERM; in the forked process. `sockets`
 * are its ends of the channels. */
_noreturn_ void helper_serve(const int sockets[static HELPER_CHANNELS],
        const struct helper_job *const *jobs, size_t n_jobs);
