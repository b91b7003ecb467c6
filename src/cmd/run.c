/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/run.h"

#include "base/descriptors.h"
#include "base/memory.h"
#include "base/message.h"
#include "cmd/about.h"
#include "cmd/answer.h"
#include "cmd/jobs/jobs.h"
#include "cmd/output.h"
#include "cmd/rights.h"
#include "cmd/run_jobs.h"
#include "cmd/session.h"
#include "cmd/signals.h"
#include "cmd/source.h"
#include "cmd/start.h"
#include "kernel/kernel_linux.h"
#include "kernel/privileged/privileged.h"
#include "scan/scan.h"
#include "ui/input/keys.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <string.h>

/* EXIT_TROUBLE: errors of an audit, in which EXIT_FAILURE means that something was found. */
enum { EXIT_USAGE = 2, EXIT_TROUBLE = 2 };

/* How long a file waits for the names of users. */
enum { NAMES_WAIT_MS = 10 * 1000 };

/* The resources of a run. */
struct run {
	struct options options;
	struct start start;
	struct kernel *kernel;
	const struct model *model;
	struct names *names;
	char *demo;      /* path of the snapshot of --demo; NULL without it */
	bool is_failure; /* of an answer: exit status 1 */
};

static void release(struct run *run)
{
	free(run->demo);
	model_unref(run->model);
	names_free(run->names);
	kernel_free(run->kernel);
	start_release(&run->start);
}

