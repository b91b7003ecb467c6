/* SPDX-License-Identifier: Apache-2.0 */
#include "base/attributes.h"
#include "tests/unit.h"
#include "tests/view/fixture.h"
#include "view/pair_layout.h"

#include <stdlib.h>
#include <string.h>

static void build(struct pair_plan *plan, const struct model *model)
{
	pair_plan_build(plan, &(struct pair_options){.model = model});
}

/* Places boxes of one cell without gaps: x is the column and y the row. */
static void place(struct pair_tree *tree, int *ret_columns, int *ret_rows)
{
	for (size_t i = 0; i < tree->hierarchy.n; i++)
		tree->boxes[i].width = tree->boxes[i].height = 1;
	pair_layout_place(tree, &(struct pair_spacing){0}, ret_columns, ret_rows);
}

static void test_nothing(void **state)
{
	(void)state;
	const struct model *model = fixture_freeze(builder_new(), NULL);
	struct pair_plan plan;
	int right, bottom;

	build(&plan, model);
	assert_int_equal(plan.n_lines, 0);
	assert_int_equal(plan.n_lanes, 0);
	pair_layout_place(&plan.trees[PAIR_USER],
	        &(struct pair_spacing){.x = 3, .y = 4, .column_gap = 5, .row_gap = 6}, &right,
	        &bottom);
	assert_int_equal(right, 3);
	assert_int_equal(bottom, 4);
	pair_plan_release(&plan);
	model_unref(model);
}

static void test_parent_stands_beside_its_first_child(void **state)
{
	(void)state;
	static const struct pair_box expected[] = {
	        {0, 0, 1, 1}, {1, 0, 1, 1}, {1, 1, 1, 1}, {2, 1, 1, 1}, {1, 2, 1, 1}};
	const struct model *model = fixture_users();
	struct pair_plan plan;
	int columns, rows;

	build(&plan, model);
	struct pair_tree *users = &plan.trees[PAIR_USER];
	place(users, &columns, &rows);
	assert_int_equal(users->hierarchy.n, ARRAY_SIZE(expected));
	assert_memory_equal(users->boxes, expected, sizeof(expected));
	assert_int_equal(columns, 3);
	assert_int_equal(rows, 3);
	pair_plan_release(&plan);
	model_unref(model);
}

static void test_spacing(void **state)
{
	(void)state;
	static const struct pair_box expected[] = {
	        {10, 20, 5, 1}, {18, 20, 9, 2}, {18, 24, 9, 1}, {30, 24, 7, 4}, {18, 30, 9, 1}};
	const struct model *model = fixture_users();
	struct pair_spacing spacing = {.x = 10, .y = 20, .column_gap = 3, .row_gap = 2};
	struct pair_plan plan;
	int right, bottom;

	build(&plan, model);
	struct pair_tree *users = &plan.trees[PAIR_USER];
	memcpy(users->boxes, expected, sizeof(expected));
	users->boxes[2].width = 4;
	pair_layout_place(users, &spacing, &right, &bottom);
	assert_int_equal(users->boxes[2].width, 4);
	assert_int_equal(right, 37);
	assert_int_equal(bottom, 31);
	spacing.is_widened = true;
	pair_layout_place(users, &spacing, &right, &bottom);
	assert_memory_equal(users->boxes, expected, sizeof(expected));
	pair_plan_release(&plan);
	model_unref(model);
}

static void test_chain_is_one_row(void **state)
{
	(void)state;
	enum { DEPTH = 33 };
	const struct model *model = fixture_chain(DEPTH);
	struct pair_plan plan;
	int columns, rows;

	build(&plan, model);
	place(&plan.trees[PAIR_USER], &columns, &rows);
	assert_int_equal(columns, DEPTH);
	assert_int_equal(rows, 1);
	pair_plan_release(&plan);
	model_unref(model);
}

/* The PID namespaces are 4026531836 (0) with 4026532468 (1) and 4026532532 (2) below. */
static void test_lines_to_the_initial_user_namespace_come_last(void **state)
{
	(void)state;
	const struct model *model = fixture_pids();
	struct pair_plan plan;

	build(&plan, model);
	assert_int_equal(plan.owners[0], 0);
	assert_int_equal(plan.owners[1], 1);
	assert_int_equal(plan.owners[2], 0);
	assert_int_equal(plan.n_lines, 3);
	assert_int_equal(plan.n_drawn, 1);
	assert_int_equal(plan.n_lanes, 1);
	assert_int_equal(plan.lines[0].pid, 1);
	assert_int_equal(plan.lines[0].user, 1);
	assert_int_equal(plan.lines[1].pid, 0);
	assert_int_equal(plan.lines[2].pid, 2);
	pair_plan_release(&plan);
	model_unref(model);
}

