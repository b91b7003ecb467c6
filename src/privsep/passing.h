/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Messages with descriptors over a Unix socket (SCM_RIGHTS of unix(7)). */

enum { PASSING_FDS_MAX = 5 }; /* descriptors in one message */

/* The descriptors of a message that was received, close-on-exec. */
struct passed_fds {
	int fds[PASSING_FDS_MAX];
	size_t n;
	bool is_cut; /* the message had more bytes or descriptors than there was room for */
};

/* Sends one message with at most PASSING_FDS_MAX descriptors, which stay the caller's. Waits if the
 * socket is blocking and full. Returns 0 or a negative errno (-EPIPE: the other end is closed). */
_must_check_ int passing_send(
        int socket, const void *bytes, size_t len, const int *fds, size_t n_fds);

/* Receives one message without waiting. Returns its length, 0 if the other end is closed and
 * nothing is left, or a negative errno (-EAGAIN: no message yet). The descriptors are the
 * caller's. */
_must_check_ ssize_t passing_receive(int socket, void *bytes, size_t size, struct passed_fds *ret);
