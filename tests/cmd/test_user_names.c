/* SPDX-License-Identifier: Apache-2.0 */
/* The look-ups of user names with a real helper, and a directory service that answers late, with
 * an error, or never. */
#include "base/attributes.h"
#include "base/text.h"
#include "cmd/jobs/jobs.h"
#include "tests/cmd/directory.h"
#include "tests/unit.h"

#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <string.h>

static const struct helper_job *const all[] = {&user_names_job};

enum { FIRST = DIRECTORY_UIDS, LONG_MS = 60 * 1000 };

struct scene {
	struct helper *helper;
	struct user_names *users;
	struct text log; /* of what was found: `7000=harald 7001=- 7002=? ` */
};

static void note(void *data, uid_t uid, const char *name, bool is_failed)
{
	struct scene *scene = data;

	fprintf(scene->log.out, "%" PRIu32 "=%s ", (uint32_t)uid,
	        name        ? name
	        : is_failed ? "?"
	                    : "-");
}

static int begin(void **state)
{
	static struct scene scene;

	directory_open();
	assert_int_equal(helper_start(all, ARRAY_SIZE(all), NULL, &scene.helper), 0);
	text_init(&scene.log);
	scene.users = user_names_new(scene.helper, note, &scene);
	*state = &scene;
	return 0;
}

static int end(void **state)
{
	struct scene *scene = *state;

	user_names_free(scene->users);
	helper_stop(scene->helper);
	text_release(&scene->log);
	directory_close();
	return 0;
}

static void add(struct scene *scene, uid_t first, uid_t n)
{
	for (uid_t i = 0; i < n; i++)
		user_names_add(scene->users, first + i);
}

/* Waits up to `timeout` ms for exit notices, and handles them. */
static void handle_some(struct scene *scene, int timeout)
{
	struct pollfd poll_fd = {.fd = helper_fd(scene->helper), .events = POLLIN};
	struct helper_exit notice;

	poll(&poll_fd, 1, timeout);
	for (bool is_lost = false; !is_lost && helper_poll(scene->helper, &notice) > 0;) {
		user_names_handle_exit(scene->users, &notice);
		is_lost = notice.end == HELPER_LOST;
	}
}

static void handle_all(struct scene *scene)
{
	while (user_names_is_running(scene->users))
		handle_some(scene, LONG_MS);
}

static void assert_log(struct scene *scene, const char *expected)
{
	assert_string_equal(text_get(&scene->log), expected);
	text_restart(&scene->log);
}

/* In any order: on a busy machine the quick pass may end early. */
static void assert_in_log(struct scene *scene, const char *const *expected, size_t n)
{
	const char *log = text_get(&scene->log);
	size_t len = 0;

	for (size_t i = 0; i < n; i++) {
		assert_non_null(strstr(log, expected[i]));
		len += strlen(expected[i]);
	}
	assert_int_equal(strlen(log), len);
	text_restart(&scene->log);
}

static void each_answer(void **state)
{
	static const char *const expected[] = {
	        "0=root ", "6999=- ", "7000=harald ", "7001=- ", "7002=? "};
	struct scene *scene = *state;

	directory_answer(FIRST, "harald");
	directory_answer(FIRST + 1, "");
	directory_answer(FIRST + 2, "!");
	add(scene, FIRST, 3);
	add(scene, 0, 1);
	add(scene, FIRST - 1, 1);
	user_names_start(scene->users);
	handle_all(scene);
	assert_in_log(scene, expected, ARRAY_SIZE(expected));
	/* Again: it answers now. */
	directory_answer(FIRST + 2, "late");
	add(scene, FIRST + 2, 1);
	user_names_start(scene->users);
	handle_all(scene);
	assert_log(scene, "7002=late ");
}

