/* SPDX-License-Identifier: Apache-2.0 */
/* PID namespaces before their first process, opened by the link that is missing (Linux 6.11). Exits
 * 77 if no namespace may be made, or the kernel does not give them. */
#include "base/attributes.h"
#include "kernel/kernel_linux.h"
#include "nsrel/nsrel.h"
#include "privsep/pidfd_uapi.h"
#include "tests/nsrel/world.h"
#include "tests/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

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

/* --- a process that ends --------------------------------------------------------------------- */

struct ending {
	int listener;
	pid_t pid;
	pthread_barrier_t begun;
};

/* Answers the first pidfd_open(2) as Linux 6.11 does if the process has ended meanwhile; the second
 * one is made. */
static void *end_and_refuse(void *data)
{
	struct ending *const ending = data;

	pthread_barrier_wait(&ending->begun);
	for (int i = 0; i < 2; i++) {
		struct seccomp_notif call = {0};
		struct seccomp_notif_resp response = {.error = -EINVAL};

		CHECK(ioctl(ending->listener, SECCOMP_IOCTL_NOTIF_RECV, &call) == 0);
		if (i == 0)
			CHECK(kill(ending->pid, SIGKILL) == 0 &&
			        waitpid(ending->pid, NULL, 0) == ending->pid);
		else
			response = (struct seccomp_notif_resp){
			        .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};
		response.id = call.id;
		CHECK(ioctl(ending->listener, SECCOMP_IOCTL_NOTIF_SEND, &response) == 0);
	}
	return NULL;
}

/* Of this thread. Returns the listener, or -1. */
static int install_listener(void)
{
	struct sock_filter rules[] = {
	        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_pidfd_open, 0, 1),
	        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
	        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog filter = {ARRAY_SIZE(rules), rules};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -1;
	return (int)syscall(
	        SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &filter);
}

/* A child that has unshared its PID namespace. */
static pid_t make_child(void)
{
	int begun[2];
	char byte;

	CHECK(pipe(begun) == 0);
	const pid_t pid = world_fork();
	if (pid == 0) {
		CHECK(unshare(CLONE_NEWPID) == 0);
		CHECK(write(begun[1], "", 1) == 1);
		for (;;)
			pause();
	}
	close(begun[1]);
	CHECK(read(begun[0], &byte, 1) == 1);
	close(begun[0]);
	return pid;
}

static void end_meanwhile(void)
{
	struct ending ending;
	struct place place;
	struct nsrel_key key;
	pthread_t thread;
	char text[64];

	CHECK(world_enter(0) == 0);
	ending.pid = make_child();
	pthread_barrier_init(&ending.begun, NULL, 2);
	CHECK(pthread_create(&thread, NULL, end_and_refuse, &ending) == 0);
	CHECK(unshare(CLONE_NEWPID) == 0); /* after that no thread can be made */
	open_place(&place, 0);
	int process = place.ops->process_open(place.kernel, ending.pid);
	int ns_dir = place.ops->ns_dir_open(place.kernel, process);
	/* Since Linux 7.1 there is a link, and nothing to try. */
	if (place.ops->ns_link(place.kernel, ns_dir, "pid_for_children", text, sizeof(text)) !=
	        -ENOENT)
		_exit(EXIT_SKIP);
	ending.listener = install_listener();
	if (ending.listener < 0)
		_exit(EXIT_SKIP);
	pthread_barrier_wait(&ending.begun);
	CHECK(place.ops->ns_open(place.kernel, ns_dir, "pid_for_children") == -ENOENT);
	check_new(&place, &key);
	pthread_join(thread, NULL);
	close(ns_dir);
	close(process);
	close_place(&place);
}

static void after_one_that_ended(void **state)
{
	(void)state;
	const int r = world_run(end_meanwhile);
	if (r == EXIT_SKIP)
		skip();
	assert_int_equal(r, 0);
}

/* --- tests ----------------------------------------------------------------------------------- */

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
	        cmocka_unit_test(after_one_that_ended),
	};
	int status;

	return world_can("PID namespaces before their first process", CLONE_NEWPID, try_it, &status)
	               ? cmocka_run_group_tests(tests, NULL, NULL)
	               : status;
}
