/* SPDX-License-Identifier: Apache-2.0 */

/* What a search or a number has found: highlighted in the selected row and on a line of the detail
 * pane, and described if the row does not show it. It ends with Esc, or when another row is
 * selected; on a page of the pane, when another line is. */

#include "base/attributes.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/utf8.h"
#include "ui/app/screens.h"
#include "view/mount_words.h"
#include "view/words.h"
#include "view/words_container.h"

#include <inttypes.h>
#include <stdlib.h>

void match_end(struct app *app)
{
	needle_release(&app->match.needle);
	free(app->match.words);
	app->match = (struct match){.line = SIZE_MAX};
}

bool match_is_on(const struct app *app)
{
	return app->match.needle.text;
}

/* --- the words ---------------------------------------------------------------------------- */

/* Its namespace with the number `digits`. */
static void write_namespace(FILE *out, const struct process *process, const char *digits)
{
	const uint64_t inode = strtoull(digits, NULL, 10);

	for (enum nstype type = 0; type < NS_TYPES; type++) {
		if (process->ns[type] && process->ns[type]->inode == inode) {
			words_ns(out, process->ns[type]);
			return;
		}
	}
}

/* The text, or of a long one the part from a little before the place that was found. */
static void write_found(FILE *out, const struct haystack_place *place)
{
	enum { FAR = 16, BEFORE = 8 };
	const char *from = place->text;

	if (place->found > FAR) {
		from += utf8_clip(from, place->found, (int)place->found - BEFORE, NULL);
		fputs("...", out);
	}
	fputs(from, out);
}

/* A field that may be long. */
static const char *long_field(enum haystack_field field)
{
	return field == HAYSTACK_CMDLINE  ? "command line"
	       : field == HAYSTACK_CGROUP ? "cgroup"
	                                  : NULL;
}

/* `process 93 nginx, in user:[4026532583]`, and the field that matches: of a long one only that,
 * since the namespace is selected. */
static void write_process(FILE *out, const struct haystack_place *place, const struct node *node)
{
	const char *field = long_field(place->field);

	fprintf(out, "process %jd ", (intmax_t)place->process->pid);
	words_process_name(out, place->process);
	if (field) {
		fprintf(out, ", %s ", field);
		write_found(out, place);
		return;
	}
	if (place->field == HAYSTACK_INSIDE)
		fprintf(out, ", %s inside", place->text);
	if (node->ns) {
		fputs(", in ", out);
		words_ns(out, node->ns);
	} else if (place->field == HAYSTACK_NAMESPACE) {
		fputs(", in ", out);
		write_namespace(out, place->process, place->text);
	}
	if (place->field == HAYSTACK_USER)
		fprintf(out, ", user %s", place->text);
	if (place->field == HAYSTACK_INSIDE_NET)
		fprintf(out, ", %s", place->text);
	if (place->field == HAYSTACK_MOUNT)
		fprintf(out, ", mount %s", place->text);
	if (place->field == HAYSTACK_CONTAINER)
		fprintf(out, ", container %s", place->text);
}

static char *words_of(const struct haystack_place *place, const struct node *node)
{
	struct text text;

	text_init(&text);
	if (place->process) {
		write_process(text.out, place, node);
	} else if (node->mount) {
		mount_words_name(text.out, node->mount);
		fprintf(text.out, ", %s", place->text);
	} else if (!node->ns) {
		words_container_line(text.out, node);
		fprintf(text.out, ", %s", place->text);
	} else {
		words_ns(text.out, node->ns);
		if (place->field == HAYSTACK_OWNER)
			fprintf(text.out, ", owner %s", place->text);
		if (place->field == HAYSTACK_HOLDER)
			fprintf(text.out, ", held by %s", place->text);
		if (place->field == HAYSTACK_INSIDE_NET)
			fprintf(text.out, ", %s", place->text);
		if (place->field == HAYSTACK_MOUNT)
			fprintf(text.out, ", mount %s", place->text);
	}
	return text_take(&text);
}

/* --- where it is -------------------------------------------------------------------------- */

static void set(struct app *app, enum needle_kind kind, const char *query,
        const struct haystack_place *place)
{
	const struct node *node = tree_selected(&app->tree);

	match_end(app);
	line_set_needle(&app->match.needle, kind, query, app->is_ascii);
	app->match.tag = node_tag(node);
	app->match.field = place->field;
	app->match.process = detail_to_process(place->process);
	app->match.words = words_of(place, node);
}

void match_in_row(struct app *app, const char *query)
{
	const struct tree_source source = state_source(app);
	struct haystack_place place;

	match_end(app);
	if (tree_search_explain(&app->tree, &source, query, &place)) {
		set(app, NEEDLE_TEXT, query, &place);
		free(place.text);
	}
}

/* `digits` are borrowed. */
static struct haystack_place place_of_number(const struct process *process, char *digits)
{
	return (struct haystack_place){
	        .field = !process                                               ? HAYSTACK_NUMBER
	                 : (uint64_t)process->pid == strtoull(digits, NULL, 10) ? HAYSTACK_PROCESS
	                                                                        : HAYSTACK_INSIDE,
	        .process = process,
	        .text = digits,
	};
}

void match_number(struct app *app, const struct process *process, const char *digits)
{
	_cleanup_free_ char *text = memory_strdup(digits);
	const struct haystack_place place = place_of_number(process, text);

	set(app, process ? NEEDLE_PID : NEEDLE_END, digits, &place);
}

