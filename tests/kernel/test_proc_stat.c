/* SPDX-License-Identifier: Apache-2.0 */
#include "base/attributes.h"
#include "kernel/proc/proc.h"
#include "tests/kernel/exact.h"
#include "tests/unit.h"

#define TAIL " 1 7 7 0 -1 4194560 10 0 0 0 1 2 0 0 20 0 3 0 91522 1000 200 0\n"

static int parse(const char *text, size_t len, struct proc_stat *ret)
{
	char *copy = exact(text, len);
	const int r = proc_stat_parse(copy, len, ret);

	/* Where the name stands, in the text that is still there. */
	if (r == 0)
		ret->comm = text + (ret->comm - copy);
	free(copy);
	return r;
}

static void reads_the_fields(void **state)
{
	static const char text[] = "7 (bash) S" TAIL;
	struct proc_stat stat;

	assert_int_equal(parse(text, strlen(text), &stat), 0);
	assert_int_equal(stat.comm_len, 4);
	assert_memory_equal(stat.comm, "bash", 4);
	assert_int_equal(stat.state, 'S');
	assert_int_equal(stat.ppid, 1);
	assert_int_equal(stat.n_threads, 3);
	assert_int_equal(stat.started, 91522);
	assert_false(stat.is_kernel);
	(void)state;
}

static void knows_kernel_threads(void **state)
{
	static const char text[] =
	        "2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 1 0 0 0\n";
	struct proc_stat stat;

	assert_int_equal(parse(text, strlen(text), &stat), 0);
	assert_true(stat.is_kernel);
	assert_int_equal(stat.ppid, 0);
	(void)state;
}

/* A program may call itself anything. */
static void a_name_may_hold_anything(void **state)
{
	static const char *const names[] = {"", ")", "(", "a b", ") R 1 2 3", "a)\nb (c) Z",
	        "\xff\x1b", "((((", "))))", ("a\n7 (x) S" TAIL)};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		char *text = memory_printf("7 (%s) D%s", names[i], TAIL);
		struct proc_stat stat;

		assert_int_equal(parse(text, strlen(text), &stat), 0);
		assert_int_equal(stat.comm_len, strlen(names[i]));
		assert_memory_equal(stat.comm, names[i], strlen(names[i]));
		assert_int_equal(stat.state, 'D');
		assert_int_equal(stat.ppid, 1);
		assert_int_equal(stat.started, 91522);
		free(text);
	}
	(void)state;
}

static void refuses_what_is_malformed(void **state)
{
	static const char *const texts[] = {
	        "",
	        "7",
	        "7 (bash",
	        "7 bash) S" TAIL,
	        "7 (bash)",
	        "7 (bash) ",
	        "7 (bash) S",
	        "7 (bash)S" TAIL,
	        "7 (bash)  1" TAIL,
	        "7 (bash) S -1 7 7 0 -1 4194560 10 0 0 0 1 2 0 0 20 0 3 0 91522 1\n",
	        "7 (bash) S 2147483648 7 7 0 -1 4194560 10 0 0 0 1 2 0 0 20 0 3 0 91522 1\n",
	        "7 (bash) S 1 7 7 0 -1 4294967296 10 0 0 0 1 2 0 0 20 0 3 0 91522 1\n",
	        "7 (bash) S 1 7 7 0 -1 4194560 10 0 0 0 1 2 0 0 20 0 x 0 91522 1\n",
	        "7 (bash) S 1 7 7 0 -1 4194560 10 0 0 0 1 2 0 0 20 0 3 0 18446744073709551616 1\n",
	        "7 (bash) S 1 7 7 0 -1 4194560 10 0 0 0 1 2 0 0 20 0 3 0 9152", /* cut off */
	        "7 (bash) S 1 7 7 0 -1 4194560 10 0 0 0 1 2 0 0 20 0 3 0\n",
	        "7 (bash) S 1 7  7 0 -1 4194560 10 0 0 0 1 2 0 0 20 0 3 0 91522 1\n",
	};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct proc_stat stat;

		assert_int_equal(parse(texts[i], strlen(texts[i]), &stat), -EINVAL);
	}
	(void)state;
}

static void takes_the_largest_start_time(void **state)
{
	static const char text[] = "7 (x) S 2147483647 7 7 0 -1 4294967295 10 0 0 0 1 2 0 0 20 0 "
	                           "2147483647 0 18446744073709551615 1\n";
	struct proc_stat stat;

	assert_int_equal(parse(text, strlen(text), &stat), 0);
	assert_true(stat.started == UINT64_MAX);
	assert_int_equal(stat.ppid, 2147483647);
	(void)state;
}

static void try(const char *text, size_t len)
{
	struct proc_stat stat;

	if (proc_stat_parse(text, len, &stat) == 0) {
		assert_true(stat.comm > text && stat.comm + stat.comm_len < text + len);
		assert_true(stat.ppid >= 0);
	}
}

static void survives_anything(void **state)
{
	static const char text[] = "7 (a) b) S" TAIL;

	exact_torment(text, strlen(text), try);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(reads_the_fields),
	        cmocka_unit_test(knows_kernel_threads),
	        cmocka_unit_test(a_name_may_hold_anything),
	        cmocka_unit_test(refuses_what_is_malformed),
	        cmocka_unit_test(takes_the_largest_start_time),
	        cmocka_unit_test(survives_anything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
