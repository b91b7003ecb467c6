/* SPDX-License-Identifier: Apache-2.0 */
/* sweep [--few=N] [--calls=CALL,...] [--errors=E,...] FORM PROGRAM [ARGUMENT]...: makes each system
 * call of a scan fail once with each error, by strace(1), and checks what the program makes of it.
 * FORM is `json`, `text`, or `file`: JSON by -o. Begins with a run without errors, of which the
 * processes and namespaces that there are now are what each run must show. It may show less only if
 * it says so, in the snapshot or on standard error, or exits with status 1 or 127 (of ld.so(8)) and
 * a message. ENOENT of a file of /proc means that a process or what it was in has ended, and EPERM
 * of NS_GET_PARENT that the parent is outside (ioctl_nsfs(2)): that is shown, and so what is lost
 * by it is counted apart. With --few only so many places of each call and error.
 *
 * The world must be quiet: the scenes of tests/scenes. Prints each wrong run, and last the sums.
 * Exit status 0: there was none; 77: no strace. */
#include "base/attributes.h"
#include "base/descriptors.h"
#include "base/memory.h"
#include "base/monotonic.h"
#include "snapshot/snapshot.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORKERS = 2, DEADLINE_MS = 20 * 1000, ARGUMENTS = 16 };

enum form { FORM_JSON, FORM_TEXT, FORM_FILE };

/* What one run gave. */
struct run {
	int status; /* of wait(2); -1: it had not ended at the deadline */
	char *out, *errors, *trace;
	size_t out_len;
};

struct sums {
	unsigned n, n_injected, n_whole, n_partial, n_ended, n_refused, n_wrong;
};

struct sweep {
	enum form form;
	const char *calls, *error_names;
	unsigned few; /* 0: each place */
	char **program;
	struct run first;
	const struct model *truth; /* of the first run */
	uint64_t now;              /* processes that started later are not compared */
	struct sums *sums;         /* shared by the workers, each has its own */
	char file[32], trace[32];  /* of this worker */
};

/* --- one run --------------------------------------------------------------------------------- */

static char *read_all(int fd, size_t *ret_len)
{
	const off_t len = lseek(fd, 0, SEEK_END);
	char *const text = memory_new((size_t)len + 1);

	*ret_len = (size_t)pread(fd, text, (size_t)len, 0);
	text[*ret_len] = '\0';
	return text;
}

static char *read_file(const char *path, size_t *ret_len)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);

	*ret_len = 0;
	return fd < 0 ? memory_strdup("") : read_all(fd, ret_len);
}

/* In the child. */
_noreturn_ static void start(
        const struct sweep *sweep, const char *call, char *inject, int out, int errors)
{
	_cleanup_free_ char *trace = memory_printf("trace=%s,munmap", call);
	const char *argv[ARGUMENTS + 16] = {"strace", "-f", "--seccomp-bpf", "-qq", "-o",
	        sweep->trace, "-e", trace, "-e", "signal=none"};
	size_t n = 10;

	if (inject) {
		argv[n++] = "-e";
		argv[n++] = inject;
	}
	for (size_t i = 0; sweep->program[i] && i < ARGUMENTS; i++)
		argv[n++] = sweep->program[i];
	if (sweep->form == FORM_FILE) {
		argv[n++] = "-o";
		argv[n++] = sweep->file;
	}
	dup2(out, STDOUT_FILENO);
	dup2(errors, STDERR_FILENO);
	execvp("strace", (char **)(uintptr_t)argv);
	_exit(126);
}

/* Waits for the child, not longer than the deadline. */
static int wait_for(pid_t child)
{
	_cleanup_close_ int fd = (int)syscall(SYS_pidfd_open, child, 0);
	struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
	int status;

	const bool has_ended = fd >= 0 && poll(&poll_fd, 1, DEADLINE_MS) == 1;
	if (!has_ended)
		kill(-child, SIGKILL);
	waitpid(child, &status, 0);
	return has_ended ? status : -1;
}

/* `inject` may be NULL. */
static void run(const struct sweep *sweep, const char *call, char *inject, struct run *ret)
{
	_cleanup_close_ int out = memfd_create("out", MFD_CLOEXEC);
	_cleanup_close_ int errors = memfd_create("errors", MFD_CLOEXEC);
	size_t len;

	unlink(sweep->file);
	unlink(sweep->trace);
	const pid_t child = fork();
	if (child == 0) {
		setpgid(0, 0);
		start(sweep, call, inject, out, errors);
	}
	ret->status = wait_for(child);
	ret->out = sweep->form == FORM_FILE ? read_file(sweep->file, &ret->out_len)
	                                    : read_all(out, &ret->out_len);
	ret->errors = read_all(errors, &len);
	ret->trace = read_file(sweep->trace, &len);
}

