/* SPDX-License-Identifier: Apache-2.0 */

/* What the list shows: the view, the order of siblings, the owner and the types, and the menus to
 * choose them. */

#include "base/attributes.h"
#include "base/escape.h"
#include "base/memory.h"
#include "base/text.h"
#include "ui/app/screens.h"
#include "ui/list/rows.h"
#include "view/column.h"
#include "view/node.h"
#include "view/partial.h"
#include "view/sharing.h"

#include <inttypes.h>
#include <stdlib.h>

/* --- the view ---------------------------------------------------------------------------- */

static unsigned set_view(
        struct app *app, const struct view_options *view, const uint64_t *tags, size_t n)
{
	const struct tree_source source = state_source(app);

	if (source.model)
		tree_set_view(&app->tree, &source, view, tags, n);
	else
		app->tree.view = *view;
	return EFFECT_REDRAW;
}

/* The selected line; instead of a mount its mount namespace. */
static const struct node *selected_of_model(const struct app *app)
{
	const struct node *node = tree_selected(&app->tree);

	return node && app->tree.view.kind == VIEW_MOUNTS ? &app->tree.hierarchy.nodes[0] : node;
}

/* The inode of the mount namespace of a line, or of its first process; 0: there is none. */
static uint64_t mnt_of(const struct node *node)
{
	const struct process *process = node ? node_process(node) : NULL;

	if (node && node->ns && node->ns->type == NS_MNT)
		return node->ns->inode;
	return process && process->ns[NS_MNT] ? process->ns[NS_MNT]->inode : 0;
}

static unsigned set_kind(struct app *app, enum view_kind kind, bool is_itself_first)
{
	const struct node *selected = selected_of_model(app);
	struct view_options view = app->tree.view;
	uint64_t tags[ROWS_CANDIDATES_MAX + 1];
	const struct rows_switch change = {
	        .model = app->current, .kind = kind, .is_itself_first = is_itself_first};
	size_t n = rows_candidates(selected, &change, tags);

	if (app->left[kind])
		tags[n++] = app->left[kind];
	app->is_view_auto = false;
	jumps_visit(app);
	view.kind = kind;
	view.by_owner = false;
	if (kind == VIEW_MOUNTS)
		view.mnt = mnt_of(selected);
	return set_view(app, &view, tags, n);
}

void views_set_kind(struct app *app, enum view_kind kind)
{
	set_kind(app, kind, true);
}

enum view_kind views_next(enum view_kind kind)
{
	switch (kind) {
	case VIEW_USER:
		return VIEW_PID;
	case VIEW_PID:
		return VIEW_CONTAINERS;
	default:
		return VIEW_USER;
	}
}

/* True if a container has no user namespace of its own, as far as is known: then the hierarchy of
 * user namespaces has no line for it. */
static bool has_hidden_container(const struct model *model)
{
	for (size_t i = 0; i < model->n_containers; i++) {
		const struct container *container = model->containers[i];

		if (!container->outer && !container_is_label(container) &&
		        sharing_of(model, container, NS_USER) != SHARING_OWN)
			return true;
	}
	return false;
}

void views_choose_first(struct app *app)
{
	const bool has_no_user_ns = model_is_partial_by(app->current, PARTIAL_NO_USER_NS);
	const bool is_hidden = has_hidden_container(app->current);

	if (!app->is_view_auto || app->graph.is_first || (!has_no_user_ns && !is_hidden))
		return;
	app->tree.view.kind = is_hidden ? VIEW_CONTAINERS : VIEW_PID;
	/* A complaint about the config file is more important. */
	if (!app->message)
		state_inform(app, has_no_user_ns ? "this kernel has no user namespaces"
		                                 : "F5: user hierarchy");
}

unsigned views_switch_hierarchy(struct app *app, _unused_ long argument)
{
	const enum view_kind kind = app->tree.view.kind;

	app->left[kind] = node_tag(tree_selected(&app->tree));
	return set_kind(app, views_next(kind), false);
}

unsigned views_toggle_owned(struct app *app, _unused_ long argument)
{
	const struct node *node = tree_selected(&app->tree);
	struct view_options view = app->tree.view;
	uint64_t tag = node_tag(node);

	view.with_details = !view.with_details;
	if (node && node->is_owned)
		tag = node_tag(&app->tree.hierarchy.nodes[node->parent]);
	return set_view(app, &view, &tag, 1);
}

