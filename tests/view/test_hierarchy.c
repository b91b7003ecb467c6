/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit.h"
#include "tests/view/fixture.h"
#include "view/hierarchy.h"

#include <stdlib.h>
#include <string.h>

static const struct view_options users = {.kind = VIEW_USER};
static const struct view_options pids = {.kind = VIEW_PID};
static const struct view_options details = {.kind = VIEW_USER, .with_details = true};
static const struct view_options by_owner = {.kind = VIEW_PID, .by_owner = true};

/* What must be true of every hierarchy. */
static void assert_sound(const struct hierarchy *h)
{
	for (size_t i = 0; i < h->n; i++) {
		const struct node *node = &h->nodes[i];

		assert_true(node->end > i && node->end <= h->n);
		assert_int_equal(node->has_children, node->end > i + 1);
		if (node->parent == NODE_NO_PARENT) {
			assert_true(i == 0 || node->is_unknown);
			assert_true(node->end == h->n || h->nodes[node->end].is_unknown);
			assert_int_equal(node->depth, 0);
			continue;
		}
		const struct node *parent = &h->nodes[node->parent];
		assert_true(node->parent < i && node->end <= parent->end);
		assert_int_equal(node->depth, parent->depth + 1);
		assert_int_equal(node->is_last, !node->is_owned && node->end == parent->end);
		if (!parent->ns)
			continue;
		const bool is_by_owner = node->is_owned || view_is_by_owner(&h->options);
		const struct relation *up = is_by_owner ? &node->ns->owner : &node->ns->parent;
		assert_int_equal(up->ns->inode, parent->ns->inode);
	}
}

static void build(struct hierarchy *h, const struct model *model, const struct model *baseline,
        const struct view_options *options)
{
	hierarchy_build(h, model, baseline, options);
	assert_sound(h);
}

/* The hierarchy in short: depth and the last three digits of the number of each node, with `o` for
 * an owned one and `+`, `x` for its mark. */
static void assert_shape(const struct hierarchy *h, const char *expected)
{
	struct fixture_text text;

	fixture_text_begin(&text);
	for (size_t i = 0; i < h->n; i++) {
		const struct node *node = &h->nodes[i];

		if (node->is_unknown) {
			fprintf(text.file, "%s%u:?", i ? " " : "", node->depth);
			continue;
		}
		fprintf(text.file, "%s%u:%03u%s%s", i ? " " : "", node->depth,
		        node->ns ? (unsigned)(node->ns->inode % 1000) : 0,
		        node->is_owned ? "o" : "",
		        node->mark == MARK_NEW    ? "+"
		        : node->mark == MARK_GONE ? "x"
		                                  : "");
	}
	char *shape = fixture_text_end(&text);
	assert_string_equal(shape, expected);
	free(shape);
}

static void test_kinds_have_names(void **state)
{
	(void)state;
	enum view_kind kind = VIEW_USER;

	assert_true(view_kind_from_name("pid", &kind));
	assert_int_equal(kind, VIEW_PID);
	assert_true(view_kind_from_name("user", &kind));
	assert_int_equal(kind, VIEW_USER);
	assert_false(view_kind_from_name("users", &kind));
	assert_string_equal(view_kind_row(VIEW_PID)->name, "pid");
}

static void test_siblings_stand_by_number(void **state)
{
	(void)state;
	const struct model *model = fixture_users();
	struct hierarchy h;

	build(&h, model, NULL, &users);
	assert_shape(&h, "0:837 1:465 1:523 2:524 1:699");
	assert_int_equal(h.nodes[2].end, 4);
	assert_int_equal(hierarchy_find(&h, h.nodes[3].ns->tag), 3);
	assert_int_equal(hierarchy_find(&h, 1), NODE_NO_PARENT);
	hierarchy_release(&h);
	model_unref(model);
}

