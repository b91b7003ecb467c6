/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What a scan has read of one process, as plain values: namespaces are still inode numbers. */

#include "kernel/kernel.h"
#include "model/nstype.h"

#include <stdbool.h>

/* The links below /proc/PID/ns (namespaces(7)): one for each type, at the number of the type, then
 * the two namespaces that future children are created in. */
enum {
	NS_PID_FOR_CHILDREN = NS_TYPES,
	NS_TIME_FOR_CHILDREN,
	NS_LINKS,
};

struct ns_link {
	const char *name; /* "user", "pid_for_children" */
	const char *note; /* its name in notes: "ns/user" */
	enum nstype type;
	bool is_for_children;
};

extern const struct ns_link process_record_links[NS_LINKS];

/* The longest /proc/PID/status: 65,536 supplementary groups (setgroups(2)) take 720 KB. */
enum { PROCESS_STATUS_MAX = 1024 * 1024 };

/* The parts of a record. Each has the time at which it was read, so that parts may be read by
 * different readers, or be carried over from an earlier scan. */
enum process_part {
	PART_DIRECTORY, /* uid, directory_ino: the owner and inode of /proc/PID */
	PART_LINKS,     /* inode: /proc/PID/ns */
	PART_STAT,      /* from `ppid` to `n_threads`: /proc/PID/stat */
	PART_STATUS,    /* nspid: /proc/PID/status, if stat does not tell */
	PART_HOLDERS,   /* threads and descriptors: records in holders.h */
	PART_CMDLINE,   /* name, cmdline: /proc/PID/cmdline */
	PROCESS_PARTS,
};

struct process_record {
	pid_t pid;
	int64_t read_at[PROCESS_PARTS]; /* when each part was read (monotonic_ms); 0: it was not */

	uid_t uid;
	uint64_t directory_ino;

	uint64_t inode[NS_LINKS]; /* 0: not known, or the process has none */

	pid_t ppid;
	uint64_t started; /* ticks since boot; with `pid` it identifies the process */
	char state;
	bool is_kernel;
	const char *comm; /* never NULL once read, unless the process is gone */
	unsigned n_threads;

	const pid_t *nspid; /* its PIDs, from the PID namespace of /proc inwards */
	size_t n_nspid;

	pid_t live_thread; /* the first thread has ended and this one is used instead; 0: no */

	const char *name; /* NULL: the command line was not read */
	const char *const *cmdline;
	bool is_waiting; /* reading its command line never returns */

	bool is_leader; /* of at least one namespace (builder_choose_leaders) */

	bool is_gone;        /* it has ended: left out of the model */
	bool is_unreadable;  /* reading its namespaces, or all of it, was refused */
	bool is_closed;      /* all that needs PTRACE_MODE_READ (ptrace(2)) is refused */
	bool is_replaced;    /* another mount covers its directory, or files in it */
	const char *refused; /* the first thing that was refused, static; NULL: nothing */
	int refused_error;   /* positive errno */
};

/* Notes that a part was read, now. */
void process_record_mark(struct process_record *record, enum process_part part);

static inline bool process_record_has(const struct process_record *record, enum process_part part)
{
	return record->read_at[part] != 0;
}

/* A zombie, or a process whose first thread has ended while others live. */
static inline bool process_record_is_dead(const struct process_record *record)
{
	return record->state == 'Z' || record->state == 'X';
}

/* True for the errors with which /proc/PID tells that the process has ended. */
static inline bool process_record_is_gone_error(long error)
{
	return error == -ENOENT || error == -ESRCH;
}

/* Keeps `what` (static) and the error, a negative errno, if it is the first of this process. */
void process_record_refuse(struct process_record *record, const char *what, long error);

/* The inode number in the text of a link below a ns directory ("net:[4026531840]"). Returns 0 or a
 * negative errno: -ENOENT if the process has no such namespace, -EINVAL if the text is malformed.
 */
_must_check_ int process_record_read_link(
        struct kernel *kernel, int ns_dir, const struct ns_link *link, uint64_t *ret_inode);
