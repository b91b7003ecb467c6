/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What the sources read, as plain data: no namespace is known yet, only numbers. The readers fill
 * it in parallel; merge.h makes namespaces and processes of it. Strings live in the readers'
 * arenas, as long as the scan. */

#include "base/u64_set.h"
#include "kernel/proc/proc.h"
#include "model/nstype.h"
#include "scan/holders.h"
#include "scan/scan.h"

/* The links below /proc/PID/ns: one for each type (at its number), then those that lead where
 * children will be born. */
enum {
	NS_PID_FOR_CHILDREN = NS_TYPES,
	NS_TIME_FOR_CHILDREN,
	NS_LINKS,
};

/* What /proc/PID/status can be long: 65,536 groups are 720 KB. */
enum { PROCESS_STATUS_MAX = 1024 * 1024 };

struct ns_link {
	const char *name; /* "user", "pid_for_children" */
	const char *note; /* the same as notes have it: "ns/user" */
	enum nstype type;
	bool is_for_children;
};

extern const struct ns_link ns_links[NS_LINKS];

struct process_record {
	pid_t pid;
	pid_t ppid;
	uint64_t started;
	uint64_t inode[NS_LINKS]; /* 0: not known */
	uint64_t ino;             /* of its directory */
	uid_t uid;
	char state;
	bool is_uid_known;
	bool is_kernel;
	bool is_stat_known;
	bool has_gone;             /* not there any more: left out */
	bool is_problems_openable; /* its namespaces, or itself, were refused */
	bool is_closed;            /* that all are refused, and all else of that right would be */
	bool is_leader;            /* of some namespace */
	bool is_waiting;           /* reading its command line waits for ever */
	bool is_replaced;          /* something is mounted over its directory, or below it */
	unsigned n_threads;
	pid_t thread;     /* stands for the first one, which has ended while others live; 0: no */
	const char *comm; /* never NULL once read, unless it has gone */
	const char *name; /* NULL: command line not read */
	const char *const *cmdline;
	const pid_t *nspid;
	size_t n_nspid;
	const char *refused; /* the first thing that was refused, static; NULL: nothing */
	int refused_error;   /* positive */
};

struct note_list {
	struct note *notes; /* `what` in the first reader's arena */
	size_t n, capacity;
};

/* One scan while it runs. */
struct scan {
	struct kernel *kernel;
	const struct scan_options *options;
	struct kernel_host host;
	struct process_record *processes; /* by PID */
	size_t n_processes;
	struct arena **arenas;       /* one for each reader */
	struct holder_list *holders; /* the same */
	struct u64_set listed;       /* mount namespaces whose mounts the kernel has listed */
	unsigned n_readers;
	uint32_t sources;       /* 1 << SOURCE_*: those that have been read */
	struct note_list notes; /* beside those of the readings */
	const struct model *previous;
	const struct model *first; /* made earlier by this very scan; NULL: nothing yet */
	size_t n_lost;       /* namespaces whose members all went before they could be asked */
	bool is_cut;         /* something had no end, and what is behind it was not read */
	bool is_limited;     /* there is a note that limits the whole view (scan_limit) */
	unsigned n_given_up; /* reads of command lines that waited, and ... */
	int64_t given_up_ms; /* ... the time that was spent on them */
	const struct model *before; /* the model before, whatever `previous` is; NULL: none */
	bool is_plain; /* relations are not asked: they contradicted each other each time */
};

/* True if that source is wanted. */
bool scan_has_source(const struct scan *scan, enum source source);

/* True for ourselves, our helper and its jobs: their descriptors are left out of the picture. */
bool scan_is_ours(const struct scan *scan, const struct process_record *record);

/* True if nobody wants the result any more. */
bool scan_is_cancelled(const struct scan *scan);

/* Steps of what the scan will do, for options->progress. */
void progress_begin(struct scan *scan, size_t steps);
void progress_step(struct scan *scan);
void progress_end(struct scan *scan);

/* Writes down what could not be read, beside what the readings say themselves. `what` is
 * copied. */
void scan_note(struct scan *scan, pid_t pid, const char *what, int error);

/* Notes, once, what limits the view as a whole (NOTE_*), and makes it a partial one. */
void scan_limit(struct scan *scan, const char *what);

/* The reading with that PID, NULL if there is none. O(log n). */
struct process_record *scan_find_process(const struct scan *scan, pid_t pid);

size_t process_record_index(const struct scan *scan, const struct process_record *record);

/* The inode number that a link below a ns directory tells: 0 and the number, or a negative
 * errno. */
_must_check_ int ns_link_read(
        struct kernel *kernel, int ns_dir, const struct ns_link *link, uint64_t *ret_inode);

/* True for the errors that mean: the process is not there any more. */
bool process_record_is_gone_error(long error);

/* Remembers the first thing that was refused. */
void process_record_refuse(struct process_record *record, const char *what, long error);
