/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "ui/draw/frame.h"
#include "ui/input/event.h"
#include "ui/pages/settings.h"
#include "view/hierarchy.h"
#include "view/names.h"

#include <stdbool.h>

/* The browser without a terminal: events in, state and frames out. Pure: no curses, no
 * descriptor, no clock, no /proc. */

struct app;

struct app_options {
	struct settings settings; /* as they are at first */
	bool is_collapsed;        /* what is saved, see view_options */
	bool is_ascii;   /* the terminal can show nothing else, whatever the settings are */
	bool is_by_dot;  /* what Save as proposes: Graphviz lays out an SVG */
	bool is_graph;   /* the graph is shown first */
	bool is_live;    /* false: snapshots; `r` has nothing to do */
	pid_t self;      /* our own PID, as the models have it; 0: a snapshot */
	long utc_offset; /* seconds east of UTC, for the times that are shown; 0: UTC */
	/* What the save prompt proposes, without suffix: "~/HOST-DATE-TIME". Copied. */
	const char *save_stem;
};

struct app *app_new(const struct app_options *options);
void app_free(struct app *app);

/* Handles one event; returns effects (enum effect). */
unsigned app_handle(struct app *app, const struct event *event);

/* Draws the whole screen as it is now. The caller releases the frame. */
void app_render(const struct app *app, struct frame *ret);

/* How things are shown now. */
void app_settings(const struct app *app, struct settings *ret);

/* Whether nothing but ASCII is shown: the user wants that, or the terminal can do no more. */
bool app_is_ascii(const struct app *app);

/* The user wants no refreshes now, but on `r`. */
bool app_is_paused(const struct app *app);

/* A user whose name is wanted and not asked for yet: true and the UID, once for each. */
bool app_next_uid(struct app *app, uid_t *ret_uid);

/* The process whose facts are wanted (model/process_facts.h): true once for each wish. */
bool app_next_process(struct app *app, pid_t *ret_pid, uint64_t *ret_started);

/* For EFFECT_SAVE: what to save and where to. All pointers are the app's, valid until the next
 * event. */
struct app_save {
	const char *path;          /* as typed, raw; a leading `~` is not expanded */
	const struct model *model; /* NULL before the first */
	const struct names *names;
	struct view_options view;
	bool is_ascii;
	bool is_replacing; /* an existing file may be replaced */
	bool is_by_dot;    /* Graphviz lays out an SVG */
};

void app_save(const struct app *app, struct app_save *ret);

/* For EFFECT_COMPLETE: the path as typed up to the cursor, raw. Valid until the next event. */
const char *app_complete_prefix(const struct app *app);

/* For EFFECT_COPY: one line of printable text. Valid until the next event. */
const char *app_copy_text(const struct app *app);

/* True in the first scan and after `r`: then EVENT_PROGRESS is wanted now and then. */
bool app_is_reading(const struct app *app);
