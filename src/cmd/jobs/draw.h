/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"
#include "privsep/helper.h"

/* The job that runs Graphviz (`dot -Tsvg`) to lay out a graph. dot is a foreign program whose input
 * contains text of others, so it gets no more than it needs: the user nobody, no capabilities and
 * no_new_privs, a fixed environment, no descriptors but its input and output, limits of memory,
 * time and output, and the deadline of the job. If the client closes the socket for replies, dot is
 * killed at once. */

enum {
	DRAW_NODES_MAX = 1500, /* a larger graph is refused: dot takes minutes for a few thousand */
	DRAW_DEADLINE_MS = 10 * 1000,
};

/* The reply; the SVG comes with it as a memfd, unless there is an error. */
struct drawn {
	char error[160]; /* printable text, or "" */
};

extern const struct helper_job draw_job;

/* Starts to lay out the graph in DOT that the memfd `graph` holds. Closing ret->replies ends the
 * job. Returns as helper_start_job. */
_must_check_ int draw_start(struct helper *helper, int graph, struct helper_pending *ret);

/* Reads the reply after the exit notice, and closes pending->replies. Returns a descriptor of the
 * SVG, or -EIO and the error in *ret. */
_must_check_ int draw_finish(
        const struct helper_exit *notice, struct helper_pending *pending, struct drawn *ret);

/* Lays out a graph and waits. Returns as draw_finish. */
_must_check_ int draw_now(struct helper *helper, int graph, struct drawn *ret);

/* For tests: runs the job with the first of `programs` (absolute paths, NULL at the end) that
 * exists. It must be writable by root only, and so must its directory. */
int draw_by(const char *const *programs, const struct helper_request *request, int replies);
