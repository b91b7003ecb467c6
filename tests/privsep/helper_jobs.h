/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "privsep/helper.h"
#include "tests/unit.h"

#include <stdbool.h>

/* Jobs for a helper under test, and functions that its tests share: a failure in them fails the
 * test. */

/* A limit for events that must happen: only a failure takes that long. */
enum { HELPER_TEST_PATIENCE_MS = 20 * 1000 };

enum job {
	JOB_ECHO,  /* replies with the request */
	JOB_WRITE, /* into its first descriptor what it reads from the second */
	JOB_EXIT_3,
	JOB_CRASH,
	JOB_HANG,            /* past its deadline, without a reply */
	JOB_HANG_LONG,       /* replies its process ID, and has a long time */
	JOB_WAIT,            /* replies "up", ends at EOF of its descriptor */
	JOB_PROCESS,         /* replies a struct job_process; one descriptor */
	JOB_LEAVE_CHILD,     /* which keeps its descriptor */
	JOB_REPLY_THEN_HANG, /* replies its process ID, and has a short time */
	JOB_HANG_TRACED,     /* likewise, with time to begin tracing it; may get stuck */
	JOB_RETURN,          /* see run_return; a short time */
	JOB_RETURN_OR_STICK, /* the same, and may get stuck */
	JOB_COMPUTE,         /* replies "done" when it has had the CPU for 4 times its short time */
	JOB_COMPUTE_ON,      /* never ends */
	JOB_LAST,            /* not in the table of the helper */
};

extern const struct helper_job test_jobs[];

/* The properties of the process of a job. */
struct job_process {
	pid_t pid, parent, group, session;
	int n_fds, death_signal;
	bool is_fd_strange, is_input_null, is_output_null, is_signal_left;
	char name[16];
};

/* For cmocka: *state is the helper. */
int helper_test_start(void **state);
int helper_test_stop(void **state);

/* True if it is readable within HELPER_TEST_PATIENCE_MS. */
bool is_readable(int fd);

/* Waits for the next exit notice. */
struct helper_exit next_exit(struct helper *helper);

/* Waits for the first reply on that socket. */
ssize_t reply_of(int socket, void *reply, size_t size);

/* Waits for EOF; nothing else may come. */
void assert_end(int fd);

/* Waits for the reply of JOB_WAIT. */
void assert_up(int socket);

/* Returns the request id; *ret is the socket for replies. */
uint32_t start_job(struct helper *helper, enum job job, const int *fds, size_t n_fds, int *ret);

/* helper_call with "hello" and room for 8 bytes. */
ssize_t call(struct helper *helper, enum job job);

/* The number of open descriptors of a process. */
int count_fds(pid_t pid);

/* The number of children of a process, zombies too. */
int count_children(pid_t parent);
