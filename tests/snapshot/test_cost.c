/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a snapshot takes memory of at most twice its size and 64 MiB, whether it is accepted or
 * refused, and at most 2 seconds. NSBROWSE_TEST_MIB is the size of the files; 64 MiB with
 * NSBROWSE_LONG. */
#include "tests/snapshot/text.h"

#include <sys/resource.h>
#include <sys/wait.h>

enum { MIB = 1 << 20, LONG_MIB = 64, SHORT_MIB = 8, SECONDS_MAX = 2 };

#define TOP                                                                                        \
	"{\"format\": \"nsbrowse-snapshot\", \"version\": 1, \"program\": \"p\", \"host\": "       \
	"{\"name\": \"h\", \"kernel\": \"k\", \"boot_id\": \"b\", \"taken\": null, "               \
	"\"hertz\": 100, \"booted\": null, \"euid\": 0, \"sources\": [], \"unreadable\": 0, "      \
	"\"complete\": true}, "

#define NS(inode)                                                                                  \
	"{\"type\":\"user\",\"inode\":" inode ",\"dev\":4,\"id\":null,\"parent\":null,"            \
	"\"parent_state\":\"none\",\"owner\":null,\"owner_state\":\"none\",\"owner_uid\":null,"    \
	"\"owner_name\":null,\"owner_uid_state\":\"none\",\"setgroups\":null,"

#define NO_MAPS "\"uid_map\":null,\"gid_map\":null,\"maps_state\":\"none\""

#define PROCESS(pid)                                                                               \
	"{\"pid\":" pid ",\"ppid\":0,\"started\":0,\"uid\":0,\"state\":\"S\",\"kernel\":true,"     \
	"\"comm\":\"\",\"name\":\"\",\"namespaces\":{\"user\":1},"

#define HOLDERS                                                                                    \
	TOP "\"processes\":[],\"notes\":[],\"namespaces\":[" NS("1") NO_MAPS ",\"held_by\":["
#define ONE_NS    "\"notes\":[],\"namespaces\":[" NS("1") NO_MAPS ",\"held_by\":[]}],"
#define PROCESSES TOP ONE_NS "\"processes\":["
#define ARGUMENTS PROCESSES PROCESS("1") "\"nspid\":[1],\"cmdline\":["

#define MOUNTS_OF(mnt)     "{\"mnt\":" mnt ",\"complete\":true,\"mounts\":["
#define TABLE(mnt, mounts) MOUNTS_OF(mnt) mounts "]}"
#define MOUNT(path)                                                                                \
	"{\"id\":1,\"parent\":1,\"dev\":\"0:1\",\"root\":\"\",\"path\":\"" path                    \
	"\",\"type\":\"\",\"source\":null,\"options\":\"\",\"fs_options\":\"\"}"

/* A file that consists mostly of `unit`, repeated, with a number for %zu. */
static const struct bulk {
	const char *name, *before, *unit, *after;
} bulks[] = {
        {"namespaces",
                TOP "\"processes\":[],\"notes\":[],\"namespaces\":[" NS("1") NO_MAPS
                ",\"held_by\":[]}",
                "," NS("1%zu") NO_MAPS ",\"held_by\":[]}", "]}"},
        {"processes", PROCESSES PROCESS("1") "\"nspid\":[1]}", "," PROCESS("1%zu") "\"nspid\":[1]}",
                "]}"},
        {"descriptors", HOLDERS "{\"by\":\"fd\",\"pid\":1,\"fd\":1}",
                ",{\"by\":\"fd\",\"pid\":1,\"fd\":1%zu}", "]}]}"},
        {"mounts", HOLDERS "{\"by\":\"mount\",\"path\":\"\",\"mnt\":1}",
                ",{\"by\":\"mount\",\"path\":\"%zu\",\"mnt\":1}", "]}]}"},
        {"children", HOLDERS "{\"by\":\"child\"}", ",{\"by\":\"child\"}", "]}]}"},
        {"maps",
                TOP "\"processes\":[],\"notes\":[],\"namespaces\":[" NS(
                        "1") "\"held_by\":[],\"maps_state\":\"known\",\"gid_map\":[],"
                             "\"uid_map\":[[0,0,0]",
                ",[0,0,0]", "]}]}"},
        {"notes",
                TOP "\"namespaces\":[],\"processes\":[],\"notes\":[{\"pid\":1,\"what\":\"\","
                    "\"errno\":1}",
                ",{\"pid\":1,\"what\":\"\",\"errno\":1}", "]}"},
        {"mount tables", TOP ONE_NS "\"processes\":[],\"mounts\":[" TABLE("1", ""),
                "," TABLE("1%zu", ""), "]}"},
        {"mounts of a table", TOP ONE_NS "\"processes\":[],\"mounts\":[" MOUNTS_OF("1") MOUNT("/"),
                "," MOUNT("%zu"), "]}]}"},
        {"levels", PROCESSES PROCESS("1") "\"nspid\":[1", ",1", "]}]}"},
        {"arguments", ARGUMENTS "\"\"", ",\"\"", "]}]}"},
        {"escapes", ARGUMENTS "\"\"", ",\"\\n\"", "]}]}"},
        {"base64", ARGUMENTS "\"\"", ",{\"base64\":\"\"}", "]}]}"},
        {"one argument", ARGUMENTS "\"", "xxxxxxxx", "\"]}]}"},
        {"one key", PROCESSES PROCESS("1") "\"nspid\":[1],\"", "xxxxxxxx", "\":1}]}"},
        {"keys", PROCESSES PROCESS("1") "\"nspid\":[1]", ",\"x\":1", "}]}"},
        {"objects", PROCESSES PROCESS("1") "\"nspid\":[1],\"x\":[1", ",{}", "]}]}"},
        {"other parts", TOP ONE_NS "\"processes\":[]", ",\"x\":1", "}"},
        {"one string", TOP "\"x\":\"", "xxxxxxxx", "\"}"},
        {"blanks", TOP, "        ", "}"},
        {"depth", TOP "\"x\":", "[", ""},
        {"a digit", "{\"format\":", "1", "}"},
};

