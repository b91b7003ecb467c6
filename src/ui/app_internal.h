/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The state of the browser, for the files app*.c and nobody else. */

#include "ui/app.h"
#include "ui/detail.h"
#include "ui/geometry.h"
#include "ui/keys.h"
#include "ui/prompt.h"
#include "ui/tree.h"
#include "ui/wanted.h"

struct app {
	struct app_options options;
	char *save_stem;
	int rows;
	int columns;

	const struct model *current; /* a reference; NULL before the first */
	bool is_whole;               /* the current one is */
	bool is_reading;             /* in the first scan, and after `r` */
	struct marks marks;
	struct names *names;
	struct wanted wanted;

	struct tree tree;
	bool is_detail_focused;
	size_t detail_top;
	uint64_t detail_tag; /* what detail_top belongs to */

	bool is_help;
	enum key_mode help_from;
	size_t help_top;

	struct prompt prompt; /* the only one: Save as */
	bool is_saving;       /* EFFECT_SAVE was given for this prompt, and not answered yet */

	char *message; /* escaped; NULL: none */
	bool is_error; /* the message tells of one */

	uint64_t escaped_at; /* when Esc was the last key; 0: it was not */
};

/* Which keys work now. */
enum key_mode app_mode(const struct app *app);

struct tree_source app_source(const struct app *app);
void app_geometry(const struct app *app, struct geometry *ret);

/* The details of what is selected; false if nothing is. The caller releases them. */
bool app_detail(const struct app *app, struct detail *ret);

/* Shows a message until the next key, in place of one before. `text` is escaped and the app's
 * from now on. */
void app_say(struct app *app, bool is_error, char *text);

/* What scrolls now: how many lines it has in view, and moving it. */
size_t app_page(const struct app *app);
void app_scroll(struct app *app, long lines, bool is_paging);

/* Does `action`; returns effects. */
unsigned app_do(struct app *app, enum action action);
