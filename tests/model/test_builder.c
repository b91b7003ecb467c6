/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"
#include "base/attributes.h"
#include "model/builder.h"
#include "tests/model/check_model.h"
#include "tests/unit.h"

#include <errno.h>
#include <string.h>

#define DEV 4

static struct ns *user_below(struct builder *builder, uint64_t inode, struct ns *parent)
{
	struct ns *ns = builder_ns(builder, NS_USER, DEV, inode, NULL);

	ns->parent.state = ns->owner.state = parent ? REL_KNOWN : REL_INITIAL;
	ns->parent.ns = ns->owner.ns = parent;
	return ns;
}

static struct ns *owned_by(
        struct builder *builder, enum nstype type, uint64_t inode, struct ns *owner)
{
	struct ns *ns = builder_ns(builder, type, DEV, inode, NULL);

	ns->owner = (struct relation){.state = REL_KNOWN, .ns = owner};
	return ns;
}

static const struct model *freeze(struct builder *builder)
{
	const struct model *model = NULL;

	assert_int_equal(builder_freeze(builder, &model, NULL), 0);
	assert_int_equal(check_model(model), 0);
	return model;
}

static void test_empty(void **state)
{
	(void)state;
	const struct model *model = freeze(builder_new());

	assert_int_equal(model->n_namespaces, 0);
	assert_null(model_find(model, NS_USER, 1));
	assert_null(model_find_tag(model, 1));
	assert_null(model_find_process(model, 1));
	model_unref(model);
}

static void test_same_number_is_one_namespace(void **state)
{
	(void)state;
	struct builder *builder = builder_new();
	bool is_new;

	struct ns *a = builder_ns(builder, NS_NET, DEV, 7, &is_new);
	assert_true(is_new);
	assert_ptr_equal(builder_ns(builder, NS_NET, DEV, 7, &is_new), a);
	assert_false(is_new);
	assert_ptr_not_equal(builder_ns(builder, NS_UTS, DEV, 7, NULL), a);
	assert_ptr_not_equal(builder_ns(builder, NS_NET, DEV + 1, 7, NULL), a);
	for (uint64_t i = 100; i < 5000; i++)
		builder_ns(builder, NS_MNT, DEV, i, NULL);
	assert_ptr_equal(builder_find_ns(builder, NS_NET, DEV, 7), a);
	assert_null(builder_find_ns(builder, NS_NET, DEV, 8));
	builder_free(builder);
}

static void test_relations_are_symmetric(void **state)
{
	(void)state;
	struct builder *builder = builder_new();
	struct ns *top = user_below(builder, 10, NULL);
	struct ns *late = user_below(builder, 30, top);
	struct ns *early = user_below(builder, 20, top);
	struct ns *deep = user_below(builder, 40, late);

	owned_by(builder, NS_UTS, 51, late);
	owned_by(builder, NS_NET, 52, late);
	struct process *process = builder_process(builder, 77);
	process->ns[NS_USER] = deep;
	const struct model *model = freeze(builder);

	const struct ns *t = model_find(model, NS_USER, 10), *l = model_find(model, NS_USER, 30);
	assert_ptr_equal(t, top);
	assert_int_equal(t->n_children, 2);
	assert_ptr_equal(t->children[0], early);
	assert_ptr_equal(t->children[1], late);
	assert_int_equal(t->n_owned, 0);
	assert_int_equal(l->n_owned, 2);
	assert_int_equal(l->owned[0]->type, NS_NET);
	assert_int_equal(deep->depth, 2);
	assert_int_equal(deep->n_processes, 1);
	assert_int_equal(deep->leader->pid, 77);
	assert_null(top->leader);

	/* The child first, then the owned namespaces, each once. */
	assert_int_equal(l->n_holders, 3);
	assert_int_equal(l->holders[0].kind, HOLDER_CHILD);
	assert_ptr_equal(l->holders[0].ns, deep);
	assert_int_equal(l->holders[1].kind, HOLDER_OWNS);
	assert_int_equal(l->holders[1].ns->inode, 52);
	model_unref(model);
}

