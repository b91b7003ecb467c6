/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The state of one scan. The sources fill it with records, in several threads: of each process
 * (process_record.h) and of all else that keeps namespaces alive (holders.h). merge.h makes of
 * them the namespaces and processes of a model. Strings live in arenas, as long as the scan. */

#include "base/u64.h"
#include "scan/holders.h"
#include "scan/process_record.h"

#include <stdatomic.h>

struct scan_thread;

/* A namespace that the records name: its entry in the model to be, and the first record of it, by
 * which reopen.h can open it. */
struct ns_record {
	struct ns *ns;
	struct process_record *process; /* it and later ones may have it; NULL: a holder has */
	size_t holder;                  /* the first in scan->holders; only if process is NULL */
};

struct note_list {
	struct note *notes;
	size_t n, capacity;
};

struct scan {
	struct kernel *kernel;
	struct kernel_host host;

	/* What is wanted; the same as in struct scan_options. */
	uint32_t wanted; /* 1 << SOURCE_* */
	bool with_cmdlines;
	pid_t helper;
	const char *program;
	const atomic_bool *is_cancelled; /* may be NULL */
	atomic_size_t *steps_done;       /* may be NULL */

	unsigned n_threads;
	struct scan_thread **threads; /* scan_threads.h */
	struct arena *arena;          /* of the calling thread */

	/* What was read. */
	uint32_t sources;                 /* 1 << SOURCE_*: those that were */
	struct process_record *processes; /* by PID */
	size_t n_processes;
	struct holder_list holders;
	struct u64_set listed;  /* inodes of the mount namespaces whose mounts the kernel listed */
	struct note_list notes; /* in addition to `refused` of the processes */
	bool is_cut;            /* a file was longer than the limit, and was read up to it */
	bool is_limited;        /* a note limits the whole view (scan_state_limit) */
	unsigned n_given_up;    /* command lines whose read did not return, and ... */
	int64_t given_up_ms;    /* ... the time spent on them */

	/* What becomes of it. */
	struct ns_record *namespaces; /* in the order of the records */
	size_t n_namespaces, namespaces_capacity;
	size_t n_lost;                /* namespaces that ended before they could be opened */
	const struct model *first;    /* made earlier in this scan; NULL: none yet */
	const struct model *previous; /* identities and relations are carried over from it; NULL:
	                               * from none */
	const struct model
	        *before; /* the last model, also if nothing is carried over; NULL: none */
	bool is_plain;   /* relations are left out: they contradicted each other */
};

/* True if that source is wanted. */
bool scan_state_wants(const struct scan *scan, enum source source);

/* True for this program, its helper and the jobs of the helper: their descriptors are left out. */
bool scan_state_is_ours(const struct scan *scan, const struct process_record *record);

/* True if the scan was cancelled. Thread-safe. */
bool scan_state_is_cancelled(const struct scan *scan);

/* Counts one step of the progress. Thread-safe. */
void scan_state_step(struct scan *scan);

/* Adds a note of what could not be read. `what` is copied; `error` is positive. */
void scan_state_note(struct scan *scan, pid_t pid, const char *what, int error);

/* Adds, once, a note that limits the view as a whole (NOTE_*); the model is then not complete. */
void scan_state_limit(struct scan *scan, const char *what);

/* The record of that PID; NULL if there is none. O(log n). */
struct process_record *scan_state_find(const struct scan *scan, pid_t pid);
