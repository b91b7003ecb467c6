/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/builder.h"
#include "model/model.h"
#include "scan/reopen.h"
#include "scan/scan_state.h"

/* What is read of processes once their namespaces are known. */

/* Reads what only the processes of a namespace show: uid_map, gid_map and setgroups
 * (user_namespaces(7)) of each user namespace whose maps were neither carried over nor read by a
 * visit, by its first process that has not ended. Returns 0 or -ECANCELED. */
_must_check_ int facts_read_namespaces(struct scan *scan, struct builder *builder);

/* The same by a visit (visit.h): those of the user namespace of the open process into `visit`,
 * which has its key, unless those of the last model will be carried over. */
void facts_visit(struct scan_thread *thread, struct reopen *reopen, struct ns_visit *visit);

/* Reads the command lines that were not read yet and names the processes by them; is_quick: names
 * only those that have none, kernel threads and zombies. A read of one may never return; the helper
 * then gives it up. At most FACTS_GIVEN_UP_MAX reads are given up in a scan, and none begins after
 * those took FACTS_DEADLINE_MS; the processes that are left keep the name of the kernel, and a note
 * limits the view. A process whose read was given up is not tried again until it ends. With
 * scan->with_cmdlines the command lines are kept, or why there is none: ETIMEDOUT if the read was
 * given up, ECANCELED if none was begun since others did not return. Returns 0 or -ECANCELED. */
_must_check_ int facts_read_names(struct scan *scan, bool is_quick);

/* Notes, for the next model, the processes whose command line was given up earlier
 * (record->is_waiting). */
void facts_note_waiting(struct scan *scan);

/* How many bytes of a command line are kept: less if there are many processes. A power of two, so
 * that the place of the cut does not change with each process. */
size_t facts_cmdline_max(const struct scan *scan);

enum { FACTS_GIVEN_UP_MAX = 4, FACTS_DEADLINE_MS = 200 };

/* Reads IDs, capabilities and the like of one process, which is (pid, started), from its status
 * (proc_pid_status(5)). Always fills *ret; its `error` is ESRCH if the process has ended. */
void facts_read_process(
        struct kernel *kernel, pid_t pid, uint64_t started, struct process_facts *ret);
