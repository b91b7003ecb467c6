/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Parsers of the text by which the kernel, or a file beside it, describes one namespace. As those
 * of proc.h they read no file, and trust nothing. */

#include "kernel/proc/proc.h"

/* --- /proc/sysvipc (proc(5)) ------------------------------------------------------------------ */

/* The number of objects in `shm`, `sem` or `msg`, one a line below the head, and the sum of the
 * column with that name in the head ("size", "nsems", "cbytes"), at most INT64_MAX. Returns 0;
 * -EINVAL if there is no such column, or a line has none or no number there. */
_must_check_ int proc_ns_ipc_parse(
        const char *text, size_t len, const char *column, uint64_t *ret_n, uint64_t *ret_sum);

/* The bytes that wait in a POSIX message queue, from the text of its file in a file system of type
 * mqueue (mq_overview(7)): `QSIZE:129 ...`. Returns 0 or -EINVAL. */
_must_check_ int proc_ns_mqueue_parse(const char *text, size_t len, uint64_t *ret_bytes);

/* --- timens_offsets (time_namespaces(7)) ------------------------------------------------------ */

struct proc_ns_offset {
	int64_t seconds;
	uint32_t nanoseconds; /* below 1,000,000,000 */
};

/* Returns 0, or -EINVAL if the text is malformed or lacks one of the two. */
_must_check_ int proc_ns_offsets_parse(const char *text, size_t len,
        struct proc_ns_offset *ret_monotonic, struct proc_ns_offset *ret_boottime);

/* --- cgroup (cgroups(7)) ---------------------------------------------------------------------- */

/* A line of /proc/PID/cgroup: `ID:CONTROLLERS:PATH`. */
struct proc_ns_cgroup {
	struct proc_slice controllers; /* or `name=systemd`; empty: version 2 */
	struct proc_slice path;
};

/* Reads the line at *p and moves *p behind it; lines that are malformed are left out. False at
 * `end`. */
bool proc_ns_cgroup_next(const char **p, const char *end, struct proc_ns_cgroup *ret);

/* The root of a cgroup namespace from the path of one process, as it is shown outside and inside:
 * the part of the first before the second. Returns 0, or -ENODATA if that is not known: the
 * process is not below the root. */
_must_check_ int proc_ns_cgroup_root(
        struct proc_slice outside, struct proc_slice inside, struct proc_slice *ret);

/* --- subuid(5), subgid(5) --------------------------------------------------------------------- */

struct proc_ns_subid {
	struct proc_slice owner; /* a name or a number */
	uint32_t first, count;   /* count: not 0 */
};

/* Reads the line `OWNER:FIRST:COUNT` at *p and moves *p behind it; lines that are malformed, and
 * ranges beyond 32 bits, are left out. False at `end`. */
bool proc_ns_subid_next(const char **p, const char *end, struct proc_ns_subid *ret);

/* True if nsswitch.conf(5) names another source than files for subordinate IDs: then /etc/subuid
 * does not have them. */
bool proc_ns_subids_are_elsewhere(const char *text, size_t len);
