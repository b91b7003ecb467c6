/* SPDX-License-Identifier: Apache-2.0 */

/* The first two screens, which share the terminal: the list and the detail pane. Folding, focus,
 * the line between the panes, what the mouse does on them, and how they are drawn. */

#include "base/attributes.h"
#include "base/text.h"
#include "ui/app/screens.h"

/* --- folding ----------------------------------------------------------------------------- */

unsigned panes_fold(struct app *app, long how)
{
	const bool is_closed = how == FOLD_TOGGLE ? tree_is_open(&app->tree) : how == FOLD_CLOSE;

	tree_fold(&app->tree, &app->marks, is_closed);
	return EFFECT_REDRAW;
}

unsigned panes_unfold_or_enter(struct app *app, _unused_ long argument)
{
	return tree_is_open(&app->tree) ? screens_move_lines(app, 1) : panes_fold(app, FOLD_OPEN);
}

unsigned panes_fold_or_leave(struct app *app, _unused_ long argument)
{
	if (tree_is_open(&app->tree))
		return panes_fold(app, FOLD_CLOSE);
	return tree_go_parent(&app->tree) ? EFFECT_REDRAW : 0;
}

unsigned panes_fold_parent(struct app *app, _unused_ long argument)
{
	return tree_go_parent(&app->tree) ? panes_fold(app, FOLD_CLOSE) : 0;
}

unsigned panes_fold_all(struct app *app, _unused_ long argument)
{
	tree_fold_all(&app->tree, &app->marks);
	return EFFECT_REDRAW;
}

/* In the view of processes those of the list, unless the detail pane has the focus. */
unsigned panes_fold_kernel(struct app *app, _unused_ long argument)
{
	const bool is_list = app->tree.view.kind == VIEW_PROCESSES && !app->panes.is_detail_focused;
	const struct detail *detail = detail_pane_page(app);

	if (is_list && tree_fold_kernel(&app->tree, &app->marks))
		return EFFECT_REDRAW;
	if (!is_list && detail && detail->table.n_kernel)
		return detail_pane_fold(app, DETAIL_FOLD_KERNEL);
	return state_inform(app, "no kernel threads here");
}

/* A mount namespace whose mounts Enter shows. */
static const struct ns *mnt_to_enter(const struct app *app, const struct node *node)
{
	if (!node || !node->ns || node->ns->type != NS_MNT || node->mark == MARK_GONE ||
	        app->tree.view.kind == VIEW_MOUNTS)
		return NULL;
	return app->is_live || app->current->mounts ? node->ns : NULL;
}

unsigned panes_enter(struct app *app, _unused_ long argument)
{
	const struct node *node = tree_selected(&app->tree);
	const struct ns *mnt = mnt_to_enter(app, node);

	if (node && tree_is_kernel(&app->tree, node))
		return panes_fold(app, FOLD_TOGGLE);
	if (mnt) {
		jumps_visit(app);
		jumps_show_mounts(app, mnt, 0);
		return EFFECT_REDRAW;
	}
	return screens_focus(app, true);
}

/* --- the places of the panes ------------------------------------------------------------- */

unsigned panes_switch_focus(struct app *app, _unused_ long argument)
{
	return screens_focus(app, !app->panes.is_detail_focused);
}

unsigned panes_toggle_split(struct app *app, _unused_ long argument)
{
	app->panes.split = state_geometry(app).is_right ? SPLIT_BOTTOM : SPLIT_RIGHT;
	app->panes.is_detail_hidden = false;
	return EFFECT_REDRAW;
}

unsigned panes_toggle_hidden(struct app *app, _unused_ long argument)
{
	app->panes.is_detail_hidden = !app->panes.is_detail_hidden;
	if (app->panes.is_detail_hidden)
		screens_focus(app, false);
	return EFFECT_REDRAW;
}

unsigned panes_toggle_maximised(struct app *app, _unused_ long argument)
{
	app->panes.is_detail_maximised = !app->panes.is_detail_maximised;
	if (app->panes.is_detail_maximised)
		screens_focus(app, true);
	return EFFECT_REDRAW;
}

/* --- after each event -------------------------------------------------------------------- */

