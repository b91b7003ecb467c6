/* SPDX-License-Identifier: Apache-2.0 */

/* Events from a descriptor; a pipe replaces the terminal. */

#include "term/keys.h"
#include "tests/unit.h"

#include <fcntl.h>
#include <unistd.h>

static void assert_key(struct keys_input *input, uint64_t now, uint32_t key)
{
	struct event event;

	assert_int_equal(keys_input_next(input, now, &event), 1);
	assert_int_equal(event.kind, EVENT_KEY);
	assert_int_equal(event.key, key);
}

/* poll(2) does not report bytes that were read already: keys_input_wakes_at does. */
static void test_what_was_read_is_not_forgotten(void **state)
{
	struct keys_input input;
	struct event event;
	int ends[2];

	(void)state;
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	keys_input_init(&input, ends[0], false);
	assert_int_equal(keys_input_wakes_at(&input), 0);
	assert_int_equal(keys_input_next(&input, 5, &event), 0);
	assert_int_equal(write(ends[1], "jk\033", 3), 3);
	assert_key(&input, 5, 'j');
	assert_uint_in_range(keys_input_wakes_at(&input), 1, 5);
	assert_key(&input, 5, 'k');
	assert_uint_in_range(keys_input_wakes_at(&input), 1, 5);
	assert_int_equal(keys_input_next(&input, 5, &event), 0);
	assert_int_equal(keys_input_wakes_at(&input), 5 + DECODER_ESCAPE_MS);
	assert_int_equal(keys_input_next(&input, 5 + DECODER_ESCAPE_MS - 1, &event), 0);
	assert_key(&input, 5 + DECODER_ESCAPE_MS, 033);
	assert_int_equal(keys_input_wakes_at(&input), 0);
	/* One byte makes two keys: the ESC before it began no sequence. */
	assert_int_equal(write(ends[1], "\033\037", 2), 2);
	assert_key(&input, 40, 033);
	assert_uint_in_range(keys_input_wakes_at(&input), 1, 40);
	assert_key(&input, 40, 037);
	assert_int_equal(keys_input_wakes_at(&input), 0);
	/* The end of the input, after the last key. */
	assert_int_equal(write(ends[1], "l", 1), 1);
	close(ends[1]);
	assert_key(&input, 50, 'l');
	assert_int_equal(keys_input_next(&input, 50, &event), -EIO);
	assert_int_equal(keys_input_next(&input, 50, &event), -EIO);
	keys_input_release(&input);
	close(ends[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_what_was_read_is_not_forgotten),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
