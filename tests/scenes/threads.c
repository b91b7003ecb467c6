/* SPDX-License-Identifier: Apache-2.0 */
/* Namespaces that belong to a thread, not to its process. */
#include "nsrel/nsrel.h"
#include "privsep/pidfd_uapi.h"
#include "tests/scenes/scene.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>

enum {
	N_THREADS = 10, /* in each process */
	N_PROCESSES = 5,
	N_DEAD = 3, /* leaders */
};

struct member {
	struct crew *crew;
	int types; /* of namespaces of its own */
	int error;
	pid_t tid;
};

struct crew {
	pthread_barrier_t ready;
	struct member members[N_THREADS];
};

static void *enter(void *arg)
{
	struct member *const member = arg;

	member->tid = stage_thread_self();
	if (member->types && unshare(member->types) < 0)
		member->error = stage_fail("unshare in a thread", errno);
	pthread_barrier_wait(&member->crew->ready);
	stage_wait();
}

static int start_crew(struct crew *crew, size_t n)
{
	pthread_t thread;

	pthread_barrier_init(&crew->ready, NULL, (unsigned)n + 1);
	for (size_t i = 0; i < n; i++) {
		crew->members[i].crew = crew;
		const int r = pthread_create(&thread, NULL, enter, &crew->members[i]);
		if (r != 0)
			return stage_fail("thread", r);
	}
	pthread_barrier_wait(&crew->ready);
	for (size_t i = 0; i < n; i++)
		if (crew->members[i].error < 0)
			return crew->members[i].error;
	return 0;
}

static int start_all(struct stage *stage, void *arg)
{
	(void)stage;
	return start_crew(arg, N_THREADS);
}

static int tell_member(struct stage *stage, pid_t pid, const struct member *member)
{
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(stage_thread_types) && r == 0; i++)
		if (member->types & stage_thread_types[i])
			r = truth_thread(stage->truth, pid, member->tid, stage_thread_types[i]);
	return r;
}

static int build_threads(struct stage *stage)
{
	int r = 0;

	for (int n = 0; n < N_PROCESSES && r == 0; n++) {
		struct crew *const crew = stage_shared(sizeof(*crew));
		const struct actor actor = {.setup = start_all, .arg = crew};

		for (size_t i = 0; i < N_THREADS; i++)
			crew->members[i].types =
			        stage_thread_types[i % ARRAY_SIZE(stage_thread_types)];
		const pid_t pid = stage_start(stage, &actor);
		r = pid < 0 ? pid : 0;
		for (size_t i = 0; i < N_THREADS && r == 0; i++)
			r = tell_member(stage, pid, &crew->members[i]);
	}
	return r;
}

/* --- dead-leader: two threads go on without the first ----------------------------------------- */

static int start_two(struct stage *stage, void *arg)
{
	(void)stage;
	return start_crew(arg, 2);
}

static void exit_leader(struct stage *stage, void *arg)
{
	(void)stage;
	(void)arg;
	syscall(SYS_exit, 0);
}

/* Nothing tells of the end of a leader that leaves threads behind (pidfd_open(2) with PIDFD_THREAD
 * does from Linux 6.9): looks until its namespaces are gone. */
static void await_dead_leader(pid_t pid)
{
	char path[64], text[64];

	snprintf(path, sizeof(path), "/proc/%d/ns/uts", (int)pid);
	while (readlink(path, text, sizeof(text)) >= 0)
		sched_yield();
}

/* The threads share the process's namespaces of these types: user, pid, and what the first of them
 * has not for itself. */
static int tell_dead(struct stage *stage, pid_t pid, const struct crew *crew)
{
	static const int shared[] = {CLONE_NEWNET, CLONE_NEWIPC};
	int r = stage_tell(stage, pid, CLONE_NEWUSER | CLONE_NEWPID);

	for (size_t i = 0; i < 2 && r == 0; i++) {
		r = tell_member(stage, pid, &crew->members[i]);
		for (size_t j = 0; j < ARRAY_SIZE(shared) && r == 0; j++)
			r = truth_thread(stage->truth, pid, crew->members[i].tid, shared[j]);
	}
	return r;
}

static int build_dead_leader(struct stage *stage)
{
	int r = 0;

	for (int n = 0; n < N_DEAD && r == 0; n++) {
		struct crew *const crew = stage_shared(sizeof(*crew));
		const struct actor actor = {
		        .flags = CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC,
		        .setup = start_two,
		        .then = exit_leader,
		        .arg = crew};

		crew->members[0].types = CLONE_NEWUTS;
		crew->members[1].types = CLONE_NEWUTS | CLONE_NEWCGROUP;
		const pid_t pid = stage_start(stage, &actor);
		if (pid < 0)
			return pid;
		await_dead_leader(pid);
		r = tell_dead(stage, pid, crew);
	}
	return r;
}

