/* SPDX-License-Identifier: Apache-2.0 */

/* Which view, in which order, of whom; marks and pauses. */

#include "base/attributes.h"
#include "base/escape.h"
#include "base/memory.h"
#include "ui/app/app_internal.h"
#include "ui/app/status.h"
#include "ui/list/counterpart.h"
#include "view/order.h"

#include <inttypes.h>
#include <stdlib.h>

/* --- views ------------------------------------------------------------------------------------ */

static void add_tag(uint64_t *tags, size_t *n, const struct ns *ns)
{
	if (ns)
		tags[(*n)++] = ns->tag;
}

enum { HEIRS = 6 };

/* What is to be selected in a view of that kind, the best first: what stands for the selected one
 * there, or that itself, in the order asked for; else somebody near. */
static size_t heirs(const struct app *app, enum view_kind kind, bool is_itself_first,
        uint64_t tags[static HEIRS])
{
	const struct node *node = tree_selected(&app->tree);
	const enum nstype type = view_kind_row(kind)->type;
	size_t n = 0;

	if (!node)
		return 0;
	if (is_itself_first)
		tags[n++] = node_tag(node);
	if (node->process) {
		add_tag(tags, &n, node->process->ns[type]);
		add_tag(tags, &n, node->process->ns[NS_USER]);
	} else if (node->ns) {
		if (kind == VIEW_PROCESSES && node->ns->leader)
			tags[n++] = process_tag(node->ns->leader);
		add_tag(tags, &n, counterpart_find(node->ns, type));
		add_tag(tags, &n, node->ns->owner.ns);
	}
	if (!is_itself_first)
		tags[n++] = node_tag(node);
	return n;
}

static void set_view(
        struct app *app, const struct view_options *view, const uint64_t *tags, size_t n)
{
	const struct tree_source source = app_source(app);

	if (source.model)
		tree_set_view_of(&app->tree, &source, view, tags, n);
	else
		app->tree.view = *view;
}

static void set_kind(struct app *app, enum view_kind kind, bool is_itself_first)
{
	struct view_options view = app->tree.view;
	uint64_t tags[HEIRS];
	const size_t n = heirs(app, kind, is_itself_first, tags);

	app_visit(app);
	view.kind = kind;
	view.by_owner = false;
	set_view(app, &view, tags, n);
}

void app_set_kind(struct app *app, enum view_kind kind)
{
	set_kind(app, kind, true);
}

unsigned app_do_other_view(struct app *app)
{
	set_kind(app, app->tree.view.kind == VIEW_USER ? VIEW_PID : VIEW_USER, false);
	return EFFECT_REDRAW;
}

unsigned app_do_owned(struct app *app)
{
	const struct node *node = tree_selected(&app->tree);
	struct view_options view = app->tree.view;
	uint64_t tag = node ? node_tag(node) : 0;

	view.with_details = !view.with_details;
	if (node && node->is_owned)
		tag = node_tag(&app->tree.hierarchy.nodes[node->parent]);
	set_view(app, &view, &tag, 1);
	return EFFECT_REDRAW;
}

unsigned app_do_choose_view(struct app *app)
{
	menu_open(&app->menu, MENU_VIEW, "view", false);
	for (enum view_kind kind = 0; kind < VIEW_KINDS; kind++) {
		const struct view_kind_row *row = view_kind_row(kind);
		const size_t n = app->current ? status_count(app->current, kind) : 0;

		menu_add(&app->menu, memory_printf("%-10s %6zu  %s", row->name, n, row->text), kind,
		        kind == app->tree.view.kind);
	}
	return EFFECT_REDRAW;
}

/* --- order ------------------------------------------------------------------------------------ */

void app_set_order(struct app *app, enum view_sort sort, bool is_inverted)
{
	const struct node *node = tree_selected(&app->tree);
	struct view_options view = app->tree.view;
	const uint64_t tag = node ? node_tag(node) : 0;

	view.sort = sort;
	view.is_inverted = is_inverted;
	set_view(app, &view, &tag, 1);
	app_say(app, false,
	        memory_printf("sorted by %s%s", order_name(sort), is_inverted ? ", inverted" : ""));
}

