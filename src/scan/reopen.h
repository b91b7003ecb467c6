/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "scan/merge.h"

/* Coming back to a process after it was read, to open its namespaces or ask more of it. The last
 * process stays open, since namespaces that were found together are asked together. */

struct reopen {
	struct scan *scan;
	struct process_record *record;    /* what is open; NULL: nothing */
	pid_t tid;                        /* the thread that is open too; 0: none */
	int process, thread, ns_dir, fds; /* handles, negative: not open; the last two are of the
	                                   * thread if there is one */
	bool is_checked;                  /* it is known to be the process that was read */
};

void reopen_init(struct reopen *reopen, struct scan *scan);

void reopen_release(struct reopen *reopen);

/* The key of a namespace by any member that still has it, or by what else keeps it, without opening
 * it where that can be. Returns 0, -EOPNOTSUPP (Linux before 6.18), -EAGAIN (only the helper can
 * open it: mounts.h), -ESRCH when nobody is left, or why the last one refused. A link that leads
 * elsewhere by now, and what has gone, is noted in the reading or find. */
_must_check_ int reopen_ns_key(struct reopen *reopen, const struct ns *ns,
        const struct place *place, struct nsrel_key *ret_key);

/* The same by opening it: a handle, the caller's, and its key and the member's PID. */
_must_check_ int reopen_ns_open(struct reopen *reopen, const struct ns *ns,
        const struct place *place, struct nsrel_key *ret_key, pid_t *ret_pid);

/* The same by one find. */
_must_check_ int reopen_holder(
        struct reopen *reopen, struct holder_record *holder, struct nsrel_key *ret_key);

/* Opens what number `fd` of a process or thread leads to, if that is a namespace: a handle, the
 * caller's, and its key and type. -ENOTTY: it is none. */
_must_check_ int reopen_fd_open(struct reopen *reopen, struct process_record *record, pid_t tid,
        int fd, struct nsrel_key *ret_key, enum nstype *ret_type);

/* The handle of the process of `reading`, or of that thread, which stays the members'; the process
 * is the one that was read. -ESRCH: it has gone, or is another one. */
_must_check_ int reopen_process(struct reopen *reopen, struct process_record *record, pid_t tid);

/* Reads a file of the process of `reading`, when that is still the same process. Returns the
 * number of bytes or a negative errno (-ESRCH: it has gone, or is another one). */
_must_check_ ssize_t reopen_read(struct reopen *reopen, struct process_record *record,
        const char *file, char *buffer, size_t size);

/* True if the process, or that thread, is still in the namespace `inode` by that link. */
bool reopen_is_still_in(struct reopen *reopen, struct process_record *record, pid_t tid,
        unsigned link, uint64_t inode);
