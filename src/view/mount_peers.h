/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/mounts.h"

/* The mounts of other mount namespaces to and from which mounts propagate (mount_namespaces(7)). */

enum mount_peer_kind {
	MOUNT_PEER,        /* in the same peer group: both ways */
	MOUNT_PEER_MASTER, /* in the group of which the mount is a slave: it receives */
	MOUNT_PEER_SLAVE,  /* a slave of the group of the mount */
	MOUNT_PEER_KINDS,
};

/* One of them. */
struct mount_peer {
	enum mount_peer_kind kind;
	const struct mount_table *table; /* of its mount namespace */
	const struct mount_entry *entry;
};

/* "peer", "master", "slave". */
const char *mount_peer_name(enum mount_peer_kind kind);

/* Fills in the peers of a mount of table `own`, by kind, then by mount namespace; none of them is
 * in `own`. Returns their number; the caller frees *ret, which is NULL for none. Linear in all
 * mounts.
 */
size_t mount_peers_list(const struct mounts *mounts, const struct mount_table *own,
        const struct mount_entry *entry, struct mount_peer **ret);

/* Sets ret[i] to the number of other mount namespaces that have a mount of the peer group of
 * own->entries[i]. Linear in all mounts. */
void mount_peers_count(const struct mounts *mounts, const struct mount_table *own, size_t *ret);