unsigned views_set_order(struct app *app, enum view_sort sort, bool is_inverted)
{
	struct view_options view = app->tree.view;
	const uint64_t tag = node_tag(tree_selected(&app->tree));

	view.sort = sort;
	view.is_inverted = is_inverted;
	set_view(app, &view, &tag, 1);
	return state_say(app, false,
	        memory_printf(
	                "sorted by %s%s", view_sort_name(sort), is_inverted ? ", reversed" : ""));
}

unsigned views_invert(struct app *app, _unused_ long argument)
{
	return views_set_order(app, app->tree.view.sort, !app->tree.view.is_inverted);
}

#define VIEW_OF_ALL "view of all types (< goes back)"

/* --- filters by owner, type and holders -------------------------------------------------- */

void views_show_all(struct app *app)
{
	if (app->tree.view.kind == VIEW_ALL)
		return;
	views_set_kind(app, VIEW_ALL);
	state_inform(app, VIEW_OF_ALL);
}

void views_filter_again(struct app *app)
{
	const struct node *node = tree_selected(&app->tree);

	state_filter(app, node ? node_tag(node) : app->tree.unseen);
	if (!app->tree.filtered || app->tree.count.n)
		return;
	/* The list says that there are no rows. */
	screens_focus(app, false);
	if (app->tree.view.kind == VIEW_PROCESSES && !app->filter.only_leaked &&
	        !app->filter.only_changed)
		return;
	views_show_all(app);
}

/* Leaked namespaces of a type that the view does not have are easily missed. */
static void write_elsewhere(FILE *out, const struct app *app)
{
	const struct tree *tree = &app->tree;
	size_t n = 0, n_shown = 0;

	for (size_t i = 0; i < app->current->n_namespaces; i++)
		n += model_is_leaked(app->current->namespaces[i]);
	for (size_t i = 0; i < app->current->n_pins; i++)
		n += pin_is_leaked(&app->current->pins[i]);
	for (size_t i = 0; i < tree->hierarchy.n; i++)
		n_shown += tree->filtered[i] == FILTERED_IN &&
		           tree->hierarchy.nodes[i].mark != MARK_GONE;
	if (n_shown < n)
		fprintf(out, "%zu of %zu%s leaked are here (V all)", n_shown, n,
		        partial_plus(app->current, NULL));
}

static bool is_only_leaked(const struct filter *filter)
{
	struct filter others = *filter;

	others.only_leaked = false;
	return filter->only_leaked && !filter_is_on(&others);
}

unsigned views_toggle_leaked(struct app *app, _unused_ long argument)
{
	const char *const unsearched = app->current ? partial_unsearched(app->current, true) : NULL;
	const enum view_kind kind = app->tree.view.kind;
	_cleanup_text_ struct text text;

	text_init(&text);
	app->filter.only_leaked = !app->filter.only_leaked;
	views_filter_again(app);
	if (app->tree.view.kind != kind)
		fputs(VIEW_OF_ALL, text.out);
	else if (app->current && is_only_leaked(&app->filter))
		write_elsewhere(text.out, app);
	if (app->filter.only_leaked && unsearched)
		fprintf(text.out, "%s%s", *text_get(&text) ? "; " : "", unsearched);
	if (*text_get(&text))
		state_say(app, false, memory_strdup(text_get(&text)));
	return EFFECT_REDRAW;
}

/* --- the menus --------------------------------------------------------------------------- */

static void list_views(struct app *app)
{
	for (enum view_kind kind = 0; kind < VIEW_KINDS; kind++) {
		const struct view_kind_row *row = view_kind_row(kind);
		const size_t n = app->current ? status_count(app->current, kind) : 0;
		const char *const plus = partial_plus(app->current, NULL);

		/* Mounts are read when the view is open. */
		menu_add(&app->menu,
		        kind == VIEW_MOUNTS
		                ? memory_printf("%-10s %6s  %s", row->name, "", row->text)
		                : memory_printf("%-10s %6zu%-2s%s", row->name, n, plus, row->text),
		        kind, kind == app->tree.view.kind);
	}
}

static void take_view(struct app *app, uint64_t value)
{
	views_set_kind(app, (enum view_kind)value);
}

