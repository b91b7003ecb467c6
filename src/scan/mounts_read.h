/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"
#include "kernel/kernel.h"
#include "model/model.h"
#include "model/mounts.h"

#include <stdatomic.h>

/* Reads the mounts of all mount namespaces of a model of this host: each by a process in it whose
 * root directory is that of the namespace and which shows no fewer mounts than the kernel counts;
 * else by jobs of the helper; else by a process with another root directory, and then there is a
 * part of them only. A mount namespace that cannot be read has a table with the errno. Mount points
 * are paths from the root of the mount namespace. No mount point is accessed. Returns 0 and the
 * mounts (one reference, the caller's), or -ECANCELED if `is_cancelled` (may be NULL) became true.
 * Several threads may call it at once. */
_must_check_ int mounts_read(struct kernel *kernel, const struct model *model,
        const atomic_bool *is_cancelled, const struct mounts **ret);

/* The text of the mountinfo of a process (kernel->process_open), at most KERNEL_MOUNTINFO_MAX
 * bytes, in *text, which has room for *capacity bytes and grows; NULL and 0 at first; the caller
 * frees. Returns 0 or a negative errno; *ret_is_cut: there is more. */
_must_check_ int mounts_read_text(struct kernel *kernel, int process, char **text, size_t *capacity,
        size_t *ret_len, bool *ret_is_cut);
