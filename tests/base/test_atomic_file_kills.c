/* SPDX-License-Identifier: Apache-2.0 */
/* Writers of files that are killed at any moment, what they leave behind, and others that write in
 * the same directory. On the file system of the build tree, and if possible on tmpfs and overlayfs;
 * on each as it is, and as if it had no O_TMPFILE or there were no /proc. */
#include "base/atomic_file.h"
#include "base/memory.h"
#include "tests/base/child.h"
#include "tests/base/deny.h"
#include "tests/base/folder.h"
#include "tests/base/random.h"
#include "tests/unit.h"

#include <signal.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <time.h>

enum { BIG = 1024 * 1024 + 3, KILLS = 8, KILLS_LONG = 100, N_WRITERS = 6, N_FILES = 40 };

#define LEFT ".nsbrowse-0123456789abcdef"

static char folder[32];

static int enter(void **state)
{
	(void)state;
	return folder_enter(folder);
}

static int leave(void **state)
{
	(void)state;
	return folder_leave(folder);
}

/* What the file system lacks. */
enum lack { LACK_NOTHING, LACK_TMPFILE, LACK_PROC, LACKS };

/* In a child process. */
static int lack(enum lack what)
{
	if (what == LACK_TMPFILE)
		return deny_syscall_with(SYS_openat, 2, O_TMPFILE, EOPNOTSUPP);
	if (what == LACK_PROC)
		return deny_syscall_with(SYS_linkat, 4, AT_SYMLINK_FOLLOW, ENOENT);
	return 0;
}

/* Writes `len` times `byte` to `path`. */
static int put(const char *path, char byte, size_t len, unsigned flags)
{
	_cleanup_close_ int source = source_new(byte, len);

	return folder_write(path, source, flags);
}

/* --- killed ---------------------------------------------------------------------------------- */

struct killed {
	long moment; /* nanoseconds */
	enum lack lack;
	bool is_new; /* a new file each time; else one is replaced */
};

/* Writes the file again and again until a timer kills the process. */
static int write_until_killed(void *data)
{
	const struct killed *killed = data;
	const struct itimerspec moment = {.it_value.tv_nsec = 1 + killed->moment};
	struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGKILL};
	_cleanup_close_ int a = source_new('a', BIG), b = source_new('b', BIG);
	timer_t timer;

	if (lack(killed->lack) < 0 || timer_create(CLOCK_MONOTONIC, &event, &timer) < 0 ||
	        timer_settime(timer, 0, &moment, NULL) < 0)
		return 1;
	for (int i = 0;; i++) {
		if (killed->is_new)
			unlink("file");
		if (folder_write("file", i % 2 ? b : a, killed->is_new ? 0 : ATOMIC_FILE_REPLACE) !=
		        0)
			return 2;
	}
}

