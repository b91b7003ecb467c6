/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/detail/start_time.h"

#include <stdio.h>
#include <time.h>

void start_time_write(char text[static STARTED_SIZE], const struct host *host,
        const struct process *process, long utc_offset)
{
	struct tm started, taken;
	int64_t seconds;

	snprintf(text, STARTED_SIZE, "unknown");
	if (!host->hertz || !host->booted)
		return;
	const uint64_t since_boot = process->started / host->hertz;
	if (since_boot > INT64_MAX / 2 ||
	        __builtin_add_overflow(host->booted, (int64_t)since_boot, &seconds) ||
	        __builtin_add_overflow(seconds, utc_offset, &seconds))
		return;
	const time_t then = (time_t)seconds;
	const time_t now = (time_t)(host->taken + utc_offset);
	if (!gmtime_r(&then, &started) || !gmtime_r(&now, &taken))
		return;
	const bool is_today = started.tm_year == taken.tm_year && started.tm_yday == taken.tm_yday;
	/* A snapshot may say anything: a year of many digits is cut, not more. */
	if (!strftime(text, STARTED_SIZE, is_today ? "%H:%M" : "%Y-%m-%d", &started))
		snprintf(text, STARTED_SIZE, "unknown");
}
