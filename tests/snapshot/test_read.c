/* SPDX-License-Identifier: Apache-2.0 */
/* Snapshots from descriptors: files, pipes, and others. */
#include "tests/snapshot/text.h"

#include <fcntl.h>
#include <sys/wait.h>

#define SMALL "tests/snapshot/fixtures/small.json"

static void from_a_file(void **state _unused_)
{
	_cleanup_fclose_ FILE *file = open_source(SMALL);
	_cleanup_model_ const struct model *model = NULL;
	struct snapshot_problem problem;
	struct progress progress;

	assert_int_equal(progress_init(&progress, true), 0);
	assert_int_equal(snapshot_read(fileno(file), &progress, &model, &problem), 0);
	assert_string_equal(model->host.name, "small");
	/* Not all is in lists. */
	assert_uint_in_range(progress_percent(&progress), 60, 99);
	progress_release(&progress);
}

/* Also after all was read: the first element of a list is the last. */
static void a_cancelled_one(void **state _unused_)
{
	_cleanup_bytes_ struct bytes text = read_source(SMALL);
	const struct model *model = NULL;
	struct snapshot_problem problem;
	struct progress progress;

	assert_int_equal(progress_init(&progress, false), 0);
	progress_cancel(&progress);
	assert_int_equal(
	        snapshot_parse(text.bytes, text.len, &progress, &model, &problem), -ECANCELED);
	assert_uint_in_range(progress_percent(&progress), 50, 60);
}

/* Writes `text` and more blanks than a pipe or the first buffer has room for, in a child process.
 */
static pid_t feed(int fd, const struct bytes *text)
{
	enum { BLANKS = 300000 };
	const pid_t pid = fork();

	if (pid != 0)
		return pid;
	FILE *out = fdopen(fd, "w");
	for (unsigned i = 0; out && i < BLANKS; i++)
		fputc(' ', out);
	_exit(!out || fwrite(text->bytes, 1, text->len, out) != text->len || fclose(out));
}

