/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/builder.h"
#include "scan/scan_state.h"

/* Reads owner, parent and owner's UID (ioctl_nsfs(2)) of each namespace that was not carried over,
 * once each, and of the owners and parents that turn up: this finds namespaces without a process.
 * Counts in scan->n_lost those that ended before. Returns 0 or -ECANCELED. */
_must_check_ int relations_read(struct scan *scan, struct builder *builder);
