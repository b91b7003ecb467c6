/* SPDX-License-Identifier: Apache-2.0 */
/* The mounts of a mount namespace as DOT. */
#include "export/export.h"
#include "tests/export/gv.h"
#include "tests/unit.h"
#include "tests/view/fixture.h"
#include "tests/view/mount_fixture.h"

#include <stdlib.h>
#include <string.h>

static struct view_options view_of(const struct model *model, uint64_t mnt)
{
	return (struct view_options){.kind = VIEW_MOUNTS, .mnt = mnt, .mounts = model->mounts};
}

static Agnode_t *find(Agraph_t *graph, const char *name)
{
	Agnode_t *const node = agnode(graph, gv_string(name), 0);

	assert_non_null(node);
	return node;
}

static void test_tree(void **state)
{
	const struct model *const model = mount_fixture();
	const struct view_options view = view_of(model, MOUNT_FIXTURE_HOST);
	Agraph_t *const graph = gv_parse_view(model, &view);

	(void)state;
	assert_int_equal(agnnodes(graph), 7);
	assert_int_equal(agnedges(graph), 6);
	gv_find_edge(graph, find(graph, "mount-22"), find(graph, "mnt-4026531832"));
	gv_find_edge(graph, find(graph, "mount-25"), find(graph, "mount-24"));
	gv_assert(find(graph, "mount-25"), "label", "/srv/with blank\\nxfs 8:17\\nshared 4");
	gv_assert(find(graph, "mount-26"), "class", "mount covered");
	gv_assert(find(graph, "mount-26"), "style", "filled,dashed");
	gv_assert(find(graph, "mount-27"), "class", "mount");
	assert_non_null(strstr(gv_value(graph, "label"), "6 mounts\\l"));
	agclose(graph);
	model_unref(model);
}

static void test_names_are_quoted(void **state)
{
	const struct model *const model = mount_fixture();
	const struct view_options view = view_of(model, MOUNT_FIXTURE_SLAVE);
	Agraph_t *const graph = gv_parse_view(model, &view);

	(void)state;
	gv_assert(find(graph, "mount-44"), "label", "/new\\\\x0aline\\nfuse.sshfs 0:60\\nprivate");
	assert_non_null(strstr(gv_value(find(graph, "mount-44"), "tooltip"), "db7:/"));
	agclose(graph);
	model_unref(model);
}

static void test_unknown(void **state)
{
	const struct model *const model = mount_fixture();
	const struct view_options view = view_of(model, MOUNT_FIXTURE_UNREAD);
	const struct export_request request = {.model = model, .view = view};
	Agraph_t *const graph = gv_parse_view(model, &view);

	(void)state;
	assert_int_equal(agnnodes(graph), 2);
	assert_int_equal(export_dot_count(&request), 2);
	assert_non_null(strstr(gv_value(find(graph, "unknown-mounts"), "label"),
	        "(mounts could not be read: permission denied"));
	agclose(graph);
	model_unref(model);
}

/* A snapshot may have any ids. */
static void test_equal_ids(void **state)
{
	struct mounts_builder *const builder = mounts_builder_new();
	const struct model *const model = mount_fixture();

	(void)state;
	for (unsigned i = 0; i < 3; i++)
		mount_fixture_add(builder, &(const struct mount_entry){.id = 7, .point = "/"});
	mounts_builder_end(builder, MOUNT_FIXTURE_HOST, 0, false);
	builder_set_mounts(model, mounts_builder_finish(builder));
	const struct view_options view = view_of(model, 0);
	Agraph_t *const graph = gv_parse_view(model, &view);
	assert_int_equal(agnnodes(graph), 4);
	agclose(graph);
	model_unref(model);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_tree),
	        cmocka_unit_test(test_names_are_quoted),
	        cmocka_unit_test(test_unknown),
	        cmocka_unit_test(test_equal_ids),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
