/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "ui/draw/frame.h"
#include "view/node.h"

/* The namespaces that are new, gone, or changed: each is marked for MARKS_MS, then until the next
 * update, or, after the user has set a mark, as long as it differs from the model of that
 * moment. A namespace has changed if it has lost its last process, or had none and has one: owner
 * and parent never change, and the number of processes changes all the time. Namespaces that are
 * gone are shown from `baseline`, one earlier model: a namespace that is newer than the baseline
 * and gone again is neither shown nor counted.
 *
 * Processes are only compared with a mark of the user. New ones are marked, those that have exited
 * only counted. */

enum { MARKS_MS = 5000 };

struct mark {
	uint64_t tag;
	uint64_t since;
	enum node_mark kind; /* never MARK_NONE */
};

struct mark_counts {
	size_t n_new;
	size_t n_gone;
	size_t n_changed;
};

struct marks {
	struct mark *all; /* by tag */
	size_t n;
	size_t capacity;
	const struct model *baseline; /* a reference; NULL: nothing is gone */
	bool is_fixed;                /* set by the user: it stays */
	struct mark_counts namespaces;
	struct mark_counts processes;
};

/* The model `next` replaces `previous` at `now` (milliseconds). */
void marks_update(
        struct marks *marks, const struct model *previous, const struct model *next, uint64_t now);

/* Compares with `model` from now on; NULL: with the previous model again. Drops all marks. */
void marks_fix(struct marks *marks, const struct model *model);

/* When the first mark is over: marks_update with the same model ends it. 0: none is. */
uint64_t marks_end_at(const struct marks *marks);

void marks_release(struct marks *marks);

enum node_mark marks_get(const struct marks *marks, uint64_t tag);

/* The namespaces that are marked, of one type. */
size_t marks_count_type(const struct marks *marks, const struct model *model, enum nstype type);

/* The sign of a node in list and graph, the first of these that applies, or "", and its style:
 * x it is gone, + it is new, ! something of it could not be read, ~ it has no process. A change
 * has no sign of its own: it is that ~ appeared or went. */
const char *marks_sign(const struct node *node, const struct marks *marks, enum style *ret_style);

/* The style of the name of a node. */
enum style marks_style(const struct node *node);