static void list_orders(struct app *app)
{
	for (enum view_sort sort = 0; sort < VIEW_SORTS; sort++)
		menu_add(&app->menu, memory_strdup(view_sort_name(sort)), sort,
		        sort == app->tree.view.sort);
}

static void take_order(struct app *app, uint64_t value)
{
	views_set_order(app, (enum view_sort)value, app->tree.view.is_inverted);
}

/* Values of the menu of owners that are no UIDs. */
enum { ANYBODY = UINT64_C(1) << 32, NOT_MINE };

static int compare_uids(const void *a, const void *b)
{
	const uid_t x = *(const uid_t *)a, y = *(const uid_t *)b;

	return COMPARE(x, y);
}

/* `harald (1000)`. */
static char *user_text(const struct app *app, uid_t uid)
{
	const char *name = names_get(app->names, uid);
	_cleanup_free_ char *text = name ? escape_name(name) : NULL;

	return text ? memory_printf("%s (%" PRIu32 ")", text, (uint32_t)uid)
	            : memory_printf("%" PRIu32, (uint32_t)uid);
}

/* Each owner once, with the number of nodes in this view. */
static void add_owners(struct app *app)
{
	const struct hierarchy *hierarchy = &app->tree.hierarchy;
	const struct filter *filter = &app->filter;
	_cleanup_free_ uid_t *uids = memory_new((hierarchy->n + 1) * sizeof(*uids));
	size_t n = 0;

	for (size_t i = 0; i < hierarchy->n; i++)
		n += node_owner(&hierarchy->nodes[i], &uids[n]) == REL_KNOWN;
	qsort(uids, n, sizeof(*uids), compare_uids);
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n && uids[end] == uids[i]; end++)
			;
		_cleanup_free_ char *user = user_text(app, uids[i]);
		menu_add(&app->menu,
		        memory_printf(
		                "%6zu%-2s%s", end - i, partial_plus(app->current, NULL), user),
		        uids[i], filter->owner_rule == FILTER_ONLY && filter->owner == uids[i]);
	}
}

static void list_owners(struct app *app)
{
	menu_add(&app->menu, memory_strdup("all users"), ANYBODY, false);
	if (!app->current)
		return;
	if (app->current->host.euid_state == REL_KNOWN) {
		_cleanup_free_ char *user = user_text(app, app->current->host.euid);

		menu_add(&app->menu, memory_printf("other users: all but %s", user), NOT_MINE,
		        app->filter.owner_rule == FILTER_NOT);
	}
	add_owners(app);
}

static void take_owner(struct app *app, uint64_t value)
{
	struct filter *filter = &app->filter;

	filter->owner_rule = value == ANYBODY    ? FILTER_ANYBODY
	                     : value == NOT_MINE ? FILTER_NOT
	                                         : FILTER_ONLY;
	filter->owner = value == NOT_MINE ? app->current->host.euid : (uid_t)value;
	views_filter_again(app);
}

static void list_types(struct app *app)
{
	if (app->tree.view.kind == VIEW_PROCESSES)
		app->menu.title = "filter by types that differ";
	menu_add(&app->menu, memory_strdup("all"), NS_TYPES, false);
	for (enum nstype type = 0; type < NS_TYPES; type++) {
		const size_t n = app->current ? model_count(app->current, type) : 0;

		menu_add(&app->menu,
		        memory_printf("%-8s %6zu%s", nstype_name(type), n,
		                partial_plus(app->current, NULL)),
		        type, false);
		app->menu.items[app->menu.list.n - 1].is_checked = app->filter.types & (1u << type);
	}
}

/* The checked types, else the selected one; the first item means all. */
static void take_types(struct app *app, uint64_t selected)
{
	const unsigned all = (1u << NS_TYPES) - 1;
	const struct menu *menu = &app->menu;
	unsigned types = 0;

	for (size_t i = 1; i < menu->list.n; i++) {
		if (menu->items[i].is_checked)
			types |= 1u << menu->items[i].value;
	}
	if (!types && selected != NS_TYPES)
		types = 1u << selected;
	app->filter.types = selected == NS_TYPES || types == all ? 0 : types;
	views_filter_again(app);
}

