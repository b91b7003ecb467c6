/* SPDX-License-Identifier: Apache-2.0 */
/* The world around a scene: from before its first process to after its last. */
#include "base/descriptors.h"
#include "nsrel/nsrel.h"
#include "tests/nsrel/world.h"
#include "tests/scenes/root.h"
#include "tests/scenes/scene.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>

enum { EXIT_BROKEN = 99, EXIT_NO_EXEC = 126, EXIT_NO_COMMAND = 127 };

struct world {
	const struct scene *scene;
	bool is_host; /* in the caller's PID namespace */
	char *const *command;
	char dir[16];
	char truth[32];
	pid_t pid; /* of the command */
	int go;    /* a byte here starts it */
	int signals;
	int step, done; /* the FIFOs */
};

/* What a kernel says when it does not want to, or does not know. */
static bool is_refusal(int error)
{
	static const int refusals[] = {EPERM, EACCES, ENOSYS, EOPNOTSUPP, ENOTTY, EINVAL, ENODEV,
	        ENOENT, ENXIO, ENOSPC, EUSERS, EMFILE};

	for (size_t i = 0; i < ARRAY_SIZE(refusals); i++)
		if (error == -refusals[i])
			return true;
	return false;
}

/* A folder that is there on every system, and that neither the command nor its arguments nor the
 * current directory lie in: it is covered by the world's own. */
static int choose_dir(struct world *world)
{
	static const char *const places[] = {"/mnt", "/media", "/srv", "/opt"};
	char cwd[4096] = "";
	struct stat st;

	if (!getcwd(cwd, sizeof(cwd)))
		cwd[0] = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		const size_t len = strlen(places[i]);
		bool is_used = strncmp(cwd, places[i], len) == 0;

		for (char *const *arg = world->command; *arg; arg++)
			is_used |= strncmp(*arg, places[i], len) == 0;
		if (is_used || stat(places[i], &st) < 0 || !S_ISDIR(st.st_mode))
			continue;
		snprintf(world->dir, sizeof(world->dir), "%s", places[i]);
		snprintf(world->truth, sizeof(world->truth), "%s/truth", places[i]);
		return 0;
	}
	return stage_fail("no directory for the scene", ENOENT);
}

static int make_mounts(const struct world *world)
{
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return stage_fail("private mounts", errno);
	if (!world->is_host &&
	        mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0)
		return stage_fail("/proc of its own", errno);
	const int r = root_without_namespaces(world->dir);
	if (r < 0)
		return r;
	if (mount("scene", world->dir, "tmpfs", MS_NOSUID | MS_NODEV, "mode=755,size=64m") < 0)
		return stage_fail(world->dir, errno);
	return 0;
}

static _noreturn_ void run_command(const struct world *world, int go)
{
	char byte;

	if (read(go, &byte, 1) != 1)
		_exit(EXIT_SKIP);
	close(go);
	if (setenv("SCENE_DIR", world->dir, 1) < 0 || setenv("SCENE_TRUTH", world->truth, 1) < 0 ||
	        setenv("SCENE_NUMBERS", scene_numbers(), 1) < 0)
		_exit(EXIT_BROKEN);
	execvp(world->command[0], world->command);
	stage_fail(world->command[0], errno);
	_exit(errno == ENOENT ? EXIT_NO_COMMAND : EXIT_NO_EXEC);
}

/* Forked before anything else, so that it has the descriptors that the caller gave. */
static int prepare_command(struct world *world)
{
	int go[2];

	if (pipe2(go, O_CLOEXEC) < 0)
		return stage_fail("pipe", errno);
	world->pid = fork();
	if (world->pid == 0) {
		if (world->is_host)
			prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(go[1]);
		run_command(world, go[0]);
	}
	close(go[0]);
	world->go = go[1];
	return world->pid < 0 ? stage_fail("fork", errno) : 0;
}

static int open_fifo(const struct world *world, const char *name, int *ret_fd)
{
	char path[64];

	snprintf(path, sizeof(path), "%s/%s", world->dir, name);
	if (mkfifo(path, 0600) < 0)
		return stage_fail(path, errno);
	/* Both ends are open: no end of file, and open(2) does not wait. */
	*ret_fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	return *ret_fd < 0 ? stage_fail(path, errno) : 0;
}

static int prepare_events(struct world *world)
{
	sigset_t children;

	sigemptyset(&children);
	sigaddset(&children, SIGCHLD);
	if (sigprocmask(SIG_BLOCK, &children, NULL) < 0)
		return stage_fail("signals", errno);
	world->signals = signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK);
	if (world->signals < 0)
		return stage_fail("signalfd", errno);
	if (!world->scene->step)
		return 0;
	const int r = open_fifo(world, "step", &world->step);
	return r < 0 ? r : open_fifo(world, "done", &world->done);
}

/* Standard error stays, for what goes wrong. */
static int drop_descriptors(const struct world *world)
{
	descriptors_close_except(&world->go, 1);
	const int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null < 0)
		return stage_fail("/dev/null", errno);
	const bool is_done = dup2(null, STDIN_FILENO) >= 0 && dup2(null, STDOUT_FILENO) >= 0;
	close(null);
	return is_done ? 0 : stage_fail("/dev/null", errno);
}

static int tell_world(const struct world *world, struct stage *stage)
{
	const int r = stage_tell(stage, getpid(), STAGE_ALL);

	return r < 0 || !world->is_host ? r : truth_line(stage->truth, "world\t%d", (int)getpid());
}