static void release(struct run *run)
{
	free(run->out);
	free(run->errors);
	free(run->trace);
}

/* --- what it must show ----------------------------------------------------------------------- */

static uint64_t inode(const struct ns *ns)
{
	return ns ? ns->inode : 0;
}

/* One that was not read says so by its state, but the view must be partial then. */
static bool is_same_relation(
        const struct model *model, const struct relation *want, const struct relation *got)
{
	const bool is_said = got->state == REL_HIDDEN || got->state == REL_FAILED;

	return (is_said && model->host.partial) || inode(want->ns) == inode(got->ns);
}

/* What differs, as a new string; NULL: nothing. */
static char *ns_difference(const struct model *truth, const struct model *got)
{
	for (size_t i = 0; i < truth->n_namespaces; i++) {
		const struct ns *const want = truth->namespaces[i];
		const struct ns *const ns = model_find(got, want->type, want->inode);

		if (!ns || !is_same_relation(got, &want->owner, &ns->owner) ||
		        !is_same_relation(got, &want->parent, &ns->parent))
			return memory_printf("%s %llu%s", nstype_name(want->type),
			        (unsigned long long)want->inode, ns ? ": its relations" : "");
	}
	for (size_t i = 0; i < got->n_namespaces; i++) {
		const struct ns *const ns = got->namespaces[i];

		if (!model_find(truth, ns->type, ns->inode))
			return memory_printf("%s %llu is invented", nstype_name(ns->type),
			        (unsigned long long)ns->inode);
	}
	return NULL;
}

static bool is_same_process(const struct process *a, const struct process *b)
{
	bool is_same =
	        a->ppid == b->ppid && a->started == b->started && strcmp(a->name, b->name) == 0;

	for (enum nstype type = 0; type < NS_TYPES; type++)
		is_same &= inode(a->ns[type]) == inode(b->ns[type]);
	return is_same;
}

/* A process of the scene that was about to end when the truth was read. */
static bool has_ended(pid_t pid)
{
	return kill(pid, 0) < 0 && errno == ESRCH;
}

static char *difference(const struct sweep *sweep, const struct model *got)
{
	const struct model *const truth = sweep->truth;

	for (size_t i = 0; i < truth->n_processes; i++) {
		const struct process *const want = truth->processes[i];
		const struct process *const process = model_find_process(got, want->pid);

		if (want->started > sweep->now || (!process && has_ended(want->pid)))
			continue;
		if (!process || !is_same_process(want, process))
			return memory_printf(
			        "PID %d%s", want->pid, process ? " differs" : " is missing");
	}
	return ns_difference(truth, got);
}

/* A line on standard error that the first run did not write. */
static bool has_message(const struct sweep *sweep, const struct run *run)
{
	_cleanup_free_ char *errors = memory_strdup(run->errors);
	char *rest = errors, *line;

	while ((line = strsep(&rest, "\n"))) {
		if (*line && !strstr(sweep->first.errors, line))
			return true;
	}
	return false;
}

/* --- the verdict ----------------------------------------------------------------------------- */

/* Returns what is wrong, as a new string, or NULL. */
static char *check_snapshot(
        const struct sweep *sweep, const struct run *run, bool is_end, struct sums *sums)
{
	const struct model *model;
	struct snapshot_problem problem;

	if (snapshot_parse(run->out, run->out_len, NULL, &model, &problem) < 0)
		return memory_printf("no snapshot: %s", problem.what);
	char *wrong = difference(sweep, model);
	const bool has_ended = wrong && is_end && !strstr(wrong, "invented");
	const bool is_said = (model->host.partial & ~sweep->truth->host.partial) != 0 ||
	                     model->host.sources != sweep->truth->host.sources;
	const bool is_empty = !model->n_namespaces || !model->n_processes;

	sums->n_partial += is_said;
	sums->n_ended += !is_said && has_ended;
	sums->n_whole += !is_said && !wrong;
	if ((is_said || has_ended) && !is_empty) {
		free(wrong);
		wrong = NULL;
	}
	model_unref(model);
	return wrong;
}

