/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"
#include "base/progress.h"
#include "kernel/kernel.h"
#include "model/model.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <sys/types.h>

/* Reading a model of a host by the operations of kernel/kernel.h. */

/* What is read beside the namespaces and processes themselves (--facts), as bits; 0: nothing. */
enum {
	SCAN_FACTS_SHOWN = 1 << 0,  /* what is shown: names of containers; on the screen facts */
	SCAN_FACTS_ALL = 1 << 1,    /* in each scan the facts of all namespaces (ns.facts) */
	SCAN_FACTS_LINKS = 1 << 2,  /* with NS_FACTS_LINKS */
	SCAN_FACTS_USER = 1 << 3,   /* in each scan the facts of user namespaces */
	SCAN_FACTS_MOUNTS = 1 << 4, /* in each scan the mounts of all mount namespaces */
};

struct scan_options {
	uint32_t sources;   /* 1 << SOURCE_*; bits of unknown sources are ignored */
	bool with_cmdlines; /* keep command lines: at most 4 KiB each, less of many processes */
	bool with_cgroups;  /* keep the control group of each process, not only of leaders */
	bool without_containers;   /* read no control groups at all: to measure what that costs */
	bool with_container_files; /* read names of containers from the files of their engines */
	unsigned facts;            /* SCAN_FACTS_* */
	bool with_posture;         /* read what confines containers: posture.h */
	pid_t helper;       /* PID of the helper, which never counts as unreadable; 0: none */
	unsigned n_threads; /* at least 1 */
	/* So many processes for each thread that is started besides: threads that read at once slow
	 * each other. 0: all threads always. */
	size_t n_for_thread;
	const char *program;             /* for host.program */
	const atomic_bool *is_cancelled; /* may be NULL; checked every 20 ms: -ECANCELED */
	struct progress *progress;       /* in steps; may be NULL */
};

/* Receives the quick model, with one reference that it must release. */
typedef void scan_quick_fn(void *data, const struct model *model);

/* All sources of a scan, and those that are read by default (model/sources.def). */
enum {
	SCAN_SOURCES_ALL = 0
#define SOURCE(id, name, text) | 1u << SOURCE_##id
#include "model/sources.def"
	,
	SCAN_SOURCES_DEFAULT = 0
#define SOURCE(id, name, text) | 1u << SOURCE_##id
#define COSTLY_SOURCE(id, name, text)
#include "model/sources.def"
};

/* Scans once. From `previous`, an earlier model of this host (may be NULL), identities are carried
 * over, and what the kernel never changes. `quick` (may be NULL) receives a model of the processes
 * and their namespaces alone as soon as they are read. Returns 0 and the whole model (one
 * reference), -ECANCELED, or the error of listing /proc; nothing else fails. */
_must_check_ int scan_run(struct kernel *kernel, const struct scan_options *options,
        const struct model *previous, scan_quick_fn *quick, void *data,
        const struct model **ret_model);

/* --- the steps of a scan, for refresh.h ------------------------------------------------------- */

struct scan; /* scan_state.h */

/* A scan that has read nothing but the host. With `kept`, an earlier state of a scan with the same
 * options, that of `kept`: see scan_state.h. */
struct scan *scan_new(
        struct kernel *kernel, const struct scan_options *options, const struct scan *kept);

/* NULL is allowed. */
void scan_free(struct scan *scan);

/* As scan_run; also gives what was read, which the caller frees. */
_must_check_ int scan_run_kept(struct kernel *kernel, const struct scan_options *options,
        const struct model *previous, scan_quick_fn *quick, void *data,
        const struct model **ret_model, struct scan **ret_scan);

/* Makes a model of what was read. is_whole: with holders and facts, which the quick model does
 * without. If a namespace ended before its relations could be read, the model is made once more,
 * without what is gone: no namespace is to lack its owner for that reason. Returns 0 and the model,
 * -ECANCELED, or -EINVAL: the relations contradict each other. */
_must_check_ int scan_make_model(struct scan *scan, bool is_whole, const struct model **ret_model);

/* Reads the facts of namespaces (SCAN_FACTS_ALL, SCAN_FACTS_USER) and mounts (SCAN_FACTS_MOUNTS)
 * into a model that is not shared yet. Returns 0 or -ECANCELED; then the model is released. */
_must_check_ int scan_read_facts(
        struct kernel *kernel, const struct scan_options *options, const struct model *model);
