/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"
#include "model/model.h"
#include "view/hierarchy.h"
#include "view/names.h"

#include <stdio.h>

/* A view as a file. Every function writes to a stream and returns 0 or a negative errno; what the
 * stream itself could not take is found by ferror/fclose, which is the caller's. */

struct export_request {
	const struct model *model;
	const struct names *names;
	struct view_options view;
	/* Of text alone: */
	bool only_leaked; /* the leaked namespaces instead of the tree */
	bool is_ascii;    /* no characters beyond ASCII */
	bool is_color;    /* with ANSI colours */
	bool is_long;     /* tree: longer lines (words_long) */
};

/* The tree as lsuserns and lspidns print it. With `only_leaked` the leaked namespaces of all types
 * (ns_is_leaked), a line each, by type and number: then `view` and `is_long` do not matter, the
 * line names everything that holds the namespace. */
_must_check_ int export_text(FILE *out, const struct export_request *request);

/* Both hierarchies as a Graphviz graph, by libcgraph (`view.kind` does not matter). */
_must_check_ int export_dot(FILE *out, const struct export_request *request);

/* How many boxes that graph has, without the folders of -d. */
size_t export_dot_count(const struct export_request *request);

/* Both hierarchies as SVG, laid out by view/layout.h. */
_must_check_ int export_svg(FILE *out, const struct export_request *request);
