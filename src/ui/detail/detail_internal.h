/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* How the pages of the detail pane are written, for the files detail*.c and nobody else. */

#include "ui/detail/detail.h"

enum {
	DETAIL_INDENT = 10, /* where the facts begin, behind their names */
	DETAIL_GAP = 3,     /* at least that many blanks between two */
};

/* Begins a line, or one with the name of a fact. */
struct line *detail_new_line(struct detail *detail);
void detail_new_fact(struct detail *detail, const char *name);

/* Adds to the fact `name text` (the name may be ""), at column `stop` if that is free, else `gap`
 * columns further on, else on a line of its own. The text leads to `target`. */
void detail_add_ref(struct detail *detail, int stop, int gap, const char *name, const char *text,
        struct target target);
void detail_add(struct detail *detail, int stop, int gap, const char *name, const char *text);

/* The same with a number. */
void detail_add_number(struct detail *detail, int stop, const char *name, const char *format, ...)
        __attribute__((format(printf, 4, 5)));

/* Adds one of several pieces of a text, at least a blank behind the one before, broken anywhere if
 * it is longer than a line; the rest of it leads to `target` too. */
void detail_add_piece(struct detail *detail, const char *text, struct target target);

/* Says that bytes from `start` to the end of the newest line lead to `target`. */
void detail_mark_ref(struct detail *detail, size_t start, int column, struct target target);

/* The words for what is not known of `ns`. */
const char *detail_unknown(enum rel_state state, const struct ns *ns);

/* A relation of a namespace: the reference, or why there is none. */
void detail_add_relation(
        struct detail *detail, int stop, const char *name, const struct relation *relation);

/* `bash (1468)`, as a reference. */
void detail_add_process(
        struct detail *detail, int stop, const char *name, const struct process *process);

/* The name of the user, or the number. */
void detail_write_user(FILE *out, uid_t uid, const struct names *names);

/* Its command line, its name if that was not asked for. */
void detail_write_command(FILE *out, const struct process *process);

/* The pages: of a namespace but for its processes, of a process. */
void detail_write_ns(struct detail *detail);
void detail_write_process(struct detail *detail);
