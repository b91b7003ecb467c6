/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Namespaces for tests: a child process in new namespaces, which ends with the test. */

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

/* For the child, in which cmocka's assertions do not work. */
#define CHECK(condition)                                                                           \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #condition);  \
			_exit(1);                                                                  \
		}                                                                                  \
	} while (0)

#define EXIT_SKIP 77

/* Enters a new user namespace in which the caller is root, and, in it, namespaces of these other
 * types. Returns 0 or a negative errno. */
int world_enter(int flags);

/* In a user namespace without maps: maps the caller's UID and GID outside to 0. Returns 0 or a
 * negative errno. */
int world_map_root(unsigned uid, unsigned gid);

/* Tries world_enter(flags) and, if not NULL, `scene` in a child. True if it worked; else says why
 * not and *ret_exit is what the test program is to return: 77, or 1 where no test may skip. */
bool world_can(const char *what, int flags, int (*scene)(void), int *ret_exit);

/* Runs `scene` in a child and returns what it exited with; 128 + the signal if it was ended by
 * one, as it is by SIGKILL when it has not ended in 20 s. A scene that returns,
 * returns 0. */
int world_run(void (*scene)(void));

/* The same with the time, in ms. */
int world_run_for(int ms, void (*scene)(void));

/* Runs `run` in a PID namespace and a mount namespace of its own, with their /proc: a scan there
 * sees the processes of the test and no others, however many the machine has, and all of them end
 * with it. The caller's own rights are used; if they do not suffice and `may_enter_user`, those of
 * root in a new user namespace. Returns what `run` returned. If the kernel refuses, says why and
 * returns what the test program is to return, as above. */
int world_alone(bool may_enter_user, int (*run)(void *data), void *data);

/* fork(2), but the child ends with the parent, in whatever way that ends. Returns in the parent
 * when this is set up, so that a parent that ends at once leaves no child. Also for the init of a
 * PID namespace, for which getppid(2) is always 0. */
pid_t world_fork(void);

/* A child that has done `setup` (0 or a negative errno) and now waits for world_end. Returns its
 * PID, or the negative errno. */
pid_t world_begin(int (*setup)(void));
void world_end(pid_t pid);

/* nsrel_open of a link of /proc/PID/ns. */
int world_open(pid_t pid, const char *link);

/* How many descriptors the process has open. */
int world_count_fds(void);