static void test_lines_to_one_owner_share_a_lane(void **state)
{
	(void)state;
	struct builder *b = builder_new();
	struct ns *top = fixture_user(b, FIXTURE_INITIAL_USER, NULL, 0, "root");
	struct ns *root = fixture_pid(b, FIXTURE_INITIAL_PID, NULL, top);
	const struct ns *first = fixture_user(b, 4026532001, top, 1000, "harald");
	const struct ns *second = fixture_user(b, 4026532002, top, 1000, "harald");

	fixture_pid(b, 4026532003, root, second);
	fixture_pid(b, 4026532004, root, first);
	fixture_pid(b, 4026532005, root, second);
	const struct model *model = fixture_freeze(b, NULL);
	struct pair_plan plan;
	build(&plan, model);
	assert_int_equal(plan.n_drawn, 3);
	assert_int_equal(plan.n_lanes, 2);
	static const struct pair_line expected[] = {{2, 1, 0, 1}, {1, 2, 1, 1}, {3, 2, 1, 1}};
	assert_memory_equal(plan.lines, expected, sizeof(expected));
	pair_plan_release(&plan);
	model_unref(model);
}

static void test_group_is_found_by_its_members(void **state)
{
	(void)state;
	enum { FIRST = 1000, N = 12 };
	struct builder *b = builder_new();
	struct ns *top = fixture_user(b, FIXTURE_INITIAL_USER, NULL, 0, "root");

	for (unsigned i = 0; i < N; i++)
		fixture_process(b, 100 + (pid_t)i, "nginx",
		        fixture_user(b, FIRST + i, top, 1000, "harald"));
	const struct model *model = fixture_freeze(b, NULL);
	struct pair_plan plan;
	pair_plan_build(&plan, &(struct pair_options){.model = model, .view.is_collapsed = true});
	const struct pair_tree *users = &plan.trees[PAIR_USER];
	assert_int_equal(users->hierarchy.nodes[1].n_alike, N);
	for (unsigned i = 0; i < N; i++)
		assert_int_equal(pair_plan_find(users, users->hierarchy.nodes[1].alike[i]->tag), 1);
	assert_int_equal(pair_plan_find(users, users->hierarchy.nodes[0].ns->tag), 0);
	assert_int_equal(pair_plan_find(users, 12345678), NODE_NO_PARENT);
	pair_plan_release(&plan);
	model_unref(model);
}

static bool is_mount_ns(const void *data, const struct node *node)
{
	(void)data;
	return node->ns && node->ns->type == NS_MNT;
}

/* A PID namespace among the details of its owner would occur twice. */
static void test_left_out(void **state)
{
	(void)state;
	const struct model *model = fixture_rich();
	struct pair_plan plan;
	size_t n_details = 0;

	pair_plan_build(&plan, &(struct pair_options){.model = model,
	                               .view = {.with_details = true, .with_all_details = true},
	                               .is_left_out = is_mount_ns});
	for (size_t i = 0; i < plan.trees[PAIR_USER].hierarchy.n; i++) {
		const struct node *node = &plan.trees[PAIR_USER].hierarchy.nodes[i];

		n_details += node->is_owned;
		assert_true(!node->ns || (node->ns->type != NS_PID && node->ns->type != NS_MNT));
		if (node->is_owned)
			assert_int_equal(pair_plan_find(&plan.trees[PAIR_USER], node->ns->tag), i);
	}
	assert_int_equal(n_details, 3);
	pair_plan_release(&plan);
	model_unref(model);
}

