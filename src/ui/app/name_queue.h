/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/u64_set.h"
#include "view/names.h"

/* Users whose names are to be looked up: each is asked for once. */

struct name_queue {
	struct u64_set asked; /* UIDs */
	uid_t *uids;
	size_t first;
	size_t n;
	size_t capacity;
};

void name_queue_release(struct name_queue *queue);

/* Wants the name of `uid`, unless it is known or was wanted before. */
void name_queue_add(struct name_queue *queue, const struct names *names, uid_t uid);

/* The owners of all user namespaces, and the user who looks. */
void name_queue_add_model(
        struct name_queue *queue, const struct names *names, const struct model *model);

/* The next one: false when there is none. */
bool name_queue_next(struct name_queue *queue, uid_t *ret_uid);

bool name_queue_is_empty(const struct name_queue *queue);
