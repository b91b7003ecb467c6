/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"
#include "view/names.h"
#include "view/node.h"

#include <stdio.h>

/* The columns of the list and of --columns: one table, columns.def. A new column is a row there and
 * a function in column.c that writes its text. */

enum column_id {
#define COLUMN(id, ...) COLUMN_##id,
#include "view/columns.def"
#undef COLUMN
	COLUMN_IDS,
};

/* Where the text comes from. */
struct column_source {
	const struct model *model;
	const struct model *baseline; /* of the nodes that are gone; NULL: there are none */
	const struct names *names;
	long utc_offset; /* of times: seconds east of UTC */
	bool is_brief;   /* `?` and short times, instead of words and dates */
};

/* A row of the table. */
struct column {
	const char *name; /* as in --columns */
	const char *title;
	const char *text; /* what it is */
	unsigned views;   /* 1 << VIEW_*: the views that have it, */
	unsigned initial; /* and those that show it by default */
	bool is_right;    /* aligned to the right */
	/* Writes the text of a node: escaped, errors stay in the stream. In the views of namespaces
	 * node->ns is set, in that of processes node->process. Only the column with the tree is
	 * written for the line over several tops too, where both are NULL. A node that is gone
	 * (MARK_GONE) has the facts of source->baseline; its counts are written as 0. */
	void (*write)(FILE *out, const struct column_source *source, const struct node *node);
};

const struct column *column_row(enum column_id id);

/* The column with the lines of the tree. */
enum column_id column_tree(enum view_kind view);

/* Prints the table, a line each. */
void column_print(FILE *out);

/* --- choosing columns ------------------------------------------------------------------------ */

/* A list names columns, separated by commas. If it begins with a sign it changes the default: `+X`
 * adds a column, `-X` removes one. */

/* Columns in their order, each once. */
struct column_list {
	enum column_id ids[COLUMN_IDS];
	size_t n;
};

/* Parses a list for a view. Returns 0, -EINVAL for a name that no column has, or -ENOENT for a
 * column that the view does not have; then `ret_bad` is set to that name, of `ret_len` bytes. */
_must_check_ int column_list_parse(struct column_list *ret, const char *list, enum view_kind view,
        const char **ret_bad, size_t *ret_len);

/* True if the list has the column. */
bool column_list_has(const struct column_list *list, enum column_id id);

/* A choice for all views, in the order of the table: column_choice_bit of each column; 0: the
 * default of each view. Parses `auto` or a list: 0 or -EINVAL; writes the same. */
_must_check_ int column_choice_parse(const char *text, uint64_t *ret);
void column_choice_write(FILE *out, uint64_t choice);

/* The columns of a choice that a view has; the one with the tree is always there, and first. */
struct column_list column_choice_list(uint64_t choice, enum view_kind view);

/* The bit of a column in a choice. */
uint64_t column_choice_bit(enum column_id id);

/* The choice that shows what each view has by default. */
uint64_t column_choice_initial(void);