static bool is_utf8_locale(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

static bool is_dumb_terminal(void)
{
	const char *term = getenv("TERM");

	return term && strcmp(term, "dumb") == 0;
}

static bool is_colored(const struct options *options)
{
	const char *no_color = getenv("NO_COLOR");

	if (options->color != WHEN_AUTO)
		return options->color == WHEN_ALWAYS;
	if ((no_color && *no_color) || is_dumb_terminal())
		return false;
	return isatty(STDOUT_FILENO) && (!options->output || strcmp(options->output, "-") == 0);
}

static bool is_live(const struct run *run)
{
	return !run->options.snapshot;
}

static int start(struct run *run)
{
	const int r = start_run(&run->options, &run->start);

	run->names = names_new();
	return r;
}

static int prepare_rights(const struct run *run, struct rights_plan *ret)
{
	const enum rights rights = is_live(run) ? RIGHTS_TO_SCAN : RIGHTS_NONE;
	/* The user nobody could not write the file in place of a helper. */
	const bool has_helper = run->start.is_nobody || save_can_start(run->start.writer);
	int r = 0;

	*ret = (struct rights_plan){.ruleset = -EBADF};
	if (run->options.has_sandbox)
		r = rights_prepare(rights, has_helper, ret);
	if (r < 0)
		message_errno("dropping privileges", r);
	return r;
}

/* With a screen the session does it, when the terminal is open. */
static int confine(const struct run *run)
{
	struct rights_plan plan;
	int r = prepare_rights(run, &plan);

	if (r >= 0) {
		r = rights_confine(&plan);
		if (r < 0)
			message_errno("dropping privileges", r);
	}
	rights_release(&plan);
	return r;
}

/* Users whose names are looked up together. */
struct uids {
	uid_t *all;
	size_t n;
	size_t capacity;
};

static void add_uid(struct uids *uids, struct names *names, uid_t uid)
{
	if (names_request(names, uid))
		MEMORY_APPEND(uids->all, uids->n, uids->capacity) = uid;
}

/* Looks up the names of the owners of namespaces, and for the text of the process view those of the
 * users of processes. (A snapshot contains names.) */
static void look_up_names(struct run *run)
{
	const bool with_processes =
	        run->options.form == FORM_TEXT && run->options.view.kind == VIEW_PROCESSES;
	const struct model *model = run->model;
	struct uids uids = {0};

	for (size_t i = 0; i < model->n_namespaces; i++) {
		if (model->namespaces[i]->owner_uid_state == REL_KNOWN)
			add_uid(&uids, run->names, model->namespaces[i]->owner_uid);
	}
	for (size_t i = 0; i < model->n_processes; i++) {
		if (with_processes && model->processes[i]->uid_state == REL_KNOWN)
			add_uid(&uids, run->names, model->processes[i]->uid);
	}
	user_names_now(run->start.helper, uids.all, uids.n, NAMES_WAIT_MS, run->names);
	free(uids.all);
}

static void use_helper(struct run *run)
{
	struct start *const start = &run->start;

	kernel_linux_set_helper(run->kernel, helper_channel(start->helper));
	ns_list_set_first(
	        run->kernel, start->namespaces_error, start->namespaces, start->n_namespaces);
	start->namespaces = NULL;
}

static int open_kernel(struct run *run)
{
	int r = kernel_linux_new("/proc", &run->kernel);

	if (r == -ENOENT || r == -ENODEV) /* nothing is there, or another file system */
		message_line("/proc is not mounted");
	else if (r < 0)
		message_errno("/proc", r);
	else
		use_helper(run);
	return r;
}

static int load(struct run *run)
{
	int r = source_load(run->options.snapshot, run->start.snapshot, &run->model);

	if (r < 0)
		return r;
	names_add_model(run->names, run->model);
	return 0;
}

static int read_model(struct run *run)
{
	int r;

	if (!is_live(run))
		return load(run);
	r = open_kernel(run);
	if (r >= 0)
		r = source_scan(
		        run->kernel, &run->options, helper_pid(run->start.helper), &run->model);
	if (r < 0)
		return r;
	look_up_names(run);
	return 0;
}

static struct output_request request_for(
        const struct run *run, const struct answer *answer, const struct view_options *view)
{
	const struct options *options = &run->options;
	/* Files and pipes always get UTF-8, but a terminal may not show it. */
	const bool is_ascii = options->form == FORM_TEXT && !options->output &&
	                      isatty(STDOUT_FILENO) && !is_utf8_locale();

	return (struct output_request){
	        .form = options->form,
	        .answer = answer->write,
	        .answer_data = answer->data,
	        .model = run->model,
	        .names = run->names,
	        .view = *view,
	        .cmdlines = options_cmdlines(options),
	        .theme = options_theme(options),
	        .is_long = options->is_long,
	        .columns = options->columns_list ? &options->columns : NULL,
	        .only_leaked = options->only_leaked,
	        .is_ascii = options->is_ascii || is_ascii,
	        .is_color = is_colored(options),
	        .is_by_dot = options->is_by_dot,
	};
}

static int write_model(struct run *run)
{
	const struct options *options = &run->options;
	const bool is_stdout = !options->output || strcmp(options->output, "-") == 0;
	struct answer answer;
	struct view_options view;
	int r = answer_find(&answer, options, run->model, run->names);

	if (r >= 0)
		r = answer_find_view(&view, options, run->model);
	if (r < 0) {
		answer_release(&answer);
		return r;
	}
	const struct output_request request = request_for(run, &answer, &view);
	const struct output_target target = {
	        .path = options->output,
	        .fixed = &run->start.fixed,
	        .writer = run->start.writer,
	        .helper = run->start.helper,
	};
	if (is_stdout)
		r = output_to_stdout(&request, target.helper);
	else
		r = output_to_file(&request, &target);
	if (r >= 0)
		source_warn_partial(run->model, run->names);
	if (r >= 0 && options->only_leaked)
		source_warn_unsearched(run->model);
	run->is_failure = answer.is_failure;
	answer_release(&answer);
	return r;
}

static int browse(struct run *run)
{
	struct start *const start = &run->start;
	struct rights_plan plan;
	int r = 0;

	if (!start->has_config)
		start->greeting = config_file_load(
		        start->helper, &run->options.settings, run->options.is_given);
	run->options.sources = settings_sources(&run->options.settings);
	if (is_live(run))
		r = open_kernel(run);
	else if (isatty(start->snapshot)) /* not while it is the keyboard too */
		r = load(run);
	if (r < 0)
		return r;
	r = prepare_rights(run, &plan);
	if (r >= 0)
		r = session_run(&(struct session_options){
		        .options = &run->options,
		        .plan = &plan,
		        .kernel = run->kernel,
		        .start = start,
		        .model = run->model,
		        .is_color = is_colored(&run->options),
		        .is_ascii = !is_utf8_locale(),
		});
	rights_release(&plan);
	return r;
}

/* --- help and version ------------------------------------------------------------------------ */

/* Prints what an option requests instead of namespaces. --version --verbose prints the rights of a
 * scan, so it starts like one; without /proc it prints the rest. */
static int answer_request(struct run *run)
{
	const struct options *options = &run->options;
	const bool is_about = options->request == REQUEST_VERSION && options->is_verbose;
	const int r = is_about ? start(run) : 0;

	if (r < 0)
		return r;
	if (options->request == REQUEST_HELP)
		options_help(options->program, stdout);
	else if (options->request == REQUEST_LIST_KEYS)
		keys_print(stdout);
	else if (options->request == REQUEST_LIST_COLUMNS)
		column_print(stdout);
	else
		printf("%s %s\n", options_program_name(options->program), PACKAGE_VERSION);
	if (is_about) {
		const int confined = confine(run);

		if (confined < 0)
			return confined;
		(void)open_kernel(run);
		about_print(stdout, run->kernel, run->start.helper, options);
	}
	/* What is longer than a buffer may have failed before; errno is that of the last write. */
	return output_finish_stdout(ferror(stdout) ? -errno : 0);
}

/* Makes all threads use one heap. With a heap for each thread glibc opens
 * /proc/sys/vm/overcommit_memory when it shrinks one (shrink_heap in malloc/arena.c), and a file
 * system that is mounted there may never reply. */
static void limit_heaps(void)
{
#ifdef __GLIBC__
	mallopt(M_ARENA_MAX, 1);
#endif
}

static int work(struct run *run)
{
	int r = start(run);

	if (r < 0)
		return r;
	if (run->options.form == FORM_SCREEN)
		return browse(run);
	r = confine(run);
	if (r >= 0)
		r = read_model(run);
	return r < 0 ? r : write_model(run);
}

int run(enum program program, int argc, char **argv)
{
	struct run run = {.start = {.snapshot = -EBADF, .fixed.output.directory = -EBADF}};
	int r;

	limit_heaps();
	signals_ignore_failed_writes();
	setlocale(LC_CTYPE, "");
	if (descriptors_fill_standard() < 0)
		return EXIT_FAILURE;
	if (options_parse(program, argc, argv, &run.options) < 0)
		return EXIT_USAGE;
	if (run.options.is_demo)
		run.options.snapshot = run.demo = source_demo_path();
	/* Without a terminal there is no screen. */
	if (!isatty(STDOUT_FILENO) || is_dumb_terminal())
		options_use_plain_form(&run.options);
	if (options_check_form(&run.options) < 0)
		return EXIT_USAGE;
	r = run.options.request != REQUEST_WORK ? answer_request(&run) : work(&run);
	release(&run);
	if (r < 0)
		return run.options.question == QUESTION_AUDIT ? EXIT_TROUBLE : EXIT_FAILURE;
	return run.is_failure ? EXIT_FAILURE : EXIT_SUCCESS;
}
