/* SPDX-License-Identifier: Apache-2.0 */

/* nsbrowse on a terminal, with a directory service that answers late: the screen shows UIDs, says
 * which names are missing, and shows them when they come. */

#include "base/memory.h"
#include "tests/cmd/browse.h"
#include "tests/cmd/directory.h"

#include <sys/wait.h>

enum { EXIT_REFUSED = 77 };

static void test_names_come_late(void **state)
{
	_cleanup_free_ char *owners = path_of("top_srcdir", "tests/cmd/owners.sh");
	_cleanup_free_ char *program = path_of("top_builddir", "tests/cmd/nsbrowse-directory");
	_cleanup_free_ char *folder = temporary_folder();
	const char *const argv[] = {owners, folder, "2", program, "--delay=0", NULL};

	(void)state;
	directory_open();
	directory_answer(DIRECTORY_UIDS, "harald");
	struct pty *pty =
	        pty_start(&(struct pty_options){.rows = 40, .columns = 100, .argv = argv});
	assert_true(pty_wait_for(pty, "] harald "));
	assert_true(pty_wait_for(pty, "] 7001 "));
	pty_type(pty, "!");
	assert_true(pty_wait_for(pty, "some user names were not found in time"));
	assert_true(pty_wait_for(pty, "users whose names could not be looked up yet"));
	assert_true(pty_wait_for(pty, "  7001"));
	assert_false(pty_shows(pty, "  7000"));
	directory_answer(DIRECTORY_UIDS + 1, "late");
	assert_true(pty_wait_without(pty, "some user names were not found in time"));
	assert_false(pty_shows(pty, "users whose names"));
	pty_type(pty, "!");
	assert_true(pty_wait_for(pty, "] late "));
	assert_quits(pty);
	directory_close();
	remove_folder(folder);
}

static bool has_owners(void)
{
	_cleanup_free_ char *owners = path_of("top_srcdir", "tests/cmd/owners.sh");
	_cleanup_free_ char *folder = temporary_folder();
	const pid_t pid = fork();
	int status;

	if (pid == 0) {
		execl(owners, owners, folder, "1", "true", NULL);
		_exit(EXIT_REFUSED);
	}
	const bool has_ended = waitpid(pid, &status, 0) == pid;
	remove_folder(folder);
	return has_ended && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_names_come_late),
	};

	/* The very thing that is needed, tried first. */
	if (!has_owners())
		return skipped("namespaces of other users cannot be made here");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