unsigned app_do_sort(struct app *app)
{
	menu_open(&app->menu, MENU_SORT, "sort siblings by", false);
	for (enum view_sort sort = 0; sort < VIEW_SORTS; sort++)
		menu_add(&app->menu, memory_strdup(order_name(sort)), sort,
		        sort == app->tree.view.sort);
	return EFFECT_REDRAW;
}

unsigned app_do_invert(struct app *app)
{
	app_set_order(app, app->tree.view.sort, !app->tree.view.is_inverted);
	return EFFECT_REDRAW;
}

/* --- whose, and of which types
 * ----------------------------------------------------------------------- */

/* Values of the menu that are no UIDs. */
enum { ANYBODY = UINT64_C(1) << 32, NOT_MINE };

static int compare_uids(const void *a, const void *b)
{
	const uid_t x = *(const uid_t *)a, y = *(const uid_t *)b;

	return (x > y) - (x < y);
}

/* `harald (1000)`. */
static char *user_text(const struct app *app, uid_t uid)
{
	const char *name = names_get(app->names, uid);
	_cleanup_free_ char *text = name ? escape_text(name) : NULL;

	return text ? memory_printf("%s (%" PRIu32 ")", text, (uint32_t)uid)
	            : memory_printf("%" PRIu32, (uint32_t)uid);
}

/* Each owner once, with how much is theirs in this view. */
static void add_owners(struct app *app)
{
	const struct hierarchy *hierarchy = &app->tree.hierarchy;
	const struct filter *filter = &app->filter;
	_cleanup_free_ uid_t *uids = memory_new((hierarchy->n + 1) * sizeof(*uids));
	size_t n = 0;

	for (size_t i = 0; i < hierarchy->n; i++)
		n += filter_owner_of(&hierarchy->nodes[i], &uids[n]);
	qsort(uids, n, sizeof(*uids), compare_uids);
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n && uids[end] == uids[i]; end++)
			;
		_cleanup_free_ char *user = user_text(app, uids[i]);
		menu_add(&app->menu, memory_printf("%6zu  %s", end - i, user), uids[i],
		        filter->owner_rule == FILTER_ONLY && filter->owner == uids[i]);
	}
}

unsigned app_do_only_owner(struct app *app)
{
	menu_open(&app->menu, MENU_OWNER, "only this owner", false);
	menu_add(&app->menu, memory_strdup("everybody"), ANYBODY, false);
	if (app->current) {
		_cleanup_free_ char *user = user_text(app, app->current->host.euid);

		menu_add(&app->menu, memory_printf("not mine: all but %s", user), NOT_MINE,
		        app->filter.owner_rule == FILTER_NOT);
		add_owners(app);
	}
	return EFFECT_REDRAW;
}

unsigned app_do_only_types(struct app *app)
{
	menu_open(&app->menu, MENU_TYPES,
	        app->tree.view.kind == VIEW_PROCESSES ? "only where these types differ"
	                                              : "only these types",
	        true);
	menu_add(&app->menu, memory_strdup("all"), NS_TYPES, false);
	for (enum nstype type = 0; type < NS_TYPES; type++) {
		const size_t n = app->current ? model_count(app->current, type) : 0;

		menu_add(&app->menu, memory_printf("%-8s %6zu", nstype_name(type), n), type, false);
		app->menu.items[app->menu.list.n - 1].is_checked = app->filter.types & (1u << type);
	}
	return EFFECT_REDRAW;
}

/* Filters anew. What this view cannot show, that of all namespaces does. */
static void filter_again(struct app *app)
{
	const struct node *node = tree_selected(&app->tree);

	app_filter_changed(app, node ? node_tag(node) : app->tree.unseen);
	if (!app->tree.filtered || app->tree.count.n)
		return;
	if (app->tree.view.kind == VIEW_PROCESSES && !app->filter.only_leaked)
		return;
	if (app->tree.view.kind != VIEW_ALL)
		set_kind(app, VIEW_ALL, true);
	if (!app->tree.count.n)
		app_say(app, false, memory_strdup("there are none (Esc Esc shows everything)"));
}

