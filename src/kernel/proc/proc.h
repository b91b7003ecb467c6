/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Parsers of the text that /proc shows for a process. They read no file, and trust nothing: the
 * text may be malformed or cut off anywhere. Pointers in results point into the text, and what they
 * point to is not NUL-terminated. */

#include "base/arena.h"
#include "base/attributes.h"
#include "base/u64.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* --- numbers --------------------------------------------------------------------------------- */

/* Reads the decimal digits at *p (before `end`) and moves *p behind them. Without any, or if the
 * number is above `max`: false, and *p stays. Neither a sign nor blanks are accepted. */
bool proc_number_parse(const char **p, const char *end, uint64_t max, uint64_t *ret);

/* The PID that a name in /proc stands for: "1", "4711". False for any other name ("self", "0",
 * "01"). */
bool proc_pid_parse(const char *name, pid_t *ret);

/* --- stat (proc_pid_stat(5)) ----------------------------------------------------------------- */

struct proc_stat {
	pid_t pid;
	const char *comm; /* raw */
	size_t comm_len;
	char state; /* R S D Z T ... */
	pid_t ppid;
	bool is_kernel;  /* a kernel thread */
	bool is_exiting; /* it has begun to end, and runs no program any more */
	unsigned n_threads;
	uint64_t started; /* clock ticks since boot */
};

/* The name lies between the first `(` and the last `)`: it may contain brackets, blanks and
 * newlines. Returns 0; -EINVAL if the text is malformed or cut off, or a number is too large. */
_must_check_ int proc_stat_parse(const char *text, size_t len, struct proc_stat *ret);

/* --- status (proc_pid_status(5)) ------------------------------------------------------------- */

/* A process has a PID in at most 33 PID namespaces (pid_namespaces(7): 32 below the initial
 * one). */
#define PROC_NSPID_MAX 33

/* The PIDs of the line `NSpid:` (Linux 4.1), from the PID namespace of the procfs inwards. Returns
 * 0; -ENODATA if there is no such line; -EINVAL if it is malformed or has more than `max`
 * numbers. */
_must_check_ int proc_status_nspid(
        const char *text, size_t len, pid_t *pids, size_t max, size_t *ret_n);

/* The decimal numbers of the line `NAME:` ("Uid", "Groups", "Threads"), the first `max` of them;
 * *ret_n is the number of all. Returns 0; -ENODATA if there is no such line; -EINVAL if it is
 * malformed or cut off, or has a number of more than 32 bits. */
_must_check_ int proc_status_numbers(
        const char *text, size_t len, const char *name, uint32_t *ret, size_t max, size_t *ret_n);

/* The one hexadecimal number of the line `NAME:` ("CapEff"). Returns as above. */
_must_check_ int proc_status_bits(const char *text, size_t len, const char *name, uint64_t *ret);

/* --- fdinfo/N (proc_pid_fdinfo(5)) ----------------------------------------------------------- */

/* The inode number of the file of a descriptor. Returns 0; -ENODATA if it is not in the text
 * (before Linux 5.14); -EINVAL if it is malformed or cut off. */
_must_check_ int proc_fdinfo_inode(const char *text, size_t len, uint64_t *ret);

/* --- cmdline (proc_pid_cmdline(5)) ----------------------------------------------------------- */

/* How many bytes of a command line are kept. They are memory of the process: any bytes at all. */
#define PROC_CMDLINE_MAX 4096

/* The name to show for a process, from argv[0] without the `-` in front of a login shell: the path
 * component that begins with `comm` (the name from stat, at most 15 bytes), if one before a blank
 * or at the end does; else the first word of a rewritten title, without its colon; else the last
 * path component. If that is empty, `comm`. Raw, a new string in `arena`. */
char *proc_cmdline_name(struct arena *arena, const char *text, size_t len, const char *comm)
        __attribute__((returns_nonnull));

/* The arguments, in `arena`, ending with NULL; none for an empty text. At most `max` bytes are
 * kept, and max / sizeof(char *) arguments; *ret_is_cut is set if there is more. */
const char *const *proc_cmdline_split(struct arena *arena, const char *text, size_t len, size_t max,
        bool *ret_is_cut) __attribute__((returns_nonnull));

/* --- uid_map, gid_map and setgroups (user_namespaces(7)) ------------------------------------- */

/* Lines that a map may have (Linux 4.15; 5 before). */
#define PROC_MAPS_MAX 340

struct proc_range {
	uint32_t inside;
	uint32_t outside;
	uint32_t count;
};

