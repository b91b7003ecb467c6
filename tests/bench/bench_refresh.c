/* SPDX-License-Identifier: Apache-2.0 */

/* A model that is kept up to date, among the processes of `crowd`: what its parts cost, in CPU time
 * of this process, medians. Jobs of the helper are not in it. */

#include "base/memory.h"
#include "kernel/kernel_linux.h"
#include "kernel/privileged/privileged.h"
#include "privsep/helper.h"
#include "scan/refresh.h"
#include "scan/refresh_copy.h"
#include "tests/bench/bars.h"

#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

enum { TIMES = 11, NAMED = 4, BAR_PERCENT = 2 };

struct bench {
	struct kernel *kernel;
	struct scan_options options;
	struct refresh *refresh;
	const struct model *model;
};

static double cpu_ms(void)
{
	struct timespec used;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
	return (double)used.tv_sec * 1e3 + (double)used.tv_nsec / 1e6;
}

_noreturn_ static void fail(const char *what, int r)
{
	fprintf(stderr, "bench_refresh: %s: %d\n", what, r);
	exit(EXIT_FAILURE);
}

/* Takes the reference. */
static void take(struct bench *bench, const struct model *model)
{
	model_unref(bench->model);
	bench->model = model;
}

static double read_all(struct bench *bench)
{
	const double begin = cpu_ms();
	const struct model *model;
	const int r = refresh_all(bench->refresh, NULL, NULL, &model);
	const double took = cpu_ms() - begin;

	if (r < 0)
		fail("refresh_all", r);
	take(bench, model);
	return took;
}

/* Reads what events name. `wanted`: 1 if that has changed. */
static double read_events(
        struct bench *bench, const struct kernel_event *events, size_t n, int wanted)
{
	const double begin = cpu_ms();
	const struct model *model;
	const int r = refresh_events(bench->refresh, events, n, &model);
	const double took = cpu_ms() - begin;

	if (r != wanted)
		fail("refresh_events", r);
	if (r > 0)
		take(bench, model);
	return took;
}

/* Events of processes that have changed nothing: the youngest ones. */
static double read_nothing_new(struct bench *bench)
{
	struct kernel_event events[NAMED];
	size_t n = 0;

	for (size_t i = bench->model->n_processes; i-- > 0 && n < NAMED;) {
		if (bench->model->processes[i]->state != 'Z')
			events[n++] = (struct kernel_event){.pid = bench->model->processes[i]->pid,
			        .kinds = KERNEL_EVENT_NAMESPACES};
	}
	return read_events(bench, events, n, 0);
}

static pid_t start_in_new_ns(void)
{
	int ready[2];
	char byte;
	pid_t pid;

	if (pipe(ready) < 0)
		fail("pipe", -errno);
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (unshare(CLONE_NEWUTS) < 0 || write(ready[1], "", 1) < 0)
			_exit(EXIT_FAILURE);
		pause();
		_exit(EXIT_SUCCESS);
	}
	close(ready[1]);
	if (read(ready[0], &byte, 1) != 1)
		fail("unshare", -EPERM);
	close(ready[0]);
	return pid;
}

/* A new process in a new namespace; then it ends. Returns the mean of the two. */
static double read_a_change(struct bench *bench)
{
	const pid_t pid = start_in_new_ns();
	const struct kernel_event event = {
	        .pid = pid, .kinds = KERNEL_EVENT_NAMESPACES | KERNEL_EVENT_FORK};
	const double begun = read_events(bench, &event, 1, 1);

	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	return (begun + read_events(bench, &event, 1, 1)) / 2;
}

/* Of that, what it costs to copy all that is kept: parts that are shared could save it. */
static double copy_all(struct bench *bench)
{
	const struct model *model;
	struct scan *kept, *part, *next;
	const int r = scan_run_kept(
	        bench->kernel, &bench->options, bench->model, NULL, NULL, &model, &kept);
	double begin, took;

	if (r < 0)
		fail("scan_run_kept", r);
	part = scan_new(bench->kernel, &bench->options, kept);
	next = scan_new(bench->kernel, &bench->options, kept);
	begin = cpu_ms();
	refresh_copy_changed(next, kept, part);
	took = cpu_ms() - begin;
	scan_free(next);
	scan_free(part);
	scan_free(kept);
	model_unref(model);
	return took;
}

static double median_of(struct bench *bench, double (*measure)(struct bench *bench))
{
	double figures[TIMES];

	for (size_t i = 0; i < TIMES; i++)
		figures[i] = measure(bench);
	return bars_percentile(figures, TIMES, 50);
}

/* A whole round, in steps of 64 processes; its last step reads what is not of a process. */
static double read_round(struct bench *bench, double *ret_last)
{
	const double begin = cpu_ms();
	bool is_end = false;

	while (!is_end) {
		const double step = cpu_ms();
		const struct model *model;
		const int r = refresh_step(bench->refresh, 64, &model, &is_end);

		if (r < 0)
			fail("refresh_step", r);
		if (r > 0)
			take(bench, model);
		*ret_last = cpu_ms() - step;
	}
	return cpu_ms() - begin;
}

static void measure(struct bench *bench, struct bars *bars)
{
	double last;

	read_all(bench);
	const double all = median_of(bench, read_all);
	const double nothing = median_of(bench, read_nothing_new);
	const double change = median_of(bench, read_a_change);
	const double copy = median_of(bench, copy_all);
	const double round = read_round(bench, &last);

	bars_most(bars, "a refresh by events without news, of a scan", "%", BAR_PERCENT,
	        100 * nothing / all);
	bars_tell("  a scan again", "ms", all);
	bars_tell("  a refresh with a new namespace, and with its end", "ms", change);
	bars_tell("    of that, copying what is kept", "ms", copy);
	bars_tell("  a round", "ms", round);
	bars_tell("    of that, its last step", "ms", last);
}

int main(void)
{
	struct bench bench = {.options = {.sources = SCAN_SOURCES_DEFAULT,
	                              .n_threads = 1,
	                              .program = "bench",
	                              .with_cmdlines = true}};
	struct helper *helper;
	struct bars bars = {0};

	if (helper_start(privileged_jobs, PRIVILEGED_JOBS, NULL, &helper) < 0 ||
	        kernel_linux_new("/proc", &bench.kernel) < 0)
		return EXIT_FAILURE;
	kernel_linux_set_helper(bench.kernel, helper_channel(helper));
	bench.options.helper = helper_pid(helper);
	bench.refresh = refresh_new(bench.kernel, &bench.options);
	measure(&bench, &bars);
	refresh_free(bench.refresh);
	model_unref(bench.model);
	kernel_free(bench.kernel);
	helper_stop(helper);
	return bars_status(&bars);
}