unsigned app_do_only_leaked(struct app *app)
{
	app->filter.only_leaked = !app->filter.only_leaked;
	filter_again(app);
	return EFFECT_REDRAW;
}

/* --- the menus
 * -------------------------------------------------------------------------------------- */

unsigned app_do_menu_check(struct app *app)
{
	struct menu_item *item = &app->menu.items[app->menu.list.selected];

	if (!app->menu.is_multiple)
		return app_do_menu_accept(app);
	item->is_checked = !item->is_checked;
	/* The first one stands for no choice at all. */
	for (size_t i = 0; i < app->menu.list.n; i++) {
		if ((app->menu.list.selected == 0) != (i == 0))
			app->menu.items[i].is_checked = false;
	}
	menu_move(&app->menu, 1, app->rows);
	return EFFECT_REDRAW;
}

/* What is checked, else the one selected; the first stands for all. */
static unsigned chosen_types(const struct menu *menu)
{
	const unsigned all = (1u << NS_TYPES) - 1;
	unsigned types = 0;

	if (menu->list.selected == 0)
		return 0;
	for (size_t i = 1; i < menu->list.n; i++) {
		if (menu->items[i].is_checked)
			types |= 1u << menu->items[i].value;
	}
	if (!types)
		types = 1u << menu->items[menu->list.selected].value;
	return types == all ? 0 : types;
}

static void accept_owner(struct app *app, uint64_t value)
{
	struct filter *filter = &app->filter;

	filter->owner_rule = value == ANYBODY    ? FILTER_ANYBODY
	                     : value == NOT_MINE ? FILTER_NOT
	                                         : FILTER_ONLY;
	filter->owner = value == NOT_MINE ? app->current->host.euid : (uid_t)value;
	filter_again(app);
}

unsigned app_do_menu_accept(struct app *app)
{
	struct menu *menu = &app->menu;
	const uint64_t value = menu->items[menu->list.selected].value;
	const enum menu_use use = menu->use;
	const unsigned types = use == MENU_TYPES ? chosen_types(menu) : 0;

	menu_close(menu);
	switch (use) {
	case MENU_VIEW:
		app_set_kind(app, (enum view_kind)value);
		break;
	case MENU_SORT:
		app_set_order(app, (enum view_sort)value, app->tree.view.is_inverted);
		break;
	case MENU_OWNER:
		accept_owner(app, value);
		break;
	case MENU_TYPES:
		app->filter.types = types;
		filter_again(app);
		break;
	case MENU_OPTIONS: /* they are changed where they stand (app_options.c) */
	case MENU_NONE:
		break;
	}
	return EFFECT_REDRAW;
}

/* --- marks and pauses
 * ---------------------------------------------------------------------------------- */

static bool is_dead(struct app *app)
{
	if (app->options.is_live && app->is_whole)
		return false;
	app_say(app, false,
	        memory_strdup(app->options.is_live ? "the first scan is not done yet"
	                                           : "a snapshot: nothing comes or goes"));
	return true;
}

/* The list points into the baseline until it is built anew. */
static void fix_marks(struct app *app, const struct model *model)
{
	const struct tree_source source = app_source(app);
	const struct model *before = app->marks.baseline;
	struct node gone;

	if (before)
		model_ref(before);
	marks_fix(&app->marks, model);
	tree_refresh(&app->tree, &source, &gone);
	app_graph_refresh(app, &gone);
	model_unref(before);
}

unsigned app_do_mark(struct app *app)
{
	if (is_dead(app))
		return EFFECT_REDRAW;
	const bool is_off = app->marks.is_fixed && app->marks.baseline == app->current;

	fix_marks(app, is_off ? NULL : app->current);
	app_say(app, false,
	        memory_strdup(is_off ? "marks what came and went lately"
	                             : "marks what comes and goes from now on"));
	return EFFECT_REDRAW;
}

unsigned app_do_pause(struct app *app)
{
	if (is_dead(app))
		return EFFECT_REDRAW;
	app->is_paused = !app->is_paused;
	return EFFECT_REDRAW | (app->is_paused ? 0 : EFFECT_RESCAN);
}

bool app_is_paused(const struct app *app)
{
	return app->is_paused;
}
