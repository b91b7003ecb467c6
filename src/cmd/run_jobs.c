/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/run_jobs.h"

#include "cmd/jobs/jobs.h"
#include "kernel/privileged/privileged.h"
#include "scan/scan.h"

#include <string.h>

/* What a run does, bits. */
enum {
	FOR_SAVE = 1 << 0,       /* saves files from the screen */
	FOR_NEW = 1 << 1,        /* saves only new ones, in one directory */
	FOR_COMPLETION = 1 << 2, /* completes their names */
	FOR_CONFIG = 1 << 3,     /* reads and writes options of the screen */
	FOR_FILE = 1 << 4,       /* writes a file (-o) as the caller */
	FOR_ROOT_FILE = 1 << 5,  /* writes it as root, who is the caller */
	FOR_DOT = 1 << 6,        /* runs Graphviz: on the screen, or --layout=dot */
	FOR_SCAN = 1 << 7,       /* reads this host */
	FOR_RESCAN = 1 << 8, /* and does so again: namespaces of the model before are looked up */
	FOR_FACTS = 1 << 9,  /* reads what is in namespaces */
	FOR_LINKS = 1 << 10, /* and how network namespaces are connected */
	FOR_CONTAINERS = 1 << 11, /* reads the names of containers */
	FOR_FEATURES = 1 << 12,   /* tries what the kernel offers (--version --verbose, the help) */
	FOR_EVENTS = 1 << 13,     /* refreshes by events of the kernel */
	FOR_USERS = 1 << 14,      /* reads what is in user namespaces */
	FOR_MOUNTS = 1 << 15,     /* reads the mounts of all mount namespaces */
	/* Namespaces are reached by whatever the scan has found them. */
	ANY_SOURCES = FOR_FACTS | FOR_LINKS | FOR_USERS | FOR_MOUNTS,
	FOR_SCREEN = FOR_SAVE | FOR_COMPLETION | FOR_CONFIG | FOR_DOT, /* the browser */
};

/* On the screen they are read when they are shown, else by the scan. */
static unsigned facts_for(const struct options *options)
{
	const unsigned facts = options->form != FORM_SCREEN ? options_facts(options)
	                       : options->facts             ? ~0u
	                                                    : 0;
	unsigned what = 0;

	if (options->snapshot)
		return 0;
	if (facts & SCAN_FACTS_ALL)
		what |= FOR_FACTS | (facts & SCAN_FACTS_LINKS ? FOR_LINKS : 0);
	else if (facts & SCAN_FACTS_USER)
		what |= FOR_USERS;
	return what | (facts & SCAN_FACTS_MOUNTS ? FOR_MOUNTS : 0);
}

static unsigned what_for(const struct options *options)
{
	const unsigned events = options->without_events ? 0 : FOR_EVENTS;
	unsigned what = (options->snapshot ? 0 : FOR_SCAN) | facts_for(options);

	if (!options->snapshot && (options->facts & SCAN_FACTS_SHOWN))
		what |= FOR_CONTAINERS;
	if (options->request == REQUEST_VERSION)
		return FOR_FEATURES | events;
	if (options->form == FORM_SCREEN)
		return what | FOR_SCREEN |
		       (options->snapshot ? 0 : FOR_RESCAN | FOR_FEATURES | events);
	if (options->output && strcmp(options->output, "-") != 0)
		what |= FOR_FILE;
	return what | (options->is_by_dot ? FOR_DOT : 0);
}

#define MOUNTS (1u << SOURCE_MOUNT | 1u << SOURCE_MNTNS)

