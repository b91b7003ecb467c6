/* SPDX-License-Identifier: Apache-2.0 */
/* Namespaces whose processes are dead. */
#include "nsrel/nsrel.h"
#include "tests/scenes/scene.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>

/* --- dead-init: PID namespaces that no process can enter any more, one in another ------------- */

struct dead_init {
	pid_t inner;
	int fds[2];
};

static int go_inside(struct stage *stage, void *arg)
{
	struct dead_init *const dead = arg;

	(void)stage;
	dead->inner = stage_self();
	return dead->inner < 0 ? dead->inner : 0;
}

static int nest(struct stage *stage, void *arg)
{
	const struct actor inner = {.flags = CLONE_NEWPID, .setup = go_inside, .arg = arg};
	const pid_t pid = stage_start(stage, &inner);

	return pid < 0 ? pid : 0;
}

static int keep_dead(struct stage *stage, void *arg)
{
	struct dead_init *const dead = arg;
	const struct actor outer = {.flags = CLONE_NEWPID, .setup = nest, .arg = dead};
	const pid_t pid = stage_start(stage, &outer);

	if (pid < 0)
		return pid;
	dead->fds[0] = stage_open(dead->inner, "pid");
	stage_end(pid);
	if (dead->fds[0] < 0)
		return dead->fds[0];
	dead->fds[1] = stage_new(stage, CLONE_NEWPID, CLONE_NEWUSER);
	return dead->fds[1] < 0 ? dead->fds[1] : 0;
}

static int build_dead_init(struct stage *stage)
{
	struct dead_init *const dead = stage_shared(sizeof(*dead));
	const struct actor actor = {.setup = keep_dead, .arg = dead};
	const pid_t pid = stage_start(stage, &actor);
	int r = pid < 0 ? pid : 0;

	for (size_t i = 0; i < ARRAY_SIZE(dead->fds) && r == 0; i++)
		r = truth_fd(stage->truth, pid, dead->fds[i]);
	return r;
}

/* --- zombie
 * --------------------------------------------------------------------------------------- */

struct zombies {
	pid_t alone;   /* with namespaces of its own */
	pid_t mother;  /* of the two below */
	pid_t copying; /* the first has a copy of her descriptors, */
	pid_t sharing; /* the second had the same table */
	int copied, shared;
};

static int have_children(struct stage *stage, void *arg)
{
	struct zombies *const z = arg;
	const struct actor child = {0};

	z->copied = stage_new(stage, CLONE_NEWNET, 0);
	if (z->copied < 0)
		return z->copied;
	z->copying = stage_start(stage, &child);
	close(z->copied);
	if (z->copying < 0)
		return z->copying;
	z->shared = stage_new(stage, CLONE_NEWUTS, 0);
	if (z->shared < 0)
		return z->shared;
	const pid_t pid = stage_clone(CLONE_FILES);
	if (pid == 0)
		stage_wait();
	z->sharing = pid;
	return pid < 0 ? stage_fail("child", errno) : 0;
}

/* A zombie: its parent does not wait for it. */
static int make_zombie(pid_t pid)
{
	siginfo_t info;

	kill(pid, SIGKILL);
	return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT) < 0 ? stage_fail("waitid", errno)
	                                                              : 0;
}

static int tell_absent(struct stage *stage, pid_t pid, int type)
{
	struct truth_ns ns;
	_cleanup_close_ int fd = stage_open(pid, nsrel_type_name(type));

	const int r = fd < 0 ? fd : truth_read(fd, &ns);
	return r < 0 ? r
	             : truth_line(stage->truth, "absent\t%s\t%llu", nsrel_type_name(type),
	                       (unsigned long long)ns.inode);
}

/* The parent of both. A zombie keeps its user and PID namespaces, and loses all others. */
static int make_zombies(struct stage *stage, void *arg)
{
	struct zombies *const z = arg;
	const struct actor alone = {.flags = STAGE_ALL};
	const struct actor mother = {.setup = have_children, .arg = z};

	z->alone = stage_start(stage, &alone);
	int r = stage_tell(stage, z->alone, CLONE_NEWUSER | CLONE_NEWPID);
	for (size_t i = 0; i < ARRAY_SIZE(stage_thread_types) && r == 0; i++)
		r = tell_absent(stage, z->alone, stage_thread_types[i]);
	if (r == 0)
		r = tell_absent(stage, z->alone, CLONE_NEWTIME);
	if (r == 0)
		r = make_zombie(z->alone);
	if (r < 0)
		return r;
	z->mother = stage_start(stage, &mother);
	return z->mother < 0 ? z->mother : make_zombie(z->mother);
}

static int build_zombie(struct stage *stage)
{
	struct zombies *const z = stage_shared(sizeof(*z));
	const struct actor actor = {.setup = make_zombies, .arg = z};
	const pid_t pid = stage_start(stage, &actor);
	int r = pid < 0 ? pid : truth_fd(stage->truth, z->copying, z->copied);

	return r < 0 ? r : truth_fd(stage->truth, z->sharing, z->shared);
}

const struct scene scenes_dead[] = {
        {"dead-init", "PID namespaces whose init is dead", build_dead_init, NULL, NULL},
        {"zombie", "a zombie's namespaces, and those its children hold", build_zombie, NULL, NULL},
        {0},
};
