/* SPDX-License-Identifier: Apache-2.0 */
/* Namespaces that only a mount of nsfs holds, or a descriptor that was opened by such a mount. */
#include "base/memory.h"
#include "nsrel/nsrel.h"
#include "tests/scenes/scene.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { TWICE = 2 }; /* mounts of each type */

/* Two of each type, in the caller's mount namespace. */
static int mount_all(struct stage *stage, const char *where)
{
	char name[64];
	int r = 0;

	for (int i = 0; i < TWICE * (int)ARRAY_SIZE(stage_types) && r == 0; i++) {
		const int type = stage_types[i / TWICE];

		snprintf(name, sizeof(name), "%s-%s-%d", where, nsrel_type_name(type), i % TWICE);
		r = stage_mount(stage, type, name);
	}
	return r;
}

static int build_here(struct stage *stage)
{
	return mount_all(stage, "here");
}

static int mount_there(struct stage *stage, void *arg)
{
	return mount_all(stage, arg);
}

static int build_there(struct stage *stage)
{
	char where[] = "there";
	const struct actor actor = {.flags = CLONE_NEWNS, .setup = mount_there, .arg = where};

	return stage_tell(stage, stage_start(stage, &actor), CLONE_NEWNS);
}

/* --- orphan: the mount namespace itself has only a descriptor --------------------------------- */

/* Descriptors of the one process: on the mount namespace, and on the first mount in there,
 * opened by its mount point. */
struct orphan {
	int mnt;
	int mounted;
};

static int open_inside(const struct stage *stage, pid_t pid)
{
	_cleanup_free_ char *path = memory_printf("/proc/%d/root%s/orphan-%s-0", (int)pid,
	        stage->dir, nsrel_type_name(stage_types[0]));
	const int fd = open(path, O_RDONLY | O_CLOEXEC);

	return fd < 0 ? stage_fail(path, errno) : fd;
}

static int keep_orphan(struct stage *stage, void *arg)
{
	struct orphan *const orphan = arg;
	char where[] = "orphan";
	const struct actor maker = {.flags = CLONE_NEWNS, .setup = mount_there, .arg = where};
	const pid_t pid = stage_start(stage, &maker);

	if (pid < 0)
		return pid;
	orphan->mnt = stage_open(pid, "mnt");
	orphan->mounted = open_inside(stage, pid);
	stage_end(pid);
	return orphan->mnt < 0 ? orphan->mnt : orphan->mounted < 0 ? orphan->mounted : 0;
}

static int build_orphan(struct stage *stage)
{
	struct orphan *const orphan = stage_shared(sizeof(*orphan));
	const struct actor actor = {.setup = keep_orphan, .arg = orphan};
	const pid_t pid = stage_start(stage, &actor);
	const int r = pid < 0 ? pid : truth_fd(stage->truth, pid, orphan->mnt);

	return r < 0 ? r : truth_fd(stage->truth, pid, orphan->mounted);
}

/* --- detached: opened in a mount tree that is in no mount namespace ----------------------------
 */

/* Descriptors of one process, one of each type, each opened in a tree of its own. The trees stay
 * open, except the first: when a tree is closed, each mount in it is alone, with the path "/". */
struct detached {
	int fds[ARRAY_SIZE(stage_types)];
};

/* A copy of the mount of `dir` and of what is mounted below it, in no mount namespace. */
static int clone_tree(const char *dir)
{
	enum { OPEN_TREE = 428, CLONE_IT = 1, RECURSIVE = 0x8000 };
	const long tree =
	        syscall(OPEN_TREE, AT_FDCWD, dir, (unsigned)(CLONE_IT | RECURSIVE | O_CLOEXEC));

	return tree < 0 ? stage_fail("open_tree", errno) : (int)tree;
}

/* Returns a descriptor of a new namespace that was opened in the tree *ret_tree. The mount point
 * stays a file: unlink(2) would unmount what is mounted on it, in the tree too. */
static int open_detached(struct stage *stage, int type, int *ret_tree)
{
	char name[32], path[64];

	snprintf(name, sizeof(name), "detached %s", nsrel_type_name(type));
	int fd = stage_file(stage, name, path, sizeof(path));
	_cleanup_close_ int ns = fd < 0 ? fd : stage_new_mounted(stage, type, path);
	if (ns < 0)
		return ns;
	*ret_tree = clone_tree(stage->dir);
	if (*ret_tree < 0)
		return *ret_tree;
	fd = openat(*ret_tree, name, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || umount2(path, MNT_DETACH) < 0)
		return stage_fail(path, errno);
	return fd;
}

static int keep_detached(struct stage *stage, void *arg)
{
	struct detached *const detached = arg;

	for (size_t i = 0; i < ARRAY_SIZE(stage_types); i++) {
		int tree = -1;

		detached->fds[i] = open_detached(stage, stage_types[i], &tree);
		if (detached->fds[i] < 0)
			return detached->fds[i];
		if (i == 0)
			close(tree);
	}
	return 0;
}

