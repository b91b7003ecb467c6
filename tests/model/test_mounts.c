/* SPDX-License-Identifier: Apache-2.0 */
#include "model/mounts.h"
#include "tests/unit.h"

#include <errno.h>
#include <string.h>

static const char *intern(struct mounts_builder *builder, const char *text)
{
	return mounts_builder_intern(builder, text, strlen(text));
}

static void add(struct mounts_builder *builder, unsigned id, unsigned parent, const char *point)
{
	mounts_builder_add(
	        builder, &(const struct mount_entry){
	                         .id = id, .parent_id = parent, .point = intern(builder, point)});
}

/* The ids of a table in its order. */
static void check_order(const struct mount_table *table, const unsigned *ids, size_t n)
{
	assert_int_equal(table->n, n);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(table->entries[i].id, ids[i]);
}

static void test_preorder(void **state)
{
	static const unsigned order[] = {20, 24, 22, 25, 23, 21};
	struct mounts_builder *const builder = mounts_builder_new();
	const struct mounts *mounts;
	const struct mount_table *table;

	(void)state;
	add(builder, 20, 1, "/");
	add(builder, 21, 20, "/sys");
	add(builder, 22, 20, "/proc"); /* stacked: in the order of the text */
	add(builder, 24, 20, "/dev");
	add(builder, 23, 22, "/proc/sys");
	add(builder, 25, 22, "/proc/bus");
	mounts_builder_end(builder, 4026532000, 0, true);
	mounts = mounts_builder_finish(builder);
	table = mounts_find(mounts, 4026532000);
	assert_non_null(table);
	check_order(table, order, 6);
	assert_true(table->is_at_least);
	assert_int_equal(table->entries[0].end, 6);
	assert_int_equal(table->entries[0].parent, MOUNTS_NO_PARENT);
	assert_int_equal(table->entries[2].end, 5);
	assert_int_equal(table->entries[3].parent, 2);
	assert_int_equal(table->entries[3].depth, 2);
	assert_ptr_equal(mounts_find_entry(table, 23), &table->entries[4]);
	assert_null(mounts_find_entry(table, 99));
	assert_null(mounts_find(mounts, 1));
	assert_null(mounts_find(NULL, 1));
	mounts_unref(mounts);
}

static void test_stacked(void **state)
{
	static const unsigned order[] = {1, 9, 3};
	struct mounts_builder *const builder = mounts_builder_new();
	const struct mounts *mounts;

	(void)state;
	add(builder, 1, 1, "/"); /* its own parent */
	add(builder, 9, 1, "/mnt");
	add(builder, 3, 1, "/mnt");
	mounts_builder_end(builder, 7, 0, false);
	mounts = mounts_builder_finish(builder);
	check_order(mounts_find(mounts, 7), order, 3);
	mounts_unref(mounts);
}

/* The longest mount point that is not covered, the upper one of a stack. */
static void test_at(void **state)
{
	struct mounts_builder *const builder = mounts_builder_new();
	const struct mounts *mounts;
	const struct mount_table *table;

	(void)state;
	add(builder, 1, 1, "/");
	add(builder, 2, 1, "/mnt");
	mounts_builder_add(builder, &(const struct mount_entry){.id = 3,
	                                    .parent_id = 2,
	                                    .point = intern(builder, "/mnt/deep"),
	                                    .is_covered = true});
	add(builder, 4, 2, "/mnt");
	mounts_builder_end(builder, 7, 0, false);
	mounts = mounts_builder_finish(builder);
	table = mounts_find(mounts, 7);
	assert_int_equal(mounts_at(table, "/mnt")->id, 4);
	assert_int_equal(mounts_at(table, "/mnt/deep/er")->id, 4);
	assert_int_equal(mounts_at(table, "/mn")->id, 1);
	assert_int_equal(mounts_at(table, "/mnt2")->id, 1);
	assert_null(mounts_at(table, "relative"));
	mounts_unref(mounts);
}

