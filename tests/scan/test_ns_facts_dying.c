/* SPDX-License-Identifier: Apache-2.0 */
/* Facts of a PID namespace whose init process waits for others to end, with the real kernel. */
#include "tests/nsrel/world.h"
#include "tests/scan/facts_scene.h"
#include "tests/unit.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

/* A PID namespace with an init process, which ends when `*ret_end` is closed, and a child of that.
 * Returns the parent of the init process. */
static pid_t begin_pid(int *ret_end)
{
	int end[2], ready[2];
	char c;

	CHECK(pipe2(end, O_CLOEXEC) == 0 && pipe2(ready, O_CLOEXEC) == 0);
	const pid_t outer = world_fork();
	CHECK(outer >= 0);
	if (outer == 0) {
		CHECK(unshare(CLONE_NEWPID) == 0);
		const pid_t init = fork();
		CHECK(init >= 0);
		if (init == 0) {
			const pid_t member = fork();

			CHECK(member >= 0);
			if (member == 0) {
				close(end[0]);
				close(end[1]);
				for (;;)
					pause();
			}
			close(end[1]);
			CHECK(write(ready[1], "r", 1) == 1);
			CHECK(read(end[0], &c, 1) == 0);
			_exit(0);
		}
		close(end[0]);
		close(end[1]);
		for (;;)
			pause();
	}
	close(end[0]);
	CHECK(read(ready[0], &c, 1) == 1);
	close(ready[0]);
	close(ready[1]);
	*ret_end = end[1];
	return outer;
}

static void set_members(
        const struct facts_scene *scene, pid_t outer, pid_t *ret_init, pid_t *ret_member)
{
	for (size_t i = 0; i < scene->model->n_processes; i++) {
		const struct process *const process = scene->model->processes[i];

		if (process->ppid == outer)
			*ret_init = process->pid;
	}
	for (size_t i = 0; i < scene->model->n_processes; i++) {
		if (scene->model->processes[i]->ppid == *ret_init)
			*ret_member = scene->model->processes[i]->pid;
	}
	CHECK(*ret_init > 0 && *ret_member > 0);
}

/* Until init is in exit. */
static const struct ns_facts *wait_for_dying(struct facts_scene *scene, uint64_t inode)
{
	for (;;) {
		const struct ns_facts *const facts = facts_scene_read(scene, NS_PID, inode);

		if (facts->pid.dying == NS_FACTS_DYING && facts->pid.waits_for)
			return facts;
		CHECK(facts->pid.waits_for == 0 || facts->pid.dying == NS_FACTS_DYING);
		ns_facts_unref(facts);
		sched_yield();
	}
}

static void find_dying(struct facts_scene *scene)
{
	pid_t init = 0, member = 0;
	int end;
	const pid_t outer = begin_pid(&end);

	facts_scene_start(scene, true);
	facts_scene_scan(scene);
	set_members(scene, outer, &init, &member);
	const uint64_t inode = facts_scene_inode(init, "pid");
	const struct ns_facts *facts = facts_scene_read(scene, NS_PID, inode);
	CHECK(facts->error == 0 && facts->pid.error == 0);
	CHECK(facts->pid.dying == NS_FACTS_ALIVE && facts->pid.waits_for == 0);
	CHECK(facts->pid.init == init && facts->pid.init_state == 'S');
	CHECK(facts->pid.levels == 2 && facts->pid.n_members == 2 && facts->pid.n_below == 0);
	ns_facts_unref(facts);

	CHECK(ptrace(PTRACE_SEIZE, member, NULL, NULL) == 0);
	close(end);
	facts = wait_for_dying(scene, inode);
	CHECK(facts->pid.waits_for == member && facts->pid.n_left == 1);
	CHECK(facts->pid.init == init && facts->pid.state != 0);
	ns_facts_unref(facts);

	/* The same from a scan that is made meanwhile. */
	facts_scene_scan(scene);
	facts = facts_scene_read(scene, NS_PID, inode);
	CHECK(facts->pid.dying == NS_FACTS_DYING && facts->pid.waits_for == member);
	ns_facts_unref(facts);
	int status;
	while (waitpid(member, &status, __WALL) == member && !WIFSIGNALED(status)) {
	}
	facts_scene_stop(scene);
	kill(outer, SIGKILL);
}

static void what_a_dying_namespace_waits_for(void **state)
{
	assert_int_equal(facts_scene_run(find_dying), 0);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(what_a_dying_namespace_waits_for),
	};

	facts_scene_need(CLONE_NEWNS | CLONE_NEWPID);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
