/* SPDX-License-Identifier: Apache-2.0 */

/* What a text means in a search of mounts, and which mounts it finds. */

#include "base/attributes.h"
#include "tests/unit.h"
#include "tests/view/fixture.h"
#include "view/mount_query.h"

#include <errno.h>
#include <string.h>

enum { OWN = 100, OTHER = 200, THIRD = 300, UNREAD = 400 };

static const char *intern(struct mounts_builder *builder, const char *text)
{
	return text ? mounts_builder_intern(builder, text, strlen(text)) : NULL;
}

struct line {
	unsigned id, parent, minor; /* of major 0 */
	const char *root, *point, *type, *source;
	bool is_covered;
};

static void add(struct mounts_builder *builder, const struct line *line)
{
	mounts_builder_add(builder, &(const struct mount_entry){.id = line->id,
	                                    .parent_id = line->parent,
	                                    .minor = line->minor,
	                                    .root = intern(builder, line->root),
	                                    .point = intern(builder, line->point),
	                                    .type = intern(builder, line->type),
	                                    .source = intern(builder, line->source),
	                                    .is_covered = line->is_covered});
}

static const struct line own_lines[] = {
        {1, 0, 1, "/", "/", "ext4", "/dev/sda1", false},
        {2, 1, 2, "/", "/mnt/data", "ext4", "/dev/sdb1", false},
        {3, 1, 3, "/", "/proc", "proc", "proc", false},
        {4, 1, 4, "/", "/stack", "tmpfs", "lower", true},
        {5, 4, 5, "/", "/stack", "tmpfs", "upper", false},
        {6, 1, 1, "/srv/web", "/bind", "ext4", "/dev/sda1", false},
};
static const struct line other_lines[] = {
        {11, 0, 10, "/", "/", "overlay", "overlay", false},
        {12, 11, 2, "/", "/volume", "ext4", "/dev/sdb1", false},
        {13, 11, 1, "/srv/web/html", "/html", "ext4", "/dev/sda1", false},
        {14, 11, 11, "/", "/gone", "tmpfs", "scratch", false},
        {15, 11, 12, "/", "/remote", "fuse.sshfs", "host:/home", false},
        {16, 11, 4, "/", "/lower", "tmpfs", NULL, false},
};
static const struct line third_lines[] = {
        {21, 0, 10, "/", "/", "overlay", NULL, false},
        {22, 21, 11, "/", "/elsewhere", "tmpfs", "scratch", false},
        {23, 21, 1, "/srv/website", "/site", "ext4", "/dev/root", false},
        {24, 21, 13, "/", "/new\nline", "fuse", "none", false},
        {25, 21, 1, "/srv", "/mnt/data/deep", "ext4", "/dev/root", false},
};

static const struct mounts *make_mounts(void)
{
	struct mounts_builder *const builder = mounts_builder_new();

	for (size_t i = 0; i < ARRAY_SIZE(own_lines); i++)
		add(builder, &own_lines[i]);
	mounts_builder_end(builder, OWN, 0, false);
	for (size_t i = 0; i < ARRAY_SIZE(other_lines); i++)
		add(builder, &other_lines[i]);
	mounts_builder_end(builder, OTHER, 0, true);
	for (size_t i = 0; i < ARRAY_SIZE(third_lines); i++)
		add(builder, &third_lines[i]);
	mounts_builder_end(builder, THIRD, 0, false);
	mounts_builder_end(builder, UNREAD, EACCES, false);
	return mounts_builder_finish(builder);
}

/* What is found: the ids of mounts with the reason, ended by 0. */
struct found {
	unsigned id;
	enum mount_by by;
};

