/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "ui/line.h"
#include "ui/tree.h"

/* All there is to say of one namespace, as lines: the facts, wrapped to the width, then a line for
 * each of its processes, which are only written when they are in view. */

struct detail_source {
	const struct model *model; /* the one that `ns` is in */
	const struct ns *ns;       /* NULL: the line over several tops */
	const struct names *names;
	bool is_gone;
	long utc_offset; /* seconds east of UTC */
	int columns;
	bool is_ascii;
};

struct detail {
	struct detail_source source;
	struct line *facts;
	size_t n_facts;
	size_t capacity;
};

/* `source` is copied; what it points to must stay. Release it. */
void detail_build(struct detail *ret, const struct detail_source *source);
void detail_release(struct detail *detail);

/* How many lines there are. */
size_t detail_count(const struct detail *detail);

/* The process that line `index` is about, NULL if it is about another thing. */
const struct process *detail_process(const struct detail *detail, size_t index);

/* Draws line `index`, each at most once: its text is given away. */
void detail_draw(struct detail *detail, size_t index, struct frame_row *ret);
