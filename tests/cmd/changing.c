/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/cmd/changing.h"

#include "base/memory.h"
#include "tests/cmd/browse.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const names[] = {
        [CHANGING_START] = "start", [CHANGING_END_OLD] = "old", [CHANGING_MAKE_NEW] = "new"};

void changing_go_on(const struct changing *host, int what)
{
	assert_int_equal(write(host->go[what], "\n", 1), 1);
}

void changing_hear(const struct changing *host, char line[static CHANGING_NAME])
{
	size_t n = 0;

	for (char c = '\0'; c != '\n'; line[n++] = c) {
		assert_true(n < CHANGING_NAME - 1);
		assert_true(wait_readable(host->said));
		assert_int_equal(read(host->said, &c, 1), 1);
	}
	line[n - 1] = '\0';
}

void changing_start(struct changing *host, int rows, int columns, const char *option)
{
	_cleanup_free_ char *world = path_of("top_srcdir", "tests/cmd/nested.sh");
	_cleanup_free_ char *changing = path_of("top_srcdir", "tests/cmd/changing.sh");
	_cleanup_free_ char *program = path_of("top_builddir", "nsbrowse");

	*host = (struct changing){.folder = temporary_folder()};
	const char *const argv[] = {world, changing, host->folder, program, option, NULL};
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		host->go[i] = make_fifo(host->folder, names[i]);
	host->said = make_fifo(host->folder, "said");
	host->pty =
	        pty_start(&(struct pty_options){.rows = rows, .columns = columns, .argv = argv});
	for (int i = 0; i < CHANGING_LEVELS; i++)
		changing_hear(host, host->nested[i]);
	changing_hear(host, host->old);
	changing_go_on(host, CHANGING_START);
	assert_true(pty_wait_for(host->pty, host->old));
	assert_true(pty_wait_without(host->pty, "reading"));
	assert_true(pty_wait_for(host->pty, " root ")); /* the names come last */
	assert_true(pty_sync(host->pty));
}

void changing_end(struct changing *host)
{
	assert_quits(host->pty);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		close_fd(&host->go[i]);
	close_fd(&host->said);
	assert_int_equal(remove_folder(host->folder), ARRAY_SIZE(names) + 1);
	free(host->folder);
}
