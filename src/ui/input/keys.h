/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* One table (keys.def) makes the dispatch (ui/app/app.c), the help screen, --list-keys and the
 * KEYS section of the man page. */

/* The screen that takes the keys, as bits: many keys have the same action on several screens. */
enum key_mode {
	MODE_TREE = 1 << 0,
	MODE_DETAIL = 1 << 1,
	MODE_HELP = 1 << 2,
	MODE_PROMPT = 1 << 3,
	MODE_MENU = 1 << 4,
	MODE_QUESTION = 1 << 5,
	MODE_OPTIONS = 1 << 6,
	MODE_GRAPH = 1 << 7,
	MODE_NETWORK = 1 << 8,
};

enum { KEY_MODES = 9 };

/* Several modes, for the table. */
enum {
	MODES_PANES = MODE_TREE | MODE_DETAIL,
	MODES_LINES = MODES_PANES | MODE_HELP | MODE_MENU | MODE_OPTIONS, /* a list of lines */
	MODES_ALL = MODES_LINES | MODE_PROMPT | MODE_QUESTION | MODE_GRAPH | MODE_NETWORK,
};

enum action {
	ACTION_NONE, /* no such key in this mode */
#define KEY(modes, action, handler, argument, keys, footer, text) action,
#include "ui/input/keys.def"
#undef KEY
	ACTIONS,
};

struct key_row {
	unsigned modes; /* enum key_mode, as bits */
	enum action action;
	const char *keys;   /* words with blanks between: "Up k C-p" */
	const char *footer; /* the word in the footer of an F-key, or NULL */
	const char *text;   /* for the help */
};

/* All rows, in the order of the table. */
const struct key_row *keys_rows(size_t *ret_n);

/* The key (event.h) that a word of the table means, 0 if none: "C-p", "F5", "PgDn", "k". "0-9"
 * stands for any digit, and gives '0'. */
uint32_t keys_from_word(const char *word, size_t len);

/* Each key of the table with its row. */
struct key_binding {
	uint32_t key;
	const struct key_row *row;
};

struct keys {
	struct key_binding *all; /* in the order of the table */
	size_t n;
	size_t capacity;
};

/* Reads the table. Release it. */
void keys_init(struct keys *ret);
void keys_release(struct keys *keys);

/* The action of `key` (event.h) in `mode`. */
enum action keys_action(const struct keys *keys, enum key_mode mode, uint32_t key);

/* The row of the key F`number` in `mode`, NULL if there is none. */
const struct key_row *keys_row_of_f(const struct keys *keys, enum key_mode mode, unsigned number);

/* The title of a mode's keys: "in the list". NULL if `mode` is not one of them. */
const char *keys_mode_text(enum key_mode mode);

/* The help lists each row once, under the first mode that has it: true if `row` works in `mode`
 * and in none of `done` (a mask). */
bool keys_is_listed(const struct key_row *row, enum key_mode mode, unsigned done);

/* Prints the table: --list-keys. */
void keys_print(FILE *out);
