/* SPDX-License-Identifier: Apache-2.0 */
/* The parsers of /proc/PID/stat and of the lines of /proc/PID/status. */
#include "base/attributes.h"
#include "kernel/proc/proc.h"
#include "tests/kernel/exact.h"
#include "tests/unit.h"

/* --- stat ------------------------------------------------------------------------------------ */

#define STAT_TAIL " 1 7 7 0 -1 4194560 10 0 0 0 1 2 0 0 20 0 3 0 91522 1000 200 0\n"

static int parse_stat(const char *text, size_t len, struct proc_stat *ret)
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
	static const char text[] = "7 (bash) S" STAT_TAIL;
	struct proc_stat stat;

	assert_int_equal(parse_stat(text, strlen(text), &stat), 0);
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

	assert_int_equal(parse_stat(text, strlen(text), &stat), 0);
	assert_true(stat.is_kernel);
	assert_int_equal(stat.ppid, 0);
	(void)state;
}

/* A program may call itself anything. */
static void a_name_may_hold_anything(void **state)
{
	static const char *const names[] = {"", ")", "(", "a b", ") R 1 2 3", "a)\nb (c) Z",
	        "\xff\x1b", "((((", "))))", ("a\n7 (x) S" STAT_TAIL)};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		char *text = memory_printf("7 (%s) D%s", names[i], STAT_TAIL);
		struct proc_stat stat;

		assert_int_equal(parse_stat(text, strlen(text), &stat), 0);
		assert_int_equal(stat.comm_len, strlen(names[i]));
		assert_memory_equal(stat.comm, names[i], strlen(names[i]));
		assert_int_equal(stat.state, 'D');
		assert_int_equal(stat.ppid, 1);
		assert_int_equal(stat.started, 91522);
		free(text);
	}
	print_message("# R6: %zu names with parentheses, blanks, newlines: each name, state and "
	              "parent right\n",
	        ARRAY_SIZE(names));
	(void)state;
}

static void refuses_what_is_malformed(void **state)
{
	static const char *const texts[] = {
	        "",
	        "7",
	        "7 (bash",
	        "7 bash) S" STAT_TAIL,
	        "7 (bash)",
	        "7 (bash) ",
	        "7 (bash) S",
	        "7 (bash)S" STAT_TAIL,
	        "7 (bash)  1" STAT_TAIL,
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

		assert_int_equal(parse_stat(texts[i], strlen(texts[i]), &stat), -EINVAL);
	}
	(void)state;
}

static void takes_the_largest_start_time(void **state)
{
	static const char text[] = "7 (x) S 2147483647 7 7 0 -1 4294967295 10 0 0 0 1 2 0 0 20 0 "
	                           "2147483647 0 18446744073709551615 1\n";
	struct proc_stat stat;

	assert_int_equal(parse_stat(text, strlen(text), &stat), 0);
	assert_true(stat.started == UINT64_MAX);
	assert_int_equal(stat.ppid, 2147483647);
	(void)state;
}

static void try_stat(const char *text, size_t len)
{
	struct proc_stat stat;

	if (proc_stat_parse(text, len, &stat) == 0) {
		assert_true(stat.comm > text && stat.comm + stat.comm_len < text + len);
		assert_true(stat.ppid >= 0);
	}
}

static void stat_survives_anything(void **state)
{
	static const char text[] = "7 (a) b) S" STAT_TAIL;

	exact_mutate(text, strlen(text), try_stat);
	(void)state;
}

/* --- lines of status ------------------------------------------------------------------------- */

/* The name tries to fake a line, as the kernel would write it. */
static const char STATUS_TEXT[] =
        "Name:\tsh\\nUid:\\t7\nUid:\t1000\t1001\t1002\t4294967295\nGroups:\t4 24 27 \n"
        "Threads:\t3\nCapEff:\t000001ffffffffff\nCapAmb:\t0000000000000000\n"
        "Empty:\nBad:\t1 x\nLong:\t4294967296\nHex:\t12g\nWide:\t00000000000000001\n";

static int status_numbers(const char *name, uint32_t *ret, size_t max, size_t *ret_n)
{
	return proc_status_numbers(STATUS_TEXT, sizeof(STATUS_TEXT) - 1, name, ret, max, ret_n);
}

