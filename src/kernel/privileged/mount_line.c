/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/privileged/mount_line.h"

#include "base/memory.h"

#include <string.h>
#include <sys/mount.h>

/* MOUNT_ATTR_* and SB_*: for build machines with older headers. */
enum {
	ATTR_RDONLY = 0x1,
	ATTR_NOSUID = 0x2,
	ATTR_NODEV = 0x4,
	ATTR_NOEXEC = 0x8,
	ATTR_ATIME = 0x70, /* a number: */
	ATTR_RELATIME = 0x00,
	ATTR_NOATIME = 0x10,
	ATTR_NODIRATIME = 0x80,
	ATTR_IDMAP = 0x100000,
	ATTR_NOSYMFOLLOW = 0x200000,
	FLAG_RDONLY = 1 << 0,
	FLAG_SYNCHRONOUS = 1 << 4,
	FLAG_DIRSYNC = 1 << 7,
	FLAG_LAZYTIME = 1 << 25,
};

/* In the order of mountinfo. */
static const struct word {
	uint64_t mask, value;
	const char *word;
} ATTRIBUTES[] =
        {
                {ATTR_NOSUID, ATTR_NOSUID, ",nosuid"},
                {ATTR_NODEV, ATTR_NODEV, ",nodev"},
                {ATTR_NOEXEC, ATTR_NOEXEC, ",noexec"},
                {ATTR_ATIME, ATTR_NOATIME, ",noatime"},
                {ATTR_NODIRATIME, ATTR_NODIRATIME, ",nodiratime"},
                {ATTR_ATIME, ATTR_RELATIME, ",relatime"},
                {ATTR_NOSYMFOLLOW, ATTR_NOSYMFOLLOW, ",nosymfollow"},
                {ATTR_IDMAP, ATTR_IDMAP, ",idmapped"},
},
  FLAGS[] = {
          {FLAG_SYNCHRONOUS, FLAG_SYNCHRONOUS, ",sync"},
          {FLAG_DIRSYNC, FLAG_DIRSYNC, ",dirsync"},
          {FLAG_LAZYTIME, FLAG_LAZYTIME, ",lazytime"},
};

static void write_words(FILE *out, uint64_t value, const struct word *words, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if ((value & words[i].mask) == words[i].value)
			fputs(words[i].word, out);
	}
}

/* The characters of `special` are written as \ooo. */
static void write_escaped(FILE *out, const char *text, const char *special)
{
	for (;;) {
		const size_t n = strcspn(text, special);

		fwrite(text, 1, n, out);
		text += n;
		if (*text == '\0')
			return;
		fprintf(out, "\\%03o", (unsigned)*text++);
	}
}

static const char PATH_SPECIAL[] = " \t\n\\", WORD_SPECIAL[] = " \t\n\\#";

static void write_propagation(FILE *out, const struct mount_uapi_statmount *mount)
{
	if (mount->mnt_propagation & MS_SHARED)
		fprintf(out, " shared:%llu", (unsigned long long)mount->mnt_peer_group);
	if (mount->mnt_propagation & MS_SLAVE)
		fprintf(out, " master:%llu", (unsigned long long)mount->mnt_master);
	if ((mount->mnt_propagation & MS_SLAVE) && (mount->mask & MOUNT_UAPI_PROPAGATE_FROM) &&
	        mount->propagate_from != 0 && mount->propagate_from != mount->mnt_master)
		fprintf(out, " propagate_from:%llu", (unsigned long long)mount->propagate_from);
	if (mount->mnt_propagation & MS_UNBINDABLE)
		fputs(" unbindable", out);
}

/* The type, the source, and the options of the file system. Its own options are escaped by the
 * kernel. */
static void write_file_system(
        FILE *out, const struct mount_uapi_statmount *mount, const char *strings)
{
	fputs(" - ", out);
	write_escaped(out, strings + mount->fs_type, WORD_SPECIAL);
	if (mount->mask & MOUNT_UAPI_FS_SUBTYPE) {
		putc_unlocked('.', out);
		write_escaped(out, strings + mount->fs_subtype, WORD_SPECIAL);
	}
	putc_unlocked(' ', out);
	if (mount->mask & MOUNT_UAPI_SB_SOURCE)
		write_escaped(out, strings + mount->sb_source, WORD_SPECIAL);
	fputs(mount->sb_flags & FLAG_RDONLY ? " ro" : " rw", out);
	write_words(out, mount->sb_flags, FLAGS, ARRAY_SIZE(FLAGS));
	if ((mount->mask & MOUNT_UAPI_MNT_OPTS) && strings[mount->mnt_opts] != '\0') {
		putc_unlocked(',', out);
		write_escaped(out, strings + mount->mnt_opts, " \t\n");
	}
	putc_unlocked('\n', out);
}

bool mount_line_write(FILE *out, const struct mount_uapi_statmount *mount, const char *strings)
{
	if ((mount->mask & MOUNT_LINE_NEEDS) != MOUNT_LINE_NEEDS)
		return false;
	fprintf(out, "%u %u %u:%u ", mount->mnt_id_old, mount->mnt_parent_id_old,
	        mount->sb_dev_major, mount->sb_dev_minor);
	write_escaped(out, strings + mount->mnt_root, PATH_SPECIAL);
	putc_unlocked(' ', out);
	write_escaped(out, strings + mount->mnt_point, PATH_SPECIAL);
	fputs(mount->mnt_attr & ATTR_RDONLY ? " ro" : " rw", out);
	write_words(out, mount->mnt_attr, ATTRIBUTES, ARRAY_SIZE(ATTRIBUTES));
	write_propagation(out, mount);
	write_file_system(out, mount, strings);
	return true;
}
