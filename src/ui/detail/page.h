/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"
#include "model/model.h"
#include "ui/detail/target.h"
#include "ui/draw/line.h"
#include "view/names.h"

/* A page of the detail pane while it is written: facts on lines that are wrapped to the width, with
 * references to namespaces and processes. page_ns.c and page_process.c write the two kinds. */

/* What the page is made from. */
struct detail_source {
	const struct model *model;         /* which `ns` and `process` are in */
	const struct ns *ns;               /* NULL (and no process): the line over several tops */
	const struct process *process;     /* not NULL: the page is about this process */
	const struct process_facts *facts; /* read for this page; NULL: not yet */
	const struct names *names;
	pid_t self; /* the PID of nsbrowse, to compare with; 0: it is not in the model */
	bool is_gone;
	bool is_live;    /* the model is of this host: more can be read */
	long utc_offset; /* seconds east of UTC */
	int columns;
	bool is_ascii;
};

/* A part of a line that leads to a namespace or process. */
struct detail_ref {
	size_t line;
	size_t start; /* bytes of the line */
	size_t len;   /* 0: there was no room for it */
	int column;   /* of the screen, where it starts */
	struct target target;
};

struct detail {
	struct detail_source source;
	struct line *facts;
	size_t n_facts;
	size_t capacity;
	struct detail_ref *refs; /* of the facts, in their order */
	size_t n_refs;
	size_t ref_capacity;
	int pid_width; /* of the first column in the table of processes */
};

enum {
	PAGE_INDENT = 10, /* column of the facts, after their names */
	PAGE_GAP = 3,     /* blanks between two facts, at least */
};

/* Begins a line; a line with the name of a fact. */
struct line *page_new_line(struct detail *detail);
void page_new_fact(struct detail *detail, const char *name);

/* Adds `name text` (the name may be "") to the fact: at column `stop` if the line is shorter, else
 * `gap` columns further on, else on a new line. The text is a reference to `target`. */
void page_add_ref(struct detail *detail, int stop, int gap, const char *name, const char *text,
        struct target target);
void page_add(struct detail *detail, int stop, int gap, const char *name, const char *text);

/* The same with a formatted number. */
void page_add_number(struct detail *detail, int stop, const char *name, const char *format, ...)
        _printf_(4, 5);

/* Adds one of several pieces of a text, with at least one blank before it. A piece that is longer
 * than a line is broken anywhere; all of its parts are references to `target`. */
void page_add_piece(struct detail *detail, const char *text, struct target target);

/* Makes the bytes from `start` to the end of the newest line a reference to `target`. */
void page_mark_ref(struct detail *detail, size_t start, int column, struct target target);

/* Adds a relation of a namespace: a reference, or why there is none. */
void page_add_relation(
        struct detail *detail, int stop, const char *name, const struct relation *relation);

/* Adds `bash (1468)` as a reference. */
void page_add_process(
        struct detail *detail, int stop, const char *name, const struct process *process);

/* The words for an unknown relation or value of `ns`. */
const char *page_unknown(enum rel_state state, const struct ns *ns);

/* Writes the command line; the name if the command line was not read. */
void page_write_command(FILE *out, const struct process *process);

enum { STARTED_SIZE = 32 };

/* Writes the time at which a process started: `HH:MM` if that was on the day of the model, else
 * `YYYY-MM-DD`, both `utc_offset` seconds east of UTC; `unknown` if the model does not have it. It
 * is no age, so that it does not change with each refresh. */
void page_write_started(char text[static STARTED_SIZE], const struct host *host,
        const struct process *process, long utc_offset);