static void test_nothing_is_an_empty_hierarchy(void **state)
{
	(void)state;
	const struct model *model = fixture_freeze(builder_new(), NULL);
	struct hierarchy h;

	build(&h, model, NULL, &users);
	assert_int_equal(h.n, 0);
	hierarchy_release(&h);
	model_unref(model);
}

static void test_owned_ones_stand_before_children(void **state)
{
	(void)state;
	const struct model *model = fixture_rich();
	struct hierarchy h;

	build(&h, model, NULL, &details);
	assert_shape(&h, "0:837 1:833o 1:002o 1:836o 1:938o 1:838o 1:217 2:218o 1:582 2:583 3:584o "
	                 "3:585o 1:936 2:003o 2:937o");
	hierarchy_release(&h);
	build(&h, model, NULL, &pids);
	assert_shape(&h, "0:836 1:218 1:584 2:585 1:937 1:938");
	hierarchy_release(&h);
	model_unref(model);
}

static void test_several_tops_hang_outside(void **state)
{
	(void)state;
	struct builder *b = builder_new();
	struct ns *late = fixture_user(b, 300, NULL, 0, NULL);

	fixture_user(b, 200, NULL, 0, NULL)->parent.state = REL_HIDDEN;
	fixture_user(b, 250, late, 0, NULL);
	const struct model *model = fixture_freeze(b, NULL);
	struct hierarchy h;

	build(&h, model, NULL, &users);
	assert_shape(&h, "0:000 1:200 1:300 2:250");
	assert_null(h.nodes[0].ns);
	assert_int_equal(node_tag(&h.nodes[0]), 0);
	assert_int_equal(hierarchy_find(&h, 0), 0);
	hierarchy_release(&h);
	model_unref(model);
}