static bool has_unnamed_files(void)
{
	_cleanup_close_ int fd = open(".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);

	return fd >= 0;
}

/* Returns the number of temporary files that are left, after the next run 0. */
static int kill_once(const struct killed *killed)
{
	off_t len;

	assert_int_equal(put("file", 'a', BIG, ATOMIC_FILE_REPLACE), 0);
	const int status = in_child(write_until_killed, (void *)(uintptr_t)killed);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	const char byte = file_byte("file", &len);
	assert_true((killed->is_new && len < 0) || ((byte == 'a' || byte == 'b') && len == BIG));
	const int n_left = folder_count(".nsbrowse-", 0);
	assert_true(n_left <= 1);
	if (killed->lack == LACK_NOTHING && killed->is_new && has_unnamed_files())
		assert_int_equal(n_left, 0);
	assert_int_equal(put("other", 'o', 1, ATOMIC_FILE_REPLACE), 0);
	assert_int_equal(folder_count(".nsbrowse-", 0), 0);
	return n_left;
}

static void killed_at_any_moment(void **state)
{
	static const char *const names[LACKS] = {"", ", no O_TMPFILE", ", no /proc"};
	const char *place = *state;
	const int n_kills = getenv("NSBROWSE_LONG") ? KILLS_LONG : KILLS;
	uint64_t seed = 4711;

	for (int i = 0; i < 2 * LACKS; i++) {
		struct killed killed = {.lack = (enum lack)(i / 2), .is_new = i % 2};
		int n_left = 0;

		for (int j = 0; j < n_kills; j++) {
			killed.moment = (long)random_below(&seed, 20 * 1000 * 1000);
			n_left += kill_once(&killed);
		}
		printf("# R16: %s%s, %s: %d kills, 0 parts; %d temporary files, 0 after the next "
		       "run\n",
		        place, names[i / 2], killed.is_new ? "new file" : "replaced", n_kills,
		        n_left);
	}
}

/* --- what is left ---------------------------------------------------------------------------- */

static void make_left(const char *name)
{
	const int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	close(fd);
}

/* Whether the next run removes the file. */
static bool is_removed(const char *name)
{
	struct stat st;

	alarm(60); /* opening a FIFO would block */
	assert_int_equal(put("next", 'n', 1, ATOMIC_FILE_REPLACE), 0);
	alarm(0);
	return lstat(name, &st) < 0;
}

static void own_file_is_removed(void **state)
{
	(void)state;
	make_left(LEFT);
	assert_true(is_removed(LEFT));
	make_left(LEFT);
	assert_int_equal(put("next", 'n', 1, 0), ATOMIC_FILE_EXISTS);
	assert_int_equal(folder_count(".nsbrowse-", 0), 1);
	assert_int_equal(put("new", 'n', 1, 0), 0);
	assert_int_equal(folder_count(".nsbrowse-", 0), 0);
}

static void other_names_stay(void **state)
{
	static const char *const names[] = {".nsbrowse-", ".nsbrowse-0123456789abcde",
	        ".nsbrowse-0123456789abcdefg", ".nsbrowse-0123456789ABCDEF",
	        ".nsbrowse-0123456789abcdeg", "nsbrowse-0123456789abcdef"};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		make_left(names[i]);
		assert_false(is_removed(names[i]));
	}
}

static void locked_file_stays(void **state)
{
	(void)state;
	make_left(LEFT);
	_cleanup_close_ int fd = open(LEFT, O_RDONLY | O_CLOEXEC);
	assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), 0);
	assert_false(is_removed(LEFT));
	close_fd(&fd);
	assert_true(is_removed(LEFT));
}

static void planted_files_stay(void **state)
{
	off_t len;

	(void)state;
	assert_int_equal(put("victim", 'v', 10, 0), 0);
	assert_int_equal(link("victim", LEFT), 0);
	assert_false(is_removed(LEFT));
	assert_int_equal(unlink(LEFT), 0);
	assert_int_equal(symlink("victim", LEFT), 0);
	assert_false(is_removed(LEFT));
	assert_int_equal(unlink(LEFT), 0);
	assert_int_equal(mkfifo(LEFT, 0600), 0);
	assert_false(is_removed(LEFT));
	assert_int_equal(unlink(LEFT), 0);
	assert_int_equal(mkdir(LEFT, 0700), 0);
	assert_false(is_removed(LEFT));
	assert_int_equal(rmdir(LEFT), 0);
	assert_int_equal(file_byte("victim", &len), 'v');
	/* Only root may give a file to another user. */
	make_left(LEFT);
	if (chown(LEFT, 65534, (gid_t)-1) == 0)
		assert_false(is_removed(LEFT));
}

/* --- others that write ----------------------------------------------------------------------- */

/* The ends of two pipes, in a child process that waits while its temporary file is full, but not
 * yet renamed; else -1. */
static int announce = -1, go_on = -1;

/* In the place of the function of the C library. */
int fsync(int fd)
{
	char byte = 0;

	if (announce >= 0 && (write(announce, &byte, 1) != 1 || read(go_on, &byte, 1) != 1))
		_exit(3);
	return (int)syscall(SYS_fsync, fd);
}

struct waits {
	int announced[2], released[2]; /* pipes */
};

