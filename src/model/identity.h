/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Which namespace of this scan is which of the one before: inode numbers come back after one or
 * two creations, so they alone do not tell.
 *
 * A namespace's tag is the kernel's id where there is one (Linux 6.18: never used again). Below
 * that it is carried over from the model before when (type, dev, inode) match and
 *
 * - a member, thread or for_children holder with the same (PID, start time) is in both: for user
 * and PID namespaces that proves it, since a process cannot leave those;
 * - or a descriptor or mount keeps it and its inode in nsfs was made at the same time (ns.made):
 * what keeps a namespace so keeps that inode, and one with the same number is made later. Where
 * that is not known, the same descriptor of the same process must be in both;
 * - or it is mounted at the same path in both, and nobody was let through to ask it anything: that
 *   it is the same is then a guess, but one that leaves a picture without rights in peace.
 *
 * What such a namespace has as parent and owner is carried with it, since those never change.
 * Anything else is new. */

#include "model/builder.h"

/* Tags that we give out ourselves have this bit; ids of the kernel are far below it. */
#define IDENTITY_OWN (UINT64_C(1) << 63)

/* Gives every namespace in `builder` that is also in `previous` the tag it had, and with it what
 * was known of it and never changes: id, parent, owner, owner's UID (their namespaces are added
 * to the builder as needed), and maps that were written. `previous` may be NULL. */
void identity_carry(struct builder *builder, const struct model *previous);

/* True if identity_carry found it, so that its relations need not be asked again. */
bool identity_is_carried(const struct ns *ns);
