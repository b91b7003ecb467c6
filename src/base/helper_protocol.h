/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/helper.h"

#include <stddef.h>

/* What goes over the helper's socket, SOCK_SEQPACKET. There: as much of struct helper_message as
 * the request fills, with the job's end of the answer socket and then the request's descriptors.
 * Back: struct helper_word. Only for helper.c and helper_serve.c. */

struct helper_message {
	uint32_t ticket;
	uint32_t job;
	char bytes[HELPER_REQUEST_MAX];
};

#define HELPER_MESSAGE_HEAD offsetof(struct helper_message, bytes)

enum {
	HELPER_GRACE_MS = 200,        /* from SIGKILL until a job is called stuck */
	HELPER_RUNNING_MAX = 256,     /* jobs at once; more requests wait in the socket */
	HELPER_COULD_NOT_START = 255, /* exit status of a job that never ran */
};

/* The helper's whole life, in the forked process. */
_noreturn_ void helper_serve(int socket, const struct helper_job *jobs, size_t n_jobs);

/* CLOCK_MONOTONIC. */
int64_t helper_now_ms(void);
