/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/builder.h"
#include "scan/scan_state.h"

/* Reads the identity of each namespace: its id or, without ids, the time of its inode; and carries
 * over from the previous model the facts of the same namespaces (identity.h). Each of the others is
 * opened once, to read its owner, parent and owner's UID (ioctl_nsfs(2)), and so are the owners and
 * parents that these lead to: some of them have no process. Counts in scan->n_lost the namespaces
 * that ended before they could be opened. scan->is_plain: reads no relations. Returns 0 or
 * -ECANCELED. */
_must_check_ int namespaces_read(struct scan *scan, struct builder *builder);

/* The same for the quick model: only what visits have read and what is carried over. Relations are
 * REL_UNREAD, but those of the initial namespaces. Returns 0 or -ECANCELED. */
_must_check_ int namespaces_read_known(struct scan *scan, struct builder *builder);
