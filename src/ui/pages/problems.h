/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/model.h"
#include "ui/draw/frame.h"
#include "ui/draw/geometry.h"

/* The page of what could not be read, and why: what limits the view, then each reason with the
 * processes that it is about, then the namespaces of which something is not known. */

enum problem_kind {
	PROBLEM_TEXT,
	PROBLEM_REASON, /* note: one that has it; n: how many do */
	PROBLEM_PROCESS,
	PROBLEM_NS,
};

struct problem_line {
	enum problem_kind kind;
	char *text;
	const struct note *note;
	size_t n;
	const struct ns *ns;
};

struct problems {
	const struct model *model;
	struct problem_line *lines;
	size_t n;
	size_t capacity;
};

/* `model` (NULL: none yet) must stay. Release it. */
void problems_build(struct problems *ret, const struct model *model);
void problems_release(struct problems *problems);

/* Draws the lines from `top` on. */
void problems_draw(const struct problems *problems, struct frame *frame, const struct rect *rect,
        size_t top, bool is_ascii);
