/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/model.h"
#include "ui/draw/frame.h"
#include "ui/draw/geometry.h"

/* The page of what could not be read, and why: the limits of the whole view, then each reason with
 * its processes, then the namespaces with unknown parts. */

enum problem_kind {
	PROBLEM_TEXT,    /* text */
	PROBLEM_REASON,  /* note: one with that reason; n: how many have it */
	PROBLEM_PROCESS, /* note */
	PROBLEM_NS,      /* ns; text: its unknown parts */
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

/* `model` (NULL: none yet) must outlive the page. Release it. */
void problems_build(struct problems *ret, const struct model *model);
void problems_release(struct problems *problems);

/* Draws the lines from `top` on. */
void problems_draw(const struct problems *problems, struct frame *frame, const struct rect *rect,
        size_t top, bool is_ascii);
