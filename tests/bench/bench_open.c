/* SPDX-License-Identifier: Apache-2.0 */

/* What nsbrowse costs that is left open while nothing happens, among the processes of `crowd`:
 *
 *	bench_open WHAT BAR [OPTION...]
 *
 * BAR: in percent of a CPU, over BENCH_SECONDS (60). Nothing may be written to the terminal. */

#include "base/memory.h"
#include "tests/bench/bars.h"
#include "tests/bench/opened.h"

#include <string.h>

/* Before it counts: what follows the first scan. */
enum { SECONDS = 60, SETTLE_MS = 3000, OPTIONS_MAX = 6 };

/* What the page of problems says of events: those of other processes of the host cost time too. */
static void tell_events(struct pty *pty)
{
	int rows, columns;

	pty_press(pty, "!");
	pty_wait_for(pty, "events");
	pty_size(pty, &rows, &columns);
	for (int row = 0; row < rows; row++) {
		const char *const text = pty_row(pty, row);

		if (strstr(text, "events") || strstr(text, "descriptors read"))
			printf("  %s\n", text + strspn(text, " "));
	}
	pty_press(pty, "q");
}

int main(int argc, char **argv)
{
	const char *options[OPTIONS_MAX + 1] = {NULL};
	const int seconds = (int)bars_setting("BENCH_SECONDS", SECONDS);
	char text[100];
	struct bars bars = {0};

	if (argc < 3 || argc > 3 + OPTIONS_MAX) {
		fputs("usage: bench_open WHAT BAR [OPTION...]\n", stderr);
		return 2;
	}
	for (int i = 3; i < argc; i++)
		options[i - 3] = argv[i];
	struct pty *const pty = opened_start(30, 100, options);
	pty_listen(pty, SETTLE_MS);
	const size_t written = opened_bytes(pty);
	const double cpu = opened_cpu_ms(pty), start = bars_now_ms();
	pty_listen(pty, seconds * 1000);
	const double used = opened_cpu_ms(pty) - cpu, wall = bars_now_ms() - start;
	snprintf(text, sizeof(text), "open and idle for %d s, %s", seconds, argv[1]);
	bars_most(&bars, text, "% CPU", strtod(argv[2], NULL), 100 * used / wall);
	snprintf(text, sizeof(text), "bytes to the terminal in %d s, %s", seconds, argv[1]);
	bars_most(&bars, text, "bytes", 0, (double)(opened_bytes(pty) - written));
	tell_events(pty);
	assert_quits(pty);
	return bars_status(&bars);
}
