/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NSREL_H
#define NSREL_H

/* libnsrel: the relations of Linux namespaces, read from the kernel by ioctl_nsfs(2).
 *
 * Every function is thread-safe, allocates nothing, prints nothing and keeps no state. Functions
 * that can fail return a negative errno (the variable errno is undefined after them); results are
 * written only on success. Returned descriptors are close-on-exec; the caller closes them. A
 * descriptor that is closed or was opened with O_PATH gives -EBADF. See nsrel(3). */

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Identifies a namespace: device and inode number while it exists; from Linux 6.18 also a 64-bit id
 * that is never used again. In C++ it needs the word struct, since a function has the same name. */
struct nsrel_key {
	uint64_t dev;
	uint64_t ino;
	uint64_t id; /* 0: the kernel has no ids */
};

/* Opens the namespace at `path` (relative to `dirfd` as in openat(2)): a bind mount or a link in
 * /proc/PID/ns. Returns a descriptor; -ENOTTY if it is not a namespace; -ENOSYS if there is no
 * /proc with the caller's own entry; else openat's error. Only a namespace is opened for reading,
 * and no call is made that may block on another type of file (a FIFO, a dead file server), beside
 * the lookup of `path`. Before Linux 4.11 a bind mount cannot be recognized: -ENOTTY. */
int nsrel_open(int dirfd, const char *path);

/* CLONE_NEWUSER, CLONE_NEWPID, ... (positive). -ENOTTY: no namespace, or Linux before 4.11. */
int nsrel_type(int fd);

/* A descriptor of the user namespace that owns it (for a user namespace: its parent).
 * -EPERM: there is none (the initial one), or it is outside the caller's view; -ENOTTY: no
 * namespace, or Linux before 4.9. */
int nsrel_owner(int fd);

/* A descriptor of the parent of a user or PID namespace. -EPERM as above; -EINVAL: a type without
 * hierarchy; -ENOTTY: no namespace, or Linux before 4.9. */
int nsrel_parent(int fd);

/* The owner's user ID in the caller's user namespace (the overflow UID, usually 65534, if it is not
 * mapped). Returns 0; -EINVAL: not a user namespace; -ENOTTY: no namespace, or Linux
 * before 4.11. */
int nsrel_owner_uid(int fd, uid_t *ret_uid);

/* Device and inode, and the id if the kernel has ids. Returns 0; -ENOTTY: no namespace. */
int nsrel_key(int fd, struct nsrel_key *ret_key);

/* "user" for CLONE_NEWUSER and so on, static; NULL for a number that is no type. */
const char *nsrel_type_name(int type);

/* CLONE_NEWUSER for "user" and so on; -EINVAL for another string and for NULL. */
int nsrel_type_from_name(const char *name);

/* True for the initial namespaces, which have fixed inode numbers: user, pid, uts, ipc, cgroup,
 * time; from Linux 6.17 also net and mnt. No other namespace has such a number, on older kernels
 * either. */
bool nsrel_is_initial(const struct nsrel_key *key, int type);

#ifdef __cplusplus
}
#endif

#endif
