/* SPDX-License-Identifier: Apache-2.0 */

/* How long a key waits for its answer on the screen during a scan, among the processes of
 * `crowd`. */

#include "tests/bench/bars.h"
#include "tests/bench/opened.h"

enum { KEYS = 300, BAR_MS = 100 };

static double time_key(struct pty *pty, const char *key)
{
	const double before = bars_now_ms();

	pty_press(pty, key);
	return bars_now_ms() - before;
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
}

int main(void)
{
	struct pty *const pty =
	        opened_start(30, 100, (const char *const[]){"-t", "processes", "--delay=0", NULL});
	double times[KEYS];
	struct bars bars = {0};

	measure(pty, times);
	assert_quits(pty);
	bars_tell("a key during a scan, median", "ms", bars_percentile(times, KEYS, 50));
	bars_tell("a key during a scan, 99 %", "ms", bars_percentile(times, KEYS, 99));
	bars_most(&bars, "a key during a scan, slowest of 300", "ms", BAR_MS, times[KEYS - 1]);
	return bars_status(&bars);
}
