/* SPDX-License-Identifier: Apache-2.0 */

/* What an administrator wants to know most often, and how many keys it takes from the first screen.
 * tests/ui/screens/tasks.txt has the same, and what is new since `m`. */

#include "base/attributes.h"
#include "base/memory.h"
#include "tests/cmd/browse.h"

#include <string.h>
#include <time.h>

static const struct {
	int rows, columns;
} sizes[] = {{24, 80}, {50, 200}};

static struct pty *start(size_t size, const char *const *environment)
{
	return browse_demo_with(sizes[size].rows, sizes[size].columns, environment);
}

/* The owner and the maps of a user namespace: it is selected. */
static void test_owner_and_map(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct pty *pty = start(i, NULL);

		pty_press(pty, "j");
		assert_true(pty_shows(pty, "owner  harald (1000)"));
		assert_true(pty_shows(pty, "uid map  0 -> 1000 x1"));
		assert_true(pty_shows(pty, "gid map  0 -> 1000 x1"));
		assert_quits(pty);
	}
}

/* What holds a network namespace that nothing uses any more. */
static void test_holder_of_a_stuck_net_namespace(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct pty *pty = start(i, NULL);

		pty_press(pty, "dLjj");
		assert_true(pty_shows(pty, "~ ⟜   net:[4026532199]"));
		assert_true(pty_shows(pty, "held by mount /run/netns/blue"));
		pty_press(pty, "G");
		assert_true(pty_shows(pty, "held by  fd 8 of bash (1468)"));
		assert_quits(pty);
	}
}

/* The namespaces of a process, from its PID. */
static void test_namespaces_of_a_pid(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct pty *pty = start(i, NULL);

		pty_press(pty, "9377");
		pty_press(pty, "\r\r\r");
		assert_true(pty_shows(pty, ">process 9377"));
		assert_true(pty_shows(pty, "mnt:[4026532225]"));
		assert_true(pty_shows(pty, "net:[4026532226]"));
		pty_press(pty, "qq");
		assert_quits(pty);
	}
}

/* The picture of the host, in the home directory; a second later another one, without a question.
 */
static void test_picture(void **state)
{
	_cleanup_free_ char *folder = temporary_folder();
	_cleanup_free_ char *home = memory_printf("HOME=%s", folder);
	struct pty *pty = start(0, (const char *const[]){home, NULL});

	(void)state;
	pty_press(pty, "s");
	pty_type(pty, "\r");
	assert_true(pty_wait_for(pty, "saved"));
	assert_true(pty_shows(pty, ".svg"));
	for (const time_t saved = time(NULL); time(NULL) == saved;)
		pty_listen(pty, 20);
	pty_press(pty, "s");
	assert_false(pty_shows(pty, "saved"));
	pty_type(pty, "\r");
	assert_true(pty_wait_for(pty, "saved"));
	assert_quits(pty);
	assert_int_equal(remove_folder(folder), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_owner_and_map),
	        cmocka_unit_test(test_holder_of_a_stuck_net_namespace),
	        cmocka_unit_test(test_namespaces_of_a_pid),
	        cmocka_unit_test(test_picture),
	};

	if (!become_user())
		return skipped("root needs a user namespace");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
