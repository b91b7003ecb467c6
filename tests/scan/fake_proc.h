/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What /proc would say of the host in a model. */

#include "kernel/kernel.h"
#include "model/model.h"

void fake_proc_host(const struct model *model, struct kernel_host *ret);

/* The text of a file of a process: its length, or -ENOENT for a file that is not known. */
ssize_t fake_proc_read(const struct process *process, const char *file, char *buffer, size_t size);

/* Where a link below its ns directory leads: 0, or -ENOENT (none), or the error that a note of the
 * model tells of. */
int fake_proc_follow(const struct model *model, const struct process *process, const char *link,
        const struct ns **ret_ns);
