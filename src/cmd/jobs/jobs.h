/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"
#include "cmd/jobs/job_config.h"
#include "cmd/jobs/job_draw.h"
#include "cmd/rights.h"
#include "privsep/helper.h"
#include "ui/pages/settings.h"
#include "view/names.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the helper does for us (privsep/helper.h), and how it is asked: each job has a function that
 * starts it, and one that reads its answer. */

/* All jobs, with those of kernel/privileged/. Returns their number. */
enum { JOB_LIST_MAX = 20 };
size_t job_list(const struct helper_job *ret[static JOB_LIST_MAX]);

/* --- write a file as the caller ------------------------------------------------------------ */

enum { SAVED_WORDS = 160 };

/* What became of it. */
struct saved {
	bool is_done;
	bool is_existing;        /* refused because a file is there: */
	uint64_t size;           /* bytes */
	int64_t age;             /* seconds since it was written */
	char path[4096];         /* as written, `~` expanded, raw */
	char error[SAVED_WORDS]; /* our own words when it is not done */
};

/* Asks to write what the memfd `content` holds to `path` (relative to where we were started; a
 * leading `~/` is the home of the one whose rights write). Returns as helper_start_job. */
_must_check_ int job_write_file(struct helper *helper, const char *path, int content, bool replace,
        struct helper_pending *ret);

/* Reads the answer, after the exit notice of the job. Always fills *ret. */
void job_written(int answer, enum helper_end end, struct saved *ret);

/* Both, waiting: for programs without a loop. */
void job_write_file_now(
        struct helper *helper, const char *path, int content, bool replace, struct saved *ret);

/* --- draw by dot ---------------------------------------------------------------------------- */

/* Asks to lay out the graph that the memfd `content` holds in DOT; the answer is read by job_drawn
 * (cmd/jobs/job_draw.h), and closing it ends the job. Returns as helper_start_job. */
_must_check_ int job_draw(struct helper *helper, int content, struct helper_pending *ret);

/* Both, waiting. Returns the SVG, a descriptor, or a negative errno and in *ret our own words. */
_must_check_ int job_draw_now(struct helper *helper, int content, struct drawn *ret);

/* --- complete a file name ------------------------------------------------------------------ */

/* Asks what the file names that begin with `prefix` have in common; the answer is read by
 * job_completed (cmd/jobs/job_complete.h). Returns as helper_start_job. */
_must_check_ int job_complete(
        struct helper *helper, const char *prefix, struct helper_pending *ret);

/* --- look up names of users ---------------------------------------------------------------- */

enum { NAMES_AT_ONCE = 64 };

/* Asks for the names of at most NAMES_AT_ONCE users. Returns as helper_start_job. */
_must_check_ int job_names(
        struct helper *helper, const uid_t *uids, size_t n, struct helper_pending *ret);

/* Reads the answer: tells each user and his name (NULL: he has none). */
void job_named(int answer, void (*tell)(void *data, uid_t uid, const char *name), void *data);

/* Looks up all of them, waiting; what cannot be found out stays a number. */
void job_names_now(struct helper *helper, const uid_t *uids, size_t n, struct names *names);

/* --- the config file ----------------------------------------------------------------------- */

/* Reads the caller's, waiting. Always fills *ret. */
void job_read_config_now(struct helper *helper, struct config_file *ret);

/* Asks to write these settings into it; the answer is read by job_written. Returns as
 * helper_start_job. */
_must_check_ int job_write_config(
        struct helper *helper, const struct settings *settings, struct helper_pending *ret);
