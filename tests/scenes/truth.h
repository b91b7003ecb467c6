/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What was planted (scene.h has the format). Lives in shared memory: every process of a scene adds
 * to it, one at a time. Only those in the world's own user and PID namespaces may, since others do
 * not see owners and parents. All return 0 or a negative errno, said on standard error. */

#include "base/attributes.h"

#include <stdint.h>
#include <sys/types.h>

struct truth;

/* Inode numbers of a namespace; 0: none, or not to be seen. */
struct truth_ns {
	int type; /* CLONE_NEW* */
	uint64_t inode;
	uint64_t parent;
	uint64_t owner;
};

struct truth *truth_new(void);

/* Forgets all. */
void truth_reset(struct truth *truth);

/* Adds a holder of the namespace behind descriptor `ns`, and its parents and owners. */
int truth_add(struct truth *truth, int ns, const char *holder, const char *detail);

/* The same, with the descriptor taken from where it is: /proc. A process has none of a type that
 * the kernel does not have. */
int truth_process(struct truth *truth, pid_t pid, int type);
int truth_thread(struct truth *truth, pid_t pid, pid_t tid, int type);
int truth_for_children(struct truth *truth, pid_t pid, pid_t tid, int type);
int truth_fd(struct truth *truth, pid_t pid, int fd);

/* A mount of `ns` at `path` in the caller's mount namespace. */
int truth_mount(struct truth *truth, int ns, const char *path);

/* A mount of proc at `path`, in the caller's mount namespace, that shows this PID namespace. */
int truth_pin(struct truth *truth, int ns, const char *path);

/* One more line as it stands. */
int truth_line(struct truth *truth, const char *format, ...) _printf_(2, 3);

/* What the namespace is. */
int truth_read(int ns, struct truth_ns *ret);

/* Writes it, at once or not at all. */
int truth_write(const struct truth *truth, const char *path);
