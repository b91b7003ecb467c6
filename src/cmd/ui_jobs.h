/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "privsep/helper.h"
#include "ui/app/app.h"

#include <stdbool.h>

/* What the helper does for the app while the screen stands: files saved, file names completed,
 * names of users. At most one job of each kind is under way; what becomes of it is told to the app
 * as an event. All functions return the effects that the app answers with. */

struct ui_jobs {
	struct helper *helper;
	struct app *app;
	bool is_lost; /* the helper has ended */
	unsigned effects;
	struct helper_pending drawing; /* by dot; then it is saved: (replies: -EBADF if none) */
	char path[4096];
	bool is_replacing;
	struct helper_pending saving;
	struct helper_pending completing;
	struct helper_pending naming;
	struct helper_pending configuring;
};

/* None yet. `helper` and `app` must outlive them. */
void ui_jobs_init(struct ui_jobs *jobs, struct helper *helper, struct app *app);
void ui_jobs_release(struct ui_jobs *jobs);

/* What to poll for words of the helper; -1 when none will come. */
int ui_jobs_fd(const struct ui_jobs *jobs);

/* True while something is under way that the user asked for: a file, or its name. */
bool ui_jobs_is_awaited(const struct ui_jobs *jobs);

/* For EFFECT_SAVE, EFFECT_GIVE_UP, EFFECT_COMPLETE, EFFECT_NAMES and EFFECT_CONFIG. */
unsigned ui_jobs_save(struct ui_jobs *jobs);
unsigned ui_jobs_give_up(struct ui_jobs *jobs);
unsigned ui_jobs_complete(struct ui_jobs *jobs);
unsigned ui_jobs_ask_names(struct ui_jobs *jobs);
unsigned ui_jobs_write_config(struct ui_jobs *jobs);

/* Takes all words of the helper that are there. */
unsigned ui_jobs_take_words(struct ui_jobs *jobs);
