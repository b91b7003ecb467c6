/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"
#include "cmd/options.h"
#include "model/model.h"
#include "scan/scan.h"

/* Where a picture comes from: a snapshot, or this host. */

/* Opens a snapshot by name: `-` is standard input; a regular file; a pipe only where it is a
 * descriptor of ours (/dev/fd/63, as shells write it). Says what is wrong. Returns a descriptor,
 * or a negative errno. */
_must_check_ int source_open(const char *path);

/* Reads it, saying what is wrong. Returns 0 or a negative errno. */
_must_check_ int source_load(const char *path, int fd, const struct model **ret);

/* The options of a scan of this host, as the command line wants it. */
void source_scan_options(const struct options *options, pid_t helper, struct scan_options *ret);

/* Scans this host once, saying what is wrong. Returns 0 or a negative errno. */
_must_check_ int source_scan(struct kernel *kernel, const struct options *options, pid_t helper,
        const struct model **ret);

/* One line for each way in which the view is partial. */
void source_warn_partial(const struct model *model);
