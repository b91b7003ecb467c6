/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The contents of /proc on the host of a model. */

#include "kernel/kernel.h"
#include "model/model.h"

/* The state of a process that ends and is no zombie yet: of no other process of a model. */
enum { FAKE_ENDING = 'P' };

void fake_proc_host(const struct model *model, struct kernel_host *ret);

/* The text of a file of a process: its length, or -ENOENT for a file that is not known. */
ssize_t fake_proc_read(const struct model *model, const struct process *process, const char *file,
        char *buffer, size_t size);

/* All TIDs of a process, ascending, malloc'ed: its PID, and those of its holders. */
size_t fake_proc_tids(const struct model *model, const struct process *process, pid_t **ret_tids);

/* True if the first thread of a process has ended, and others have not. */
bool fake_proc_is_leaderless(const struct model *model, const struct process *process);

/* Where a link below its ns directory (tid 0), or that of a thread, leads: 0, or -ENOENT (none), or
 * the error in a note of the model. */
int fake_proc_follow(const struct model *model, const struct process *process, pid_t tid,
        const char *link, const struct ns **ret_ns);

/* As kernel_ops->pid_in_ns. */
pid_t fake_proc_pid_in_ns(
        const struct model *model, const struct process *process, const struct ns *ns);

/* The holder of that kind with these numbers (0: any; fd -1: any), and its namespace of that type
 * (NS_TYPES: any); NULL: there is none. */
const struct holder *fake_proc_holder(const struct model *model, const struct holder *wanted,
        enum nstype type, const struct ns **ret_ns);

/* The text of mountinfo in the mount namespace of that number: its root, and the mounts that the
 * model's holders have. malloc'ed. */
char *fake_proc_mountinfo(const struct model *model, uint64_t mnt, size_t *ret_len);
