/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/about.h"

#include "base/attributes.h"
#include "base/text.h"
#include "cmd/rights.h"
#include "cmd/run_jobs.h"
#include "scan/scan.h"
#include "snapshot/errno_name.h"
#include "view/words.h"
#include "view/words_watching.h"

#include <langinfo.h>
#include <stdint.h>
#include <string.h>

/* --- interfaces of the kernel ---------------------------------------------------------------- */

static const char *reason(int error)
{
	if (error == EXDEV)
		return "/proc is that of another PID namespace";
	return words_error(&(const struct host){0}, error);
}

/* `not allowed (EPERM)`, `not known: no helper process`. */
static void write_state(FILE *out, const struct interface_result *result)
{
	static const char *const words[] = {
	        [INTERFACE_UNKNOWN] = "not known: ",
	        [INTERFACE_YES] = "yes",
	        [INTERFACE_NO] = "no",
	        [INTERFACE_DENIED] = "not allowed ",
	};
	const char *const name = errno_name(-result->error);

	fputs(words[result->state], out);
	if (result->state == INTERFACE_UNKNOWN)
		fputs(reason(-result->error), out);
	else if (result->state == INTERFACE_DENIED)
		fprintf(out, "(%s)", name ? name : "?");
}

static void print_interfaces(FILE *out, struct kernel *kernel)
{
	struct kernel_features features;

	kernel->ops->features(kernel, &features);
	fprintf(out, "%-24s%-7s%s\n", "INTERFACE", "LINUX", "HERE");
	for (enum interface_id id = 0; id < INTERFACE_IDS; id++) {
		const struct interface_row *const row = interfaces_row(id);

		fprintf(out, "%-24s%-7s", row->name, row->since);
		write_state(out, &features.results[id]);
		fputc('\n', out);
	}
}

void about_interfaces(const struct kernel_features *features, struct about_interfaces *ret)
{
	_cleanup_text_ struct text text;

	text_init(&text);
	for (enum interface_id id = 0; id < INTERFACE_IDS; id++) {
		const struct interface_row *const row = interfaces_row(id);

		write_state(text_restart(&text), &features->results[id]);
		fprintf(text.out, " (Linux %s): %s", row->since, row->text);
		snprintf(ret->texts[id], sizeof(ret->texts[id]), "%s", text_get(&text));
		ret->rows[id] = (struct help_row){.name = row->name, .text = ret->texts[id]};
	}
}

static void print_kernel(FILE *out, struct kernel *kernel)
{
	struct kernel_host host;

	kernel->ops->host(kernel, &host);
	fprintf(out, "kernel: Linux %s\n", host.release);
	print_interfaces(out, kernel);
}

/* --- the rest -------------------------------------------------------------------------------- */

static void print_sources(FILE *out, const char *name, uint32_t sources)
{
	fprintf(out, "%s:", name);
	for (enum source source = 0; source < SOURCES; source++) {
		if (sources & 1u << source)
			fprintf(out, " %s", model_source_name(source));
	}
	fputc('\n', out);
}

/* By which of the two ways a screen is refreshed. */
static void print_refreshes(FILE *out, struct kernel *kernel, bool without_events)
{
	const int r = without_events ? -ECANCELED : kernel->ops->events_open(kernel);

	if (r == 0)
		kernel->ops->events_close(kernel);
	fprintf(out, "refreshes: %s%s\n", r == 0 ? "by events" : "by lists of PIDs, no events: ",
	        r == 0 ? "" : words_watching_reason(-r));
}

static void print_rights(FILE *out, const struct helper *helper, bool has_sandbox)
{
	const struct helper_job *jobs[RUN_JOBS_MAX];
	const size_t n = run_jobs_all(jobs);
	struct rights_list list;

	rights_describe(helper, has_sandbox, &list);
	for (size_t i = 0; i < list.n; i++)
		fprintf(out, "%s: %s\n", list.rights[i].name, list.rights[i].text);
	for (size_t i = 0; i < n; i++)
		rights_print_job(out, jobs[i]);
}

void about_print(FILE *out, struct kernel *kernel, const struct helper *helper,
        const struct options *options)
{
	const char *charset = nl_langinfo(CODESET);

	fprintf(out, "libraries: ncursesw %s, libcgraph %s, libcap %s, libmnl %s, libseccomp %s\n",
	        BUILT_WITH_NCURSESW, BUILT_WITH_CGRAPH, BUILT_WITH_LIBCAP, BUILT_WITH_MNL,
	        BUILT_WITH_SECCOMP);
	fputs("features: screen, tree, json, dot, svg\n", out);
	fprintf(out, "locale: %s%s\n", charset,
	        strcmp(charset, "UTF-8") == 0 ? "" : " (the screen is ASCII)");
	print_sources(out, "sources", SCAN_SOURCES_ALL);
	print_sources(out, "default sources", SCAN_SOURCES_DEFAULT);
	if (kernel)
		print_kernel(out, kernel);
	else
		fputs("kernel: unknown, /proc is not mounted\n", out);
	if (kernel)
		print_refreshes(out, kernel, options->without_events);
	print_rights(out, helper, options->has_sandbox);
}