static long file_size(void)
{
	const char *mib = getenv("NSBROWSE_TEST_MIB");

	if (mib)
		return strtol(mib, NULL, 10) * MIB;
	return (getenv("NSBROWSE_LONG") ? LONG_MIB : SHORT_MIB) * MIB;
}

static void write_bulk(FILE *out, const struct bulk *bulk, long size)
{
	char unit[512];

	fputs(bulk->before, out);
	for (size_t i = 0; ftell(out) < size; i += 100) {
		for (size_t j = i; j < i + 100; j++) {
			/* The format is from the table. */
			const char *number = strstr(bulk->unit, "%zu");
			const int n = number ? snprintf(unit, sizeof(unit), "%.*s%zu%s",
			                               (int)(number - bulk->unit), bulk->unit, j,
			                               number + 3)
			                     : 0;

			fputs(n ? unit : bulk->unit, out);
		}
	}
	fputs(bulk->after, out);
	assert_int_equal(fflush(out), 0);
}

/* In a child process, so that its memory can be measured; writes the result to `answer`. */
static void read_and_answer(int fd, FILE *answer)
{
	const struct model *model = NULL;
	struct snapshot_problem problem;
	const int r = snapshot_read(fd, NULL, &model, &problem);
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	const double seconds = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
	                       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
	fprintf(answer, "%ld %.2f %s\n", usage.ru_maxrss, seconds,
	        r < 0 ? problem.what : "accepted");
	model_unref(model);
}

static long measure(FILE *file, char words[static 200], double *ret_seconds)
{
	_cleanup_fclose_ FILE *answer = tmpfile();
	int status;
	long kib = 0;

	assert_non_null(answer);
	rewind(file);
	const pid_t pid = fork();
	if (pid == 0) {
		read_and_answer(fileno(file), answer);
		fflush(answer);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	rewind(answer);
	assert_int_equal(fscanf(answer, "%ld %lf %199[^\n]", &kib, ret_seconds, words), 3);
	return kib;
}

static void cost_is_bounded(void **state _unused_)
{
	const long size = file_size();
	double slowest = 0;
	long largest = 0;

	for (size_t i = 0; i < ARRAY_SIZE(bulks); i++) {
		_cleanup_fclose_ FILE *file = tmpfile();
		char words[200];
		double seconds;

		assert_non_null(file);
		write_bulk(file, &bulks[i], size);
		const long bytes = ftell(file);
		const long kib = measure(file, words, &seconds);
		print_message("%-13s %4ld MiB file, %4ld MiB memory, %.2f s: %s\n", bulks[i].name,
		        bytes / MIB, kib / 1024, seconds, words);
		if (!HAS_ADDRESS_SANITIZER && kib > bytes / 1024 * 2 + 64 * 1024)
			fail_msg("%s: too much memory", bulks[i].name);
		slowest = MAX(slowest, seconds);
		largest = MAX(largest, kib / 1024);
	}
	print_message("# R19: %zu hostile files of %ld MiB: at most %.2f s and %ld MiB\n",
	        ARRAY_SIZE(bulks), size / MIB, slowest, largest);
	if (!HAS_ADDRESS_SANITIZER)
		assert_true(slowest <= SECONDS_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(cost_is_bounded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
