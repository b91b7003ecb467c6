/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/process_facts.h"
#include "ui/detail/target.h"
#include "ui/draw/line.h"
#include "view/names.h"

/* The detail pane as data: all there is to say of one namespace or one process, as lines with the
 * references in them that can be followed. The facts are wrapped to the width; of a namespace
 * there follows a line for each of its processes, which are only written when they are in view. */

struct detail_source {
	const struct model *model;         /* the one that `ns` and `process` are in */
	const struct ns *ns;               /* NULL (and no process): the line over several tops */
	const struct process *process;     /* not NULL: the page of this one */
	const struct process_facts *facts; /* what was asked about it; NULL: nothing yet */
	const struct names *names;
	pid_t self; /* our own PID, to compare with; 0: we are not in the model */
	bool is_gone;
	bool is_live;    /* a host that can be asked more */
	long utc_offset; /* seconds east of UTC */
	int columns;
	bool is_ascii;
};

/* A piece of a line that leads somewhere. */
struct detail_ref {
	size_t line;
	size_t start; /* bytes of the line */
	size_t len;   /* 0 when there was no room for it */
	int column;   /* where it begins on the screen */
	struct target target;
};

struct detail {
	struct detail_source source;
	struct line *facts;
	size_t n_facts;
	size_t capacity;
	struct detail_ref *refs; /* of the facts, by line and place */
	size_t n_refs;
	size_t ref_capacity;
	int pid_width; /* of the first column of the processes */
};

/* `source` is copied; what it points to must stay. Release it. */
void detail_build(struct detail *ret, const struct detail_source *source);
void detail_release(struct detail *detail);

/* How many lines there are. */
size_t detail_count(const struct detail *detail);

/* The process whose own line `index` is, NULL if it is about another thing. */
const struct process *detail_process(const struct detail *detail, size_t index);

/* How many references line `index` has; the one of that number, counted from 0: false if there is
 * none. */
size_t detail_count_refs(const struct detail *detail, size_t index);
bool detail_ref(const struct detail *detail, size_t index, size_t number, struct detail_ref *ret);

/* The first line with a reference to `target`: false if there is none. */
bool detail_find(const struct detail *detail, const struct target *target, size_t *ret_index);

/* Draws line `index`. `selected` (may be NULL) is the reference on it that is selected; with
 * `is_current` it is the selected line. */
void detail_draw(const struct detail *detail, size_t index, bool is_current,
        const struct detail_ref *selected, struct frame_row *ret);
