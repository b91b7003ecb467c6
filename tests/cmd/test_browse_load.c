/* SPDX-License-Identifier: Apache-2.0 */

/* The real ./nsbrowse while a snapshot comes through a pipe: what it shows, keys, ways out, and
 * snapshots that are none. */

#include "base/memory.h"
#include "base/monotonic.h"
#include "tests/cmd/browse.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

enum { ATTEMPTS = 10, SOON_MS = 1000, FIRST = 30000, DEMO_MAX = 1 << 20 };

/* A program whose standard input is a pipe, with the snapshot that is written to it. */
struct fed {
	struct pty *pty;
	int end; /* to write to */
	char *demo;
	size_t size;
	size_t written;
};

static void feed(struct fed *fed, const char *text, size_t len)
{
	assert_int_equal(write(fed->end, text, len), len);
}

/* Writes the demo up to this many bytes. */
static void feed_demo(struct fed *fed, size_t end)
{
	feed(fed, fed->demo + fed->written, end - fed->written);
	fed->written = end;
}

static void read_demo(struct fed *fed)
{
	_cleanup_free_ char *path = path_of("top_srcdir", "data/demo.json");
	_cleanup_fclose_ FILE *file = fopen(path, "re");

	assert_non_null(file);
	fed->demo = memory_new(DEMO_MAX);
	fed->size = fread(fed->demo, 1, DEMO_MAX, file);
	assert_uint_in_range(fed->size, FIRST + 1, DEMO_MAX - 1);
}

/* `command` is a line for the shell; its $0 is the program, $1 the descriptor of the pipe. */
static struct fed start(const char *program, const char *command, const char *term)
{
	_cleanup_free_ char *path = path_of("top_builddir", program);
	struct fed fed = {0};
	char number[16];
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	fcntl(ends[1], F_SETFD, FD_CLOEXEC);
	snprintf(number, sizeof(number), "%d", ends[0]);
	const char *const argv[] = {"/bin/sh", "-c", command, path, number, NULL};
	fed.pty = pty_start(
	        &(struct pty_options){.rows = 24, .columns = 80, .argv = argv, .term = term});
	fed.end = ends[1];
	close(ends[0]);
	read_demo(&fed);
	return fed;
}

static struct fed start_list(void)
{
	return start("nsbrowse", "exec \"$0\" --view=user - <&\"$1\"", NULL);
}

/* Writes the first part, and waits until the screen shows that it was read. */
static void feed_first(struct fed *fed)
{
	feed_demo(fed, FIRST);
	assert_true(pty_wait_for(fed->pty, "reading… 30 KB"));
	assert_true(pty_sync(fed->pty));
}

static void end_input(struct fed *fed)
{
	close_fd(&fed->end);
}

static void release(struct fed *fed)
{
	close_fd(&fed->end);
	free(fed->demo);
}

/* --- while it is loaded ---------------------------------------------------------------------- */

static void test_keys_while_it_is_loaded(void **state)
{
	struct fed fed = start_list();

	(void)state;
	assert_true(pty_wait_for(fed.pty, "10Quit"));
	assert_true(pty_shows(fed.pty, " USER namespaces  reading…"));
	feed_first(&fed);
	pty_press(fed.pty, "?");
	assert_true(pty_shows(fed.pty, "the selected row"));
	pty_press(fed.pty, "q" F5);
	assert_true(pty_shows(fed.pty, " PID namespaces  reading… 30 KB"));
	pty_press(fed.pty, F5 F5 "s");
	assert_true(pty_shows(fed.pty, "nothing to save yet"));
	pty_press(fed.pty, "r");
	assert_true(pty_shows(fed.pty, "a snapshot cannot be rescanned"));
	pty_press(fed.pty, "\r/n\033!q*]<Uy"); /* rows that are not there */
	pty_resize(fed.pty, 30, 100);
	assert_true(pty_sync(fed.pty));
	assert_true(pty_shows(fed.pty, "reading… 30 KB"));
	feed_demo(&fed, fed.size);
	end_input(&fed);
	assert_true(pty_wait_for(fed.pty, "systemd (1)"));
	assert_true(pty_wait_without(fed.pty, "reading"));
	pty_press(fed.pty, DOWN "j");
	assert_int_equal(pty_row(fed.pty, 4)[0], '>');
	pty_press(fed.pty, "s");
	/* Root saves only in the working directory. */
	assert_true(pty_shows(fed.pty, geteuid() == 0 ? "Save as: db7-" : "Save as: ~/db7-"));
	pty_press(fed.pty, "\033");
	assert_quits(fed.pty);
	release(&fed);
}