static void test_holders_are_sorted_and_single(void **state)
{
	(void)state;
	struct builder *builder = builder_new();
	struct ns *ns = builder_ns(builder, NS_NET, DEV, 5, NULL);
	char path[] = "/run/b";

	builder_hold(builder, ns, &(struct holder){.kind = HOLDER_MOUNT, .path = path, .mnt = 1});
	path[5] = 'a';
	builder_hold(builder, ns, &(struct holder){.kind = HOLDER_MOUNT, .path = path, .mnt = 1});
	/* also in copied descriptor tables of threads; the entry of the process is kept */
	for (pid_t tid = 12; tid >= 0; tid -= 4)
		builder_hold(builder, ns,
		        &(struct holder){.kind = HOLDER_FD, .pid = 9, .tid = tid, .fd = 3});
	builder_hold(builder, ns, &(struct holder){.kind = HOLDER_FD, .pid = 9, .fd = 2});
	const struct model *model = freeze(builder);

	assert_int_equal(ns->n_holders, 4);
	assert_int_equal(ns->holders[0].fd, 2);
	assert_int_equal(ns->holders[1].fd, 3);
	assert_int_equal(ns->holders[1].tid, 0);
	assert_string_equal(ns->holders[2].path, "/run/a");
	assert_string_equal(ns->holders[3].path, "/run/b");
	model_unref(model);
}

static void expect_refusal(struct builder *builder, uint64_t inode, const char *what)
{
	const struct model *model = NULL;
	struct builder_problem problem = {0};

	assert_int_equal(builder_freeze(builder, &model, &problem), -EINVAL);
	assert_null(model);
	assert_int_equal(problem.inode, inode);
	assert_non_null(strstr(problem.what, what));
}

static void test_cycle_is_refused(void **state)
{
	(void)state;
	struct builder *builder = builder_new();
	struct ns *a = user_below(builder, 1, NULL);
	struct ns *b = user_below(builder, 2, a);

	a->parent = a->owner = (struct relation){.state = REL_KNOWN, .ns = b};
	expect_refusal(builder, 1, "its own ancestor");
}

static void test_chain_length(void **state)
{
	(void)state;
	for (unsigned extra = 0; extra < 2; extra++) {
		struct builder *builder = builder_new();
		struct ns *ns = NULL;

		/* From the deepest to the top, so that no ancestor has a depth yet. */
		for (uint64_t i = 0; i <= BUILDER_DEPTH_MAX + extra; i++)
			ns = user_below(builder, 5000 - i, ns);
		if (extra) {
			expect_refusal(builder, ns->inode, "more than 1,000");
			continue;
		}
		const struct model *model = freeze(builder);
		assert_int_equal(model_find(model, NS_USER, 5000 - BUILDER_DEPTH_MAX)->depth,
		        BUILDER_DEPTH_MAX);
		model_unref(model);
	}
}

static void test_wrong_ends_are_refused(void **state)
{
	(void)state;
	struct builder *builder = builder_new();
	struct ns *net = builder_ns(builder, NS_NET, DEV, 3, NULL);

	owned_by(builder, NS_UTS, 4, net);
	expect_refusal(builder, 4, "not a user namespace");

	builder = builder_new();
	struct ns *user = user_below(builder, 1, NULL);
	struct ns *pid = owned_by(builder, NS_PID, 2, user);
	pid->parent = (struct relation){.state = REL_KNOWN, .ns = user};
	expect_refusal(builder, 2, "another type");

	builder = builder_new();
	user = user_below(builder, 1, NULL);
	user_below(builder, 2, user)->owner.ns = user_below(builder, 3, user);
	expect_refusal(builder, 2, "not its parent");
}

static void test_same_tag_is_made_two(void **state)
{
	(void)state;
	struct builder *builder = builder_new();

	builder_ns(builder, NS_NET, DEV, 1, NULL)->id = 99;
	builder_ns(builder, NS_NET, DEV, 2, NULL)->id = 99;
	const struct model *model = freeze(builder);
	assert_int_not_equal(model->namespaces[0]->tag, model->namespaces[1]->tag);
	model_unref(model);
}

static void test_references(void **state)
{
	(void)state;
	const struct model *model = freeze(builder_new());

	assert_ptr_equal(model_ref(model), model);
	model_unref(model);
	assert_int_equal(model->n_processes, 0);
	model_unref(model);
	model_unref(NULL);
	assert_null(model_ref(NULL));
}