/* Nothing is answered before that many wait. */
static void eight_at_once(void **state)
{
	struct scene *scene = *state;

	add(scene, FIRST, 20);
	user_names_start(scene->users);
	while (directory_count_asked(FIRST, 20) < USER_NAMES_AT_ONCE)
		handle_some(scene, 5);
	assert_log(scene, "");
	for (uid_t i = 0; i < 20; i++)
		directory_answer(FIRST + i, "x");
	handle_all(scene);
	for (uid_t i = 0; i < 20; i++) {
		char expected[16];

		snprintf(expected, sizeof(expected), "%u=x ", (unsigned)(FIRST + i));
		assert_non_null(strstr(text_get(&scene->log), expected));
	}
}

/* It is the first, but all others come before it fails: also those of the file, and of the job in
 * which it was looked up first. */
static void one_without_answer_delays_no_other(void **state)
{
	struct scene *scene = *state;

	add(scene, FIRST, 3);
	add(scene, 0, 1);
	directory_answer(FIRST + 1, "a");
	directory_answer(FIRST + 2, "!");
	user_names_start(scene->users);
	handle_all(scene);
	const char *log = text_get(&scene->log);
	const char *last = strstr(log, "7000=? ");
	assert_int_equal(strncmp(log, "0=root ", 7), 0);
	assert_non_null(strstr(log, "7001=a "));
	assert_non_null(strstr(log, "7002=? "));
	assert_non_null(last);
	assert_string_equal(last, "7000=? ");
}

/* More users than one job takes, more than may run at once. */
static void many_users(void **state)
{
	struct scene *scene = *state;

	for (uid_t i = 0; i < 1000; i++)
		directory_answer(FIRST + i, i % 2 ? "x" : "");
	add(scene, FIRST, 1000);
	add(scene, 0, 1);
	user_names_start(scene->users);
	handle_all(scene);
	const char *log = text_get(&scene->log);
	size_t n = 0;

	for (const char *at = log; (at = strchr(at, '=')); at++)
		n++;
	assert_int_equal(n, 1001);
	assert_null(strchr(log, '?'));
	assert_non_null(strstr(log, "0=root "));
	assert_non_null(strstr(log, "7999=x "));
}

static void a_helper_that_is_lost_fails_all(void **state)
{
	struct scene *scene = *state;

	add(scene, FIRST, 20);
	user_names_start(scene->users);
	assert_int_equal(kill(helper_pid(scene->helper), SIGKILL), 0);
	handle_all(scene);
	const char *log = text_get(&scene->log);
	size_t n = 0;

	for (const char *at = log; (at = strstr(at, "=? ")); at++)
		n++;
	assert_int_equal(n, 20);
	text_restart(&scene->log);
	add(scene, 0, 1);
	user_names_start(scene->users);
	assert_log(scene, "0=? ");
}

/* What was not answered when the time is over has failed, whether it was started or not. */
static void a_file_does_not_wait_for_ever(void **state)
{
	struct scene *scene = *state;
	struct names *names = names_new();
	uid_t uids[1000];

	for (uid_t i = 0; i < ARRAY_SIZE(uids); i++)
		uids[i] = FIRST + i;
	user_names_now(scene->helper, uids, ARRAY_SIZE(uids), 0, names);
	assert_int_equal(names_n_failed(names), ARRAY_SIZE(uids));
	directory_answer(FIRST, "a");
	directory_answer(FIRST + 1, "");
	user_names_now(scene->helper, uids, 2, LONG_MS, names);
	assert_string_equal(names_get(names, FIRST), "a");
	assert_null(names_get(names, FIRST + 1));
	assert_int_equal(names_n_failed(names), ARRAY_SIZE(uids) - 2);
	names_free(names);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(each_answer, begin, end),
	        cmocka_unit_test_setup_teardown(eight_at_once, begin, end),
	        cmocka_unit_test_setup_teardown(one_without_answer_delays_no_other, begin, end),
	        cmocka_unit_test_setup_teardown(many_users, begin, end),
	        cmocka_unit_test_setup_teardown(a_helper_that_is_lost_fails_all, begin, end),
	        cmocka_unit_test_setup_teardown(a_file_does_not_wait_for_ever, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
