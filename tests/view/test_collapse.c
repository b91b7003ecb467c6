/* SPDX-License-Identifier: Apache-2.0 */
#include "base/attributes.h"
#include "tests/unit.h"
#include "tests/view/fixture.h"
#include "view/pair_plan.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST = 1000 };

static const struct view_options users = {.kind = VIEW_USER};

/* A user namespace with `n` children in which nginx runs. */
static struct ns *alike(struct builder *b, unsigned n)
{
	struct ns *top = fixture_user(b, FIXTURE_INITIAL_USER, NULL, 0, "root");

	for (unsigned i = 0; i < n; i++) {
		const struct ns *ns = fixture_user(b, FIRST + i, top, 1000, "harald");

		fixture_process(b, 100 + (pid_t)i, "nginx", ns);
	}
	return top;
}

static void build(
        struct hierarchy *h, const struct model *model, const struct collapse_options *options)
{
	size_t members = 0;

	hierarchy_build(h, model, NULL, &users);
	const size_t all = h->n;
	pair_group_collapse(h, options, &(struct pair_group_nodes){0});
	for (size_t i = 0; i < h->n; i++) {
		const struct node *node = &h->nodes[i];

		members += node->n_alike ? node->n_alike : 1;
		assert_int_equal(node->has_children, node->end > i + 1);
		if (node->n_alike) {
			assert_false(node->has_children);
			assert_ptr_equal(node->alike[0], node->ns);
		}
		if (node->parent == NODE_NO_PARENT)
			continue;
		assert_true(node->parent < i);
		assert_true(node->end <= h->nodes[node->parent].end);
		assert_int_equal(
		        node->is_last, !node->is_owned && node->end == h->nodes[node->parent].end);
	}
	assert_int_equal(members, all);
}

/* How many nodes are left of `model`. */
static size_t left(const struct model *model, const struct collapse_options *options)
{
	struct hierarchy h;

	build(&h, model, options);
	const size_t n = h.n;
	hierarchy_release(&h);
	return n;
}

static void test_above_eight(void **state)
{
	(void)state;
	for (unsigned n = 0; n < 20; n++) {
		struct builder *b = builder_new();

		alike(b, n);
		const struct model *model = fixture_freeze(b, NULL);
		assert_int_equal(
		        left(model, &(struct collapse_options){0}), n > COLLAPSE_ABOVE ? 2 : 1 + n);
		model_unref(model);
	}
}

static void test_members_in_order(void **state)
{
	(void)state;
	struct builder *b = builder_new();
	struct hierarchy h;

	alike(b, 12);
	const struct model *model = fixture_freeze(b, NULL);
	build(&h, model, &(struct collapse_options){0});
	assert_int_equal(h.nodes[1].n_alike, 12);
	for (unsigned i = 0; i < 12; i++)
		assert_int_equal(h.nodes[1].alike[i]->inode, FIRST + i);
	hierarchy_release(&h);
	model_unref(model);
}

static void test_selected_stays(void **state)
{
	(void)state;
	struct builder *b = builder_new();
	struct hierarchy h;

	alike(b, 9);
	const struct model *model = fixture_freeze(b, NULL);
	for (unsigned i = 0; i < 9; i++) {
		const struct ns *ns = model_find(model, NS_USER, FIRST + i);

		build(&h, model, &(struct collapse_options){.selected = ns->tag});
		assert_int_equal(h.n, 3);
		const size_t at = hierarchy_find(&h, ns->tag);
		assert_int_not_equal(at, NODE_NO_PARENT);
		assert_int_equal(h.nodes[at].n_alike, 0);
		assert_int_equal(h.nodes[at == 1 ? 2 : 1].n_alike, 8);
		hierarchy_release(&h);
	}
	model_unref(model);
}

static bool is_tag(const void *data, uint64_t tag)
{
	return tag == *(const uint64_t *)data;
}

static void test_open_ones_stay(void **state)
{
	(void)state;
	struct builder *b = builder_new();

	alike(b, 30);
	const struct model *model = fixture_freeze(b, NULL);
	uint64_t tag = model_find(model, NS_USER, FIRST + 17)->tag;
	const struct collapse_options options = {.is_open = is_tag, .data = &tag};
	assert_int_equal(left(model, &options), 31);
	tag = model_find(model, NS_USER, FIXTURE_INITIAL_USER)->tag;
	assert_int_equal(left(model, &options), 2);
	model_unref(model);
}

/* A leaf; those that look alike have the same letter, the others differ in one thing. */
struct look {
	uint64_t inode;
	char letter;
};

static void assert_looks(
        const struct model *model, enum view_kind kind, const struct look *looks, size_t n)
{
	const enum nstype type = kind == VIEW_PID ? NS_PID : NS_USER;
	struct hierarchy h;

	hierarchy_build(&h, model, NULL, &(struct view_options){.kind = kind});
	pair_group_collapse(&h, &(struct collapse_options){0}, &(struct pair_group_nodes){0});
	for (size_t i = 0; i < n * n; i++) {
		const struct look *a = &looks[i / n], *b = &looks[i % n];
		const size_t x = hierarchy_find(&h, model_find(model, type, a->inode)->tag);
		const size_t y = hierarchy_find(&h, model_find(model, type, b->inode)->tag);

		if (pair_group_is_alike(&h.nodes[x], &h.nodes[y]) != (a->letter == b->letter))
			fail_msg("%c and %c", a->letter, b->letter);
	}
	hierarchy_release(&h);
	model_unref(model);
}