/* The first line of a text that another one does not have, as a new string; NULL: there is none. */
static char *other_line(const char *text, const char *other)
{
	_cleanup_free_ char *copy = memory_strdup(text);
	char *rest = copy, *line;

	while ((line = strsep(&rest, "\n"))) {
		if (!strstr(other, line))
			return memory_strdup(line);
	}
	return NULL;
}

/* What is not known of a process stands in its line, as `(not read)`. */
static char *check_text(
        const struct sweep *sweep, const struct run *run, bool is_end, struct sums *sums)
{
	char *lost = other_line(sweep->first.out, run->out);
	_cleanup_free_ char *new = other_line(run->out, sweep->first.out);
	const bool is_said = has_message(sweep, run) || (new &&strstr(new, "(not read"));
	const bool has_ended = lost && !is_said && is_end;

	sums->n_whole += !lost;
	sums->n_partial += lost && is_said;
	sums->n_ended += has_ended;
	char *wrong = NULL;
	if (run->out_len == 0)
		wrong = memory_strdup("nothing is written");
	else if (lost && !is_said && !has_ended)
		wrong = memory_printf("-%s\n+%s", lost, new ? new : "");
	free(lost);
	return wrong;
}

static char *check(const struct sweep *sweep, const struct run *run, bool is_end, struct sums *sums)
{
	if (run->status < 0)
		return memory_strdup("has not ended");
	/* ld.so(8) does not check all results; the last call of it is munmap(2). */
	if (WIFSIGNALED(run->status) && !strstr(run->trace, "munmap(")) {
		sums->n_refused++;
		return NULL;
	}
	if (WIFSIGNALED(run->status))
		return memory_printf("ended by signal %d", WTERMSIG(run->status));
	const int status = WEXITSTATUS(run->status);
	if (status == 1 || status == 127) {
		sums->n_refused++;
		return has_message(sweep, run) ? NULL : memory_strdup("fails without a message");
	}
	if (status != 0)
		return memory_printf("exit status %d", status);
	return sweep->form == FORM_TEXT ? check_text(sweep, run, is_end, sums)
	                                : check_snapshot(sweep, run, is_end, sums);
}

/* Returns false if the program has made no such call: so there are no more. */
static bool try(const struct sweep *sweep, const char *call, const char *error, unsigned when,
        struct sums *sums)
{
	_cleanup_free_ char *inject =
	        memory_printf("inject=%s:error=%s:when=%u", call, error, when);
	struct run run_;

	run(sweep, call, inject, &run_);
	const bool is_injected = strstr(run_.trace, "(INJECTED)") != NULL;
	const bool is_end = strcmp(error, "ENOENT") == 0 ||
	                    (strcmp(error, "EPERM") == 0 && strcmp(call, "ioctl") == 0);
	_cleanup_free_ char *wrong = check(sweep, &run_, is_end, sums);
	sums->n++;
	sums->n_injected += is_injected;
	if (wrong) {
		sums->n_wrong++;
		printf("%s: %s\n%s", inject, wrong, run_.errors);
		fflush(stdout);
	}
	release(&run_);
	return is_injected;
}

/* --- all of them ----------------------------------------------------------------------------- */

/* How many such calls the process makes that makes most. */
static unsigned count_calls(const struct sweep *sweep, const char *call)
{
	struct run counted;
	unsigned counts[1024] = {0}, most = 0;
	char *line, *rest;

	run(sweep, call, NULL, &counted);
	for (rest = counted.trace; (line = strsep(&rest, "\n"));) {
		unsigned *const count = &counts[strtoul(line, NULL, 10) % ARRAY_SIZE(counts)];

		if (*line && !strstr(line, " resumed>") && !strstr(line, "munmap("))
			most = MAX(most, ++*count);
	}
	counted.trace = NULL; /* strsep(3) has changed it */
	release(&counted);
	return most;
}

/* Of a few places, as many in each worker, those that follow from the call and error. */
static void sweep_error(const struct sweep *sweep, const char *call, const char *error,
        unsigned most, unsigned worker, unsigned seed)
{
	struct sums *const sums = &sweep->sums[worker];

	for (unsigned i = worker; i < (sweep->few ? sweep->few : most); i += WORKERS) {
		const unsigned when = sweep->few ? 1 + (seed * 37 + i * 101) % most : i + 1;

		try(sweep, call, error, when, sums);
	}
}

