/* SPDX-License-Identifier: Apache-2.0 */

/* The views beside those of user and PID namespaces, and the order of siblings. */

#include "base/attributes.h"
#include "model/builder.h"
#include "tests/unit.h"
#include "tests/view/fixture.h"
#include "view/hierarchy.h"

#include <stdlib.h>
#include <string.h>

/* Depth and the last three digits of the number of each node, a PID as it is, `o` for an owned
 * one. */
static void assert_shape(
        const struct model *model, const struct view_options *options, const char *expected)
{
	struct fixture_text text;
	struct hierarchy h;

	hierarchy_build(&h, model, NULL, options);
	fixture_text_begin(&text);
	for (size_t i = 0; i < h.n; i++) {
		const struct node *node = &h.nodes[i];
		const size_t end = node->parent == NODE_NO_PARENT ? h.n : h.nodes[node->parent].end;

		fprintf(text.file, "%s%u:%u%s", i ? " " : "", node->depth,
		        node->process ? (unsigned)node->process->pid
		        : node->ns    ? (unsigned)(node->ns->inode % 1000)
		                      : 0,
		        node->is_owned ? "o" : "");
		assert_true(node->end <= end);
		assert_int_equal(node->is_last, !node->is_owned && node->end == end);
		assert_int_equal(node->has_children, node->end > i + 1);
		assert_int_equal(hierarchy_find(&h, node_tag(node)), i);
	}
	char *shape = fixture_text_end(&text);
	assert_string_equal(shape, expected);
	free(shape);
	hierarchy_release(&h);
}

static void test_flat_types_by_owner(void **state)
{
	static const struct {
		enum view_kind kind;
		bool with_details;
		const char *shape;
	} wanted[] = {
	        {VIEW_NET, false, "0:837 1:833 1:2"},
	        {VIEW_UTS, false, "0:837 1:838"},
	        {VIEW_TIME, false, ""},
	        {VIEW_ALL, false,
	                "0:837 1:833 1:2 1:836 1:938 1:838 1:217 2:218 1:582 2:583 3:584 3:585 "
	                "1:936 2:3 2:937"},
	};
	const struct model *model = fixture_rich();

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++)
		assert_shape(model,
		        &(struct view_options){
		                .kind = wanted[i].kind, .with_details = wanted[i].with_details},
		        wanted[i].shape);
	model_unref(model);
}

static struct process *child(
        struct builder *b, pid_t pid, pid_t ppid, uint64_t started, const struct ns *ns)
{
	struct process *process = fixture_process(b, pid, "x", ns);

	process->ppid = ppid;
	process->started = started;
	return process;
}

/* Whose parent is not there, or younger, or itself, stands at the left; none is left out. */
static void test_process_tree(void **state)
{
	struct builder *b = builder_new();
	struct ns *top = fixture_user(b, 100, NULL, 0, NULL);
	struct ns *other = fixture_user(b, 200, top, 0, NULL);
	struct ns *net = fixture_owned(b, NS_NET, 300, top);
	struct ns *cut_off = fixture_owned(b, NS_NET, 400, other);

	child(b, 1, 0, 1, top)->ns[NS_NET] = net;
	child(b, 2, 0, 1, top);
	child(b, 900, 1, 50, other)->ns[NS_NET] = cut_off;
	child(b, 50, 900, 60, other);
	child(b, 51, 777, 60, other);
	child(b, 60, 61, 70, top);
	child(b, 61, 60, 70, top);
	child(b, 62, 62, 70, top);
	child(b, 63, 64, 70, top);
	child(b, 64, 1, 71, top);
	const struct model *model = fixture_freeze(b, NULL);
	struct hierarchy h;

	(void)state;
	assert_shape(model, &(struct view_options){.kind = VIEW_PROCESSES},
	        "0:1 1:64 1:900 2:50 0:2 0:51 0:60 1:61 0:62 0:63");
	hierarchy_build(&h, model, NULL, &(struct view_options){.kind = VIEW_PROCESSES});
	assert_int_equal(h.nodes[1].differs, 0);
	assert_int_equal(h.nodes[2].differs, 1u << NS_USER | 1u << NS_NET);
	/* Of 50 no network namespace is known. */
	assert_int_equal(h.nodes[3].differs, 0);
	hierarchy_release(&h);
	model_unref(model);
}

static void start_at(struct builder *b, const struct ns *ns, pid_t pid, uint64_t ticks)
{
	struct process *process = fixture_process(b, pid, "x", ns);

	process->started = ticks;
	process->state = 'S';
}

/* The start of the oldest member, else the time of the inode; then the ids, which do not increase
 * from CPU to CPU; then what is not known. */
