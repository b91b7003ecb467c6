/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"
#include "model/model.h"
#include "view/column.h"
#include "view/facts_store.h"
#include "view/filter.h"
#include "view/hierarchy.h"
#include "view/names.h"

#include <stdio.h>

/* Views, graphs and counts as files. Every function writes to a stream and returns 0 or a negative
 * errno; errors of the stream itself are left to ferror(3) and fclose(3), which the caller calls.
 */

/* Command lines may have secrets: files have them only if the user wants that. */
enum export_cmdlines {
	EXPORT_NO_CMDLINES,
	EXPORT_JSON_CMDLINES, /* in JSON: a snapshot is written again */
	EXPORT_CMDLINES,      /* in JSON and the tree of processes */
};

/* The colours of SVG and DOT (export/palette.h). */
enum export_theme {
	EXPORT_THEME_AUTO, /* light; SVG is dark where the viewer prefers that */
	EXPORT_THEME_LIGHT,
	EXPORT_THEME_DARK,
	EXPORT_THEME_MONO, /* black on white */
};

struct export_request {
	const struct model *model;
	const struct names *names;
	struct view_options view;
	enum export_cmdlines cmdlines;
	/* Only what matches and what is above that, which the title says; NULL: everything. Of text
	 * only the tree as lines has it. */
	const struct filter *filter;
	enum export_theme theme;         /* of SVG and DOT */
	const struct facts_store *store; /* of the network picture (net_plan.h); NULL: none */
	/* Of text alone: */
	bool only_leaked;                  /* the leaked namespaces instead of the tree */
	bool is_ascii;                     /* no characters beyond ASCII */
	bool is_color;                     /* with ANSI colours */
	bool is_long;                      /* tree: longer lines (words_long) */
	bool with_reasons;                 /* tree: begin with why the view is partial */
	const struct column_list *columns; /* a table instead of lines; NULL: lines */
	long utc_offset;                   /* of times in the table: seconds east of UTC */
	int64_t now;                       /* metrics: seconds since 1970 */
};

/* The tree as lsuserns and lspidns print it. With `only_leaked` the leaked namespaces of all types
 * (model_is_leaked), a line each, by type and number: then `view` and `is_long` do not matter, the
 * line names what holds the namespace (words_leaked_rest). With `columns` a table: a line of
 * titles, then a line a node, or a leaked namespace, with the tree in the column that has it
 * (column_tree). Cells are aligned, with two blanks between. */
_must_check_ int export_text(FILE *out, const struct export_request *request);

/* The PID and the user hierarchy, or that of one view, as a Graphviz graph, by libcgraph(3). Of
 * `view` neither the order nor by_owner matters; a view of processes has no graph.
 * With `view.with_links` the network picture (view/net_layout.h), of VIEW_MOUNTS the mounts of one
 * mount namespace as one tree. */
_must_check_ int export_dot(FILE *out, const struct export_request *request);

/* The number of nodes of that graph as it is written. */
size_t export_dot_count(const struct export_request *request);

/* Answers to a question of the command line, instead of a view: as text, or as JSON. Of `request`
 * the model, the names and is_ascii matter. `answer` is what the function says. */
typedef int export_answer_fn(
        FILE *out, const struct export_request *request, const void *answer, bool is_json);

/* All levels of the PID of a process (const struct process), from outside in, each with its PID
 * namespace, and the containers that it is in. */
export_answer_fn export_pid_levels;

/* The result of an audit (const struct audit, view/audit.h): a table of containers with their
 * verdicts, and one of what was found or is not known. */
export_answer_fn export_audit;

/* Which mount namespaces have a mount (const struct mount_query, view/mount_query.h): by what they
 * were found, their processes and containers, and lines of umount(8). */
export_answer_fn export_holds;

/* Counts and limits as text for Prometheus: gauges with HELP and TYPE, as nsbrowse(1) lists them.
 * Label values are escaped (base/escape.h) and cut to 128 bytes; none is a PID, and only limits of
 * user namespaces have a number of one. Counts of equal labels are one sample. */
_must_check_ int export_metrics(FILE *out, const struct export_request *request);

/* The same as SVG, laid out by view/pair_plan.h. */
_must_check_ int export_svg(FILE *out, const struct export_request *request);
