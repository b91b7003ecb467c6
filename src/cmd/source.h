/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"
#include "cmd/jobs/jobs.h"
#include "cmd/options.h"
#include "model/model.h"
#include "scan/scan.h"
#include "snapshot/snapshot.h"
#include "view/names.h"

/* Where the model comes from: a snapshot, or this host. */

/* Opens a snapshot with the rights of the caller (caller_run): `-` is standard input; else a
 * regular file, or a pipe that is a descriptor of this process (/dev/fd/63, as shells write it).
 * Returns a descriptor, or a negative errno after a message. */
_must_check_ int source_open(const struct caller *caller, const char *path);

/* The path of the demo host: below the directory of the program if that is a build tree, else the
 * installed one. Never relative, and independent of the environment. The caller frees. */
char *source_demo_path(void) __attribute__((returns_nonnull));

/* Says on standard error why snapshot_read returned `error`; `problem` is set by -EBADMSG. */
void source_warn_unread(const char *path, int error, const struct snapshot_problem *problem);

/* Reads the snapshot. Returns 0, or a negative errno after a message. */
_must_check_ int source_load(const char *path, int fd, const struct model **ret);

/* The options of a scan of this host, from the command line. */
void source_scan_options(const struct options *options, pid_t helper, struct scan_options *ret);

/* Scans this host once. Returns 0, or a negative errno after a message. */
_must_check_ int source_scan(struct kernel *kernel, const struct options *options, pid_t helper,
        const struct model **ret);

/* Writes a line to standard error for each reason why the view is partial
 * (partial_reasons_of_file).
 */
void source_warn_partial(const struct model *model, const struct names *names);

/* Writes a line to standard error if sockets were not searched. */
void source_warn_unsearched(const struct model *model);
