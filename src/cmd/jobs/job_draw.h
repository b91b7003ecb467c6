/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"
#include "privsep/helper.h"

/* The helper's job that has Graphviz lay out a graph: `dot -Tsvg`, a program of others that is
 * given what strangers named, so it gets as little as it can do with: the user nobody, no
 * capability and no way to any, a fixed environment, no descriptor but its input and output, limits
 * of memory, time and output, and the deadline of the job. Nobody waits any more when the other end
 * of the answer is closed: then it is killed at once. */

enum {
	DRAW_NODES_MAX =
	        1500, /* dot takes minutes for a few thousand (and is asked for them never) */
	DRAW_DEADLINE_MS = 10 * 1000,
};

/* The answer; with it comes the SVG as a memfd, unless there is an error. */
struct drawn {
	char error[160]; /* our own words, or "" */
};

/* One descriptor goes with the request: the graph in DOT, a memfd. */
int job_draw_run(const struct helper_request *request, int answer);
#define JOB_DRAW_ROW                                                                               \
	{                                                                                          \
		"draw by dot", DRAW_DEADLINE_MS, job_draw_run                                      \
	}

/* The same by the first of `programs` (absolute paths, NULL at the end) that is there and is root's
 * alone to write, as is its directory. */
int job_draw_by(const char *const *programs, const struct helper_request *request, int answer);

/* Reads the answer, after the word that the job ended so. Returns the SVG, a descriptor, or -EIO
 * and in *ret our own words. */
_must_check_ int job_drawn(int answer, enum helper_end end, struct drawn *ret);