static void test_nothing_is_written_while_nothing_comes(void **state)
{
	struct fed fed = start_list();
	size_t before, after;

	(void)state;
	feed_first(&fed);
	pty_output(fed.pty, &before);
	pty_listen(fed.pty, 600);
	pty_output(fed.pty, &after);
	assert_int_equal(before, after);
	assert_quits(fed.pty);
	release(&fed);
}

static void test_the_graph_is_the_first_screen(void **state)
{
	struct fed fed = start("graphns", "exec \"$0\" -f \"/dev/fd/$1\"", NULL);

	(void)state;
	feed_first(&fed);
	feed_demo(&fed, fed.size);
	end_input(&fed);
	assert_true(pty_wait_for(fed.pty, "systemd"));
	assert_true(pty_wait_without(fed.pty, "reading"));
	assert_quits(fed.pty);
	release(&fed);
}

/* --- ways out -------------------------------------------------------------------------------- */

/* Milliseconds until nothing is left. */
static int64_t leave(const char *keys, bool has_first)
{
	_cleanup_family_ struct family family;
	struct fed fed = start_list();
	int status = -1;

	if (has_first)
		feed_first(&fed);
	assert_true(pty_wait_for(fed.pty, "reading…"));
	assert_true(pty_sync(fed.pty));
	family_init(&family, pty_pid(fed.pty));
	const int64_t begin = monotonic_ms();
	pty_type(fed.pty, keys);
	assert_true(pty_wait_end(fed.pty, &status));
	assert_true(family_is_gone(&family, 20000));
	const int64_t took = monotonic_ms() - begin;
	if (strcmp(keys, "q") == 0)
		assert_int_equal(status, 0);
	else
		assert_int_equal(WIFSIGNALED(status) ? WTERMSIG(status) : 0, SIGINT);
	assert_given_back(fed.pty);
	pty_free(fed.pty);
	release(&fed);
	return took;
}

static void test_the_pipe_need_not_end(void **state)
{
	static const char *const keys[] = {"q", "\003"};

	(void)state;
	for (size_t i = 0; i < 2 * ARRAY_SIZE(keys); i++) {
		int64_t took = leave(keys[i / 2], i % 2);

		for (int j = 1; j < ATTEMPTS && took >= SOON_MS; j++)
			took = leave(keys[i / 2], i % 2);
		assert_uint_in_range(took, 0, SOON_MS - 1);
	}
}

/* --- snapshots that are none ----------------------------------------------------------------- */

/* It ends with status 1 and this text, which stands in the screen from before the start. */
static void assert_refuses(struct pty *pty, const char *message)
{
	int status = -1;

	assert_true(pty_wait_end(pty, &status));
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), EXIT_FAILURE);
	assert_false(pty_is_alternate(pty));
	assert_string_equal(pty_row(pty, 0), message);
	assert_string_equal(pty_row(pty, 1), "");
	assert_given_back(pty);
	pty_free(pty);
}

