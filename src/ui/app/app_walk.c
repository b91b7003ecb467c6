/* SPDX-License-Identifier: Apache-2.0 */

/* Following references, and the places visited. */

#include "base/memory.h"
#include "ui/app/app_internal.h"

static struct jump here(const struct app *app)
{
	const struct node *node = tree_selected(&app->tree);

	return (struct jump){
	        .view = app->tree.view,
	        .tag = node ? node_tag(node) : 0,
	        .page = app->detail.page,
	        .is_detail_focused = app->is_detail_focused,
	        .top = app->detail.top,
	        .line = app->detail.line,
	        .ref = app->detail.ref,
	};
}

void app_visit(struct app *app)
{
	const struct jump place = here(app);

	if (tree_selected(&app->tree))
		jump_history_visit(&app->jumps, &place);
}

static bool is_selected(const struct app *app, uint64_t tag)
{
	const struct node *node = tree_selected(&app->tree);

	return node && node_tag(node) == tag;
}

/* The view in which a namespace is to be seen: false if there is none. */
static bool view_for(const struct ns *ns, struct view_options *view)
{
	view->by_owner = false;
	if (!nstype_is_hierarchical(ns->type) && ns->owner.ns) {
		view->kind = VIEW_USER;
		view->with_details = true;
		return true;
	}
	for (enum view_kind kind = 0; kind < VIEW_KINDS; kind++) {
		if (view_kind_row(kind)->type != ns->type)
			continue;
		view->kind = kind;
		return true;
	}
	return false;
}

/* Selects it in the view that is shown, if need be without the filter that hides it. */
static bool select_tag(struct app *app, uint64_t tag)
{
	if (tree_go_tag(&app->tree, &app->marks, tag))
		return true;
	if (!filter_is_on(&app->filter) ||
	        hierarchy_find(&app->tree.hierarchy, tag) == NODE_NO_PARENT)
		return false;
	filter_release(&app->filter);
	app_filter_changed(app, tag);
	if (!is_selected(app, tag))
		return false;
	app_say(app, false, memory_strdup("the filter is off: it hid this"));
	return true;
}

static bool select_in_view(struct app *app, const struct view_options *view, uint64_t tag)
{
	const struct tree_source source = app_source(app);

	tree_set_view(&app->tree, &source, view, tag);
	return select_tag(app, tag);
}

bool app_show_ns(struct app *app, uint64_t tag)
{
	const struct ns *ns = app->current ? model_find_tag(app->current, tag) : NULL;
	struct view_options view = app->tree.view;

	if (select_tag(app, tag))
		return true;
	return ns && view_for(ns, &view) && select_in_view(app, &view, tag);
}

static unsigned follow_ns(struct app *app, uint64_t tag)
{
	static const struct target none = {.kind = TARGET_NONE};
	const struct jump from = here(app);

	if (!app_show_ns(app, tag)) {
		app_say(app, false, memory_strdup("no view shows that namespace"));
		return EFFECT_REDRAW;
	}
	jump_history_visit(&app->jumps, &from);
	app_detail_open(app, &none);
	return EFFECT_REDRAW;
}

/* Among processes it is selected in the list; else only its page is opened. */
static unsigned follow_process(struct app *app, const struct target *target)
{
	static const struct target none = {.kind = TARGET_NONE};
	const struct process *process = target_process(target, app->current);
	const bool is_listed = app->tree.view.kind == VIEW_PROCESSES && process;

	app_visit(app);
	if (is_listed && select_tag(app, process_tag(process)))
		app_detail_open(app, &none);
	else
		app_detail_open(app, target);
	return EFFECT_REDRAW;
}

static unsigned follow_table(struct app *app)
{
	struct detail detail;

	if (!app_detail(app, &detail))
		return 0;
	const size_t first = detail.n_facts;
	detail_release(&detail);
	app_detail_move(app, (long)first - (long)app->detail.line, false);
	return EFFECT_REDRAW;
}

unsigned app_do_follow(struct app *app)
{
	struct target target;

	if (!app_detail_selected(app, &target)) {
		app_say(app, false, memory_strdup("nothing to follow on this line"));
		return EFFECT_REDRAW;
	}
	switch (target.kind) {
	case TARGET_NS:
		return follow_ns(app, target.tag);
	case TARGET_PROCESS:
		return follow_process(app, &target);
	case TARGET_TABLE:
		return follow_table(app);
	case TARGET_NONE:
		break;
	}
	return 0;
}

/* False if what was there is gone. Sorting is not part of a place. */
static bool restore(struct app *app, const struct jump *place)
{
	struct view_options view = app->tree.view;
	const struct jump from = here(app);
	const bool is_same = view.kind == place->view.kind &&
	                     view.by_owner == place->view.by_owner &&
	                     view.with_details == place->view.with_details;

	view.kind = place->view.kind;
	view.by_owner = place->view.by_owner;
	view.with_details = place->view.with_details;
	if (is_same ? !select_tag(app, place->tag) : !select_in_view(app, &view, place->tag)) {
		if (!is_same)
			select_in_view(app, &from.view, from.tag);
		return false;
	}
	app_detail_open(app, &place->page);
	app->detail.is_settled = true;
	app->is_detail_focused = place->is_detail_focused;
	app->detail.top = place->top;
	app->detail.line = place->line;
	app->detail.ref = place->ref;
	return true;
}

unsigned app_do_back(struct app *app)
{
	const struct jump now = here(app);
	struct jump place;

	while (app->current && jump_history_back(&app->jumps, &now, &place)) {
		if (restore(app, &place))
			return EFFECT_REDRAW;
		jump_history_forget_back(&app->jumps);
	}
	app_say(app, false, memory_strdup("no place before this one"));
	return EFFECT_REDRAW;
}

unsigned app_do_forward(struct app *app)
{
	const struct jump now = here(app);
	struct jump place;

	while (app->current && jump_history_forward(&app->jumps, &now, &place)) {
		if (restore(app, &place))
			return EFFECT_REDRAW;
		jump_history_forget_forward(&app->jumps);
	}
	app_say(app, false, memory_strdup("no place after this one"));
	return EFFECT_REDRAW;
}