/* The jobs of all runs. */
static const struct {
	const struct helper_job *job; /* that of the row before: for this, too */
	unsigned what;                /* needed by any of these, ... */
	uint32_t sources;             /* ... with any of these sources; 0: with any, as
	                               * those of ANY_SOURCES are in each row */
} rows[] = {
        {&save_job, FOR_SAVE, 0},
        {&save_new_job, FOR_NEW, 0},
        {&save_output_job, FOR_FILE, 0},
        {&save_root_output_job, FOR_ROOT_FILE, 0},
        {&draw_job, FOR_DOT, 0},
        {&complete_job, FOR_COMPLETION, 0},
        {&config_file_read_job, FOR_CONFIG, 0},
        {&config_file_write_job, FOR_CONFIG, 0},
        {&user_names_job, FOR_SCAN, 0}, /* a snapshot contains the names */
        {&cmdlines_job, FOR_SCAN, 0},
        {&container_files_job, FOR_CONTAINERS, 0},
        {&ns_list_job, FOR_SCAN, 1u << SOURCE_LISTNS},
        {&ns_keys_job, FOR_SCAN, 1u << SOURCE_LISTNS},
        {&ns_keys_job, FOR_RESCAN | FOR_FACTS | FOR_USERS | FOR_MOUNTS,
                MOUNTS | 1u << SOURCE_SOCKET},
        {&ns_mounted_job, FOR_SCAN | FOR_FACTS | FOR_MOUNTS, MOUNTS},
        {&ns_mounted_mountinfo_job, FOR_SCAN | FOR_FACTS | FOR_MOUNTS, 1u << SOURCE_MOUNT},
        {&proc_mounts_job, FOR_SCAN, 1u << SOURCE_MOUNT},
        {&mount_ns_list_job, FOR_SCAN | FOR_MOUNTS, 1u << SOURCE_MNTNS},
        {&mount_ns_open_job, FOR_SCAN, 1u << SOURCE_MNTNS},
        {&mount_texts_job, FOR_SCAN | FOR_MOUNTS, 1u << SOURCE_MNTNS},
        {&socket_ns_job, FOR_SCAN | FOR_FACTS | FOR_MOUNTS, 1u << SOURCE_SOCKET},
        {&net_files_job, FOR_FACTS, 0},
        {&net_links_job, FOR_FACTS, 0},
        {&net_dump_job, FOR_LINKS, 0},
        {&net_nsids_job, FOR_LINKS, 0},
        {&ns_inside_job, FOR_FACTS | FOR_USERS, 0},
        {&subids_job, FOR_FACTS | FOR_USERS, 0},
        {&features_job, FOR_FEATURES, 0},
        {&events_job, FOR_EVENTS, 0},
};

/* What the two helpers do for a snapshot; the config file was read before. */
static unsigned part_of(enum run_helper helper, unsigned what)
{
	if (helper == RUN_WRITER)
		return (what & FOR_FILE ? FOR_ROOT_FILE : 0) | (what & FOR_SAVE ? FOR_NEW : 0);
	return helper == RUN_NOBODY ? what & (FOR_COMPLETION | FOR_DOT) : what;
}

/* True if the job of that row is the last one of the list. */
static bool is_last(const struct helper_job *const *list, size_t n, size_t row)
{
	return n > 0 && list[n - 1] == rows[row].job;
}

size_t run_jobs(const struct options *options, enum run_helper helper,
        const struct helper_job *ret[static RUN_JOBS_MAX])
{
	const unsigned what = part_of(helper, what_for(options));
	/* On the screen the sources can be changed. */
	const uint32_t sources = what & FOR_RESCAN ? SCAN_SOURCES_ALL : options->sources;
	size_t n = 0;

	_Static_assert(ARRAY_SIZE(rows) <= RUN_JOBS_MAX, "room for all");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const bool has_source = !rows[i].sources || (rows[i].sources & sources);
		const unsigned for_this = rows[i].what & what;

		if (((for_this && has_source) || (for_this & ANY_SOURCES)) && !is_last(ret, n, i))
			ret[n++] = rows[i].job;
	}
	return n;
}

size_t run_jobs_all(const struct helper_job *ret[static RUN_JOBS_MAX])
{
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (!is_last(ret, n, i))
			ret[n++] = rows[i].job;
	}
	return n;
}