static void test_a_malformed_end(void **state)
{
	static const struct {
		bool is_cut;
		const char *end;
		const char *message;
	} rows[] = {
	        {true, "", "unexpected end of the snapshot"},
	        {false, "x", "data after the snapshot"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct fed fed = start_list();
		unsigned line = 1;

		feed_first(&fed);
		if (!rows[i].is_cut)
			feed_demo(&fed, fed.size);
		for (size_t j = 0; j < fed.written; j++)
			line += fed.demo[j] == '\n';
		feed(&fed, rows[i].end, strlen(rows[i].end));
		end_input(&fed);
		_cleanup_free_ char *message = memory_printf(
		        "nsbrowse: standard input: line %u: %s", line, rows[i].message);
		assert_refuses(fed.pty, message);
		release(&fed);
	}
}

static void test_files_that_are_refused(void **state)
{
	_cleanup_free_ char *folder = temporary_folder();
	static const struct {
		const char *text;
		long size;
		const char *message;
	} rows[] = {
	        {"no json", 0, "line 1: not a snapshot: it does not begin with \"{\""},
	        {"{\"format\": \"nsbrowse-snapshot\", \"version\": 2}", 0,
	                "line 1: snapshot version 2 is newer than this program"},
	        {"{", (1L << 30) + 1, "File too large"},
	};

	(void)state;
	assert_int_equal(chdir(folder), 0);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		FILE *const file = fopen("a.json", "we");

		assert_non_null(file);
		fputs(rows[i].text, file);
		assert_int_equal(fflush(file), 0);
		if (rows[i].size)
			assert_int_equal(ftruncate(fileno(file), rows[i].size), 0);
		fclose(file);
		_cleanup_free_ char *message =
		        memory_printf("nsbrowse: a.json: %s", rows[i].message);
		assert_refuses(
		        browse(24, 80, (const char *const[]){"a.json", NULL}, NULL), message);
	}
	assert_int_equal(chdir("/"), 0);
	assert_int_equal(remove_folder(folder), 1);
}

/* Without an alternate screen the message stands below the frame, whose last row is cleared. */
static void test_a_terminal_without_an_alternate_screen(void **state)
{
	struct fed fed = start("nsbrowse", "exec \"$0\" --view=user - <&\"$1\"", "vt100");
	int status = -1;

	(void)state;
	feed_first(&fed);
	assert_true(pty_shows(fed.pty, "10Quit"));
	end_input(&fed);
	assert_true(pty_wait_end(fed.pty, &status));
	assert_int_equal(WEXITSTATUS(status), EXIT_FAILURE);
	assert_false(pty_shows(fed.pty, "10Quit"));
	const char *message = pty_row(fed.pty, 22);
	assert_non_null(strstr(message, "nsbrowse: standard input: line "));
	assert_string_equal(strstr(message, ": unexpected"), ": unexpected end of the snapshot");
	assert_given_back(fed.pty);
	pty_free(fed.pty);
	release(&fed);
}

/* Standard input is the keyboard: the snapshot is read first. */
static void test_a_snapshot_is_typed(void **state)
{
	struct pty *pty = browse(24, 80, (const char *const[]){"-", NULL}, NULL);

	(void)state;
	pty_type(pty, "no\n\004");
	assert_true(pty_wait_for(pty,
	        "nsbrowse: standard input: line 1: not a snapshot: it does not begin with \"{\""));
	assert_exits(pty, EXIT_FAILURE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_keys_while_it_is_loaded),
	        cmocka_unit_test(test_nothing_is_written_while_nothing_comes),
	        cmocka_unit_test(test_the_graph_is_the_first_screen),
	        cmocka_unit_test(test_the_pipe_need_not_end),
	        cmocka_unit_test(test_a_malformed_end),
	        cmocka_unit_test(test_files_that_are_refused),
	        cmocka_unit_test(test_a_terminal_without_an_alternate_screen),
	        cmocka_unit_test(test_a_snapshot_is_typed),
	};

	return cmocka_run_group_tests_name("loading a snapshot", tests, NULL, NULL);
}