static void check_found(const char *text, bool is_exact, const struct found *wanted)
{
	const struct mounts *const mounts = make_mounts();
	struct mount_query query;
	size_t n = 0;

	mount_query_run(&query, text, mounts, OWN, is_exact);
	for (; wanted[n].id; n++) {
		if (n >= query.n || query.hits[n].entry->id != wanted[n].id)
			fail_msg("%s: not %u but %u", text, wanted[n].id,
			        n < query.n ? query.hits[n].entry->id : 0);
		if (query.hits[n].by != wanted[n].by)
			fail_msg("%s: %u by %s", text, wanted[n].id,
			        mount_query_by(query.hits[n].by));
	}
	if (query.n != n)
		fail_msg("%s: %u too many", text, query.hits[n].entry->id);
	mount_query_release(&query);
	mounts_unref(mounts);
}

/* Entries are in preorder, siblings by mount point. */
static void test_paths(void **state)
{
	(void)state;
	/* Mounted here: all mounts of that file system, and what others have at that path. */
	check_found("/mnt/data", true,
	        (const struct found[]){{2, MOUNT_BY_POINT}, {12, MOUNT_BY_FILE_SYSTEM},
	                {25, MOUNT_BY_BELOW}, {0}});
	check_found("//mnt/./data/", true,
	        (const struct found[]){{2, MOUNT_BY_POINT}, {12, MOUNT_BY_FILE_SYSTEM},
	                {25, MOUNT_BY_BELOW}, {0}});
	check_found("/mnt", true,
	        (const struct found[]){{2, MOUNT_BY_BELOW}, {25, MOUNT_BY_BELOW}, {0}});
	check_found("/mn", true, (const struct found[]){{0}});
	/* Not mounted here any more. */
	check_found("/gone", true,
	        (const struct found[]){{14, MOUNT_BY_POINT}, {22, MOUNT_BY_FILE_SYSTEM}, {0}});
	/* A directory here, of which another has a part. */
	check_found("/srv/web", true,
	        (const struct found[]){{6, MOUNT_BY_DIRECTORY}, {13, MOUNT_BY_DIRECTORY}, {0}});
	check_found("/srv/web/html", true, (const struct found[]){{13, MOUNT_BY_DIRECTORY}, {0}});
	/* Mounted here, but only a directory of its file system. */
	check_found("/bind", true,
	        (const struct found[]){{6, MOUNT_BY_POINT}, {13, MOUNT_BY_DIRECTORY}, {0}});
	/* The upper one of a stack leads to its file system. */
	check_found("/stack", true,
	        (const struct found[]){{4, MOUNT_BY_POINT}, {5, MOUNT_BY_POINT}, {0}});
	/* Mounted elsewhere only, and there only a directory: not all of its file system. */
	check_found("/site", true, (const struct found[]){{23, MOUNT_BY_POINT}, {0}});
	check_found("/new\nline", true, (const struct found[]){{24, MOUNT_BY_POINT}, {0}});
}

static void test_others(void **state)
{
	(void)state;
	check_found("0:11", true,
	        (const struct found[]){{14, MOUNT_BY_DEVICE}, {22, MOUNT_BY_DEVICE}, {0}});
	check_found("1:11", true, (const struct found[]){{0}});
	/* A source has devices, and these have mounts whose source is another text. */
	check_found("/dev/sda1", true,
	        (const struct found[]){{1, MOUNT_BY_SOURCE}, {6, MOUNT_BY_SOURCE},
	                {13, MOUNT_BY_SOURCE}, {25, MOUNT_BY_FILE_SYSTEM},
	                {23, MOUNT_BY_FILE_SYSTEM}, {0}});
	/* One that is no path may be the same for many. */
	check_found("scratch", true,
	        (const struct found[]){{14, MOUNT_BY_SOURCE}, {22, MOUNT_BY_SOURCE}, {0}});
	check_found("host:/home", true, (const struct found[]){{15, MOUNT_BY_SOURCE}, {0}});
	check_found("overlay", true,
	        (const struct found[]){{11, MOUNT_BY_TYPE}, {21, MOUNT_BY_TYPE}, {0}});
	check_found("fuse", true,
	        (const struct found[]){{15, MOUNT_BY_TYPE}, {24, MOUNT_BY_TYPE}, {0}});
	check_found("fuse.sshfs", true, (const struct found[]){{15, MOUNT_BY_TYPE}, {0}});
	check_found("sshfs", true, (const struct found[]){{0}});
	check_found("", true, (const struct found[]){{0}});
}