static void status_lines_with_numbers(void **state)
{
	uint32_t seen[4] = {0};
	size_t n;

	(void)state;
	assert_int_equal(status_numbers("Uid", seen, 4, &n), 0);
	assert_int_equal(n, 4);
	assert_int_equal(seen[0], 1000);
	assert_int_equal(seen[3], UINT32_MAX);
	assert_int_equal(status_numbers("Groups", seen, 2, &n), 0);
	assert_int_equal(n, 3);
	assert_int_equal(seen[0], 4);
	assert_int_equal(seen[1], 24);
	assert_int_equal(seen[2], 1002);
	assert_int_equal(status_numbers("Empty", seen, 4, &n), 0);
	assert_int_equal(n, 0);
	assert_int_equal(status_numbers("Nothing", seen, 4, &n), -ENODATA);
	assert_int_equal(status_numbers("Bad", seen, 4, &n), -EINVAL);
	assert_int_equal(status_numbers("Long", seen, 4, &n), -EINVAL);
}

static void status_lines_with_bits(void **state)
{
	uint64_t bits;

	(void)state;
	assert_int_equal(
	        proc_status_bits(STATUS_TEXT, sizeof(STATUS_TEXT) - 1, "CapEff", &bits), 0);
	assert_true(bits == UINT64_C(0x1ffffffffff));
	assert_int_equal(
	        proc_status_bits(STATUS_TEXT, sizeof(STATUS_TEXT) - 1, "CapAmb", &bits), 0);
	assert_true(bits == 0);
	assert_int_equal(
	        proc_status_bits(STATUS_TEXT, sizeof(STATUS_TEXT) - 1, "CapBnd", &bits), -ENODATA);
	assert_int_equal(
	        proc_status_bits(STATUS_TEXT, sizeof(STATUS_TEXT) - 1, "Hex", &bits), -EINVAL);
	assert_int_equal(
	        proc_status_bits(STATUS_TEXT, sizeof(STATUS_TEXT) - 1, "Wide", &bits), -EINVAL);
	assert_int_equal(
	        proc_status_bits(STATUS_TEXT, sizeof(STATUS_TEXT) - 1, "Empty", &bits), -EINVAL);
}

static void the_inode_of_a_descriptor(void **state)
{
	static const struct {
		const char *text;
		int r;
		uint64_t inode;
	} rows[] = {
	        {"pos:\t0\nflags:\t0100000\nmnt_id:\t4\nino:\t4026531840\n", 0, 4026531840},
	        /* What the file adds comes later. */
	        {"pos:\t0\nmnt_id:\t4\nino:\t7\nlock:\t1: ino:\t8\nino:\t9\n", 0, 7},
	        {"pos:\t0\nino:\t18446744073709551615\n", 0, UINT64_MAX},
	        {"pos:\t0\nflags:\t0100000\nmnt_id:\t4\n", -ENODATA, 0},
	        {"pos:\t0\nino:\t40265", -EINVAL, 0},
	        {"pos:\t0\nino:\t18446744073709551616\n", -EINVAL, 0},
	        {"pos:\t0\nino:\t7 8\n", -EINVAL, 0},
	        {"pos:\t0\nino:\t\n", -EINVAL, 0},
	        {"", -ENODATA, 0},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		uint64_t inode = 0;

		assert_int_equal(
		        proc_fdinfo_inode(rows[i].text, strlen(rows[i].text), &inode), rows[i].r);
		assert_true(rows[i].r < 0 || inode == rows[i].inode);
	}
	(void)state;
}

static void try_status(const char *text, size_t len)
{
	static const char *const names[] = {"Uid", "Groups", "CapEff", "Wide"};
	uint32_t seen[3];
	uint64_t bits;
	size_t n;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (proc_status_numbers(text, len, names[i], seen, 3, &n) == 0)
			assert_uint_in_range(n, 0, len);
		if (proc_status_bits(text, len, names[i], &bits) < 0)
			continue;
	}
}

static void status_survives_anything(void **state)
{
	(void)state;
	exact_mutate(STATUS_TEXT, sizeof(STATUS_TEXT) - 1, try_status);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(reads_the_fields),
	        cmocka_unit_test(knows_kernel_threads),
	        cmocka_unit_test(a_name_may_hold_anything),
	        cmocka_unit_test(refuses_what_is_malformed),
	        cmocka_unit_test(takes_the_largest_start_time),
	        cmocka_unit_test(stat_survives_anything),
	        cmocka_unit_test(status_lines_with_numbers),
	        cmocka_unit_test(status_lines_with_bits),
	        cmocka_unit_test(the_inode_of_a_descriptor),
	        cmocka_unit_test(status_survives_anything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
