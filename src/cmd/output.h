/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"
#include "cmd/jobs/job_draw.h"
#include "cmd/options.h"
#include "model/model.h"
#include "privsep/helper.h"
#include "view/names.h"

/* A picture as a file, or on standard output. */

struct output_request {
	enum form form;
	const struct model *model;
	const struct names *names;
	struct view_options view;
	bool is_long;
	bool only_leaked;
	bool is_ascii;
	bool is_color;
	bool is_by_dot; /* an SVG: Graphviz lays it out */
};

/* Writes it to a new memfd. Returns the descriptor, or a negative errno. */
_must_check_ int output_to_memory(const struct output_request *request);

/* For an SVG that is laid out by dot: writes what dot is given to a new memfd, for job_draw.
 * Returns the descriptor, or a negative errno and in *ret our own words (-E2BIG: dot is not asked
 * for so much). */
_must_check_ int output_for_dot(const struct output_request *request, struct drawn *ret);

/* Writes it to standard output, saying what is wrong. Returns 0 or a negative errno. */
_must_check_ int output_to_stdout(const struct output_request *request, struct helper *helper);

/* Writes it to a file as the caller, saying what is wrong. Returns 0 or a negative errno. */
_must_check_ int output_to_file(const struct output_request *request, struct helper *helper,
        const char *path, bool replace);
