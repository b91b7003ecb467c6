/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The PIDs of a process in the PID namespaces that it is in, from that of /proc inwards: NSpid of
 * proc_pid_status(5). They never change. Reading status costs as much as a quarter of all else, so
 * they are, in this order, those that the model before had, what the kernel translates
 * (kernel->pid_in_ns), and those in the file. */

#include "scan/scan_state.h"

/* Sets record->nspid while the directory of the process, `process`, and its ns directory are open.
 * The process must be known to exist after this, by its stat. must_be_quick: not from the file.
 * Without PART_STATUS only the PID that /proc shows is known; a process of the PID namespace of
 * /proc has no other. Returns 0 or the error of reading the file. */
_must_check_ int nspid_read(struct scan_thread *thread, struct process_record *record, int process,
        int ns_dir, bool must_be_quick);

/* Reads them again if they are those of an earlier process with that PID: to be called when the
 * start of the process is known. Returns 0 or the error of reading the file. */
_must_check_ int nspid_check(
        struct scan_thread *thread, struct process_record *record, int process);

/* Its only PID is the one that /proc lists: nothing else is known. */
void nspid_set_plain(struct scan_thread *thread, struct process_record *record);

/* Keeps the handle of a PID namespace, which it takes, for processes in it. */
void nspid_keep(struct scan_thread *thread, uint64_t inode, uint64_t parent, int handle);

/* Closes the PID namespaces that the thread keeps open. */
void nspid_release(struct scan_thread *thread);