/* Requests the names of the users of the processes in view. */
static void request_names(struct app *app)
{
	const struct tree *tree = &app->tree;

	if (tree->view.kind != VIEW_PROCESSES)
		return;
	for (size_t i = tree->scroller.top;
	        i < tree->rows.n && i < tree->scroller.top + tree->scroller.page; i++) {
		const struct node *node = &tree->hierarchy.nodes[tree->rows.all[i].node];

		if (node->process && node->process->uid_state == REL_KNOWN)
			state_request_name(app, node->process->uid);
	}
}

static int list_rows(const struct app *app)
{
	return state_geometry(app).list.rows;
}

/* The rows of the longest list so far, and two for a hint: a change of the view or of the filter, a
 * fold, and what is new, should not move the panes. What is folded at first has no room until it is
 * opened, and then only in its own view; nor has what a filter opens, or a search before Enter. */
static void reserve_rows(struct app *app)
{
	enum { HINT_ROWS = 2, MANY = 10000 };
	const struct tree *const tree = &app->tree;
	struct list_room *const room = &app->room;

	if (!app->current)
		return;
	if (room->view != tree->view.kind)
		room->opened = 0;
	room->view = tree->view.kind;
	room->at_first = MAX(room->at_first, tree->n_at_first);
	if (!tree->filtered && app->n_screens == 1)
		room->opened = MAX(room->opened, tree->rows.n);
	app->panes.list_rows =
	        (int)MIN(MAX(room->at_first, room->opened), (size_t)MANY) + HINT_ROWS;
}

static void settle(struct app *app)
{
	if (!app->panes.is_detail_focused)
		app->panes.is_detail_maximised = false;
	reserve_rows(app);
	const int rows = list_rows(app);
	if (rows)
		app->tree.scroller.page = (size_t)rows;
	scroller_settle(&app->tree.scroller);
	if (match_is_on(app) && app->match.tag != node_tag(tree_selected(&app->tree)))
		match_end(app);
	detail_pane_settle(app);
	request_names(app);
}

/* --- moving and closing ------------------------------------------------------------------ */

static void scroll_list(struct app *app, long lines, bool is_paging)
{
	scroller_move(&app->tree.scroller, lines, is_paging);
}

/* Esc ends the highlighting of a match; Esc twice ends the filter. */
static unsigned close_list(struct app *app)
{
	const struct node *node = tree_selected(&app->tree);
	const uint64_t tag = node ? node_tag(node) : app->tree.unseen;

	if (net_search_is_on(app))
		return net_search_stop(app, true);
	if (read_mounts_stop(app, true))
		return EFFECT_REDRAW;
	if (match_is_on(app)) {
		match_end(app);
		return EFFECT_REDRAW;
	}
	app->is_idle_escape = !filter_is_on(&app->filter) || !app->is_second_escape;
	if (!filter_is_on(&app->filter))
		return 0;
	app->is_first_escape = !app->is_second_escape;
	if (app->is_first_escape)
		return state_inform(app, "Esc again clears the filter");
	filter_release(&app->filter);
	state_filter(app, tag);
	return EFFECT_REDRAW;
}

/* Closes the page of another process, so that the page of the selected node is shown; if that is
 * shown already, moves the focus to the list. */
static unsigned close_detail(struct app *app)
{
	if (net_search_is_on(app))
		return net_search_stop(app, true);
	if (read_mounts_stop(app, true))
		return EFFECT_REDRAW;
	match_end(app);
	return screens_focus(app, detail_pane_close_page(app));
}

/* Goes back: from the page of another process to the place before, from the pane to the list. */
static unsigned leave_detail(struct app *app)
{
	if (!detail_pane_is_own(app) && app->jumps.at > 0)
		return jumps_go(app, -1);
	return close_detail(app);
}

/* --- the mouse --------------------------------------------------------------------------- */

static bool is_in(const struct rect *rect, const struct mouse *mouse)
{
	return geometry_has(rect, mouse->row, mouse->column);
}

/* True on the line between the panes. */
static bool is_border(const struct geometry *geometry, const struct mouse *mouse)
{
	if (!geometry->list.rows || !geometry->detail.rows)
		return false;
	return is_in(&geometry->divider, mouse) ||
	       (geometry->is_right && mouse->column == geometry->list.columns &&
	               mouse->row > geometry->header.row && mouse->row < geometry->footer.row);
}

