/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Writes JSON value by value, without a tree. The writer adds commas and quotes; the caller makes
 * calls in a valid order (in an object a key before each value). Errors stay in the stream
 * (ferror(3)). */

struct json_writer {
	FILE *out;
	bool is_first; /* in the innermost object or array */
	bool is_value; /* the value of the key just written comes next */
	size_t used;
	char buffer[8192];
};

void json_write_init(struct json_writer *w, FILE *out);

/* Writes the buffer to the stream, which is not flushed. */
void json_write_finish(struct json_writer *w);

/* `{`, `}`, `[`, `]`. */
void json_write_open(struct json_writer *w, char bracket);
void json_write_close(struct json_writer *w, char bracket);

/* The next key or element begins a new line, indented by `columns`. */
void json_write_line(struct json_writer *w, unsigned columns);

/* The closing bracket begins a new line, indented by `columns`. */
void json_write_line_end(struct json_writer *w, unsigned columns);

/* A key, which is printable ASCII. */
void json_write_key(struct json_writer *w, const char *key);

void json_write_null(struct json_writer *w);
void json_write_bool(struct json_writer *w, bool value);
void json_write_number(struct json_writer *w, uint64_t value);

/* Raw text; null for NULL. C0, DEL, noncharacters and all characters of utf8_is_invisible are
 * written as \uXXXX, so that the JSON can be shown on a terminal; text that is not valid UTF-8 is
 * written as {"base64": "..."}. */
void json_write_string(struct json_writer *w, const char *s);

/* A key and its value. */
void json_write_member_open(struct json_writer *w, const char *key, char bracket);
void json_write_member_bool(struct json_writer *w, const char *key, bool value);
void json_write_member_number(struct json_writer *w, const char *key, uint64_t value);
void json_write_member_string(struct json_writer *w, const char *key, const char *s);
