/* SPDX-License-Identifier: Apache-2.0 */
/* All that a kernel may show, new or old, in one world: what this one lacks is said. */
#include "tests/scenes/scene.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>

/* --- pins: PID namespaces that only a mount of proc keeps ------------------------------------- */

enum { N_PINS = 2 };

/* In the world's mount namespace, by the init of the PID namespace, which ends then. */
static int mount_proc(struct stage *stage, void *arg)
{
	(void)stage;
	return mount("pin", arg, "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0
	               ? stage_fail("mount of proc", errno)
	               : 0;
}

static int pin_one(struct stage *stage, int n)
{
	char path[64];
	const struct actor init = {.flags = CLONE_NEWPID, .setup = mount_proc, .arg = path};

	snprintf(path, sizeof(path), "%s/proc-%d", stage->dir, n);
	if (mkdir(path, 0755) < 0)
		return stage_fail(path, errno);
	const pid_t pid = stage_start(stage, &init);
	if (pid < 0)
		return pid;
	_cleanup_close_ int ns = stage_open(pid, "pid");
	stage_end(pid);
	return ns < 0 ? ns : truth_pin(stage->truth, ns, path);
}

static int build_pins(struct stage *stage)
{
	int r = 0;

	for (int i = 0; i < N_PINS && r == 0; i++)
		r = pin_one(stage, i);
	return r;
}

/* --- born: mount namespaces that were made without a process ---------------------------------- */

/* Both return a descriptor of the mount namespace. An older kernel does not know the flag. */
static int copy_root(void)
{
	enum { NAMESPACE = 2 };

	return (int)syscall(SYS_open_tree, AT_FDCWD, "/", (unsigned)(NAMESPACE | O_CLOEXEC));
}

static int mount_tmpfs(void)
{
	enum { CLOEXEC = 1, NAMESPACE = 2, CREATE = 6 };
	_cleanup_close_ int context = (int)syscall(SYS_fsopen, "tmpfs", (unsigned)CLOEXEC);

	if (context < 0 || syscall(SYS_fsconfig, context, (unsigned)CREATE, NULL, NULL, 0) < 0)
		return -1;
	return (int)syscall(SYS_fsmount, context, (unsigned)(CLOEXEC | NAMESPACE), 0U);
}

static const struct birth {
	const char *call;
	int (*make)(void);
} births[] = {{"open_tree", copy_root}, {"fsmount", mount_tmpfs}};

static int tell_born(struct stage *stage, int ns, const char *call)
{
	struct truth_ns found;
	const int r = truth_read(ns, &found);

	return r < 0 ? r
	             : truth_line(stage->truth, "born\t%s\tmnt\t%llu", call,
	                       (unsigned long long)found.inode);
}

/* One that a descriptor keeps, and one that a message does. */
static int keep_two(struct stage *stage, const struct birth *birth, const int pair[static 2])
{
	int kept = birth->make();

	if (kept < 0 && (errno == EINVAL || errno == ENOSYS))
		return truth_line(stage->truth, "lacks\t%s", birth->call);
	_cleanup_close_ int sent = kept < 0 ? -EBADF : birth->make();
	if (sent < 0)
		return stage_fail(birth->call, errno);
	int r = tell_born(stage, kept, birth->call);
	if (r == 0)
		r = tell_born(stage, sent, birth->call);
	if (r == 0)
		r = truth_fd(stage->truth, stage_self(), kept);
	return r < 0 ? r : stage_send(stage, pair, sent);
}

static int make_born(struct stage *stage, void *arg)
{
	int pair[2], r = stage_socketpair(pair);

	(void)arg;
	for (size_t i = 0; i < ARRAY_SIZE(births) && r == 0; i++)
		r = keep_two(stage, &births[i], pair);
	return r;
}

static int build_born(struct stage *stage)
{
	const struct actor actor = {.setup = make_born};
	const pid_t pid = stage_start(stage, &actor);

	return pid < 0 ? pid : 0;
}

/* --- ladder: these and others together -------------------------------------------------------- */

static int build_ladder(struct stage *stage)
{
	/* Last what is mounted in the world: it would be copied into new mount namespaces. */
	static const char *const parts[] = {"sets", "hidden", "owner-only", "dead-init", "fd",
	        "fd-thread", "socket", "scm", "threads", "for-children", "born", "mount-there",
	        "mount-orphan", "mount-here", "pins"};
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(parts) && r == 0; i++)
		r = scene_find(parts[i])->build(stage);
	return r;
}

const struct scene scenes_ladder[] = {
        {"pins", "PID namespaces that only a mount of proc keeps", build_pins, NULL, NULL},
        {"born", "mount namespaces made without a process (Linux 7.0 and 7.1)", build_born, NULL,
                NULL},
        {"ladder", "all that a kernel may show, new or old", build_ladder, NULL, NULL},
        {0},
};
