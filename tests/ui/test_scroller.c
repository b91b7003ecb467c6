/* SPDX-License-Identifier: Apache-2.0 */
#include "base/attributes.h"
#include "tests/unit.h"
#include "ui/draw/scroller.h"

#include <limits.h>

static void test_moved_stops_at_both_ends(void **state)
{
	static const struct {
		size_t from;
		long lines;
		size_t n;
		size_t to;
	} wanted[] = {
	        {0, -1, 5, 0},
	        {3, -2, 5, 1},
	        {3, 1, 5, 4},
	        {3, 2, 5, 4},
	        {2, INT_MAX, 5, 4},
	        {2, -INT_MAX, 5, 0},
	        {0, LONG_MIN, 5, 0},
	        {0, LONG_MAX, 5, 4},
	        {0, 1, 0, 0},
	        {7, 0, 5, 4},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++)
		assert_int_equal(
		        scroller_moved(wanted[i].from, wanted[i].lines, wanted[i].n), wanted[i].to);
}

static void check(const struct scroller *scroller, size_t top, size_t selected)
{
	assert_int_equal(scroller->top, top);
	assert_int_equal(scroller->selected, selected);
}

static void test_selected_line_stays_in_view(void **state)
{
	struct scroller scroller = {.n = 20, .page = 5};

	(void)state;
	scroller_move(&scroller, 4, false);
	check(&scroller, 0, 4);
	scroller_move(&scroller, 1, false);
	check(&scroller, 1, 5);
	scroller_move(&scroller, 5, true);
	check(&scroller, 6, 10);
	scroller_move(&scroller, 100, false);
	check(&scroller, 15, 19);
	scroller_move(&scroller, -5, false);
	check(&scroller, 14, 14);
	/* The view never ends behind the last line. */
	scroller.n = 16;
	scroller_settle(&scroller);
	check(&scroller, 11, 14);
	scroller.n = 10;
	scroller_settle(&scroller);
	check(&scroller, 5, 9);
	scroller.page = 30;
	scroller_settle(&scroller);
	check(&scroller, 0, 9);
	scroller.n = 0;
	scroller_settle(&scroller);
	check(&scroller, 0, 0);
}

static void test_view_moves_alone(void **state)
{
	struct scroller scroller = {.n = 20, .page = 5};

	(void)state;
	scroller_move_top(&scroller, 3);
	check(&scroller, 3, 0);
	scroller_move_top(&scroller, INT_MAX);
	check(&scroller, 15, 0);
	scroller_move_top(&scroller, -4);
	check(&scroller, 11, 0);
	scroller.n = 3;
	scroller_settle_top(&scroller);
	check(&scroller, 0, 0);
}

/* The divider says which lines are in view, if not all are. */
static void test_shows_a_range(void **state)
{
	struct scroller scroller = {.top = 4, .n = 20, .page = 5};

	(void)state;
	scroller_show(&scroller, 5, 3);
	check(&scroller, 4, 0);
	scroller_show(&scroller, 8, 3);
	check(&scroller, 6, 0);
	scroller_show(&scroller, 2, 2);
	check(&scroller, 2, 0);
	/* Too long: the start is shown. */
	scroller_show(&scroller, 3, 9);
	check(&scroller, 3, 0);
}

static void test_divider(void **state)
{
	static const struct {
		struct scroller scroller;
		const char *text;
	} wanted[] = {
	        {{.n = 4, .page = 5}, "-- keys ----------------"},
	        {{.n = 9, .page = 5}, "-- keys ------- 1-5/9 --"},
	        {{.n = 9, .page = 5, .top = 4}, "-- keys ------- 5-9/9 --"},
	};
	const struct rect rect = {0, 0, 1, 24};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++) {
		struct frame frame;

		frame_init(&frame, 1, 24);
		scroller_draw_divider(&wanted[i].scroller, &frame, &rect, "keys", false, true);
		assert_string_equal(frame.lines[0].text, wanted[i].text);
		frame_release(&frame);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_moved_stops_at_both_ends),
	        cmocka_unit_test(test_selected_line_stays_in_view),
	        cmocka_unit_test(test_view_moves_alone),
	        cmocka_unit_test(test_shows_a_range),
	        cmocka_unit_test(test_divider),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
