/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/proc/proc.h"
#include "tests/kernel/exact.h"
#include "tests/unit.h"

#include <errno.h>

/* The name tries to fake a line, as the kernel would write it. */
static const char TEXT[] =
        "Name:\tsh\\nUid:\\t7\nUid:\t1000\t1001\t1002\t4294967295\nGroups:\t4 24 27 \n"
        "Threads:\t3\nCapEff:\t000001ffffffffff\nCapAmb:\t0000000000000000\n"
        "Empty:\nBad:\t1 x\nLong:\t4294967296\nHex:\t12g\nWide:\t00000000000000001\n";

static int numbers(const char *name, uint32_t *ret, size_t max, size_t *ret_n)
{
	return proc_status_numbers(TEXT, sizeof(TEXT) - 1, name, ret, max, ret_n);
}

static void test_numbers(void **state)
{
	uint32_t seen[4] = {0};
	size_t n;

	(void)state;
	assert_int_equal(numbers("Uid", seen, 4, &n), 0);
	assert_int_equal(n, 4);
	assert_int_equal(seen[0], 1000);
	assert_int_equal(seen[3], UINT32_MAX);
	assert_int_equal(numbers("Groups", seen, 2, &n), 0);
	assert_int_equal(n, 3);
	assert_int_equal(seen[0], 4);
	assert_int_equal(seen[1], 24);
	assert_int_equal(seen[2], 1002);
	assert_int_equal(numbers("Empty", seen, 4, &n), 0);
	assert_int_equal(n, 0);
	assert_int_equal(numbers("Nothing", seen, 4, &n), -ENODATA);
	assert_int_equal(numbers("Bad", seen, 4, &n), -EINVAL);
	assert_int_equal(numbers("Long", seen, 4, &n), -EINVAL);
}

static void test_bits(void **state)
{
	uint64_t bits;

	(void)state;
	assert_int_equal(proc_status_bits(TEXT, sizeof(TEXT) - 1, "CapEff", &bits), 0);
	assert_true(bits == UINT64_C(0x1ffffffffff));
	assert_int_equal(proc_status_bits(TEXT, sizeof(TEXT) - 1, "CapAmb", &bits), 0);
	assert_true(bits == 0);
	assert_int_equal(proc_status_bits(TEXT, sizeof(TEXT) - 1, "CapBnd", &bits), -ENODATA);
	assert_int_equal(proc_status_bits(TEXT, sizeof(TEXT) - 1, "Hex", &bits), -EINVAL);
	assert_int_equal(proc_status_bits(TEXT, sizeof(TEXT) - 1, "Wide", &bits), -EINVAL);
	assert_int_equal(proc_status_bits(TEXT, sizeof(TEXT) - 1, "Empty", &bits), -EINVAL);
}

static void parse(const char *text, size_t len)
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

static void test_torment(void **state)
{
	(void)state;
	exact_torment(TEXT, sizeof(TEXT) - 1, parse);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_numbers),
	        cmocka_unit_test(test_bits),
	        cmocka_unit_test(test_torment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
