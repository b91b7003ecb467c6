/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "scan/merge.h"

/* Coming back to a process after it was read, to open its namespaces or ask more of it. The last
 * process stays open, since namespaces that were found together are asked together. */

struct members {
	struct scan *scan;
	struct reading *reading; /* what is open; NULL: nothing */
	int process, ns_dir;     /* handles, negative: not open */
	bool is_checked;         /* it is known to be the process that was read */
};

void members_init(struct members *members, struct scan *scan);

void members_release(struct members *members);

/* The key of a namespace by any member that still has it, without opening it. Returns 0,
 * -EOPNOTSUPP (Linux before 6.18), -ESRCH when nobody is left, or why the last one refused.
 * A link that leads elsewhere by now, and a process that has gone, are noted in the reading. */
_must_check_ int members_ns_key(struct members *members, const struct ns *ns,
        const struct place *place, struct nsrel_key *ret_key);

/* The same by opening it: a handle, the caller's, and its key and the member's PID. */
_must_check_ int members_ns_open(struct members *members, const struct ns *ns,
        const struct place *place, struct nsrel_key *ret_key, pid_t *ret_pid);

/* Reads a file of the process of `reading`, when that is still the same process. Returns the
 * number of bytes or a negative errno (-ESRCH: it has gone, or is another one). */
_must_check_ ssize_t members_read(struct members *members, struct reading *reading,
        const char *file, char *buffer, size_t size);

/* True if the process is still in the namespace that was read from that link. */
bool members_is_still_in(struct members *members, struct reading *reading, unsigned link);
