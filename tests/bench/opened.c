/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/opened.h"

#include "base/memory.h"

#include <dirent.h>
#include <string.h>
#include <time.h>

/* Of 10,000 processes the first scan takes a while if the machine is busy. */
enum { ATTEMPTS = 6, LOOKS = 20, LOOK_MS = 20 };

static bool wait_for_scan(struct pty *pty)
{
	for (int i = 0; i < ATTEMPTS; i++) {
		if (pty_wait_for(pty, ":[") && pty_wait_without(pty, "reading"))
			return true;
	}
	return false;
}

struct pty *opened_start(int rows, int columns, const char *const *arguments)
{
	struct pty *const pty = browse(rows, columns, arguments, NULL);

	if (!wait_for_scan(pty)) {
		fprintf(stderr, "no scan on the screen:\n%s", pty_screen(pty));
		exit(EXIT_FAILURE);
	}
	/* The names of users come last, after the first scan. */
	opened_refresh(pty);
	return pty;
}

void opened_refresh(struct pty *pty)
{
	pty_press(pty, "r");
	if (!wait_for_scan(pty)) {
		fputs("no scan on the screen\n", stderr);
		exit(EXIT_FAILURE);
	}
}

size_t opened_bytes(const struct pty *pty)
{
	size_t n;

	pty_output(pty, &n);
	return n;
}

/* The time of children that it has waited for (proc_pid_stat(5)). */
static double waited_ms(pid_t pid)
{
	_cleanup_free_ char *path = memory_printf("/proc/%d/stat", (int)pid);
	_cleanup_fclose_ FILE *file = fopen(path, "re");
	unsigned long user = 0, system = 0;
	char text[1024] = "";

	if (!file || !fgets(text, sizeof(text), file))
		return 0;
	const char *const end = strrchr(text, ')');
	if (!end || sscanf(end + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %lu %lu",
	                    &user, &system) != 2)
		return 0;
	return (double)(user + system) * 1e3 / (double)sysconf(_SC_CLK_TCK);
}

static double process_ms(pid_t pid)
{
	struct timespec time = {0};
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &time) < 0)
		return 0;
	return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6 + waited_ms(pid);
}

static double count_fds(pid_t pid)
{
	_cleanup_free_ char *path = memory_printf("/proc/%d/fd", (int)pid);
	DIR *const dir = opendir(path);
	size_t n = 0;

	for (const struct dirent *entry; dir && (entry = readdir(dir));)
		n += entry->d_name[0] != '.';
	if (dir)
		closedir(dir);
	return (double)n;
}

static double rss_kib(pid_t pid)
{
	_cleanup_free_ char *path = memory_printf("/proc/%d/status", (int)pid);
	_cleanup_fclose_ FILE *file = fopen(path, "re");
	char line[256];
	size_t kib = 0;

	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "VmRSS: %zu", &kib) == 1)
			break;
	return (double)kib;
}

/* Of the program, its helper and the jobs of that. */
static double sum_of(const struct pty *pty, double (*figure)(pid_t pid))
{
	struct family _cleanup_family_ family;
	double sum = 0;

	family_init(&family, pty_pid(pty));
	for (size_t i = 0; i < family.n; i++)
		sum += figure(family.pids[i]);
	return sum;
}

double opened_cpu_ms(const struct pty *pty)
{
	return sum_of(pty, process_ms);
}

size_t opened_fds(struct pty *pty)
{
	double least = sum_of(pty, count_fds);

	for (int i = 1; i < LOOKS; i++) {
		pty_listen(pty, LOOK_MS);
		least = MIN(least, sum_of(pty, count_fds));
	}
	return (size_t)least;
}

size_t opened_rss_kib(const struct pty *pty)
{
	return (size_t)sum_of(pty, rss_kib);
}
