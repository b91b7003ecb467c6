/* SPDX-License-Identifier: Apache-2.0 */
/* Namespaces with processes in them, and user namespaces above those. */
#include "nsrel/nsrel.h"
#include "tests/nsrel/world.h"
#include "tests/scenes/scene.h"

#include <errno.h>
#include <fcntl.h>

enum {
	N_SETS = 4,
	N_HIDDEN = 10,
	DEEPEST = 33, /* levels of user namespaces below the first (user_namespaces(7)) */
};

/* --- sets: as many processes in a set as its number, all eight types ------------------------ */

struct set {
	int n;
	pid_t others[N_SETS];
};

static int tell_self(struct stage *stage, void *arg)
{
	pid_t *const pid = arg;

	(void)stage;
	*pid = stage_self();
	return *pid < 0 ? *pid : 0;
}

static int fill_set(struct stage *stage, void *arg)
{
	struct set *const set = arg;

	for (int i = 0; i < set->n - 1; i++) {
		const struct actor actor = {.setup = tell_self, .arg = &set->others[i]};
		const pid_t pid = stage_start(stage, &actor);
		if (pid < 0)
			return pid;
	}
	return 0;
}

static int build_sets(struct stage *stage)
{
	struct set *const sets = stage_shared(N_SETS * sizeof(*sets));
	int r = 0;

	for (int i = 0; i < N_SETS && r == 0; i++) {
		const struct actor actor = {.flags = STAGE_ALL, .setup = fill_set, .arg = &sets[i]};

		sets[i].n = i + 1;
		r = stage_tell(stage, stage_start(stage, &actor), STAGE_ALL);
		for (int j = 0; j < i && r == 0; j++)
			r = stage_tell(stage, sets[i].others[j], STAGE_ALL);
	}
	return r;
}

/* --- chains: each user namespace in the one before, a process in each ------------------------ */

struct chain {
	int wanted;
	int n;
	pid_t pids[DEEPEST];
};

/* Makes the rest of the chain. That no more can be had is the end, not a failure. */
static int add_link(struct stage *stage, void *arg)
{
	struct chain *const chain = arg;
	const struct actor actor = {.flags = CLONE_NEWUSER, .setup = add_link, .arg = chain};

	chain->pids[chain->n++] = stage_self();
	if (chain->n == chain->wanted)
		return 0;
	const pid_t pid = stage_start(stage, &actor);
	return pid == -ENOSPC || pid == -EUSERS || pid > 0 ? 0 : pid;
}

static int build_chain(struct stage *stage, int wanted)
{
	struct chain *const chain = stage_shared(sizeof(*chain));
	const struct actor actor = {.flags = CLONE_NEWUSER, .setup = add_link, .arg = chain};

	chain->wanted = wanted;
	const pid_t pid = stage_start(stage, &actor);
	int r = pid < 0 ? pid : 0;
	for (int i = 0; i < chain->n && r == 0; i++)
		r = stage_tell(stage, chain->pids[i], CLONE_NEWUSER);
	return r;
}

static int build_chain10(struct stage *stage)
{
	return build_chain(stage, 10);
}

static int build_chain33(struct stage *stage)
{
	return build_chain(stage, DEEPEST);
}

/* --- hidden: two user namespaces without a process above each set ----------------------------- */

static int go_down(struct stage *stage, void *arg)
{
	(void)stage;
	(void)arg;
	int r = world_enter(0);
	if (r == 0)
		r = world_enter(
		        CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWCGROUP);
	return r < 0 ? stage_fail("user namespace", r) : 0;
}

static int build_hidden(struct stage *stage)
{
	const struct actor actor = {.flags = CLONE_NEWUSER, .setup = go_down};
	int r = 0;

	for (int i = 0; i < N_HIDDEN && r == 0; i++)
		r = stage_tell(stage, stage_start(stage, &actor),
		        CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWUTS | CLONE_NEWIPC |
		                CLONE_NEWCGROUP);
	return r;
}

/* --- owner-only: a process in a namespace whose owner has no process -------------------------- */

struct visit {
	int type;
	int fd;
};

/* Into a new namespace that a new user namespace owns, or, as for a descriptor, not. */
static int visit(struct stage *stage, void *arg)
{
	const struct visit *const place = arg;
	_cleanup_close_ int ns = stage_new(stage, place->type, CLONE_NEWUSER);

	if (ns < 0)
		return ns;
	return setns(ns, place->type) < 0 ? stage_fail("setns", errno) : 0;
}

static int keep(struct stage *stage, void *arg)
{
	struct visit *const place = arg;

	place->fd = stage_new(stage, place->type, CLONE_NEWUSER);
	return place->fd < 0 ? place->fd : 0;
}

static int build_owner_only(struct stage *stage)
{
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(stage_thread_types) && r == 0; i++) {
		struct visit *const place = stage_shared(2 * sizeof(*place));
		const struct actor in = {.setup = visit, .arg = place};
		const struct actor outside = {.setup = keep, .arg = place + 1};

		place[0].type = place[1].type = stage_thread_types[i];
		r = stage_tell(stage, stage_start(stage, &in), place->type);
		if (r < 0)
			return r;
		const pid_t pid = stage_start(stage, &outside);
		r = pid < 0 ? pid : truth_fd(stage->truth, pid, place[1].fd);
	}
	return r;
}

const struct scene scenes_sets[] = {
        {"sets", "4 sets of all 8 types with 1 to 4 processes", build_sets, NULL, NULL},
        {"chain10", "10 nested user namespaces", build_chain10, NULL, NULL},
        {"chain33", "nested user namespaces to the kernel's limit", build_chain33, NULL, NULL},
        {"hidden", "2 user namespaces without a process above each of 10 sets", build_hidden, NULL,
                NULL},
        {"owner-only", "user namespaces that live by what they own", build_owner_only, NULL, NULL},
        {0},
};