/* Returns 0 and the lines, none for a map that was not written yet; -EINVAL if the text is
 * malformed, a number is too large, or there are more than `max` lines. */
_must_check_ int proc_maps_parse(
        const char *text, size_t len, struct proc_range *ranges, size_t max, size_t *ret_n);

/* Returns 0 and whether the text is `allow`; -EINVAL if it is neither that nor `deny`. */
_must_check_ int proc_maps_setgroups(const char *text, size_t len, bool *ret_is_allowed);

/* --- links in ns (namespaces(7)) ------------------------------------------------------------- */

struct proc_link {
	const char *type;
	size_t type_len;
	uint64_t inode; /* never 0 */
};

/* Parses `user:[4026531837]`: small letters or `_`, then `:[`, a number without leading zeros, and
 * `]`. Returns 0, or -EINVAL for anything else. */
_must_check_ int proc_link_parse(const char *text, size_t len, struct proc_link *ret);

/* --- mountinfo (proc_pid_mountinfo(5)) ------------------------------------------------------- */

/* Bytes of the line: not NUL-terminated, and escapes such as \040 as the kernel wrote them. */
struct proc_slice {
	const char *bytes;
	size_t len;
};

struct proc_mount {
	unsigned id, parent; /* reused after the mount is gone */
	unsigned major, minor;
	struct proc_slice root;
	struct proc_slice point;
	struct proc_slice mount_options; /* of the mount */
	struct proc_slice tags;          /* optional fields: "shared:1 master:2"; may be empty */
	struct proc_slice type;
	struct proc_slice source;  /* may be empty */
	struct proc_slice options; /* of the file system */
};

/* `len` without the newline. Returns 0 or -EINVAL. */
_must_check_ int proc_mountinfo_parse(const char *line, size_t len, struct proc_mount *ret);

/* Sets *ret to the next mount of a whole file that can be parsed, and *text behind its line.
 * Returns false at `end`. */
bool proc_mountinfo_next(const char **text, const char *end, struct proc_mount *ret);

/* True if `list` (comma separated) has the option `name`; then its value, which is empty for an
 * option without one. */
bool proc_mountinfo_option(struct proc_slice list, const char *name, struct proc_slice *ret_value);

/* Where mounts and unmounts propagate (mount_namespaces(7)): peer groups; 0: none. */
struct proc_propagation {
	unsigned shared, master, propagate_from;
	bool is_unbindable;
};

/* The same of the tags of a mount. Unknown ones are ignored. */
struct proc_propagation proc_mountinfo_propagation(const struct proc_mount *mount);

/* Writes a root or mount point to `buffer`, which has room for slice.len + 1 bytes, with escapes
 * such as \040 replaced, and ends it with NUL. Returns its length. */
size_t proc_mountinfo_unescape(struct proc_slice slice, char *buffer);

/* True if the bytes are those of the string `s`. */
bool proc_mountinfo_equals(struct proc_slice slice, const char *s);

/* Adds the id of each mount in the text; the set must be sorted after that. */
void proc_mountinfo_ids(const char *text, size_t len, struct u64_set *ids);

/* The id of the first mount in the text, 0 if there is none. */
unsigned proc_mountinfo_first_id(const char *text, size_t len);

/* Whether a mount point can be reached by its path. */
enum mount_access {
	MOUNT_REACHABLE,
	MOUNT_MAY_HANG, /* the path passes through a file system that depends on a server */
	MOUNT_COVERED,  /* another mount is on it, or on the path to it */
};

/* The mounts of a whole mountinfo. */
struct proc_mount_table {
	struct proc_mount *mounts; /* by id; slices of the text */
	size_t n, capacity;
	int *access;          /* enum mount_access of each; negative: not determined yet */
	size_t *climb;        /* scratch space: a number for each mount */
	struct u64_set spots; /* a hash of (parent, mount point) for each mount */
};

/* Malformed lines are left out. The text must stay. */
void proc_mountinfo_table_init(struct proc_mount_table *ret, const char *text, size_t len);
void proc_mountinfo_table_release(struct proc_mount_table *table);

/* Access to the mount point of mount `i`. */
enum mount_access proc_mountinfo_table_access(struct proc_mount_table *table, size_t i);

/* True if something is mounted at "/". */
bool proc_mountinfo_has_root(const char *text, size_t len);

/* True if a mount of that text is certainly MOUNT_REACHABLE: it is on a directory of the only root,
 * as /proc is in most mount namespaces. Faster than a table. */
bool proc_mountinfo_is_plain(const char *text, size_t len, const struct proc_mount *mount);
