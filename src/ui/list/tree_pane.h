/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "ui/draw/frame.h"
#include "ui/draw/geometry.h"
#include "ui/list/tree.h"

/* Draws the list. */

/* The titles of the columns. */
void tree_pane_titles(
        struct frame *frame, const struct rect *rect, const struct tree *tree, bool is_ascii);

/* Draws the rows in view, with the cursor in the selected one if the list has the focus. */
void tree_pane_draw(struct frame *frame, const struct rect *rect, const struct tree *tree,
        const struct tree_source *source, bool is_ascii, bool has_focus);

/* True if the fold mark of row `index`, drawn in so many columns, is at `column`. */
bool tree_pane_is_fold_mark(const struct tree *tree, size_t index, int columns, int column);
