/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/mounts.h"

/* The mounts of other mount namespaces to and from which mounts propagate, of the same peer group
 * (mount_namespaces(7)). */

/* Sets ret[i] to the number of other mount namespaces that have a mount of the peer group of
 * own->entries[i]. Linear in all mounts. */
void mount_peers_count(const struct mounts *mounts, const struct mount_table *own, size_t *ret);