static void from_a_pipe(void **state _unused_)
{
	_cleanup_bytes_ struct bytes text = read_source(SMALL);
	_cleanup_model_ const struct model *model = NULL;
	struct snapshot_problem problem;
	int ends[2], status;

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	const pid_t pid = feed(ends[1], &text);
	assert_true(pid > 0);
	close(ends[1]);
	const int r = snapshot_read(ends[0], NULL, &model, &problem);
	close(ends[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(r, 0);
	assert_string_equal(model->host.name, "small");
}

static void what_cannot_be_read(void **state _unused_)
{
	_cleanup_close_ int folder = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	const struct model *model = NULL;
	struct snapshot_problem problem;

	assert_true(folder >= 0);
	assert_int_equal(snapshot_read(-1, NULL, &model, &problem), -EBADF);
	assert_int_equal(snapshot_read(folder, NULL, &model, &problem), -EISDIR);
	assert_null(model);
}

static void nothing_in_it(void **state _unused_)
{
	_cleanup_fclose_ FILE *file = tmpfile();
	const struct model *model = NULL;
	struct snapshot_problem problem;

	assert_non_null(file);
	assert_int_equal(snapshot_read(fileno(file), NULL, &model, &problem), -EBADMSG);
	assert_string_equal(problem.what, "line 1: not a snapshot: empty");
}

/* A file with a hole takes no space. */
static void more_than_a_gibibyte(void **state _unused_)
{
	_cleanup_fclose_ FILE *file = tmpfile();
	const struct model *model = NULL;
	struct snapshot_problem problem;

	assert_non_null(file);
	assert_int_equal(ftruncate(fileno(file), (1 << 30) + 1), 0);
	assert_int_equal(snapshot_read(fileno(file), NULL, &model, &problem), -EFBIG);
}

enum { MANY = 30000 }; /* processes of 4 MB: the memory of the first ones is released */

/* The list of processes, of which the last one has PID `last`. */
static void write_processes(FILE *out, unsigned last)
{
	fputs("\"processes\": [\n", out);
	for (unsigned i = 1; i <= MANY; i++)
		fprintf(out,
		        "{\"pid\": %u, \"ppid\": 0, \"started\": 3, \"uid\": 0, \"state\": \"S\", "
		        "\"kernel\": false, \"comm\": \"c%u\", \"name\": \"n\", \"nspid\": [1], "
		        "\"namespaces\": {}}%s\n",
		        i == MANY ? last : i, i, i == MANY ? "]" : ",");
}

/* A large snapshot. The list of processes is read after that of namespaces, wherever they are. */
static struct bytes write_large(bool are_processes_first, unsigned last, const char *notes)
{
	struct bytes text = {0};
	FILE *out = open_memstream(&text.bytes, &text.len);

	assert_non_null(out);
	fputs("{\"format\": \"nsbrowse-snapshot\", \"version\": 1, \"program\": \"p\",\n"
	      "\"host\": {\"name\": \"h\", \"kernel\": \"k\", \"boot_id\": \"b\", \"taken\": "
	      "\"2026-11-23T15:04:00Z\", \"hertz\": 100, \"booted\": \"2026-11-20T05:09:00Z\", "
	      "\"euid\": 0, \"sources\": [], \"unreadable\": 0, \"complete\": true},\n",
	        out);
	if (are_processes_first)
		write_processes(out, last);
	fputs(are_processes_first ? ", " : "", out);
	fputs("\"namespaces\": []\n, ", out);
	if (!are_processes_first)
		write_processes(out, last);
	fprintf(out, "%s%s}\n", are_processes_first || !*notes ? "" : ", ", notes);
	assert_int_equal(fclose(out), 0);
	return text;
}

/* Reads it from a file: memory is released only then. */
static int read_large(
        const struct bytes *text, const struct model **ret, struct snapshot_problem *problem)
{
	_cleanup_fclose_ FILE *file = tmpfile();

	assert_non_null(file);
	assert_int_equal(fwrite(text->bytes, 1, text->len, file), text->len);
	rewind(file);
	return snapshot_read(fileno(file), NULL, ret, problem);
}

static void all_of_a_large_one(void **state _unused_)
{
	_cleanup_bytes_ struct bytes text = write_large(false, MANY, "\"notes\": []");
	_cleanup_model_ const struct model *parsed = load(text.bytes, text.len);
	_cleanup_model_ const struct model *model = NULL;
	struct snapshot_problem problem;

	assert_int_equal(read_large(&text, &model, &problem), 0);
	_cleanup_bytes_ struct bytes expected = save(parsed, NULL);
	_cleanup_bytes_ struct bytes seen = save(model, NULL);
	assert_string_equal(expected.bytes, seen.bytes);
}

static void lines_of_a_large_one(void **state _unused_)
{
	static const struct {
		bool are_processes_first;
		unsigned last;
		const char *notes, *what;
	} rows[] = {
	        {false, 1, "\"notes\": []", "line 30004: process 1 is a duplicate"},
	        {true, 1, "\"notes\": []", "line 30003: process 1 is a duplicate"},
	        {false, MANY, "\"notes\": [\n1]", "line 30006: an object is missing"},
	        {true, MANY, "\"notes\": [\n1]", "line 30006: an object is missing"},
	        {false, MANY, "", "line 30006: \"notes\" is missing"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_bytes_ struct bytes text =
		        write_large(rows[i].are_processes_first, rows[i].last, rows[i].notes);
		const struct model *model = NULL;
		struct snapshot_problem problem, expected;

		assert_int_equal(refuse(text.bytes, text.len, &expected), -EBADMSG);
		assert_int_equal(read_large(&text, &model, &problem), -EBADMSG);
		assert_string_equal(problem.what, rows[i].what);
		assert_string_equal(expected.what, rows[i].what);
		assert_int_equal(problem.offset, expected.offset);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(from_a_file),
	        cmocka_unit_test(from_a_pipe),
	        cmocka_unit_test(a_cancelled_one),
	        cmocka_unit_test(what_cannot_be_read),
	        cmocka_unit_test(nothing_in_it),
	        cmocka_unit_test(more_than_a_gibibyte),
	        cmocka_unit_test(all_of_a_large_one),
	        cmocka_unit_test(lines_of_a_large_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
