/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Which namespace of a scan is which namespace of the model before. An inode number is not enough:
 * it is used again after one or two creations.
 *
 * Each namespace has a tag. From Linux 6.18 it is the kernel's id, which is never used again.
 * Before that, a namespace has the tag of the one in the previous model with the same type, device
 * and inode if
 *
 * - a process with the same PID and start time is a member of both, or has a thread or its children
 *   in both (a process cannot leave its user or PID namespace: for these types that is proof);
 * - or a descriptor or an nsfs mount keeps it, and its inode in nsfs has the same time of creation
 *   (ns.made): the holder keeps the inode too, so a later namespace with the same number has a
 *   later time. If the time is not known, the same descriptor of the same process must be in both;
 * - or a mount at the same path keeps it in both, and its relations could not be read. That is a
 *   heuristic; without it every scan without privileges would show new namespaces.
 *
 * Its parent and owner never change and are carried over with the tag. Any other namespace is
 * new. */

#include "model/builder.h"

/* Gives each namespace in `builder` that is also in `previous` its tag, and the facts that were
 * known and never change: id, parent, owner, the owner's UID (the namespaces they lead to are added
 * to the builder), and uid_map and gid_map if they were written. `previous` may be NULL. */
void identity_carry(struct builder *builder, const struct model *previous);

/* True if identity_carry has set all relations, so that they need not be read again. */
bool identity_is_carried(const struct ns *ns);

/* True if its relations were not read yet (REL_UNREAD), so that there is nothing to carry over. */
bool identity_is_unread(const struct ns *ns);
