/* SPDX-License-Identifier: Apache-2.0 */

/* IDs between user namespaces, inwards and outwards. */

#include "base/attributes.h"
#include "tests/unit.h"
#include "view/id_map.h"

#define UNMAPPED UINT32_MAX
#define UNKNOWN  (UINT32_MAX - 2)

/* host: a container of user 1000, in it another one. As the host reads their maps: the ranges of
 * the inner one are IDs of the host, too. */
static const struct id_range host_ranges[] = {{0, 0, 4294967295}};
static const struct id_range outer_uids[] = {{0, 1000, 1}, {1, 100000, 65536}};
static const struct id_range outer_gids[] = {{0, 1000, 1}};
static const struct id_range inner_uids[] = {{0, 100099, 100}, {500, UINT32_MAX, 10}};

static struct ns host = {
        .type = NS_USER,
        .parent = {REL_INITIAL, NULL},
        .uid_map = {host_ranges, 1},
        .gid_map = {host_ranges, 1},
};
static struct ns outer = {
        .type = NS_USER,
        .parent = {REL_KNOWN, &host},
        .uid_map = {outer_uids, 2},
        .gid_map = {outer_gids, 1},
};
static struct ns inner = {
        .type = NS_USER,
        .parent = {REL_KNOWN, &outer},
        .uid_map = {inner_uids, 2},
};

static void assert_ids(const struct ns *user, enum id_kind kind, size_t from, uint32_t id,
        const uint32_t *expected, size_t n)
{
	struct id_level levels[4];

	assert_int_equal(id_map_count(user), n);
	id_map_translate(user, kind, from, id, levels);
	for (size_t i = 0; i < n; i++) {
		assert_ptr_equal(levels[i].ns, user);
		assert_int_equal(levels[i].state, expected[i] == UNMAPPED  ? REL_UNMAPPED
		                                  : expected[i] == UNKNOWN ? REL_FAILED
		                                                           : REL_KNOWN);
		if (levels[i].state == REL_KNOWN)
			assert_int_equal(levels[i].id, expected[i]);
		user = user ? user->parent.ns : NULL;
	}
}

static void test_all_levels_and_both_ways(void **state)
{
	static const struct {
		size_t from;
		uint32_t id, expected[3];
	} cases[] = {
	        {0, 0, {0, 100, 100099}},
	        {0, 99, {99, 199, 100198}},
	        {0, 100, {UNMAPPED, UNMAPPED, UNMAPPED}},
	        {1, 100, {0, 100, 100099}},
	        {1, 0, {UNMAPPED, 0, 1000}},
	        {1, 1, {UNMAPPED, 1, 100000}},
	        {2, 1000, {UNMAPPED, 0, 1000}},
	        {2, 100198, {99, 199, 100198}},
	        {2, 0, {UNMAPPED, UNMAPPED, 0}},
	        {2, 4294967294, {UNMAPPED, UNMAPPED, 4294967294}},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_ids(&inner, ID_USER, cases[i].from, cases[i].id, cases[i].expected, 3);
}

static void test_groups_have_a_map_of_their_own(void **state)
{
	(void)state;
	assert_ids(&outer, ID_GROUP, 0, 0, (uint32_t[]){0, 1000}, 2);
	assert_ids(&outer, ID_GROUP, 0, 1, (uint32_t[]){UNMAPPED, UNMAPPED}, 2);
	assert_ids(&inner, ID_GROUP, 2, 1000, (uint32_t[]){UNMAPPED, 0, 1000}, 3);
}

/* UINT32_MAX is no ID, neither as one that is asked for nor as the second number of a range that
 * has none there. A snapshot may have ranges that are too long. */
static void test_no_id_is_no_id(void **state)
{
	static const struct id_range long_range[] = {{0, 4294967290, 100}};
	struct ns odd = {.type = NS_USER, .parent = {REL_KNOWN, &host}, .uid_map = {long_range, 1}};

	(void)state;
	assert_ids(&inner, ID_USER, 0, 500, (uint32_t[]){UNMAPPED, UNMAPPED, UNMAPPED}, 3);
	assert_ids(&inner, ID_USER, 2, UINT32_MAX, (uint32_t[]){UNMAPPED, UNMAPPED, UNMAPPED}, 3);
	assert_ids(&odd, ID_USER, 0, 4, (uint32_t[]){4, 4294967294}, 2);
	assert_ids(&odd, ID_USER, 0, 5, (uint32_t[]){UNMAPPED, UNMAPPED}, 2);
}

/* A scan in the container reads the map of its own namespace with the IDs of the host, and all
 * others with its own. */
static void test_from_inside_a_container(void **state)
{
	static const struct id_range below_ranges[] = {{0, 100, 100}};
	struct ns own = outer;
	struct ns below = {
	        .type = NS_USER, .parent = {REL_KNOWN, &own}, .uid_map = {below_ranges, 1}};

	(void)state;
	own.parent = (struct relation){REL_HIDDEN, NULL};
	assert_ids(&below, ID_USER, 0, 0, (uint32_t[]){0, 100, 100099}, 3);
	assert_ids(&below, ID_USER, 2, 100198, (uint32_t[]){99, 199, 100198}, 3);
	assert_ids(&below, ID_USER, 1, 0, (uint32_t[]){UNMAPPED, 0, 1000}, 3);
	assert_ids(&own, ID_USER, 1, 1, (uint32_t[]){UNMAPPED, UNMAPPED}, 2);
}

/* Maps that could not be read: the other levels are known all the same. With an unknown parent the
 * last level is what the scan has read. */
static void test_unknown_is_not_unmapped(void **state)
{
	struct ns unread = outer, orphan = outer;
	struct ns child = inner;

	(void)state;
	unread.maps_state = REL_FAILED;
	child.parent.ns = &unread;
	assert_ids(&child, ID_USER, 0, 0, (uint32_t[]){0, UNKNOWN, 100099}, 3);
	assert_ids(&unread, ID_USER, 0, 0, (uint32_t[]){UNKNOWN, UNKNOWN}, 2);
	orphan.parent = (struct relation){REL_FAILED, NULL};
	assert_ids(&orphan, ID_USER, 0, 0, (uint32_t[]){0, 1000}, 2);
	assert_ids(&orphan, ID_USER, 1, 1000, (uint32_t[]){0, 1000}, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_all_levels_and_both_ways),
	        cmocka_unit_test(test_groups_have_a_map_of_their_own),
	        cmocka_unit_test(test_no_id_is_no_id),
	        cmocka_unit_test(test_from_inside_a_container),
	        cmocka_unit_test(test_unknown_is_not_unmapped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
