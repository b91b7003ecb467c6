/* SPDX-License-Identifier: Apache-2.0 */
/* A file server that does not answer, and processes that depend on it. */
#include "tests/scenes/hung.h"
#include "tests/scenes/scene.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>

static int bind_new(struct stage *stage, int type, const char *path, const char *shown)
{
	_cleanup_close_ int ns = stage_new(stage, type, 0);

	return ns < 0 ? ns : stage_bind(stage, ns, path, shown);
}

/* The only process of its mount namespace, its root is the file server's; below that a namespace
 * is mounted. */
static int live_there(struct stage *stage, void *arg)
{
	char path[64];

	(void)arg;
	snprintf(path, sizeof(path), "%s/hung/ns1", stage->dir);
	const int r = bind_new(stage, CLONE_NEWNET, path, "/ns1");
	if (r < 0)
		return r;
	snprintf(path, sizeof(path), "%s/hung", stage->dir);
	return chroot(path) < 0 || chdir("/") < 0 ? stage_fail(path, errno) : 0;
}

static int work_there(struct stage *stage, void *arg)
{
	char path[64];

	(void)arg;
	snprintf(path, sizeof(path), "%s/hung/dir", stage->dir);
	return chdir(path) < 0 ? stage_fail(path, errno) : 0;
}

struct reader {
	int file, ns;
};

static int read_there(struct stage *stage, void *arg)
{
	struct reader *const reader = arg;
	char path[64];

	snprintf(path, sizeof(path), "%s/hung/file", stage->dir);
	reader->file = open(path, O_RDONLY | O_CLOEXEC);
	if (reader->file < 0)
		return stage_fail(path, errno);
	reader->ns = stage_new(stage, CLONE_NEWUTS, 0);
	return reader->ns < 0 ? reader->ns : 0;
}

/* Asks, and never hears: what a scan must not become. */
static void ask(struct stage *stage, void *arg)
{
	struct stat st;
	char path[64];

	(void)arg;
	snprintf(path, sizeof(path), "%s/hung/file", stage->dir);
	if (stat(path, &st) == 0)
		fprintf(stderr, "scene: the silent file server has answered\n");
}

static int tell_all(struct stage *stage, struct hung *hung)
{
	struct reader *const reader = stage_shared(sizeof(*reader));
	const struct actor lives = {.flags = CLONE_NEWNS | CLONE_NEWNET, .setup = live_there};
	const struct actor works = {.flags = CLONE_NEWIPC, .setup = work_there};
	const struct actor reads = {.setup = read_there, .arg = reader};
	const struct actor asks = {.flags = CLONE_NEWCGROUP, .then = ask};
	char path[64];

	snprintf(path, sizeof(path), "%s/hung/ns2", stage->dir);
	int r = stage_tell(stage, stage_start(stage, &lives), lives.flags);
	if (r == 0) /* not before: the mount namespace is a copy of ours */
		r = bind_new(stage, CLONE_NEWPID, path, path);
	if (r == 0)
		r = stage_tell(stage, stage_start(stage, &works), works.flags);
	if (r < 0)
		return r;
	const pid_t pid = stage_start(stage, &reads);
	r = pid < 0 ? pid : truth_fd(stage->truth, pid, reader->ns);
	if (r < 0)
		return r;
	hung_be_silent(hung);
	return stage_tell(stage, stage_start(stage, &asks), asks.flags);
}

static int build_fuse(struct stage *stage)
{
	struct hung *hung;
	const int r = hung_start(stage, "hung", &hung);

	return r < 0 ? r : tell_all(stage, hung);
}

/* As in a container whose lxcfs(1) hangs: what nsbrowse has read, or a library of it, at the top of
 * /proc. */
static int replace_files(const struct stage *stage)
{
	static const char *const files[] = {"/proc/stat", "/proc/sys/kernel/random/boot_id",
	        "/proc/sys/kernel/cap_last_cap", "/proc/uptime"};
	char path[64];

	snprintf(path, sizeof(path), "%s/hung/file", stage->dir);
	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		if (mount(path, files[i], NULL, MS_BIND, NULL) < 0)
			return stage_fail(files[i], errno);
	return 0;
}

static int build_replaced(struct stage *stage, void quieten(struct hung *hung))
{
	struct hung *hung;
	int r = hung_start(stage, "hung", &hung);

	if (r == 0)
		r = replace_files(stage);
	if (r == 0)
		quieten(hung);
	return r;
}

static int build_lxcfs(struct stage *stage)
{
	return build_replaced(stage, hung_be_silent);
}

static int build_lxcfs_stopped(struct stage *stage)
{
	return build_replaced(stage, hung_stop);
}

const struct scene scenes_fuse[] = {
        {"lxcfs", "a silent file server has files at the top of /proc", build_lxcfs, NULL, NULL},
        {"lxcfs-stopped", "its process is stopped", build_lxcfs_stopped, NULL, NULL},
        {"fuse", "a silent file server as root, as directory, below a mount", build_fuse, NULL,
                NULL},
        {0},
};
