/* SPDX-License-Identifier: Apache-2.0 */

/* The header, the footer and the messages. */

#include "base/attributes.h"
#include "base/escape.h"
#include "base/text.h"
#include "base/utf8.h"
#include "ui/app/screens.h"
#include "ui/draw/line.h"
#include "view/partial.h"
#include "view/words.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

enum { MARGIN = 2, F_KEYS = 10, F_WORD_MIN = 5, HOST_MAX = 24 };

/* --- header ------------------------------------------------------------------------------ */

size_t status_count(const struct model *model, enum view_kind view)
{
	const struct view_kind_row *row = view_kind_row(view);

	if (view == VIEW_CONTAINERS)
		return model_count_containers(model);
	if (!row->types)
		return model->n_processes;
	return view == VIEW_ALL ? model->n_namespaces : model_count(model, row->type);
}

void status_write_progress(FILE *out, const struct app *app)
{
	fputs(line_glyphs(app->is_ascii)->reading, out);
	if (app->percent) {
		fprintf(out, " %u%%", app->percent);
	} else if (app->bytes) {
		fputc(' ', out);
		words_size(out, app->bytes);
	}
}

static void add_progress(struct line *line, const struct app *app)
{
	_cleanup_text_ struct text text;

	text_init(&text);
	fputc(' ', text.out);
	status_write_progress(text.out, app);
	line_add(line, STYLE_HEADER, text_get(&text));
}

/* The mounts that the view shows, and their mount namespace; NULL: it shows none. */
static const struct mount_table *shown_mounts(const struct app *app, const struct ns **ret_mnt)
{
	const struct hierarchy *hierarchy = &app->tree.hierarchy;
	const bool is_mounts = app->tree.view.kind == VIEW_MOUNTS;
	const struct ns *mnt = is_mounts && hierarchy->n ? hierarchy->nodes[0].ns : NULL;

	*ret_mnt = mnt;
	return mnt ? mounts_find(hierarchy->mounts, mnt->inode) : NULL;
}

/* A sign that there may be more rows in the view. */
static const char *shown_plus(const struct app *app)
{
	const struct ns *mnt;
	const struct mount_table *table = shown_mounts(app, &mnt);

	if (app->tree.view.kind != VIEW_MOUNTS)
		return partial_plus(app->current, NULL);
	return table && table->is_at_least ? "+" : "";
}

/* `9`; of mounts `24 in mnt:[4026531841]`. */
static void write_count(struct line *line, const struct app *app)
{
	const struct ns *mnt;
	const struct mount_table *table = shown_mounts(app, &mnt);

	if (app->tree.view.kind != VIEW_MOUNTS)
		line_printf(line, STYLE_HEADER, "%zu%s",
		        status_count(app->current, app->tree.view.kind), shown_plus(app));
	if (table && !table->error)
		line_printf(line, STYLE_HEADER, "%zu%s ", table->n, shown_plus(app));
	if (mnt)
		line_printf(line, STYLE_HEADER, "in mnt:[%" PRIu64 "]", mnt->inode);
}

/* ` USER namespaces 9  pid 6  procs 171`: of the view, then of the others; with a filter
 * ` USER namespaces 3 of 9  "bash", leaked`. */
static void add_counts(struct line *line, const struct app *app)
{
	static const enum view_kind others[] = {VIEW_USER, VIEW_PID};
	const struct tree *tree = &app->tree;
	const struct view_kind_row *view = view_kind_row(tree->view.kind);
	_cleanup_text_ struct text filter;
	char upper[16] = "";

	text_init(&filter);
	for (size_t i = 0; view->name[i] && i + 1 < sizeof(upper); i++)
		upper[i] = (char)toupper((unsigned char)view->name[i]);
	line_printf(line, STYLE_HEADER, " %s ", upper);
	if (view->types)
		line_add(line, STYLE_HEADER, "namespaces ");
	if (!app->current) {
		add_progress(line, app);
		return;
	}
	const char *const plus = partial_plus(app->current, NULL);
	if (tree->filtered) {
		filter_write(filter.out, &app->filter, app->names);
		line_printf(line, STYLE_HEADER, "%zu%s of %zu%s  ", tree->count.n, shown_plus(app),
		        tree->count.all, shown_plus(app));
		line_add(line, STYLE_HEADER, text_get(&filter));
	} else {
		write_count(line, app);
		for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
			if (others[i] != tree->view.kind)
				line_printf(line, STYLE_HEADER, "  %s %zu%s",
				        view_kind_row(others[i])->name,
				        status_count(app->current, others[i]), plus);
		}
		if (tree->view.kind != VIEW_PROCESSES)
			line_printf(line, STYLE_HEADER, "  procs %zu%s", app->current->n_processes,
			        plus);
	}
	if (app->is_reading) {
		line_add(line, STYLE_HEADER, " ");
		add_progress(line, app);
	}
	if (app->is_paused)
		line_add(line, STYLE_HEADER, "  paused");
}

