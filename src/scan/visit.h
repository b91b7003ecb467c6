/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Visits of namespaces: while the directory of a process is open, the reader threads read what is
 * wanted of the namespaces that it is the first to be seen in: keys and relations, the maps of a
 * user namespace, the mounts of a mount namespace. That saves opening the process again for each.
 * What a visit could not read is left to the readers that come after the processes (namespaces.h,
 * facts.h, source_mount_read): these try all members of a namespace, and note what failed. */

#include "scan/scan_state.h"

/* Claims the namespaces of a process whose links were read, for visits by it: record->claimed;
 * none without scan->with_visits. */
void visit_claim(struct scan_thread *thread, struct process_record *record);

/* Reads the keys of the namespaces that are claimed, if links have keys. */
void visit_keys(struct scan_thread *thread, const struct process_record *record, int ns_dir);

/* Visits the namespaces that are claimed: `process` and `ns_dir` are handles of the process, which
 * is the one that was read. */
void visit_read(struct scan_thread *thread, struct process_record *record, int process, int ns_dir);
