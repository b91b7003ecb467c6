/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"
#include "base/attributes.h"
#include "tests/base/child.h"
#include "tests/unit.h"

#include <stdalign.h>
#include <stdbool.h>
#include <string.h>

enum { N_PIECES = 20000 };

static int make(void **state)
{
	*state = arena_new();
	return 0;
}

static int drop(void **state)
{
	arena_free(*state);
	return 0;
}

static bool is_filled(const unsigned char *p, size_t size, unsigned char byte)
{
	for (size_t i = 0; i < size; i++) {
		if (p[i] != byte)
			return false;
	}
	return true;
}

/* Sizes from nothing to more than a chunk, strings in between. */
static size_t size_of(size_t i)
{
	return i % 1000 == 999 ? 100 * 1000 : i % 97 * (i % 3);
}

static void pieces_are_zeroed_aligned_and_apart(void **state)
{
	static unsigned char *pieces[N_PIECES];

	for (size_t i = 0; i < N_PIECES; i++) {
		const size_t size = size_of(i);

		arena_copy(*state, "odd.", i % 5);
		pieces[i] = arena_alloc(*state, size);
		assert_int_equal((uintptr_t)pieces[i] % alignof(max_align_t), 0);
		assert_true(is_filled(pieces[i], size, 0));
		memset(pieces[i], (int)(i % 251), size);
	}
	for (size_t i = 0; i < N_PIECES; i++)
		assert_true(is_filled(pieces[i], size_of(i), (unsigned char)(i % 251)));
}

static void large_pieces_do_not_waste_the_chunk(void **state)
{
	char *first = arena_alloc(*state, 16);
	const size_t before = arena_size(*state);

	arena_alloc(*state, 1 << 20);
	assert_true(arena_size(*state) >= before + (1 << 20));
	assert_true(arena_size(*state) < before + (1 << 20) + 4096);
	char *second = arena_alloc(*state, 16);
	assert_ptr_equal(second, first + 16);
}

static void large_piece_first(void **state)
{
	char *large = arena_alloc(*state, 1 << 20);
	char *small = arena_alloc(*state, 16);

	memset(large, 1, 1 << 20);
	assert_true(small < large || small >= large + (1 << 20));
	assert_int_equal(small[0], 0);
}

static void strings(void **state)
{
	char *copy = arena_copy(*state, "a\0b", 3);

	assert_memory_equal(copy, "a\0b", 4);
	assert_string_equal(arena_strdup(*state, "text"), "text");
	assert_string_equal(arena_strdup(*state, ""), "");
	assert_null(arena_strdup(*state, NULL));
}

static void arrays(void **state)
{
	const uint64_t *array = arena_array(*state, 1000, sizeof(*array));

	for (size_t i = 0; i < 1000; i++)
		assert_int_equal(array[i], 0);
	assert_non_null(arena_array(*state, 0, 8));
	const uint64_t *copied = arena_copy_array(*state, (const uint64_t[]){7, 8}, 2, 8);
	assert_true(copied[0] == 7 && copied[1] == 8);
	assert_non_null(arena_copy_array(*state, NULL, 0, 8));
}

static int array_too_large(void *data)
{
	return arena_array(data, SIZE_MAX / 4, 8) ? 3 : 4;
}

static int piece_too_large(void *data)
{
	return arena_alloc(data, SIZE_MAX - 8) ? 3 : 4;
}

static void overflow_ends_the_program(void **state)
{
	int (*const bodies[])(void *data) = {array_too_large, piece_too_large};

	for (size_t i = 0; i < ARRAY_SIZE(bodies); i++) {
		const int status = in_child(bodies[i], *state);

		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 1);
	}
	arena_free(NULL);
}

#define in_arena(test) cmocka_unit_test_setup_teardown(test, make, drop)

int main(void)
{
	const struct CMUnitTest tests[] = {
	        in_arena(pieces_are_zeroed_aligned_and_apart),
	        in_arena(large_pieces_do_not_waste_the_chunk),
	        in_arena(large_piece_first),
	        in_arena(strings),
	        in_arena(arrays),
	        in_arena(overflow_ends_the_program),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
