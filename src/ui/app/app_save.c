/* SPDX-License-Identifier: Apache-2.0 */

/* The prompt `Save as:`: what is typed, completed, remembered, and asked before a file goes. */

#include "base/attributes.h"
#include "base/escape.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/utf8.h"
#include "ui/app/app_internal.h"
#include "ui/draw/line.h"

#include <inttypes.h>
#include <string.h>

enum { SAVE_PATH_MIN = 8 };

unsigned app_do_save(struct app *app)
{
	if (!app->current) {
		app_say(app, true, memory_strdup("nothing to save yet"));
		return EFFECT_REDRAW;
	}
	char *path = memory_printf("%s.svg", app->save_stem);
	app->finder.use = FINDER_NONE;
	prompt_open(&app->prompt, "Save as: ", path);
	free(path);
	prompt_history_begin(&app->save.history);
	app->save.is_waiting = false;
	app_save_changed(app);
	return EFFECT_REDRAW;
}

/* --- who lays out an SVG ---------------------------------------------------------------- */

static bool is_svg(const struct prompt *prompt)
{
	static const char suffix[] = ".svg";
	const size_t len = sizeof(suffix) - 1;

	return prompt->len > len && strcmp(prompt->text + prompt->len - len, suffix) == 0;
}

void app_save_changed(struct app *app)
{
	const char *note = app->save.is_by_dot ? "drawn by dot (C-t: by us)" : "C-t: drawn by dot";

	if (app_save_is_open(app))
		snprintf(app->prompt.note, sizeof(app->prompt.note), "%s",
		        is_svg(&app->prompt) ? note : "");
}

unsigned app_do_layout(struct app *app)
{
	if (!app_save_is_open(app))
		return 0;
	app->save.is_by_dot = !app->save.is_by_dot;
	return EFFECT_REDRAW;
}

unsigned app_save_closed(struct app *app)
{
	return app_save_is_open(app) && app->save.is_waiting ? EFFECT_GIVE_UP : 0;
}

/* --- accepting --------------------------------------------------------------------------- */

unsigned app_do_accept_save(struct app *app)
{
	if (app->save.is_waiting)
		return 0;
	if (!app->prompt.len) {
		app_say(app, true, memory_strdup("no file name"));
		return EFFECT_REDRAW;
	}
	app->save.is_waiting = true;
	app->save.is_replacing = false;
	if (app->save.is_by_dot && is_svg(&app->prompt))
		app_say(app, false, memory_strdup("dot draws it (Esc: not any more)"));
	return EFFECT_SAVE | EFFECT_REDRAW;
}

void app_save(const struct app *app, struct app_save *ret)
{
	*ret = (struct app_save){
	        .path = app->prompt.text ? app->prompt.text : "",
	        .model = app->current,
	        .names = app->names,
	        .view = app->tree.view,
	        .is_ascii = app->options.is_ascii,
	        .is_replacing = app->save.is_replacing,
	        .is_by_dot = app->save.is_by_dot,
	};
}

bool app_save_is_open(const struct app *app)
{
	return prompt_is_open(&app->prompt) && !app_find_is_open(app);
}

/* --- a file that is there already ------------------------------------------------------ */

/* `980 B`, `4.2 KB`, `13 MB`. */
static void write_size(FILE *out, uint64_t size)
{
	static const char *const units[] = {"KB", "MB", "GB", "TB", "PB", "EB"};
	double value = (double)size / 1000;
	size_t unit = 0;

	if (size < 1000) {
		fprintf(out, "%" PRIu64 " B", size);
		return;
	}
	for (; value >= 999.5 && unit + 1 < ARRAY_SIZE(units); unit++)
		value /= 1000;
	/* Not by locale: what is shown has a point. */
	if (value < 9.95) {
		const unsigned tenths = (unsigned)(value * 10 + 0.5);

		fprintf(out, "%u.%u %s", tenths / 10, tenths % 10, units[unit]);
	} else {
		fprintf(out, "%u %s", (unsigned)(value + 0.5), units[unit]);
	}
}

/* `5 s`, `2 min`, `3 h`, `12 d`. */
static void write_age(FILE *out, int64_t seconds)
{
	static const struct {
		int64_t seconds;
		const char *name;
	} units[] = {{86400, "d"}, {3600, "h"}, {60, "min"}};

	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		if (seconds < units[i].seconds)
			continue;
		fprintf(out, "%" PRId64 " %s", seconds / units[i].seconds, units[i].name);
		return;
	}
	fprintf(out, "%" PRId64 " s", seconds > 0 ? seconds : 0);
}

static void ask(struct app *app, const struct event *event)
{
	_cleanup_text_ struct text text;

	text_init(&text);
	fputs("exists (", text.out);
	write_size(text.out, event->saved.size);
	fputs(", ", text.out);
	write_age(text.out, event->saved.age);
	fputs(" old): o overwrite  r rename  Esc", text.out);
	free(app->save.question);
	app->save.question = memory_strdup(text_get(&text));
}

static void close_question(struct app *app)
{
	free(app->save.question);
	app->save.question = NULL;
}