/* The columns of this view but the tree, which is always there. */
static void list_columns(struct app *app)
{
	const enum view_kind view = app->tree.view.kind;
	const struct column_list shown = column_choice_list(app->tree.columns, view);

	menu_add(&app->menu, memory_strdup("auto: the default, more if they fit"), COLUMN_IDS,
	        !app->tree.columns);
	for (enum column_id id = 0; id < COLUMN_IDS; id++) {
		const struct column *column = column_row(id);
		bool is_shown = false;

		if (!(column->views & 1u << view) || id == column_tree(view))
			continue;
		for (size_t i = 0; i < shown.n; i++)
			is_shown |= shown.ids[i] == id;
		menu_add(&app->menu, memory_printf("%-11s %s", column->name, column->text), id,
		        false);
		app->menu.items[app->menu.list.n - 1].is_checked = is_shown;
	}
}

/* The checked columns; those that only other views have stay as they are. */
static void take_columns(struct app *app, uint64_t selected)
{
	const uint64_t before = app->tree.columns ? app->tree.columns : column_choice_initial();
	const struct menu *menu = &app->menu;
	uint64_t choice = 0;

	for (size_t i = 1; i < menu->list.n; i++) {
		if (menu->items[i].is_checked)
			choice |= column_choice_bit((enum column_id)menu->items[i].value);
	}
	for (enum column_id id = 0; id < COLUMN_IDS; id++) {
		if (!(column_row(id)->views & 1u << app->tree.view.kind) ||
		        id == column_tree(app->tree.view.kind))
			choice |= before & column_choice_bit(id);
	}
	const bool is_auto = selected == COLUMN_IDS || menu->items[0].is_checked;
	app->tree.columns = is_auto ? 0 : choice;
	state_measure(app);
}

/* `take` is called with the value of the selected item. */
struct views_menu {
	const char *title;
	bool is_multiple; /* items can be checked; the first one means no choice */
	void (*list)(struct app *app);
	void (*take)(struct app *app, uint64_t value);
	unsigned (*go_back)(struct app *app); /* without a choice; NULL: to the list */
};

static const struct views_menu menus[MENUS] = {
        [MENU_VIEW] = {"view", false, list_views, take_view, NULL},
        [MENU_SORT] = {"sort siblings by", false, list_orders, take_order, NULL},
        [MENU_OWNER] = {"filter by owner", false, list_owners, take_owner, NULL},
        [MENU_TYPES] = {"filter by type", true, list_types, take_types, NULL},
        [MENU_COLUMNS] = {"columns: Space checks, Enter shows them", true, list_columns,
                take_columns, options_return_to_columns},
};

unsigned views_open_menu(struct app *app, long which)
{
	app->menu_kind = &menus[which];
	menu_open(&app->menu, app->menu_kind->title, app->menu_kind->is_multiple);
	app->menu_kind->list(app);
	return screens_open(app, &views_menu_screen);
}

static unsigned leave(struct app *app)
{
	const unsigned effects = screens_close_menu(app);

	return app->menu_kind->go_back ? effects | app->menu_kind->go_back(app) : effects;
}

static unsigned accept(struct app *app)
{
	app->menu_kind->take(app, app->menu.items[app->menu.list.selected].value);
	return screens_close_menu(app);
}

unsigned views_check(struct app *app, _unused_ long argument)
{
	struct menu_item *items = app->menu.items;
	const size_t selected = app->menu.list.selected;

	if (!app->menu_kind->is_multiple)
		return accept(app);
	items[selected].is_checked = !items[selected].is_checked;
	for (size_t i = 0; i < app->menu.list.n; i++) {
		if ((selected == 0) != (i == 0))
			items[i].is_checked = false;
	}
	menu_move(&app->menu, 1, app->rows);
	return EFFECT_REDRAW;
}

static unsigned mouse(struct app *app, const struct mouse *mouse)
{
	if (mouse->kind != MOUSE_PRESS)
		return screens_wheel(app, mouse);
	return menu_point(&app->menu, mouse->row, app->rows) ? views_check(app, 0) : 0;
}

const struct screen views_menu_screen = {
        .mode = MODE_MENU,
        .place = SCREEN_OVER,
        .draw = screens_draw_menu,
        .settle = screens_settle_menu,
        .page = screens_menu_page,
        .scroll = screens_scroll_menu,
        .mouse = mouse,
        .accept = accept,
        .close = leave,
        .quit = leave,
};