/* By default they are no nodes, and their owners list them by type and number. */
static void test_details_are_listed(void **state)
{
	(void)state;
	const struct model *model = fixture_rich();
	const struct view_options all = {.with_details = true, .with_all_details = true};
	const struct node *nodes;
	struct pair_plan plan;

	pair_plan_build(&plan, &(struct pair_options){.model = model,
	                               .view = {.with_details = true, .is_inverted = true}});
	nodes = plan.trees[PAIR_USER].hierarchy.nodes;
	assert_int_equal(plan.trees[PAIR_USER].hierarchy.n, 5);
	assert_int_equal(nodes[0].n_details, 3);
	assert_int_equal(nodes[0].details[0]->inode, 4026531833);
	assert_int_equal(nodes[0].details[1]->inode, 4026532002);
	assert_int_equal(nodes[0].details[2]->type, NS_UTS);
	pair_plan_release(&plan);

	pair_plan_build(&plan, &(struct pair_options){.model = model, .view = all});
	nodes = plan.trees[PAIR_USER].hierarchy.nodes;
	assert_int_equal(plan.trees[PAIR_USER].hierarchy.n, 5 + 4);
	assert_int_equal(nodes[0].n_details, 0);
	assert_true(nodes[1].is_owned);
	pair_plan_release(&plan);
	model_unref(model);
}

/* A picture of one hierarchy; there PID namespaces are details, too. */
static void test_one_hierarchy(void **state)
{
	(void)state;
	const struct model *model = fixture_rich();
	struct pair_options options = {.model = model,
	        .view = {.is_single = true, .kind = VIEW_NET, .with_details = true}};
	struct pair_plan plan;

	pair_plan_build(&plan, &options);
	assert_false(plan.has_part[PAIR_PID]);
	assert_int_equal(plan.trees[PAIR_PID].hierarchy.n, 0);
	assert_int_equal(plan.kinds[PAIR_USER], VIEW_NET);
	assert_int_equal(plan.trees[PAIR_USER].hierarchy.n, 3);
	assert_int_equal(plan.trees[PAIR_USER].hierarchy.nodes[1].ns->type, NS_NET);
	assert_int_equal(plan.trees[PAIR_USER].hierarchy.nodes[0].details[0]->type, NS_PID);
	assert_int_equal(plan.n_lines, 0);
	pair_plan_release(&plan);

	options.view.kind = VIEW_PID;
	pair_plan_build(&plan, &options);
	assert_false(plan.has_part[PAIR_USER]);
	assert_int_equal(plan.trees[PAIR_PID].hierarchy.n, 6);
	assert_int_equal(plan.n_lines, 0);
	pair_plan_release(&plan);
	model_unref(model);
}

/* The line "(owner unknown)" is not left alone when a PID namespace below it is left out. */
static void test_no_line_of_nothing(void **state)
{
	(void)state;
	struct builder *b = builder_new();
	struct ns *pid = fixture_pid(
	        b, FIXTURE_INITIAL_PID, NULL, fixture_user(b, FIXTURE_INITIAL_USER, NULL, 0, NULL));

	pid->owner = (struct relation){.state = REL_FAILED};
	const struct model *model = fixture_freeze(b, NULL);
	struct pair_plan plan;
	pair_plan_build(&plan, &(struct pair_options){.model = model, .view.with_details = true});
	assert_int_equal(plan.trees[PAIR_USER].hierarchy.n, 1);
	assert_int_equal(plan.trees[PAIR_PID].hierarchy.n, 1);
	pair_plan_release(&plan);
	model_unref(model);
}

enum { N_OWNERS = 12, FIRST_OWNER = 1000, FIRST_OWNED = 2000 };

/* User namespaces of harald's, each of which owns a PID namespace and a mount namespace. */
static const struct model *owners(void)
{
	struct builder *b = builder_new();
	struct ns *top = fixture_user(b, FIXTURE_INITIAL_USER, NULL, 0, "root");
	struct ns *root = fixture_pid(b, FIXTURE_INITIAL_PID, NULL, top);

	for (unsigned i = 0; i < N_OWNERS; i++) {
		const struct ns *user = fixture_user(b, FIRST_OWNER + i, top, 1000, "harald");

		fixture_pid(b, FIRST_OWNED + i, root, user);
		fixture_owned(b, NS_MNT, 3000 + i, user);
	}
	return fixture_freeze(b, NULL);
}