static void test_typed(void **state)
{
	(void)state;
	check_found("", false, (const struct found[]){{0}});
	check_found("SSHFS", false, (const struct found[]){{0}});
	check_found("sshfs", false, (const struct found[]){{15, MOUNT_BY_TEXT}, {0}});
	check_found("/vol", false, (const struct found[]){{12, MOUNT_BY_TEXT}, {0}});
	check_found("scrat", false,
	        (const struct found[]){{14, MOUNT_BY_TEXT}, {22, MOUNT_BY_TEXT}, {0}});
	check_found("0:1", false,
	        (const struct found[]){{1, MOUNT_BY_DEVICE}, {6, MOUNT_BY_DEVICE},
	                {13, MOUNT_BY_DEVICE}, {25, MOUNT_BY_DEVICE}, {23, MOUNT_BY_DEVICE}, {0}});
	/* As it is shown. */
	check_found("new\\x0aline", false, (const struct found[]){{24, MOUNT_BY_TEXT}, {0}});
}

static void test_likely(void **state)
{
	static const struct {
		const char *text;
		bool is_likely;
	} cases[] = {{"/", true}, {"/srv", true}, {"8:17", true}, {"0:0", true}, {"8:", false},
	        {":17", false}, {"8:17a", false}, {"8:17:1", false}, {"1234567890:1", false},
	        {"tmpfs", false}, {"", false}, {"srv/x", false}, {" 8:1", false}};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		if (mount_query_is_likely(cases[i].text) != cases[i].is_likely)
			fail_msg("%s", cases[i].text);
	}
}

static void test_hits(void **state)
{
	const struct mounts *const mounts = make_mounts();
	struct mount_query query;
	size_t n;

	(void)state;
	mount_query_run(&query, "ext4", mounts, OWN, true);
	assert_int_equal(query.n_unread, 2);
	assert_int_equal(mount_query_in(&query, OTHER, &n)->entry->id, 13);
	assert_int_equal(n, 2);
	assert_null(mount_query_in(&query, UNREAD, &n));
	assert_null(mount_query_in(&query, 1, &n));
	assert_int_equal(n, 0);
	mount_query_release(&query);
	mount_query_release(&query);
	mount_query_run(&query, "ext4", NULL, OWN, true);
	assert_null(mount_query_in(&query, OWN, &n));
	mount_query_release(&query);
	mounts_unref(mounts);
}

static void test_own(void **state)
{
	struct builder *builder = builder_new();
	struct ns *const user = fixture_user(builder, FIXTURE_INITIAL_USER, NULL, 0, "root");
	struct ns *const first = fixture_owned(builder, NS_MNT, 51, user);
	const struct model *model;
	struct process *process;

	(void)state;
	fixture_process(builder, 1, "init", first);
	model = fixture_freeze(builder, NULL);
	assert_int_equal(mount_query_own(model)->inode, 51);
	model_unref(model);

	builder = builder_new();
	struct ns *const top = fixture_user(builder, FIXTURE_INITIAL_USER, NULL, 0, "root");
	fixture_process(builder, 1, "init", fixture_owned(builder, NS_MNT, 51, top));
	process = fixture_process(builder, 9, "nsbrowse", fixture_owned(builder, NS_MNT, 52, top));
	process->is_self = true;
	model = fixture_freeze(builder, NULL);
	assert_int_equal(mount_query_own(model)->inode, 52);
	model_unref(model);

	builder = builder_new();
	fixture_user(builder, FIXTURE_INITIAL_USER, NULL, 0, "root");
	model = fixture_freeze(builder, NULL);
	assert_null(mount_query_own(model));
	model_unref(model);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_paths),
	        cmocka_unit_test(test_others),
	        cmocka_unit_test(test_typed),
	        cmocka_unit_test(test_likely),
	        cmocka_unit_test(test_hits),
	        cmocka_unit_test(test_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
