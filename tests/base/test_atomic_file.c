/* SPDX-License-Identifier: Apache-2.0 */
#include "base/atomic_file.h"
#include "base/memory.h"
#include "tests/base/child.h"
#include "tests/base/deny.h"
#include "tests/base/folder.h"
#include "tests/unit.h"

#include <limits.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <time.h>

enum { BIG = 1024 * 1024 + 3, N_RIVALS = 8 };

#define NOREPLACE 1u /* RENAME_NOREPLACE, which not each C library has */

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

/* Writes `len` times `byte` to `path`. */
static int put(const char *path, char byte, size_t len, unsigned flags)
{
	_cleanup_close_ int source = source_new(byte, len);

	return folder_write(path, source, flags);
}

static void assert_file(const char *path, char byte, off_t len)
{
	off_t found;

	assert_int_equal(file_byte(path, &found), byte);
	assert_int_equal(found, len);
	assert_int_equal(folder_count(".nsbrowse-", 0), 0);
}

static void new_file(void **state)
{
	struct stat stat;

	(void)state;
	assert_int_equal(put("new", 'n', BIG, 0), 0);
	assert_file("new", 'n', BIG);
	assert_int_equal(lstat("new", &stat), 0);
	assert_int_equal(stat.st_mode, S_IFREG | 0600);
	assert_int_equal(put("empty", 'n', 0, ATOMIC_FILE_REPLACE), 0);
	assert_file("empty", '0', 0);
	char here[PATH_MAX];
	assert_non_null(getcwd(here, sizeof(here)));
	_cleanup_free_ char *path = memory_printf("%s/absolute", here);
	assert_int_equal(put(path, 'x', 3, 0), 0);
	assert_file("absolute", 'x', 3);
}

static void existing_file(void **state)
{
	(void)state;
	assert_int_equal(put("old", 'o', 10, 0), 0);
	assert_int_equal(put("old", 'n', 20, 0), ATOMIC_FILE_EXISTS);
	assert_file("old", 'o', 10);
	assert_int_equal(put("old", 'n', 20, ATOMIC_FILE_REPLACE), 0);
	assert_file("old", 'n', 20);
}

/* Only root may give a file to another user; without that all files are our own. */
static void own_file(void **state)
{
	const unsigned flags = ATOMIC_FILE_REPLACE_OWN | ATOMIC_FILE_READABLE;
	const mode_t before = umask(0077);
	struct stat stat;

	(void)state;
	assert_int_equal(put("own", 'o', 10, flags), 0);
	assert_file("own", 'o', 10);
	assert_int_equal(put("own", 'n', 20, flags), 0);
	assert_file("own", 'n', 20);
	assert_int_equal(lstat("own", &stat), 0);
	assert_int_equal(stat.st_mode, S_IFREG | 0644);
	umask(before);
	if (chown("own", 65534, (gid_t)-1) < 0)
		return;
	assert_int_equal(put("own", 'x', 30, flags), ATOMIC_FILE_NOT_OWN);
	assert_file("own", 'n', 20);
	assert_int_equal(put("own", 'x', 30, flags | ATOMIC_FILE_REPLACE), 0);
	assert_file("own", 'x', 30);
}

