/* SPDX-License-Identifier: Apache-2.0 */
/* PID namespaces before their first process, opened by the link that is missing (Linux 6.11). Exits
 * 77 if no namespace may be made, or the kernel does not give them. */
#include "base/attributes.h"
#include "kernel/kernel_linux.h"
#include "nsrel/nsrel.h"
#include "tests/nsrel/world.h"
#include "tests/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <sys/syscall.h>

struct place {
	struct kernel *kernel;
	const struct kernel_ops *ops;
	int process, ns_dir; /* handles of this process, or of a thread of it */
};

static void open_place(struct place *ret, pid_t tid)
{
	CHECK(kernel_linux_new("/proc", &ret->kernel) == 0);
	ret->ops = ret->kernel->ops;
	ret->process = ret->ops->process_open(ret->kernel, getpid());
	const int thread =
	        tid ? ret->ops->thread_open(ret->kernel, ret->process, tid) : ret->process;
	ret->ns_dir = ret->ops->ns_dir_open(ret->kernel, thread);
	if (tid)
		close(thread);
	CHECK(ret->ns_dir >= 0);
}

static void close_place(struct place *place)
{
	close(place->ns_dir);
	close(place->process);
	kernel_free(place->kernel);
}

static int open_for_children(const struct place *place)
{
	return place->ops->ns_open(place->kernel, place->ns_dir, "pid_for_children");
}

/* The key of that of the children, which is a child of our own. */
static void check_new(const struct place *place, struct nsrel_key *ret)
{
	_cleanup_close_ int own = nsrel_open(AT_FDCWD, "/proc/self/ns/pid");
	_cleanup_close_ int ns = open_for_children(place);
	struct nsrel_key own_key, parent_key;

	CHECK(ns >= 0);
	CHECK(nsrel_type(ns) == CLONE_NEWPID);
	CHECK(fcntl(ns, F_GETFD) == FD_CLOEXEC);
	_cleanup_close_ int parent = nsrel_parent(ns);
	CHECK(nsrel_key(ns, ret) == 0 && nsrel_key(own, &own_key) == 0);
	CHECK(nsrel_key(parent, &parent_key) == 0);
	CHECK(parent_key.ino == own_key.ino && ret->ino != own_key.ino);
}

static void before_and_after(void)
{
	struct nsrel_key before, after;
	struct place place;

	CHECK(world_enter(CLONE_NEWPID) == 0);
	open_place(&place, 0);
	const int n_fds = world_count_fds();
	check_new(&place, &before);
	CHECK(world_count_fds() == n_fds);
	const pid_t child = world_fork();
	if (child == 0)
		for (;;)
			pause();
	check_new(&place, &after); /* by the link */
	CHECK(before.ino == after.ino && before.id == after.id);
	close_place(&place);
}

static void without(void)
{
	struct nsrel_key key;
	struct place place;
	char text[64];

	CHECK(world_enter(CLONE_NEWPID) == 0);
	open_place(&place, 0);
	check_new(&place, &key);
	kernel_linux_set_interfaces(place.kernel, 0);
	/* Since Linux 7.1 there is a link. */
	if (place.ops->ns_link(
	            place.kernel, place.ns_dir, "pid_for_children", text, sizeof(text)) == -ENOENT)
		CHECK(open_for_children(&place) == -ENOENT);
	close_place(&place);
}

struct task {
	pthread_barrier_t begun, ended;
	pid_t tid;
};

static void *unshare_alone(void *data)
{
	struct task *const task = data;

	CHECK(unshare(CLONE_NEWPID) == 0);
	task->tid = (pid_t)syscall(SYS_gettid);
	pthread_barrier_wait(&task->begun);
	pthread_barrier_wait(&task->ended);
	return NULL;
}

static void of_a_thread(void)
{
	struct nsrel_key key;
	struct task task;
	struct place place;
	pthread_t thread;

	CHECK(world_enter(0) == 0);
	pthread_barrier_init(&task.begun, NULL, 2);
	pthread_barrier_init(&task.ended, NULL, 2);
	CHECK(pthread_create(&thread, NULL, unshare_alone, &task) == 0);
	pthread_barrier_wait(&task.begun);
	open_place(&place, task.tid);
	check_new(&place, &key);
	close_place(&place);
	pthread_barrier_wait(&task.ended);
	pthread_join(thread, NULL);
}

static void before_the_first_child(void **state)
{
	(void)state;
	assert_int_equal(world_run(before_and_after), 0);
}

static void without_the_interface(void **state)
{
	(void)state;
	assert_int_equal(world_run(without), 0);
}

static void by_a_thread(void **state)
{
	(void)state;
	assert_int_equal(world_run(of_a_thread), 0);
}

static int try_it(void)
{
	struct place place;
	int ns;

	open_place(&place, 0);
	ns = open_for_children(&place);
	close_place(&place);
	return ns < 0 ? ns : 0;
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	        cmocka_unit_test(before_the_first_child),
	        cmocka_unit_test(without_the_interface),
	        cmocka_unit_test(by_a_thread),
	};
	int status;

	return world_can("PID namespaces before their first process", CLONE_NEWPID, try_it, &status)
	               ? cmocka_run_group_tests(tests, NULL, NULL)
	               : status;
}