static void focus_under(struct app *app, const struct geometry *geometry, const struct mouse *mouse)
{
	if (is_in(&geometry->list, mouse))
		screens_focus(app, false);
	else if (is_in(&geometry->detail, mouse))
		screens_focus(app, true);
}

static void press_list(struct app *app, const struct rect *list, const struct mouse *mouse)
{
	const size_t row = app->tree.scroller.top + (size_t)(mouse->row - list->row);

	if (row >= app->tree.rows.n)
		return;
	tree_go(&app->tree, row);
	if (tree_pane_is_fold_mark(&app->tree, row, list->columns, mouse->column - list->column))
		panes_fold(app, FOLD_TOGGLE);
}

static unsigned press(struct app *app, const struct geometry *geometry, const struct mouse *mouse)
{
	const struct rect *detail = &geometry->detail;
	const bool was_focused = app->panes.is_detail_focused;

	if (is_border(geometry, mouse)) {
		app->is_border_held = true;
		return 0;
	}
	focus_under(app, geometry, mouse);
	if (is_in(&geometry->list, mouse)) {
		press_list(app, &geometry->list, mouse);
	} else if (is_in(detail, mouse)) {
		const bool was_selected = detail_pane_point(
		        app, mouse->row - detail->row, mouse->column - detail->column);

		if (was_focused && was_selected)
			return jumps_follow(app, 0);
	}
	return EFFECT_REDRAW;
}

static unsigned mouse_on_panes(struct app *app, const struct mouse *mouse)
{
	const struct geometry geometry = state_geometry(app);

	switch (mouse->kind) {
	case MOUSE_WHEEL_UP:
	case MOUSE_WHEEL_DOWN:
		focus_under(app, &geometry, mouse);
		return screens_wheel(app, mouse);
	case MOUSE_PRESS:
		return press(app, &geometry, mouse);
	case MOUSE_DRAG:
		if (!app->is_border_held)
			return 0;
		/* Size 0 would mean the default size. */
		if (geometry.is_right)
			app->panes.detail_columns = MAX(app->columns - 1 - mouse->column, 1);
		else
			app->panes.detail_rows = MAX(geometry.footer.row - 1 - mouse->row, 1);
		return EFFECT_REDRAW;
	case MOUSE_RELEASE:
		app->is_border_held = false;
	}
	return 0;
}

/* --- drawing ----------------------------------------------------------------------------- */

/* The lines in view, and the cursor on the selected reference. */
static void draw_detail_lines(const struct app *app, const struct rect *rect, struct frame *frame)
{
	const struct detail_pane *pane = &app->detail;
	const struct detail *detail = &pane->built;
	const bool has_focus = app->panes.is_detail_focused;
	struct detail_ref ref;

	for (size_t i = 0; i < (size_t)rect->rows && pane->list.top + i < pane->list.n; i++) {
		const size_t index = pane->list.top + i;
		const int row = rect->row + (int)i;
		const bool is_current =
		        has_focus && pane->is_off_title && index == pane->list.selected;
		const bool has_ref = is_current && detail_ref(detail, index, pane->ref, &ref);

		detail_draw(detail, index, is_current, has_ref ? &ref : NULL,
		        match_of_line(app, index), &frame->lines[row]);
		if (!is_current)
			continue;
		frame->cursor_row = row;
		frame->cursor_column = has_ref && ref.column < rect->columns ? ref.column : 0;
	}
}

static void draw_detail_on(const struct app *app, const struct rect *divider,
        const struct rect *rect, struct frame *frame)
{
	const bool has_lines = rect->rows && app->detail.is_built;
	const struct scroller list = {
	        .top = app->detail.list.top,
	        .page = (size_t)rect->rows,
	        .n = has_lines ? app->detail.list.n : 0,
	};
	const enum divider_focus focus = !app->panes.is_detail_focused ? DIVIDER_PLAIN
	                                 : app->detail.is_off_title    ? DIVIDER_FOCUS
	                                                               : DIVIDER_SELECTED;
	_cleanup_text_ struct text title;

	text_init_within(&title, app->columns);
	page_text_write_title(title.out, app);
	if (app->panes.is_detail_focused)
		frame_set_cursor(frame, rect->row, 0);
	if (has_lines)
		draw_detail_lines(app, rect, frame);
	scroller_draw_divider(&list, frame, divider, text_get(&title), focus, app->is_ascii);
}

