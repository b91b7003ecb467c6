/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/about.h"

#include "cmd/rights.h"
#include "cmd/sources.h"
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
	fprintf(out, "libraries: ncursesw %s, libcgraph %s, jansson %s, libcap %s\n",
	        BUILT_WITH_NCURSESW, BUILT_WITH_CGRAPH, BUILT_WITH_JANSSON, BUILT_WITH_LIBCAP);
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

/* Our own user namespace tells whether this kernel has ids: no right is needed for that. */
static bool has_ids(struct kernel *kernel)
{
	const struct kernel_ops *ops = kernel->ops;
	struct nsrel_key key = {0};
	const int process = ops->process_open(kernel, getpid());
	const int ns_dir = process < 0 ? process : ops->ns_dir_open(kernel, process);
	const int ns = ns_dir < 0 ? ns_dir : ops->ns_open(kernel, ns_dir, "user");
	const int r = ns < 0 ? ns : ops->ns_key(kernel, ns, &key);

	for (size_t i = 0; i < 3; i++) {
		const int handle = (const int[]){ns, ns_dir, process}[i];

		if (handle >= 0)
			ops->close(kernel, handle);
	}
	return r >= 0 && key.id != 0;
}

static void print_kernel(FILE *out, struct kernel *kernel)
{
	struct kernel_features features = {0};
	struct kernel_host host;

	kernel->ops->host(kernel, &host);
	fprintf(out, "kernel: Linux %s\n", host.release);
	fprintf(out, "namespace ids (Linux 6.18): %s\n", yes_or_no(has_ids(kernel)));
	if (!kernel->ops->features)
		return;
	kernel->ops->features(kernel, &features);
	const struct {
		const char *name;
		bool is_there;
	} lines[] = {
	        {"namespaces opened by number (Linux 6.18)", features.nsfs_handles},
	        {"list of mount namespaces (Linux 6.12)", features.mntns_next},
	        {"mounts of other mount namespaces (Linux 6.11)", features.listmount},
	        {"PIDs inside a PID namespace (Linux 6.11)", features.pid_from_pidns},
	};
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
		fprintf(out, "%s: %s\n", lines[i].name, yes_or_no(lines[i].is_there));
}

void about_print(FILE *out, struct kernel *kernel, const struct helper *helper)
{
	const char *charset = nl_langinfo(CODESET);

	print_build(out);
	fprintf(out, "locale: %s%s\n", charset,
	        strcmp(charset, "UTF-8") == 0 ? "" : " (the screen is ASCII)");
	print_sources(out, "sources", SOURCES_ALL);
	print_sources(out, "default sources", SCAN_SOURCES_DEFAULT);
	if (kernel)
		print_kernel(out, kernel);
	else
		fputs("kernel: unknown, /proc is not mounted\n", out);
	fprintf(out, "helper process: %s\n", yes_or_no(helper != NULL));
	rights_print(out);
}