static int build_detached(struct stage *stage)
{
	struct detached *const detached = stage_shared(sizeof(*detached));
	const struct actor actor = {.setup = keep_detached, .arg = detached};
	const pid_t pid = stage_start(stage, &actor);
	int r = pid < 0 ? pid : 0;

	for (size_t i = 0; i < ARRAY_SIZE(stage_types) && r == 0; i++)
		r = truth_fd(stage->truth, pid, detached->fds[i]);
	return r;
}

/* --- names ------------------------------------------------------------------------------------ */

#define TWENTY "aaaaabbbbbcccccddddd"

static int build_names(struct stage *stage)
{
	static const char *const names[] = {
	        "new\nline",
	        "tab\tstop",
	        "a blank",
	        " blanks ",
	        "back\\slash",
	        "back\\040slash",
	        "\\",
	        "escape\033[31m",
	        "bell\a",
	        "delete\177",
	        "latin1 \xe4\xf6\xfc",
	        "cut \xe2\x82",
	        "surrogate \xed\xa0\x80",
	        "c1 \xc2\x9b",
	        "bidi \xe2\x80\xae",
	        "wide \xe6\xbc\xa2",
	        "e\xcc\x81",
	        "quote\"",
	        "#hash",
	        "x - nsfs nsfs rw",
	        "net:[1]",
	        "-rf",
	        TWENTY TWENTY TWENTY TWENTY TWENTY TWENTY TWENTY TWENTY TWENTY TWENTY,
	};
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(names) && r == 0; i++)
		r = stage_mount(stage, stage_types[i % ARRAY_SIZE(stage_types)], names[i]);
	return r;
}

/* --- overmount: something else stands where the namespace is mounted -------------------------- */

/* On itself, one on the other: both under one name. */
static int cover_with_ns(struct stage *stage, const char *path)
{
	_cleanup_close_ int ns = stage_new(stage, CLONE_NEWUTS, 0);

	return ns < 0 ? ns : stage_bind(stage, ns, path, path);
}

static int cover_with_fifo(struct stage *stage, const char *path)
{
	char fifo[64];

	snprintf(fifo, sizeof(fifo), "%s/fifo", stage->dir);
	if (mkfifo(fifo, 0600) < 0 && errno != EEXIST)
		return stage_fail(fifo, errno);
	return mount(fifo, path, NULL, MS_BIND, NULL) < 0 ? stage_fail("mount of a FIFO", errno)
	                                                  : 0;
}

static int cover_with_tmpfs(struct stage *stage, const char *path)
{
	(void)stage;
	return mount("cover", path, "tmpfs", 0, "size=64k") < 0 ? stage_fail("tmpfs", errno) : 0;
}

static int build_overmount_in(struct stage *stage, const char *where)
{
	static const struct {
		const char *name;
		const char
		        *covered; /* a name in the world's directory: it, or the folder it is in */
		int (*cover)(struct stage *, const char *);
	} covers[] = {
	        {"stacked", "stacked", cover_with_ns},
	        {"fifo", "fifo", cover_with_fifo},
	        {"folder/inside", "folder", cover_with_tmpfs},
	        {"deep/er/inside", "deep", cover_with_tmpfs},
	};
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(covers) && r == 0; i++) {
		char name[64], path[128];

		snprintf(name, sizeof(name), "%s/%s", where, covers[i].name);
		snprintf(path, sizeof(path), "%s/%s/%s", stage->dir, where, covers[i].covered);
		r = stage_mount(stage, CLONE_NEWNET, name);
		if (r == 0)
			r = covers[i].cover(stage, path);
	}
	return r;
}

static int overmount_there(struct stage *stage, void *arg)
{
	return build_overmount_in(stage, arg);
}

static int build_overmount(struct stage *stage)
{
	static const char *const folders[] = {"here", "here/folder", "here/deep", "here/deep/er",
	        "there", "there/folder", "there/deep", "there/deep/er"};
	char there[] = "there", path[128];
	const struct actor actor = {.flags = CLONE_NEWNS, .setup = overmount_there, .arg = there};

	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		snprintf(path, sizeof(path), "%s/%s", stage->dir, folders[i]);
		if (mkdir(path, 0700) < 0)
			return stage_fail(path, errno);
	}
	const int r = stage_tell(stage, stage_start(stage, &actor), CLONE_NEWNS);
	return r < 0 ? r : build_overmount_in(stage, "here");
}

const struct scene scenes_mounts[] = {
        {"mount-here", "16 mounts in the mount namespace of the world", build_here, NULL, NULL},
        {"mount-there", "16 mounts in another mount namespace", build_there, NULL, NULL},
        {"mount-orphan", "16 mounts in a mount namespace that only a descriptor holds",
                build_orphan, NULL, NULL},
        {"mount-names", "mount points with hostile names", build_names, NULL, NULL},
        {"detached", "files opened in mount trees that are in no mount namespace", build_detached,
                NULL, NULL},
        {"overmount", "mounts covered by others, here and there", build_overmount, NULL, NULL},
        {0},
};
