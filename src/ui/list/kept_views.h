/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "ui/list/column_widths.h"

/* The views of a model that were built, to be shown again without building them. Only what depends
 * on models, order and details is kept, not folds or filters. */

struct kept_view {
	struct hierarchy hierarchy; /* with its options */
	struct column_widths widths;
	bool is_measured; /* the widths are those of the hierarchy */
};

enum { KEPT_VIEWS_MAX = 12 };

/* Zeroed at first. */
struct kept_views {
	const struct model *model, *baseline; /* of all of them; references, or NULL */
	struct kept_view all[KEPT_VIEWS_MAX]; /* the one that was put last comes first */
	size_t n;
};

void kept_views_release(struct kept_views *kept);

/* True if they are those of these models. */
bool kept_views_is_of(const struct kept_views *kept, const struct tree_source *source);

/* Forgets those of other models. */
void kept_views_keep(struct kept_views *kept, const struct tree_source *source);

/* Keeps `view`, which belongs to *kept then. Of views that differ only in their order two are kept;
 * the one that was put first may be forgotten. VIEW_MOUNTS is released instead. */
void kept_views_put(struct kept_views *kept, const struct kept_view *view);

/* Takes the view with these options, or builds it. Measures nothing, but the widths may be known,
 * also from a view that has only another order. The caller releases the hierarchy or puts it back.
 */
void kept_views_take(struct kept_views *kept, const struct tree_source *source,
        const struct view_options *options, struct kept_view *ret);

/* Builds, or measures for the columns of `choice`, one of the views that keys lead to from a view
 * with these options: with other details, and of the other hierarchies; `with_all` also of all
 * other kinds. False if all are there. */
bool kept_views_prepare(struct kept_views *kept, const struct tree_source *source,
        const struct view_options *options, uint64_t choice, bool with_all);

/* Names, command lines or columns have changed: no widths are known any more. */
void kept_views_forget_widths(struct kept_views *kept);
