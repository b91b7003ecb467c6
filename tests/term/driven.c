/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/term/driven.h"

#include "base/attributes.h"
#include "base/memory.h"
#include "tests/unit.h"

#include <stdlib.h>
#include <sys/wait.h>

static char *driver_path(void)
{
	const char *top = getenv("top_builddir");

	return memory_printf("%s/tests/term/driver", top ? top : ".");
}

struct pty *drive_with(
        int rows, int columns, const char *const arguments[4], const char *const *environment)
{
	_cleanup_free_ char *path = driver_path();
	const char *argv[6] = {path};

	for (size_t i = 0; i < 4 && arguments[i]; i++)
		argv[i + 1] = arguments[i];
	const struct pty_options options = {
	        .rows = rows, .columns = columns, .argv = argv, .environment = environment};
	return pty_start(&options);
}

struct pty *drive(int rows, int columns, const char *model)
{
	const char *const arguments[4] = {model, "picture-later.model"};
	struct pty *pty = drive_with(rows, columns, arguments, NULL);

	assert_true(pty_wait_for(pty, "10Quit"));
	assert_true(pty_sync(pty));
	return pty;
}

size_t bytes_of(struct pty *pty, const char *keys)
{
	size_t before, after;

	pty_output(pty, &before);
	pty_press(pty, keys);
	pty_output(pty, &after);
	return after - before;
}

void assert_given_back(struct pty *pty)
{
	assert_null(pty_left_behind(pty));
}

void assert_quits(struct pty *pty, const char *keys)
{
	int status = -1;

	pty_type(pty, keys);
	assert_true(pty_wait_end(pty, &status));
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_given_back(pty);
	pty_free(pty);
}

void assert_selected(struct pty *pty, int row)
{
	assert_int_equal(pty_row(pty, row)[0], '>');
}