static void sweep_all(struct sweep *sweep, unsigned worker)
{
	_cleanup_free_ char *calls = memory_strdup(sweep->calls);
	char *rest = calls, *call;
	unsigned seed = 0;

	snprintf(sweep->file, sizeof(sweep->file), "file%u.json", worker);
	snprintf(sweep->trace, sizeof(sweep->trace), "trace%u", worker);
	while ((call = strsep(&rest, " "))) {
		_cleanup_free_ char *errors = memory_strdup(sweep->error_names);
		char *rest_errors = errors, *error;
		const unsigned most = count_calls(sweep, call);

		while (most && (error = strsep(&rest_errors, ",")))
			sweep_error(sweep, call, error, most, worker, seed++);
	}
	fflush(stdout);
}

/* Clock ticks since boot, of a process that starts now. */
static uint64_t now_ticks(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return (uint64_t)now.tv_sec * (uint64_t)sysconf(_SC_CLK_TCK);
}

static int begin(struct sweep *sweep)
{
	struct snapshot_problem problem;
	const enum form form = sweep->form;
	const size_t size = WORKERS * sizeof(*sweep->sums);

	sweep->sums = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	snprintf(sweep->file, sizeof(sweep->file), "first.json");
	snprintf(sweep->trace, sizeof(sweep->trace), "trace");
	sweep->now = now_ticks();
	run(sweep, "openat", NULL, &sweep->first);
	if (WIFEXITED(sweep->first.status) && WEXITSTATUS(sweep->first.status) == 126)
		return 77;
	if (sweep->first.status != 0 || sweep->first.out_len == 0) {
		printf("the first run fails: %s\n", sweep->first.errors);
		return 1;
	}
	if (form != FORM_TEXT && snapshot_parse(sweep->first.out, sweep->first.out_len, NULL,
	                                 &sweep->truth, &problem) < 0) {
		puts(problem.what);
		return 1;
	}
	return 0;
}

static int end(const struct sweep *sweep)
{
	struct sums all = {.n = 0};

	for (unsigned i = 0; i < WORKERS; i++) {
		const struct sums *const sums = &sweep->sums[i];

		all.n += sums->n;
		all.n_injected += sums->n_injected;
		all.n_whole += sums->n_whole;
		all.n_partial += sums->n_partial;
		all.n_ended += sums->n_ended;
		all.n_refused += sums->n_refused;
		all.n_wrong += sums->n_wrong;
	}
	printf("%u runs, %u with an error: %u whole, %u partial, %u ended, %u refused, %u wrong\n",
	        all.n, all.n_injected, all.n_whole, all.n_partial, all.n_ended, all.n_refused,
	        all.n_wrong);
	return all.n_wrong > 0 || all.n_injected == 0;
}

static bool parse(int argc, char **argv, struct sweep *ret)
{
	static const struct option options[] = {{"few", required_argument, NULL, 'f'},
	        {"calls", required_argument, NULL, 'c'}, {"errors", required_argument, NULL, 'e'},
	        {NULL, 0, NULL, 0}};
	static const char *const forms[] = {"json", "text", "file"};
	int c;

	*ret = (struct sweep){
	        .calls =
	                "openat readlinkat getdents64 read ioctl mmap recvmsg sendmsg clone,clone3",
	        .error_names = "EPERM,ENOENT,EMFILE,ENFILE,ENOMEM,EIO,EINTR",
	};
	while ((c = getopt_long(argc, argv, "+", options, NULL)) >= 0) {
		if (c == 'f')
			ret->few = (unsigned)strtoul(optarg, NULL, 10);
		else if (c == 'c')
			ret->calls = optarg;
		else if (c == 'e')
			ret->error_names = optarg;
		else
			return false;
	}
	if (argc - optind < 2)
		return false;
	while (ret->form <= FORM_FILE && strcmp(argv[optind], forms[ret->form]) != 0)
		ret->form++;
	ret->program = argv + optind + 1;
	return ret->form <= FORM_FILE;
}

int main(int argc, char **argv)
{
	struct sweep sweep;
	pid_t workers[WORKERS];

	if (!parse(argc, argv, &sweep)) {
		fputs("usage: sweep [--few=N] [--calls=CALL,...] [--errors=E,...] FORM PROGRAM "
		      "[ARGUMENT]...\n",
		        stderr);
		return 2;
	}
	const int r = begin(&sweep);
	if (r != 0)
		return r;
	for (unsigned i = 0; i < WORKERS; i++) {
		workers[i] = fork();
		if (workers[i] == 0) {
			sweep_all(&sweep, i);
			_exit(0);
		}
	}
	for (unsigned i = 0; i < WORKERS; i++)
		waitpid(workers[i], NULL, 0);
	return end(&sweep);
}
