/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"
#include "cmd/jobs/jobs.h"
#include "export/export.h"
#include "model/model.h"
#include "privsep/helper.h"
#include "view/column.h"
#include "view/filter.h"
#include "view/hierarchy.h"
#include "view/names.h"

#include <stdbool.h>

/* Writes a model in one of the formats, to a file or to standard output. */

/* --- the formats ----------------------------------------------------------------------------- */

/* A row: its symbol, the programs that have an option for it (FOR_*: cmd/options.c), the name of
 * the option, the suffixes of its files (one blank between two), the function that writes it, and
 * the text of the option in --help. BETWEEN stands between two rows. The writers are those of
 * export/export.h and output.c; the parser of options, --help and the messages about suffixes
 * follow this table. */
/* clang-format off */
#define FORMS(FORM, BETWEEN) \
	FORM(FORM_TEXT, FOR_NSBROWSE, "tree", ".txt", export_text, \
	        "print the hierarchy as text") BETWEEN \
	FORM(FORM_JSON, FOR_NSBROWSE | FOR_LISTS, "json", ".json", write_json, \
	        "write a snapshot as JSON") BETWEEN \
	FORM(FORM_DOT, FOR_NSBROWSE, "dot", ".dot .gv", export_dot, \
	        "write both hierarchies as a Graphviz graph") BETWEEN \
	FORM(FORM_SVG, FOR_NSBROWSE, "svg", ".svg", export_svg, \
	        "write both hierarchies as SVG") BETWEEN \
	FORM(FORM_METRICS, FOR_NSBROWSE, "metrics", ".prom", export_metrics, \
	        "write counts and limits as text for Prometheus")
/* clang-format on */

enum form {
	FORM_SCREEN, /* no file: the browser */
#define FORM_SYMBOL(symbol, ...) symbol,
	FORMS(FORM_SYMBOL, )
#undef FORM_SYMBOL
};

/* ".txt .json ...": all suffixes. */
#define FORM_SUFFIX(symbol, programs, name, suffixes, ...) suffixes
#define FORM_SUFFIXES                                      FORMS(FORM_SUFFIX, " ")
#define FORM_BAD_SUFFIX                                    "the suffix must be one of " FORM_SUFFIXES

/* The format that the suffix of a file selects; false: unknown suffix. */
bool output_form_from_suffix(const char *path, enum form *ret);

/* --- writing --------------------------------------------------------------------------------- */

struct output_request {
	enum form form;
	const struct model *model;
	const struct names *names;
	struct view_options view;
	enum export_cmdlines cmdlines;
	enum export_theme theme;     /* of SVG and DOT */
	const struct filter *filter; /* of text, DOT and SVG; NULL: everything */
	const char *text;            /* to write that instead of the model; NULL: the model */
	export_answer_fn *answer;    /* the same, as text or JSON; NULL: the model */
	const void *answer_data;     /* its argument */
	bool is_long;
	bool only_leaked;
	bool is_ascii;
	bool is_color;
	bool with_reasons; /* text begins with why the view is partial (else: standard error) */
	const struct column_list *columns; /* of text: a table; NULL: lines */
	bool is_by_dot;                    /* Graphviz lays out an SVG */
	const struct facts_store *store;   /* of the network picture (export.h) */
};

/* A path to propose for a file: `~/HOST-YYYYMMDD-HHMMSS`, of a host (NULL: this host) and the
 * current time, with no special characters. The caller frees. */
char *output_save_stem(const char *name) __attribute__((returns_nonnull));

/* The offset of local times: seconds east of UTC. */
long output_utc_offset(void);

/* Writes it to a new memfd. Returns the descriptor, or a negative errno. */
_must_check_ int output_to_memory(const struct output_request *request);

/* For an SVG that dot lays out: writes the input of dot to a new memfd, for draw_start and
 * draw_now. Returns the descriptor, or a negative errno and the error in *ret (-E2BIG: more than
 * DRAW_NODES_MAX nodes). */
_must_check_ int output_for_dot(const struct output_request *request, struct drawn *ret);

/* Flushes and closes standard output. `r` is the result of writing to it: 0 or a negative errno.
 * Returns 0, or a negative errno after a message; -EPIPE without one: the reader has all that it
 * wants, as in `nsbrowse --tree | head`. */
_must_check_ int output_finish_stdout(int r);

/* Writes it to standard output. Returns 0, or a negative errno after a message (without one as
 * above). */
_must_check_ int output_to_stdout(const struct output_request *request, struct helper *helper);

/* The file of -o, which was opened before the helpers were started. */
struct output_target {
	const char *path;               /* for messages */
	const struct jobs_fixed *fixed; /* for save_output */
	struct helper *writer;
	struct helper *helper; /* runs dot */
};

/* Writes it to that file. Returns 0, or a negative errno after a message. */
_must_check_ int output_to_file(
        const struct output_request *request, const struct output_target *target);
