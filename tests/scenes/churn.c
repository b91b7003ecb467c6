/* SPDX-License-Identifier: Apache-2.0 */
/* Scenes in which much comes and goes. */
#include "nsrel/nsrel.h"
#include "tests/scenes/scene.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>

/* --- forkstorm
 * ------------------------------------------------------------------------------------ */

enum { N_LIVING = 20, N_FORKERS = 4 };

struct storm {
	atomic_ulong forks;
	struct timespec since;
};

static void fork_for_ever(struct stage *stage, void *arg)
{
	struct storm *const storm = arg;

	(void)stage;
	for (;;) {
		const pid_t pid = fork();

		if (pid == 0)
			_exit(0);
		if (pid > 0 && waitpid(pid, NULL, 0) == pid)
			atomic_fetch_add(&storm->forks, 1);
	}
}

/* Namespaces of all types, with a process each. */
static int start_living(struct stage *stage, pid_t living[static N_LIVING])
{
	int r = 0;

	for (size_t i = 0; i < N_LIVING && r == 0; i++) {
		const struct actor actor = {.flags = stage_types[i % ARRAY_SIZE(stage_types)]};
		living[i] = stage_start(stage, &actor);
		r = stage_tell(stage, living[i], actor.flags);
	}
	return r;
}

static int build_forkstorm(struct stage *stage)
{
	struct storm *const storm = stage_shared(sizeof(*storm));
	const struct actor forker = {.then = fork_for_ever, .arg = storm};
	pid_t living[N_LIVING];

	stage->play = storm;
	int r = start_living(stage, living);
	for (int i = 0; i < N_FORKERS && r == 0; i++) {
		const pid_t pid = stage_start(stage, &forker);
		r = pid < 0 ? pid : 0;
	}
	clock_gettime(CLOCK_MONOTONIC, &storm->since);
	return r;
}

static void print_rate(const char *name, const struct storm *storm)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	const double seconds = (double)(now.tv_sec - storm->since.tv_sec) +
	                       (double)(now.tv_nsec - storm->since.tv_nsec) / 1e9;
	const unsigned long forks = atomic_load(&storm->forks);
	fprintf(stderr, "scene: %s: %lu forks in %.2f s: %.0f/s\n", name, forks, seconds,
	        (double)forks / seconds);
}

static void end_forkstorm(struct stage *stage)
{
	print_rate("forkstorm", stage->play);
}

/* --- crowd
 * ------------------------------------------------------------------------------------------ */

enum { DEFAULT_CROWD = 200, N_POOLS = 4, MOST_IN_POOL = 500, FORK_NS = 4000000 };

/* SCENE_PROCESSES processes that stand still. From the step `begin` on the oldest of each pool ends
 * and a new one starts, each 4 ms: 1,000 a second in all. */
struct crowd {
	struct storm storm; /* since the step */
	size_t in_pool;
	pid_t living[N_LIVING];
	pid_t pools[N_POOLS];
};

struct pool {
	struct crowd *crowd;
	pid_t pids[MOST_IN_POOL];
	sigset_t begin;
};

static pid_t start_member_of_pool(void)
{
	const pid_t pid = fork();

	if (pid == 0)
		stage_wait();
	return pid;
}

static int fill_pool(struct stage *stage, void *arg)
{
	struct pool *const pool = arg;

	(void)stage;
	sigemptyset(&pool->begin);
	sigaddset(&pool->begin, SIGUSR1);
	sigprocmask(SIG_BLOCK, &pool->begin, NULL);
	for (size_t i = 0; i < pool->crowd->in_pool; i++) {
		pool->pids[i] = start_member_of_pool();
		if (pool->pids[i] < 0)
			return stage_fail("a process of the crowd", errno);
	}
	return 0;
}

static void replace_oldest(struct stage *stage, void *arg)
{
	struct pool *const pool = arg;
	const struct timespec pause = {.tv_nsec = FORK_NS};
	_cleanup_close_ int timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	uint64_t expired;
	size_t oldest = 0;
	int signal;

	(void)stage;
	sigwait(&pool->begin, &signal);
	timerfd_settime(timer, 0, &(struct itimerspec){pause, pause}, NULL);
	while (read(timer, &expired, sizeof(expired)) == sizeof(expired)) {
		for (; expired > 0; expired--) {
			stage_end(pool->pids[oldest]);
			pool->pids[oldest] = start_member_of_pool();
			if (pool->pids[oldest] < 0)
				return;
			oldest = (oldest + 1) % pool->crowd->in_pool;
			atomic_fetch_add(&pool->crowd->storm.forks, 1);
		}
	}
}