static void make_socket(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	_cleanup_close_ int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	strncpy(address.sun_path, path, sizeof(address.sun_path) - 1);
	assert_int_equal(bind(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
}

/* Milliseconds until it is refused; on a busy host the best of some. */
static double refuse(const char *path, unsigned flags)
{
	double best = 1e9;

	for (int i = 0; i < 5; i++) {
		struct timespec start, end;

		clock_gettime(CLOCK_MONOTONIC, &start);
		assert_int_equal(put(path, 'n', BIG, flags), ATOMIC_FILE_NOT_REGULAR);
		clock_gettime(CLOCK_MONOTONIC, &end);
		const double ms = (double)(end.tv_sec - start.tv_sec) * 1e3 +
		                  (double)(end.tv_nsec - start.tv_nsec) / 1e6;
		best = MIN(best, ms);
	}
	return best;
}

static void planted_targets_are_refused(void **state)
{
	double slowest = 0;

	static const char *const planted[] = {"link", "dangling", "to-device", "fifo", "directory",
	        "socket", "/dev/null", "/dev/full"};
	(void)state;
	assert_int_equal(put("victim", 'v', 10, 0), 0);
	assert_int_equal(symlink("victim", "link"), 0);
	assert_int_equal(symlink("nowhere", "dangling"), 0);
	assert_int_equal(symlink("/dev/null", "to-device"), 0);
	assert_int_equal(mkfifo("fifo", 0600), 0);
	assert_int_equal(mkdir("directory", 0700), 0);
	make_socket("socket");
	const int n_before = folder_count("", 0);
	alarm(60); /* opening a FIFO without a reader would block */
	for (size_t i = 0; i < ARRAY_SIZE(planted); i++) {
		struct stat before, after;

		assert_int_equal(lstat(planted[i], &before), 0);
		for (unsigned flags = 0; flags <= ATOMIC_FILE_REPLACE_OWN; flags++) {
			const double took = refuse(planted[i], flags);

			slowest = MAX(slowest, took);
		}
		assert_int_equal(lstat(planted[i], &after), 0);
		assert_int_equal(before.st_ino, after.st_ino);
		assert_int_equal(before.st_mode, after.st_mode);
	}
	alarm(0);
	assert_file("victim", 'v', 10);
	assert_int_equal(access("nowhere", F_OK), -1);
	assert_int_equal(folder_count("", 0), n_before);
	assert_true(slowest < 100);
	printf("# R16: %zu planted targets refused, the slowest in %.1f ms, victims unchanged\n",
	        ARRAY_SIZE(planted), slowest);
}

/* The other names of a file keep what they had. */
static void hard_link_of_a_victim(void **state)
{
	(void)state;
	assert_int_equal(put("victim", 'v', 10, 0), 0);
	assert_int_equal(link("victim", "linked"), 0);
	assert_int_equal(put("linked", 'n', 20, 0), ATOMIC_FILE_EXISTS);
	assert_file("victim", 'v', 10);
	assert_int_equal(put("linked", 'n', 20, ATOMIC_FILE_REPLACE), 0);
	assert_file("victim", 'v', 10);
	assert_file("linked", 'n', 20);
}

static void odd_paths(void **state)
{
	char longest[257];

	(void)state;
	assert_int_equal(put("", 'n', 1, 0), -ENOENT);
	assert_int_equal(put(".", 'n', 1, ATOMIC_FILE_REPLACE), ATOMIC_FILE_NOT_REGULAR);
	assert_int_equal(put("..", 'n', 1, ATOMIC_FILE_REPLACE), ATOMIC_FILE_NOT_REGULAR);
	assert_int_equal(put("/", 'n', 1, ATOMIC_FILE_REPLACE), ATOMIC_FILE_NOT_REGULAR);
	assert_int_equal(put("missing/", 'n', 1, ATOMIC_FILE_REPLACE), -EISDIR);
	assert_int_equal(put("missing/x", 'n', 1, ATOMIC_FILE_REPLACE), -ENOENT);
	assert_int_equal(put("file", 'n', 1, ATOMIC_FILE_REPLACE), 0);
	assert_int_equal(put("file/x", 'n', 1, ATOMIC_FILE_REPLACE), -ENOTDIR);
	memset(longest, 'l', 256);
	longest[256] = '\0';
	assert_int_equal(put(longest, 'n', 1, 0), -ENAMETOOLONG);
	longest[255] = '\0';
	assert_int_equal(put(longest, 'n', 1, 0), 0);
}

/* As on a file system without O_TMPFILE. */
static int deny_unnamed(void)
{
	return deny_syscall_with(SYS_openat, 2, O_TMPFILE, EOPNOTSUPP);
}

static int write_unreadable_with_names(void *data)
{
	const int source = *(const int *)data;

	if (deny_unnamed() < 0)
		return 1;
	if (folder_write("kept", source, ATOMIC_FILE_REPLACE) != -EBADF)
		return 2;
	return folder_write("fresh", source, 0) == -EBADF ? 0 : 3;
}

static void unreadable_source(void **state)
{
	_cleanup_close_ int source = open("/dev/null", O_WRONLY | O_CLOEXEC);

	(void)state;
	assert_int_equal(put("kept", 'k', 5, 0), 0);
	assert_int_equal(folder_write("kept", source, ATOMIC_FILE_REPLACE), -EBADF);
	assert_int_equal(folder_write("fresh", source, 0), -EBADF);
	assert_int_equal(in_child(write_unreadable_with_names, &source), 0);
	assert_file("kept", 'k', 5);
	assert_int_equal(access("fresh", F_OK), -1);
}

static int write_beyond_limit(void *data)
{
	const struct rlimit limit = {.rlim_cur = 64 * 1024, .rlim_max = 64 * 1024};
	sigset_t pending;

	(void)data;
	signal(SIGXFSZ, SIG_DFL);
	if (setrlimit(RLIMIT_FSIZE, &limit) < 0)
		return 1;
	_cleanup_close_ int source = open("big", O_RDONLY | O_CLOEXEC);
	if (folder_write("kept", source, ATOMIC_FILE_REPLACE) != -EFBIG)
		return 2;
	if (folder_write("fresh", source, 0) != -EFBIG)
		return 3;
	return sigpending(&pending) == 0 && !sigismember(&pending, SIGXFSZ) ? 0 : 4;
}

static void no_room_for_it(void **state)
{
	(void)state;
	assert_int_equal(put("big", 'b', BIG, 0), 0);
	assert_int_equal(put("kept", 'k', 5, 0), 0);
	assert_int_equal(in_child(write_beyond_limit, NULL), 0);
	assert_file("kept", 'k', 5);
	assert_int_equal(access("fresh", F_OK), -1);
}

/* An error that is reported only by fsync. */
static int write_without_sync(void *data)
{
	(void)data;
	if (deny_syscall(SYS_fsync, EIO) < 0)
		return 1;
	return put("unsynced", 'u', 9, 0) == -EIO ? 0 : 2;
}

static void disk_fails(void **state)
{
	(void)state;
	assert_int_equal(in_child(write_without_sync, NULL), 0);
	assert_int_equal(access("unsynced", F_OK), -1);
}

static int write_by_link(void *data)
{
	(void)data;
	if (deny_unnamed() < 0 || deny_syscall_with(SYS_renameat2, 4, NOREPLACE, EINVAL) < 0)
		return 1;
	if (put("linked", 'l', 9, 0) != 0)
		return 2;
	return put("linked", 'm', 9, 0) == ATOMIC_FILE_EXISTS ? 0 : 3;
}

static void file_system_without_noreplace(void **state)
{
	struct stat stat;

	(void)state;
	assert_int_equal(in_child(write_by_link, NULL), 0);
	assert_file("linked", 'l', 9);
	assert_int_equal(lstat("linked", &stat), 0);
	assert_int_equal(stat.st_nlink, 1);
}

/* If several processes find the name free, only one writes it. */
static void rivals(void **state)
{
	pid_t pids[N_RIVALS];
	int start[2], n_won = 0;

	(void)state;
	assert_int_equal(pipe(start), 0);
	for (int i = 0; i < N_RIVALS; i++) {
		pids[i] = fork();
		if (pids[i] == 0) {
			char byte;

			close(start[1]);
			if (read(start[0], &byte, 1) != 0)
				_exit(2);
			const int r = put("prize", (char)('a' + i), BIG, 0);
			_exit(r == 0 ? 0 : r == ATOMIC_FILE_EXISTS ? 1 : 3);
		}
	}
	close(start[0]);
	close(start[1]);
	for (int i = 0; i < N_RIVALS; i++) {
		int status = -1;

		assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) <= 1);
		n_won += WEXITSTATUS(status) == 0;
	}
	assert_int_equal(n_won, 1);
	off_t len;
	assert_true(file_byte("prize", &len) != '!' && len == BIG);
	assert_int_equal(folder_count(".nsbrowse-", 0), 0);
}

