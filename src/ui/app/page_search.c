/* SPDX-License-Identifier: Apache-2.0 */

/* Searching the page of the detail pane: its text, also what is folded. */

#include "base/attributes.h"
#include "base/memory.h"
#include "ui/app/screens.h"

void page_search_begin(struct app *app)
{
	app->search.detail_from = detail_pane_leave(app);
	u64_set_copy(&app->search.unfolded_from, &app->unfolded);
}

void page_search_come_back(struct app *app)
{
	match_end(app);
	u64_set_copy(&app->unfolded, &app->search.unfolded_from);
	detail_pane_drop(app);
	detail_pane_return(app, &app->search.detail_from);
}

static struct finding find_shown(struct app *app, const char *query, bool is_next, bool is_back)
{
	const struct detail *detail = detail_pane_page(app);
	struct finding finding = {.index = NODE_NO_PARENT};
	struct needle needle = {0};

	if (!detail)
		return finding;
	const size_t n = detail_count(detail);
	_cleanup_free_ bool *hits = memory_new(n + 1);
	line_set_needle(&needle, NEEDLE_TEXT, query, app->is_ascii);
	for (size_t i = 0; i < n; i++)
		hits[i] = detail_has(detail, i, &needle);
	needle_release(&needle);
	return rows_match(hits, n, MIN(app->detail.list.selected, n - 1),
	        is_next && app->detail.is_off_title, is_back);
}

/* Unfolds all parts of a page that is built with them. */
static void unfold(struct app *app, const struct detail *detail)
{
	for (size_t i = 0; i < detail->n_refs; i++) {
		if (detail->refs[i].target.kind == TARGET_FOLD)
			u64_set_add(&app->unfolded, detail->refs[i].target.tag);
	}
	if (detail->table.n_kernel)
		u64_set_add(&app->unfolded, DETAIL_FOLD_KERNEL);
	detail_pane_drop(app);
}

/* If only lines that are folded match, all are unfolded. */
static struct finding find(struct app *app, const char *query, bool is_next, bool is_back)
{
	const struct finding finding = find_shown(app, query, is_next, is_back);
	const struct node *node = tree_selected(&app->tree);
	struct needle needle = {0};
	struct detail detail;

	if (finding.n || !node)
		return finding;
	struct detail_source source = detail_pane_source(app, node);
	source.with_folded = true;
	detail_build(&detail, &source);
	line_set_needle(&needle, NEEDLE_TEXT, query, app->is_ascii);
	const bool has_folded = detail_has_folded(&detail, &needle);
	if (has_folded)
		unfold(app, &detail);
	needle_release(&needle);
	detail_release(&detail);
	return has_folded ? find_shown(app, query, is_next, is_back) : finding;
}

static void select_found(struct app *app, size_t index)
{
	app->detail.list.selected = index;
}

static void mark_found(struct app *app, const char *query)
{
	match_in_pane(app, query);
	detail_pane_select(app, app->detail.list.selected, &app->match.needle);
}

const struct search_place page_search = {
        .begin = page_search_begin,
        .come_back = page_search_come_back,
        .find = find,
        .select = select_found,
        .mark = mark_found,
        .is_page = true,
};
