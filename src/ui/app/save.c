/* SPDX-License-Identifier: Apache-2.0 */

/* The prompt `Save as:` for the model or a page, completion and history of the name, and the
 * question before a file is replaced. */

#include "base/attributes.h"
#include "base/escape.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/utf8.h"
#include "ui/app/app.h"
#include "ui/app/screens.h"
#include "ui/draw/line.h"
#include "view/partial.h"
#include "view/words.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { SAVE_PATH_MIN = 8 };

void app_set_save_stem(struct app *app, const char *stem)
{
	free(app->save.stem);
	app->save.stem = memory_strdup(stem);
}

/* --- the prompt -------------------------------------------------------------------------- */

static void set_page(struct app *app, char *page, char *title)
{
	free(app->save.page);
	free(app->save.page_title);
	app->save.page = page;
	app->save.page_title = title;
}

static unsigned open_prompt(struct app *app, const char *path)
{
	prompt_open(&app->prompt, "Save as: ", path);
	prompt_history_begin(&app->save.history);
	app->save.is_waiting = false;
	return screens_open(app, &save_prompt);
}

/* The graph is not filtered on the screen either. */
unsigned save_open(struct app *app, _unused_ long argument)
{
	_cleanup_free_ char *path = memory_printf("%s.svg", app->save.stem);

	if (!app->current || (app->is_live && !app->is_whole))
		return state_say(app, true, memory_strdup("nothing to save yet"));
	set_page(app, NULL, NULL);
	app->save.is_network = screens_mode(app) == MODE_NETWORK;
	app->save.is_everything =
	        !app->tree.filtered || app->save.is_network || screens_mode(app) == MODE_GRAPH;
	return open_prompt(app, path);
}

/* `~/db7-20261120-150000-user-4026531837.txt`: what a shell treats specially is left out. The
 * caller frees. */
