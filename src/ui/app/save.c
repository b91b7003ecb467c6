/* SPDX-License-Identifier: Apache-2.0 */

/* The prompt `Save as:`, completion and history of the name, and the question before a file is
 * replaced. */

#include "base/attributes.h"
#include "base/escape.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/utf8.h"
#include "ui/app/app.h"
#include "ui/app/screens.h"
#include "ui/draw/line.h"
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

unsigned save_open(struct app *app, _unused_ long argument)
{
	if (!app->current)
		return state_say(app, true, memory_strdup("nothing to save yet"));
	_cleanup_free_ char *path = memory_printf("%s.svg", app->save.stem);
	prompt_open(&app->prompt, "Save as: ", path);
	prompt_history_begin(&app->save.history);
	app->save.is_waiting = false;
	return screens_open(app, &save_prompt);
}

static bool is_svg(const struct prompt *prompt)
{
	static const char suffix[] = ".svg";
	const size_t len = sizeof(suffix) - 1;

	return prompt->len > len && strcmp(prompt->text + prompt->len - len, suffix) == 0;
}

/* The note depends on the name. */
static void settle(struct app *app)
{
	const char *note = app->save.is_by_dot ? "dot layout (C-t: off)" : "C-t: dot layout";

	snprintf(
	        app->prompt.note, sizeof(app->prompt.note), "%s", is_svg(&app->prompt) ? note : "");
}

unsigned save_toggle_layout(struct app *app, _unused_ long argument)
{
	if (!screens_is_top(app, &save_prompt))
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

static unsigned accept(struct app *app)
{
	if (app->save.is_waiting)
		return 0;
	if (!app->prompt.len)
		return state_say(app, true, memory_strdup("no file name"));
	app->save.is_waiting = true;
	app->save.is_replacing = false;
	if (app->save.is_by_dot && is_svg(&app->prompt))
		state_inform(app, "dot is drawing (Esc stops it)");
	return EFFECT_SAVE | EFFECT_REDRAW;
}

void save_request(const struct app *app, struct save_request *ret)
{
	*ret = (struct save_request){
	        .path = app->prompt.text ? app->prompt.text : "",
	        .model = app->current,
	        .names = app->names,
	        .view = app->tree.view,
	        .is_ascii = app->is_ascii,
	        .is_replacing = app->save.is_replacing,
	        .is_by_dot = app->save.is_by_dot,
	};
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
        .draw = screens_draw_prompt,
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
	app->save.is_waiting = true;
	app->save.is_replacing = true;
	return EFFECT_SAVE | EFFECT_REDRAW;
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