static int build(const struct world *world, struct stage *stage)
{
	int r = tell_world(world, stage);

	if (r == 0)
		r = world->scene->build(stage);
	return r < 0 ? r : truth_write(stage->truth, world->truth);
}

static void answer(const struct world *world, struct stage *stage)
{
	char line[256];
	const ssize_t n = read(world->step, line, sizeof(line) - 1);

	if (n <= 0)
		return;
	line[n] = '\0';
	line[strcspn(line, "\n")] = '\0';
	truth_reset(stage->truth);
	int r = tell_world(world, stage);
	if (r == 0)
		r = world->scene->step(stage, line);
	if (r == 0)
		r = truth_write(stage->truth, world->truth);
	const char *const word = r == 0 ? "ok\n" : "failed\n";
	if (write(world->done, word, strlen(word)) < 0)
		stage_fail("answer", errno);
}

/* Takes the ends of children, also of orphans. True if the command's was among them. */
static bool reap(const struct world *world, int *ret_status)
{
	struct signalfd_siginfo info;
	bool is_over = false;
	int status;
	pid_t pid;

	while (read(world->signals, &info, sizeof(info)) > 0)
		;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		if (pid == world->pid) {
			is_over = true;
			*ret_status =
			        WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
		}
	return is_over;
}

static int serve(const struct world *world, struct stage *stage)
{
	struct pollfd events[] = {
	        {.fd = world->signals, .events = POLLIN}, {.fd = world->step, .events = POLLIN}};
	int status = EXIT_BROKEN;

	if (write(world->go, "", 1) != 1)
		return EXIT_BROKEN;
	while (!reap(world, &status)) {
		if (poll(events, ARRAY_SIZE(events), -1) < 0 && errno != EINTR)
			return EXIT_BROKEN;
		if (events[1].revents & POLLIN)
			answer(world, stage);
	}
	return status;
}

static int prepare(struct world *world)
{
	int r = make_mounts(world);

	if (r == 0)
		r = prepare_command(world);
	if (r == 0)
		r = drop_descriptors(world);
	if (r == 0)
		r = prepare_events(world);
	return r;
}

/* Ends all processes of the scene if no end of a PID namespace does. Those that have lost their
 * parent come to this process. */
static void end_children(const struct world *world)
{
	char path[64];
	int pid;

	if (!world->is_host)
		return;
	snprintf(path, sizeof(path), "/proc/self/task/%d/children", (int)getpid());
	do {
		_cleanup_fclose_ FILE *children = fopen(path, "re");

		while (children && fscanf(children, "%d", &pid) == 1)
			kill(pid, SIGKILL);
	} while (waitpid(-1, NULL, 0) > 0 || errno == EINTR);
}

static int be_subreaper(const struct world *world)
{
	if (!world->is_host)
		return 0;
	if (access("/proc/thread-self/children", R_OK) < 0)
		return stage_fail("list of children", errno);
	return prctl(PR_SET_CHILD_SUBREAPER, 1) < 0 ? stage_fail("subreaper", errno) : 0;
}

/* PID 1: when it ends the kernel ends all others, and then the mounts are gone. With is_host a
 * subreaper, which ends its children. */
static _noreturn_ void be_init(struct world *world)
{
	struct stage stage = {.truth = truth_new(), .dir = world->dir, .is_host = world->is_host};
	int status, r = be_subreaper(world);

	if (r == 0)
		r = prepare(world);
	if (r == 0)
		r = build(world, &stage);
	if (r == 0)
		status = serve(world, &stage);
	else
		status = is_refusal(r) ? EXIT_SKIP : EXIT_BROKEN;
	if (r == 0 && world->scene->end)
		world->scene->end(&stage);
	end_children(world);
	_exit(status);
}

/* Ends with its parent, also if that is dead already: then the other end is closed. */
static bool tie_to_parent(int parent)
{
	struct pollfd end = {.fd = parent};

	return prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && poll(&end, 1, 0) == 0;
}

static pid_t start_world(struct world *world, int flags, const int parent[static 2])
{
	const unsigned uid = geteuid(), gid = getegid();
	const pid_t pid = stage_clone(flags);

	if (pid < 0)
		return -errno;
	if (pid > 0)
		return pid;
	close(parent[1]);
	if (!tie_to_parent(parent[0]))
		_exit(EXIT_BROKEN);
	const int r = flags & CLONE_NEWUSER ? world_map_root(uid, gid) : 0;
	if (r < 0) {
		stage_fail("uid_map", r);
		_exit(EXIT_SKIP);
	}
	be_init(world);
}

int world_show(const struct scene *scene, bool is_host, char *const command[])
{
	const int apart = is_host ? 0 : CLONE_NEWPID;
	struct world world = {.scene = scene,
	        .is_host = is_host,
	        .command = command,
	        .go = -EBADF,
	        .signals = -EBADF,
	        .step = -EBADF,
	        .done = -EBADF};
	int parent[2], status;
	pid_t pid = -EPERM;

	if (choose_dir(&world) < 0)
		return EXIT_SKIP;
	if (pipe2(parent, O_CLOEXEC) < 0)
		return EXIT_BROKEN;
	if (geteuid() == 0)
		pid = start_world(&world, apart | CLONE_NEWNS, parent);
	if (pid == -EPERM && !is_host)
		pid = start_world(&world, CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS, parent);
	if (pid < 0) {
		stage_fail("a world of its own", pid);
		return EXIT_SKIP;
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return EXIT_BROKEN;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
