/* SPDX-License-Identifier: Apache-2.0 */
/* Processes whose address space stays locked, so that reading their command lines waits for ever:
 * each replaces a mapping of a file with dirty pages, and the file server does not answer to the
 * write. */
#include "tests/scenes/hung.h"
#include "tests/scenes/scene.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>

enum { VICTIMS_MAX = 8 };

struct victim {
	struct locked *locked;
	int number;
	pid_t pid;
	char *pages;
};

struct locked {
	atomic_int n_locked; /* those with a smaller number are to lock */
	struct victim victims[VICTIMS_MAX];
};

static char *map_file(const struct stage *stage)
{
	char path[64];

	snprintf(path, sizeof(path), "%s/hung/file", stage->dir);
	_cleanup_close_ int fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return NULL;
	void *const pages = mmap(NULL, HUNG_FILE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	return pages == MAP_FAILED ? NULL : pages;
}

/* Not while the file is open: close(2) would write the page. */
static int make_dirty(struct stage *stage, void *arg)
{
	struct victim *const victim = arg;
	char name[16];

	victim->pages = map_file(stage);
	if (!victim->pages)
		return stage_fail("a file to map", errno);
	victim->pages[0] = 1;
	snprintf(name, sizeof(name), "locked-%d", victim->number);
	prctl(PR_SET_NAME, name);
	return 0;
}

static void lock(struct stage *stage, void *arg)
{
	const struct victim *const victim = arg;

	(void)stage;
	while (atomic_load(&victim->locked->n_locked) <= victim->number)
		sched_yield();
	if (mmap(victim->pages, HUNG_FILE_SIZE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
	            -1, 0) != MAP_FAILED)
		fprintf(stderr, "scene: the silent file server has answered\n");
}

/* The state in /proc/PID/stat, 0 if it cannot be read. */
static char state_of(pid_t pid)
{
	char path[32], text[128] = "";

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	const ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	const char *const end = n > 0 ? strrchr(text, ')') : NULL;
	return end ? end[2] : '\0';
}

static int lock_next(struct locked *locked)
{
	const int number = atomic_fetch_add(&locked->n_locked, 1);

	if (number >= VICTIMS_MAX)
		return stage_fail("no more processes to lock", ERANGE);
	while (state_of(locked->victims[number].pid) != 'D')
		sched_yield();
	return 0;
}

static int start_victim(struct stage *stage, struct locked *locked, int number)
{
	struct victim *const victim = &locked->victims[number];
	const struct actor actor = {
	        .flags = CLONE_NEWUTS, .setup = make_dirty, .then = lock, .arg = victim};

	*victim = (struct victim){.locked = locked, .number = number};
	const pid_t pid = stage_start(stage, &actor);
	victim->pid = pid;
	return stage_tell(stage, pid, actor.flags);
}

static int build(struct stage *stage, int n_victims, int n_locked)
{
	struct locked *const locked = stage_shared(sizeof(*locked));
	struct hung *hung;
	int r = hung_start(stage, "hung", &hung);

	stage->play = locked;
	for (int i = 0; i < n_victims && r == 0; i++)
		r = start_victim(stage, locked, i);
	if (r < 0)
		return r;
	hung_be_silent(hung);
	for (int i = 0; i < n_locked && r == 0; i++)
		r = lock_next(locked);
	return r;
}

static int build_one(struct stage *stage)
{
	return build(stage, 1, 1);
}

static int build_three(struct stage *stage)
{
	return build(stage, 3, 3);
}

static int build_eight(struct stage *stage)
{
	return build(stage, 8, 8);
}

static int build_none(struct stage *stage)
{
	return build(stage, 1, 0);
}

static int step(struct stage *stage, const char *line)
{
	return strcmp(line, "lock") == 0 ? lock_next(stage->play) : stage_fail(line, EINVAL);
}

const struct scene scenes_locked[] = {
        {"locked1", "a process whose address space stays locked", build_one, NULL, NULL},
        {"locked3", "three of them", build_three, NULL, NULL},
        {"locked8", "eight of them", build_eight, NULL, NULL},
        {"locking", "one that is locked by the step `lock`", build_none, step, NULL},
        {0},
};
