/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Opening a process again after it was read, to open its namespaces or read more of it. The last
 * process stays open, since what was found together is opened together. */

#include "scan/scan_state.h"

/* The result of trying to open a namespace. */
enum reach {
	REACH_GONE, /* what kept it has ended, was closed, or is in another namespace now */
	REACHED,
	REACH_REFUSED,     /* or failed */
	REACH_UNSUPPORTED, /* this kernel cannot (keys without opening: Linux 6.18), or no helper */
	REACH_BY_HELPER,   /* only mounts keep it: reach.h */
};

struct reached {
	enum reach result;
	int handle;           /* open, the receiver's to close; negative: not open */
	int error;            /* refused, unsupported: negative errno */
	pid_t pid;            /* of the process by which it was tried; 0: none */
	struct nsrel_key key; /* only if reached */
};

/* The result that an error stands for: a negative errno. */
struct reached reopen_failed(int error);

struct reopen {
	struct scan *scan;
	struct process_record *record; /* the open process; NULL: none */
	pid_t tid;                     /* the thread of it that is open too; 0: none */
	/* Handles; negative: not open. The last two are the thread's if there is one. */
	int process, thread, ns_dir, fds;
	bool is_checked; /* it is the process that was read, not a later one with the same PID */
};

void reopen_init(struct reopen *reopen, struct scan *scan);
void reopen_release(struct reopen *reopen);

/* The same, with a process that is open and was checked already; its handles stay the caller's. */
void reopen_begin(struct reopen *reopen, struct scan *scan, struct process_record *record,
        int process, int ns_dir);
void reopen_end(struct reopen *reopen);

/* Opens the process, or that thread (0: the process, or its live_thread), and makes sure that it is
 * the one that was read. Returns a handle, which stays that of `reopen`, or a negative errno;
 * -ESRCH: it has ended. */
_must_check_ int reopen_process(struct reopen *reopen, struct process_record *record, pid_t tid);

/* Reads a file of the process, as kernel->process_read. Returns the number of bytes or a negative
 * errno; -ESRCH: it has ended. */
_must_check_ ssize_t reopen_read(struct reopen *reopen, struct process_record *record,
        const char *file, char *buffer, size_t size);

/* Checks that the process, or that thread, still is in the namespace `inode`, by that link. Returns
 * 0 or a negative errno; -ESRCH: it has ended or is in another one. */
_must_check_ int reopen_check_link(struct reopen *reopen, struct process_record *record, pid_t tid,
        unsigned link, uint64_t inode);

/* Opens the namespace of a link of the open process; REACH_GONE: it is another one now. */
_must_check_ struct reached reopen_link(struct reopen *reopen, unsigned link);

/* Opens a namespace by the first process or holder that still has it, or, only_key, gets its key
 * without keeping it open. Marks processes and holders that are gone; a link that leads to
 * another namespace now is changed in the record of the process. */
_must_check_ struct reached reopen_ns(
        struct reopen *reopen, const struct ns_record *ns, bool only_key);

/* The same, only by the holders of a namespace, of which the first is number `first`. */
_must_check_ struct reached reopen_holders(struct reopen *reopen, size_t first, bool only_key);

/* Opens what the descriptor `holder` (process, tid, fd) refers to. If that is a namespace, returns
 * 0 and sets holder->type and ->inode; else a negative errno: -ENOTTY, it is another file; -ESRCH,
 * it was closed or the process has ended. */
_must_check_ int reopen_fd(struct reopen *reopen, struct holder_record *holder);