static int build_crowd(struct stage *stage)
{
	struct crowd *const crowd = stage_shared(sizeof(*crowd));
	struct pool pool = {.crowd = crowd};
	const struct actor actor = {.setup = fill_pool, .then = replace_oldest, .arg = &pool};
	const char *const size = getenv("SCENE_PROCESSES");

	stage->play = crowd;
	crowd->in_pool = (size ? strtoul(size, NULL, 10) : DEFAULT_CROWD) / N_POOLS;
	if (crowd->in_pool < 1 || crowd->in_pool > MOST_IN_POOL)
		return stage_fail("SCENE_PROCESSES", EINVAL);
	int r = start_living(stage, crowd->living);
	for (int i = 0; i < N_POOLS && r == 0; i++) {
		crowd->pools[i] = stage_start(stage, &actor);
		r = MIN(crowd->pools[i], 0);
	}
	return r;
}

static int step_crowd(struct stage *stage, const char *line)
{
	struct crowd *const crowd = stage->play;
	int r = 0;

	if (strcmp(line, "begin") != 0)
		return stage_fail("no such step", EINVAL);
	clock_gettime(CLOCK_MONOTONIC, &crowd->storm.since);
	for (int i = 0; i < N_POOLS; i++)
		kill(crowd->pools[i], SIGUSR1);
	for (size_t i = 0; i < N_LIVING && r == 0; i++)
		r = stage_tell(stage, crowd->living[i], stage_types[i % ARRAY_SIZE(stage_types)]);
	return r;
}

static void end_crowd(struct stage *stage)
{
	const struct crowd *const crowd = stage->play;

	if (crowd->storm.since.tv_sec > 0)
		print_rate("crowd", &crowd->storm);
}

/* --- identity
 * --------------------------------------------------------------------------------------- */

enum {
	N_SETS = 4,
	N_MEMBERS = 3,
	N_CHURN = 1000, /* namespaces made and dropped in a step */
	N_TRIES = 64,   /* until a number comes round */
	N_ROUNDS = 20,  /* until one does of any type: on a busy machine others take them */
	SET_TYPES = STAGE_ALL & ~CLONE_NEWPID,
};

/* Sets live for ever, their members change. Of each type there is also one that is replaced. */
struct identity {
	pid_t sets[N_SETS][N_MEMBERS]; /* the oldest first */
	pid_t init;                    /* of a PID namespace that stays */
	struct replaced {
		pid_t pid;
		int generation;
		uint64_t inode;
		bool is_again;
	} replaced[ARRAY_SIZE(stage_types)];
};

static int join(struct stage *stage, void *arg)
{
	const pid_t *const member = arg;
	int fds[ARRAY_SIZE(stage_types)];

	(void)stage;
	for (size_t i = 0; i < ARRAY_SIZE(stage_types); i++) {
		fds[i] = stage_open(*member, nsrel_type_name(stage_types[i]));
		if (fds[i] < 0)
			return fds[i];
	}
	/* The user namespace is the first: the others are its own. */
	for (size_t i = 0; i < ARRAY_SIZE(stage_types); i++) {
		if ((stage_types[i] & SET_TYPES) && setns(fds[i], stage_types[i]) < 0)
			return stage_fail("setns", errno);
		close(fds[i]);
	}
	return 0;
}

static pid_t start_member(struct stage *stage, pid_t other)
{
	const struct actor actor = {.setup = join, .arg = &other};

	return stage_start(stage, &actor);
}

static int start_set(struct stage *stage, pid_t members[static N_MEMBERS])
{
	const struct actor first = {.flags = SET_TYPES};

	members[0] = stage_start(stage, &first);
	for (int i = 1; i < N_MEMBERS && members[i - 1] > 0; i++)
		members[i] = start_member(stage, members[0]);
	return members[N_MEMBERS - 1] > 0 ? 0 : -ECHILD;
}

static int read_ns(pid_t pid, int type, struct truth_ns *ret)
{
	_cleanup_close_ int ns = stage_open(pid, nsrel_type_name(type));

	return ns < 0 ? ns : truth_read(ns, ret);
}

static int start_replaced(struct stage *stage, struct replaced *replaced, int type)
{
	const struct actor actor = {.flags = type};
	struct truth_ns ns;

	replaced->pid = stage_start(stage, &actor);
	const int r = replaced->pid < 0 ? replaced->pid : read_ns(replaced->pid, type, &ns);
	if (r < 0)
		return r;
	replaced->is_again = ns.inode == replaced->inode;
	return 0;
}

static int tell_same(struct stage *stage, const char *label, pid_t pid, int type)
{
	const char *const name = nsrel_type_name(type);
	struct truth_ns ns;
	int r = read_ns(pid, type, &ns);

	if (r == 0)
		r = truth_line(stage->truth, "same\t%s-%s\t%s\t%llu", label, name, name,
		        (unsigned long long)ns.inode);
	return r;
}

static int tell_set(struct stage *stage, int n, const pid_t members[static N_MEMBERS])
{
	char label[32];
	int r = 0;

	snprintf(label, sizeof(label), "set%d", n);
	for (int i = 0; i < N_MEMBERS && r == 0; i++)
		r = stage_tell(stage, members[i], SET_TYPES);
	for (size_t i = 0; i < ARRAY_SIZE(stage_types) && r == 0; i++)
		if (stage_types[i] & SET_TYPES)
			r = tell_same(stage, label, members[0], stage_types[i]);
	return r;
}

