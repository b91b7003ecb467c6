/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "cmd/options.h"
#include "export/export.h"
#include "view/audit.h"
#include "view/mount_query.h"
#include "view/pid_query.h"

/* The answers to questions of the command line (enum question), instead of a view. */

struct answer {
	export_answer_fn *write; /* NULL: there was no question */
	const void *data;        /* for `write` */
	struct pid_query query;
	struct audit audit;
	struct mount_query holds;
	bool is_failure; /* exit status 1: the audit found something, or JSON says that nothing is
	                  * held */
};

/* Finds the answer in a model. Returns 0, or a negative errno after a message. The caller releases
 * it in both cases. */
_must_check_ int answer_find(struct answer *ret, const struct options *options,
        const struct model *model, const struct names *names);

/* The view that is written: that of the options, for mounts with the mount namespace of --in.
 * Returns 0, or a negative errno after a message. */
_must_check_ int answer_find_view(
        struct view_options *ret, const struct options *options, const struct model *model);

void answer_release(struct answer *answer);
