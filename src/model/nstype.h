/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The types of namespaces, in the order of their names, which is the order of every list. */
enum nstype {
	NS_CGROUP,
	NS_IPC,
	NS_MNT,
	NS_NET,
	NS_PID,
	NS_TIME,
	NS_USER,
	NS_UTS,
	NS_TYPES, /* how many */
};

/* "cgroup" and so on: as in /proc/PID/ns and in `TYPE:[INODE]`; static. */
const char *nstype_name(enum nstype type);

/* Its CLONE_NEW* constant (namespaces(7)). */
int nstype_clone(enum nstype type);

/* True and the type, if `name` (`len` bytes) is the name of one. */
bool nstype_from_name(const char *name, size_t len, enum nstype *ret);

/* True and the type, for a CLONE_NEW* constant. */
bool nstype_from_clone(int clone_flag, enum nstype *ret);

/* True for user and PID namespaces: each has a parent, except the initial one. */
bool nstype_is_hierarchical(enum nstype type);

/* True for the inode number that only the initial namespace of the type has (nsrel_is_initial). */
bool nstype_is_initial(enum nstype type, uint64_t inode);

/* How many namespaces of a type each user may have in a user namespace (namespaces(7)). */
struct ns_limit {
	bool is_known;
	int error; /* errno, positive: why it could not be read; 0: none, or not in the snapshot */
	uint64_t max;
};
