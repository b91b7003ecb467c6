/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "ui/draw/frame.h"

#include <stdint.h>

/* The editor of one line of UTF-8 text, and the history of what was typed into it. A character is
 * one together with the combining marks on it. */

struct prompt {
	const char *title; /* "Save as: " */
	char *text;        /* as typed, raw; NULL: not open */
	size_t len;
	size_t capacity;
	size_t cursor;  /* bytes */
	unsigned edits; /* changes of the text, the opening is the first; 0: not open */
	char note[48];  /* about the text, printable, shown at the right; often empty */
};

/* Opens it with this text; the cursor stands at its end. */
void prompt_open(struct prompt *prompt, const char *title, const char *text);
void prompt_close(struct prompt *prompt);

/* Inserts a character at the cursor; false, without a change, if it is not printable. */
bool prompt_insert(struct prompt *prompt, uint32_t key);

/* Replaces the first `len` bytes by `text`; the cursor stands behind it. */
void prompt_replace(struct prompt *prompt, size_t len, const char *text);

enum prompt_edit {
	PROMPT_LEFT, /* the cursor moves */
	PROMPT_RIGHT,
	PROMPT_HOME,
	PROMPT_END,
	PROMPT_BACKSPACE, /* one character is deleted */
	PROMPT_DELETE,
	PROMPT_DELETE_WORD, /* before the cursor, as in a shell */
	PROMPT_DELETE_TO_START,
	PROMPT_DELETE_TO_END,
};

void prompt_edit(struct prompt *prompt, enum prompt_edit edit);

/* Draws it into row `row` of the frame and puts the cursor there. */
void prompt_draw(const struct prompt *prompt, struct frame *frame, int row, bool is_ascii);

/* --- history ----------------------------------------------------------------------------- */

enum { PROMPT_HISTORY_MAX = 50 }; /* then the oldest entry is dropped */

struct prompt_history {
	char *all[PROMPT_HISTORY_MAX]; /* the oldest first */
	size_t n;
	size_t at;   /* the entry that is shown; n: the text as typed */
	char *typed; /* that text, while an entry is shown; NULL: none is */
};

void prompt_history_release(struct prompt_history *history);

/* Adds `text` as the newest entry, and drops an equal one before. */
void prompt_history_add(struct prompt_history *history, const char *text);

/* A prompt opens: no entry is shown. */
void prompt_history_begin(struct prompt_history *history);

/* The previous entry, or the next one (`is_newer`); after the newest comes `typed` again, the text
 * in the prompt at the first step. NULL at the ends. Valid until the next call. */
const char *prompt_history_step(struct prompt_history *history, bool is_newer, const char *typed);