/* Whatever the parents are, each mount is there once. */
static void test_cycles(void **state)
{
	struct mounts_builder *const builder = mounts_builder_new();
	const struct mounts *mounts;
	const struct mount_table *table;
	unsigned sum = 0;

	(void)state;
	add(builder, 1, 2, "/a");
	add(builder, 2, 3, "/b");
	add(builder, 3, 1, "/c");
	add(builder, 4, 4, "/d");
	add(builder, 4, 3, "/e"); /* the same id twice */
	add(builder, 5, 4, "/f");
	mounts_builder_end(builder, 7, 0, false);
	mounts = mounts_builder_finish(builder);
	table = mounts_find(mounts, 7);
	assert_int_equal(table->n, 6);
	for (size_t i = 0; i < table->n; i++) {
		sum += table->entries[i].id;
		assert_true(table->entries[i].end > i);
		assert_true(table->entries[i].end <= table->n);
		assert_true(table->entries[i].parent == MOUNTS_NO_PARENT ||
		            table->entries[i].parent < i);
	}
	assert_int_equal(sum, 1 + 2 + 3 + 4 + 4 + 5);
	mounts_unref(mounts);
}

/* A snapshot may have any numbers: these are all the parent of each other. The time is linear. */
static void test_one_id(void **state)
{
	enum { N = 200000 };
	struct mounts_builder *const builder = mounts_builder_new();
	const struct mounts *mounts;
	const struct mount_table *table;
	size_t n_tops = 0;

	(void)state;
	for (unsigned i = 0; i < N; i++)
		add(builder, 1, 1, "/");
	mounts_builder_end(builder, 7, 0, false);
	assert_true(mounts_builder_size(builder) > N * sizeof(struct mount_entry));
	mounts = mounts_builder_finish(builder);
	table = mounts_find(mounts, 7);
	assert_int_equal(table->n, N);
	for (size_t i = 0; i < table->n; i++)
		n_tops += table->entries[i].parent == MOUNTS_NO_PARENT;
	assert_int_equal(n_tops, 1);
	mounts_unref(mounts);
}

static void test_strings_are_shared(void **state)
{
	struct mounts_builder *const builder = mounts_builder_new();
	const char *const first = intern(builder, "overlay");

	(void)state;
	assert_ptr_equal(intern(builder, "overlay"), first);
	assert_ptr_not_equal(intern(builder, "overlay2"), first);
	assert_string_equal(mounts_builder_intern(builder, "over|", 4), "over");
	assert_string_equal(first, "overlay");
	mounts_builder_free(builder);
	mounts_builder_free(NULL);
}

static void test_tables(void **state)
{
	struct mounts_builder *const builder = mounts_builder_new();
	const struct mounts *mounts, *second;

	(void)state;
	add(builder, 1, 0, "/");
	mounts_builder_end(builder, 9, 0, false);
	mounts_builder_end(builder, 5, EACCES, false);
	add(builder, 1, 0, "/");
	add(builder, 2, 1, "/x");
	mounts_builder_end(builder, 9, 0, false); /* a second one of the same */
	mounts = mounts_builder_finish(builder);
	assert_int_equal(mounts->n, 2);
	assert_int_equal(mounts->n_entries, 1);
	assert_int_equal(mounts->tables[0]->mnt, 5);
	assert_int_equal(mounts->tables[0]->error, EACCES);
	assert_int_equal(mounts->tables[1]->n, 1);
	assert_true(mounts_size(mounts) > 0);
	second = mounts_ref(mounts);
	mounts_unref(mounts);
	assert_int_equal(second->n, 2);
	mounts_unref(second);
	mounts_unref(mounts_ref(NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_preorder),
	        cmocka_unit_test(test_stacked),
	        cmocka_unit_test(test_at),
	        cmocka_unit_test(test_cycles),
	        cmocka_unit_test(test_one_id),
	        cmocka_unit_test(test_strings_are_shared),
	        cmocka_unit_test(test_tables),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
