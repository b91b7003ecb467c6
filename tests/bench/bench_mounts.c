/* SPDX-License-Identifier: Apache-2.0 */

/* The mounts of 1,000 mount namespaces with 60 mounts each, as of containers: the memory that
 * reading them takes at most and what stays, the time, and that of a search among them. Each mount
 * namespace has its process. BENCH_NAMESPACES: how many (1,000). */

#include "base/memory.h"
#include "kernel/kernel_linux.h"
#include "kernel/privileged/privileged.h"
#include "privsep/helper.h"
#include "scan/mounts_read.h"
#include "scan/scan.h"
#include "tests/bench/bars.h"
#include "tests/nsrel/world.h"
#include "view/mount_query.h"

#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

enum { MOUNTS = 60, OWN = 5, TIMES = 11, MIB_MOST = 24, SEARCH_MS_MOST = 100 };

/* --- the fixture ------------------------------------------------------------------------------ */

static size_t count_mounts(void)
{
	_cleanup_fclose_ FILE *file = fopen("/proc/self/mountinfo", "re");
	size_t n = 0;
	int c;

	CHECK(file);
	while ((c = fgetc(file)) != EOF)
		n += c == '\n';
	return n;
}

static void make_mount(const char *source, const char *path)
{
	CHECK((mkdir(path, 0755) == 0 || errno == EEXIST) &&
	        mount(source, path, "tmpfs", 0, NULL) == 0);
}

/* What all mount namespaces have. */
static void make_common(void)
{
	make_mount("bench", "/mnt");
	CHECK(mkdir("/mnt/own", 0755) == 0);
	for (size_t n = count_mounts(); n < MOUNTS - OWN; n++) {
		_cleanup_free_ char *path = memory_printf("/mnt/common%zu", n);

		make_mount("common", path);
	}
}

/* What each has of its own: its root, and volumes. */
static int make_own(long number)
{
	_cleanup_free_ char *root = memory_printf("overlay-%ld", number);

	if (unshare(CLONE_NEWNS) < 0)
		return -errno;
	make_mount(root, "/mnt/own");
	for (int i = 1; i < OWN; i++) {
		_cleanup_free_ char *path = memory_printf("/mnt/own/%ld-%d", number, i);

		make_mount("volume", path);
	}
	return 0;
}

static void begin(long number, int ready)
{
	const pid_t pid = world_fork();

	CHECK(pid >= 0);
	if (pid > 0)
		return;
	CHECK(make_own(number) == 0 && write(ready, "", 1) == 1);
	for (;;)
		pause();
}

/* All end with the PID namespace. */
static void make_namespaces(long n)
{
	int ready[2];
	char c;

	CHECK(pipe2(ready, O_CLOEXEC) == 0);
	for (long i = 0; i < n; i++)
		begin(i, ready[1]);
	for (long i = 0; i < n; i++)
		CHECK(read(ready[0], &c, 1) == 1);
	close(ready[0]);
	close(ready[1]);
}

/* --- what is measured ------------------------------------------------------------------------- */

/* MiB of memory, by a line of proc_pid_status(5). */
static double memory_of(const char *name)
{
	_cleanup_fclose_ FILE *file = fopen("/proc/self/status", "re");
	char line[256];
	double kib = 0;

	CHECK(file);
	while (fgets(line, sizeof(line), file)) {
		if (strncmp(line, name, strlen(name)) == 0)
			kib = strtod(line + strlen(name), NULL);
	}
	return kib / 1024;
}

/* From now on VmHWM is the most that is used after this. */
static void reset_peak(void)
{
	_cleanup_close_ int file = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC);

	CHECK(file >= 0 && write(file, "5", 1) == 1);
}

static const struct mounts *read_once(struct kernel *kernel, const struct model *model)
{
	const struct mounts *mounts;

	CHECK(mounts_read(kernel, model, NULL, &mounts) == 0);
	return mounts;
}

static void measure_memory(struct bars *bars, struct kernel *kernel, const struct model *model)
{
	const double before = memory_of("VmRSS:");
	char text[80];

	reset_peak();
	const struct mounts *const mounts = read_once(kernel, model);
	const double peak = memory_of("VmHWM:") - before;
	snprintf(text, sizeof(text), "mounts of %zu mount namespaces, %zu in all: memory",
	        mounts->n, mounts->n_entries);
	bars_most(bars, text, "MiB", MIB_MOST, peak);
	bars_tell("  of it stays", "MiB", (double)mounts_size(mounts) / (1 << 20));
	mounts_unref(mounts);
}

static void measure_time(struct kernel *kernel, const struct model *model)
{
	double times[TIMES];

	for (size_t i = 0; i < TIMES; i++) {
		const double from = bars_now_ms();

		mounts_unref(read_once(kernel, model));
		times[i] = bars_now_ms() - from;
	}
	bars_tell("  time to read them", "ms", bars_percentile(times, TIMES, 50));
}

static void measure_searches(struct bars *bars, const struct mounts *mounts, uint64_t own)
{
	static const struct {
		const char *text;
		bool is_exact;
	} searches[] = {{"/mnt/common40", true}, {"/proc", true}, {"tmpfs", true}, {"volume", true},
	        {"nothing", true}, {"mnt/own/7", false}, {"o", false}};

	for (size_t i = 0; i < ARRAY_SIZE(searches); i++) {
		double times[TIMES];
		char text[80];
		size_t n = 0;

		for (size_t j = 0; j < TIMES; j++) {
			const double from = bars_now_ms();
			struct mount_query query;

			mount_query_run(
			        &query, searches[i].text, mounts, own, searches[i].is_exact);
			times[j] = bars_now_ms() - from;
			n = query.n;
			mount_query_release(&query);
		}
		snprintf(text, sizeof(text), "search for %s among them, %zu found",
		        searches[i].text, n);
		bars_most(bars, text, "ms", SEARCH_MS_MOST, bars_percentile(times, TIMES, 50));
	}
}

static int measure(void *data)
{
	const struct scan_options options = {
	        .sources = SCAN_SOURCES_DEFAULT, .n_threads = 1, .program = "bench"};
	struct bars *const bars = data;
	struct helper *helper;
	struct kernel *kernel;
	const struct model *model;

	make_common();
	make_namespaces(bars_setting("BENCH_NAMESPACES", 1000));
	CHECK(helper_start(privileged_jobs, PRIVILEGED_JOBS, NULL, &helper) == 0);
	CHECK(kernel_linux_new("/proc", &kernel) == 0);
	kernel_linux_set_helper(kernel, helper_channel(helper));
	CHECK(scan_run(kernel, &options, NULL, NULL, NULL, &model) == 0);
	measure_memory(bars, kernel, model);
	measure_time(kernel, model);
	const struct ns *const own = mount_query_own(model);
	const struct mounts *const mounts = read_once(kernel, model);
	measure_searches(bars, mounts, own ? own->inode : 0);
	mounts_unref(mounts);
	model_unref(model);
	kernel_free(kernel);
	helper_stop(helper);
	return bars_status(bars);
}

int main(void)
{
	struct bars bars = {0};
	const int status = world_alone(false, measure, &bars);

	if (status == EXIT_SKIP)
		bars_skip("mounts of mount namespaces", "may not make them");
	return status == EXIT_SKIP ? 0 : status;
}
