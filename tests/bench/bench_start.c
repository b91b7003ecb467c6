/* SPDX-License-Identifier: Apache-2.0 */

/* How soon the first frame stands after nsbrowse was started, and how soon Esc is answered: no byte
 * may follow it for a while. What others ran meanwhile is not its own time. */

#include "base/memory.h"
#include "base/monotonic.h"
#include "tests/bench/bars.h"
#include "tests/cmd/browse.h"

#include <stdlib.h>

enum { ROWS = 30, COLUMNS = 100, TIMES = 51, DEADLINE_MS = 20000, BAR_MS = 30 };

static char *demo_path(void)
{
	return path_of("top_srcdir", "data/demo.json");
}

/* How long it was ready to run by now, and others ran (sched-stats in the kernel's documentation);
 * 0 if the kernel does not provide it. */
static int64_t waited_ms(pid_t pid)
{
	_cleanup_free_ char *path = memory_printf("/proc/%d/schedstat", (int)pid);
	_cleanup_fclose_ FILE *file = fopen(path, "re");
	unsigned long long ran, waited;

	return file && fscanf(file, "%llu %llu", &ran, &waited) == 2 ? (int64_t)(waited / 1000000)
	                                                             : 0;
}

static struct pty *start(const char *snapshot)
{
	return browse(ROWS, COLUMNS, (const char *const[]){"--view=user", snapshot, NULL}, NULL);
}

/* Looks at what has come until the text is there, or until it is not. */
static void look_until(struct pty *pty, const char *text, bool is_there)
{
	const int64_t end = monotonic_ms() + DEADLINE_MS;

	while (pty_shows(pty, text) != is_there) {
		assert_true(monotonic_ms() < end);
		pty_listen(pty, 1);
	}
}

static int64_t first_paint(const char *snapshot)
{
	const int64_t before = monotonic_ms();
	struct pty *pty = start(snapshot);

	look_until(pty, "10Quit", true);
	const int64_t took = monotonic_ms() - before - waited_ms(pty_pid(pty));
	assert_quits(pty);
	return took;
}

static int64_t paint_demo(void)
{
	_cleanup_free_ char *demo = demo_path();

	return first_paint(demo);
}

static int64_t paint_host(void)
{
	return first_paint(NULL);
}

/* From Esc in the help until the list is back. */
static int64_t close_help(void)
{
	_cleanup_free_ char *demo = demo_path();
	struct pty *pty = start(demo);

	look_until(pty, "systemd", true);
	pty_press(pty, "?");
	const int64_t waited = waited_ms(pty_pid(pty)), before = monotonic_ms();
	pty_type(pty, "\033");
	look_until(pty, "the selected row", false);
	const int64_t took = monotonic_ms() - before - (waited_ms(pty_pid(pty)) - waited);
	assert_quits(pty);
	return took;
}

static const struct {
	const char *what;
	int64_t (*measure)(void); /* milliseconds */
} rows[] = {
        {"first frame of a snapshot", paint_demo},
        {"first frame of this host", paint_host},
        {"Esc in the help", close_help},
};

int main(void)
{
	struct bars bars = {0};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		double times[TIMES];
		char text[80];

		for (int j = 0; j < TIMES; j++)
			times[j] = (double)rows[i].measure();
		snprintf(text, sizeof(text), "%s, median of %d", rows[i].what, TIMES);
		bars_most(&bars, text, "ms", BAR_MS, bars_percentile(times, TIMES, 50));
	}
	return bars_status(&bars);
}
