/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"
#include "model/model.h"

#include <stdio.h>

/* Snapshots: nsbrowse-snapshot(5), version 1. What is loaded and written again is byte for byte
 * what was. */

#define SNAPSHOT_FORMAT  "nsbrowse-snapshot"
#define SNAPSHOT_VERSION 1

/* Writes a model; streaming, no tree in memory. `name_of` gives the raw name of an owner, or NULL
 * (snapshot/ stands beside view/: the table of names comes in as a function); it is asked only
 * where the model has no name of its own. `names` may be NULL. Errors stay in `out` (ferror). */
struct snapshot_names {
	const char *(*name_of)(const void *data, uid_t uid);
	const void *data;
};
void snapshot_write(FILE *out, const struct model *model, const struct snapshot_names *names);

/* Why a snapshot was not taken. */
struct snapshot_problem {
	size_t offset;  /* bytes from the start, where it was noticed */
	char what[160]; /* printable words: "line 3: user:[4026531837] is a duplicate" */
};

/* Reads one snapshot from a descriptor of a regular file or a pipe (R19: anything else is the
 * caller's to refuse), within time and memory that are in proportion to its size.
 * Returns 0 and a model (one reference), a negative errno of reading, -EFBIG (more than 1 GiB), or
 * -EBADMSG and the problem. */
_must_check_ int snapshot_read(
        int fd, const struct model **ret_model, struct snapshot_problem *ret_problem);

/* The same from memory: 0, or -EBADMSG and the problem. */
_must_check_ int snapshot_parse(const char *text, size_t len, const struct model **ret_model,
        struct snapshot_problem *ret_problem);
