/* SPDX-License-Identifier: Apache-2.0 */
#include "view/words_watching.h"

#include "base/attributes.h"
#include "base/text.h"

#include <inttypes.h>
#include <string.h>

enum { SECONDS_MAX = 120 }; /* then minutes */

/* Rounded up: nothing is older than that. */
static void write_age(FILE *out, int64_t ms)
{
	const int64_t seconds = (ms + 999) / 1000;

	if (seconds <= SECONDS_MAX)
		fprintf(out, "descriptors read within the last %" PRId64 " s", MAX(seconds, 1));
	else
		fprintf(out, "descriptors read within the last %" PRId64 " min",
		        (seconds + 59) / 60);
}

void words_watching_short(FILE *out, const struct watching *watching)
{
	if (watching->mode == WATCHING_NONE || watching->age < 0)
		return;
	fputs(watching->mode == WATCHING_EVENTS ? "events, " : "no events, ", out);
	write_age(out, watching->age);
}

const char *words_watching_reason(int error)
{
	static const struct {
		int error;
		const char *text;
	} reasons[] = {
	        {EACCES, "no right to open them (CAP_PERFMON, or kernel.perf_event_paranoid)"},
	        {EPERM, "no right to open them (CAP_PERFMON, or kernel.perf_event_paranoid; "
	                "lockdown)"},
	        {EXDEV, "/proc is that of another PID namespace"},
	        {ECANCELED, "--no-events"},
	        {EPIPE, "no helper process"},
	        {ENOSYS, "the kernel has none"},
	        {ENODEV, "the kernel has none"},
	        {EOPNOTSUPP, "the kernel has none"},
	        {EINVAL, "the kernel has none about namespaces (Linux 4.12)"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(reasons); i++) {
		if (reasons[i].error == error)
			return reasons[i].text;
	}
	return strerror(error);
}

static void write_way(FILE *out, const struct watching *watching)
{
	if (watching->mode == WATCHING_NONE)
		fputs("nothing is read by itself (paused, or delay 0); r reads all", out);
	else if (watching->mode == WATCHING_EVENTS)
		fputs("changes are read when events of the kernel tell of them", out);
	else
		fprintf(out, "a list of PIDs is read every %.10g s; no events: %s",
		        (double)watching->delay / 1000, words_watching_reason(watching->error));
}

/* Of other processes only the number is known. */
static void write_counts(FILE *out, const struct watching *watching)
{
	fprintf(out, "events: %" PRIu64, watching->n_records);
	if (watching->n_foreign)
		fprintf(out, ", of these %" PRIu64 " about processes outside of the PID namespace",
		        watching->n_foreign);
	if (watching->n_lost)
		fprintf(out, ", and %" PRIu64 " lost", watching->n_lost);
}

void words_watching_lines(
        const struct watching *watching, void (*write)(void *data, const char *line), void *data)
{
	_cleanup_text_ struct text text;

	text_init(&text);
	if (watching->mode == WATCHING_NONE && watching->age <= 0)
		return; /* a snapshot */
	write_way(text.out, watching);
	write(data, text_get(&text));
	if (watching->age >= 0) {
		write_age(text_restart(&text), watching->age);
		write(data, text_get(&text));
	}
	if (watching->mode != WATCHING_EVENTS)
		return;
	write_counts(text_restart(&text), watching);
	write(data, text_get(&text));
	if (watching->is_lossy)
		write(data, "events are lost or come too fast: everything is read again and again");
}
