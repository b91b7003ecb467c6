/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"
#include "cmd/jobs/jobs.h"
#include "cmd/options.h"
#include "model/model.h"
#include "privsep/helper.h"
#include "view/names.h"

/* Writes a model in one of the formats, to a file or to standard output. */

struct output_request {
	enum form form;
	const struct model *model;
	const struct names *names;
	struct view_options view;
	bool is_long;
	bool only_leaked;
	bool is_ascii;
	bool is_color;
	bool is_by_dot; /* Graphviz lays out an SVG */
};

/* A path to propose for a file: `~/HOST-YYYYMMDD-HHMMSS`, of the host of the model (NULL: of this
 * host) and the current time, with no special characters. The caller frees. */
char *output_save_stem(const struct model *model) __attribute__((returns_nonnull));

/* Writes it to a new memfd. Returns the descriptor, or a negative errno. */
_must_check_ int output_to_memory(const struct output_request *request);

/* For an SVG that dot lays out: writes the input of dot to a new memfd, for draw_start and
 * draw_now. Returns the descriptor, or a negative errno and the error in *ret (-E2BIG: more than
 * DRAW_NODES_MAX nodes). */
_must_check_ int output_for_dot(const struct output_request *request, struct drawn *ret);

/* Writes it to standard output. Returns 0, or a negative errno after a message. */
_must_check_ int output_to_stdout(const struct output_request *request, struct helper *helper);

/* Writes it to a file as the caller. Returns 0, or a negative errno after a message. */
_must_check_ int output_to_file(const struct output_request *request, struct helper *helper,
        const char *path, bool replace);
