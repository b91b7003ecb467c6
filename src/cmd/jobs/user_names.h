/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"
#include "privsep/helper.h"
#include "view/names.h"

#include <stddef.h>
#include <sys/types.h>

/* The job that looks up the names of users (getpwuid(3)), which may ask a server. */

enum { USER_NAMES_MAX = 64 }; /* in one request */

extern const struct helper_job user_names_job;

/* Starts to look up the names of at most USER_NAMES_MAX users. Returns as helper_start_job. */
_must_check_ int user_names_start(
        struct helper *helper, const uid_t *uids, size_t n, struct helper_pending *ret);

/* Reads the reply after the exit notice, and closes pending->replies: calls `take` for each user;
 * `name` is NULL if there is none. */
void user_names_finish(const struct helper_exit *notice, struct helper_pending *pending,
        void (*take)(void *data, uid_t uid, const char *name), void *data);

/* Looks up any number of names, adds them to `names`, and waits. A user whose name cannot be looked
 * up stays a number. */
void user_names_now(struct helper *helper, const uid_t *uids, size_t n, struct names *names);
