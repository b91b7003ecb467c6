/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"
#include "base/progress.h"
#include "model/model.h"

#include <stdio.h>

/* Snapshots: nsbrowse-snapshot(5), version 1. A snapshot that is read and written again is the same
 * byte for byte. */

#define SNAPSHOT_FORMAT  "nsbrowse-snapshot"
#define SNAPSHOT_VERSION 1

/* The raw names of users, NULL for one that has none. (view/ has the table of names, which this
 * room may not include.) */
struct snapshot_names {
	const char *(*name_of)(const void *data, uid_t uid);
	const void *data;
	bool is_partial; /* not all are known: a reason why the view is partial */
};

/* Writes a model as it goes, without a tree in memory. `names` (may be NULL) is used for owners
 * whose name is not in the model. Command lines may have secrets: they are written only if
 * `with_cmdlines`. Errors stay in `out` (ferror(3)). */
void snapshot_write(FILE *out, const struct model *model, const struct snapshot_names *names,
        bool with_cmdlines);

/* The same with these mounts (NULL: none) in place of those of the model: they may have been read
 * of an earlier one. Those of mount namespaces that this one does not have are left out. */
void snapshot_write_with_mounts(FILE *out, const struct model *model, const struct mounts *mounts,
        const struct snapshot_names *names, bool with_cmdlines);

/* Why a snapshot was refused. */
struct snapshot_problem {
	size_t offset;  /* bytes from the start of the file */
	char what[160]; /* printable ASCII: "line 3: user:[4026531837] is a duplicate" */
};

/* Reads one snapshot from a descriptor of a regular file or a pipe, in time proportional to its
 * size, and in memory of at most twice its size and 64 MiB. Other types of files may block: the
 * caller refuses them.
 * `progress` (may be NULL) counts the bytes that were read, and then those that were parsed; its
 * total is twice the size, and 0 while a pipe is read. Only a wait for the file is cancelled at
 * once.
 * Returns 0 and a model (one reference); a negative errno of read(2); -EFBIG for more than 1 GiB;
 * -EBADMSG and the problem; -ECANCELED. */
_must_check_ int snapshot_read(int fd, struct progress *progress, const struct model **ret_model,
        struct snapshot_problem *ret_problem);

/* The same from memory: 0, -EBADMSG and the problem, or -ECANCELED. */
_must_check_ int snapshot_parse(const char *text, size_t len, struct progress *progress,
        const struct model **ret_model, struct snapshot_problem *ret_problem);
