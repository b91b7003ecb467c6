/* SPDX-License-Identifier: Apache-2.0 */

/* How long a key waits for its answer on the screen while 10,000 processes are scanned. They are
 * those of a PID namespace of its own: `bench_keys --crowd NUMBER COMMAND...` makes it, and runs
 * the command there. */

#include "tests/cmd/browse.h"

#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PROCESSES = 10000, KEYS = 300, BAR_MS = 100 };

/* --- the crowd ----------------------------------------------------------------------------- */

static int complain(const char *what)
{
	perror(what);
	return 77;
}

/* As init of the PID namespace: with it all the others end. */
static int live(int n, char **command)
{
	int status;

	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	        mount("proc", "/proc", "proc", 0, NULL) < 0)
		return complain("mount");
	for (int i = 0; i < n; i++) {
		const pid_t pid = fork();

		if (pid < 0)
			return complain("fork");
		if (pid == 0) {
			for (;;)
				pause();
		}
	}
	const pid_t pid = fork();
	if (pid == 0) {
		execv(*command, command);
		_exit(127);
	}
	return waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

static int crowd(int n, char **command)
{
	int status;

	if (unshare(CLONE_NEWPID | CLONE_NEWNS) < 0)
		return complain("unshare");
	const pid_t pid = fork();
	if (pid == 0)
		_exit(live(n, command));
	return waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

/* --- the keys ------------------------------------------------------------------------------- */

static double ms_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double time_key(struct pty *pty, const char *key)
{
	const double before = ms_now();

	pty_press(pty, key);
	return ms_now() - before;
}

static int by_size(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Only keys count that found a scan under way and left it so; where it ended meanwhile, a new one
 * is asked for. */
static void measure(struct pty *pty, double times[static KEYS])
{
	static const char *const keys[] = {"j", "j", "k", "t", "j"};

	for (unsigned n = 0, i = 0; n < KEYS; i++) {
		if (!pty_shows(pty, "reading"))
			pty_press(pty, "r");
		const bool was_reading = pty_shows(pty, "reading");
		const double time = time_key(pty, keys[i % ARRAY_SIZE(keys)]);

		if (was_reading)
			times[n++] = time;
	}
	qsort(times, KEYS, sizeof(*times), by_size);
}

/* So many processes are not made in a moment. */
static bool is_there(struct pty *pty)
{
	int status;

	for (int i = 0; i < 10; i++) {
		if (pty_wait_for(pty, "reading") || pty_shows(pty, "PROCESSES"))
			return true;
		if (waitpid(pty_pid(pty), &status, WNOHANG) != 0)
			return false;
	}
	return false;
}

int main(int argc, char **argv)
{
	_cleanup_free_ char *self = path_of("top_builddir", "tests/bench/bench_keys");
	_cleanup_free_ char *program = path_of("top_builddir", "nsbrowse");
	char number[16];
	double times[KEYS];

	if (argc > 3 && strcmp(argv[1], "--crowd") == 0)
		return crowd(atoi(argv[2]), argv + 3);
	snprintf(number, sizeof(number), "%d", PROCESSES);
	struct pty *pty = pty_start(&(struct pty_options){.rows = 30,
	        .columns = 100,
	        .argv = (const char *const[]){
	                self, "--crowd", number, program, "-t", "processes", "--delay=0", NULL}});
	if (!is_there(pty)) {
		puts("keys in a scan: left out, no PID namespace here");
		pty_free(pty);
		return EXIT_SUCCESS;
	}
	measure(pty, times);
	pty_free(pty);
	printf("keys while %d processes are scanned: median %.1f ms, 99%% %.1f ms, most %.1f ms "
	       "(bar %d)\n",
	        PROCESSES, times[KEYS / 2], times[KEYS * 99 / 100], times[KEYS - 1], BAR_MS);
	return times[KEYS - 1] <= BAR_MS ? EXIT_SUCCESS : EXIT_FAILURE;
}
