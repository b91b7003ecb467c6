/* SPDX-License-Identifier: Apache-2.0 */
/* What looks like a namespace and is none. */
#include "nsrel/nsrel.h"
#include "tests/scenes/scene.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

struct look {
	int ns;
};

/* Each leaves a descriptor open, in the current directory; a negative one is a failure. */

static int look_file(const char *name)
{
	return open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
}

static int look_folder(const char *name)
{
	return mkdir(name, 0700) < 0 ? -1 : open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static int look_link(const char *name)
{
	return symlink(name, name) < 0 ? -1 : open(name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
}

static int look_deleted(const char *name)
{
	const int fd = look_file(name);

	return fd < 0 || unlink(name) < 0 ? -1 : fd;
}

static int look_memfd(const char *name)
{
	return memfd_create(name, MFD_CLOEXEC);
}

static int look_socket(const char *name)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", name);
	return fd < 0 || bind(fd, (const struct sockaddr *)&address, sizeof(address)) < 0 ? -1 : fd;
}

/* It has no writer: open(2) waits. */
static int look_fifo(const char *name)
{
	return mkfifo(name, 0600) < 0 ? -1 : open(name, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
}

/* In the root of a file system that is mounted nowhere any more: no folder before the name. */
static int look_detached(const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "mountpoint/%s", name);
	if (mkdir("mountpoint", 0700) < 0 ||
	        mount("look", "mountpoint", "tmpfs", 0, "size=64k") < 0)
		return -1;
	const int fd = look_file(path);
	return fd < 0 || umount2("mountpoint", MNT_DETACH) < 0 ? -1 : fd;
}

/* The root field of mountinfo then has the name, and so has the mount point. */
static int look_mount(const char *name)
{
	const int fd = look_file(name);

	return fd < 0 || mount(name, name, NULL, MS_BIND, NULL) < 0 ? -1 : fd;
}

/* A file system whose source, not its type, is called nsfs. */
static int look_source(const char *name)
{
	if (mkdir(name, 0700) < 0 || mount("nsfs", name, "tmpfs", 0, "size=64k") < 0)
		return -1;
	return open(name, O_PATH | O_CLOEXEC);
}

static const struct {
	int (*look)(const char *name);
	const char *type;
	unsigned number;
	const char *before;
} looks[] = {
        {look_file, "net", 1, ""},
        {look_folder, "user", 2, ""},
        {look_link, "uts", 3, ""},
        {look_deleted, "ipc", 4, ""},
        {look_memfd, "pid", 5, ""},
        {look_socket, "mnt", 6, ""},
        {look_fifo, "cgroup", 7, ""},
        {look_detached, "time", 8, ""},
        {look_mount, "net", 9, ""},
        {look_source, "net", 10, ""},
        {look_file, "net", 11, "x\n"},
        {look_deleted, "net", 12, "net:[13] "},
};

static int look_all(const char *dir)
{
	char name[64];

	if (chdir(dir) < 0)
		return stage_fail(dir, errno);
	for (size_t i = 0; i < ARRAY_SIZE(looks); i++) {
		snprintf(name, sizeof(name), "%s%s:[%u]", looks[i].before, looks[i].type,
		        looks[i].number);
		if (looks[i].look(name) < 0)
			return stage_fail(name, errno);
	}
	return prctl(PR_SET_NAME, "net:[14]") < 0 ? stage_fail("name", errno) : 0;
}

/* A real one, and a file with its very name: one descriptor holds it, not two. */
static int look_like_ours(struct stage *stage, struct look *look)
{
	struct truth_ns ns;
	char name[64];

	look->ns = stage_new(stage, CLONE_NEWNET, 0);
	int r = look->ns < 0 ? look->ns : truth_read(look->ns, &ns);
	if (r < 0)
		return r;
	snprintf(name, sizeof(name), "net:[%llu]", (unsigned long long)ns.inode);
	return look_file(name) < 0 || look_memfd(name) < 0 ? stage_fail(name, errno) : 0;
}

static int look_here(struct stage *stage, void *arg)
{
	char dir[64];

	snprintf(dir, sizeof(dir), "%s/look", stage->dir);
	if (mkdir(dir, 0700) < 0)
		return stage_fail(dir, errno);
	const int r = look_all(dir);
	return r < 0 ? r : look_like_ours(stage, arg);
}

/* The same with a root of its own, in a mount namespace of its own. */
static int look_there(struct stage *stage, void *arg)
{
	char dir[64];

	(void)arg;
	snprintf(dir, sizeof(dir), "%s/root", stage->dir);
	if (mkdir(dir, 0700) < 0 || mount("root", dir, "tmpfs", 0, "size=64k") < 0 ||
	        chroot(dir) < 0)
		return stage_fail(dir, errno);
	return look_all("/");
}

static int build_lookalikes(struct stage *stage)
{
	struct look *const look = stage_shared(sizeof(*look));
	const struct actor here = {.setup = look_here, .arg = look};
	const struct actor there = {.flags = CLONE_NEWNS, .setup = look_there};
	const pid_t pid = stage_start(stage, &here);

	int r = pid < 0 ? pid : truth_fd(stage->truth, pid, look->ns);
	if (r == 0)
		r = stage_tell(stage, stage_start(stage, &there), CLONE_NEWNS);
	for (size_t i = 0; i < ARRAY_SIZE(looks) && r == 0; i++)
		r = truth_line(stage->truth, "absent\t%s\t%u", looks[i].type, looks[i].number);
	for (unsigned number = 13; number <= 14 && r == 0; number++)
		r = truth_line(stage->truth, "absent\tnet\t%u", number);
	return r;
}

const struct scene scenes_hostile[] = {
        {"lookalikes", "files, mounts and names that read like namespaces", build_lookalikes, NULL,
                NULL},
        {0},
};
