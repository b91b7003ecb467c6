/* SPDX-License-Identifier: Apache-2.0 */
#include "base/message.h"
#include "tests/unit.h"

#include <string.h>
#include <sys/mman.h>

/* Standard error goes into a file meanwhile. */
static int memory_file, saved;

static int divert(void **state)
{
	(void)state;
	memory_file = memfd_create("stderr", MFD_CLOEXEC);
	saved = dup(STDERR_FILENO);
	return memory_file >= 0 && saved >= 0 && dup2(memory_file, STDERR_FILENO) >= 0 ? 0 : -1;
}

static int release(void **state)
{
	(void)state;
	dup2(saved, STDERR_FILENO);
	close(saved);
	close(memory_file);
	return 0;
}

static void assert_said(const char *wanted)
{
	char said[256] = "";

	assert_true(pread(memory_file, said, sizeof(said) - 1, 0) >= 0);
	assert_string_equal(said, wanted);
	assert_int_equal(ftruncate(memory_file, 0), 0);
	assert_int_equal(lseek(memory_file, 0, SEEK_SET), 0);
}

static void what_and_why(void **state)
{
	(void)state;
	message_error("a b", "no idea");
	assert_said("test_message: a b: no idea\n");
	message_errno("/x", -ENOENT);
	assert_said("test_message: /x: No such file or directory\n");
	message_errno("/x", EACCES);
	assert_said("test_message: /x: Permission denied\n");
	message_line("%d of %d", 1, 2);
	assert_said("test_message: 1 of 2\n");
}

static void foreign_text_is_inert(void **state)
{
	(void)state;
	message_error("a\n\x1b]0;x\a\xe2\x80\xae", "why");
	assert_said("test_message: a\\x0a\\x1b]0;x\\x07\\u{202e}: why\n");
	program_invocation_short_name = (char[]){"\x1b[2Jme"};
	message_line("x");
	assert_said("\\x1b[2Jme: x\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(what_and_why, divert, release),
	        cmocka_unit_test_setup_teardown(foreign_text_is_inert, divert, release),
	};

	program_invocation_short_name = (char[]){"test_message"};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
