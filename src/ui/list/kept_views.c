/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/list/kept_views.h"

#include "base/attributes.h"

#include <string.h>

void kept_views_release(struct kept_views *kept)
{
	for (size_t i = 0; i < kept->n; i++)
		hierarchy_release(&kept->all[i].hierarchy);
	model_unref(kept->model);
	model_unref(kept->baseline);
	*kept = (struct kept_views){0};
}

bool kept_views_is_of(const struct kept_views *kept, const struct tree_source *source)
{
	return kept->model && kept->model == source->model &&
	       kept->baseline == source->marks->baseline;
}

void kept_views_keep(struct kept_views *kept, const struct tree_source *source)
{
	const struct model *baseline = source->marks->baseline;

	if (kept_views_is_of(kept, source))
		return;
	kept_views_release(kept);
	kept->model = model_ref(source->model);
	kept->baseline = baseline ? model_ref(baseline) : NULL;
}

/* True if both views have the same lines, in whatever order. Some have no details, or all. */
static bool has_same_lines(const struct view_options *a, const struct view_options *b)
{
	const bool with_details = a->kind != VIEW_ALL && a->kind != VIEW_CONTAINERS &&
	                          a->kind != VIEW_PROCESSES && a->kind != VIEW_MOUNTS;

	return a->kind == b->kind && a->by_owner == b->by_owner &&
	       (!with_details || a->with_details == b->with_details);
}

static bool is_same(const struct view_options *a, const struct view_options *b)
{
	return has_same_lines(a, b) && a->sort == b->sort && a->is_inverted == b->is_inverted;
}

/* The index of the view with these options; `n` if there is none. */
static size_t find(const struct kept_views *kept, const struct view_options *options)
{
	size_t i = 0;

	while (i < kept->n && !is_same(&kept->all[i].hierarchy.options, options))
		i++;
	return i;
}

static struct kept_view remove_at(struct kept_views *kept, size_t i)
{
	const struct kept_view view = kept->all[i];

	kept->n--;
	memmove(kept->all + i, kept->all + i + 1, (kept->n - i) * sizeof(*kept->all));
	return view;
}

/* Forgets the oldest views with these lines until there are fewer than `n`. */
static void drop_orders(struct kept_views *kept, const struct view_options *options, size_t n)
{
	for (size_t i = 0; i < kept->n;) {
		if (!has_same_lines(&kept->all[i].hierarchy.options, options) || --n > 0) {
			i++;
			continue;
		}
		struct kept_view other = remove_at(kept, i);

		hierarchy_release(&other.hierarchy);
		n = 1;
	}
}

static void put(struct kept_views *kept, const struct kept_view *view, size_t n_orders)
{
	drop_orders(kept, &view->hierarchy.options, n_orders);
	if (kept->n == KEPT_VIEWS_MAX)
		hierarchy_release(&kept->all[--kept->n].hierarchy);
	memmove(kept->all + 1, kept->all, kept->n * sizeof(*kept->all));
	kept->all[0] = *view;
	kept->n++;
}

/* Mounts are read again, and are not of the model. */
void kept_views_put(struct kept_views *kept, const struct kept_view *view)
{
	struct hierarchy hierarchy = view->hierarchy;

	if (hierarchy.options.kind == VIEW_MOUNTS)
		hierarchy_release(&hierarchy);
	else
		put(kept, view, 2);
}

/* The widths of a view that has the same lines. */
static void copy_widths(const struct kept_views *kept, struct kept_view *view)
{
	for (size_t i = 0; i < kept->n && !view->is_measured; i++) {
		if (!has_same_lines(&kept->all[i].hierarchy.options, &view->hierarchy.options))
			continue;
		view->widths = kept->all[i].widths;
		view->is_measured = kept->all[i].is_measured;
	}
}

void kept_views_take(struct kept_views *kept, const struct tree_source *source,
        const struct view_options *options, struct kept_view *ret)
{
	const size_t i = find(kept, options);

	*ret = (struct kept_view){.is_measured = false};
	if (i < kept->n) {
		*ret = remove_at(kept, i);
		ret->hierarchy.options = *options;
	} else {
		hierarchy_build(&ret->hierarchy, source->model, source->marks->baseline, options);
	}
	copy_widths(kept, ret);
}

/* View number `i` that a key leads to from `options`; false: there are fewer. */
static bool next_view(
        const struct view_options *options, bool with_all, size_t i, struct view_options *ret)
{
	static const enum view_kind kinds[] = {VIEW_PID, VIEW_CONTAINERS, VIEW_USER, VIEW_ALL,
	        VIEW_PROCESSES, VIEW_MNT, VIEW_NET, VIEW_UTS, VIEW_IPC, VIEW_CGROUP, VIEW_TIME};
	enum { HIERARCHIES = 3 };
	const size_t n = with_all ? ARRAY_SIZE(kinds) : HIERARCHIES;

	*ret = *options;
	if (i == 0)
		ret->with_details = !ret->with_details;
	else if (i <= n)
		ret->kind = kinds[i - 1];
	if (i > 0)
		ret->by_owner = false;
	return i <= n;
}

bool kept_views_prepare(struct kept_views *kept, const struct tree_source *source,
        const struct view_options *options, uint64_t choice, bool with_all)
{
	struct view_options next;

	kept_views_keep(kept, source);
	for (size_t i = 0; next_view(options, with_all, i, &next); i++) {
		const size_t at = find(kept, &next);
		const bool is_built = at < kept->n;
		struct kept_view view;

		if (is_same(&next, options) || (is_built && kept->all[at].is_measured))
			continue;
		kept_views_take(kept, source, &next, &view);
		if (is_built && !view.is_measured) {
			column_widths_measure(&view.widths, choice, &view.hierarchy, source);
			view.is_measured = true;
		}
		put(kept, &view, 1);
		return true;
	}
	return false;
}

void kept_views_forget_widths(struct kept_views *kept)
{
	for (size_t i = 0; i < kept->n; i++)
		kept->all[i].is_measured = false;
}