static char *page_path(const char *stem, const char *title)
{
	char *path = memory_printf("%s-%s.txt", stem, title);
	size_t n = strlen(stem) + 1;

	for (const char *c = path + n; *c; c++) {
		const bool is_plain =
		        (*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9') || *c == '.';

		if (is_plain)
			path[n++] = *c;
		else if (path[n - 1] != '-' && strchr(" :", *c))
			path[n++] = '-';
	}
	path[n] = '\0';
	return path;
}

unsigned save_open_page(struct app *app, char *page, char *title)
{
	_cleanup_free_ char *path = page_path(app->save.stem, title);

	set_page(app, page, title);
	return open_prompt(app, path);
}

static bool has_suffix(const struct prompt *prompt, const char *suffix)
{
	const size_t len = strlen(suffix);

	return prompt->len > len && strcmp(prompt->text + prompt->len - len, suffix) == 0;
}

static bool is_svg(const struct prompt *prompt)
{
	return has_suffix(prompt, ".svg");
}

static bool is_graph(const struct prompt *prompt)
{
	return is_svg(prompt) || has_suffix(prompt, ".dot") || has_suffix(prompt, ".gv");
}

/* The note depends on the name. */
static void settle(struct app *app)
{
	const bool has_layout = is_svg(&app->prompt) && !app->save.page;
	const char *note = app->save.is_by_dot ? "dot layout (C-t: off)" : "C-t: dot layout";

	snprintf(app->prompt.note, sizeof(app->prompt.note), "%s", has_layout ? note : "");
}

/* `3 of 9 rows`. What is gone is shown, but not saved: then `3 rows`. */
static void write_rows(FILE *out, const struct app *app)
{
	const struct tree *tree = &app->tree;
	const char *const plus = partial_plus(app->current, NULL);
	size_t n = tree->count.n, n_gone = 0;

	for (size_t i = 0; i < tree->hierarchy.n; i++) {
		const bool is_gone = tree->hierarchy.nodes[i].mark == MARK_GONE;

		n_gone += is_gone;
		n -= is_gone && tree->filtered[i] == FILTERED_IN;
	}
	fprintf(out, "%zu%s ", n, plus);
	if (!n_gone)
		fprintf(out, "of %zu%s ", tree->count.all, plus);
	fputs("rows, ", out);
}

/* `what is shown: 3 of 9 rows, filter "nginx" (C-r: everything)` */
static void write_shown(FILE *out, const struct app *app)
{
	fputs("what is shown: ", out);
	if (is_graph(&app->prompt))
		fputs("both hierarchies, ", out);
	else
		write_rows(out, app);
	fputs("filter ", out);
	filter_write(out, &app->filter, app->names);
	fputs(" (C-r: everything)", out);
}

/* What will be in the file, which depends on its suffix. */
static void write_scope(FILE *out, const struct app *app)
{
	if (app->save.page)
		fprintf(out, "the page of %s, as text%s", app->save.page_title,
		        page_text_lacks_cmdlines(app) ? ", without command lines (--cmdline)" : "");
	else if (has_suffix(&app->prompt, ".json"))
		fputs(app->save.is_everything ? "everything: a snapshot"
		                              : "everything: a snapshot is never filtered",
		        out);
	else if (has_suffix(&app->prompt, ".prom"))
		fputs("everything: counts for Prometheus", out);
	else if (!is_graph(&app->prompt) && !has_suffix(&app->prompt, ".txt"))
		fputs("in the format of .txt .json .dot .gv .svg .prom", out);
	else if (!app->save.is_everything)
		write_shown(out, app);
	else
		fprintf(out, "everything: %s%s",
		        !is_graph(&app->prompt) ? "all rows of this view"
		        : app->save.is_network  ? "the network picture"
		                                : "both hierarchies",
		        app->tree.filtered ? " (C-r: only what the filter shows)" : "");
}

/* The line above the prompt is the message, else what will be saved. */
static void draw(const struct app *app, struct frame *frame)
{
	const int row = app->rows - 2;
	_cleanup_text_ struct text scope = {0};
	struct line line;

	screens_draw_prompt(app, frame);
	if (app->message || row < 1)
		return;
	text_init(&scope);
	write_scope(scope.out, app);
	line_init(&line, app->columns, app->is_ascii);
	line_add(&line, STYLE_PLAIN, " saves ");
	line_add(&line, STYLE_PLAIN, text_get(&scope));
	line_take(&line, &frame->lines[row]);
}

unsigned save_toggle_scope(struct app *app, _unused_ long argument)
{
	if (!screens_is_top(app, &save_prompt) || app->save.page)
		return 0;
	if (app->save.is_network)
		return state_inform(app, "the network picture is not filtered");
	if (!app->tree.filtered)
		return state_inform(app, "there is no filter: everything is saved");
	app->save.is_everything = !app->save.is_everything;
	return EFFECT_REDRAW;
}

unsigned save_toggle_layout(struct app *app, _unused_ long argument)
{
	if (!screens_is_top(app, &save_prompt) || app->save.page)
		return 0;
	app->save.is_by_dot = !app->save.is_by_dot;
	return EFFECT_REDRAW;
}

unsigned save_step_history(struct app *app, long step)
{
	if (!screens_is_top(app, &save_prompt))
		return 0;
	const char *text = prompt_history_step(&app->save.history, step > 0, app->prompt.text);
	if (!text)
		return 0;
	prompt_replace(&app->prompt, app->prompt.len, text);
	return EFFECT_REDRAW;
}

/* Files do not know the marks: they get what the list knows at this time. */
static unsigned start(struct app *app, bool is_replacing)
{
	struct save *save = &app->save;

	u64_set_clear(&save->changed);
	for (size_t i = 0; i < app->marks.n; i++)
		u64_set_add(&save->changed, app->marks.all[i].tag);
	save->filter = app->filter;
	save->filter.changed = &save->changed;
	save->filter.with_cmdlines = state_shows_cmdlines(app);
	save->filter.inside = &app->inside.store;
	save->is_waiting = true;
	save->is_replacing = is_replacing;
	return EFFECT_SAVE | EFFECT_REDRAW;
}

static unsigned accept(struct app *app)
{
	if (app->save.is_waiting)
		return 0;
	if (!app->prompt.len)
		return state_say(app, true, memory_strdup("no file name"));
	if (app->save.is_by_dot && is_svg(&app->prompt) && !app->save.page)
		state_inform(app, "dot is drawing (Esc stops it)");
	return start(app, false);
}

void save_request(const struct app *app, struct save_request *ret)
{
	*ret = (struct save_request){
	        .path = app->prompt.text ? app->prompt.text : "",
	        .model = app->current,
	        .names = app->names,
	        .view = app->tree.view,
	        .filter = app->save.is_everything || !app->tree.filtered ? NULL : &app->save.filter,
	        .text = app->save.page,
	        .is_ascii = app->is_ascii,
	        .is_replacing = app->save.is_replacing,
	        .is_by_dot = app->save.is_by_dot,
	};
	/* They are for a snapshot, too. If they are not shown, those in the store may be old. */
	ret->view.mounts = read_mounts_shown(app);
	/* SVG of the others has both hierarchies. */
	ret->view.is_single = ret->view.is_single && view_kind_row(ret->view.kind)->types;
	if (app->save.is_network) {
		ret->view = (struct view_options){
		        .kind = VIEW_NET, .is_single = true, .with_links = true};
		ret->store = &app->inside.store;
	}
}

/* Also stops dot if it is drawing. */
static unsigned close_prompt(struct app *app)
{
	return screens_close_prompt(app) | (app->save.is_waiting ? EFFECT_GIVE_UP : 0);
}

const struct screen save_prompt = {
        .mode = MODE_PROMPT,
        .place = SCREEN_LAST,
        .takes_text = true,
        .draw = draw,
        .settle = settle,
        .accept = accept,
        .close = close_prompt,
};

/* --- completion of the name -------------------------------------------------------------- */

unsigned save_complete(struct app *app, _unused_ long argument)
{
	const struct prompt *prompt = &app->prompt;

	if (!screens_is_top(app, &save_prompt))
		return 0;
	free(app->save.prefix);
	app->save.prefix = memory_printf("%.*s", (int)prompt->cursor, prompt->text);
	return EFFECT_COMPLETE;
}

/* `a.svg  b.svg  and 5 more`. */
static unsigned say_names(struct app *app, const struct event *event)
{
	_cleanup_text_ struct text text;

	text_init(&text);
	for (size_t i = 0; i < event->completed.n; i++) {
		_cleanup_free_ char *name = escape_text(event->completed.names[i]);

		fprintf(text.out, "%s%s", i ? "  " : "", name);
	}
	if (event->completed.n_all > event->completed.n)
		fprintf(text.out, "  and %zu more", event->completed.n_all - event->completed.n);
	return state_say(app, false, text_take(&text));
}

unsigned save_completed(struct app *app, const struct event *event)
{
	const char *prefix = event->completed.prefix;
	const char *text = event->completed.text;
	const size_t len = strlen(prefix);

	/* An answer for a text that was edited since is ignored. */
	if (!screens_is_top(app, &save_prompt) || app->prompt.cursor != len ||
	        memcmp(app->prompt.text, prefix, len) != 0)
		return 0;
	if (event->completed.error)
		return state_say(app, true, memory_strdup(event->completed.error));
	if (!event->completed.n_all)
		return state_inform(app, "no file name begins with this");
	if (strcmp(text, prefix) != 0)
		prompt_replace(&app->prompt, len, text);
	else if (event->completed.n_all > 1)
		say_names(app, event);
	return EFFECT_REDRAW;
}

/* --- the question: the file exists ------------------------------------------------------- */

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

static void open_question(struct app *app, const struct event *event)
{
	struct text text;

	text_init(&text);
	fputs("exists (", text.out);
	words_size(text.out, event->saved.size);
	fputs(", ", text.out);
	write_age(text.out, event->saved.age);
	fputs(" old): o overwrite  r rename  Esc", text.out);
	free(app->save.question);
	app->save.question = text_take(&text);
	screens_open(app, &save_question);
}

/* Draws the question in the last row, below the prompt. */
static void draw_question(const struct app *app, struct frame *frame)
{
	static const char *const shorter[] = {
	        "exists: o overwrite  r rename  Esc", "exists: o, r or Esc", "o/r/Esc"};
	const char *text = app->save.question;
	const int row = app->rows - 1;
	struct line line;

	for (size_t i = 0; i < ARRAY_SIZE(shorter) && line_width(text, false) > app->columns; i++)
		text = shorter[i];
	if (row > 0)
		prompt_draw(&app->prompt, frame, row - 1, app->is_ascii);
	line_init(&line, app->columns, app->is_ascii);
	line_add(&line, STYLE_PROMPT, text);
	frame_set_cursor(frame, row, MIN(line.columns, app->columns - 1));
	line_take(&line, &frame->lines[row]);
}

unsigned save_overwrite(struct app *app, _unused_ long argument)
{
	screens_close_top(app);
	return start(app, true);
}

/* Returns to the prompt, with the cursor before the suffix of the name. */
unsigned save_rename(struct app *app, _unused_ long argument)
{
	const char *slash = strrchr(app->prompt.text, '/');
	const char *dot = strrchr(slash ? slash : app->prompt.text, '.');

	screens_close_top(app);
	app->prompt.cursor = dot ? (size_t)(dot - app->prompt.text) : app->prompt.len;
	return EFFECT_REDRAW;
}

static unsigned close_question(struct app *app)
{
	screens_close_top(app);
	return close_prompt(app);
}

const struct screen save_question = {
        .mode = MODE_QUESTION,
        .place = SCREEN_LAST,
        .draw = draw_question,
        .close = close_question,
};

/* --- the answer to EFFECT_SAVE ----------------------------------------------------------- */

/* A long path is cut, so that the reason is in view. */
static unsigned say_failure(struct app *app, const char *path, const char *reason)
{
	static const char before[] = "cannot save ";
	const bool is_ascii = app->is_ascii;
	/* + 4: a blank at the left, the ellipsis, the colon and a blank */
	const int taken = (int)strlen(before) + line_width(reason, is_ascii) + 4;
	const int room = MAX(app->columns - taken, (int)SAVE_PATH_MIN);
	const char *end = path;
	char32_t c;

	while (*end && line_width(end, is_ascii) > room)
		end += utf8_decode(end, strlen(end), &c);
	const char *cut = end > path ? line_glyphs(is_ascii)->ellipsis : "";

	return state_say(app, true, memory_printf("%s%s%s: %s", before, cut, end, reason));
}

unsigned save_answer(struct app *app, const struct event *event)
{
	_cleanup_free_ char *path = escape_text(event->saved.path);
	const bool is_open = app->save.is_waiting && screens_is_top(app, &save_prompt);

	app->save.is_waiting = false;
	if (event->saved.error && event->saved.is_existing && is_open) {
		open_question(app, event);
		return EFFECT_REDRAW;
	}
	if (event->saved.error)
		return say_failure(app, path, event->saved.error);
	if (is_open) {
		prompt_history_add(&app->save.history, app->prompt.text);
		close_prompt(app);
	}
	return state_say(app, false, memory_printf("saved %s", path));
}
