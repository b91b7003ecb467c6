/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/about.h"

#include "cmd/options.h"
#include "cmd/rights.h"
#include "scan/scan.h"

#include <langinfo.h>
#include <stdint.h>
#include <string.h>

static const char *yes_or_no(bool is)
{
	return is ? "yes" : "no";
}

static void print_build(FILE *out)
{
	fprintf(out, "libraries: ncursesw %s, libcgraph %s, libcap %s\n", BUILT_WITH_NCURSESW,
	        BUILT_WITH_CGRAPH, BUILT_WITH_LIBCAP);
	fputs("features: screen, tree, json, dot, svg\n", out);
}

static void print_sources(FILE *out, const char *name, uint32_t sources)
{
	fprintf(out, "%s:", name);
	for (enum source source = 0; source < SOURCES; source++) {
		if (sources & 1u << source)
			fprintf(out, " %s", source_name(source));
	}
	fputc('\n', out);
}

static void print_kernel(FILE *out, struct kernel *kernel)
{
	struct kernel_features features = {0};
	struct kernel_host host;

	kernel->ops->host(kernel, &host);
	fprintf(out, "kernel: Linux %s\n", host.release);
	kernel->ops->features(kernel, &features);
	const struct {
		const char *name;
		bool has;
	} lines[] = {
	        {"namespace ids (Linux 6.18)", features.ns_id},
	        {"namespaces opened by number (Linux 6.18)", features.nsfs_handles},
	        {"list of mount namespaces (Linux 6.12)", features.mntns_next},
	        {"mounts of other mount namespaces (Linux 6.11)", features.listmount},
	        {"PIDs inside a PID namespace (Linux 6.11)", features.pid_from_pidns},
	};
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
		fprintf(out, "%s: %s\n", lines[i].name, yes_or_no(lines[i].has));
}

void about_print(FILE *out, struct kernel *kernel, const struct helper *helper)
{
	const char *charset = nl_langinfo(CODESET);

	print_build(out);
	fprintf(out, "locale: %s%s\n", charset,
	        strcmp(charset, "UTF-8") == 0 ? "" : " (the screen is ASCII)");
	print_sources(out, "sources", SCAN_SOURCES_ALL);
	print_sources(out, "default sources", SCAN_SOURCES_DEFAULT);
	if (kernel)
		print_kernel(out, kernel);
	else
		fputs("kernel: unknown, /proc is not mounted\n", out);
	fprintf(out, "helper process: %s\n", yes_or_no(helper != NULL));
	rights_print(out);
}
