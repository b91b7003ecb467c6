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
	bool is_ascii; /* tree text: no box-drawing characters */
	bool is_color; /* tree text: with ANSI colours */
};

/* The tree as lsuserns and lspidns print it. */
_must_check_ int export_text(FILE *out, const struct export_request *request);

/* Both hierarchies as a Graphviz graph, by libcgraph (`view.kind` does not matter). */
_must_check_ int export_dot(FILE *out, const struct export_request *request);

/* Both hierarchies as SVG, laid out by view/layout.h. */
_must_check_ int export_svg(FILE *out, const struct export_request *request);
