/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "ui/draw/frame.h"
#include "ui/draw/scroller.h"

#include <stdint.h>

/* A list of choices over the lower part of the screen: one is taken, or several are checked. */

struct menu_item {
	char *text; /* escaped */
	uint64_t value;
	bool is_checked;
};

struct menu {
	const char *title;
	bool is_multiple; /* items can be checked */
	struct menu_item *items;
	size_t capacity;
	struct scroller list; /* of the items; `page` is set by menu_move */
};

/* Opens an empty menu, to which at least one item must be added. */
void menu_open(struct menu *menu, const char *title, bool is_multiple);
void menu_close(struct menu *menu);

/* Adds an item; `text` is owned by the menu from now on. The last one with `is_selected` is the
 * selected item. */
void menu_add(struct menu *menu, char *text, uint64_t value, bool is_selected);

/* How many items are in view on a screen of so many rows. */
size_t menu_page(const struct menu *menu, int rows);

/* Moves the selection, stopping at the ends, and keeps it in view. */
void menu_move(struct menu *menu, long items, int rows);

/* Selects the item in row `row` of the screen; false if there is none. */
bool menu_point(struct menu *menu, int row, int rows);

/* Draws it above the last row of the frame, or in the only row. */
void menu_draw(const struct menu *menu, struct frame *frame, bool is_ascii);
