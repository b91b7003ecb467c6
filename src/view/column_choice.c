/* SPDX-License-Identifier: Apache-2.0 */

/* Which columns are shown: lists of names, and choices for all views. */

#include "view/column.h"

#include <errno.h>
#include <string.h>

/* One name of a list. */
struct item {
	const char *name;
	size_t len;
	char sign;         /* + or -, or 0 */
	enum column_id id; /* COLUMN_IDS: no column has that name */
};

/* Parses the next item, and moves *list to the next one; at the end to NULL. */
static struct item next_item(const char **list)
{
	struct item item = {.name = *list, .id = COLUMN_IDS};

	if (*item.name == '+' || *item.name == '-')
		item.sign = *item.name++;
	item.len = strcspn(item.name, ",");
	for (enum column_id id = 0; id < COLUMN_IDS; id++) {
		if (strlen(column_row(id)->name) == item.len &&
		        memcmp(column_row(id)->name, item.name, item.len) == 0)
			item.id = id;
	}
	*list = item.name[item.len] ? item.name + item.len + 1 : NULL;
	return item;
}

static void remove_id(struct column_list *list, enum column_id id)
{
	size_t n = 0;

	for (size_t i = 0; i < list->n; i++) {
		if (list->ids[i] != id)
			list->ids[n++] = list->ids[i];
	}
	list->n = n;
}

bool column_list_has(const struct column_list *list, enum column_id id)
{
	for (size_t i = 0; i < list->n; i++) {
		if (list->ids[i] == id)
			return true;
	}
	return false;
}

int column_list_parse(struct column_list *ret, const char *list, enum view_kind view,
        const char **ret_bad, size_t *ret_len)
{
	const bool is_change = *list == '+' || *list == '-';

	*ret = is_change ? column_choice_list(0, view) : (struct column_list){.n = 0};
	while (list) {
		const struct item item = next_item(&list);

		*ret_bad = item.name;
		*ret_len = item.len;
		if (item.id == COLUMN_IDS)
			return -EINVAL;
		if (!(column_row(item.id)->views & 1u << view))
			return -ENOENT;
		if (item.sign == '-')
			remove_id(ret, item.id);
		else if (!column_list_has(ret, item.id))
			ret->ids[ret->n++] = item.id;
	}
	return 0;
}

uint64_t column_choice_bit(enum column_id id)
{
	_Static_assert(COLUMN_IDS <= 64, "a choice has 64 bits");
	return UINT64_C(1) << id;
}

uint64_t column_choice_initial(void)
{
	uint64_t choice = 0;

	for (enum column_id id = 0; id < COLUMN_IDS; id++)
		choice |= column_row(id)->initial ? column_choice_bit(id) : 0;
	return choice;
}

int column_choice_parse(const char *text, uint64_t *ret)
{
	const bool is_change = *text == '+' || *text == '-';
	uint64_t choice = is_change ? column_choice_initial() : 0;

	if (strcmp(text, "auto") == 0) {
		*ret = 0;
		return 0;
	}
	while (text) {
		const struct item item = next_item(&text);

		if (item.id == COLUMN_IDS)
			return -EINVAL;
		if (item.sign == '-')
			choice &= ~column_choice_bit(item.id);
		else
			choice |= column_choice_bit(item.id);
	}
	/* The columns with the tree are always there; so 0 means only the default. */
	for (enum view_kind view = 0; view < VIEW_KINDS; view++)
		choice |= column_choice_bit(column_tree(view));
	*ret = choice;
	return 0;
}

void column_choice_write(FILE *out, uint64_t choice)
{
	const char *separator = "";

	if (!choice) {
		fputs("auto", out);
		return;
	}
	for (enum column_id id = 0; id < COLUMN_IDS; id++) {
		if (!(choice & column_choice_bit(id)))
			continue;
		fprintf(out, "%s%s", separator, column_row(id)->name);
		separator = ",";
	}
}

struct column_list column_choice_list(uint64_t choice, enum view_kind view)
{
	struct column_list list = {.ids = {column_tree(view)}, .n = 1};

	for (enum column_id id = 0; id < COLUMN_IDS; id++) {
		const unsigned views = choice ? column_row(id)->views : column_row(id)->initial;

		if (id != list.ids[0] && (views & 1u << view) &&
		        (!choice || (choice & column_choice_bit(id))))
			list.ids[list.n++] = id;
	}
	return list;
}
