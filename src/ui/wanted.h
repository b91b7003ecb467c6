/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "ui/tags.h"
#include "view/names.h"

/* Users whose names are to be looked up: each is asked for once. */

struct wanted {
	struct tags asked; /* UIDs */
	uid_t *queue;
	size_t first;
	size_t n;
	size_t capacity;
};

void wanted_release(struct wanted *wanted);

/* Wants the name of `uid`, unless it is known or was wanted before. */
void wanted_add(struct wanted *wanted, const struct names *names, uid_t uid);

/* The owners of all user namespaces, and the user who looks. */
void wanted_add_model(struct wanted *wanted, const struct names *names, const struct model *model);

/* The next one: false when there is none. */
bool wanted_next(struct wanted *wanted, uid_t *ret_uid);

bool wanted_is_empty(const struct wanted *wanted);
