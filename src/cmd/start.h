/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"
#include "cmd/jobs/jobs.h"
#include "cmd/options.h"
#include "privsep/helper.h"

#include <stdbool.h>

/* The start of a run: opens what the user has named, forks the helpers, and gives up the rights of
 * this process. What each process may do after it:
 *
 *     run                     this process                helper
 *     scan, ordinary user     that user                   the jobs of the run, with the
 *     scan, sudo              the caller, and to scan     capabilities that they need
 *     scan, root              root, and to scan
 *     snapshot, user or sudo  the caller                  the caller
 *     snapshot, root          nobody                      root without capabilities, which only
 *                                                         writes: the file of -o, or new files in
 *                                                         the working directory; and another one
 *                                                         as nobody
 *
 * "To scan" is CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH; the others have no capabilities. A snapshot
 * is parsed as a user who can do no more than view it: root without capabilities still owns the
 * files of root. If there is no user nobody (user_namespaces(7)), root is handled like a user. */

struct start {
	int snapshot;          /* open descriptor, or negative */
	struct helper *helper; /* NULL until it is started */
	struct helper
	        *writer; /* writes files; the same as `helper`, unless root views a snapshot */
	struct jobs_fixed fixed; /* for save_output */
	/* All namespaces, if the run scans (ns_list_now). */
	int namespaces_error;
	struct kernel_ns_id *namespaces;
	size_t n_namespaces;
	bool is_nobody; /* this process is nobody, and `writer` root */
	/* Of the config file, if it was read before: then the settings are in the options. */
	bool has_config;
	char *greeting; /* its first error, for the screen; NULL: none */
};

/* Call before any thread exists. With --no-sandbox this process keeps its rights, and there is one
 * helper with all. Changes the settings of `options` as the config file says if it is read here.
 * Always fills *ret. Returns 0, or a negative errno after a message. */
_must_check_ int start_run(struct options *options, struct start *ret);

void start_release(struct start *start);
