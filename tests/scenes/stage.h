/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The parts of scenes: processes that do nothing, and namespaces without a process. */

#include "base/attributes.h"
#include "nsrel/nsfs_uapi.h"
#include "tests/scenes/truth.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct stage {
	struct truth *truth;
	const char *dir; /* the world's own directory, a tmpfs */
	void *play;      /* the scene's own, for its steps and its end */
	bool is_host;    /* no PID namespace ends the processes: each ends with its parent */
};

/* A process of the scene. What it is to tell goes through shared memory (stage_shared). */
struct actor {
	int flags; /* CLONE_NEW*: new ones for it, and root in a user's */
	int (*setup)(struct stage *, void *); /* 0 or a negative errno; NULL: nothing to do */
	void (*then)(struct stage *, void *); /* its life; NULL: stands still until killed */
	void *arg;                            /* for both */
};

/* All eight types, and how many; and those a thread can have of its own. */
extern const int stage_types[8];
extern const int stage_thread_types[5];
#define STAGE_ALL                                                                                  \
	(CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWUTS | CLONE_NEWIPC | \
	        CLONE_NEWCGROUP | CLONE_NEWTIME)

/* Says `scene: WHAT: strerror(error)` on standard error; returns -error, also for error < 0. */
int stage_fail(const char *what, int error);

/* Starts an actor and waits until it is set up. Returns its PID or a negative errno (said). */
_must_check_ pid_t stage_start(struct stage *stage, const struct actor *actor);

/* Kills a child and waits for its end. */
void stage_end(pid_t pid);

/* fork(2) with CLONE_* flags. */
pid_t stage_clone(int flags);

/* Stands still. */
_noreturn_ void stage_wait(void);

/* Goes into a new time namespace (unshare(2) alone puts only children there). Before any thread. */
int stage_enter_time(void);

/* A descriptor of /proc/PID/ns/LINK, or a negative errno (said). */
_must_check_ int stage_open(pid_t pid, const char *link);

/* A descriptor of a new namespace without a process, or a negative errno (reported). With `flags`
 * CLONE_NEWUSER: owned by a new user namespace without a process. */
_must_check_ int stage_new(struct stage *stage, int type, int flags);

/* The same of one that is also mounted on the existing `path`, in the caller's mount namespace. The
 * truth does not get that mount. */
_must_check_ int stage_new_mounted(struct stage *stage, int type, const char *path);

/* Mounts a new namespace without a process on the new file `name` in the world's directory, in the
 * caller's mount namespace, and that into the truth. */
int stage_mount(struct stage *stage, int type, const char *name);

/* Puts the namespace on the existing `path`, in the caller's mount namespace, and that into the
 * truth as a mount at `shown`. */
int stage_bind(struct stage *stage, int ns, const char *path, const char *shown);

/* Makes an empty file in the world's directory. */
int stage_file(const struct stage *stage, const char *name, char *ret_path, size_t size);

/* A pair of sockets for messages. */
_must_check_ int stage_socketpair(int ret_pair[static 2]);

/* Sends a descriptor of the namespace from the first socket to the second, in whose queue it stays,
 * and adds that to the truth. The caller keeps the pair open, and closes `ns`. */
int stage_send(struct stage *stage, const int pair[static 2], int ns);

/* Zeroed memory that children share; stays until the end. */
void *stage_shared(size_t size);

/* The caller as the world's /proc calls it, also from an inner PID namespace. */
pid_t stage_self(void);
pid_t stage_thread_self(void);

/* Puts the process's namespaces of these types (CLONE_NEW* bits) into the truth. */
int stage_tell(struct stage *stage, pid_t pid, int types);
