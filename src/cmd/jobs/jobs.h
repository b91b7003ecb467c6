/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The jobs of the helper that act for the user. Each file of this folder has the functions that
 * start a job and read its reply, and below them the job. */

#include "base/atomic_file.h"
#include "base/attributes.h"
#include "privsep/helper.h"
#include "ui/pages/settings.h"
#include "view/names.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* --- caller.c -------------------------------------------------------------------------------- */

/* The user who started the program: under sudo(8), as root, that of SUDO_UID and SUDO_GID, else the
 * effective user. */
struct caller {
	uid_t uid;
	gid_t gid;
	bool is_sudo; /* not the effective user */
};

void caller_get(struct caller *ret);

/* The user nobody (65534), who owns no files. */
void caller_get_nobody(struct caller *ret);

/* Changes the user and all groups of this process to those of the caller, and gives up all
 * capabilities, permanently; root without capabilities still may access its own files. Returns 0 or
 * a negative errno; then the process must not go on. The second is for a job: it still ends when
 * the helper does. */
_must_check_ int caller_become(const struct caller *caller);
_must_check_ int caller_become_in_job(const struct caller *caller);

/* Calls `act` with the rights of the caller: to open what a path of the user names. If this process
 * is root and the caller is not, that is as the user and all groups of the caller. With file
 * capabilities (capabilities(7)) no capability is effective. The rights come back after it; if they
 * cannot, the process ends. Returns the result of `act`, or a negative errno without a call. */
_must_check_ int caller_run(const struct caller *caller, int (*act)(void *data), void *data);

/* If the job has a sandbox: from now on it writes only beneath that open directory (landlock.h), if
 * the kernel has that. Returns 0 or a negative errno; then the job must not go on. */
_must_check_ int caller_confine(int directory);

/* Replaces a leading `~/` of a path that was typed by the home directory of the caller. Returns 0
 * and the path; -ENOENT if no home directory is known, -ENAMETOOLONG. */
_must_check_ int caller_expand(
        const struct caller *caller, const char *typed, char *ret_path, size_t size);

/* --- what is fixed for the jobs -------------------------------------------------------------- */

/* What no request can change: the helper gets it before it is forked (struct helper_setup). */
struct jobs_fixed {
	struct caller caller; /* the user whose files the jobs read and write */
	const char *suffixes; /* of files: ".txt .json", one blank between two */
	/* The file of -o, and how it is written (ATOMIC_FILE_*), for save_output_job; or the
	 * directory of save_new_job. Its descriptor is negative if there is none. */
	struct atomic_file_place output;
	unsigned output_flags;
};

/* --- save.c ---------------------------------------------------------------------------------- */

/* The jobs that write a file as the caller, without capabilities: to the place of -o; to a path
 * that was typed, with one of the suffixes; or a new file with one of the suffixes in a directory
 * that is fixed. */

/* Their reply. */
struct saved {
	bool is_done;
	bool is_existing; /* not written since a file exists: */
	uint64_t size;    /* its size in bytes */
	int64_t age;      /* seconds since it was written */
	char path[4096];  /* as written, `~` expanded, raw; "" for -o */
	char error[160];  /* printable text if it is not done */
};

/* save_root_output_job is save_output_job for a helper that is root, and the caller, too: without
 * the rights to become another user. */
extern const struct helper_job save_output_job, save_root_output_job, save_job, save_new_job;

/* True if `path` ends in one of the suffixes (one blank between two), with something before it in
 * its last component. */
bool save_has_suffix(const char *path, const char *suffixes);

/* Starts to write the content of the memfd `content` to `path` (relative to the working directory;
 * a leading `~/` is the home directory of the caller), by save_job, or, if the helper has not that,
 * by save_new_job: then `path` is the name of a new file. `is_replacing`: an existing file is
 * replaced. Returns as helper_start_job; -ENAMETOOLONG. */
_must_check_ int save_start(struct helper *helper, const char *path, int content, bool is_replacing,
        struct helper_pending *ret);

/* Reads the reply after the exit notice, and closes pending->replies. Always fills *ret. */
void save_finish(
        const struct helper_exit *notice, struct helper_pending *pending, struct saved *ret);

/* False if this helper cannot start a job that writes the file of -o: there is no process, or the
 * limit of processes is reached. (An empty request shows that, which the job refuses.) */
bool save_can_start(struct helper *helper);

/* Writes the file of -o and waits; without a helper, in this process, which then becomes the caller
 * and gives up all capabilities: `fixed` is what the helper would have. Always fills *ret. */
void save_output(
        struct helper *helper, const struct jobs_fixed *fixed, int content, struct saved *ret);

/* --- draw.c ---------------------------------------------------------------------------------- */

/* The job that runs Graphviz (`dot -Tsvg`) to lay out a graph. dot is another program, and its
 * input contains text of other users, so it gets no more than it needs: the user nobody, no
 * capabilities and no_new_privs, a fixed environment, no descriptors but its input and output,
 * limits of memory, time and output, and the deadline of the job. If the client closes the socket
 * for replies, dot is killed at once. */

