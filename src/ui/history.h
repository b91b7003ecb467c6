/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* What was typed into a prompt before, for Up and Down. */

enum { HISTORY_MAX = 50 };

struct history {
	char *all[HISTORY_MAX]; /* the oldest first */
	size_t n;
	size_t at;   /* the one that is shown; n: what is being typed */
	char *typed; /* that, while another one is shown; NULL: none is */
};

void history_release(struct history *history);

/* Remembers `text` as the newest, once. */
void history_add(struct history *history, const char *text);

/* A prompt opens: nothing is shown yet. */
void history_begin(struct history *history);

/* The one before (or, with `is_newer`, behind) the one that is shown; `typed` is what stands in the
 * prompt, and comes back behind the newest. NULL if there is none. Valid until the next call. */
const char *history_step(struct history *history, bool is_newer, const char *typed);
