/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"
#include "privsep/helper.h"

#include <stdbool.h>
#include <stdint.h>

/* The job that writes a file as the caller. */

/* Its reply. */
struct saved {
	bool is_done;
	bool is_existing; /* not written since a file exists: */
	uint64_t size;    /* its size in bytes */
	int64_t age;      /* seconds since it was written */
	char path[4096];  /* as written, `~` expanded, raw */
	char error[160];  /* printable text if it is not done */
};

extern const struct helper_job save_job;

/* Starts to write the content of the memfd `content` to `path` (relative to the working directory;
 * a leading `~/` is the home directory of the caller). Returns as helper_start_job;
 * -ENAMETOOLONG. */
_must_check_ int save_start(struct helper *helper, const char *path, int content, bool replace,
        struct helper_pending *ret);

/* Reads the reply after the exit notice, and closes pending->replies. Always fills *ret. */
void save_finish(
        const struct helper_exit *notice, struct helper_pending *pending, struct saved *ret);

/* Writes the file and waits. Always fills *ret. */
void save_now(
        struct helper *helper, const char *path, int content, bool replace, struct saved *ret);
