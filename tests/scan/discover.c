/* SPDX-License-Identifier: Apache-2.0 */
#include "base/escape.h"
#include "base/memory.h"
#include "kernel/kernel_linux.h"
#include "kernel/privileged/privileged.h"
#include "scan/scan.h"

#include <getopt.h>
#include <string.h>
#include <time.h>

/* discover [--sources=LIST] [--interfaces=LETTERS] [--scans=N] [--wait]: scans this host with the
 * real kernel, a helper, and all sources, and prints what keeps each namespace alive, in the format
 * of the truth of a scene (tests/scenes/scene.h), for discovery.pl to compare:
 *
 *   scan N MILLISECONDS UNREADABLE NOTES         for each scan
 *   TYPE INODE HOLDER DETAIL PARENT OWNER [MNT]  tab separated; HOLDER `none` where nothing is
 * known tag TYPE INODE TAG
 *
 *   end N
 *
 * With --wait a line is read from standard input before each scan, and the end of that is the end.
 * PARENT and OWNER are `-` where there is none or it is hidden, `?` where it is not known.
 */

struct request {
	struct scan_options options;
	const char *interfaces;
	int scans;
	bool does_wait;
};

static bool parse_sources(const char *list, uint32_t *ret)
{
	_cleanup_free_ char *copy = memory_strdup(list);
	char *rest = NULL;

	*ret = 1u << SOURCE_PROCESS;
	for (char *word = strtok_r(copy, ",", &rest); word; word = strtok_r(NULL, ",", &rest)) {
		enum source source = 0;

		while (source < SOURCES && strcmp(model_source_name(source), word) != 0)
			source++;
		if (source == SOURCES)
			return false;
		*ret |= 1u << source;
	}
	return true;
}

static bool parse(int argc, char **argv, struct request *ret)
{
	static const struct option options[] = {
	        {"sources", required_argument, NULL, 's'},
	        {"interfaces", required_argument, NULL, 'r'},
	        {"scans", required_argument, NULL, 'n'},
	        {"wait", no_argument, NULL, 'w'},
	        {NULL, 0, NULL, 0},
	};
	int c;

	*ret = (struct request){
	        .options = {.sources = SCAN_SOURCES_DEFAULT, .n_threads = 2, .program = "discover"},
	        .scans = 1};
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 's' && !parse_sources(optarg, &ret->options.sources))
			return false;
		if (c == 'r')
			ret->interfaces = optarg;
		if (c == 'n')
			ret->scans = atoi(optarg);
		if (c == 'w')
			ret->does_wait = true;
		if (c == '?')
			return false;
	}
	return true;
}

static void print_relation(struct relation relation)
{
	if (relation.state == REL_KNOWN)
		printf("\t%llu", (unsigned long long)relation.ns->inode);
	else
		printf("\t%s", relation.state == REL_FAILED ? "?" : "-");
}

static void print_detail(const struct holder *holder)
{
	_cleanup_free_ char *path = NULL;

	switch (holder->kind) {
	case HOLDER_FD:
	case HOLDER_SOCKET:
		if (holder->tid)
			printf("%d/%d/%d", holder->pid, holder->tid, holder->fd);
		else
			printf("%d/%d", holder->pid, holder->fd);
		break;
	case HOLDER_MOUNT:
		path = escape_text(holder->path);
		fputs(path, stdout);
		break;
	case HOLDER_THREAD:
	case HOLDER_FOR_CHILDREN:
		printf("%d/%d", holder->pid, holder->tid);
		break;
	default:
		printf("%s:[%llu]", nstype_name(holder->ns->type),
		        (unsigned long long)holder->ns->inode);
	}
}

/* As in the scenes: the thread is the first one. */
static void print_unborn(const struct process *process)
{
	if (process->is_unborn)
		printf("unborn\tpid\t%d/%d\n", process->pid, process->pid);
}

static void print_start(const struct ns *ns, const char *holder)
{
	printf("%s\t%llu\t%s\t", nstype_name(ns->type), (unsigned long long)ns->inode, holder);
}

static void print_ns(const struct ns *ns)
{
	for (size_t i = 0; i < ns->n_processes; i++) {
		print_start(ns, "process");
		printf("%d", ns->processes[i]->pid);
		print_relation(ns->parent);
		print_relation(ns->owner);
		putchar('\n');
	}
	for (size_t i = 0; i < ns->n_holders; i++) {
		print_start(ns, model_holder_kind_name(ns->holders[i].kind));
		print_detail(&ns->holders[i]);
		print_relation(ns->parent);
		print_relation(ns->owner);
		if (ns->holders[i].kind == HOLDER_MOUNT)
			printf("\t%llu", (unsigned long long)ns->holders[i].mnt);
		putchar('\n');
	}
	if (ns->n_processes + ns->n_holders == 0) {
		print_start(ns, "none");
		print_relation(ns->parent);
		print_relation(ns->owner);
		putchar('\n');
	}
	printf("tag\t%s\t%llu\t%llu\n", nstype_name(ns->type), (unsigned long long)ns->inode,
	        (unsigned long long)ns->tag);
}

static double milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static bool is_wanted(const struct request *request, int i)
{
	char line[16];

	return request->does_wait ? fgets(line, sizeof(line), stdin) != NULL : i <= request->scans;
}

static int scan_all(struct kernel *kernel, const struct request *request)
{
	const struct model *previous = NULL;

	for (int i = 1; is_wanted(request, i); i++) {
		const double from = milliseconds();
		const struct model *model;
		const int r = scan_run(kernel, &request->options, previous, NULL, NULL, &model);

		if (r < 0) {
			fprintf(stderr, "scan %d: %s\n", i, strerror(-r));
			return 1;
		}
		printf("scan\t%d\t%.1f\t%zu\t%zu\n", i, milliseconds() - from,
		        model->host.unreadable, model->n_notes);
		for (size_t n = 0; n < model->n_notes; n++)
			fprintf(stderr, "note: %d %s: %s\n", model->notes[n].pid,
			        model->notes[n].what, strerror(model->notes[n].error));
		for (size_t n = 0; n < model->n_namespaces; n++)
			print_ns(model->namespaces[n]);
		for (size_t n = 0; n < model->n_processes; n++)
			print_unborn(model->processes[n]);
		printf("end\t%d\n", i);
		fflush(stdout);
		model_unref(previous);
		previous = model;
	}
	model_unref(previous);
	return 0;
}

int main(int argc, char **argv)
{
	struct request request;
	struct helper *helper;
	struct kernel *kernel;
	int r;

	if (!parse(argc, argv, &request))
		return 2;
	r = helper_start(privileged_jobs, PRIVILEGED_JOBS, NULL, &helper);
	if (r < 0)
		return 1;
	r = kernel_linux_new("/proc", &kernel);
	if (r < 0)
		return 1;
	kernel_linux_set_helper(kernel, helper_channel(helper));
	if (request.interfaces)
		kernel_linux_set_interfaces(
		        kernel, kernel_linux_parse_interfaces(request.interfaces));
	request.options.helper = helper_pid(helper);
	r = scan_all(kernel, &request);
	kernel_free(kernel);
	helper_stop(helper);
	return r;
}
