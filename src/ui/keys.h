/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* One table (keys.def) makes the dispatch, the help screen, --list-keys and the KEYS section of
 * the man page. */

/* Where a key means something. */
enum key_mode {
	MODE_TREE,
	MODE_PROMPT,
	MODE_HELP,
	KEY_MODES,
};

enum action {
	ACTION_NONE, /* no such key in this mode */
#define KEY(mode, action, keys, footer, text) action,
#include "ui/keys.def"
#undef KEY
	ACTIONS,
};

struct key_row {
	enum key_mode mode;
	enum action action;
	const char *keys;   /* words with blanks between: "Up k C-p" */
	const char *footer; /* the word in the footer of an F-key, or NULL */
	const char *text;   /* what it does */
};

/* All rows, in the order of the table. */
const struct key_row *key_rows(size_t *ret_n);

/* What `key` (event.h) does in `mode`. */
enum action key_action(enum key_mode mode, uint32_t key);

/* Prints the table: --list-keys. */
void keys_print(FILE *out);
