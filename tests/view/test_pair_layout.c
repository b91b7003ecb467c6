/* SPDX-License-Identifier: Apache-2.0 */

/* Runs of leaves that are wrapped into grids. */

#include "base/attributes.h"
#include "tests/unit.h"
#include "tests/view/fixture.h"
#include "view/pair_layout.h"

/* `before` leaves, then one with a child, then `behind` leaves, all below the initial one. */
static const struct model *runs(unsigned before, unsigned behind)
{
	struct builder *b = builder_new();
	struct ns *top = fixture_user(b, FIXTURE_INITIAL_USER, NULL, 0, "root");

	for (unsigned i = 0; i < before; i++)
		fixture_user(b, 1000 + i, top, 0, NULL);
	fixture_user(b, 2001, fixture_user(b, 2000, top, 0, NULL), 0, NULL);
	for (unsigned i = 0; i < behind; i++)
		fixture_user(b, 3000 + i, top, 0, NULL);
	return fixture_freeze(b, NULL);
}

/* Boxes of 10 x 2 with gaps of 2 and 1. */
static void place(struct pair_plan *plan, const struct model *model, int wrap, int *ret_right,
        int *ret_bottom)
{
	pair_plan_build(plan, &(struct pair_options){.model = model});
	struct pair_tree *tree = &plan->trees[PAIR_USER];

	for (size_t i = 0; i < tree->hierarchy.n; i++)
		tree->boxes[i] = (struct pair_box){.width = 10, .height = 2};
	pair_layout_place(tree,
	        &(struct pair_spacing){.column_gap = 2,
	                .row_gap = 1,
	                .grid_gap = 3,
	                .wrap = wrap,
	                .is_widened = true},
	        ret_right, ret_bottom);
}

static void assert_place(const struct pair_tree *tree, size_t node, int x, int y)
{
	assert_int_equal(tree->boxes[node].x, x);
	assert_int_equal(tree->boxes[node].y, y);
}

/* Seven leaves in three columns: three rows, from the top down. */
static void test_run_is_wrapped(void **state)
{
	static const int places[][2] = {
	        {12, 3}, {12, 6}, {12, 9}, {24, 3}, {24, 6}, {24, 9}, {36, 3}};
	const struct model *model = runs(7, 0);
	struct pair_plan plan;
	int right, bottom;

	(void)state;
	place(&plan, model, 46, &right, &bottom);
	const struct pair_tree *tree = &plan.trees[PAIR_USER];
	assert_place(tree, 0, 0, 3);
	for (size_t i = 0; i < ARRAY_SIZE(places); i++)
		assert_place(tree, 1 + i, places[i][0], places[i][1]);
	assert_place(tree, 8, 12, 12);
	assert_place(tree, 9, 24, 12);
	assert_int_equal(right, 46);
	assert_int_equal(bottom, 14);
	assert_int_equal(tree->n_rows, 4);
	assert_true(tree->rows[0].is_grid && !tree->rows[1].is_grid && !tree->rows[3].is_grid);
	assert_int_equal(tree->rows[0].last, 7);
	assert_int_equal(tree->rows[1].last, 5);
	pair_plan_release(&plan);
	model_unref(model);
}

/* A grid is not wider than asked for, and one column if two do not fit. */
static void test_wrap_is_kept(void **state)
{
	const struct model *model = runs(20, 9);

	(void)state;
	for (int wrap = 0; wrap < 200; wrap++) {
		struct pair_plan plan;
		int right, bottom;

		place(&plan, model, wrap, &right, &bottom);
		assert_true(right <= MAX(wrap, 34));
		assert_int_equal(plan.trees[PAIR_USER].rows[0].is_grid, wrap >= 34);
		pair_plan_release(&plan);
	}
	model_unref(model);
}

static void test_two_leaves_are_no_grid(void **state)
{
	const struct model *model = runs(2, 3);
	struct pair_plan plan;
	int right, bottom;

	(void)state;
	place(&plan, model, 100, &right, &bottom);
	const struct pair_tree *tree = &plan.trees[PAIR_USER];
	assert_place(tree, 1, 12, 0);
	assert_place(tree, 2, 12, 3);
	assert_place(tree, 3, 12, 6);
	assert_place(tree, 5, 12, 12);
	assert_place(tree, 6, 24, 12);
	assert_place(tree, 7, 36, 12);
	pair_plan_release(&plan);
	model_unref(model);
}

/* The columns of a grid are as narrow as its boxes if more of them fit then. */
static void test_narrow_boxes(void **state)
{
	const struct model *model = runs(6, 0);
	struct pair_plan plan;
	int right, bottom;

	(void)state;
	place(&plan, model, 100, &right, &bottom);
	struct pair_tree *tree = &plan.trees[PAIR_USER];
	tree->boxes[7].width = 40; /* the parent behind them */
	for (size_t i = 1; i <= 6; i++)
		tree->boxes[i].width = 10;
	const struct pair_spacing spacing = {.column_gap = 2, .wrap = 100, .is_widened = true};

	pair_layout_place(tree, &spacing, &right, &bottom);
	assert_int_equal(tree->boxes[1].width, 10);
	assert_int_equal(tree->boxes[6].x, 12 + 5 * 12);
	assert_int_equal(tree->boxes[8].x, 12 + 42);
	pair_plan_release(&plan);
	model_unref(model);
}

/* What the caller needs below a row is in the gap, and below the last one too. */
static void test_room_below_rows(void **state)
{
	const struct model *model = runs(0, 0);
	struct pair_plan plan;
	int right, bottom;

	(void)state;
	place(&plan, model, 0, &right, &bottom);
	struct pair_tree *tree = &plan.trees[PAIR_USER];
	const struct pair_spacing spacing = {.row_gap = 1};

	assert_int_equal(tree->n_rows, 1);
	tree->rows[0].below = 5;
	pair_layout_rows(tree, &spacing, &bottom);
	assert_int_equal(bottom, 2 + 5);
	pair_plan_release(&plan);
	model_unref(model);
}

/* A parent that hangs down beside its children does not make the first row higher; what follows is
 * below it. */
static void test_hanging(void **state)
{
	const struct model *model = runs(3, 0);
	const bool hangs[6] = {true, false, false, false, true, false};
	struct pair_plan plan;
	int right, bottom;

	(void)state;
	place(&plan, model, 0, &right, &bottom);
	struct pair_tree *tree = &plan.trees[PAIR_USER];
	const struct pair_spacing spacing = {.row_gap = 1, .hangs = hangs};

	tree->boxes[0].height = 8;
	tree->boxes[4].height = 20;
	pair_layout_place(tree, &spacing, &right, &bottom);
	assert_int_equal(tree->boxes[2].y, 3);
	assert_int_equal(tree->boxes[4].y, 9);
	assert_int_equal(tree->boxes[5].y, 9);
	assert_int_equal(bottom, 29);
	tree->boxes[0].height = 40;
	pair_layout_place(tree, &spacing, &right, &bottom);
	assert_int_equal(bottom, 40);
	tree->boxes[0].height = 2;
	pair_layout_place(tree, &(struct pair_spacing){.row_gap = 1}, &right, &bottom);
	assert_int_equal(tree->rows[3].height, 20);
	pair_plan_release(&plan);
	model_unref(model);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_run_is_wrapped),
	        cmocka_unit_test(test_wrap_is_kept),
	        cmocka_unit_test(test_two_leaves_are_no_grid),
	        cmocka_unit_test(test_narrow_boxes),
	        cmocka_unit_test(test_room_below_rows),
	        cmocka_unit_test(test_hanging),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
