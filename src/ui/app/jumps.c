/* SPDX-License-Identifier: Apache-2.0 */

/* Following references, and the places that were visited before and after. */

#include "base/attributes.h"
#include "base/memory.h"
#include "ui/app/screens.h"

#include <string.h>

/* --- the history ------------------------------------------------------------------------- */

static void drop(struct jump_history *history, size_t index)
{
	memmove(&history->all[index], &history->all[index + 1],
	        (history->n - index - 1) * sizeof(*history->all));
	history->n--;
}

/* Adds a place to go back to, and drops those to go forward to. */
static void push(struct jump_history *history, const struct jump *place)
{
	if (history->at == JUMPS_MAX) {
		drop(history, 0);
		history->at--;
	}
	MEMORY_APPEND(history->all, history->at, history->capacity) = *place;
	history->n = history->at;
}

static struct jump here(const struct app *app)
{
	const struct node *node = tree_selected(&app->tree);

	return (struct jump){
	        .view = app->tree.view,
	        .tag = node ? node_tag(node) : app->tree.unseen,
	        .is_detail_focused = app->panes.is_detail_focused,
	        .detail = detail_pane_leave(app),
	};
}

void jumps_visit(struct app *app)
{
	const struct jump place = here(app);

	if (tree_selected(&app->tree) || app->tree.unseen)
		push(&app->jumps, &place);
}

/* --- selecting a namespace, whatever hides it -------------------------------------------- */

/* A view that shows `ns`: false if there is none. */
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

/* Selects it in the view that is shown; if the filter hides it, the filter ends. */
static bool select_tag(struct app *app, uint64_t tag)
{
	if (tree_go_tag(&app->tree, &app->marks, tag))
		return true;
	if (!filter_is_on(&app->filter) ||
	        hierarchy_find(&app->tree.hierarchy, tag) == NODE_NO_PARENT)
		return false;
	filter_release(&app->filter);
	state_filter(app, tag);
	const struct node *node = tree_selected(&app->tree);
	if (!node || node_tag(node) != tag)
		return false;
	state_inform(app, "filter cleared: it hid this row");
	return true;
}

static bool select_in_view(struct app *app, const struct view_options *view, uint64_t tag)
{
	const struct tree_source source = state_source(app);

	tree_set_view(&app->tree, &source, view, &tag, 1);
	return select_tag(app, tag);
}

bool jumps_show_ns(struct app *app, uint64_t tag)
{
	const struct ns *ns = app->current ? model_find_tag(app->current, tag) : NULL;
	struct view_options view = app->tree.view;

	if (select_tag(app, tag))
		return true;
	return ns && view_for(ns, &view) && select_in_view(app, &view, tag);
}

bool jumps_show_mounts(struct app *app, const struct ns *mnt, unsigned id)
{
	const struct mount_entry mount = {.id = id};
	struct view_options view = app->tree.view;

	view.kind = VIEW_MOUNTS;
	view.by_owner = false;
	view.mnt = mnt->inode;
	return select_in_view(app, &view, id ? node_mount_tag(&mount) : mnt->tag);
}

/* --- following a reference --------------------------------------------------------------- */

static unsigned follow_ns(struct app *app, uint64_t tag)
{
	const struct jump from = here(app);

	if (!jumps_show_ns(app, tag))
		return state_inform(app, "no view shows that namespace");
	push(&app->jumps, &from);
	detail_pane_open(app, &detail_nowhere);
	return EFFECT_REDRAW;
}

static unsigned follow_container(struct app *app, uint64_t tag)
{
	const struct jump from = here(app);
	struct view_options view = app->tree.view;

	view.kind = VIEW_CONTAINERS;
	view.by_owner = false;
	if (!select_tag(app, tag) && !select_in_view(app, &view, tag)) {
		select_in_view(app, &from.view, from.tag);
		return state_inform(app, "that container is not in this view");
	}
	push(&app->jumps, &from);
	detail_pane_open(app, &detail_nowhere);
	return EFFECT_REDRAW;
}

