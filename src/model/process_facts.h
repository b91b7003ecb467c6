/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Facts about one process, read when its details are shown: reading them for all processes would
 * take too long. */

enum { PROCESS_GROUPS_MAX = 64 };

/* In the order of /proc/PID/status (proc_pid_status(5)). */
enum process_id {
	PROCESS_ID_REAL,
	PROCESS_ID_EFFECTIVE,
	PROCESS_ID_SAVED,
	PROCESS_ID_FS,
	PROCESS_IDS,
};

/* The sets of capabilities(7). */
enum process_caps {
	PROCESS_CAPS_INHERITABLE,
	PROCESS_CAPS_PERMITTED,
	PROCESS_CAPS_EFFECTIVE,
	PROCESS_CAPS_BOUNDING,
	PROCESS_CAPS_AMBIENT,
	PROCESS_CAPS_SETS,
};

struct process_facts {
	pid_t pid;
	uint64_t started;
	int error; /* positive errno: the process could not be read, no fact below is known */
	uid_t uids[PROCESS_IDS];
	gid_t gids[PROCESS_IDS];
	gid_t groups[PROCESS_GROUPS_MAX]; /* the first ones */
	size_t n_groups;                  /* how many the process has */
	uint64_t caps[PROCESS_CAPS_SETS]; /* a bit for each capability */
	bool is_no_new_privs_known;
	bool no_new_privs;
	bool is_seccomp_known;
	uint32_t seccomp; /* 0 off, 1 strict, 2 filter */
	uint32_t threads;
};
