/* SPDX-License-Identifier: Apache-2.0 */
#include "model/builder.h"
#include "model/identity.h"
#include "tests/unit.h"

/* user:[10] > user:[20] (no process) > user:[30], and net:[31] owned by it; one process in both of
 * the last. With ids or without. */
static struct builder *host(uint64_t first_id, pid_t pid, uint64_t started)
{
	struct builder *builder = builder_new();
	struct ns *net = builder_ns(builder, NS_NET, 4, 31, NULL);
	struct ns *user = builder_ns(builder, NS_USER, 4, 30, NULL);
	struct process *p = builder_process(builder, pid);

	p->started = started;
	p->ns[NS_USER] = user;
	p->ns[NS_NET] = net;
	if (first_id) {
		user->id = first_id;
		net->id = first_id + 1;
	}
	return builder;
}

static struct ns *climb(struct builder *builder, struct ns *ns, uint64_t inode, uint64_t id)
{
	struct ns *parent = builder_ns(builder, NS_USER, 4, inode, NULL);

	parent->id = id;
	ns->parent = ns->owner = (struct relation){.state = REL_KNOWN, .ns = parent};
	ns->owner_uid_state = REL_KNOWN;
	ns->owner_uid = 1000;
	return parent;
}

/* The facts that a scan reads from the kernel. */
static void relate(struct builder *builder, uint64_t first_id)
{
	struct ns *user = builder_find_ns(builder, NS_USER, 4, 30);
	struct ns *net = builder_find_ns(builder, NS_NET, 4, 31);
	struct ns *middle = climb(builder, user, 20, first_id ? first_id + 2 : 0);
	struct ns *top = climb(builder, middle, 10, first_id ? first_id + 3 : 0);

	top->parent.state = top->owner.state = REL_INITIAL;
	top->owner_uid_state = REL_KNOWN;
	net->owner = (struct relation){.state = REL_KNOWN, .ns = user};
}

static const struct model *first_model(uint64_t first_id)
{
	struct builder *builder = host(first_id, 100, 5);
	const struct model *model = NULL;

	relate(builder, first_id);
	assert_int_equal(builder_freeze(builder, &model, NULL), 0);
	return model;
}

static uint64_t tag_of(const struct model *model, enum nstype type, uint64_t inode)
{
	const struct ns *ns = model_find(model, type, inode);

	assert_non_null(ns);
	return ns->tag;
}

static void expect_all_carried(uint64_t first_id)
{
	const struct model *before = first_model(first_id), *after = NULL;
	struct builder *builder = host(first_id, 100, 5);
	size_t n;

	identity_carry(builder, before);
	/* The whole chain is carried over, hidden ones too. */
	struct ns *const *all = builder_namespaces(builder, &n);
	assert_int_equal(n, 4);
	for (size_t i = 0; i < n; i++)
		assert_true(identity_is_carried(all[i]));
	identity_carry(builder, before);
	assert_int_equal(builder_freeze(builder, &after, NULL), 0);
	for (uint64_t inode = 10; inode <= 30; inode += 10) {
		assert_int_equal(tag_of(after, NS_USER, inode), tag_of(before, NS_USER, inode));
		assert_int_equal(model_find(after, NS_USER, inode)->depth, inode / 10 - 1);
	}
	assert_int_equal(tag_of(after, NS_NET, 31), tag_of(before, NS_NET, 31));
	assert_int_equal(model_find(after, NS_USER, 30)->owner_uid, 1000);
	model_unref(before);
	model_unref(after);
}

static void test_same_members_without_ids(void **state)
{
	(void)state;
	expect_all_carried(0);
}

static void test_ids(void **state)
{
	(void)state;
	expect_all_carried(4000);
}

static void expect_all_new(uint64_t id_before, uint64_t id_after, pid_t pid, uint64_t started)
{
	const struct model *before = first_model(id_before), *after = NULL;
	struct builder *builder = host(id_after, pid, started);

	identity_carry(builder, before);
	assert_false(identity_is_carried(builder_find_ns(builder, NS_USER, 4, 30)));
	relate(builder, id_after);
	identity_carry(builder, before);
	assert_int_equal(builder_freeze(builder, &after, NULL), 0);
	for (uint64_t inode = 10; inode <= 30; inode += 10)
		assert_null(model_find_tag(before, tag_of(after, NS_USER, inode)));
	assert_null(model_find_tag(before, tag_of(after, NS_NET, 31)));
	model_unref(before);
	model_unref(after);
}

static void test_number_reused(void **state)
{
	(void)state;
	expect_all_new(0, 0, 101, 5);       /* another process */
	expect_all_new(0, 0, 100, 6);       /* another process with the same PID */
	expect_all_new(4000, 5000, 100, 5); /* another id */
}

static void test_id_outlives_leader(void **state)
{
	(void)state;
	const struct model *before = first_model(4000), *after = NULL;
	struct builder *builder = host(4000, 200, 9);

	identity_carry(builder, before);
	assert_int_equal(builder_freeze(builder, &after, NULL), 0);
	assert_int_equal(tag_of(after, NS_USER, 30), tag_of(before, NS_USER, 30));
	model_unref(before);
	model_unref(after);
}