/* A namespace with one kind of holder, and a socket. */
static void test_leaked(void **state)
{
	(void)state;
	static const bool is_leak[] = {[HOLDER_FD] = true,
	        [HOLDER_MOUNT] = true,
	        [HOLDER_THREAD] = false,
	        [HOLDER_SOCKET] = true,
	        [HOLDER_FOR_CHILDREN] = false};

	for (enum holder_kind kind = 0; kind < sizeof(is_leak); kind++) {
		struct builder *b = builder_new();
		struct ns *user = user_below(b, 100, NULL);
		struct ns *net = owned_by(b, NS_NET, 200, user);
		struct ns *inhabited = owned_by(b, NS_NET, 300, user);

		builder_hold(b, net, &(struct holder){.kind = kind, .pid = 8, .path = "/a"});
		builder_hold(b, net, &(struct holder){.kind = HOLDER_SOCKET, .pid = 9});
		builder_hold(b, inhabited, &(struct holder){.kind = kind, .path = "/b"});
		builder_process(b, 1)->ns[NS_NET] = inhabited;
		const struct model *model = freeze(b);

		assert_int_equal(model_is_leaked(model_find(model, NS_NET, 200)), is_leak[kind]);
		assert_false(model_is_leaked(model_find(model, NS_NET, 300)));
		model_unref(model);
	}
}

static void test_not_leaked_while_something_hangs_on_it(void **state)
{
	(void)state;
	struct builder *b = builder_new();
	struct ns *owner = user_below(b, 100, NULL);
	struct ns *parent = user_below(b, 200, owner);
	const struct holder fd = {.kind = HOLDER_FD, .pid = 8, .fd = 3};

	builder_hold(b, owned_by(b, NS_NET, 300, parent), &fd);
	builder_hold(b, owner, &fd);
	builder_hold(b, parent, &fd);
	owned_by(b, NS_UTS, 400, parent); /* without a known holder */
	const struct model *model = freeze(b);

	assert_true(model_is_leaked(model_find(model, NS_NET, 300)));
	assert_false(model_is_leaked(model_find(model, NS_USER, 100)));
	assert_false(model_is_leaked(model_find(model, NS_USER, 200)));
	assert_true(model_is_leaked(model_find(model, NS_UTS, 400)));
	model_unref(model);
}

/* Whatever keeps it is more than that the kernel lists it. */
static void test_listed_only_without_a_holder(void **state)
{
	(void)state;
	struct builder *b = builder_new();
	struct ns *owner = user_below(b, 100, NULL), *ns[5];
	struct process *process = builder_process(b, 8);

	for (uint64_t i = 0; i < ARRAY_SIZE(ns); i++)
		ns[i] = user_below(b, 200 + i, owner);
	user_below(b, 300, ns[1]);
	owned_by(b, NS_NET, 301, ns[2]);
	builder_hold(b, ns[3], &(struct holder){.kind = HOLDER_FD, .pid = 8, .fd = 3});
	process->ns[NS_USER] = ns[4];
	for (size_t i = 0; i < ARRAY_SIZE(ns); i++)
		ns[i]->is_listed_only = true;
	const struct model *model = freeze(b);

	for (uint64_t i = 0; i < ARRAY_SIZE(ns); i++)
		assert_int_equal(model_find(model, NS_USER, 200 + i)->is_listed_only, i == 0);
	assert_false(model_find(model, NS_USER, 300)->is_listed_only);
	model_unref(model);
}

static void test_remarks(void **state)
{
	static const struct {
		struct note note;
		bool is_remark;
	} notes[] = {{{0, "listns: 2 more", 0}, true}, {{0, "listns: 2 more", EPERM}, false},
	        {{1, "listns: 2 more", 0}, false}, {{0, "listns", 0}, false},
	        {{0, "ns/net", 0}, false}};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(notes); i++)
		assert_int_equal(model_is_remark(&notes[i].note), notes[i].is_remark);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_empty),
	        cmocka_unit_test(test_leaked),
	        cmocka_unit_test(test_not_leaked_while_something_hangs_on_it),
	        cmocka_unit_test(test_listed_only_without_a_holder),
	        cmocka_unit_test(test_remarks),
	        cmocka_unit_test(test_same_number_is_one_namespace),
	        cmocka_unit_test(test_relations_are_symmetric),
	        cmocka_unit_test(test_holders_are_sorted_and_single),
	        cmocka_unit_test(test_cycle_is_refused),
	        cmocka_unit_test(test_chain_length),
	        cmocka_unit_test(test_wrong_ends_are_refused),
	        cmocka_unit_test(test_same_tag_is_made_two),
	        cmocka_unit_test(test_references),
	};

	return cmocka_run_group_tests_name("model/builder", tests, NULL, NULL);
}
