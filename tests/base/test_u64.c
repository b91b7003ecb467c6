/* SPDX-License-Identifier: Apache-2.0 */
#include "base/attributes.h"
#include "base/u64.h"
#include "tests/base/random.h"
#include "tests/unit.h"

#include <stdbool.h>
#include <string.h>

static void lower_bound_is_the_first_not_below(void **state _unused_)
{
	const int items[] = {1, 3, 3, 3, 8};

	for (int wanted = 0; wanted < 10; wanted++) {
		for (size_t n = 0; n <= ARRAY_SIZE(items); n++) {
			size_t expected = 0;

			while (expected < n && items[expected] < wanted)
				expected++;
			assert_int_equal(LOWER_BOUND(n, i, items[i] < wanted), expected);
		}
	}
}

static void min_and_max_take_each_value_once(void **state _unused_)
{
	int n = 0;

	assert_int_equal(MIN(n++, 5), 0);
	assert_int_equal(MAX(n++, -3), 1);
	assert_int_equal(n, 2);
	assert_int_equal(MAX(MIN(7, 5), 2), 5);
	assert_true(MIN(UINT64_C(1) << 40, UINT64_MAX) == UINT64_C(1) << 40);
}

/* --- sets ------------------------------------------------------------------------------------- */

static void empty_set(void **state _unused_)
{
	struct u64_set set = {0};

	assert_false(u64_set_has(&set, 0));
	assert_int_equal(u64_set_count(&set, UINT64_MAX), 0);
	u64_set_remove(&set, 0);
	u64_set_sort(&set);
	u64_set_sort_unique(&set);
	u64_set_clear(&set);
	assert_int_equal(set.n, 0);
	u64_set_release(&set);
}

static void pushed_numbers_are_counted(void **state _unused_)
{
	const uint64_t items[] = {7, 0, UINT64_MAX, 7, 3, 7, UINT64_MAX};
	struct u64_set set = {0};

	for (size_t i = 0; i < ARRAY_SIZE(items); i++)
		u64_set_push(&set, items[i]);
	u64_set_sort(&set);
	assert_int_equal(set.n, ARRAY_SIZE(items));
	assert_int_equal(u64_set_count(&set, 7), 3);
	assert_int_equal(u64_set_count(&set, 0), 1);
	assert_int_equal(u64_set_count(&set, 4), 0);
	assert_int_equal(u64_set_count(&set, UINT64_MAX), 2);
	u64_set_sort_unique(&set);
	assert_int_equal(set.n, 4);
	assert_int_equal(u64_set_count(&set, 7), 1);
	u64_set_release(&set);
	assert_null(set.items);
}

/* Against an array of booleans. */
static void added_and_removed(void **state _unused_)
{
	enum { RANGE = 200 };
	bool is_in[RANGE] = {false};
	struct u64_set set = {0};
	uint64_t seed = 1;

	for (int step = 0; step < 5000; step++) {
		const uint64_t number = random_below(&seed, RANGE);

		is_in[number] = random_below(&seed, 2);
		if (is_in[number])
			u64_set_add(&set, number);
		else
			u64_set_remove(&set, number);
	}
	for (uint64_t number = 0, n = 0; number < RANGE; number++) {
		assert_int_equal(u64_set_has(&set, number), is_in[number]);
		n += is_in[number];
		if (number == RANGE - 1)
			assert_int_equal(set.n, n);
	}
	u64_set_clear(&set);
	assert_false(u64_set_has(&set, set.items[0]));
	u64_set_release(&set);
}

static void same_sets(void **state _unused_)
{
	struct u64_set a = {0}, b = {0};

	assert_true(u64_set_is_same(&a, &b));
	u64_set_add(&a, 7);
	assert_false(u64_set_is_same(&a, &b));
	u64_set_copy(&b, &a);
	assert_true(u64_set_is_same(&a, &b));
	u64_set_remove(&b, 7);
	u64_set_add(&b, 8);
	assert_false(u64_set_is_same(&a, &b));
	u64_set_release(&a);
	u64_set_release(&b);
}

static void hashes_go_on(void **state _unused_)
{
	const uint64_t whole = u64_set_hash(5, "abcdef", 6);

	assert_true(u64_set_hash_more(u64_set_hash(5, "abc", 3), "def", 3) == whole);
	assert_true(u64_set_hash(0, "abcdef", 6) != whole);
	/* FNV-1a of no bytes and of "a", from its authors' list. */
	assert_true(u64_set_hash(0, "", 0) == UINT64_C(0xcbf29ce484222325));
	assert_true(u64_set_hash(0, "a", 1) == UINT64_C(0xaf63dc4c8601ec8c));
}

/* --- maps ------------------------------------------------------------------------------------- */

static void empty_map(void **state _unused_)
{
	struct u64_map map = {0};
	size_t index = 99;

	assert_false(u64_map_find(&map, 0, &index));
	assert_int_equal(index, 99);
	u64_map_release(&map);
}

/* Keys that differ in their upper bits only, small ones, and 0. */
static uint64_t key_of(size_t i)
{
	return i % 3 == 0 ? i : i % 3 == 1 ? (uint64_t)i << 44 : (uint64_t)i << 12;
}

static void indexes_are_in_the_order_of_adding(void **state _unused_)
{
	enum { N = 3000 };
	struct u64_map map = {0};
	bool is_new;
	size_t index;

	for (size_t i = 0; i < N; i++) {
		assert_false(u64_map_find(&map, key_of(i), &index));
		assert_int_equal(u64_map_add(&map, key_of(i), &is_new), i);
		assert_true(is_new);
	}
	assert_int_equal(map.n, N);
	for (size_t i = 0; i < N; i++) {
		assert_int_equal(u64_map_add(&map, key_of(i), &is_new), i);
		assert_false(is_new);
		assert_true(u64_map_find(&map, key_of(i), &index));
		assert_int_equal(index, i);
	}
	assert_int_equal(map.n, N);
	u64_map_release(&map);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(lower_bound_is_the_first_not_below),
	        cmocka_unit_test(min_and_max_take_each_value_once),
	        cmocka_unit_test(empty_set),
	        cmocka_unit_test(pushed_numbers_are_counted),
	        cmocka_unit_test(added_and_removed),
	        cmocka_unit_test(same_sets),
	        cmocka_unit_test(hashes_go_on),
	        cmocka_unit_test(empty_map),
	        cmocka_unit_test(indexes_are_in_the_order_of_adding),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
