/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "privsep/helper.h"
#include "tests/unit.h"

#include <stdbool.h>

/* Jobs for a helper under test, and what its tests share. What fails here fails the test. */

/* For what must happen; only a failure takes that long. */
enum { HELPER_TEST_PATIENCE_MS = 20 * 1000 };

enum job {
	JOB_ECHO,  /* answers what it is asked */
	JOB_WRITE, /* into its first descriptor what it reads from the second */
	JOB_EXIT_3,
	JOB_CRASH,
	JOB_HANG,             /* past its deadline, silently */
	JOB_HANG_LONG,        /* answers its process ID, and has a long time */
	JOB_WAIT,             /* answers "up", goes on at the end of its descriptor */
	JOB_WHO,              /* answers a struct who; one descriptor */
	JOB_LEAVE_CHILD,      /* which keeps its descriptor */
	JOB_ANSWER_THEN_HANG, /* answers its process ID, and has a short time */
	JOB_HANG_TRACED,      /* likewise, with time to begin tracing it */
	JOB_RETURN,           /* see run_return; a short time */
	JOB_COMPUTE,    /* answers "done" when it has had the CPU for 4 times its short time */
	JOB_COMPUTE_ON, /* never ends */
	JOB_LAST,
};

/* What kind of process a job is. */
struct who {
	pid_t pid, parent, group, session;
	int n_fds, death_signal;
	bool is_fd_strange, is_input_null, is_output_null, is_signal_left;
	char name[16];
};

/* For cmocka: *state is the helper. */
int helper_test_start(void **state);
int helper_test_stop(void **state);

/* Whether it is within the patience. */
bool is_readable(int fd);

/* Waits for it. */
struct helper_word next_word(struct helper *helper);

/* Waits for the first answer on that socket. */
ssize_t answer_of(int socket, void *answer, size_t size);

/* Waits for it to say EOF and nothing else. */
void assert_end(int fd);

/* Waits for the answer of JOB_WAIT. */
void assert_up(int socket);

/* Returns the ticket; *ret is the answer's socket. */
uint32_t ask(struct helper *helper, enum job job, const int *fds, size_t n_fds, int *ret);

/* helper_call with "hello" and room for 8 bytes. */
ssize_t call(struct helper *helper, enum job job);

/* Open descriptors of a process. */
int count_fds(pid_t pid);

/* Children of a process, living or dead. */
int count_children(pid_t parent);
