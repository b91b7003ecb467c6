/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "ui/draw/frame.h"
#include "ui/input/event.h"
#include "ui/pages/page.h"
#include "ui/pages/settings.h"
#include "view/hierarchy.h"
#include "view/names.h"

#include <stdbool.h>

/* The browser without a terminal: events in, state and frames out. Pure: no curses, no descriptor,
 * no clock, no /proc. */

struct app;

struct app_options {
	struct settings settings; /* at the start */
	bool is_collapsed;        /* of the files that are saved, see view_options; */
	bool with_all_details;    /* likewise */
	bool is_ascii;            /* the terminal shows only ASCII, whatever the settings are */
	bool saves_cmdlines;      /* a page that is saved or copied has command lines */
	bool is_by_dot;           /* Save as proposes that Graphviz lays out an SVG */
	bool is_graph;            /* the graph is the first screen */
	bool is_live;             /* false: a snapshot, which is loaded once */
	bool reads_facts;         /* of the namespace whose page is shown (EFFECT_NS_FACTS) */
	bool reads_links;         /* the same with NS_FACTS_LINKS, without a key */
	pid_t self;               /* PID of nsbrowse in the models; 0: not in them (a snapshot) */
	long utc_offset;          /* of the times that are shown: seconds east of UTC */
	uint64_t mnt;             /* the mount namespace of VIEW_MOUNTS (view_options) */
	const char *save_stem;    /* see app_set_save_stem; NULL: not known yet */
};

struct app *app_new(const struct app_options *options);
void app_free(struct app *app);

/* Handles one event; returns effects (enum effect). */
unsigned app_handle(struct app *app, const struct event *event);

/* Sets what the save prompt proposes, without suffix: "~/HOST-DATE-TIME". Copied. */
void app_set_save_stem(struct app *app, const char *stem); /* save.c */

/* Sets what the help says of the rights of nsbrowse. They must stay valid. */
void app_set_rights(struct app *app, const struct help_row *rights, size_t n); /* pages.c */

/* Draws the whole screen as it is now. The caller releases the frame. */
void app_render(const struct app *app, struct frame *ret);

/* Of a large snapshot: does a part of the work that is needed before the next key can be handled,
 * for a tenth of a second at most, and returns true if more is left. That takes memory, so nothing
 * is done before the first key. To be called while no event is there. Does not change the screen.
 */
bool app_prepare(struct app *app);

/* All settings as they are now. */
struct settings app_settings(const struct app *app);

/* True if the user has paused the refresh: a scan only follows `r`. */
bool app_is_paused(const struct app *app);

/* The monotonic time in ms at which EVENT_TIME is to be sent: a mark ends then, or what is on a
 * page is to be read again; 0: none. */
uint64_t app_wakes_at(const struct app *app);

/* True while the options or the page of what could not be read are shown: the caller sends
 * EVENT_WATCHING, at once and each second. */
bool app_shows_watching(const struct app *app);

/* For EFFECT_NAMES: true and the UID of a user to look the name up for, each once, and again after
 * EVENT_RETRY if the look-up has failed; false if there is none. */
bool app_next_uid(struct app *app, uid_t *ret_uid);

/* For EFFECT_FACTS: true and the process to read the facts of (struct process_facts in model.h),
 * once; false if there is none. */
bool app_next_process(struct app *app, pid_t *ret_pid, uint64_t *ret_started);

/* For EFFECT_NS_FACTS: true and a namespace whose facts are to be read (bits of NS_FACTS_*), each
 * once; false if there is none. The pointers are the app's, valid until the next event. */
bool app_next_ns(struct app *app, const struct model **ret_model, const struct ns **ret_ns,
        unsigned *ret_what);

/* For EFFECT_MOUNTS: true and the model whose mount namespaces are to be read (model/mounts.h),
 * once; false if there is none. The pointer is the app's, valid until the next event. */
bool app_next_mounts(struct app *app, const struct model **ret_model);

/* For EFFECT_SAVE: what to save and where to. All pointers are the app's, valid until the next
 * event. */
struct save_request {
	const char *path;          /* as typed, raw; a leading `~` is not expanded */
	const struct model *model; /* NULL before the first */
	const struct names *names;
	struct view_options view;
	const struct filter *filter; /* what is to be saved of text and graphs; NULL: everything */
	const char *text;            /* a page, to be saved as it is, as text; NULL: the model */
	bool is_ascii;
	bool is_replacing;               /* an existing file may be replaced */
	bool is_by_dot;                  /* Graphviz lays out an SVG */
	const struct facts_store *store; /* for the network picture; NULL: none */
};

void save_request(const struct app *app, struct save_request *ret); /* save.c */

/* For EFFECT_COMPLETE: the path as typed up to the cursor, raw. Valid until the next event. */
const char *app_complete_prefix(const struct app *app);

/* For EFFECT_COPY: printable text, one line or several. Valid until the next event. */
const char *app_copy_text(const struct app *app);

/* True until the first whole model has come, and after `r` until the next: the caller sends
 * EVENT_PROGRESS. */
bool app_is_reading(const struct app *app);
