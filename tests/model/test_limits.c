/* SPDX-License-Identifier: Apache-2.0 */
#include "model/builder.h"
#include "model/limits.h"
#include "tests/unit.h"

#include <string.h>

enum { INITIAL = 4026531837u, OUTER = 4026532001u, INNER = 4026532002u, OTHER = 4026532003u };

static struct ns *add_user(
        struct builder *b, uint64_t inode, struct ns *parent, enum rel_state state, uid_t uid)
{
	struct ns *const ns = builder_ns(b, NS_USER, 4, inode, NULL);

	ns->parent = parent ? (struct relation){REL_KNOWN, parent}
	                    : (struct relation){REL_INITIAL, NULL};
	ns->owner = ns->parent;
	ns->owner_uid_state = state;
	ns->owner_uid = uid;
	return ns;
}

static void add(struct builder *b, enum nstype type, uint64_t inode, const struct ns *owner)
{
	builder_ns(b, type, 4, inode, NULL)->owner = (struct relation){REL_KNOWN, owner};
}

static const struct model *freeze(struct builder *b)
{
	const struct model *model;

	assert_int_equal(builder_freeze(b, &model, NULL), 0);
	return model;
}

static void count(const struct model *model, uint64_t inode, struct limits_counts *ret)
{
	struct limits *const limits = limits_new(model);

	limits_count(limits, model_find(model, NS_USER, inode), ret);
	limits_free(limits);
}

/* Users 1000 and 1001, and one that is not known, have children; one of them has a child. */
static const struct model *three_users(void)
{
	struct builder *const b = builder_new();
	struct ns *const initial = add_user(b, INITIAL, NULL, REL_KNOWN, 0);
	struct ns *const outer = add_user(b, OUTER, initial, REL_KNOWN, 1001);
	struct ns *const inner = add_user(b, INNER, outer, REL_KNOWN, 7);
	struct ns *const other = add_user(b, OTHER, initial, REL_AMBIGUOUS, 65534);

	add_user(b, OTHER + 1, initial, REL_KNOWN, 1000);
	add_user(b, OTHER + 2, initial, REL_KNOWN, 1001);
	add(b, NS_NET, 4026532100, initial);
	add(b, NS_NET, 4026532101, outer);
	add(b, NS_NET, 4026532102, inner);
	add(b, NS_NET, 4026532103, other);
	/* The initial ones. */
	add(b, NS_UTS, 4026531838, initial);
	add(b, NS_MNT, 4026531832, initial);
	return freeze(b);
}

static void by_the_owners_of_children(void **state)
{
	const struct model *const model = three_users();
	struct limits_counts counts;

	(void)state;
	count(model, INITIAL, &counts);
	assert_int_equal(counts.n_users, 2);
	assert_int_equal(counts.users[0].uid, 1000);
	assert_int_equal(counts.users[0].counted[NS_USER], 1);
	assert_int_equal(counts.users[0].counted[NS_NET], 0);
	assert_int_equal(counts.users[1].uid, 1001);
	assert_int_equal(counts.users[1].counted[NS_USER], 3);
	assert_int_equal(counts.users[1].counted[NS_NET], 2);
	assert_int_equal(counts.unknown[NS_USER], 1);
	assert_int_equal(counts.unknown[NS_NET], 2);
	limits_release(&counts);

	count(model, OUTER, &counts);
	assert_int_equal(counts.n_users, 1);
	assert_int_equal(counts.users[0].uid, 7);
	assert_int_equal(counts.users[0].counted[NS_NET], 1);
	assert_int_equal(counts.unknown[NS_NET], 1);
	limits_release(&counts);
	model_unref(model);
}

static void initial_namespaces_do_not_count(void **state)
{
	const struct model *const model = three_users();
	struct limits_counts counts;

	(void)state;
	count(model, INITIAL, &counts);
	assert_int_equal(counts.unknown[NS_UTS], 0);
	assert_int_equal(counts.unknown[NS_MNT], 1);
	limits_release(&counts);
	model_unref(model);
}

static void nothing_to_count(void **state)
{
	struct builder *const b = builder_new();
	struct limits_counts counts;

	(void)state;
	add_user(b, INITIAL, NULL, REL_KNOWN, 0);
	const struct model *const model = freeze(b);
	count(model, INITIAL, &counts);
	assert_int_equal(counts.n_users, 0);
	for (enum nstype type = 0; type < NS_TYPES; type++)
		assert_int_equal(counts.unknown[type], 0);
	assert_int_equal(limits_state(&counts, NS_NET, 1), LIMITS_FREE);
	/* None may be made. */
	assert_int_equal(limits_state(&counts, NS_NET, 0), LIMITS_REACHED);
	limits_release(&counts);
	model_unref(model);
}

static void states(void **state)
{
	struct limits_user users[] = {
	        {.uid = 1, .counted = {[NS_NET] = 9}}, {.uid = 2, .counted = {[NS_NET] = 90}}};
	struct limits_counts counts = {.users = users, .n_users = 2, .unknown = {[NS_NET] = 5}};

	(void)state;
	assert_int_equal(limits_state(&counts, NS_NET, 90), LIMITS_REACHED);
	assert_int_equal(limits_state(&counts, NS_NET, 91), LIMITS_MAYBE_REACHED);
	assert_int_equal(limits_state(&counts, NS_NET, 95), LIMITS_MAYBE_REACHED);
	assert_int_equal(limits_state(&counts, NS_NET, 96), LIMITS_NEAR);
	assert_int_equal(limits_state(&counts, NS_NET, 100), LIMITS_NEAR);
	assert_int_equal(limits_state(&counts, NS_NET, 101), LIMITS_FREE);
	assert_int_equal(limits_state(&counts, NS_NET, LIMITS_DEFAULT), LIMITS_FREE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(by_the_owners_of_children),
	        cmocka_unit_test(initial_namespaces_do_not_count),
	        cmocka_unit_test(nothing_to_count),
	        cmocka_unit_test(states),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
