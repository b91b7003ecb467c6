/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "ui/draw/frame.h"
#include "ui/draw/scroller.h"

#include <stdint.h>

/* A list of choices over the lower part of the screen: one is taken, or several are checked. */

enum menu_use {
	MENU_NONE, /* not open */
	MENU_VIEW,
	MENU_SORT,
	MENU_OWNER,
	MENU_TYPES,
	MENU_OPTIONS,
};

struct menu_item {
	char *text; /* escaped */
	uint64_t value;
	bool is_checked;
};

struct menu {
	enum menu_use use;
	const char *title;
	bool is_multiple; /* items can be checked */
	struct menu_item *items;
	size_t capacity;
	struct scroller list; /* of the items; `page` is set by menu_move */
};

/* Opens an empty one; it must be given an item at least. */
void menu_open(struct menu *menu, enum menu_use use, const char *title, bool is_multiple);
void menu_close(struct menu *menu);

/* Adds an item; `text` is the menu's from now on. The item is selected if asked. */
void menu_add(struct menu *menu, char *text, uint64_t value, bool is_selected);

/* How many items are in view on a screen of so many rows. */
size_t menu_page(const struct menu *menu, int rows);

/* Where the first of them stands. */
int menu_first_row(const struct menu *menu, int rows);

/* Moves the selection, stopping at the ends, and keeps it in view. */
void menu_move(struct menu *menu, long items, int rows);

/* Draws it above the last row of the frame, or in it where there is no other. */
void menu_draw(const struct menu *menu, struct frame *frame, bool is_ascii);