static int tell_replaced(struct stage *stage, struct replaced *replaced, int type)
{
	struct truth_ns ns;
	char label[32];

	snprintf(label, sizeof(label), "replaced%d", replaced->generation);
	int r = read_ns(replaced->pid, type, &ns);
	if (r == 0)
		r = stage_tell(stage, replaced->pid, type);
	if (r == 0)
		r = tell_same(stage, label, replaced->pid, type);
	if (r == 0 && replaced->is_again)
		r = truth_line(stage->truth, "again\t%s\t%llu", nsrel_type_name(type),
		        (unsigned long long)ns.inode);
	replaced->is_again = false;
	return r;
}

static int tell_identity(struct stage *stage)
{
	struct identity *const identity = stage->play;
	int r = stage_tell(stage, identity->init, CLONE_NEWPID);

	if (r == 0)
		r = tell_same(stage, "stays", identity->init, CLONE_NEWPID);
	for (int i = 0; i < N_SETS && r == 0; i++)
		r = tell_set(stage, i, identity->sets[i]);
	for (size_t i = 0; i < ARRAY_SIZE(stage_types) && r == 0; i++)
		r = tell_replaced(stage, &identity->replaced[i], stage_types[i]);
	return r;
}

static int build_identity(struct stage *stage)
{
	struct identity *const identity = stage_shared(sizeof(*identity));
	const struct actor init = {.flags = CLONE_NEWPID};
	int r = 0;

	stage->play = identity;
	identity->init = stage_start(stage, &init);
	if (identity->init < 0)
		return identity->init;
	for (int i = 0; i < N_SETS && r == 0; i++)
		r = start_set(stage, identity->sets[i]);
	for (size_t i = 0; i < ARRAY_SIZE(stage_types) && r == 0; i++)
		r = start_replaced(stage, &identity->replaced[i], stage_types[i]);
	return r < 0 ? r : tell_identity(stage);
}

static int step_churn(struct stage *stage, struct identity *identity)
{
	const struct actor set = {.flags = STAGE_ALL};

	(void)identity;
	for (int n = 0; n < N_CHURN; n += (int)ARRAY_SIZE(stage_types)) {
		const pid_t pid = stage_start(stage, &set);

		if (pid < 0)
			return pid;
		stage_end(pid);
	}
	return 0;
}

/* The oldest of each set goes, and a new one comes. */
static int step_leader(struct stage *stage, struct identity *identity)
{
	for (int i = 0; i < N_SETS; i++) {
		pid_t *const members = identity->sets[i];

		stage_end(members[0]);
		memmove(members, members + 1, (N_MEMBERS - 1) * sizeof(*members));
		members[N_MEMBERS - 1] = start_member(stage, members[0]);
		if (members[N_MEMBERS - 1] < 0)
			return members[N_MEMBERS - 1];
	}
	return 0;
}

/* Drops the namespace and makes others until one has its number, which is then kept. */
static int replace(struct stage *stage, struct replaced *replaced, int type)
{
	struct truth_ns ns;
	pid_t spare[N_TRIES];
	int n_spare = 0;
	int r = read_ns(replaced->pid, type, &ns);

	if (r < 0)
		return r;
	replaced->inode = ns.inode;
	stage_end(replaced->pid);
	replaced->generation++;
	for (;;) {
		r = start_replaced(stage, replaced, type);
		if (r < 0 || replaced->is_again || n_spare == N_TRIES)
			break;
		spare[n_spare++] = replaced->pid;
	}
	while (n_spare > 0)
		stage_end(spare[--n_spare]);
	return r;
}

static int step_replace(struct stage *stage, struct identity *identity)
{
	bool is_any_again = false;
	int r = 0;

	for (int round = 0; round < N_ROUNDS && r == 0 && !is_any_again; round++) {
		for (size_t i = 0; i < ARRAY_SIZE(stage_types) && r == 0; i++) {
			r = replace(stage, &identity->replaced[i], stage_types[i]);
			is_any_again |= identity->replaced[i].is_again;
		}
	}
	return r;
}

static int step_identity(struct stage *stage, const char *line)
{
	static const struct {
		const char *name;
		int (*step)(struct stage *, struct identity *);
	} steps[] = {{"churn", step_churn}, {"leader", step_leader}, {"replace", step_replace}};

	for (size_t i = 0; i < ARRAY_SIZE(steps); i++)
		if (strcmp(line, steps[i].name) == 0) {
			const int r = steps[i].step(stage, stage->play);
			return r < 0 ? r : tell_identity(stage);
		}
	return stage_fail("no such step", EINVAL);
}

const struct scene scenes_churn[] = {
        {"forkstorm", "20 namespaces while 4 processes fork as fast as they can", build_forkstorm,
                NULL, end_forkstorm},
        {"crowd", "20 namespaces, and 200 processes that are replaced from the step `begin` on",
                build_crowd, step_crowd, end_crowd},
        {"identity", "numbers come round, leaders change; steps: churn, leader, replace",
                build_identity, step_identity, NULL},
        {0},
};
