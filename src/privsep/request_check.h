/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "privsep/helper_job.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What jobs check of a request. Its sender may be an attacker: the process that reads names of
 * other users, and snapshots. */

/* True if the request has exactly so many bytes and descriptors. */
bool request_check_size(const struct helper_request *request, size_t len, size_t n_fds);

/* Returns the text that is the rest of the request from byte `at` on: at most `max` characters, and
 * NUL at its end and nowhere else. NULL: it is something else. */
const char *request_check_text(const struct helper_request *request, size_t at, size_t max);

/* True if this is a memory file (memfd_create(2)) of at most `max` bytes: reading it waits for no
 * file system, and writing it changes no file. */
bool request_check_memory(int fd, uint64_t max);
