/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"
#include "cmd/forms.h"
#include "ui/pages/settings.h"
#include "view/hierarchy.h"

#include <stdbool.h>
#include <stdio.h>

/* The command lines of all four programs: one table makes the parsing, --help, and (checked by
 * the tests) the man pages and completions. */

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

/* What is done instead of the program's work. */
enum request {
	REQUEST_WORK,
	REQUEST_HELP,
	REQUEST_VERSION,
	REQUEST_LIST_KEYS,
};

struct options {
	enum program program;
	enum request request;
	enum form form;
	bool is_form_given;
	const char *output; /* NULL or "-": standard output */
	bool is_forced;     /* an existing file may be replaced */
	struct view_options view;
	bool is_by_dot;   /* an SVG: Graphviz lays it out */
	bool is_long;     /* lines of the tree tell more */
	bool only_leaked; /* a list of them instead of the tree */
	uint32_t sources; /* 1 << SOURCE_*: where this host is looked at */
	enum when color;
	bool is_ascii;
	struct settings settings; /* of the screen */
	bool is_given[SETTINGS];  /* by the command line, which a config file does not change */
	const char *snapshot;     /* NULL: this host */
	bool has_sandbox;
	bool is_verbose;     /* --version tells more */
	const char *problem; /* our own words for an argument that was refused, or NULL */
};

/* Reads a command line. Returns 0, or -EINVAL after a message: exit status 2. Strings in the
 * result are argv's. */
_must_check_ int options_parse(enum program program, int argc, char **argv, struct options *ret);

/* There is no screen: what the program writes then. */
void options_settle_plain(struct options *options);

/* The text of --help. */
void options_help(enum program program, FILE *out);

/* "nsbrowse", ... */
const char *program_name(enum program program);

/* The form that a file's suffix asks for: false if it is none we know. */
bool form_from_suffix(const char *path, enum form *ret);
