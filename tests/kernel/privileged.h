/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* A kernel with a helper, and mounts for it to open, for the tests of kernel/privileged. Inside
 * a scene of tests/nsrel/world.h. */

#include "kernel/kernel_linux.h"
#include "tests/nsrel/world.h"

/* A directory that only the scene or container sees, after make_place. */
#define PLACE "/tmp"

/* Newline, escape, tab, blank, backslash, no UTF-8. */
#define HOSTILE PLACE "/a\n\033[31m\t \\040\xff\xc3"

struct privileged_test {
	struct helper *helper;
	struct kernel *kernel;
	const struct kernel_ops *ops;
};

/* Starts the helper, with the rights of now, and the kernel. */
void privileged_begin(struct privileged_test *ret);
void privileged_end(struct privileged_test *test);

/* True if `scene` (world_run) exits with 0; else says that `what` is skipped, and the test program
 * is to return privileged_skip(): 77, or 1 where no test may skip. */
bool privileged_can(const char *what, void (*scene)(void));
int privileged_skip(void);

/* Makes an empty PLACE in a private mount namespace. Returns 0 or a negative errno; so do these. */
int make_place(void);
int bind_on(const char *what, const char *target);
int mount_dead_fuse(const char *target);

/* Covers a file by a FIFO that no process has open. */
int cover_by_fifo(const char *target);

/* Several mount points of the child's UTS namespace: PLACE "/uts", HOSTILE "/\xff", and covered
 * PLACE "/fifoed", PLACE "/other", PLACE "/deep/ns". */
int make_container(void);

/* Inode of a link of /proc/PID/ns. */
uint64_t inode_of(pid_t pid, const char *link);

/* The child of `parent`, when there is one; else 0. */
pid_t child_of(pid_t parent);

/* True if all these texts are in /proc/PID/status. */
bool status_has(pid_t pid, const char *const *lines, size_t n);

/* Gives up all capabilities. */
int drop_rights(void);
