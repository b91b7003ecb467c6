/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What the last two fields of struct helper_job are made of. */
#include "privsep/capabilities.h"
#include "privsep/sandbox.h"

#include <linux/capability.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The four terms of the helper: a request starts a job, which sends replies; when the job has
 * ended, the helper sends an exit notice. */

enum {
	HELPER_REQUEST_MAX = 16 * 1024, /* bytes of a request */
	HELPER_REPLY_MAX = 32 * 1024,   /* bytes of a reply */
	HELPER_FDS_MAX = 4,             /* descriptors of a request, and of a reply */
	HELPER_STUCK_MAX = 8,           /* jobs that may get stuck, at once */
};

struct helper_request {
	const void *bytes; /* what the client sent; in the job a copy, aligned to 8 bytes */
	size_t len;
	const int *fds; /* descriptors the client sent; the job closes or keeps them */
	size_t n_fds;
	const void *fixed; /* in the job: that of struct helper_setup; ignored in a client */
};

struct helper_reply {
	const void *bytes; /* never empty */
	size_t len;
	const int *fds;
	size_t n_fds;
};

/* One kind of job. `run` is called in a process of its own. Its open descriptors are 0, 1, 2, those
 * of the request, and `replies`, a blocking SOCK_SEQPACKET socket for helper_send_reply. What it
 * returns (0 to 255) is the exit status. 0 and 1 are /dev/null; 2 is that of the program, unless
 * that is a terminal. Signal handlers and mask are those of a new program; SIGPIPE ends the job, so
 * use send(2) with MSG_NOSIGNAL. The job leads a process group, which is killed with it. The kernel
 * kills it when the helper ends (PR_SET_PDEATHSIG), but drops that setting when the job changes its
 * user or group: set it again then (prctl(2)). */
struct helper_job {
	const char *name; /* of the process, at most 15 bytes */
	/* After that time the job is sent SIGKILL, and 50 ms later it is abandoned as stuck. A job
	 * that is runnable at such a time, since the machine is busy, has up to 3 s more. */
	unsigned deadline_ms;
	int (*run)(const struct helper_request *request, int replies);
	/* With a sandbox: CAPABILITIES_BIT() of the capabilities that the job has at most, and the
	 * system calls that it may make, SANDBOX_*, beside SANDBOX_WORK and SANDBOX_NARROW. */
	uint64_t capabilities;
	uint32_t calls;
	/* It accesses what may never answer, and then SIGKILL may not end it: at most
	 * HELPER_STUCK_MAX of these jobs exist at once, those that are stuck included. */
	bool may_get_stuck;
};

/* What is decided before the helper is forked, and which no request can change. */
struct helper_setup {
	const void *fixed; /* for all jobs; valid until the fork */
	const int *fds;    /* stay open in the helper and in its jobs, with the same numbers */
	size_t n_fds;
	/* The helper and its jobs keep no other capabilities and make no other system calls than
	 * their table says, and set no_new_privs. */
	bool has_sandbox;
};

enum helper_end {
	HELPER_EXITED,  /* status is the exit status, 255 if the job could not be started */
	HELPER_KILLED,  /* by a signal, or at its deadline: status is the signal */
	HELPER_STUCK,   /* has not ended in time after SIGKILL */
	HELPER_REFUSED, /* was not started: there are HELPER_STUCK_MAX such jobs */
	HELPER_LOST,    /* the helper itself has ended, or was stopped */
};

/* An exit notice. */
struct helper_exit {
	uint32_t request_id;
	enum helper_end end;
	int status;
};
