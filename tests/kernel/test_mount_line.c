/* SPDX-License-Identifier: Apache-2.0 */
/* What statmount(2) says of a mount, as a line of mountinfo. */
#include "base/attributes.h"
#include "base/text.h"
#include "kernel/privileged/mount_line.h"
#include "tests/unit.h"

#include <string.h>
#include <sys/mount.h>

/* The strings that the kernel would write behind the struct. */
struct made {
	struct mount_uapi_statmount mount;
	char strings[512];
	uint32_t len;
};

static uint32_t add(struct made *made, const char *string)
{
	const uint32_t at = made->len;

	made->len += (uint32_t)strlen(string) + 1;
	memcpy(made->strings + at, string, made->len - at);
	return at;
}

/* A mount with all that a line needs. */
static void make(struct made *ret, const char *root, const char *point, const char *type)
{
	*ret = (struct made){.mount = {
	                             .mask = MOUNT_LINE_NEEDS,
	                             .mnt_id_old = 31,
	                             .mnt_parent_id_old = 1,
	                             .sb_dev_major = 8,
	                             .sb_dev_minor = 17,
	                             .mnt_attr = 0x20, /* strictatime */
	                     }};
	add(ret, "not one of them");
	ret->mount.mnt_root = add(ret, root);
	ret->mount.mnt_point = add(ret, point);
	ret->mount.fs_type = add(ret, type);
}

static void assert_line(const struct made *made, const char *expected)
{
	_cleanup_text_ struct text line;

	text_init(&line);
	assert_true(mount_line_write(line.out, &made->mount, made->strings));
	assert_string_equal(text_get(&line), expected);
}

static void least(void **state)
{
	struct made made;

	make(&made, "/", "/", "ext4");
	assert_line(&made, "31 1 8:17 / / rw - ext4  rw\n");
	made.mount.mnt_opts = made.mount.sb_source = add(&made, "");
	made.mount.mask |= MOUNT_UAPI_MNT_OPTS | MOUNT_UAPI_SB_SOURCE;
	assert_line(&made, "31 1 8:17 / / rw - ext4  rw\n");
	(void)state;
}

static void all(void **state)
{
	struct made made;

	make(&made, "/a b#", "/x\n\ty\\", "fuse");
	made.mount.mask = MOUNT_LINE_TAKES;
	made.mount.fs_subtype = add(&made, "s sh#fs");
	made.mount.sb_source = add(&made, "host:/a b#c\\d");
	made.mount.mnt_opts = add(&made, "user_id=0,x=a\\040b");
	made.mount.mnt_attr = 0x1 | 0x2 | 0x4 | 0x8 | 0x10 | 0x80 | 0x100000 | 0x200000;
	made.mount.sb_flags = 1 << 0 | 1 << 4 | 1 << 7 | 1 << 25;
	made.mount.mnt_propagation = MS_SHARED | MS_SLAVE;
	made.mount.mnt_peer_group = 5;
	made.mount.mnt_master = 3;
	made.mount.propagate_from = 2;
	assert_line(&made, "31 1 8:17 /a\\040b# /x\\012\\011y\\134 "
	                   "ro,nosuid,nodev,noexec,noatime,nodiratime,nosymfollow,idmapped "
	                   "shared:5 master:3 propagate_from:2 - fuse.s\\040sh\\043fs "
	                   "host:/a\\040b\\043c\\134d ro,sync,dirsync,lazytime,"
	                   "user_id=0,x=a\\040b\n");
	(void)state;
}

static void propagation(void **state)
{
	struct made made;

	make(&made, "/", "/p", "tmpfs");
	made.mount.mnt_attr = 0; /* relatime */
	made.mount.mnt_propagation = MS_UNBINDABLE | MS_PRIVATE;
	assert_line(&made, "31 1 8:17 / /p rw,relatime unbindable - tmpfs  rw\n");
	/* The nearest group is its master. */
	made.mount.mnt_propagation = MS_SLAVE;
	made.mount.mnt_master = made.mount.propagate_from = 4;
	made.mount.mask |= MOUNT_UAPI_PROPAGATE_FROM;
	assert_line(&made, "31 1 8:17 / /p rw,relatime master:4 - tmpfs  rw\n");
	(void)state;
}

/* Outside of the root of its mount namespace, or an older kernel. */
static void fields_that_are_missing(void **state)
{
	static const uint64_t needed[] = {MOUNT_UAPI_SB_BASIC, MOUNT_UAPI_MNT_BASIC,
	        MOUNT_UAPI_MNT_ROOT, MOUNT_UAPI_MNT_POINT, MOUNT_UAPI_FS_TYPE};
	_cleanup_text_ struct text line;
	struct made made;

	text_init(&line);
	for (size_t i = 0; i < ARRAY_SIZE(needed); i++) {
		make(&made, "/", "/", "ext4");
		made.mount.mask &= ~needed[i];
		assert_false(mount_line_write(line.out, &made.mount, made.strings));
	}
	assert_string_equal(text_get(&line), "");
	(void)state;
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	        cmocka_unit_test(least),
	        cmocka_unit_test(all),
	        cmocka_unit_test(propagation),
	        cmocka_unit_test(fields_that_are_missing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