static void test_what_differs(void **state)
{
	(void)state;
	static const struct look looks[] = {{FIRST, 'a'}, {FIRST + 1, 'a'}, {51, 'a'}, {52, 'c'},
	        {53, 'd'}, {54, 'e'}, {55, 'f'}, {56, 'g'}, {57, 'h'}, {58, 'i'}, {59, 'j'},
	        {60, 'j'}, {61, 'k'}};
	struct builder *b = builder_new();
	struct ns *top = alike(b, 2);
	struct ns *other = fixture_user(b, 50, top, 1000, "harald");

	fixture_process(b, 1, "redis", fixture_user(b, 51, top, 1000, "harald"));
	fixture_process(b, 2, "nginx", fixture_user(b, 52, top, 1001, "erna"));
	fixture_user(b, 53, top, 1000, "harald");
	fixture_hold_fd(b, fixture_user(b, 54, top, 1000, "harald"), 1, 5);
	fixture_hold_mount(b, fixture_user(b, 55, top, 1000, "harald"), "/run/ns");
	fixture_process(b, 4, "nginx", fixture_user(b, 56, other, 1000, "harald"));
	struct ns *unknown = fixture_user(b, 57, top, 1000, NULL);
	unknown->owner_uid_state = REL_UNSUPPORTED;
	fixture_process(b, 5, "nginx", unknown);
	for (unsigned i = 58; i <= 60; i++) {
		const struct ns *user = fixture_user(b, i, top, 1000, NULL);

		fixture_process(b, 10 + (pid_t)i, "nginx", user);
		fixture_owned(b, i == 58 ? NS_NET : NS_MNT, 100 + i, user);
	}
	fixture_user(b, 61, top, 1000, "harald")->is_listed_only = true;
	assert_looks(fixture_freeze(b, NULL), VIEW_USER, looks, ARRAY_SIZE(looks));
}

/* Namespaces of different owners in one group would have the owner line of the first. */
static void test_what_differs_of_pid_namespaces(void **state)
{
	(void)state;
	static const struct look looks[] = {{61, 'a'}, {62, 'a'}, {63, 'b'}, {64, 'c'}};
	struct builder *b = builder_new();
	struct ns *top = fixture_user(b, FIXTURE_INITIAL_USER, NULL, 0, "root");
	const struct ns *other = fixture_user(b, 50, top, 1000, "harald");
	struct ns *root = fixture_pid(b, FIXTURE_INITIAL_PID, NULL, top);
	struct ns *parent = fixture_pid(b, 60, root, top);

	fixture_pid(b, 61, root, top);
	fixture_pid(b, 62, root, top);
	fixture_pid(b, 63, root, other);
	fixture_pid(b, 64, parent, top);
	assert_looks(fixture_freeze(b, NULL), VIEW_PID, looks, ARRAY_SIZE(looks));
}

static void test_several_groups(void **state)
{
	(void)state;
	struct builder *b = builder_new();
	struct ns *top = alike(b, 0);

	for (unsigned i = 0; i < 400; i++) {
		fixture_process(
		        b, 10 + (pid_t)i, "a", fixture_user(b, FIRST + i, top, 1000 + i % 4, NULL));
	}
	const struct model *model = fixture_freeze(b, NULL);
	assert_int_equal(left(model, &(struct collapse_options){0}), 1 + 4);
	model_unref(model);
}

static void test_owned(void **state)
{
	(void)state;
	struct builder *b = builder_new();
	struct ns *top = alike(b, 3);
	struct hierarchy h;

	for (unsigned i = 0; i < 20; i++)
		fixture_owned(b, i % 2 ? NS_NET : NS_UTS, 5000 + i, top);
	const struct model *model = fixture_freeze(b, NULL);
	hierarchy_build(
	        &h, model, NULL, &(struct view_options){.kind = VIEW_USER, .with_details = true});
	pair_group_collapse(&h, &(struct collapse_options){0}, &(struct pair_group_nodes){0});
	assert_int_equal(h.n, 1 + 2 + 3);
	assert_true(h.nodes[1].is_owned && h.nodes[2].is_owned);
	assert_int_equal(h.nodes[1].n_alike, 10);
	hierarchy_release(&h);
	model_unref(model);
}

static void test_nothing(void **state)
{
	(void)state;
	const struct model *model = fixture_freeze(builder_new(), NULL);

	assert_int_equal(left(model, &(struct collapse_options){0}), 0);
	model_unref(model);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_above_eight),
	        cmocka_unit_test(test_members_in_order),
	        cmocka_unit_test(test_selected_stays),
	        cmocka_unit_test(test_open_ones_stay),
	        cmocka_unit_test(test_what_differs),
	        cmocka_unit_test(test_what_differs_of_pid_namespaces),
	        cmocka_unit_test(test_several_groups),
	        cmocka_unit_test(test_owned),
	        cmocka_unit_test(test_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
