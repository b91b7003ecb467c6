/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "ui/draw/frame.h"
#include "ui/draw/geometry.h"
#include "ui/input/keys.h"
#include "ui/list/tree.h"

/* The lines that frame the panes: header, dividers, footer. */

struct status {
	const struct tree *tree;
	const struct tree_source *source; /* model NULL: none yet */
	bool is_reading;
	unsigned percent; /* how far it is; 0: not known */
	bool is_paused;
	bool is_ascii;
};

/* How many namespaces (or processes) a view is about. */
size_t status_count(const struct model *model, enum view_kind view);

/* ` USER namespaces 9  pid 6  procs 171   db7  root  +1 -1   1/9` */
void status_header(struct frame *frame, const struct rect *rect, const struct status *status);

/* ` 1Help  2      3      ...` for the keys of `mode`. */
void status_footer(struct frame *frame, const struct rect *rect, const struct keys *keys,
        enum key_mode mode, enum view_kind view, bool is_ascii);

/* The number of the F-key that stands at `column` of the footer; 0: none that does anything. */
unsigned status_footer_key(
        const struct keys *keys, int column, enum key_mode mode, enum view_kind view);
