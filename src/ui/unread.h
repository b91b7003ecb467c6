/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/model.h"
#include "ui/frame.h"
#include "ui/geometry.h"

/* The page of what could not be read, and why: what limits the view, then each reason with the
 * processes that it is about, then the namespaces of which something is not known. */

enum unread_kind {
	UNREAD_TEXT,
	UNREAD_REASON, /* note: one that has it; n: how many do */
	UNREAD_PROCESS,
	UNREAD_NS,
};

struct unread_line {
	enum unread_kind kind;
	char *text;
	const struct note *note;
	size_t n;
	const struct ns *ns;
};

struct unread {
	const struct model *model;
	struct unread_line *lines;
	size_t n;
	size_t capacity;
};

/* `model` (NULL: none yet) must stay. Release it. */
void unread_build(struct unread *ret, const struct model *model);
void unread_release(struct unread *unread);

/* Draws the lines from `top` on. */
void unread_draw(struct frame *frame, const struct rect *rect, const struct unread *unread,
        size_t top, bool is_ascii);
