/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Processes that do on command what changes namespaces and what holds them. */

#include <sys/types.h>

enum { ACTORS = 10, ACTOR_FILES = 5 };

enum actor_op {
	ACTOR_UNSHARE,
	ACTOR_SETNS,
	ACTOR_FORK,
	ACTOR_EXIT,
	ACTOR_BIND,
	ACTOR_UNBIND,
	ACTOR_OPEN,
	ACTOR_OPEN_PATH,
	ACTOR_CLOSE,
	ACTOR_RENAME,
	ACTOR_THREAD,
	ACTOR_END_THREAD,
	ACTOR_REAP,
	ACTOR_UID,
	ACTOR_OPS,
};

extern const char *const actor_op_names[ACTOR_OPS];

/* The events of each (KERNEL_EVENT_*); of some there are none. */
extern const unsigned actor_events[ACTOR_OPS];

struct actor_command {
	enum actor_op op;
	int arg; /* a type, file, descriptor, ...: any number; of a fork the number of the child */
	pid_t other; /* whose namespaces are used */
};

/* Commands go through a pair of sockets that all share. */
struct actor {
	pid_t pid; /* 0: there is none */
	int theirs, ours;
};

/* The file number `arg`, on which namespaces are mounted. */
const char *actor_file(int arg);

/* Obeys until the command to end. Each command but that is answered with a byte, and so is the
 * first breath of the child of a fork. */
_Noreturn void actor_run(struct actor *actors, int number);