static void test_ages(void **state)
{
	struct builder *b = builder_new();
	struct ns *top = fixture_user(b, 100, NULL, 0, NULL);
	struct ns *two = fixture_user(b, 120, top, 0, NULL);
	struct ns *held = fixture_user(b, 130, top, 0, NULL);
	struct ns *one = fixture_user(b, 140, top, 0, NULL);
	const struct view_options by_age = {.kind = VIEW_USER, .sort = VIEW_SORT_AGE};

	(void)state;
	builder_host(b)->hertz = 100;
	builder_host(b)->booted = 1000;
	builder_host(b)->booted_nsec = 900 * 1000 * 1000;
	start_at(b, fixture_user(b, 180, top, 0, NULL), 6, 420);
	fixture_user(b, 110, top, 0, NULL);
	one->id = 50;
	start_at(b, one, 2, 900);
	start_at(b, one, 3, 300);
	two->id = 20;
	start_at(b, two, 4, 700);
	held->id = 10;
	held->made = UINT64_C(1005) * 1000 * 1000 * 1000;
	fixture_user(b, 150, top, 0, NULL)->id = 9;
	fixture_user(b, 160, top, 0, NULL)->id = 8;
	/* Of this one nothing but its number could be read. */
	fixture_process(b, 5, "x", fixture_user(b, 170, top, 0, NULL));
	const struct model *model = fixture_freeze(b, NULL);

	assert_shape(model, &by_age, "0:100 1:140 1:130 1:180 1:120 1:160 1:150 1:110 1:170");
	model_unref(model);
}

/* A start at 0 is the oldest; one that was not read comes last. */
static void test_ages_at_the_boot(void **state)
{
	const struct view_options processes = {.kind = VIEW_PROCESSES, .sort = VIEW_SORT_AGE};
	struct builder *b = builder_new();
	struct ns *top = fixture_user(b, 100, NULL, 0, NULL);

	(void)state;
	start_at(b, fixture_user(b, 110, top, 0, NULL), 4, 5);
	start_at(b, fixture_user(b, 120, top, 0, NULL), 3, 0);
	fixture_process(b, 2, "x", fixture_user(b, 105, top, 0, NULL));
	const struct model *model = fixture_freeze(b, NULL);

	assert_shape(model, &(struct view_options){.kind = VIEW_USER, .sort = VIEW_SORT_AGE},
	        "0:100 1:120 1:110 1:105");
	assert_shape(model, &processes, "0:3 0:4 0:2");
	model_unref(model);
}

static void test_order(void **state)
{
	struct builder *b = builder_new();
	struct ns *top = fixture_user(b, 100, NULL, 0, NULL);

	fixture_user(b, 110, top, 1000, NULL)->id = 9;
	fixture_user(b, 120, top, 50, NULL)->id = 7;
	struct ns *unknown = fixture_user(b, 130, top, 0, NULL);
	unknown->owner_uid_state = REL_FAILED;
	unknown->id = 8;
	fixture_process(b, 2, "x", unknown);
	fixture_process(b, 3, "x", unknown);
	fixture_process(b, 4, "x", fixture_user(b, 140, top, 50, NULL));
	fixture_owned(b, NS_NET, 900, top);
	fixture_owned(b, NS_MNT, 910, top);
	const struct model *model = fixture_freeze(b, NULL);

	(void)state;
	assert_shape(
	        model, &(struct view_options){.kind = VIEW_USER}, "0:100 1:110 1:120 1:130 1:140");
	assert_shape(model, &(struct view_options){.kind = VIEW_USER, .is_inverted = true},
	        "0:100 1:140 1:130 1:120 1:110");
	assert_shape(model, &(struct view_options){.kind = VIEW_USER, .sort = VIEW_SORT_PROCESSES},
	        "0:100 1:130 1:140 1:110 1:120");
	assert_shape(model, &(struct view_options){.kind = VIEW_USER, .sort = VIEW_SORT_OWNER},
	        "0:100 1:120 1:140 1:110 1:130");
	/* Details stay before the rest, and what is owned before the children. */
	assert_shape(model,
	        &(struct view_options){
	                .kind = VIEW_USER, .with_details = true, .is_inverted = true},
	        "0:100 1:900o 1:910o 1:140 1:130 1:120 1:110");
	assert_shape(model, &(struct view_options){.kind = VIEW_ALL, .is_inverted = true},
	        "0:100 1:900 1:910 1:140 1:130 1:120 1:110");
	model_unref(model);
}

static void add_pin(struct builder *builder, enum pin_state state, const char *path)
{
	builder_pin(builder, &(struct ns_pin){.type = NS_PID,
	                             .state = state,
	                             .by = PIN_BY_PROC_MOUNT,
	                             .path = path,
	                             .mnt = 9,
	                             .n_mounts = 1});
}

/* Namespaces without a number are last, in the views that have their type. */
static void test_pins(void **state)
{
	static const struct {
		enum view_kind kind;
		const char *shape;
	} wanted[] = {{VIEW_PID, "0:0 1:0 1:0"}, {VIEW_ALL, "0:0 1:0 1:0"}, {VIEW_NET, ""},
	        {VIEW_USER, ""}};
	struct builder *const builder = builder_new();
	const struct model *model;

	(void)state;
	add_pin(builder, PIN_NO_PROCESS, "/b");
	add_pin(builder, PIN_COVERED, "/a");
	assert_int_equal(builder_freeze(builder, &model, NULL), 0);
	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++)
		assert_shape(
		        model, &(struct view_options){.kind = wanted[i].kind}, wanted[i].shape);
	assert_shape(model, &(struct view_options){.kind = VIEW_PID, .without_pins = true}, "");
	model_unref(model);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_flat_types_by_owner),
	        cmocka_unit_test(test_process_tree),
	        cmocka_unit_test(test_ages),
	        cmocka_unit_test(test_ages_at_the_boot),
	        cmocka_unit_test(test_order),
	        cmocka_unit_test(test_pins),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
