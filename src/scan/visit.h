/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What is read of a process beyond what the first picture needs: its threads and descriptors, while
 * its directory is open anyway. */

#include "scan/scan_threads.h"

struct visit {
	struct scan_thread *thread;
	struct process_record *record;
	int process; /* handle */
	pid_t *tids; /* of all its threads, ascending; none where there is only one */
	size_t n_tids;
	bool is_leaderless; /* the first thread has ended, others live */
};

/* Reads what options->sources want of the process, into the reader's holders. */
void visit_process(struct scan_thread *thread, struct process_record *record, int process);

/* True, and remembered, if an error means that something was refused, not that it has gone. `at` is
 * the handle of the thread or process it came from: EACCES is what links of one that has gone give,
 * too. */
bool visit_is_refused(struct visit *visit, int at, const char *what, long error);
