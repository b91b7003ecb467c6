/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "scan/scan_state.h"

/* Making the next state of a model that is kept up to date: a copy of the one before, in memory of
 * its own, in which some processes are replaced. */

/* Fills `next`, which is empty and has next->kept = kept, with what `kept` has, but for the
 * processes of `part`, of which it gets those that are not gone. Mount namespaces that have to be
 * read again are left out, and so is what source_mntns_begin carries over. Copies are marked
 * is_kept. */
void refresh_copy_changed(struct scan *next, const struct scan *kept, struct scan *part);

/* Fills `next` with the processes of `from` and what they have by themselves. Nothing is marked
 * is_kept: mounts, paths of descriptors and identities are read again, and what control groups
 * say. */
void refresh_copy_processes(struct scan *next, const struct scan *from);