/* Those of which the owner could not be read are in every view, and never "outside". */
static void test_unknown_owners(void **state)
{
	(void)state;
	struct builder *b = builder_new();
	struct ns *top = fixture_user(b, 100, NULL, 0, NULL);
	struct ns *user = fixture_user(b, 200, NULL, 0, NULL);

	user->parent.state = user->owner.state = REL_FAILED;
	fixture_owned(b, NS_MNT, 300, user);
	fixture_owned(b, NS_NET, 310, top);
	fixture_owned(b, NS_NET, 320, NULL)->owner.state = REL_FAILED;
	fixture_owned(b, NS_NET, 330, NULL)->owner.state = REL_UNSUPPORTED;
	fixture_owned(b, NS_IPC, 340, NULL)->owner.state = REL_HIDDEN;
	struct ns *pid = fixture_pid(b, 400, NULL, NULL);
	pid->parent.state = pid->owner.state = REL_FAILED;
	fixture_pid(b, 410, NULL, top)->parent.state = REL_FAILED;
	const struct model *model = fixture_freeze(b, NULL);
	static const struct {
		struct view_options options;
		const char *shape;
	} rows[] = {
	        {{.kind = VIEW_USER}, "0:100 0:? 1:200"},
	        {{.kind = VIEW_USER, .with_details = true},
	                "0:000 1:340o 1:100 2:310o 2:410o 0:? 1:320o 1:330o 1:400o 1:200 2:300o"},
	        {{.kind = VIEW_PID}, "0:? 1:400 1:410"},
	        {{.kind = VIEW_PID, .with_details = true}, "0:? 1:400 1:410"},
	        {{.kind = VIEW_NET}, "0:100 1:310 0:? 1:320 1:330"},
	        {{.kind = VIEW_IPC}, "0:000 1:340"},
	        {{.kind = VIEW_MNT}, "0:? 1:200 2:300"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct hierarchy h;

		build(&h, model, NULL, &rows[i].options);
		assert_shape(&h, rows[i].shape);
		const size_t heading = hierarchy_find(&h, UINT64_C(3) << 62);
		assert_int_equal(heading != NODE_NO_PARENT, strchr(rows[i].shape, '?') != NULL);
		if (heading != NODE_NO_PARENT)
			assert_string_equal(node_heading(&h.nodes[heading]),
			        rows[i].options.kind == VIEW_PID ? "(parent unknown)"
			                                         : "(owner unknown)");
		hierarchy_release(&h);
	}
	model_unref(model);
}

/* The host before a refresh and after: what stays is told by its number being held by the same
 * process. */
static struct builder *moment(bool is_later)
{
	struct builder *b = builder_new();
	struct ns *top = fixture_user(b, 100, NULL, 0, NULL);
	struct ns *stays = fixture_user(b, 500, top, 0, NULL);

	fixture_process(b, 1, "init", top);
	fixture_process(b, 5, "stays", stays);
	if (is_later) {
		fixture_user(b, 600, fixture_user(b, 400, top, 0, NULL), 0, NULL);
		fixture_process(b, 7, "new", fixture_user(b, 700, stays, 0, NULL));
		fixture_process(b, 9, "reused", fixture_user(b, 800, top, 0, NULL));
		fixture_owned(b, NS_NET, 150, top);
		return b;
	}
	struct ns *goes = fixture_user(b, 300, top, 0, NULL);
	fixture_process(b, 3, "goes", fixture_user(b, 350, goes, 0, NULL));
	fixture_process(b, 6, "goes", fixture_user(b, 650, stays, 0, NULL));
	fixture_process(b, 8, "used", fixture_user(b, 800, top, 0, NULL));
	fixture_owned(b, NS_NET, 140, top);
	fixture_owned(b, NS_NET, 160, goes);
	return b;
}

static void test_what_went_and_came_is_marked(void **state)
{
	(void)state;
	const struct model *before = fixture_freeze(moment(false), NULL);
	const struct model *now = fixture_freeze(moment(true), before);
	struct hierarchy h;

	build(&h, now, before, &users);
	assert_shape(&h, "0:100 1:300x 2:350x 1:400+ 2:600+ 1:500 2:650x 2:700+ 1:800x 1:800+");
	assert_int_equal(hierarchy_find(&h, h.nodes[8].ns->tag), 8);
	hierarchy_release(&h);
	build(&h, now, before, &details);
	assert_shape(&h, "0:100 1:140ox 1:150o+ 1:300x 2:160ox 2:350x 1:400+ 2:600+ 1:500 2:650x "
	                 "2:700+ 1:800x 1:800+");
	hierarchy_release(&h);
	build(&h, now, now, &users);
	assert_shape(&h, "0:100 1:400 2:600 1:500 2:700 1:800");
	hierarchy_release(&h);
	model_unref(now);
	model_unref(before);
}

static void test_all_gone_and_all_new(void **state)
{
	(void)state;
	const struct model *full = fixture_users();
	const struct model *empty = fixture_freeze(builder_new(), full);
	struct hierarchy h;

	build(&h, empty, full, &users);
	assert_shape(&h, "0:837x 1:465x 1:523x 2:524x 1:699x");
	hierarchy_release(&h);
	build(&h, full, empty, &users);
	assert_shape(&h, "0:837+ 1:465+ 1:523+ 2:524+ 1:699+");
	hierarchy_release(&h);
	model_unref(empty);
	model_unref(full);
}

static void test_by_owner(void **state)
{
	(void)state;
	const struct model *model = fixture_rich();
	struct view_options with_details = by_owner;
	struct hierarchy h;

	build(&h, model, NULL, &by_owner);
	assert_shape(&h, "0:837 1:836 1:938 1:217 2:218 1:582 2:583 3:584 3:585 1:936 2:937");
	hierarchy_release(&h);
	with_details.with_details = true;
	build(&h, model, NULL, &with_details);
	assert_shape(&h, "0:837 1:833o 1:002o 1:838o 1:836 1:938 1:217 2:218 1:582 2:583 3:584 "
	                 "3:585 1:936 2:003o 2:937");
	hierarchy_release(&h);
	model_unref(model);
}

/* Who owns them cannot be seen: they are tops too, before the user namespaces. */
static void test_by_hidden_owner(void **state)
{
	(void)state;
	struct builder *b = builder_new();
	struct ns *user = fixture_user(b, 100, NULL, 0, NULL);
	struct ns *top = fixture_pid(b, 300, NULL, NULL);

	fixture_pid(b, 200, top, NULL);
	fixture_pid(b, 400, top, user);
	const struct model *model = fixture_freeze(b, NULL);
	struct hierarchy h;

	build(&h, model, NULL, &by_owner);
	assert_shape(&h, "0:000 1:200 1:300 1:100 2:400");
	assert_null(h.nodes[0].ns);
	hierarchy_release(&h);
	model_unref(model);
}

static void test_marks_by_owner(void **state)
{
	(void)state;
	struct builder *b = builder_new();
	struct ns *user = fixture_user(b, 100, NULL, 0, NULL);
	struct ns *going = fixture_user(b, 500, user, 0, NULL);
	struct ns *top = fixture_pid(b, 200, NULL, user);

	fixture_process(b, 1, "init", user);
	fixture_process(b, 2, "init", top);
	fixture_pid(b, 300, top, user);
	fixture_pid(b, 600, top, going);
	fixture_pid(b, 800, top, NULL);
	const struct model *before = fixture_freeze(b, NULL);

	b = builder_new();
	user = fixture_user(b, 100, NULL, 0, NULL);
	top = fixture_pid(b, 200, NULL, user);
	fixture_process(b, 1, "init", user);
	fixture_process(b, 2, "init", top);
	fixture_pid(b, 400, top, user);
	fixture_pid(b, 700, top, fixture_user(b, 600, user, 0, NULL));
	fixture_pid(b, 900, top, NULL);
	const struct model *now = fixture_freeze(b, before);
	struct hierarchy h;

	build(&h, now, before, &by_owner);
	assert_shape(
	        &h, "0:000 1:800x 1:900+ 1:100 2:200 2:300x 2:400+ 2:500x 3:600x 2:600+ 3:700+");
	hierarchy_release(&h);
	model_unref(now);
	model_unref(before);
}

static void test_chain_as_deep_as_the_kernel_allows(void **state)
{
	(void)state;
	enum { DEPTH = 33 };
	const struct model *model = fixture_chain(DEPTH);
	struct hierarchy h;

	build(&h, model, NULL, &users);
	assert_int_equal(h.n, DEPTH);
	assert_int_equal(h.nodes[DEPTH - 1].depth, DEPTH - 1);
	hierarchy_release(&h);
	model_unref(model);
}

static void test_many(void **state)
{
	(void)state;
	const struct model *model = fixture_large();
	struct hierarchy h;
	const double start = fixture_cpu_ms();

	hierarchy_build(&h, model, NULL, &details);
	print_message("hierarchy of %zu nodes: %.2f ms\n", h.n, fixture_cpu_ms() - start);
	assert_sound(&h);
	assert_int_equal(h.n, 10000);
	hierarchy_release(&h);

	const double again = fixture_cpu_ms();
	hierarchy_build(&h, model, NULL, &by_owner);
	print_message("the same by owner: %.2f ms\n", fixture_cpu_ms() - again);
	assert_sound(&h);
	assert_int_equal(h.n, 10000);
	hierarchy_release(&h);
	model_unref(model);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_kinds_have_names),
	        cmocka_unit_test(test_siblings_stand_by_number),
	        cmocka_unit_test(test_nothing_is_an_empty_hierarchy),
	        cmocka_unit_test(test_owned_ones_stand_before_children),
	        cmocka_unit_test(test_several_tops_hang_outside),
	        cmocka_unit_test(test_unknown_owners),
	        cmocka_unit_test(test_what_went_and_came_is_marked),
	        cmocka_unit_test(test_all_gone_and_all_new),
	        cmocka_unit_test(test_by_owner),
	        cmocka_unit_test(test_by_hidden_owner),
	        cmocka_unit_test(test_marks_by_owner),
	        cmocka_unit_test(test_chain_as_deep_as_the_kernel_allows),
	        cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
