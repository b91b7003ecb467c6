/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"
#include "kernel/kernel.h"
#include "model/model.h"

/* Opening again what a model of this host has, long after it was read. Nothing is returned but what
 * is proven to be the same process or namespace: by the start time, or by inode and, where the
 * kernel has it, id. */

/* Opens a process, as kernel->process_open. Returns a handle, or a negative errno; -ESRCH: it has
 * ended. */
_must_check_ int ns_open_process(struct kernel *kernel, const struct process *process);

/* Checks that a process, open as `handle`, still is in the namespace, by its link. Returns 0 or a
 * negative errno; -ESRCH: it has ended or is in another one. */
_must_check_ int ns_open_check(
        struct kernel *kernel, int handle, const struct process *process, const struct ns *ns);

/* Opens a process of the namespace that still is in there: ns->processes[*at] or the first one
 * behind it; then it is number *at - 1. Only some of very many are tried. Returns a handle, or the
 * negative errno of the last that was tried; -ESRCH: there is none.
 */
_must_check_ int ns_open_member(struct kernel *kernel, const struct ns *ns, size_t *at);

/* Opens a namespace by one of its processes, by its id (a job of the helper), or by what else holds
 * it. Returns a handle, which the caller closes, or a negative errno; -ESRCH: nothing is left by
 * which it can be reached. */
_must_check_ int ns_open(struct kernel *kernel, const struct model *model, const struct ns *ns);
