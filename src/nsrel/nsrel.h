/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NSREL_H
#define NSREL_H

/* libnsrel: how Linux namespaces relate, asked of the kernel (ioctl_ns(2)).
 *
 * Every function is thread-safe, allocates nothing, prints nothing and keeps no state. Functions
 * that can fail return a negative errno (errno itself is left undefined); results are written
 * only on success. Descriptors are close-on-exec and the caller's to close. A descriptor that is
 * closed or was opened with O_PATH gives -EBADF. See nsrel(3). */

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What tells namespaces apart: device and inode number while they live; from Linux 6.18 also a
 * 64-bit id that is never used again. In C++ it needs the word struct: a function has its name. */
struct nsrel_key {
	uint64_t dev;
	uint64_t ino;
	uint64_t id; /* 0: this kernel does not tell */
};

/* Opens the namespace at `path` (relative to `dirfd`, as openat(2) has it; a bind mount or a
 * link of /proc/PID/ns). Returns a descriptor; -ENOTTY if that is no namespace; -ENOSYS if there
 * is no /proc of the caller's to open it by; else openat's error. Nothing but a namespace is ever
 * opened for reading, and nothing is asked of what may never answer (a FIFO, a dead file
 * server); finding `path` is openat's business. Before Linux 4.11 a bind mount cannot be told
 * that way, and gives -ENOTTY too. */
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

/* The owner's user ID as the caller's user namespace maps it (the overflow UID, usually 65534,
 * when it does not). Returns 0; -EINVAL: not a user namespace; -ENOTTY: no namespace, or Linux
 * before 4.11. */
int nsrel_owner_uid(int fd, uid_t *ret_uid);

/* Device and inode, and the id where the kernel has one. Returns 0; -ENOTTY: no namespace. */
int nsrel_key(int fd, struct nsrel_key *ret_key);

/* "user" for CLONE_NEWUSER and so on; NULL for what is no type of namespace. Static. */
const char *nsrel_type_name(int type);

/* CLONE_NEWUSER for "user" and so on; -EINVAL for what names no type, NULL too. */
int nsrel_type_from_name(const char *name);

/* True for the namespaces that every Linux starts with, told by their fixed inode numbers:
 * user, pid, uts, ipc, cgroup, time; from Linux 6.17 also net and mnt (the numbers are below
 * those of any other namespace, so the answer is never wrong, only late, on older kernels). */
bool nsrel_is_initial(const struct nsrel_key *key, int type);

#ifdef __cplusplus
}
#endif

#endif
