/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "scan/scan.h"
#include "scan/scan_state.h"

/* What the files refresh*.c share. */

struct refresh {
	struct kernel *kernel;
	struct scan_options options;
	struct scan *state;       /* of which the last model was made; NULL: all must be read */
	const struct model *last; /* NULL: none */
	int64_t rest_at;          /* when what is not of a process was read, the host too; */
	int64_t taken;            /* and host.taken then */
	pid_t cursor;             /* of the round: the last PID that was read; 0: it begins */

	/* PIDs that are read in any case: something has changed while the last model was made. */
	struct u64_set pending;
	bool is_forced;    /* a model is made in any case */
	unsigned n_forced; /* such models, one after another */
	struct u64_set ending;
};

/* A state that has read nothing but the host; with `kept`, see scan_new. */
struct scan *refresh_new_state(struct refresh *refresh, const struct scan *kept);

/* Makes a model of a state whose processes are there. Frees the state if it fails. Returns 0 and
 * the model, -ECANCELED or -ESTALE. */
_must_check_ int refresh_make_model(
        struct refresh *refresh, struct scan *state, const struct model **ret_model);

/* Reads the processes with these PIDs, and what is read each time; as refresh_events. Of those that
 * were read before, only the command lines of `renamed` are read; NULL: of all. is_named: something
 * has happened to them. If that fails, they are read next time. Releases `pids`. */
_must_check_ int refresh_read_set(struct refresh *refresh, struct u64_set *pids,
        const struct u64_set *renamed, bool is_named, const struct model **ret_model);

/* Adds the PIDs that are new in /proc or gone from it. Returns 0 or the error of listing it. */
_must_check_ int refresh_list_changes(struct refresh *refresh, struct u64_set *ret);

/* All must be read next. */
void refresh_drop_state(struct refresh *refresh);
