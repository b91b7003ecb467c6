/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/view/mount_fixture.h"

#include "tests/view/fixture.h"

#include <errno.h>
#include <string.h>

static const char *intern(struct mounts_builder *builder, const char *text)
{
	return text ? mounts_builder_intern(builder, text, strlen(text)) : NULL;
}

void mount_fixture_add(struct mounts_builder *builder, const struct mount_entry *entry)
{
	struct mount_entry added = *entry;

	added.root = intern(builder, entry->root);
	added.point = intern(builder, entry->point);
	added.type = intern(builder, entry->type);
	added.source = intern(builder, entry->source);
	added.options = intern(builder, entry->options);
	added.fs_options = intern(builder, entry->fs_options);
	mounts_builder_add(builder, &added);
}

/* id, parent, device, directory, mount point, type, source, options, options of the file system */
#define ENTRY(i, p, ma, mi, r, mp, t, s, o, f)                                                     \
	.id = (i), .parent_id = (p), .major = (ma), .minor = (mi), .root = (r), .point = (mp),     \
	.type = (t), .source = (s), .options = (o), .fs_options = (f)

/* The second mount at /mnt covers the first one. */
static const struct mount_entry of_host[] = {
        {ENTRY(22, 1, 8, 1, "/", "/", "ext4", "/dev/sda1", "rw,relatime", "rw"), .shared = 1},
        {ENTRY(23, 22, 0, 22, "/", "/proc", "proc", "proc", "rw,nosuid", "rw"), .shared = 2},
        {ENTRY(24, 22, 8, 17, "/", "/srv", "xfs", "/dev/sdb1", "rw", "rw,noquota"), .shared = 3},
        {ENTRY(25, 24, 8, 17, "/www", "/srv/with blank", "xfs", "/dev/sdb1", "ro", "rw,noquota"),
                .shared = 4},
        {ENTRY(26, 22, 0, 40, "/", "/mnt", "tmpfs", "tmpfs", "rw", "rw,size=64k"),
                .is_unbindable = true, .is_covered = true},
        {ENTRY(27, 26, 0, 41, "/", "/mnt", "tmpfs", "tmpfs", "rw", "rw,size=64k")},
};

static const struct mount_entry of_slave[] = {
        {ENTRY(41, 40, 8, 1, "/", "/", "ext4", "/dev/sda1", "rw,relatime", "rw"), .master = 1},
        {ENTRY(42, 41, 0, 52, "/", "/proc", "proc", "proc", "rw,nosuid", "rw"), .shared = 9,
                .master = 2},
        {ENTRY(43, 41, 8, 17, "/", "/srv", "xfs", "/dev/sdb1", "rw", "rw,noquota"), .master = 3,
                .propagate_from = 1},
        {ENTRY(44, 41, 0, 60, "/", "/new\nline", "fuse.sshfs", "db7:/\"x\"", "rw", "ro,user_id=0")},
};

static const struct mount_entry of_private[] = {
        {ENTRY(61, 60, 0, 70, "/", "/", "overlay", "overlay", "rw", "rw,lowerdir=/a:/b")},
        {ENTRY(62, 61, 0, 71, "/", "/data", "tmpfs", NULL, "rw", "rw")},
        {ENTRY(63, 61, 0, 22, "/sys", "/proc/sys", "proc", "", "ro", "rw")},
};

static void add_table(struct mounts_builder *builder, uint64_t mnt,
        const struct mount_entry *entries, size_t n, bool is_at_least)
{
	for (size_t i = 0; i < n; i++)
		mount_fixture_add(builder, &entries[i]);
	mounts_builder_end(builder, mnt, 0, is_at_least);
}

static const struct mounts *make_mounts(void)
{
	struct mounts_builder *const builder = mounts_builder_new();

	add_table(builder, MOUNT_FIXTURE_HOST, of_host, ARRAY_SIZE(of_host), false);
	add_table(builder, MOUNT_FIXTURE_SLAVE, of_slave, ARRAY_SIZE(of_slave), false);
	add_table(builder, MOUNT_FIXTURE_PRIVATE, of_private, ARRAY_SIZE(of_private), true);
	mounts_builder_end(builder, MOUNT_FIXTURE_UNREAD, EACCES, false);
	return mounts_builder_finish(builder);
}

const struct model *mount_fixture(void)
{
	struct builder *const b = builder_new();
	struct ns *const user = fixture_user(b, FIXTURE_INITIAL_USER, NULL, 0, "root");
	struct ns *const host = fixture_owned(b, NS_MNT, MOUNT_FIXTURE_HOST, user);
	struct ns *const slave = fixture_owned(b, NS_MNT, MOUNT_FIXTURE_SLAVE, user);
	struct ns *const alone = fixture_owned(b, NS_MNT, MOUNT_FIXTURE_PRIVATE, user);
	struct ns *const unread = fixture_owned(b, NS_MNT, MOUNT_FIXTURE_UNREAD, user);

	fixture_process(b, 1, "init", host)->ns[NS_USER] = user;
	fixture_process(b, 300, "bash", slave)->ns[NS_USER] = user;
	fixture_process(b, 400, "nginx", alone)->ns[NS_USER] = user;
	fixture_process(b, 500, "sh", unread)->ns[NS_USER] = user;
	const struct model *const model = fixture_freeze(b, NULL);
	builder_set_mounts(model, make_mounts());
	return model;
}