enum {
	DRAW_NODES_MAX = 1500, /* a larger graph is refused: dot takes minutes for a few thousand */
	DRAW_DEADLINE_MS = 10 * 1000,
};

/* The reply; the SVG comes with it as a memfd, unless there is an error. */
struct drawn {
	char error[160]; /* printable text, or "" */
};

extern const struct helper_job draw_job;

/* Starts to lay out the graph in DOT that the memfd `graph` holds. Closing ret->replies ends the
 * job. Returns as helper_start_job. */
_must_check_ int draw_start(struct helper *helper, int graph, struct helper_pending *ret);

/* Reads the reply after the exit notice, and closes pending->replies. Returns a descriptor of the
 * SVG, or -EIO and the error in *ret. */
_must_check_ int draw_finish(
        const struct helper_exit *notice, struct helper_pending *pending, struct drawn *ret);

/* Lays out a graph and waits. Returns as draw_finish. */
_must_check_ int draw_now(struct helper *helper, int graph, struct drawn *ret);

/* For tests: runs the job with the first of `programs` (absolute paths, NULL at the end) that
 * exists. It must be writable by root only, and so must its directory. */
int draw_by(const char *const *programs, const struct helper_request *request, int replies);

/* --- complete.c ------------------------------------------------------------------------------ */

/* The job that completes a file name: it lists a directory as the caller. */

enum { COMPLETED_NAMES = 8192 };

/* Its reply. */
struct completed {
	char error[160];   /* printable text if the directory could not be listed; else "" */
	char prefix[4096]; /* of the request */
	char text[4096];   /* the longest prefix that all matches share, as typed: `~/` stays */
	size_t n_all;      /* number of matches */
	size_t n;          /* number of names: */
	char names[COMPLETED_NAMES]; /* the first of them, sorted, each ends with NUL; those of
	                                directories with `/` before it */
};

extern const struct helper_job complete_job;

/* Starts to look for file names that begin with `prefix`. Returns as helper_start_job;
 * -ENAMETOOLONG. */
_must_check_ int complete_start(
        struct helper *helper, const char *prefix, struct helper_pending *ret);

/* Reads the reply after the exit notice, and closes pending->replies. Always fills *ret. */
void complete_finish(
        const struct helper_exit *notice, struct helper_pending *pending, struct completed *ret);

/* --- user_names.c ---------------------------------------------------------------------------- */

/* The names of users. One job looks up many, those in /etc/passwd first, and then, for a short
 * time, the others by getpwuid(3), which may query a server. Those that are left then are looked up
 * one by one, each by a job of its own, several at a time: one that gets no answer delays no other.
 */

enum {
	USER_NAMES_AT_ONCE = 8,
	USER_NAMES_LIMIT_MS = 2000, /* for one job */
};

extern const struct helper_job user_names_job;

/* Called once for each user. `name` is NULL if there is none. With `is_failed` that is not known:
 * the look-up took too long or ended with an error. */
typedef void user_names_fn(void *data, uid_t uid, const char *name, bool is_failed);

/* Look-ups that wait or run. */
struct user_names;

/* `helper` must stay valid. */
struct user_names *user_names_new(struct helper *helper, user_names_fn *take, void *data);

/* The jobs that still run are left to their limit, or to helper_stop. NULL is ignored. */
void user_names_free(struct user_names *users);

/* Adds a user whose name is to be looked up; user_names_start starts as many look-ups as may run
 * now, user_names_handle_exit the next ones. */
void user_names_add(struct user_names *users, uid_t uid);
void user_names_start(struct user_names *users);

/* Handles the exit notice if it is of a look-up. HELPER_LOST ends all of them. */
void user_names_handle_exit(struct user_names *users, const struct helper_exit *notice);

/* True while look-ups run. */
bool user_names_is_running(const struct user_names *users);

/* Looks up any number of names, and waits, but not longer than wait_ms: then the others have
 * failed. If no job can be started, this process reads /etc/passwd. Exit notices of other jobs are
 * dropped. */
void user_names_now(
        struct helper *helper, const uid_t *uids, size_t n, int64_t wait_ms, struct names *names);

/* --- config_file.c --------------------------------------------------------------------------- */

/* The jobs that read and write the config file as the caller: $XDG_CONFIG_HOME/nsbrowse/config,
 * without that ~/.config/nsbrowse/config. A relative path is ignored. Under sudo(8) the environment
 * may be that of root, so then the file is below the home directory of the caller. */

extern const struct helper_job config_file_read_job, config_file_write_job;

/* Reads the file, and waits. Applies its settings, except those in `is_given`. Errors in it are
 * written to standard error and are not fatal. Returns the first of them, raw, for the screen,
 * which the caller frees; or NULL. */
char *config_file_load(
        struct helper *helper, struct settings *settings, const bool is_given[static SETTINGS]);

/* Starts to write these settings to the file. The reply is read by save_finish. Returns as
 * helper_start_job. */
_must_check_ int config_file_start_write(
        struct helper *helper, const struct settings *settings, struct helper_pending *ret);
