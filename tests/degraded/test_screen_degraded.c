/* SPDX-License-Identifier: Apache-2.0 */

/* The real ./nsbrowse on a terminal, on kernels that lack something (degraded.c): the tree is
 * there, the page of problems says once what the kernel does not tell, and no owner is made up. */

#include "base/memory.h"
#include "tests/cmd/browse.h"
#include "tests/degraded/profile.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct expected {
	const char *profile;
	const char *row;    /* of the first view */
	const char *reason; /* on the page of problems; NULL: as without the profile */
	bool lacks_owner;   /* the page of the first row says so */
	bool lacks_all;     /* it says of no relation that there is none */
};

static const struct expected rows[] = {
        {"4.9", "user:[", "this kernel does not tell which users own", true, false},
        {"4.11", "user:[", NULL, false, false},
        {"5.6", "user:[", NULL, false, false},
        {"6.1", "user:[", NULL, false, false},
        {"gvisor", "user:[", "this kernel does not tell owners and parents", true, true},
        {"no-user-ns", "pid:[", "this kernel has no user namespaces", true, false},
};

/* In a world of its own, so that the list is the same on each host. */
static struct pty *start(const char *profile)
{
	_cleanup_free_ char *scene = path_of("top_builddir", "tests/scenes/scene");
	_cleanup_free_ char *degraded = path_of("top_builddir", "tests/degraded/degraded");
	_cleanup_free_ char *program = path_of("top_builddir", "nsbrowse");
	const char *const argv[] = {scene, "owner-only", degraded, profile, program, NULL};

	return pty_start(&(struct pty_options){.rows = 40, .columns = 100, .argv = argv});
}

static size_t count(const char *screen, const char *text)
{
	size_t n = 0;

	for (const char *at = strstr(screen, text); at; at = strstr(at + 1, text))
		n++;
	return n;
}

static void shows(const struct expected *row)
{
	struct pty *pty = start(row->profile);

	print_message("%s\n", row->profile);
	assert_true(pty_wait_for(pty, row->row));
	assert_true(pty_wait_without(pty, "reading"));
	pty_press(pty, "!");
	if (row->reason)
		assert_int_equal(count(pty_screen(pty), row->reason), 1);
	assert_int_equal(count(pty_screen(pty), "this kernel"), row->reason ? 1 : 0);
	pty_press(pty, "!");
	/* Of an ordinary user the first namespace is not the initial one, and below that line. */
	if (pty_shows(pty, "(owner unknown)"))
		pty_press(pty, DOWN);
	pty_press(pty, "\r");
	assert_int_equal(pty_shows(pty, "owner  not supported by this kernel"), row->lacks_owner);
	assert_int_equal(pty_shows(pty, "children unknown"), row->lacks_all);
	assert_int_equal(pty_shows(pty, "owns     not supported by this kernel"), row->lacks_all);
	pty_press(pty, "q");
	assert_quits(pty);
}

static void each_profile_has_the_tree(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		shows(&rows[i]);
}

/* Whether the launcher and the scene work here, by what they exit with. */
static int try_them(void)
{
	struct pty *pty = start("4.9");
	int status;

	if (pty_wait_for(pty, "NAMESPACE")) {
		assert_quits(pty);
		return 0;
	}
	assert_true(pty_wait_end(pty, &status));
	pty_free(pty);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(each_profile_has_the_tree)};

	if (try_them() == EXIT_SKIPPED)
		return skipped("no filter with a listener, or no namespaces");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