/* Without the ends of the other process, so that it does not wait for one that has ended. */
static int write_and_wait(const struct waits *waits)
{
	close(waits->announced[0]);
	close(waits->released[1]);
	if (lack(LACK_TMPFILE) < 0)
		return 1;
	announce = waits->announced[1];
	go_on = waits->released[0];
	return put("slow", 's', 1, ATOMIC_FILE_REPLACE) == 0 ? 0 : 2;
}

static void a_file_stays_while_it_is_written(void **state)
{
	struct waits waits;
	char bytes[2] = {0};
	int status = -1;
	off_t len;

	(void)state;
	assert_int_equal(pipe2(waits.announced, O_CLOEXEC), 0);
	assert_int_equal(pipe2(waits.released, O_CLOEXEC), 0);
	const pid_t pid = fork();
	if (pid == 0)
		_exit(write_and_wait(&waits));
	close_fd(&waits.announced[1]);
	assert_int_equal(read(waits.announced[0], bytes, 1), 1);
	assert_int_equal(put("next", 'n', 1, ATOMIC_FILE_REPLACE), 0);
	const int n_left = folder_count(".nsbrowse-", 0);
	/* One for the file, one for its directory. */
	assert_int_equal(write(waits.released[1], bytes, 2), 2);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	close_fd(&waits.announced[0]);
	close_fd(&waits.released[0]);
	close_fd(&waits.released[1]);
	assert_int_equal(n_left, 1);
	assert_int_equal(status, 0);
	assert_int_equal(file_byte("slow", &len), 's');
	assert_int_equal(folder_count(".nsbrowse-", 0), 0);
}

/* Each writes a file of its own many times. A temporary file that another one removed could not be
 * renamed. */
static int write_often(void *data)
{
	const char name[] = {(char)('0' + *(const int *)data), '\0'};

	if (lack(LACK_TMPFILE) < 0)
		return 1;
	for (int i = 0; i < N_FILES; i++) {
		if (put(name, 'w', 1, ATOMIC_FILE_REPLACE) != 0)
			return 2;
	}
	return 0;
}

static void writers_keep_their_files(void **state)
{
	pid_t pids[N_WRITERS];

	(void)state;
	for (int i = 0; i < N_WRITERS; i++) {
		pids[i] = fork();
		if (pids[i] == 0)
			_exit(write_often(&i));
	}
	for (int i = 0; i < N_WRITERS; i++) {
		int status = -1;

		assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
		assert_int_equal(status, 0);
	}
	assert_int_equal(folder_count(".nsbrowse-", 0), 0);
	assert_int_equal(folder_count("", 0), N_WRITERS);
}

/* --- file systems ---------------------------------------------------------------------------- */

#define in_folder(test) cmocka_unit_test_setup_teardown(test, enter, leave)

static int test_on(const char *place)
{
	const struct CMUnitTest tests[] = {
	        {"killed_at_any_moment", killed_at_any_moment, enter, leave,
	                (void *)(uintptr_t)place},
	        in_folder(own_file_is_removed),
	        in_folder(other_names_stay),
	        in_folder(locked_file_stays),
	        in_folder(planted_files_stay),
	        in_folder(a_file_stays_while_it_is_written),
	        in_folder(writers_keep_their_files),
	};

	return cmocka_run_group_tests_name(place, tests, NULL, NULL);
}

/* Upon the tmpfs of the working directory. */
static int mount_overlay(void)
{
	if (mkdir("lower", 0700) < 0 || mkdir("upper", 0700) < 0 || mkdir("work", 0700) < 0 ||
	        mkdir("merged", 0700) < 0 ||
	        mount("none", "merged", "overlay", 0,
	                "lowerdir=lower,upperdir=upper,workdir=work,userxattr") < 0 ||
	        chdir("merged") < 0)
		return -errno;
	return 0;
}

int main(void)
{
	int r = test_on("the build tree");
	const int mounted = folder_mount_tmpfs(NULL);

	if (mounted < 0) {
		printf("# R16: no tmpfs: %s\n", strerror(-mounted));
		return r;
	}
	r |= test_on("tmpfs");
	const int overlaid = mount_overlay();
	if (overlaid < 0)
		printf("# R16: no overlayfs: %s\n", strerror(-overlaid));
	else
		r |= test_on("overlayfs");
	return r;
}
