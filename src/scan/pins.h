/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* PID namespaces that have no process, and no number that can be read: a mount of procfs keeps the
 * PID namespace that it shows (pid_namespaces(7)). Each mountinfo that is read gives its mounts of
 * procfs (source_mount_add_holders), which have the same device if they are of one procfs. A job of
 * the helper looks whether that shows a process. Those of which that is not known are pins, too, if
 * no process can be what they show. Two procfs of one PID namespace cannot be told apart from those
 * of two. */

#include "model/builder.h"
#include "scan/scan_state.h"

/* Adds the mounts of procfs in the text of a mountinfo, but for /proc of this program, to the list
 * of the thread; `root` and `seen_by` are those of source_mount_add_holders. Most lines are not
 * parsed.
 */
void pins_note(struct scan_thread *thread, const char *text, size_t len, const char *root,
        const struct holder_record *seen_by);

/* Carries over from another state the mounts in mount namespaces without a process. */
void pins_carry_listed(struct scan *scan, const struct scan *from);

/* Carries over a mount that `process` sees, or that thread of it. */
void pins_carry(struct scan *scan, const struct procfs_mount *mount, struct process_record *process,
        pid_t tid);

/* Looks at each procfs, unless scan->kept knows that a PID namespace which has processes still is
 * behind it. Fills in scan->pins. Returns 0 or -ECANCELED. */
_must_check_ int pins_read(struct scan *scan);

/* Adds scan->pins to a model. */
void pins_merge(const struct scan *scan, struct builder *builder);