static void test_carried_by_a_holder(void **state)
{
	(void)state;
	const struct model *before = NULL, *after = NULL;
	uint64_t tags[2];

	for (int scan = 0; scan < 2; scan++) {
		struct builder *builder = builder_new();
		struct ns *net = builder_ns(builder, NS_NET, 4, 50, NULL);
		struct ns *other = builder_ns(builder, NS_NET, 4, 51, NULL);

		builder_process(builder, 7)->started = 3;
		builder_hold(builder, net, &(struct holder){.kind = HOLDER_FD, .pid = 7, .fd = 5});
		builder_hold(builder, other,
		        &(struct holder){.kind = HOLDER_FD, .pid = 7, .fd = 6 + scan});
		identity_carry(builder, before);
		assert_int_equal(builder_freeze(builder, &after, NULL), 0);
		tags[scan] = tag_of(after, NS_NET, 50);
		if (before)
			assert_null(model_find_tag(before, tag_of(after, NS_NET, 51)));
		model_unref(before);
		before = after;
	}
	assert_int_equal(tags[0], tags[1]);
	model_unref(after);
}

/* One of two models, with a namespace that has only a holder. */
struct moment {
	struct holder holder;
	uint64_t made;
	bool is_made_before;
	bool is_asked; /* owner and the like are known */
	uint64_t inode;
};

static const struct model *freeze_moment(const struct moment *moment, const struct model *previous)
{
	struct builder *builder = builder_new();
	struct ns *owner = builder_ns(builder, NS_USER, 4, 10, NULL);
	struct ns *net = builder_ns(builder, NS_NET, 4, moment->inode, NULL);
	const struct model *model = NULL;

	owner->parent.state = owner->owner.state = REL_INITIAL;
	builder_process(builder, 7)->started = 3;
	builder_hold(builder, net, &moment->holder);
	net->made = moment->made;
	net->is_made_before = moment->is_made_before;
	if (moment->is_asked)
		net->owner = (struct relation){.state = REL_KNOWN, .ns = owner};
	identity_carry(builder, previous);
	assert_int_equal(builder_freeze(builder, &model, NULL), 0);
	return model;
}

static void test_held_without_ids(void **state)
{
	const struct holder fd = {.kind = HOLDER_FD, .pid = 7, .fd = 5};
	const struct holder fd6 = {.kind = HOLDER_FD, .pid = 7, .fd = 6};
	const struct holder thread = {.kind = HOLDER_THREAD, .pid = 7, .tid = 8, .fd = -1};
	const struct holder blue = {.kind = HOLDER_MOUNT, .fd = -1, .path = "/blue", .mnt = 2};
	const struct holder red = {.kind = HOLDER_MOUNT, .fd = -1, .path = "/red", .mnt = 2};
	const struct holder blue3 = {.kind = HOLDER_MOUNT, .fd = -1, .path = "/blue", .mnt = 3};
	const struct {
		struct moment was, is;
		bool is_same;
	} rows[] = {
	        /* same time of creation: the same, with any holder */
	        {{blue, 100, true, true, 50}, {blue, 100, true, true, 50}, true},
	        {{blue, 100, true, true, 50}, {red, 100, true, true, 50}, true},
	        {{blue, 100, true, true, 50}, {fd, 100, true, true, 50}, true},
	        {{fd, 100, true, true, 50}, {fd6, 100, true, true, 50}, true},
	        /* but the inode must be the same */
	        {{blue, 100, true, true, 50}, {blue, 100, true, true, 51}, false},
	        /* created later: another one with the same path and inode */
	        {{blue, 100, true, true, 50}, {blue, 101, true, true, 50}, false},
	        {{fd, 100, true, true, 50}, {fd, 101, true, true, 50}, false},
	        /* created just before the scan: the next one may have the same time */
	        {{blue, 100, false, true, 50}, {blue, 100, true, true, 50}, false},
	        {{fd, 100, false, true, 50}, {fd6, 100, true, true, 50}, false},
	        {{fd, 100, false, true, 50}, {fd, 100, true, true, 50}, true},
	        /* time not known: the same descriptor is enough; a mount only without relations */
	        {{fd, 0, false, true, 50}, {fd, 0, false, true, 50}, true},
	        {{fd, 0, false, true, 50}, {fd6, 0, false, true, 50}, false},
	        {{blue, 0, false, true, 50}, {blue, 0, false, true, 50}, false},
	        {{blue, 0, false, false, 50}, {blue, 0, false, false, 50}, true},
	        {{blue, 0, false, false, 50}, {red, 0, false, false, 50}, false},
	        {{blue, 0, false, false, 50}, {blue3, 0, false, false, 50}, false},
	        {{blue, 0, false, false, 50}, {blue, 100, true, true, 50}, false},
	        /* a thread does not keep the inode */
	        {{thread, 100, true, true, 50}, {thread, 101, true, true, 50}, true},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct model *was = freeze_moment(&rows[i].was, NULL);
		const struct model *is = freeze_moment(&rows[i].is, was);
		const bool is_same = tag_of(is, NS_NET, rows[i].is.inode) ==
		                     tag_of(was, NS_NET, rows[i].was.inode);

		if (is_same != rows[i].is_same)
			fail_msg("row %zu", i);
		model_unref(is);
		model_unref(was);
	}
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_same_members_without_ids),
	        cmocka_unit_test(test_ids),
	        cmocka_unit_test(test_number_reused),
	        cmocka_unit_test(test_id_outlives_leader),
	        cmocka_unit_test(test_carried_by_a_holder),
	        cmocka_unit_test(test_held_without_ids),
	};

	return cmocka_run_group_tests_name("model/identity", tests, NULL, NULL);
}
