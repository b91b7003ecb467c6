/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* /proc/PID/cmdline (proc_pid_cmdline(5)): the process's own memory, so anything at all. */

#include "base/arena.h"
#include "base/attributes.h"
#include "kernel/kernel.h"

#include <stddef.h>

/* How much of a command line is kept. */
#define PROC_CMDLINE_MAX (KERNEL_CMDLINE_MAX - 1)

/* What a process is called: the last path component of argv[0] without a login shell's leading
 * `-`; where that is empty (kernel threads, zombies) the kernel's name in brackets. Raw, a new
 * string in `arena`, never NULL. */
char *proc_cmdline_name(struct arena *arena, const char *text, size_t len, const char *comm)
        __attribute__((returns_nonnull));

/* The arguments, in `arena`, ending with NULL; none for an empty text. Beyond PROC_CMDLINE_MAX
 * bytes it is cut, and the last argument then ends in an ellipsis (U+2026). */
const char *const *proc_cmdline_split(struct arena *arena, const char *text, size_t len)
        __attribute__((returns_nonnull));
