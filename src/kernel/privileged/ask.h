/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* How the operations of kernel_privileged.h ask the helper. Only for the files ask_*.c. */

#include "kernel/kernel_linux.h"
#include "kernel/privileged/privileged_wire.h"
#include "privsep/helper.h"

#include <pthread.h>

struct privileged {
	struct helper *channel;
	pthread_mutex_t mutex; /* for the channel, and for what follows */
	uint64_t *hung; /* inodes of mount namespaces in which a job hung: never asked again */
	size_t n_hung, hung_capacity;
};

/* With the mutex held. Inode 0 is none. */
bool ask_has_hung(const struct privileged *privileged, uint64_t mount_ns);
void ask_note_hung(struct privileged *privileged, uint64_t mount_ns);

/* One request, as helper_call_all; returns its end, -EOPNOTSUPP without a helper (NULL). */
_must_check_ int ask_one(struct privileged *privileged, enum privileged_job job,
        const struct helper_request *request, helper_reply_fn *take, void *data);

/* The same for a job that gives one wire_answer: the handle in it, or a negative errno. */
_must_check_ int ask_handle(struct privileged *privileged, enum privileged_job job,
        const struct helper_request *request);

/* True if that is a wire_answer, and of one of `n` items. */
_must_check_ bool ask_read(const struct helper_reply *answer, size_t n, struct wire_answer *ret);

/* The error in it, or else the descriptor that came with it. */
_must_check_ int ask_result(const struct wire_answer *text, const struct helper_reply *answer);

/* Closes what came with it. */
void ask_drop(const struct helper_reply *answer);
