/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"
#include "base/helper.h"
#include "cmd/options.h"
#include "model/model.h"
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
};

/* Writes it to a new memfd. Returns the descriptor, or a negative errno. */
_must_check_ int output_to_memory(const struct output_request *request);

/* Writes it to standard output, saying what is wrong. Returns 0 or a negative errno. */
_must_check_ int output_to_stdout(const struct output_request *request);

/* Writes it to a file as the caller, saying what is wrong. Returns 0 or a negative errno. */
_must_check_ int output_to_file(const struct output_request *request, struct helper *helper,
        const char *path, bool replace);