/* Beside the list it is drawn on a frame of its own, which is then put there. */
static void draw_detail(const struct app *app, const struct geometry *geometry, struct frame *frame)
{
	const struct rect divider = {0, 0, 1, geometry->divider.columns};
	const struct rect rect = {1, 0, geometry->detail.rows, geometry->detail.columns};
	struct frame pane;

	if (!geometry->detail.rows)
		return;
	if (!geometry->is_right) {
		draw_detail_on(app, &geometry->divider, &geometry->detail, frame);
		return;
	}
	frame_init(&pane, rect.rows + 1, rect.columns);
	draw_detail_on(app, &divider, &rect, &pane);
	frame_put_beside(frame, &pane, geometry->divider.row, geometry->list.columns,
	        line_glyphs(app->is_ascii)->edge);
	frame_release(&pane);
}

static void draw(const struct app *app, struct frame *frame)
{
	struct tree_source source = state_source(app);
	const struct geometry geometry = state_geometry(app);

	/* With details below, which change with each key too, that would be too many. */
	source.with_whole_row = !geometry.detail.rows || geometry.is_right;
	status_header(app, frame, &geometry.header);
	tree_pane_titles(frame, &geometry.titles, &app->tree, app->is_ascii);
	tree_pane_draw(frame, &geometry.list, &app->tree, &source, app->is_ascii,
	        !app->panes.is_detail_focused);
	hint_draw(app, frame, &geometry.list);
	draw_detail(app, &geometry, frame);
}

/* --- searching in the list --------------------------------------------------------------- */

static void begin_search(struct app *app)
{
	tree_leave(&app->tree, &app->search.from);
	page_search_begin(app);
}

static void come_back(struct app *app)
{
	tree_return(&app->tree, &app->marks, &app->search.from);
	page_search_come_back(app);
}

static struct finding find(struct app *app, const char *query, bool is_next, bool is_back)
{
	const struct tree_source source = state_source(app);

	return tree_search_find(&app->tree, &source, query, is_next, is_back);
}

static void select_found(struct app *app, size_t index)
{
	tree_select(&app->tree, &app->marks, index);
}

/* Adds the place where the search began to the jump history. The match stays selected. */
static void keep_found(struct app *app)
{
	const struct node *node = tree_selected(&app->tree);
	const uint64_t tag = node_tag(node);
	const struct match match = app->match;

	if (!node || tag == app->search.from.selected)
		return;
	app->match = (struct match){0};
	come_back(app);
	jumps_visit(app);
	tree_go_tag(&app->tree, &app->marks, tag);
	app->match = match;
	app->match.is_shown = false;
}

static void find_numbers(struct app *app, const char *digits, uint64_t from, struct go_to_list *ret)
{
	const struct hierarchy *hierarchy = &app->tree.hierarchy;
	const size_t node = hierarchy_find(hierarchy, from);

	go_to_find(ret, hierarchy, app->current,
	        node == NODE_NO_PARENT ? NULL : &hierarchy->nodes[node], digits,
	        app->tree.filtered);
}

static const struct ns *ns_at(const struct app *app, size_t node)
{
	return app->tree.hierarchy.nodes[node].ns;
}

static uint64_t search_from(const struct app *app)
{
	return app->search.from.selected;
}

static const struct search_place list_search = {
        .begin = begin_search,
        .come_back = come_back,
        .find = find,
        .select = select_found,
        .mark = match_in_row,
        .keep = keep_found,
        .find_numbers = find_numbers,
        .ns_at = ns_at,
        .mark_number = match_number,
        .from = search_from,
};

const struct screen panes_list = {
        .mode = MODE_TREE,
        .draw = draw,
        .settle = settle,
        .page = list_rows,
        .scroll = scroll_list,
        .mouse = mouse_on_panes,
        .close = close_list,
        .search = &list_search,
};

const struct screen panes_detail = {
        .mode = MODE_DETAIL,
        .draw = draw,
        .settle = settle,
        .page = detail_pane_rows,
        .scroll = detail_pane_scroll,
        .mouse = mouse_on_panes,
        .close = close_detail,
        .quit = leave_detail,
        .search = &page_search,
};
