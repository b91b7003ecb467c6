/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/prompt/menu.h"

#include "base/attributes.h"
#include "base/memory.h"
#include "ui/draw/geometry.h"
#include "ui/draw/line.h"
#include "ui/draw/scroller.h"

#include <stdlib.h>

void menu_open(struct menu *menu, const char *title, bool is_multiple)
{
	menu_close(menu);
	*menu = (struct menu){.title = title, .is_multiple = is_multiple};
}

void menu_close(struct menu *menu)
{
	for (size_t i = 0; i < menu->list.n; i++)
		free(menu->items[i].text);
	free(menu->items);
	*menu = (struct menu){0};
}

void menu_add(struct menu *menu, char *text, uint64_t value, bool is_selected)
{
	struct scroller *list = &menu->list;

	if (is_selected)
		list->selected = list->n;
	MEMORY_APPEND(menu->items, list->n, menu->capacity) =
	        (struct menu_item){.text = text, .value = value};
}

size_t menu_page(const struct menu *menu, int rows)
{
	const size_t most = rows > 3 ? (size_t)rows - 2 : 1;

	return MIN(menu->list.n, most);
}

/* Where the first item in view stands. */
static int first_row(const struct menu *menu, int rows)
{
	return rows - (rows > 1) - (int)menu_page(menu, rows);
}

void menu_move(struct menu *menu, long items, int rows)
{
	menu->list.page = menu_page(menu, rows);
	scroller_move(&menu->list, items, false);
}

bool menu_point(struct menu *menu, int row, int rows)
{
	const int first = first_row(menu, rows);

	if (row < first || row >= first + (int)menu_page(menu, rows))
		return false;
	menu->list.selected = menu->list.top + (size_t)(row - first);
	return true;
}

static void draw_item(
        const struct menu *menu, size_t index, struct frame_row *ret, int columns, bool is_ascii)
{
	const struct menu_item *item = &menu->items[index];
	const bool is_selected = index == menu->list.selected;
	struct line line;

	line_init(&line, columns, is_ascii);
	line_add(&line, STYLE_PLAIN, is_selected ? "> " : "  ");
	if (menu->is_multiple)
		line_add(&line, STYLE_PLAIN, item->is_checked ? "[x] " : "[ ] ");
	line_add(&line, is_selected ? STYLE_SELECTED : STYLE_PLAIN, item->text);
	line_take(&line, ret);
}

void menu_draw(const struct menu *menu, struct frame *frame, bool is_ascii)
{
	const size_t page = menu_page(menu, frame->rows);
	const int first = first_row(menu, frame->rows);

	if (first > 0) {
		const struct rect divider = {first - 1, 0, 1, frame->columns};

		scroller_draw_divider(
		        &menu->list, frame, &divider, menu->title, DIVIDER_FOCUS, is_ascii);
	}
	for (size_t i = 0; i < page; i++)
		draw_item(menu, menu->list.top + i, &frame->lines[(size_t)first + i],
		        frame->columns, is_ascii);
	frame_set_cursor(frame, first + (int)(menu->list.selected - menu->list.top),
	        frame->columns > 2 ? 2 : 0);
}
