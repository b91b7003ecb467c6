/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"
#include "cmd/output.h"
#include "model/model.h"
#include "ui/pages/settings.h"
#include "view/column.h"
#include "view/hierarchy.h"

#include <stdbool.h>
#include <stdio.h>

/* The command lines of all four programs. One table is used for parsing and --help; tests compare
 * the man pages and completions with it. */

enum program {
	PROGRAM_NSBROWSE,
	PROGRAM_LSUSERNS,
	PROGRAM_LSPIDNS,
	PROGRAM_GRAPHNS,
	PROGRAMS,
};

enum when {
	WHEN_AUTO,
	WHEN_ALWAYS,
	WHEN_NEVER,
};

/* What the program prints instead of namespaces; REQUEST_WORK: it works on namespaces. */
enum request {
	REQUEST_WORK,
	REQUEST_HELP,
	REQUEST_VERSION,
	REQUEST_LIST_KEYS,
	REQUEST_LIST_COLUMNS,
};

/* What nsbrowse answers as text or JSON, instead of a view. */
enum question {
	QUESTION_NONE,
	QUESTION_PID,   /* --pid: the levels of a PID */
	QUESTION_AUDIT, /* --audit: what containers share with the host, and may do */
	QUESTION_HOLDS, /* --holds: which mount namespaces have a mount */
};

struct options {
	enum program program;
	enum request request;
	enum form form;
	bool is_form_given;
	const char *output; /* NULL or "-": standard output */
	bool is_forced;     /* an existing file may be replaced */
	struct view_options view;
	bool with_cmdlines;         /* --cmdline */
	bool is_by_dot;             /* Graphviz lays out an SVG */
	bool is_long;               /* longer lines in the tree (words_long) */
	const char *columns_list;   /* of --columns; NULL: lines */
	struct column_list columns; /* the columns that it names */
	enum question question;
	pid_t pid;            /* --pid */
	uint32_t audit_rules; /* --audit: 1 << AUDIT_* */
	bool has_audit_rules; /* it names them */
	const char *holds;    /* --holds: a path, MAJ:MIN, source or type; NULL: not given */
	const char *in;       /* --in: the PID is one inside of that, the mounts are those of that;
	                       * NULL: of the host */
	bool only_leaked;     /* a list of leaked namespaces instead of the tree */
	uint32_t sources;     /* of a scan: 1 << SOURCE_* */
	unsigned facts;       /* of --facts: SCAN_FACTS_* */
	enum when color;
	bool is_ascii;
	struct settings settings; /* of the screen */
	bool is_given[SETTINGS];  /* set by an option: the config file does not change it */
	const char *snapshot;     /* NULL: this host */
	bool is_demo;             /* the snapshot is that of source_demo_path */
	bool has_sandbox;
	bool without_events; /* the screen is kept up to date by lists of PIDs */
	bool is_verbose;     /* --version prints more */
	const char *problem; /* error text for an argument that was refused, or NULL */
};

/* Parses a command line. Returns 0, or -EINVAL after a message: exit status 2. Strings in the
 * result are those of argv. */
_must_check_ int options_parse(enum program program, int argc, char **argv, struct options *ret);

/* Selects the format that the program writes if there is no screen. */
void options_use_plain_form(struct options *options);

/* Checks that the format that is written has the view, and command lines if they are wanted.
 * Returns 0, or -EINVAL after a message. */
_must_check_ int options_check_form(const struct options *options);

/* True if a scan keeps command lines: for the screen, for files or for a column. */
bool options_reads_cmdlines(const struct options *options);

/* What a scan reads (SCAN_FACTS_*): what --facts names, and the mounts if the view of mounts is
 * written. On the screen mounts are read when they are shown. */
unsigned options_facts(const struct options *options);

/* Which files have command lines: with --cmdline all that can, of a snapshot JSON, but for
 * --no-cmdline. */
enum export_cmdlines options_cmdlines(const struct options *options);

/* The colours of files: those of --theme, not those of the config file, which are of the screen. */
enum export_theme options_theme(const struct options *options);

/* Prints --help. */
void options_help(enum program program, FILE *out);

/* The name of the program: "nsbrowse", ... */
const char *options_program_name(enum program program);

/* --- of options_parse ------------------------------------------------------------------------ */

/* Chooses the format and the columns, and checks options that need or exclude others. Returns 0, or
 * -EINVAL after a message. */
_must_check_ int options_check(struct options *options);

/* Sets a setting that was given. */
void options_set(struct options *options, enum setting setting, uint64_t value);

/* Prints `what: why (see PROGRAM --help)`. Returns -EINVAL. */
_must_check_ int options_usage_error(enum program program, const char *what, const char *why);