void match_in_pane(struct app *app, const char *query)
{
	match_end(app);
	line_set_needle(&app->match.needle, NEEDLE_TEXT, query, app->is_ascii);
	app->match.is_in_pane = true;
	app->match.tag = app->detail.tag;
}

void match_in_graph(struct app *app, const struct node *node, const struct haystack_place *place)
{
	match_end(app);
	if (!node || !node->ns)
		return;
	/* The header has the number of the selected namespace, and its leader; but of a namespace
	 * that has no box, the owner is selected. */
	if (!node->is_owned &&
	        (place->field == HAYSTACK_NUMBER ||
	                (place->field == HAYSTACK_PROCESS && place->process == node->ns->leader)))
		return;
	app->match.is_in_graph = true;
	app->match.words = words_of(place, node);
}

void match_number_in_graph(
        struct app *app, const struct node *node, const struct process *process, const char *digits)
{
	_cleanup_free_ char *text = memory_strdup(digits);
	const struct haystack_place place = place_of_number(process, text);

	match_in_graph(app, node, &place);
}

/* --- what is highlighted ------------------------------------------------------------------ */

const struct needle *match_of_line(const struct app *app, size_t line)
{
	const struct match *match = &app->match;
	const bool is_found = match->is_in_pane
	                              ? detail_has(&app->detail.built, line, &match->needle)
	                              : match->line == line;

	return match_is_on(app) && is_found ? &match->needle : NULL;
}

const char *match_hidden_words(const struct app *app)
{
	const struct geometry geometry = state_geometry(app);
	const struct tree_source source = state_source(app);

	if (app->match.is_in_graph)
		return app->match.words;
	if (!match_is_on(app) || app->match.is_in_pane)
		return NULL;
	if (geometry.list.rows &&
	        tree_pane_has_needle(&app->tree, &source, geometry.list.columns, app->is_ascii))
		return NULL;
	return app->match.words;
}

/* The line of the page of the selected node on which the match is. */
static bool find_line(const struct app *app, const struct detail *detail, size_t *ret)
{
	static const char *const facts[] = {
	        [HAYSTACK_NUMBER] = "inode",
	        [HAYSTACK_OWNER] = "type",
	        [HAYSTACK_HOLDER] = "held by",
	        [HAYSTACK_INSIDE] = "PID",
	        [HAYSTACK_CMDLINE] = "command",
	        [HAYSTACK_CGROUP] = "cgroup",
	        [HAYSTACK_USER] = "user",
	        [HAYSTACK_PROCESS] = NULL,
	        [HAYSTACK_NAMESPACE] = NULL,
	        [HAYSTACK_CONTAINER] = NULL,
	        [HAYSTACK_INSIDE_NET] = NULL,
	        [HAYSTACK_MOUNT] = NULL,
	};
	const struct match *match = &app->match;

	if (!detail_pane_is_own(app))
		return false;
	if (match->process.kind == TARGET_PROCESS && !detail->source.process)
		return detail_find(detail, &match->process, ret);
	if (detail_find_text(detail, facts[match->field], &match->needle, ret))
		return true;
	/* It may be among the holders that are folded. */
	return match->field == HAYSTACK_HOLDER &&
	       detail_find_text(detail, facts[match->field], NULL, ret);
}

/* Selects the line if it has a reference, or is not in view at the top of the page: else the page
 * itself. Of a namespace that is found by its number, the page is what was found. */
static void show_line(struct app *app, const struct detail *detail, size_t line)
{
	if (app->match.field == HAYSTACK_NUMBER)
		return;
	if (detail_count_refs(detail, line) || line >= (size_t)detail_pane_rows(app))
		detail_pane_select(app, line, &app->match.needle);
	else
		detail_pane_select_page(app);
}

static size_t distance(size_t a, size_t b)
{
	return a < b ? b - a : a - b;
}

/* Facts may be wrapped elsewhere, or have moved: selects the nearest one that has the needle. */
static void keep_line(struct app *app, const struct detail *detail)
{
	const struct needle *needle = &app->match.needle;
	const size_t selected = app->detail.list.selected;
	size_t nearest = SIZE_MAX;

	if (!app->detail.is_off_title || detail_has(detail, selected, needle))
		return;
	for (size_t i = 0; i < detail->facts.n; i++) {
		if (detail_has(detail, i, needle) &&
		        distance(i, selected) < distance(nearest, selected))
			nearest = i;
	}
	if (nearest != SIZE_MAX)
		detail_pane_select(app, nearest, needle);
}

/* True if the line was in view before the pane had the size that it has now. */
static bool was_in_view(const struct app *app, size_t line)
{
	const struct scroller *list = &app->detail.list;

	return line >= list->top && line < list->top + list->page;
}

void match_settle(struct app *app, const struct detail *detail)
{
	struct match *match = &app->match;
	const size_t before = match->line;

	match->line = SIZE_MAX;
	if (!match_is_on(app))
		return;
	if (match->is_in_pane) {
		keep_line(app, detail);
		return;
	}
	if (!find_line(app, detail, &match->line)) {
		match->line = SIZE_MAX;
		return;
	}
	const bool has_shrunk = (size_t)detail_pane_rows(app) < app->detail.list.page;
	if (!match->is_shown || (has_shrunk && was_in_view(app, before)))
		show_line(app, detail, match->line);
	match->is_shown = true;
}
