/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "ui/detail/target.h"
#include "view/hierarchy.h"

/* The history visited: where one stood before each jump, and after going back, where from. */

struct jump {
	struct view_options view;
	uint64_t tag;       /* the namespace that was selected; 0: the line over several tops */
	struct target page; /* whose page was open: a process, or nothing */
	bool is_detail_focused;
	size_t top; /* of the detail pane: first line in view, selected line and reference */
	size_t line;
	size_t ref;
};

enum { JUMPS_MAX = 200 }; /* then the oldest one is forgotten */

struct jump_history {
	struct jump *all;
	size_t n;
	size_t capacity;
	size_t at; /* so many lie behind, the others ahead */
};

void jump_history_release(struct jump_history *history);

/* Remembers where one stands, before a jump: nothing lies ahead then. */
void jump_history_visit(struct jump_history *history, const struct jump *here);

/* The place before, or the next one ahead, in exchange for where one stands. False if there is
 * none. */
bool jump_history_back(struct jump_history *history, const struct jump *here, struct jump *ret);
bool jump_history_forward(struct jump_history *history, const struct jump *here, struct jump *ret);

/* The place that was just given is not there any more: as if it had never been visited. */
void jump_history_forget_back(struct jump_history *history);
void jump_history_forget_forward(struct jump_history *history);
