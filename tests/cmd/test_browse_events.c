/* SPDX-License-Identifier: Apache-2.0 */

/* The real ./nsbrowse on a terminal, live: changes are on the screen by events of the kernel, long
 * before the delay is over, or else by lists of PIDs. Exits 77 if events cannot be opened. */

#include "base/memory.h"
#include "tests/cmd/browse.h"
#include "tests/cmd/changing.h"

#include <unistd.h>

/* An hour: neither a list nor anything else of the program comes before the test is over, but the
 * first round after half a minute. */
static const char DELAY[] = "--delay=3600";

static void test_by_events(void **state)
{
	char new[CHANGING_NAME], line[CHANGING_NAME];
	struct changing host;

	(void)state;
	changing_start(&host, 24, 100, DELAY);
	changing_go_on(&host, CHANGING_MAKE_NEW);
	changing_hear(&host, new);
	assert_true(pty_wait_for(host.pty, new));
	changing_go_on(&host, CHANGING_END_OLD);
	changing_hear(&host, line);
	assert_true(pty_wait_for(host.pty, " +1 -1"));
	/* The marks end without a key, and without a model. */
	assert_true(pty_wait_without(host.pty, host.old));
	assert_true(pty_wait_without(host.pty, " +1 "));
	assert_true(pty_shows(host.pty, new));
	changing_end(&host);
}

static void test_what_is_told(void **state)
{
	struct changing host;

	(void)state;
	changing_start(&host, 30, 100, DELAY);
	pty_press(host.pty, "!");
	assert_true(pty_shows(host.pty, "changes are read when events of the kernel tell of them"));
	assert_true(pty_wait_for(host.pty, "descriptors read within the last "));
	assert_true(pty_shows(host.pty, "events: "));
	pty_press(host.pty, "qo");
	assert_true(pty_wait_for(host.pty, "seconds; events, descriptors read within the last "));
	pty_press(host.pty, "q");
	changing_end(&host);
}

/* Nothing comes while it is paused, and everything afterwards. */
static void test_pause(void **state)
{
	char new[CHANGING_NAME];
	struct changing host;

	(void)state;
	changing_start(&host, 24, 100, DELAY);
	pty_press(host.pty, "Z");
	assert_true(pty_shows(host.pty, "  paused"));
	pty_press(host.pty, "!");
	assert_true(pty_wait_without(host.pty, "changes are read when"));
	assert_true(pty_shows(host.pty, "scanned: "));
	pty_press(host.pty, "q");
	changing_go_on(&host, CHANGING_MAKE_NEW);
	changing_hear(&host, new);
	pty_press(host.pty, "j");
	assert_false(pty_shows(host.pty, new));
	pty_press(host.pty, "Z");
	assert_true(pty_wait_for(host.pty, new));
	changing_end(&host);
}

static void test_by_lists(void **state)
{
	char new[CHANGING_NAME];
	struct changing host;

	(void)state;
	changing_start(&host, 30, 100, "--no-events");
	pty_press(host.pty, "!");
	assert_true(
	        pty_shows(host.pty, "a list of PIDs is read every 2 s; no events: --no-events"));
	pty_press(host.pty, "qo");
	assert_true(
	        pty_wait_for(host.pty, "seconds; no events, descriptors read within the last "));
	pty_press(host.pty, "q");
	changing_go_on(&host, CHANGING_MAKE_NEW);
	changing_hear(&host, new);
	assert_true(pty_wait_for(host.pty, new));
	changing_end(&host);
}

static bool has_events(void)
{
	_cleanup_free_ char *world = path_of("top_srcdir", "tests/cmd/nested.sh");
	_cleanup_free_ char *program = path_of("top_builddir", "nsbrowse");
	const char *const argv[] = {world, program, "--version", "--verbose", NULL};
	struct pty *pty =
	        pty_start(&(struct pty_options){.rows = 150, .columns = 120, .argv = argv});
	int status = -1;
	const bool has_ended = pty_wait_end(pty, &status);
	const bool has = has_ended && status == 0 && pty_shows(pty, "refreshes: by events");

	pty_free(pty);
	return has;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_by_events),
	        cmocka_unit_test(test_what_is_told),
	        cmocka_unit_test(test_pause),
	        cmocka_unit_test(test_by_lists),
	};

	if (!has_events())
		return skipped("no events of the kernel here");
	return cmocka_run_group_tests_name("nsbrowse with events", tests, NULL, NULL);
}
