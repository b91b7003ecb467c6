/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "ui/draw/frame.h"
#include "ui/input/keys.h"

/* The editor of one line of text, UTF-8. A character is one with the marks that combine with it. */

struct prompt {
	const char *title; /* "Save as: " */
	char *text;        /* as typed, raw; NULL: not open */
	size_t len;
	size_t capacity;
	size_t cursor;  /* bytes */
	unsigned edits; /* changes of the text, the opening is the first; 0: not open */
	char note[48];  /* our own words for what comes of it, shown at the right; often empty */
};

/* Opens it with a text to begin with; the cursor stands at its end. */
void prompt_open(struct prompt *prompt, const char *title, const char *text);
void prompt_close(struct prompt *prompt);
bool prompt_is_open(const struct prompt *prompt);

/* Puts in a character at the cursor. Returns false if it is no printable one. */
bool prompt_insert(struct prompt *prompt, uint32_t key);

/* Puts `text` in place of the first `len` bytes, and the cursor behind it. */
void prompt_replace(struct prompt *prompt, size_t len, const char *text);

/* Does one of ACTION_EDIT_*; false if `action` is another one. */
bool prompt_edit(struct prompt *prompt, enum action action);

/* Draws it into row `row` of the frame and puts the cursor there. */
void prompt_draw(const struct prompt *prompt, struct frame *frame, int row, bool is_ascii);
