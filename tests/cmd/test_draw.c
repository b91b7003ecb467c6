/* SPDX-License-Identifier: Apache-2.0 */

/* What the job that runs dot makes of programs that are not as they should be. They are scripts in
 * a folder of our own, and the helper is given a table with a job for each. */
#include "base/attributes.h"
#include "cmd/jobs/jobs.h"
#include "tests/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATIENCE_MS = 20 * 1000, SHORT_MS = 300 };

/* A script writes its PID to `$0.pid`; the user nobody may not create the file, so it is created
 * before. */
static const struct fake {
	const char *name;
	const char *script; /* NULL: there is no such program */
	mode_t mode;
	unsigned deadline_ms;
	const char *wanted; /* in the error; NULL: a picture comes */
} fakes[] = {
        {"good", "cat; echo '<svg></svg>'", 0755, PATIENCE_MS, NULL},
        {"missing", NULL, 0, PATIENCE_MS, "not installed"},
        {"anybody", "echo '<svg></svg>'", 0777, PATIENCE_MS, "is not run"},
        {"fails", "cat >/dev/null; echo '<svg></svg>'; exit 3", 0755, PATIENCE_MS, "status 3"},
        {"crashes", "kill -SEGV $$", 0755, PATIENCE_MS, "signal 11"},
        {"silent", "cat >/dev/null", 0755, PATIENCE_MS, "wrote nothing"},
        {"half", "echo '<?xml version=\"1.0\"?><svg><g>'", 0755, PATIENCE_MS, "incomplete picture"},
        {"early", "echo '<svg></svg>'; head -c 4096 /dev/zero", 0755, PATIENCE_MS,
                "incomplete picture"},
        {"huge", "exec head -c 1073741824 /dev/zero", 0755, PATIENCE_MS, "256 MiB"},
        {"no-script", "", 0755, PATIENCE_MS, "could not be run"},
        {"sleeps", "echo $$ >\"$0.pid\"; sleep 1000 & sleep 1000", 0755, SHORT_MS, "too long"},
        {"spins", "while :; do :; done", 0755, SHORT_MS, "too long"},
        {"waits", "echo $$ >\"$0.pid\"; exec sleep 1000", 0755, PATIENCE_MS, ""},
        {"curious",
                "exec 2>&1; id -u; ls /proc/self/fd | wc -l; env | sort; ulimit -f; ulimit -c; "
                "grep -E '^(NoNewPrivs|CapEff|Groups)' /proc/self/status; pwd; echo '</svg>'",
                0755, PATIENCE_MS, NULL},
        {"typed", "echo '<?xml version=\"1.0\"?><!DOCTYPE svg PUBLIC \"a\" \"b\"><svg></svg>'",
                0755, PATIENCE_MS, NULL},
        {"subset", "echo '<!DOCTYPE svg [<!ENTITY a \"b\">]><svg></svg>'", 0755, PATIENCE_MS,
                "document type"},
};

static char folder[64];
static char paths[ARRAY_SIZE(fakes)][128];

static int run_fake(size_t i, const struct helper_request *request, int answer)
{
	const char *const programs[] = {paths[i], NULL};

	return draw_by(programs, request, answer);
}

/* A job has no argument but the request, so each has a function of its own. */
#define FAKE(i)                                                                                    \
	static int run_##i(const struct helper_request *request, int answer)                       \
	{                                                                                          \
		return run_fake(i, request, answer);                                               \
	}
FAKE(0)
FAKE(1)
FAKE(2)
FAKE(3)
FAKE(4)
FAKE(5)
FAKE(6)
FAKE(7)
FAKE(8)
FAKE(9)
FAKE(10)
FAKE(11)
FAKE(12)
FAKE(13)
FAKE(14)
FAKE(15)

static int (*const runs[])(const struct helper_request *, int) = {run_0, run_1, run_2, run_3, run_4,
        run_5, run_6, run_7, run_8, run_9, run_10, run_11, run_12, run_13, run_14, run_15};

static struct helper_job jobs[ARRAY_SIZE(fakes)];

static size_t index_of(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(fakes); i++) {
		if (strcmp(fakes[i].name, name) == 0)
			return i;
	}
	fail_msg("no such fake: %s", name);
	return 0;
}

static void write_script(size_t i)
{
	char text[1024];

	snprintf(paths[i], sizeof(paths[i]), "%s/%s", folder, fakes[i].name);
	if (!fakes[i].script)
		return;
	if (*fakes[i].script)
		snprintf(text, sizeof(text), "#!/bin/sh\n%s\n", fakes[i].script);
	else
		snprintf(text, sizeof(text), "#!/no/such/interpreter\n");
	_cleanup_close_ int fd = open(paths[i], O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0700);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(fchmod(fd, fakes[i].mode), 0);
	/* For the scripts that tell their number there. */
	char path[160];
	snprintf(path, sizeof(path), "%s/%s.pid", folder, fakes[i].name);
	_cleanup_close_ int told = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(told >= 0 && fchmod(told, 0666) == 0);
}

static int setup(void **state)
{
	snprintf(folder, sizeof(folder), "/tmp/nsbrowse-test-XXXXXX");
	assert_non_null(mkdtemp(folder));
	assert_int_equal(chmod(folder, 0755), 0);
	for (size_t i = 0; i < ARRAY_SIZE(fakes); i++) {
		write_script(i);
		jobs[i] = (struct helper_job){
		        .name = fakes[i].name, .deadline_ms = fakes[i].deadline_ms, .run = runs[i]};
	}
	(void)state;
	return 0;
}

