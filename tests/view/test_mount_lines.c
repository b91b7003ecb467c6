/* SPDX-License-Identifier: Apache-2.0 */
/* The view of mounts, and mounts of other namespaces that belong to the same peer groups. */
#include "tests/unit.h"
#include "tests/view/fixture.h"
#include "tests/view/mount_fixture.h"
#include "view/filter.h"
#include "view/hierarchy.h"
#include "view/mount_lines.h"
#include "view/mount_peers.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void build(struct hierarchy *ret, const struct model *model, uint64_t mnt, bool is_inverted)
{
	const struct view_options options = {.kind = VIEW_MOUNTS,
	        .mnt = mnt,
	        .mounts = model->mounts,
	        .is_inverted = is_inverted};

	hierarchy_build(ret, model, NULL, &options);
}

/* `4026531832 22 23 24.25 26`: the namespace, and the mounts, with a dot for each level. */
static void assert_order(const struct hierarchy *hierarchy, const char *wanted)
{
	struct fixture_text text;

	fixture_text_begin(&text);
	for (size_t i = 0; i < hierarchy->n; i++) {
		const struct node *const node = &hierarchy->nodes[i];

		for (unsigned depth = 0; depth < node->depth; depth++)
			fputc('.', text.file);
		if (node->mount)
			fprintf(text.file, "%u ", node->mount->id);
		else
			fputs(node->ns ? "ns " : node_heading(node), text.file);
	}
	char *const written = fixture_text_end(&text);
	assert_string_equal(written, wanted);
	free(written);
}

static void test_order(void **state)
{
	static const struct {
		uint64_t mnt;
		bool is_inverted;
		const char *order;
	} wanted[] = {
	        {MOUNT_FIXTURE_HOST, false, "ns .22 ..26 ...27 ..23 ..24 ...25 "},
	        {MOUNT_FIXTURE_HOST, true, "ns .22 ..24 ...25 ..23 ..26 ...27 "},
	        {0, false, "ns .22 ..26 ...27 ..23 ..24 ...25 "}, /* of PID 1 */
	        {MOUNT_FIXTURE_PRIVATE, false, "ns .61 ..62 ..63 .(there may be more mounts)"},
	        {MOUNT_FIXTURE_UNREAD, false, "ns .(mounts could not be read)"},
	        {1, false, "(no such mount namespace)"},
	};
	const struct model *const model = mount_fixture();

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++) {
		struct hierarchy hierarchy;

		build(&hierarchy, model, wanted[i].mnt, wanted[i].is_inverted);
		assert_order(&hierarchy, wanted[i].order);
		for (size_t k = 1; k < hierarchy.n; k++) {
			const struct node *const node = &hierarchy.nodes[k];

			assert_true(node->parent < k);
			assert_true(hierarchy.nodes[node->parent].has_children);
			assert_true(hierarchy.nodes[node->parent].end >= node->end);
		}
		hierarchy_release(&hierarchy);
	}
	model_unref(model);
}

static void test_not_read(void **state)
{
	const struct model *const model = mount_fixture();
	const struct view_options options = {.kind = VIEW_MOUNTS};
	struct hierarchy hierarchy;

	(void)state;
	hierarchy_build(&hierarchy, model, NULL, &options);
	assert_order(&hierarchy, "ns .(mounts not read)");
	hierarchy_release(&hierarchy);
	model_unref(model);
}

/* The hierarchy keeps the mounts, which may be read again meanwhile. */
static void test_mounts_stay(void **state)
{
	const struct model *const model = mount_fixture();
	struct hierarchy hierarchy;

	(void)state;
	build(&hierarchy, model, MOUNT_FIXTURE_HOST, false);
	builder_set_mounts(model, NULL);
	assert_string_equal(hierarchy.nodes[1].mount->point, "/");
	hierarchy_release(&hierarchy);
	model_unref(model);
}

