/* SPDX-License-Identifier: Apache-2.0 */

/* 10,000 random keys for the real ./nsbrowse, with random sizes, on the demo and on a live host
 * that changes all the while: it answers, and what stands on the terminal is what it believes. The
 * seeds are fixed. (tests/ui/test_anything.c is the longer one of the two.) */

#include "base/memory.h"
#include "tests/cmd/browse.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

enum { KEYS = 10000, AT_ONCE = 20 };

struct run {
	struct pty *pty;
	uint32_t seed;
	int rows;
	int columns;
	unsigned keys;
	unsigned resizes;
	unsigned compared;
	bool is_live;
};

static unsigned below(struct run *run, unsigned n)
{
	run->seed ^= run->seed << 13;
	run->seed ^= run->seed >> 17;
	run->seed ^= run->seed << 5;
	return run->seed % n;
}

/* Not in here: what ends or stops it (q, F10, and 0, which is F10 after Esc). */
static const char *const keys[] = {"\033OA", "\033OB", "\033OC", "\033OD", "\033OH", "\033OF",
        "\033[5~", "\033[6~", "\033[3~", "\033[Z", "\033OP", "\033OQ", "\033OR", "\033OS",
        "\033[15~", "\033[17~", "\033[18~", "\033[19~", "\033[20~", "\033", "\r", "\t", "\177",
        "\001", "\002", "\004", "\005", "\006", "\013", "\014", "\016", "\017", "\020", "\025",
        "\027", "\033[1;5A", "\033[200~q\033[201~", "\033]0;q\a", "日", "\xff", "1", "2", "9", "*",
        " ", "+", "-", "d", "t", "V", "m", "i", "|", "O", "!", "?", "/", "\\", "n", "N", "u", "T",
        "L", "c", "y", "r", "Z", "<", ">", ".", "I", "v", "o", "w", "s"};

/* Never on the last row, where `10Quit` is. */
static void click(struct run *run, FILE *out)
{
	static const int buttons[] = {0, 0, 0, 32, 64, 65};

	fprintf(out, "\033[<%d;%u;%u%c", buttons[below(run, ARRAY_SIZE(buttons))],
	        1 + below(run, (unsigned)run->columns), 1 + below(run, (unsigned)run->rows - 1),
	        below(run, 3) ? 'M' : 'm');
}

static void press_some(struct run *run)
{
	_cleanup_free_ char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	for (unsigned n = 1 + below(run, AT_ONCE); n > 0; n--, run->keys++) {
		const char c = (char)(0x20 + below(run, 0x5f));

		if (run->rows > 1 && below(run, 20) == 0)
			click(run, out);
		else if (below(run, 4) || c == 'q' || c == '0')
			fputs(keys[below(run, ARRAY_SIZE(keys))], out);
		else
			fputc(c, out);
	}
	assert_int_equal(fclose(out), 0);
	pty_press(run->pty, text);
}

static void resize(struct run *run)
{
	run->rows = 1 + (int)below(run, 40);
	run->columns = 1 + (int)below(run, 150);
	pty_resize(run->pty, run->rows, run->columns);
	run->resizes++;
}

/* Drawn anew, it is the same; but first a key that does nothing, since each takes a message away.
 */
static void assert_screen(struct run *run)
{
	pty_press(run->pty, "\035");
	_cleanup_free_ char *before = memory_strdup(pty_screen(run->pty));

	pty_press(run->pty, "\f");
	if (strcmp(pty_screen(run->pty), before) != 0)
		fprintf(stderr, "--- before\n%s--- drawn anew\n%s", before, pty_screen(run->pty));
	assert_string_equal(pty_screen(run->pty), before);
	run->compared++;
}

/* However deep in prompts and pages it is. */
static void quit(struct run *run)
{
	int status = -1;

	pty_type(run->pty, "\033");
	while (pty_sync(run->pty))
		pty_type(run->pty, "\033\033\033q");
	assert_true(pty_wait_end(run->pty, &status));
	assert_int_equal(status, 0);
	assert_given_back(run->pty);
	pty_free(run->pty);
}

static void run_keys(struct run *run)
{
	int row, column;

	assert_true(pty_wait_for(run->pty, "user:["));
	while (run->keys < KEYS) {
		press_some(run);
		if (below(run, 8) == 0)
			resize(run);
		if (!run->is_live && below(run, 8) == 0)
			assert_screen(run);
		pty_cursor(run->pty, &row, &column);
		assert_uint_in_range(row, 0, run->rows - 1);
		assert_uint_in_range(column, 0, run->columns - 1);
	}
	quit(run);
	print_message("%s: %u keys, %u resizes, %u screens drawn anew and compared\n",
	        run->is_live ? "live host" : "demo", run->keys, run->resizes, run->compared);
}

/* In a directory of its own, which is also the home directory: saved files stay there. */
static void start(struct run *run, const char *const *command, const char *folder)
{
	_cleanup_free_ char *home = memory_printf("HOME=%s", folder);
	_cleanup_free_ char *config = memory_printf("XDG_CONFIG_HOME=%s/config", folder);
	const char *argv[16] = {"/bin/sh", "-c", "cd \"$HOME\" && exec \"$@\"", "sh"};

	for (size_t i = 0; command[i]; i++)
		argv[4 + i] = command[i];
	*run = (struct run){.seed = 20261127, .rows = 24, .columns = 80};
	run->pty = pty_start(&(struct pty_options){.rows = run->rows,
	        .columns = run->columns,
	        .argv = argv,
	        .environment = (const char *const[]){home, config, "SUDO_UID", "SUDO_GID", NULL}});
}

static void test_demo(void **state)
{
	_cleanup_free_ char *program = path_of("top_builddir", "nsbrowse");
	_cleanup_free_ char *demo = path_of("top_srcdir", "data/demo.json");
	_cleanup_free_ char *folder = temporary_folder();
	struct run run;

	(void)state;
	start(&run,
	        (const char *const[]){
	                program, "--view=user", "--mouse", "--color=always", demo, NULL},
	        folder);
	run_keys(&run);
	remove_folder(folder);
}

static void test_live(void **state)
{
	_cleanup_free_ char *nested = path_of("top_srcdir", "tests/cmd/nested.sh");
	_cleanup_free_ char *churning = path_of("top_srcdir", "tests/cmd/churning.sh");
	_cleanup_free_ char *program = path_of("top_builddir", "nsbrowse");
	_cleanup_free_ char *folder = temporary_folder();
	struct run run;

	(void)state;
	start(&run,
	        (const char *const[]){nested, churning, program, "--mouse", "--delay=0.2",
	                "--scan=+socket", NULL},
	        folder);
	run.is_live = true;
	run_keys(&run);
	remove_folder(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_demo),
	        cmocka_unit_test(test_live),
	};

	return cmocka_run_group_tests_name("random keys for nsbrowse", tests, NULL, NULL);
}