/* Names of hosts have up to 64 characters (sethostname(2)), and in a file any number. */
static void write_host_name(FILE *out, const struct app *app)
{
	_cleanup_text_ struct text text;
	int used;

	text_init_within(&text, HOST_MAX);
	escape_write_name(text.out, app->current->host.name, 0);
	const char *const name = text_get(&text);
	if (utf8_clip(name, text.len, HOST_MAX, &used) == text.len)
		fputs(name, out);
	else
		fprintf(out, "%.*s%s", (int)utf8_clip(name, text.len, HOST_MAX - 1, &used), name,
		        line_glyphs(app->is_ascii)->ellipsis);
}

/* `  +1 -1 ~1`: namespaces of all types that are new, gone, and changed, whatever the view shows;
 * `  procs +2 -1` in the view of processes. */
static void write_changes(FILE *out, const struct app *app)
{
	const struct mark_counts *namespaces = &app->marks.namespaces;
	const struct mark_counts *processes = &app->marks.processes;

	if (namespaces->n_new || namespaces->n_gone)
		fprintf(out, "  +%zu -%zu", namespaces->n_new, namespaces->n_gone);
	if (namespaces->n_changed)
		fprintf(out, "%s~%zu", namespaces->n_new || namespaces->n_gone ? " " : "  ",
		        namespaces->n_changed);
	if (app->tree.view.kind == VIEW_PROCESSES && (processes->n_new || processes->n_gone))
		fprintf(out, "  procs +%zu -%zu", processes->n_new, processes->n_gone);
}

/* `db7  root  partial  +1 -1`; `mark +1 -1` when they are since the user's mark. */
static void write_host(FILE *out, const struct app *app)
{
	const struct model *model = app->current;
	const struct host *host = &model->host;

	write_host_name(out, app);
	fputs("  ", out);
	if (host->euid_state == REL_KNOWN)
		words_user(out, host->euid, app->names);
	else if (!words_unmapped(out, host->euid_state, host->euid))
		fputc('?', out);
	if (partial_reasons(model, app->names))
		fputs("  partial", out);
	if (app->marks.is_fixed)
		fputs("  mark", out);
	write_changes(out, app);
}

/* The host in the middle, the place in the list at the right. */
static void add_host(struct line *line, const struct app *app)
{
	const size_t n = app->tree.rows.n;
	const int right = line->limit - MARGIN;
	char all[32] = "0", place[64] = "";
	_cleanup_text_ struct text host;

	text_init(&host);
	write_host(host.out, app);
	if (n) {
		snprintf(all, sizeof(all), "%zu", n);
		snprintf(place, sizeof(place), "%zu/%s", app->tree.scroller.selected + 1, all);
	}
	/* Room for the longest number, so that the middle stays where it is. */
	const int end = right - 2 * (int)strlen(all) - 1;
	const int width = line_width(text_get(&host), app->is_ascii);
	const int gap = (end - line->columns - width) / 2;
	line_pad(line, line->columns + (gap > 2 ? gap : 2));
	line_add(line, STYLE_HEADER, text_get(&host));
	if (line->columns + 2 + (int)strlen(place) > right)
		return;
	line_pad(line, right - (int)strlen(place));
	line_add(line, STYLE_PLAIN, place);
}

void status_header(const struct app *app, struct frame *frame, const struct rect *rect)
{
	struct line line;

	if (!rect->rows)
		return;
	line_init(&line, rect->columns, app->is_ascii);
	add_counts(&line, app);
	if (app->current)
		add_host(&line, app);
	line_take(&line, &frame->lines[rect->row]);
}

/* --- footer ------------------------------------------------------------------------------ */

