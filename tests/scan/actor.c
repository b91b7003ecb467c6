/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/scan/actor.h"

#include "base/attributes.h"
#include "kernel/kernel.h"
#include "nsrel/nsfs_uapi.h"
#include "tests/nsrel/world.h"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

enum { FDS = 6 };

const char *const actor_op_names[ACTOR_OPS] = {"unshare", "setns", "fork", "exit", "bind", "unbind",
        "open", "open-path", "close", "rename", "thread", "end-thread", "reap", "uid"};

const unsigned actor_events[ACTOR_OPS] = {
        [ACTOR_UNSHARE] = KERNEL_EVENT_NAMESPACES,
        [ACTOR_SETNS] = KERNEL_EVENT_NAMESPACES,
        [ACTOR_FORK] = KERNEL_EVENT_FORK,
        [ACTOR_EXIT] = KERNEL_EVENT_EXIT,
        [ACTOR_RENAME] = KERNEL_EVENT_COMM,
        [ACTOR_THREAD] = KERNEL_EVENT_THREAD_FORK | KERNEL_EVENT_THREAD_NAMESPACES,
        [ACTOR_END_THREAD] = KERNEL_EVENT_THREAD_EXIT,
        [ACTOR_REAP] = KERNEL_EVENT_EXIT, /* of a process that was read as a zombie */
};

static const struct {
	const char *link;
	int flag;
} types[] = {
        {"uts", CLONE_NEWUTS},
        {"ipc", CLONE_NEWIPC},
        {"net", CLONE_NEWNET},
        {"mnt", CLONE_NEWNS},
        {"cgroup", CLONE_NEWCGROUP},
        {"user", CLONE_NEWUSER},
        {"pid", CLONE_NEWPID},
        {"time", CLONE_NEWTIME},
};

/* The end of the first process of a PID namespace waits for all in it, also for zombies that their
 * parent outside of it has not waited for: such parents leave none. */
static void leave_no_zombies(int arg)
{
	if (types[arg % (int)ARRAY_SIZE(types)].flag == CLONE_NEWPID)
		signal(SIGCHLD, SIG_IGN);
}

static void enter_new(int arg)
{
	const int flag = types[arg % (int)ARRAY_SIZE(types)].flag;
	const unsigned uid = geteuid(), gid = getegid();

	leave_no_zombies(arg);
	if (unshare(flag) == 0 && flag == CLONE_NEWUSER)
		world_map_root(uid, gid);
}

static void enter_that_of(pid_t pid, int arg)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/ns/%s", pid,
	        types[arg % (int)ARRAY_SIZE(types)].link);
	leave_no_zombies(arg);
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0 && setns(fd, 0) < 0)
		return;
}

static pthread_t thread;
static bool has_thread;
static int thread_ends[2];

static void *run_thread(void *data)
{
	const struct actor_command *const command = data;
	char byte;

	if (unshare(CLONE_FS) == 0) {
		if (command->arg % 2)
			enter_that_of(command->other, command->arg / 2);
		else
			enter_new(command->arg / 2);
	}
	CHECK(write(thread_ends[1], "", 1) == 1);
	while (read(thread_ends[1], &byte, 1) < 0) {
	}
	return NULL;
}

static void start_thread(struct actor_command *command)
{
	char byte;

	if (has_thread)
		return;
	CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, thread_ends) == 0);
	has_thread = pthread_create(&thread, NULL, run_thread, command) == 0;
	if (has_thread)
		CHECK(read(thread_ends[0], &byte, 1) == 1);
}

static void end_thread(void)
{
	if (!has_thread)
		return;
	CHECK(write(thread_ends[0], "", 1) == 1);
	pthread_join(thread, NULL);
	close(thread_ends[0]);
	close(thread_ends[1]);
	has_thread = false;
}

const char *actor_file(int arg)
{
	static char path[32];

	snprintf(path, sizeof(path), "/mnt/%d", arg % ACTOR_FILES);
	return path;
}

static void mount_own(int arg)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/ns/%s",
	        types[arg / ACTOR_FILES % (int)ARRAY_SIZE(types)].link);
	if (mount(path, actor_file(arg), NULL, MS_BIND, NULL) < 0)
		return;
}

static void open_one(int *fds, pid_t pid, int arg)
{
	int *const fd = &fds[arg % FDS];
	char path[64];

	if (*fd >= 0)
		return;
	snprintf(path, sizeof(path), "/proc/%d/ns/%s", pid,
	        types[arg / FDS % (int)ARRAY_SIZE(types)].link);
	*fd = open(path, O_RDONLY | O_CLOEXEC);
}

static void open_path(int *fds, int arg)
{
	int *const fd = &fds[arg % FDS];

	if (*fd < 0)
		*fd = open(actor_file(arg / FDS), O_RDONLY | O_CLOEXEC);
}

static void close_one(int *fds, int arg)
{
	int *const fd = &fds[arg % FDS];

	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void rename_self(int arg)
{
	char name[16];

	snprintf(name, sizeof(name), "actor-%d", arg % 10000);
	prctl(PR_SET_NAME, name);
}

static void do_command(struct actor *actors, int *fds, struct actor_command *command)
{
	switch (command->op) {
	case ACTOR_UNSHARE:
		enter_new(command->arg);
		break;
	case ACTOR_SETNS:
		enter_that_of(command->other, command->arg);
		break;
	case ACTOR_FORK:
		if (fork() == 0) {
			has_thread = false;
			CHECK(write(actors[command->arg].theirs, "", 1) == 1);
			actor_run(actors, command->arg);
		}
		break;
	case ACTOR_EXIT:
		_exit(0);
	case ACTOR_BIND:
		mount_own(command->arg);
		break;
	case ACTOR_UNBIND:
		umount2(actor_file(command->arg), MNT_DETACH);
		break;
	case ACTOR_OPEN:
		open_one(fds, command->other, command->arg);
		break;
	case ACTOR_OPEN_PATH:
		open_path(fds, command->arg);
		break;
	case ACTOR_CLOSE:
		close_one(fds, command->arg);
		break;
	case ACTOR_RENAME:
		rename_self(command->arg);
		break;
	case ACTOR_THREAD:
		start_thread(command);
		break;
	case ACTOR_END_THREAD:
		end_thread();
		break;
	case ACTOR_REAP:
		while (waitpid(-1, NULL, WNOHANG) > 0) {
		}
		break;
	default:
		if (setresuid((uid_t)-1, (uid_t)command->arg % 3, (uid_t)-1) < 0)
			return;
	}
}

/* The child of a fork has the descriptors of its parent. */
_noreturn_ void actor_run(struct actor *actors, int number)
{
	static int fds[FDS] = {-1, -1, -1, -1, -1, -1};
	static struct actor_command command; /* a thread reads it */
	const int socket = actors[number].theirs;

	while (read(socket, &command, sizeof(command)) == sizeof(command)) {
		struct actor_command now = command;

		do_command(actors, fds, now.op == ACTOR_THREAD ? &command : &now);
		CHECK(write(socket, "", 1) == 1);
	}
	_exit(1);
}
