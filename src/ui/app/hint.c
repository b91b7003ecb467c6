/* SPDX-License-Identifier: Apache-2.0 */

/* A line below the rows of a list that has none, or, until the first key, only a few. */

#include "base/attributes.h"
#include "base/text.h"
#include "ui/app/screens.h"
#include "ui/draw/line.h"
#include "view/partial.h"

#define HELP "? help"

enum { FEW = 3, MARGIN = 1 };

/* True if only a shorter text fits. */
static bool is_too_wide(const struct app *app, struct text *text, const struct rect *rect)
{
	return MARGIN + line_width(text_get(text), app->is_ascii) > rect->columns;
}

/* Where the filter does not fit it is left out: the header has it. */
static void write_no_rows(const struct app *app, struct text *text, const struct rect *rect)
{
	/* In a prompt the first Esc closes that. */
	const char *const how =
	        screens_top(app)->place == SCREEN_WHOLE ? "; Esc Esc clears it" : "";

	if (!app->tree.filtered) {
		fputs("no rows in this view", text->out);
		return;
	}
	fputs("no rows match the filter ", text->out);
	filter_write(text->out, &app->filter, app->names);
	fputs(how, text->out);
	if (is_too_wide(app, text, rect))
		fprintf(text_restart(text), "no match%s", how);
}

/* How many namespaces `d` would add. */
static size_t count_owned(const struct tree *tree)
{
	size_t n = 0;

	for (size_t i = 0; i < tree->hierarchy.n; i++) {
		const struct ns *ns = tree->hierarchy.nodes[i].ns;

		n += ns ? ns->n_owned : 0;
	}
	return n;
}

/* The number of namespaces, with a plus if there may be more: one alone needs no number. */
static void write_namespaces(FILE *out, size_t n, const char *plus)
{
	if (n > 1 || *plus)
		fprintf(out, "%zu%s namespaces", n, plus);
	else
		fputs("namespace", out);
}

/* What shows more, the first of these: the owned namespaces, all namespaces, the processes. */
static void write_more(FILE *out, const struct app *app, bool is_short)
{
	const struct tree *tree = &app->tree;
	const struct model *model = app->current;
	const char *const plus = partial_plus(model, NULL);
	const bool is_user = tree->view.kind == VIEW_USER;
	const size_t n = is_user && !tree->view.with_details ? count_owned(tree) : 0;

	if (n && is_short) {
		fprintf(out, "d owned (%zu%s)", n, plus);
	} else if (n) {
		fputs("d shows the ", out);
		write_namespaces(out, n, plus);
		fprintf(out, " %s", tree->rows.n > 1 ? "they own" : "it owns");
	} else if (model->n_namespaces > tree->hierarchy.n) {
		fprintf(out, is_short ? "V all (%zu%s)" : "V all shows %zu%s namespaces",
		        model->n_namespaces, plus);
	} else {
		fprintf(out, is_short ? "V processes (%zu%s)" : "V processes shows %zu%s",
		        model->n_processes, plus);
	}
}

static void write_hint(FILE *out, const struct app *app, bool is_short)
{
	const enum view_kind next = views_next(app->tree.view.kind);
	const char *name = next == VIEW_USER ? "user" : next == VIEW_PID ? "PID" : "containers";

	write_more(out, app, is_short);
	fprintf(out, ", F5 %s%s, " HELP, name,
	        is_short || next == VIEW_CONTAINERS ? "" : " namespaces");
}

/* What the view of mounts waits for, or lacks; NULL: nothing. */
static const char *mounts_words(const struct app *app)
{
	if (app->tree.view.kind != VIEW_MOUNTS || app->tree.hierarchy.mounts)
		return NULL;
	return app->is_live ? "mounts are read"
	                    : "not in this snapshot: --facts=mounts writes them";
}

/* The numbers are those of a whole scan, and written again with each frame. */
static bool needs_hint(const struct app *app)
{
	return !app->has_key && app->is_whole && app->tree.rows.n <= FEW && !app->tree.filtered;
}

void hint_draw(const struct app *app, struct frame *frame, const struct rect *rect)
{
	const int n = (int)MIN(app->tree.rows.n, (size_t)FEW + 1);
	const char *mounts = app->current ? mounts_words(app) : NULL;
	_cleanup_text_ struct text text = {0};
	struct line line;

	if (!app->current || n >= rect->rows || (n && !mounts && !needs_hint(app)))
		return;
	text_init(&text);
	if (!n) {
		write_no_rows(app, &text, rect);
	} else if (mounts) {
		fputs(mounts, text.out);
	} else {
		write_hint(text.out, app, false);
		if (is_too_wide(app, &text, rect))
			write_hint(text_restart(&text), app, true);
		if (is_too_wide(app, &text, rect))
			fputs(HELP, text_restart(&text));
	}
	/* After an empty line, if there is room. */
	const int row = rect->row + (n && n + 1 < rect->rows ? n + 1 : n);
	line_init(&line, rect->columns, app->is_ascii);
	line_pad(&line, MARGIN);
	line_add(&line, STYLE_PLAIN, text_get(&text));
	line_take(&line, &frame->lines[row]);
	if (!n && !app->panes.is_detail_focused)
		frame_set_cursor(frame, row, 0);
}
