/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/builder.h"
#include "scan/scan_state.h"

/* Reads what tells a namespace from others, its id or, without ids, the time of its inode, and
 * carries over from the model before what it says of the same namespaces (identity.h). Each of the
 * others is opened, once: owner, parent and owner's UID are read (ioctl_nsfs(2)), and those of the
 * owners and parents that turn up: this finds namespaces without a process. Counts in scan->n_lost
 * those that ended before. scan->is_plain: no relations. Returns 0 or -ECANCELED. */
_must_check_ int namespaces_read(struct scan *scan, struct builder *builder);