/* The word of an F-key: of F5 the view that it switches to; F10 quits only the first screen. */
static void word_of(
        char word[static 16], const struct app *app, enum key_mode mode, unsigned number)
{
	const struct key_row *row = keys_row_of_f(&app->keys, mode, number);
	const bool is_first = mode == MODE_TREE || (mode == MODE_GRAPH && app->graph.is_first);

	if (row && row->action == ACTION_OTHER_VIEW) {
		snprintf(word, 16, "%s", view_kind_row(views_next(app->tree.view.kind))->name);
		word[0] = (char)toupper((unsigned char)word[0]);
	} else if (row && row->action == ACTION_QUIT && !is_first) {
		snprintf(word, 16, "Back");
	} else {
		snprintf(word, 16, "%s", row && row->footer ? row->footer : "");
	}
}

/* The footer: the words of the F-keys, and how many columns each has; 0: it is left out. */
struct footer {
	const struct key_row *rows[F_KEYS];
	char words[F_KEYS][16];
	int columns[F_KEYS];
};

/* Of the number of key `i`, counted from 0. */
static int digits(unsigned i)
{
	return i < 9 ? 1 : 2;
}

static int total(const struct footer *footer)
{
	/* A blank is before the first one; that behind the last one is not drawn. */
	int all = 0;

	for (unsigned i = 0; i < F_KEYS; i++)
		all += footer->columns[i];
	return all;
}

/* Keys with a word get at least `least` columns for it, those without one `least_empty`. */
static void place_all(struct footer *footer, int least, int least_empty)
{
	for (unsigned i = 0; i < F_KEYS; i++) {
		const int word = (int)strlen(footer->words[i]);
		const int width = i == F_KEYS - 1 ? word : MAX(word, word ? least : least_empty);

		footer->columns[i] = digits(i) + width + 1;
	}
}

/* Without room for all in columns of the same width, those of keys without a word get narrow, then
 * such keys are left out, then the last ones before F10, at last that. */
static void place_keys(struct footer *footer, int limit)
{
	place_all(footer, F_WORD_MIN, F_WORD_MIN);
	if (total(footer) > limit)
		place_all(footer, F_WORD_MIN, 0);
	if (total(footer) > limit) {
		place_all(footer, 0, 0);
		for (unsigned i = 0; i < F_KEYS; i++) {
			if (!footer->words[i][0])
				footer->columns[i] = 0;
		}
	}
	for (unsigned i = F_KEYS - 1; i-- > 1 && total(footer) > limit;)
		footer->columns[i] = 0;
	if (total(footer) > limit)
		footer->columns[F_KEYS - 1] = 0;
}

static struct footer footer_of(const struct app *app, enum key_mode mode)
{
	struct footer footer;

	for (unsigned i = 0; i < F_KEYS; i++) {
		footer.rows[i] = keys_row_of_f(&app->keys, mode, i + 1);
		word_of(footer.words[i], app, mode, i + 1);
	}
	place_keys(&footer, app->columns);
	return footer;
}

unsigned status_footer_key(const struct app *app, enum key_mode mode, int column)
{
	const struct footer footer = footer_of(app, mode);
	int end = 1;

	for (unsigned i = 0; column >= 1 && i < F_KEYS; i++) {
		end += footer.columns[i];
		if (column < end)
			return footer.rows[i] ? i + 1 : 0;
	}
	return 0;
}

static void draw_footer(const struct app *app, struct line *line, enum key_mode mode)
{
	const struct footer footer = footer_of(app, mode);

	line_add(line, STYLE_PLAIN, " ");
	for (unsigned i = 0; i < F_KEYS; i++) {
		const int end = line->columns + footer.columns[i];

		if (!footer.columns[i])
			continue;
		line_printf(line, STYLE_KEY, "%u", i + 1);
		line_add(line, STYLE_LABEL, footer.words[i]);
		line_pad(line, end);
	}
}

void status_message(const struct app *app, struct frame *frame, int row)
{
	struct line line;

	line_init(&line, app->columns, app->is_ascii);
	line_add(&line, STYLE_PLAIN, " ");
	line_add(&line, app->is_error ? STYLE_ERROR : STYLE_PLAIN, app->message);
	line_take(&line, &frame->lines[row]);
}

void status_last_line(const struct app *app, struct frame *frame, enum key_mode mode)
{
	const struct rect footer = state_geometry(app).footer;
	struct line line;

	if (app->message && app->rows > 1) {
		status_message(app, frame, app->rows - 1);
	} else if (footer.rows) {
		line_init(&line, app->columns, app->is_ascii);
		draw_footer(app, &line, mode);
		line_take(&line, &frame->lines[footer.row]);
	}
}
