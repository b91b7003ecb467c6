/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/start.h"

#include "base/descriptors.h"
#include "base/message.h"
#include "cmd/output.h"
#include "cmd/rights.h"
#include "cmd/run_jobs.h"
#include "cmd/source.h"
#include "kernel/privileged/privileged.h"
#include "scan/scan.h"

#include <fcntl.h>
#include <string.h>

/* --- with the rights of the caller ----------------------------------------------------------- */

struct place_request {
	const struct caller *caller;
	const char *path;
	struct atomic_file_place *place;
};

static int open_place(void *data)
{
	const struct place_request *const request = data;

	return atomic_file_open_place(request->path, request->caller->uid, request->place);
}

/* Opens the directory of `typed`. */
static int open_output(struct jobs_fixed *fixed, const char *typed)
{
	char path[sizeof(((struct saved *)NULL)->path)], why[160] = "";
	struct place_request request = {&fixed->caller, path, &fixed->output};
	int r = caller_expand(&fixed->caller, typed, path, sizeof(path));

	if (r < 0) {
		message_error(typed, r == -ENOENT ? "no home directory is known" : strerror(-r));
		return r;
	}
	fixed->output.name[0] = '\0';
	r = caller_run(&fixed->caller, open_place, &request);
	if (r < 0) {
		atomic_file_explain(r, &fixed->output, why, sizeof(why));
		message_error(typed, why);
		fixed->output.directory = -EBADF;
	}
	return r;
}

/* Metrics replace a file of the caller, and all users may read them: what a collector reads under
 * another user is written again and again. */
static unsigned output_flags(const struct options *options)
{
	const unsigned flags = options->is_forced ? ATOMIC_FILE_REPLACE : 0;

	if (options->form == FORM_METRICS)
		return flags | ATOMIC_FILE_REPLACE_OWN | ATOMIC_FILE_READABLE;
	return flags;
}

static int open_paths(const struct options *options, struct start *start)
{
	const bool has_output = options->output && strcmp(options->output, "-") != 0;
	int r = 0;

	if (options->snapshot)
		r = start->snapshot = source_open(&start->fixed.caller, options->snapshot);
	if (r >= 0 && has_output)
		r = open_output(&start->fixed, options->output);
	start->fixed.output_flags = output_flags(options);
	return r < 0 ? r : 0;
}

/* --- helpers --------------------------------------------------------------------------------- */

static int start_helper(const struct options *options, enum run_helper which,
        const struct jobs_fixed *fixed, struct helper **ret)
{
	const struct helper_job *jobs[RUN_JOBS_MAX];
	const size_t n = run_jobs(options, which, jobs);
	const struct helper_setup setup = {
	        .fixed = fixed,
	        .fds = &fixed->output.directory,
	        .n_fds = fixed->output.directory >= 0,
	        .has_sandbox = options->has_sandbox,
	};
	int r = helper_start(jobs, n, &setup, ret);

	/* RLIMIT_NPROC or pids.max is reached: text needs no other process. */
	if (r == -EAGAIN && options->form != FORM_SCREEN) {
		*ret = helper_none(jobs, n);
		r = 0;
	}
	if (r < 0)
		message_errno("cannot start a process", r);
	return r;
}

/* As root, by a helper that ends then: the user nobody could not read the file. */
static int read_config(struct options *options, struct start *start)
{
	static const struct helper_job *const jobs[] = {&config_file_read_job};
	const struct helper_setup setup = {
	        .fixed = &start->fixed, .has_sandbox = options->has_sandbox};
	struct helper *helper;
	const int r = helper_start(jobs, ARRAY_SIZE(jobs), &setup, &helper);

	if (r < 0) {
		message_errno("cannot start a process", r);
		return r;
	}
	start->greeting = config_file_load(helper, &options->settings, options->is_given);
	start->has_config = true;
	helper_stop(helper);
	return 0;
}

/* The directory of new files is the working directory. */
static int start_writer(const struct options *options, struct start *start)
{
	struct jobs_fixed fixed = start->fixed;
	int r;

	if (options->form == FORM_SCREEN)
		fixed.output.directory = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	r = start_helper(options, RUN_WRITER, &fixed, &start->writer);
	if (options->form == FORM_SCREEN)
		close_fd(&fixed.output.directory);
	return r;
}

static int start_as_nobody(struct options *options, struct start *start)
{
	struct jobs_fixed fixed = {.suffixes = start->fixed.suffixes, .output.directory = -EBADF};
	int r = options->form == FORM_SCREEN ? read_config(options, start) : 0;

	if (r == 0)
		r = start_writer(options, start);
	if (r < 0)
		return r;
	caller_get_nobody(&fixed.caller);
	r = rights_become(&fixed.caller);
	if (r < 0) {
		message_errno("dropping privileges", r);
		return r;
	}
	start->is_nobody = true;
	return start_helper(options, RUN_NOBODY, &fixed, &start->helper);
}

static int start_as_caller(const struct options *options, struct start *start)
{
	int r = 0;

	if (options->snapshot && options->has_sandbox)
		r = rights_become(&start->fixed.caller);
	if (r < 0) {
		message_errno("dropping privileges", r);
		return r;
	}
	r = start_helper(options, RUN_HELPER, &start->fixed, &start->helper);
	start->writer = start->helper;
	return r;
}

/* --- namespaces ------------------------------------------------------------------------------ */

/* The first list of a scan: a job of the helper would take far longer. */
static void list_namespaces(const struct options *options, struct start *start)
{
	start->namespaces_error = -ENOENT;
	if (!options->snapshot && (options->sources & 1u << SOURCE_LISTNS))
		start->namespaces_error = ns_list_now(&start->namespaces, &start->n_namespaces);
}

/* --- the run --------------------------------------------------------------------------------- */

static int do_nothing(_unused_ void *data)
{
	return 0;
}

static bool is_to_be_nobody(const struct options *options, const struct caller *caller)
{
	struct caller nobody;

	caller_get_nobody(&nobody);
	return options->snapshot && options->has_sandbox && caller->uid == 0 &&
	       caller_run(&nobody, do_nothing, NULL) == 0;
}

int start_run(struct options *options, struct start *ret)
{
	const enum rights rights = options->snapshot ? RIGHTS_NONE : RIGHTS_TO_SCAN;
	int r;

	*ret = (struct start){.snapshot = -EBADF,
	        .fixed = {.suffixes = FORM_SUFFIXES, .output.directory = -EBADF}};
	caller_get(&ret->fixed.caller);
	r = open_paths(options, ret);
	if (r < 0)
		return r;
	const int kept[] = {ret->snapshot, ret->fixed.output.directory};
	descriptors_close_except(kept, ARRAY_SIZE(kept));
	r = is_to_be_nobody(options, &ret->fixed.caller) ? start_as_nobody(options, ret)
	                                                 : start_as_caller(options, ret);
	if (r < 0)
		return r;
	/* In the other runs save_output may need it. */
	if (ret->is_nobody)
		close_fd(&ret->fixed.output.directory);
	list_namespaces(options, ret);
	if (options->has_sandbox) {
		r = rights_drop(&ret->fixed.caller, rights);
		if (r < 0)
			message_errno("dropping privileges", r);
	}
	return r;
}

void start_release(struct start *start)
{
	free(start->greeting);
	free(start->namespaces);
	if (start->writer != start->helper)
		helper_stop(start->writer);
	helper_stop(start->helper);
	close_fd(&start->snapshot);
	close_fd(&start->fixed.output.directory);
}
