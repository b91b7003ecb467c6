/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* What was typed into a prompt before, for Up and Down. */

enum { HISTORY_MAX = 50 };

struct prompt_history {
	char *all[HISTORY_MAX]; /* the oldest first */
	size_t n;
	size_t at;   /* the one that is shown; n: what is being typed */
	char *typed; /* that, while another one is shown; NULL: none is */
};

void prompt_history_release(struct prompt_history *history);

/* Remembers `text` as the newest, once. */
void prompt_history_add(struct prompt_history *history, const char *text);

/* A prompt opens: nothing is shown yet. */
void prompt_history_begin(struct prompt_history *history);

/* The one before (or, with `is_newer`, behind) the one that is shown; `typed` is what stands in the
 * prompt, and comes back behind the newest. NULL if there is none. Valid until the next call. */
const char *prompt_history_step(struct prompt_history *history, bool is_newer, const char *typed);
