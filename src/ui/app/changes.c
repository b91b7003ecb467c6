/* SPDX-License-Identifier: Apache-2.0 */

/* What has changed: pause, the user's mark, the next and previous changed row, and the filter of
 * changed rows. */

#include "base/attributes.h"
#include "base/memory.h"
#include "base/text.h"
#include "ui/app/screens.h"
#include "view/partial.h"

/* True, with a message, if nothing can be marked or paused. */
static bool is_refused(struct app *app)
{
	if (app->is_live && app->is_whole)
		return false;
	state_inform(app,
	        app->is_live ? "the first scan is not complete" : "a snapshot does not change");
	return true;
}

unsigned changes_pause(struct app *app, _unused_ long argument)
{
	if (is_refused(app))
		return EFFECT_REDRAW;
	app->is_paused = !app->is_paused;
	return EFFECT_REDRAW | (app->is_paused ? 0 : EFFECT_RESCAN);
}

/* Marks all changes since `model`; NULL: recent changes. */
static void fix_marks(struct app *app, const struct model *model)
{
	const struct tree_source source = state_source(app);
	const struct model *before = app->marks.baseline;
	struct node gone;

	/* The list points into the baseline until it is built again. */
	if (before)
		model_ref(before);
	marks_fix(&app->marks, model);
	tree_refresh(&app->tree, &source, &gone);
	graph_screen_refresh(app, &gone);
	model_unref(before);
}

unsigned changes_mark(struct app *app, _unused_ long argument)
{
	if (is_refused(app))
		return EFFECT_REDRAW;
	const bool is_off = app->marks.is_fixed && app->marks.baseline == app->current;
	fix_marks(app, is_off ? NULL : app->current);
	return state_inform(app, is_off ? "marks show recent changes"
	                                : "marks show all changes from now on; M shows only these");
}

/* --- the next changed row ----------------------------------------------------------------- */

/* What has changed of a node with a mark. */
static const char *change_of(const struct app *app, const struct node *node)
{
	const enum node_mark mark = marks_get(&app->marks, node_tag(node));

	if (mark != MARK_CHANGED)
		return mark == MARK_GONE ? "gone" : "new";
	if (node->ns->n_processes)
		return "has processes now";
	return *partial_plus(app->current, node->ns) ? "no process of it is visible any more"
	                                             : "its last process is gone";
}

/* `2 net, 1 mnt`: what has changed of each type. */
static void write_types(FILE *out, const struct app *app)
{
	const char *separator = "";

	for (enum nstype type = 0; type < NS_TYPES; type++) {
		const size_t n = marks_count_type(&app->marks, app->current, type);

		if (!n)
			continue;
		fprintf(out, "%s%zu %s", separator, n, nstype_name(type));
		separator = ", ";
	}
}

/* True if the view has all namespaces that are marked. */
static bool has_all(const struct app *app)
{
	const struct mark_counts *counts = &app->marks.namespaces;
	const struct hierarchy *hierarchy = &app->tree.hierarchy;
	size_t n = 0;

	for (size_t i = 0; i < hierarchy->n; i++)
		n += hierarchy->nodes[i].ns &&
		     marks_get(&app->marks, node_tag(&hierarchy->nodes[i])) != MARK_NONE;
	return n == counts->n_new + counts->n_gone + counts->n_changed;
}

/* The keys that show the changed namespaces which are not in the list. */
static const char *keys_to_all(const struct app *app)
{
	struct filter others = app->filter;

	others.only_changed = false;
	if (!filter_is_on(&others))
		return "V all";
	return has_all(app) ? "Esc Esc" : "Esc Esc V all";
}

/* There is none in this view. */
static unsigned say_elsewhere(struct app *app)
{
	const struct mark_counts *namespaces = &app->marks.namespaces;
	const size_t n_exited =
	        app->tree.view.kind == VIEW_PROCESSES ? app->marks.processes.n_gone : 0;
	struct text text;

	if (!app->marks.n && !app->marks.processes.n_gone)
		return state_inform(app, app->marks.is_fixed
		                                 ? "no change since the mark"
		                                 : "no recent change (m compares with now)");
	text_init(&text);
	fputs(filter_is_on(&app->filter) ? "no change under this filter" : "no change in this view",
	        text.out);
	if (n_exited)
		fprintf(text.out, "; %zu %s exited", n_exited,
		        n_exited == 1 ? "process" : "processes");
	if (namespaces->n_new || namespaces->n_gone || namespaces->n_changed) {
		fputs("; ", text.out);
		write_types(text.out, app);
		fprintf(text.out, ": %s", keys_to_all(app));
	}
	return state_say(app, false, text_take(&text));
}

unsigned changes_step(struct app *app, long step)
{
	const bool is_back = step < 0;

	if (is_refused(app))
		return EFFECT_REDRAW;
	const struct finding finding = tree_find_changed(&app->tree, &app->marks, is_back);
	if (!finding.n)
		return say_elsewhere(app);
	tree_select(&app->tree, &app->marks, finding.index);
	return state_say(app, false,
	        memory_printf("%s: %zu of %zu%s", change_of(app, tree_selected(&app->tree)),
	                finding.place, finding.n,
	                !finding.has_wrapped ? ""
	                : is_back            ? ", continued from the end"
	                                     : ", continued from the top"));
}

/* --- the filter --------------------------------------------------------------------------- */

/* If the view lacks some of the namespaces, the view of all of them opens. */
unsigned changes_toggle_only(struct app *app, _unused_ long argument)
{
	if (!app->filter.only_changed && is_refused(app))
		return EFFECT_REDRAW;
	app->filter.only_changed = !app->filter.only_changed;
	if (app->filter.only_changed && app->tree.view.kind != VIEW_PROCESSES && !has_all(app))
		views_show_all(app);
	views_filter_again(app);
	return EFFECT_REDRAW;
}