/* Details do not matter. */
static void test_owners_and_their_pid_namespaces_are_two_groups(void **state)
{
	(void)state;
	const struct model *model = owners();
	static const struct view_options views[] = {{.is_collapsed = true},
	        {.is_collapsed = true, .with_details = true},
	        {.is_collapsed = true, .with_details = true, .with_all_details = true}};

	for (size_t i = 0; i < ARRAY_SIZE(views); i++) {
		struct pair_plan plan;

		pair_plan_build(&plan, &(struct pair_options){.model = model, .view = views[i]});
		for (enum pair_part part = 0; part < PAIR_PARTS; part++) {
			assert_int_equal(plan.trees[part].hierarchy.n, 2);
			assert_int_equal(plan.trees[part].hierarchy.nodes[1].n_alike, N_OWNERS);
		}
		assert_int_equal(plan.n_drawn, 1);
		static const struct pair_line expected = {1, 1, 0, N_OWNERS};
		assert_memory_equal(&plan.lines[0], &expected, sizeof(expected));
		assert_int_equal(plan.trees[PAIR_USER].hierarchy.nodes[1].n_details,
		        views[i].with_details ? N_OWNERS : 0);
		pair_plan_release(&plan);
	}
	model_unref(model);
}

static bool is_tag(const void *data, uint64_t tag)
{
	return tag == *(const uint64_t *)data;
}

/* Where one owner stands outside its group, what it owns does, too: a line has one owner. If the
 * group of the owners is open, so is the other one. */
static void test_what_an_owner_outside_its_group_owns(void **state)
{
	(void)state;
	const struct model *model = owners();
	const uint64_t tag = model_find(model, NS_USER, FIRST_OWNER + 3)->tag;
	struct pair_options options = {.model = model, .view.is_collapsed = true};
	struct pair_plan plan;

	options.collapse.selected = tag;
	pair_plan_build(&plan, &options);
	for (enum pair_part part = 0; part < PAIR_PARTS; part++)
		assert_int_equal(plan.trees[part].hierarchy.n, 3);
	assert_int_equal(plan.n_drawn, 2);
	assert_int_equal(plan.lines[0].n, N_OWNERS - 1);
	assert_int_equal(plan.lines[1].n, 1);
	assert_int_equal(
	        plan.trees[PAIR_PID].hierarchy.nodes[plan.lines[1].pid].ns->inode, FIRST_OWNED + 3);
	pair_plan_release(&plan);

	options.collapse = (struct collapse_options){.is_open = is_tag, .data = &tag};
	pair_plan_build(&plan, &options);
	for (enum pair_part part = 0; part < PAIR_PARTS; part++)
		assert_int_equal(plan.trees[part].hierarchy.n, 1 + N_OWNERS);
	pair_plan_release(&plan);
	model_unref(model);
}

static void test_no_two_boxes_in_one_place(void **state)
{
	(void)state;
	const struct model *model = fixture_large();
	struct pair_plan plan;
	int columns, rows;
	const double start = fixture_cpu_ms();

	build(&plan, model);
	struct pair_tree *users = &plan.trees[PAIR_USER];
	place(users, &columns, &rows);
	print_message("plan of %zu nodes: %.2f ms\n",
	        users->hierarchy.n + plan.trees[PAIR_PID].hierarchy.n, fixture_cpu_ms() - start);
	assert_int_equal(users->hierarchy.n, 5000);
	bool *taken = calloc((size_t)columns * (size_t)rows, sizeof(*taken));
	assert_non_null(taken);
	for (size_t i = 0; i < users->hierarchy.n; i++) {
		const struct pair_box *box = &users->boxes[i];

		assert_true(box->x < columns && box->y < rows);
		bool *t = &taken[box->y * columns + box->x];
		assert_false(*t);
		*t = true;
	}
	free(taken);
	pair_plan_release(&plan);
	model_unref(model);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_nothing),
	        cmocka_unit_test(test_parent_stands_beside_its_first_child),
	        cmocka_unit_test(test_spacing),
	        cmocka_unit_test(test_chain_is_one_row),
	        cmocka_unit_test(test_lines_to_the_initial_user_namespace_come_last),
	        cmocka_unit_test(test_lines_to_one_owner_share_a_lane),
	        cmocka_unit_test(test_group_is_found_by_its_members),
	        cmocka_unit_test(test_left_out),
	        cmocka_unit_test(test_details_are_listed),
	        cmocka_unit_test(test_one_hierarchy),
	        cmocka_unit_test(test_no_line_of_nothing),
	        cmocka_unit_test(test_owners_and_their_pid_namespaces_are_two_groups),
	        cmocka_unit_test(test_what_an_owner_outside_its_group_owns),
	        cmocka_unit_test(test_no_two_boxes_in_one_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