static int teardown(void **state)
{
	char path[160];

	for (size_t i = 0; i < ARRAY_SIZE(fakes); i++) {
		unlink(paths[i]);
		snprintf(path, sizeof(path), "%s/%s.pid", folder, fakes[i].name);
		unlink(path);
	}
	/* Nothing else is left there. */
	assert_int_equal(rmdir(folder), 0);
	(void)state;
	return 0;
}

static struct helper *start(void)
{
	const struct helper_job *table[ARRAY_SIZE(jobs)];
	struct helper *helper;

	for (size_t i = 0; i < ARRAY_SIZE(jobs); i++)
		table[i] = &jobs[i];
	assert_int_equal(helper_start(table, ARRAY_SIZE(table), NULL, &helper), 0);
	return helper;
}

static void start_job(struct helper *helper, size_t i, struct helper_pending *ret)
{
	static const char graph[] = "digraph { a }\n";
	_cleanup_close_ int input = memfd_create("graph", MFD_CLOEXEC);

	assert_int_equal(write(input, graph, sizeof(graph) - 1), sizeof(graph) - 1);
	assert_int_equal(helper_start_job(helper, &jobs[i],
	                         &(struct helper_request){.fds = &input, .n_fds = 1}, ret),
	        0);
}

static struct helper_exit wait_for(struct helper *helper, const struct helper_pending *pending)
{
	struct pollfd polled = {.fd = helper_fd(helper), .events = POLLIN};
	struct helper_exit notice;

	while (helper_poll(helper, &notice) == 0 || !helper_is_exit_of(&notice, pending))
		assert_true(poll(&polled, 1, PATIENCE_MS) > 0);
	return notice;
}

/* Returns the picture, or an error and why. */
static int draw(size_t i, struct drawn *ret)
{
	struct helper *helper = start();
	struct helper_pending pending;

	start_job(helper, i, &pending);
	const struct helper_exit notice = wait_for(helper, &pending);
	const int picture = draw_finish(&notice, &pending, ret);
	helper_stop(helper);
	return picture;
}

static pid_t told_pid(size_t i)
{
	char path[160], text[32] = "";

	snprintf(path, sizeof(path), "%s/%s.pid", folder, fakes[i].name);
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	return read(fd, text, sizeof(text) - 1) > 0 && strchr(text, '\n') ? atoi(text) : 0;
}

static bool is_running(pid_t pid)
{
	return kill(pid, 0) == 0 || errno != ESRCH;
}

/* It is killed by then; whose child it has become takes it when it can. */
static void assert_ends(pid_t pid)
{
	int tries = PATIENCE_MS / 10;

	assert_true(pid > 0);
	while (is_running(pid) && tries--)
		poll(NULL, 0, 10);
	assert_false(is_running(pid));
}

static void each_is_handled(void **state)
{
	const size_t last = index_of("waits");

	for (size_t i = 0; i < ARRAY_SIZE(fakes); i++) {
		struct drawn drawn;

		if (i == last)
			continue;
		_cleanup_close_ int picture = draw(i, &drawn);
		print_message("%s: %s\n", fakes[i].name, picture < 0 ? drawn.error : "a picture");
		if (fakes[i].wanted) {
			assert_true(picture < 0);
			assert_non_null(strstr(drawn.error, fakes[i].wanted));
		} else {
			assert_true(picture >= 0);
		}
	}
	assert_ends(told_pid(index_of("sleeps")));
	(void)state;
}

static void it_gets_the_graph_and_little_else(void **state)
{
	static const char *const wanted[] = {"65534\n4\n", "LC_ALL=C.UTF-8\nPATH=/usr/bin:/bin\n",
	        "PWD=/\n", "\n524288\n0\n", "NoNewPrivs:\t1\n", "CapEff:\t0000000000000000\n",
	        "Groups:\t \n", "\n/\n</svg>\n"};
	char text[4096] = "";
	struct drawn drawn;
	_cleanup_close_ int good = draw(index_of("good"), &drawn);
	_cleanup_close_ int curious = draw(index_of("curious"), &drawn);
	_cleanup_close_ int typed = draw(index_of("typed"), &drawn);

	assert_true(pread(good, text, sizeof(text) - 1, 0) > 0);
	assert_string_equal(text, "digraph { a }\n<svg></svg>\n");
	memset(text, 0, sizeof(text));
	memset(text, 0, sizeof(text));
	assert_true(pread(typed, text, sizeof(text) - 1, 0) > 0);
	assert_non_null(strstr(text, "<?xml version=\"1.0\"?>  "));
	assert_null(strstr(text, "DOCTYPE"));
	assert_non_null(strstr(text, "  <svg></svg>"));
	memset(text, 0, sizeof(text));
	assert_true(pread(curious, text, sizeof(text) - 1, 0) > 0);
	print_message("%s", text);
	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++) {
		if (!strstr(text, wanted[i]))
			fail_msg("without %s", wanted[i]);
	}
	(void)state;
}

/* Closing the socket for replies ends the job. */
static void it_ends_when_nobody_waits(void **state)
{
	const size_t i = index_of("waits");
	struct helper *helper = start();
	struct helper_pending pending;

	start_job(helper, i, &pending);
	while (!told_pid(i))
		sched_yield();
	const pid_t pid = told_pid(i);
	assert_true(is_running(pid));
	close(pending.replies);
	assert_int_equal(wait_for(helper, &pending).end, HELPER_EXITED);
	assert_ends(pid);
	helper_stop(helper);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(each_is_handled),
	        cmocka_unit_test(it_gets_the_graph_and_little_else),
	        cmocka_unit_test(it_ends_when_nobody_waits),
	};

	if (geteuid() != 0) {
		fputs("skipped: only a program of root's is run\n", stderr);
		return 77;
	}
	return cmocka_run_group_tests(tests, setup, teardown);
}