/* --- for-children ----------------------------------------------------------------------------- */

struct future {
	int types;
	pid_t child; /* of the process; 0: it has none */
	pid_t tid;   /* of the thread that did it */
	pthread_barrier_t ready;
	int error;
};

static int prepare_future(struct stage *stage, void *arg)
{
	struct future *const future = arg;

	(void)stage;
	return unshare(future->types) < 0 ? stage_fail("unshare", errno) : 0;
}

static int have_child(struct stage *stage, void *arg)
{
	struct future *const future = arg;
	const struct actor child = {0};
	const int r = prepare_future(stage, arg);

	future->child = r < 0 ? r : stage_start(stage, &child);
	return future->child < 0 ? future->child : 0;
}

/* The namespace's init is dead: no child can be born there any more. */
static int lose_child(struct stage *stage, void *arg)
{
	struct future *const future = arg;
	const int r = have_child(stage, arg);

	if (r == 0)
		stage_end(future->child);
	return r;
}

static void *prepare_in_thread(void *arg)
{
	struct future *const future = arg;

	future->tid = stage_thread_self();
	if (unshare(future->types) < 0)
		future->error = stage_fail("unshare in a thread", errno);
	pthread_barrier_wait(&future->ready);
	stage_wait();
}

static int start_future_thread(struct stage *stage, void *arg)
{
	struct future *const future = arg;
	pthread_t thread;

	(void)stage;
	pthread_barrier_init(&future->ready, NULL, 2);
	const int r = pthread_create(&thread, NULL, prepare_in_thread, future);
	if (r != 0)
		return stage_fail("thread", r);
	pthread_barrier_wait(&future->ready);
	return future->error;
}

/* Only a pidfd tells its number (Linux 6.11; one of a thread needs 6.9). */
static int tell_unborn(struct stage *stage, pid_t pid, pid_t tid)
{
	_cleanup_close_ int pidfd =
	        (int)syscall(SYS_pidfd_open, tid, tid == pid ? 0U : PIDFD_THREAD);
	_cleanup_close_ int ns =
	        pidfd < 0 ? -EBADF : ioctl(pidfd, PIDFD_GET_PID_FOR_CHILDREN_NAMESPACE, 0);
	char detail[32];

	const int r = truth_line(stage->truth, "unborn\tpid\t%d/%d", (int)pid, (int)tid);
	if (r < 0 || ns < 0)
		return r;
	snprintf(detail, sizeof(detail), "%d/%d", (int)pid, (int)tid);
	return truth_add(stage->truth, ns, "unborn", detail);
}

/* Up to Linux 7.0 a PID namespace without an init cannot be seen by this link. */
static int tell_future(struct stage *stage, pid_t pid, pid_t tid, int type)
{
	char path[96], text[64];

	snprintf(path, sizeof(path), "/proc/%d/task/%d/ns/%s_for_children", (int)pid, (int)tid,
	        nsrel_type_name(type));
	if (readlink(path, text, sizeof(text)) >= 0)
		return truth_for_children(stage->truth, pid, tid, type);
	if (errno != ENOENT || type != CLONE_NEWPID)
		return stage_fail(path, errno);
	return tell_unborn(stage, pid, tid);
}

static int build_for_children(struct stage *stage)
{
	static const struct {
		int (*setup)(struct stage *, void *);
		int type;
	} futures[] = {
	        {prepare_future, CLONE_NEWPID},
	        {have_child, CLONE_NEWPID},
	        {lose_child, CLONE_NEWPID},
	        {prepare_future, CLONE_NEWTIME},
	        {have_child, CLONE_NEWTIME},
	        {start_future_thread, CLONE_NEWPID},
	        {start_future_thread, CLONE_NEWTIME},
	};
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(futures) && r == 0; i++) {
		struct future *const future = stage_shared(sizeof(*future));
		const struct actor actor = {.setup = futures[i].setup, .arg = future};

		future->types = futures[i].type;
		const pid_t pid = stage_start(stage, &actor);
		if (pid < 0)
			return pid;
		r = tell_future(stage, pid, future->tid ? future->tid : pid, futures[i].type);
		if (r == 0 && futures[i].setup == have_child)
			r = stage_tell(stage, future->child, futures[i].type);
	}
	return r;
}

const struct scene scenes_threads[] = {
        {"threads", "50 namespaces that only a thread each is in", build_threads, NULL, NULL},
        {"dead-leader", "processes whose first thread has exited", build_dead_leader, NULL, NULL},
        {"for-children", "where only the next child will be", build_for_children, NULL, NULL},
        {0},
};
