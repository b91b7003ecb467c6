/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/clock.h"

#include "base/memory.h"
#include "base/monotonic.h"

#include <time.h>
#include <unistd.h>

char *clock_save_stem(const struct model *model)
{
	char host[65] = "host", when[32] = "";
	const time_t now = time(NULL);
	struct tm tm;

	if (model)
		snprintf(host, sizeof(host), "%s", model->host.name);
	else if (gethostname(host, sizeof(host) - 1) < 0)
		snprintf(host, sizeof(host), "host");
	for (char *c = host; *c; c++) {
		const bool is_plain = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
		                      (*c >= '0' && *c <= '9') || *c == '_' ||
		                      (c > host && (*c == '-' || *c == '.'));

		*c = is_plain ? *c : '_';
	}
	if (localtime_r(&now, &tm))
		strftime(when, sizeof(when), "-%Y%m%d-%H%M%S", &tm);
	return memory_printf("~/%s%s", host, when);
}

long clock_utc_offset(void)
{
	const time_t now = time(NULL);
	struct tm tm;

	return localtime_r(&now, &tm) ? tm.tm_gmtoff : 0;
}

uint64_t clock_monotonic_ms(void)
{
	return (uint64_t)monotonic_ms();
}
