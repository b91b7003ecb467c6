/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "ui/target.h"
#include "view/hierarchy.h"

/* The places visited: where one stood before each jump, and after going back, where from. */

struct place {
	struct view_options view;
	uint64_t tag;       /* the namespace that was selected; 0: the line over several tops */
	struct target page; /* whose page was open: a process, or nothing */
	bool is_detail_focused;
	size_t top; /* of the detail pane: first line in view, selected line and reference */
	size_t line;
	size_t ref;
};

enum { PLACES_MAX = 200 }; /* then the oldest one is forgotten */

struct places {
	struct place *all;
	size_t n;
	size_t capacity;
	size_t at; /* so many lie behind, the others ahead */
};

void places_release(struct places *places);

/* Remembers where one stands, before a jump: nothing lies ahead then. */
void places_visit(struct places *places, const struct place *here);

/* The place before, or the next one ahead, in exchange for where one stands. False if there is
 * none. */
bool places_back(struct places *places, const struct place *here, struct place *ret);
bool places_forward(struct places *places, const struct place *here, struct place *ret);

/* The place that was just given is not there any more: as if it had never been visited. */
void places_forget_back(struct places *places);
void places_forget_forward(struct places *places);
