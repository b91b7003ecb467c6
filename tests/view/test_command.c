/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit.h"
#include "tests/view/fixture.h"
#include "view/command.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void assert_text(struct fixture_text *text, const char *expected)
{
	assert_string_equal(fixture_text_end(text), expected);
	free(text->text);
}

static void assert_argument(const char *argument, const char *expected)
{
	struct fixture_text text;

	fixture_text_begin(&text);
	command_write_argument(text.file, argument);
	assert_text(&text, expected);
}

static void assert_command(const struct process *process, const char *expected)
{
	static const struct host host = {.euid = 0};
	struct fixture_text text;

	fixture_text_begin(&text);
	command_write(text.file, &host, process);
	assert_text(&text, expected);
}

static void arguments_are_quoted(void **state _unused_)
{
	assert_argument("--with=a,b:c@d%+/._-9", "--with=a,b:c@d%+/._-9");
	assert_argument("", "''");
	assert_argument("a b", "'a b'");
	assert_argument("it's", "'it'\\''s'");
	assert_argument("(empty)", "'(empty)'");
	assert_argument("$HOME", "'$HOME'");
	assert_argument("a\nb", "'a\\x0ab'");
	assert_argument("a\\x0ab", "'a\\\\x0ab'");
	assert_argument("\xc3\xbc", "\xc3\xbc");
	assert_argument("\xff", "'\\xff'");
	assert_argument("\xe2\x80\xae", "'\\u{202e}'");
}

/* One text is read as one list of arguments only. */
static void no_two_command_lines_look_alike(void **state _unused_)
{
	static const char *const lines[][4] = {{"a", "b"}, {"a b"}, {"a", "", "b"}, {"a", " b"},
	        {"'a b'"}, {"'a", "b'"}, {"a\\ b"}, {"a", "b", ""}, {""}, {"''"}, {"(empty)"},
	        {"a", "b", "(cut)"}, {"a'", "'b"}, {"a\x1b"}, {"a\\x1b"}};
	char *texts[ARRAY_SIZE(lines)];

	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		const struct process process = {.cmdline = lines[i]};
		struct fixture_text text;

		fixture_text_begin(&text);
		command_write(text.file, NULL, &process);
		texts[i] = strdup(fixture_text_end(&text));
		free(text.text);
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(texts[i], texts[k]);
	}
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
		free(texts[i]);
}

static void without_a_command_line_the_reason_is_written(void **state _unused_)
{
	static const char *const none[] = {NULL}, *const some[] = {"sh", "-c", "x y", NULL};

	assert_command(&(struct process){.state = 'S', .cmdline = some}, "sh -c 'x y'");
	assert_command(&(struct process){.state = 'S', .cmdline = some, .is_cmdline_cut = true},
	        "sh -c 'x y' (cut)");
	assert_command(&(struct process){.state = 'S', .cmdline = none}, "(empty)");
	assert_command(&(struct process){.state = 'S', .cmdline = none, .is_cmdline_cut = true},
	        "(not read)");
	assert_command(&(struct process){.state = 'Z', .cmdline = none}, "(zombie)");
	assert_command(&(struct process){.state = 'Z'}, "(zombie)");
	assert_command(&(struct process){.state = 'S', .is_kernel = true}, "(kernel thread)");
	assert_command(&(struct process){.state = 'S'}, "(not read)");
	assert_command(&(struct process){.state = 'S', .cmdline_error = EACCES},
	        "(not read: permission denied)");
	assert_command(&(struct process){.state = 'S', .cmdline_error = ETIMEDOUT},
	        "(not read: no answer in time)");
	assert_command(&(struct process){.state = 'S', .cmdline_error = EXDEV},
	        "(not read: it is hidden by a mount)");
	assert_command(&(struct process){.state = 'S', .cmdline_error = ESRCH},
	        "(not read: the process has exited)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(arguments_are_quoted),
	        cmocka_unit_test(no_two_command_lines_look_alike),
	        cmocka_unit_test(without_a_command_line_the_reason_is_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
