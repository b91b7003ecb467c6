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

/* --- below an overlay ------------------------------------------------------------------------- */

/* An overlay over the file server, and a directory of its own. Its type is that of the root
 * directories of containers, which says nothing of the server. */
static int mount_overlay(const struct stage *stage, char *ret_path, size_t size)
{
	char other[64], options[160];

	snprintf(other, sizeof(other), "%s/other", stage->dir);
	snprintf(ret_path, size, "%s/overlay", stage->dir);
	if (mkdir(other, 0755) < 0 || mkdir(ret_path, 0755) < 0)
		return stage_fail(ret_path, errno);
	snprintf(options, sizeof(options), "lowerdir=%s/hung:%s", stage->dir, other);
	return mount("overlay", ret_path, "overlay", 0, options) < 0
	               ? stage_fail("mount of an overlay", errno)
	               : 0;
}

static int mount_upon(struct stage *stage, void *arg)
{
	return bind_new(stage, CLONE_NEWUTS, arg, arg);
}

/* `n` mount namespaces, each with a namespace that only a mount upon the overlay keeps. */
static int build_overlays(struct stage *stage, int n, void quieten(struct hung *hung))
{
	char path[64], point[80];
	struct hung *hung;
	int r = hung_start(stage, "hung", &hung);

	if (r == 0)
		r = mount_overlay(stage, path, sizeof(path));
	snprintf(point, sizeof(point), "%s/file", path);
	for (int i = 0; i < n && r == 0; i++) {
		const struct actor actor = {
		        .flags = CLONE_NEWNS, .setup = mount_upon, .arg = point};

		r = stage_tell(stage, stage_start(stage, &actor), actor.flags);
	}
	if (r == 0 && quieten)
		quieten(hung);
	return r;
}

static int build_overlay_quiet(struct stage *stage)
{
	return build_overlays(stage, 1, NULL);
}

static int build_overlay1(struct stage *stage)
{
	return build_overlays(stage, 1, hung_be_silent);
}

static int build_overlay3(struct stage *stage)
{
	return build_overlays(stage, 3, hung_be_silent);
}

static int build_overlay3_stopped(struct stage *stage)
{
	return build_overlays(stage, 3, hung_stop);
}

static int build_overlay40(struct stage *stage)
{
	return build_overlays(stage, 40, hung_be_silent);
}

const struct scene scenes_fuse[] = {
        {"lxcfs", "a silent file server has files at the top of /proc", build_lxcfs, NULL, NULL},
        {"lxcfs-stopped", "its process is stopped", build_lxcfs_stopped, NULL, NULL},
        {"overlay-quiet", "a namespace mounted upon an overlay over a file server",
                build_overlay_quiet, NULL, NULL},
        {"overlay1", "the file server does not answer", build_overlay1, NULL, NULL},
        {"overlay3", "in three mount namespaces", build_overlay3, NULL, NULL},
        {"overlay3-stopped", "its process is stopped", build_overlay3_stopped, NULL, NULL},
        {"overlay40", "in 40 mount namespaces", build_overlay40, NULL, NULL},
        {"fuse", "a silent file server as root, as directory, below a mount", build_fuse, NULL,
                NULL},
        {0},
};
