/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Writes JSON as it goes, without a tree. Commas and quotes are the writer's; that the calls make
 * sense (keys in objects, each with one value) is the caller's. Errors stay in the stream. */

struct json_writer {
	FILE *out;
	bool is_first; /* in the innermost object or array */
	bool is_value; /* a key has been written, its value comes */
	size_t used;
	char buffer[8192];
};

void json_write_init(struct json_writer *w, FILE *out);

/* Hands everything to the stream (does not flush that). */
void json_write_finish(struct json_writer *w);

/* `{`, `}`, `[`, `]`. */
void json_write_open(struct json_writer *w, char bracket);
void json_write_close(struct json_writer *w, char bracket);

/* The next key or element begins a new line, indented by `columns`. */
void json_write_line(struct json_writer *w, unsigned columns);

/* The bracket that closes comes on a new line. */
void json_write_line_end(struct json_writer *w, unsigned columns);

/* A key of ours: plain ASCII. */
void json_write_key(struct json_writer *w, const char *key);

void json_write_null(struct json_writer *w);
void json_write_bool(struct json_writer *w, bool value);
void json_write_number(struct json_writer *w, uint64_t value);

/* Foreign text: raw, NULL is null. C0, DEL, C1, bidi controls and whatever else is invisible, and
 * noncharacters become \uXXXX, so that JSON on a terminal is inert; what is not UTF-8 becomes
 * {"base64": "..."}. */
void json_write_string(struct json_writer *w, const char *s);