/* A job of the program may be in another mount namespace. */
static void test_own_namespace(void **state)
{
	struct builder *const b = builder_new();
	struct ns *const user = fixture_user(b, FIXTURE_INITIAL_USER, NULL, 0, "root");
	struct ns *const first = fixture_owned(b, NS_MNT, MOUNT_FIXTURE_HOST, user);
	struct ns *const other = fixture_owned(b, NS_MNT, MOUNT_FIXTURE_SLAVE, user);
	struct ns *const own = fixture_owned(b, NS_MNT, MOUNT_FIXTURE_PRIVATE, user);

	(void)state;
	fixture_process(b, 1, "init", first);
	struct process *const job = fixture_process(b, 20, "nsbrowse", other);
	struct process *const self = fixture_process(b, 30, "nsbrowse", own);
	job->is_self = self->is_self = true;
	job->ppid = 30;
	self->ppid = 1;
	const struct model *const model = fixture_freeze(b, NULL);
	assert_int_equal(mount_lines_ns(model, &(const struct view_options){0})->inode,
	        MOUNT_FIXTURE_PRIVATE);
	assert_int_equal(
	        mount_lines_ns(model, &(const struct view_options){.mnt = MOUNT_FIXTURE_SLAVE})
	                ->inode,
	        MOUNT_FIXTURE_SLAVE);
	model_unref(model);
}

static void test_tags(void **state)
{
	const struct model *const model = mount_fixture();
	struct hierarchy hierarchy;

	(void)state;
	build(&hierarchy, model, MOUNT_FIXTURE_PRIVATE, false);
	for (size_t i = 0; i < hierarchy.n; i++)
		assert_int_equal(
		        hierarchy_find(&hierarchy, node_tag(&hierarchy.nodes[i])), (uintmax_t)i);
	assert_int_equal(node_count(&hierarchy.nodes[1]), 0);
	assert_null(node_process(&hierarchy.nodes[1]));
	hierarchy_release(&hierarchy);
	model_unref(model);
}

/* What a text finds, with the lines above it. */
static void test_filter(void **state)
{
	static char query[] = "8:17", other[] = "overlay", shared[] = "shared 4";
	static const struct {
		char *text;
		uint64_t mnt;
		const char *order;
		size_t n;
	} wanted[] = {
	        {query, MOUNT_FIXTURE_HOST, "ns .22 ..24 ...25 ", 2},
	        {other, MOUNT_FIXTURE_PRIVATE, "ns .61 ", 1},
	        {shared, MOUNT_FIXTURE_HOST, "ns .22 ..24 ...25 ", 1},
	};
	const struct model *const model = mount_fixture();

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++) {
		const struct filter filter = {.text = wanted[i].text};
		struct hierarchy hierarchy;

		build(&hierarchy, model, wanted[i].mnt, false);
		assert_int_equal(filter_drop(&filter, &hierarchy, model, NULL).n, wanted[i].n);
		assert_order(&hierarchy, wanted[i].order);
		hierarchy_release(&hierarchy);
	}
	model_unref(model);
}

/* --- peers ------------------------------------------------------------------------------------ */

/* Groups 1 and 2 in three mount namespaces, in one of them twice. */
static const struct mounts *make_peers(void)
{
	static const struct {
		uint64_t mnt;
		unsigned shared, master;
	} rows[] = {
	        {10, 1, 0},
	        {10, 2, 0},
	        {11, 1, 0},
	        {11, 1, 0},
	        {12, 1, 0},
	        {12, 0, 2},
	        {12, 0, 0},
	};
	struct mounts_builder *const builder = mounts_builder_new();

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		mount_fixture_add(builder, &(const struct mount_entry){.id = (unsigned)i + 1,
		                                   .point = "/",
		                                   .shared = rows[i].shared,
		                                   .master = rows[i].master});
		if (i + 1 == ARRAY_SIZE(rows) || rows[i + 1].mnt != rows[i].mnt)
			mounts_builder_end(builder, rows[i].mnt, 0, false);
	}
	return mounts_builder_finish(builder);
}

static void test_count_peers(void **state)
{
	const struct mounts *const mounts = make_peers();
	size_t counts[3];

	(void)state;
	mount_peers_count(mounts, mounts_find(mounts, 10), counts);
	assert_int_equal(counts[0], 2);
	assert_int_equal(counts[1], 0); /* a slave is no peer */
	mount_peers_count(mounts, mounts_find(mounts, 12), counts);
	assert_int_equal(counts[0], 2);
	assert_int_equal(counts[1], 0);
	assert_int_equal(counts[2], 0);
	mounts_unref(mounts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_order),
	        cmocka_unit_test(test_not_read),
	        cmocka_unit_test(test_mounts_stay),
	        cmocka_unit_test(test_own_namespace),
	        cmocka_unit_test(test_tags),
	        cmocka_unit_test(test_filter),
	        cmocka_unit_test(test_count_peers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