static unsigned follow_mounts(struct app *app, const struct target *target)
{
	const struct ns *mnt = app->current ? model_find_tag(app->current, target->tag) : NULL;
	const struct jump from = here(app);

	if (!mnt || !jumps_show_mounts(app, mnt, (unsigned)target->started)) {
		if (mnt)
			select_in_view(app, &from.view, from.tag);
		return state_inform(app, "that mount is not there any more");
	}
	push(&app->jumps, &from);
	/* The tree of mounts is what was wanted, else the page of one of them. */
	screens_focus(app, target->started);
	detail_pane_open(app, &detail_nowhere);
	return EFFECT_REDRAW;
}

/* In the view of processes it is selected in the list; elsewhere only its page opens. */
static unsigned follow_process(struct app *app, const struct target *target)
{
	const struct process *process = detail_target_process(target, app->current);
	const bool is_listed = app->tree.view.kind == VIEW_PROCESSES && process;

	jumps_visit(app);
	if (is_listed && select_tag(app, node_process_tag(process)))
		detail_pane_open(app, &detail_nowhere);
	else
		detail_pane_open(app, target);
	return EFFECT_REDRAW;
}

/* Selects the first process of the page. */
static unsigned follow_table(struct app *app)
{
	const struct detail *detail = detail_pane_page(app);

	if (!detail)
		return 0;
	detail_pane_scroll(app, (long)detail->facts.n - (long)app->detail.list.selected, false);
	return EFFECT_REDRAW;
}

unsigned jumps_follow(struct app *app, _unused_ long argument)
{
	struct target target;

	if (!app->detail.is_off_title)
		return detail_pane_step_ref(app, 1);
	if (!detail_pane_selected(app, &target))
		return state_inform(app, "no reference in this line");
	switch (target.kind) {
	case TARGET_NS:
		return follow_ns(app, target.tag);
	case TARGET_PROCESS:
		return follow_process(app, &target);
	case TARGET_CONTAINER:
		return follow_container(app, target.tag);
	case TARGET_MOUNTS:
		return follow_mounts(app, &target);
	case TARGET_TABLE:
		return follow_table(app);
	case TARGET_FOLD:
		return detail_pane_fold(app, target.tag);
	case TARGET_NONE:
		break;
	}
	return 0;
}

/* --- back and forward -------------------------------------------------------------------- */

/* Goes to a place; the order of siblings stays as it is. False, without a change, if the node that
 * was selected there is gone. */
static bool restore(struct app *app, const struct jump *place)
{
	struct view_options view = app->tree.view;
	const struct jump from = here(app);
	const bool is_same = view.kind == place->view.kind &&
	                     view.by_owner == place->view.by_owner && view.mnt == place->view.mnt &&
	                     view.with_details == place->view.with_details;

	view.kind = place->view.kind;
	view.by_owner = place->view.by_owner;
	view.with_details = place->view.with_details;
	view.mnt = place->view.mnt;
	if (is_same ? !select_tag(app, place->tag) : !select_in_view(app, &view, place->tag)) {
		if (!is_same)
			select_in_view(app, &from.view, from.tag);
		return false;
	}
	detail_pane_return(app, &place->detail);
	screens_focus(app, place->is_detail_focused);
	return true;
}

/* Exchanges the current place for the previous one (step -1) or the next one. If the node that was
 * selected there is gone, that place is dropped and the one after it tried. */
unsigned jumps_go(struct app *app, long step)
{
	struct jump_history *history = &app->jumps;
	const bool is_back = step < 0;
	const struct jump now = here(app);

	while (app->current && (is_back ? history->at > 0 : history->at < history->n)) {
		const size_t index = is_back ? --history->at : history->at++;
		const struct jump place = history->all[index];

		history->all[index] = now;
		if (restore(app, &place))
			return EFFECT_REDRAW;
		drop(history, index);
		history->at = index;
	}
	return state_inform(app, is_back ? "no previous jump" : "no next jump");
}