unsigned app_do_overwrite(struct app *app)
{
	close_question(app);
	app->save.is_waiting = true;
	app->save.is_replacing = true;
	return EFFECT_SAVE | EFFECT_REDRAW;
}

/* Back to the name, before its suffix. */
unsigned app_do_rename(struct app *app)
{
	const char *slash = strrchr(app->prompt.text, '/');
	const char *dot = strrchr(slash ? slash : app->prompt.text, '.');

	close_question(app);
	app->prompt.cursor = dot ? (size_t)(dot - app->prompt.text) : app->prompt.len;
	return EFFECT_REDRAW;
}

bool app_save_close_question(struct app *app)
{
	const bool was_open = app->save.question;

	close_question(app);
	return was_open;
}

/* What of a path fits into so many columns: its end, which says more than its beginning. */
static const char *end_of_path(const char *path, int columns, bool is_ascii)
{
	char32_t c;

	while (*path && line_width(path, is_ascii) > columns)
		path += utf8_decode(path, strlen(path), &c);
	return path;
}

/* The reason is to be seen, however long the path is. */
static void say_failure(struct app *app, const char *path, const char *reason)
{
	static const char before[] = "cannot save ";
	const bool is_ascii = app->options.is_ascii;
	/* with a blank at the left, the ellipsis, and the colon */
	const int taken = (int)strlen(before) + line_width(reason, is_ascii) + 4;
	const int room =
	        app->columns - taken > SAVE_PATH_MIN ? app->columns - taken : SAVE_PATH_MIN;
	const char *end = end_of_path(path, room, is_ascii);
	const char *cut = end > path ? glyphs_get(is_ascii)->ellipsis : "";

	app_say(app, true, memory_printf("%s%s%s: %s", before, cut, end, reason));
}

unsigned app_save_answer(struct app *app, const struct event *event)
{
	_cleanup_free_ char *path = escape_text(event->saved.path);
	const bool is_ours = app->save.is_waiting && app_save_is_open(app);

	app->save.is_waiting = false;
	if (!event->saved.error) {
		app_say(app, false, memory_printf("saved %s", path));
		if (is_ours) {
			prompt_history_add(&app->save.history, app->prompt.text);
			prompt_close(&app->prompt);
		}
	} else if (event->saved.is_existing && is_ours) {
		ask(app, event);
	} else {
		say_failure(app, path, event->saved.error);
	}
	return EFFECT_REDRAW;
}

/* --- completion --------------------------------------------------------------------------- */

unsigned app_do_complete(struct app *app)
{
	const struct prompt *prompt = &app->prompt;

	if (!app_save_is_open(app))
		return 0;
	free(app->save.prefix);
	app->save.prefix = memory_printf("%.*s", (int)prompt->cursor, prompt->text);
	return EFFECT_COMPLETE;
}

const char *app_complete_prefix(const struct app *app)
{
	return app->save.prefix;
}

/* `a.svg  b.svg  and 5 more`. */
static void say_names(struct app *app, const struct event *event)
{
	_cleanup_text_ struct text text;

	text_init(&text);
	for (size_t i = 0; i < event->completed.n; i++) {
		_cleanup_free_ char *name = escape_text(event->completed.names[i]);

		fprintf(text.out, "%s%s", i ? "  " : "", name);
	}
	if (event->completed.n_all > event->completed.n)
		fprintf(text.out, "  and %zu more", event->completed.n_all - event->completed.n);
	app_say(app, false, memory_strdup(text_get(&text)));
}

unsigned app_save_completed(struct app *app, const struct event *event)
{
	const char *prefix = event->completed.prefix;
	const char *text = event->completed.text;
	const size_t len = strlen(prefix);

	/* Whoever typed on meanwhile does not want it any more. */
	if (!app_save_is_open(app) || app->save.question || app->prompt.cursor != len ||
	        memcmp(app->prompt.text, prefix, len) != 0)
		return 0;
	if (event->completed.error)
		app_say(app, true, memory_strdup(event->completed.error));
	else if (!event->completed.n_all)
		app_say(app, false, memory_strdup("no file begins like that"));
	else if (strcmp(text, prefix) != 0)
		prompt_replace(&app->prompt, len, text);
	else if (event->completed.n_all > 1)
		say_names(app, event);
	return EFFECT_REDRAW;
}

/* --- history ------------------------------------------------------------------------------- */

static unsigned step(struct app *app, bool is_newer)
{
	const char *text = app_save_is_open(app) ? prompt_history_step(&app->save.history, is_newer,
	                                                   app->prompt.text)
	                                         : NULL;

	if (text)
		prompt_replace(&app->prompt, app->prompt.len, text);
	return text ? EFFECT_REDRAW : 0;
}

unsigned app_do_older(struct app *app)
{
	return step(app, false);
}

unsigned app_do_newer(struct app *app)
{
	return step(app, true);
}

void app_save_release(struct app *app)
{
	prompt_history_release(&app->save.history);
	free(app->save.question);
	free(app->save.prefix);
}
