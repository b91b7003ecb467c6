/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/cmd/browse.h"

#include "base/memory.h"
#include "base/monotonic.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

enum { DEADLINE_MS = 20000 };

char *path_of(const char *variable, const char *file)
{
	const char *top = getenv(variable);

	return memory_printf("%s/%s", top ? top : ".", file);
}

struct pty *browse(
        int rows, int columns, const char *const *arguments, const char *const *environment)
{
	_cleanup_free_ char *program = path_of("top_builddir", "nsbrowse");
	const char *argv[8] = {program};

	for (size_t i = 0; arguments[i]; i++)
		argv[i + 1] = arguments[i];
	return pty_start(&(struct pty_options){
	        .rows = rows, .columns = columns, .argv = argv, .environment = environment});
}

struct pty *browse_demo_with(int rows, int columns, const char *const *environment)
{
	_cleanup_free_ char *demo = path_of("top_srcdir", "data/demo.json");
	struct pty *pty = browse(
	        rows, columns, (const char *const[]){"--view=user", demo, NULL}, environment);

	assert_true(pty_wait_for(pty, "systemd"));
	assert_true(pty_sync(pty));
	return pty;
}

struct pty *browse_demo(void)
{
	return browse_demo_with(24, 80, NULL);
}

void assert_given_back(struct pty *pty)
{
	const char *left = pty_left_behind(pty);

	if (left)
		fail_msg("left behind: %s", left);
}

void assert_exits(struct pty *pty, int wanted)
{
	int status = -1;

	assert_true(pty_wait_end(pty, &status));
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), wanted);
	assert_given_back(pty);
	pty_free(pty);
}

void assert_quits(struct pty *pty)
{
	pty_type(pty, "q");
	assert_exits(pty, EXIT_SUCCESS);
}

bool wait_readable(int fd)
{
	struct pollfd poll_fd = {.fd = fd, .events = POLLIN};

	return poll(&poll_fd, 1, DEADLINE_MS) == 1 && (poll_fd.revents & POLLIN);
}

/* --- processes ------------------------------------------------------------------------------- */

/* The parent of a process, as /proc/PID/stat says; 0 if it is gone. */
static pid_t parent_of(int proc, const char *pid)
{
	_cleanup_free_ char *path = memory_printf("%s/stat", pid);
	_cleanup_close_ int fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
	char text[512] = "";

	if (fd < 0 || read(fd, text, sizeof(text) - 1) <= 0)
		return 0;
	/* `) S PPID`: the name before it may hold anything. */
	const char *end = strrchr(text, ')');
	return end && strlen(end) > 4 ? (pid_t)strtol(end + 4, NULL, 10) : 0;
}

static void add(struct family *family, pid_t pid)
{
	assert_true(family->n < ARRAY_SIZE(family->fds));
	family->fds[family->n] = (int)syscall(SYS_pidfd_open, pid, 0);
	assert_true(family->fds[family->n] >= 0);
	family->pids[family->n] = pid;
	family->n++;
}

void family_init(struct family *family, pid_t pid)
{
	DIR *proc = opendir("/proc");

	assert_non_null(proc);
	*family = (struct family){0};
	add(family, pid);
	for (const struct dirent *entry; (entry = readdir(proc));) {
		const pid_t child = (pid_t)strtol(entry->d_name, NULL, 10);

		if (child > 0 && parent_of(dirfd(proc), entry->d_name) == pid)
			add(family, child);
	}
	closedir(proc);
}

void family_release(struct family *family)
{
	for (size_t i = 0; i < family->n; i++)
		close_fd(&family->fds[i]);
	family->n = 0;
}

bool family_is_gone(const struct family *family, int milliseconds)
{
	const int64_t end = monotonic_ms() + milliseconds;

	for (size_t i = 0; i < family->n; i++) {
		struct pollfd poll_fd = {.fd = family->fds[i], .events = POLLIN};
		const int64_t left = end - monotonic_ms();

		if (poll(&poll_fd, 1, left > 0 ? (int)left : 0) != 1)
			return false;
	}
	return true;
}

int skipped(const char *why)
{
	const char *all = getenv("NSBROWSE_REQUIRE_ALL");

	fprintf(stderr, "skipped: %s\n", why);
	return all && strcmp(all, "1") == 0 ? EXIT_FAILURE : EXIT_SKIPPED;
}

static bool put_text(const char *path, const char *text)
{
	_cleanup_close_ int fd = open(path, O_WRONLY | O_CLOEXEC);

	return fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
}

bool become_user(void)
{
	if (geteuid() != 0)
		return true;
	if (unshare(CLONE_NEWUSER) == 0 && put_text("/proc/self/setgroups", "deny") &&
	        put_text("/proc/self/uid_map", "0 0 1") && put_text("/proc/self/gid_map", "0 0 1"))
		return true;
	fprintf(stderr, "no user namespace: %s\n", strerror(errno));
	return false;
}

/* --- files ----------------------------------------------------------------------------------- */

char *temporary_folder(void)
{
	const char *const place = getenv("TMPDIR");
	char *folder = memory_printf("%s/nsbrowse-test-XXXXXX", place ? place : "/tmp");

	assert_non_null(mkdtemp(folder));
	return folder;
}

static int remove_in(int parent, const char *name)
{
	const int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	int n = 0;

	assert_true(fd >= 0);
	DIR *dir = fdopendir(fd);
	assert_non_null(dir);
	for (const struct dirent *entry; (entry = readdir(dir));) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (unlinkat(dirfd(dir), entry->d_name, 0) == 0)
			n++;
		else
			n += remove_in(dirfd(dir), entry->d_name);
	}
	closedir(dir);
	assert_int_equal(unlinkat(parent, name, AT_REMOVEDIR), 0);
	return n;
}

int remove_folder(const char *folder)
{
	return remove_in(AT_FDCWD, folder);
}

int make_fifo(const char *folder, const char *name)
{
	_cleanup_free_ char *path = memory_printf("%s/%s", folder, name);

	assert_int_equal(mkfifo(path, 0600), 0);
	const int fd = open(path, O_RDWR | O_CLOEXEC);
	assert_true(fd >= 0);
	return fd;
}

bool has_scene(const char *name)
{
	_cleanup_free_ char *scene = path_of("top_builddir", "tests/scenes/scene");
	const pid_t pid = fork();
	int status;

	if (pid == 0) {
		execl(scene, scene, name, "true", NULL);
		_exit(1);
	}
	return waitpid(pid, &status, 0) == pid &&
	       !(WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SKIPPED);
}

void assert_prompt(struct pty *pty, int row, const char *prompt)
{
	const char *text = pty_row(pty, row);
	const size_t len = strlen(prompt);

	assert_memory_equal(text, prompt, len);
	assert_true(text[len] == '\0' || strncmp(text + len, "  ", 2) == 0);
}