/* A place that was opened with other rights, or before the working directory changed. */
static void place_that_is_opened_first(void **state)
{
	struct atomic_file_place place;
	_cleanup_close_ int source = source_new('p', 7);

	(void)state;
	assert_int_equal(mkdir("away", 0700), 0);
	assert_int_equal(atomic_file_open_place("away/file", geteuid(), &place), 0);
	assert_int_equal(rename("away", "moved"), 0);
	assert_int_equal(atomic_file_write_in(&place, source, 0), 0);
	assert_int_equal(atomic_file_write_in(&place, source, 0), ATOMIC_FILE_EXISTS);
	assert_int_equal(atomic_file_write_in(&place, source, ATOMIC_FILE_REPLACE), 0);
	atomic_file_close_place(&place);
	assert_true(place.directory < 0);
	assert_file("moved/file", 'p', 7);
}

/* A directory that may be written, but not read. */
static void unreadable_directory(void **state)
{
	(void)state;
	assert_int_equal(mkdir("drop", 0300), 0);
	assert_int_equal(put("drop/file", 'd', 7, 0), 0);
	assert_int_equal(put("drop/file", 'e', 8, ATOMIC_FILE_REPLACE), 0);
	assert_file("drop/file", 'e', 8);
	assert_int_equal(chmod("drop", 0700), 0); /* to remove it */
}

static void words(void **state)
{
	static const struct {
		int error;
		const char *text;
	} rows[] = {
	        {ATOMIC_FILE_EXISTS, "File exists"},
	        {ATOMIC_FILE_NOT_REGULAR, "not a regular file"},
	        {-ENOSPC, "No space left on device"},
	};
	const struct atomic_file_place place = {.directory = -EBADF};
	char text[160];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		atomic_file_explain(rows[i].error, &place, text, sizeof(text));
		assert_string_equal(text, rows[i].text);
	}
}

static void words_for_a_link(void **state)
{
	const struct atomic_file_place place = {.link_owner = 4711, .name = "a\nb"};
	char text[160];

	(void)state;
	atomic_file_explain(ATOMIC_FILE_LINK, &place, text, sizeof(text));
	assert_string_equal(text, "the link of user 4711 in its path is not followed: a\\x0ab");
	atomic_file_explain(-ENOSPC, &place, text, sizeof(text));
	assert_string_equal(text, "No space left on device");
}

#define in_folder(test) cmocka_unit_test_setup_teardown(test, enter, leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
	        in_folder(new_file),
	        in_folder(existing_file),
	        in_folder(own_file),
	        in_folder(planted_targets_are_refused),
	        in_folder(hard_link_of_a_victim),
	        in_folder(odd_paths),
	        in_folder(unreadable_source),
	        in_folder(no_room_for_it),
	        in_folder(disk_fails),
	        in_folder(file_system_without_noreplace),
	        in_folder(rivals),
	        in_folder(place_that_is_opened_first),
	        in_folder(unreadable_directory),
	        cmocka_unit_test(words),
	        cmocka_unit_test(words_for_a_link),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
