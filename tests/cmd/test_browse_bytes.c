/* SPDX-License-Identifier: Apache-2.0 */

/* What the real ./nsbrowse writes to its terminal for the demo: the bars are for
 * 100x30 in xterm-256color with the details below the list, and the mean of many keys (how much of
 * a row changes is up to what is shown). Beside the list they are only told: no terminal can scroll
 * half a row. */

#include "base/memory.h"
#include "base/monotonic.h"
#include "tests/cmd/browse.h"

#include <string.h>

#define PGDN "\033[6~"

enum { ROWS = 30, BELOW = 100, BESIDE = 160 };

static struct pty *browse_view(int columns, const char *view)
{
	_cleanup_free_ char *demo = path_of("top_srcdir", "data/demo.json");
	const char *const arguments[] = {"--view", view, demo, NULL};
	struct pty *pty = browse(ROWS, columns, arguments, NULL);

	assert_true(pty_wait_for(pty, "systemd"));
	assert_true(pty_sync(pty));
	return pty;
}

static size_t written(const struct pty *pty)
{
	size_t n;

	pty_output(pty, &n);
	return n;
}

static size_t bytes_of(struct pty *pty, const char *keys)
{
	const size_t before = written(pty);

	pty_press(pty, keys);
	return written(pty) - before;
}

struct cost {
	const char *what;
	int columns;
	const char *view;
	const char *before; /* keys that lead there */
	const char *key;
	int times;
	size_t bar; /* bytes of each, in the mean; 0: only told */
};

static const struct cost costs[] = {
        {"Down, list alone", BELOW, "user", "i", DOWN, 14, 220},
        {"Down, list alone", BELOW, "processes", "i", DOWN, 100, 220},
        {"Down, list alone, namespaces of all types", BELOW, "all", "i", DOWN, 100, 220},
        {"Down, with details", BELOW, "user", "", DOWN, 14, 450},
        {"Down, with details, namespaces of all types", BELOW, "all", "", DOWN, 100, 450},
        {"Down in the details", BELOW, "user", "\t", DOWN, 40, 450},
        {"PgDn, list alone, command lines", BELOW, "processes", "i", PGDN, 4, 2000},
        {"PgDn, with details", BELOW, "all", "", PGDN, 8, 1500},
        {"PgDn in the details", BELOW, "user", "\t", PGDN, 8, 1500},
        {"n, list alone", BELOW, "all", "i/ba\r", "n", 20, 450},
        {"n, with details", BELOW, "all", "/ba\r", "n", 20, 900},
        {"n in the details", BELOW, "user", "\t/s\r", "n", 20, 450},
        {"n, a PID, with details", BELOW, "user", "1\r", "n", 20, 900},
        {"a key of a search, with details", BELOW, "all", "/", "b", 1, 900},
        {"Down, details at the right", BESIDE, "user", "", DOWN, 14, 0},
        {"Down, details at the right, all types", BESIDE, "all", "", DOWN, 100, 0},
        {"Down in the details at the right", BESIDE, "user", "\t", DOWN, 40, 0},
        {"PgDn, details at the right", BESIDE, "all", "", PGDN, 4, 0},
};

static void test_bytes_of_a_key(void **state)
{
	size_t over = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(costs); i++) {
		const struct cost *cost = &costs[i];
		struct pty *pty = browse_view(cost->columns, cost->view);
		size_t most = 0, all = 0;

		pty_press(pty, cost->before);
		for (int j = 0; j < cost->times; j++) {
			const size_t n = bytes_of(pty, cost->key);

			most = n > most ? n : most;
			all += n;
		}
		const size_t mean = all / (size_t)cost->times;
		print_message("%-44s mean %4zu, at most %4zu (bar %zu)\n", cost->what, mean, most,
		        cost->bar);
		over += cost->bar && mean > cost->bar;
		pty_press(pty, "\033"); /* from the details to the list, where q quits */
		assert_quits(pty);
	}
	assert_int_equal(over, 0);
}

static void test_bytes_of_the_start(void **state)
{
	(void)state;
	for (int columns = BELOW; columns <= BESIDE; columns += BESIDE - BELOW) {
		struct pty *pty = browse_view(columns, "user");

		print_message("start, %d columns: %zu\n", columns, written(pty));
		if (columns == BELOW)
			assert_uint_in_range(written(pty), 1, 3000);
		assert_quits(pty);
	}
}

/* Keys that change nothing, and none at all. */
static void test_nothing_changed_nothing_written(void **state)
{
	struct pty *pty = browse_view(BELOW, "user");
	const size_t before = written(pty);

	(void)state;
	pty_press(pty, "\033OAgk\033[5~");
	pty_listen(pty, 500);
	assert_int_equal(written(pty), before);
	assert_quits(pty);
}

/* Keys that come at once are drawn once, or once in each 50 ms that they take. */
static void test_keys_are_drained_before_drawing(void **state)
{
	struct pty *pty = browse_view(BELOW, "processes");
	size_t one, all;

	(void)state;
	one = bytes_of(pty, PGDN);
	pty_press(pty, "g");
	const int64_t start = monotonic_ms();
	all = bytes_of(pty, "jjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjj");
	const size_t draws = 1 + (size_t)(monotonic_ms() - start) / 50;
	print_message("60 keys at once: %zu bytes, one page: %zu\n", all, one);
	assert_uint_in_range(all, 1, draws * (one + one / 2));
	assert_quits(pty);
}

/* However long they take: each of these builds the view anew. The last one is seen too. */
static void test_many_keys_at_once(void **state)
{
	struct pty *pty = browse_view(BELOW, "user");
	char keys[2001];

	(void)state;
	memset(keys, 't', sizeof(keys) - 2);
	keys[sizeof(keys) - 2] = '?';
	keys[sizeof(keys) - 1] = '\0';
	pty_press(pty, keys);
	assert_true(pty_shows(pty, "the selected row"));
	pty_press(pty, "q");
	assert_true(pty_shows(pty, "PID namespaces"));
	assert_quits(pty);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_bytes_of_the_start),
	        cmocka_unit_test(test_bytes_of_a_key),
	        cmocka_unit_test(test_nothing_changed_nothing_written),
	        cmocka_unit_test(test_keys_are_drained_before_drawing),
	        cmocka_unit_test(test_many_keys_at_once),
	};

	return cmocka_run_group_tests_name("what nsbrowse writes", tests, NULL, NULL);
}
