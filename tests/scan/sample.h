/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/model.h"

/* A small host with all that a scan of processes can find: nested user namespaces of which some
 * have no process, a container with PIDs of its own, a PID namespace that only future children will
 * be in, kernel threads, a zombie, a refused process, hostile names. */

enum {
	SAMPLE_PROCESSES = 14,
	SAMPLE_REFUSED = 77, /* the PID whose namespaces are refused */
	SAMPLE_ZOMBIE = 90,
	SAMPLE_UNSHARED = 60, /* its children are created in another PID namespace */
	SAMPLE_INNER = 42,    /* alone in the innermost user namespace; its next child is init */
};

#define SAMPLE_USER      UINT64_C(4026531837) /* the initial one */
#define SAMPLE_MIDDLE    UINT64_C(4026532101) /* no process is in it */
#define SAMPLE_INNERMOST UINT64_C(4026532103)

/* With ids as from Linux 6.18, or without. One reference, the caller's. */
const struct model *sample_new(bool has_ids);

/* The first difference between two models of the same host and time, as a new string; NULL: none.
 * Tags and the fields that only a snapshot has are left out. */
char *sample_difference(const struct model *expected, const struct model *got);
