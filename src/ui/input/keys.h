/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* One table (keys.def) makes the dispatch, the help screen, --list-keys and the KEYS section of
 * the man page. */

/* Where a key means something, as bits: the movement keys are the same everywhere. */
enum key_mode {
	MODE_TREE = 1 << 0,
	MODE_DETAIL = 1 << 1,
	MODE_HELP = 1 << 2,
	MODE_PROMPT = 1 << 3,
	MODE_MENU = 1 << 4,
	MODE_QUESTION = 1 << 5,
	MODE_OPTIONS = 1 << 6,
	MODE_GRAPH = 1 << 7,
};

enum { KEY_MODES = 8 };

enum action {
	ACTION_NONE, /* no such key in this mode */
#define KEY(modes, action, keys, footer, text) action,
#include "ui/input/keys.def"
#undef KEY
	ACTIONS,
};

struct key_row {
	unsigned modes; /* enum key_mode, as bits */
	enum action action;
	const char *keys;   /* words with blanks between: "Up k C-p" */
	const char *footer; /* the word in the footer of an F-key, or NULL */
	const char *text;   /* what it does */
};

/* All rows, in the order of the table. */
const struct key_row *key_rows(size_t *ret_n);

/* The key (event.h) that a word of the table means, 0 if none: "C-p", "F5", "PgDn", "k". "0-9"
 * stands for any digit, and means the first. */
uint32_t key_from_word(const char *word, size_t len);

/* What `key` (event.h) does in `mode`. */
enum action key_action(enum key_mode mode, uint32_t key);

/* The row of the key F`number` in `mode`, NULL if there is none. */
const struct key_row *key_row_of_f(enum key_mode mode, unsigned number);

/* The words for a mode: "in the list". NULL if `mode` is not one of them. */
const char *key_mode_text(enum key_mode mode);

/* The modes whose keys a part of the help lists: the rows that work in `mode` and in none of
 * `done` (a mask). True if `row` is one of them. */
bool key_row_is_listed(const struct key_row *row, enum key_mode mode, unsigned done);

/* Prints the table: --list-keys. */
void keys_print(FILE *out);
