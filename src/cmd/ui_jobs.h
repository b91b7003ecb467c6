/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "export/export.h"
#include "privsep/helper.h"
#include "ui/app/app.h"

#include <stdbool.h>

/* The jobs that the helper does for the app while the screen is shown. Their results go to the app
 * as events. Of each kind at most one is pending, but several names of users are looked up at once;
 * those that could not be looked up are tried again, after pauses that grow. */

enum ui_job {
	UI_JOB_DRAW, /* a graph by dot, then saved */
	UI_JOB_SAVE,
	UI_JOB_COMPLETE,
	UI_JOB_CONFIG,
	UI_JOBS,
};

/* A helper while the screen is shown. */
struct ui_helper {
	struct helper *helper;
	bool is_lost; /* it has ended */
};

struct ui_jobs {
	/* Files are written by the second, which may be the same as the first. */
	struct ui_helper helper, writer;
	struct app *app;
	enum export_cmdlines cmdlines; /* in files */
	enum export_theme theme;       /* of files */
	unsigned effects;
	struct helper_pending
	        pending[UI_JOBS]; /* replies: -EBADF if none of that kind is pending */
	char path[4096];          /* of the file that is drawn or saved, as typed */
	bool is_replacing;        /* that file, if it exists */
	struct user_names *users; /* whose names are looked up */
	bool has_failed;          /* one of these look-ups, since the last time they began again */
	uint64_t pause;           /* ms before they begin again */
	uint64_t retry_at;        /* in monotonic ms; 0: none is planned */
	uint64_t check_at;        /* when to look whether the helper was stopped; 0: no job runs */
};

/* `helper`, `writer` (start.h) and `app` must stay valid. The caller sets `cmdlines` and `theme`.
 */
void ui_jobs_init(
        struct ui_jobs *jobs, struct helper *helper, struct helper *writer, struct app *app);
void ui_jobs_release(struct ui_jobs *jobs);

/* Descriptors that are readable when a job has ended; -1 if none will end any more, or if there is
 * no other writer. */
int ui_jobs_fd(const struct ui_jobs *jobs);
int ui_jobs_writer_fd(const struct ui_jobs *jobs);

/* True while a job is pending that the user started: not for names. */
bool ui_jobs_is_awaited(const struct ui_jobs *jobs);

/* Handles EFFECT_SAVE, EFFECT_GIVE_UP, EFFECT_COMPLETE, EFFECT_NAMES and EFFECT_CONFIG. Returns the
 * effects of the events that this sends to the app. */
unsigned ui_jobs_handle_effects(struct ui_jobs *jobs, unsigned effects);

/* Handles all exit notices that have come. Returns effects as above. */
unsigned ui_jobs_handle_exits(struct ui_jobs *jobs);

/* The monotonic time in ms at which ui_jobs_handle_time is to be called; 0: none. */
uint64_t ui_jobs_wakes_at(const struct ui_jobs *jobs);

/* If that time has come, begins to look up names again, or ends the jobs of a helper that was
 * stopped: they have failed. Returns effects as above. */
unsigned ui_jobs_handle_time(struct ui_jobs *jobs, uint64_t now_ms);
