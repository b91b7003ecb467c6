/* SPDX-License-Identifier: Apache-2.0 */
#include "base/attributes.h"
#include "base/directory_path.h"
#include "base/memory.h"
#include "tests/base/folder.h"
#include "tests/unit.h"

#include <signal.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

enum { SWAPS = 20000, EXCHANGE = 2, STRANGER = 54321, OTHER = 54322, UNMAPPED = 65534 };

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

static bool is_same(int fd, const char *path)
{
	struct stat found, wanted;

	assert_int_equal(fstat(fd, &found), 0);
	assert_int_equal(stat(path, &wanted), 0);
	return found.st_dev == wanted.st_dev && found.st_ino == wanted.st_ino;
}

/* Opens it as the effective user: the directory that `path` leads to, or an error. */
static int open_path(const char *path)
{
	struct directory_path_link link;
	_cleanup_close_ int fd = directory_path_open(path, geteuid(), &link);

	if (fd < 0)
		return fd;
	assert_true(is_same(fd, *path ? path : "."));
	return 0;
}

/* --- paths ----------------------------------------------------------------------------------- */

static void plain_paths(void **state)
{
	static const char *const paths[] = {"", ".", "..", "/", "//", "a", "a/", "a//b/", "./a/./b",
	        "a/../a/b/..", "/..", "/../tmp", "/usr/lib/.."};
	char here[PATH_MAX];

	(void)state;
	assert_int_equal(mkdir("a", 0700), 0);
	assert_int_equal(mkdir("a/b", 0700), 0);
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		assert_int_equal(open_path(paths[i]), 0);
	assert_non_null(getcwd(here, sizeof(here)));
	_cleanup_free_ char *whole = memory_printf("%s/a/b", here);
	assert_int_equal(open_path(whole), 0);
}

static void links_of_the_caller(void **state)
{
	static const char *const paths[] = {"relative", "absolute", "up", "chain",
	        "chain/../relative", "relative/up", "dots", "slashes//"};
	char here[PATH_MAX];

	(void)state;
	assert_non_null(getcwd(here, sizeof(here)));
	_cleanup_free_ char *absolute = memory_printf("%s/a", here);
	assert_int_equal(mkdir("a", 0700), 0);
	assert_int_equal(symlink("a", "relative"), 0);
	assert_int_equal(symlink(absolute, "absolute"), 0);
	assert_int_equal(symlink("../a", "a/up"), 0);
	assert_int_equal(symlink("a/../a/up", "up"), 0);
	assert_int_equal(symlink("up/up/up", "chain"), 0);
	assert_int_equal(symlink("..", "dots"), 0);
	assert_int_equal(symlink(".//a///", "slashes"), 0);
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		assert_int_equal(open_path(paths[i]), 0);
}

static void no_directories(void **state)
{
	char longest[PATH_MAX + 2];

	(void)state;
	alarm(60); /* opening a FIFO would block */
	assert_int_equal(mkfifo("fifo", 0600), 0);
	assert_int_equal(symlink("fifo", "to-fifo"), 0);
	assert_int_equal(symlink("nowhere", "dangling"), 0);
	assert_int_equal(open_path("missing"), -ENOENT);
	assert_int_equal(open_path("dangling"), -ENOENT);
	assert_int_equal(open_path("missing/.."), -ENOENT);
	assert_int_equal(open_path("fifo"), -ENOTDIR);
	assert_int_equal(open_path("to-fifo"), -ENOTDIR);
	assert_int_equal(open_path("fifo/.."), -ENOTDIR);
	assert_int_equal(open_path("/dev/null"), -ENOTDIR);
	memset(longest, 'l', 256);
	longest[256] = '\0';
	assert_int_equal(open_path(longest), -ENAMETOOLONG);
	alarm(0);
}

/* l1 leads to the directory, l2 to l1, and so on: 40 are followed, as by open(2). */
static void many_links(void **state)
{
	char before[8] = "end", name[8];

	(void)state;
	assert_int_equal(mkdir("end", 0700), 0);
	assert_int_equal(symlink("round", "round"), 0);
	assert_int_equal(open_path("round"), -ELOOP);
	for (int i = 1; i <= 41; i++) {
		snprintf(name, sizeof(name), "l%d", i);
		assert_int_equal(symlink(before, name), 0);
		assert_int_equal(open_path(name), i <= 40 ? 0 : -ELOOP);
		memcpy(before, name, sizeof(name));
	}
}

/* Each link makes the path longer. */
static void path_that_grows(void **state)
{
	char text[PATH_MAX];

	(void)state;
	for (size_t i = 0; i + 2 < 4000; i += 2)
		memcpy(text + i, "./", 3);
	memcpy(text + 3900, "again", sizeof("again"));
	assert_int_equal(symlink(text, "again"), 0);
	memset(text, '/', 300);
	memcpy(text, "again", 5);
	text[300] = '\0';
	assert_int_equal(open_path(text), -ENAMETOOLONG);
}

/* What such a link says may be the name of another file. */
static void links_of_proc(void **state)
{
	_cleanup_close_ int here = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	_cleanup_free_ char *by_number = memory_printf("/proc/self/fd/%d", here);

	(void)state;
	assert_int_equal(open_path("/proc/self/cwd"), -ELOOP);
	assert_int_equal(open_path("/proc/self/root/tmp"), -ELOOP);
	assert_int_equal(open_path(by_number), -ELOOP);
	assert_int_equal(open_path("/proc/self/ns/user"), -ENOENT);
	assert_int_equal(open_path("/proc/self/fd"), 0);
	assert_int_equal(open_path("/proc/thread-self"), 0);
}

/* --- owners ---------------------------------------------------------------------------------- */

/* `name` in the directory `in`, a link to `target` of that owner. Returns 0 or -errno. */
static int plant(const char *in, mode_t mode, uid_t owner_of_directory, uid_t owner)
{
	_cleanup_free_ char *link = memory_printf("%s/link", in);

	assert_int_equal(mkdir(in, 0700), 0);
	assert_int_equal(symlink("../victim", link), 0);
	if (lchown(link, owner, owner) < 0 || chown(in, owner_of_directory, (gid_t)-1) < 0)
		return -errno;
	assert_int_equal(chmod(in, mode), 0);
	return 0;
}

/* Only root may give a link to another user, and enter the directories of others. */
static void links_of_others(void **state)
{
	static const struct {
		mode_t mode;
		uid_t directory, link, caller;
		bool is_followed;
	} rows[] = {
	        {01777, 0, STRANGER, 0, false},
	        {01777, 0, STRANGER, OTHER, false},
	        {0755, 0, STRANGER, 0, false},
	        {01777, 0, STRANGER, STRANGER, true},
	        {01777, 0, 0, OTHER, true},
	        {01777, STRANGER, STRANGER, OTHER, true},
	        {0755, STRANGER, STRANGER, OTHER, true},
	        {01777, STRANGER, STRANGER, 0, false},
	        {0755, STRANGER, STRANGER, 0, false},
	        {01777, STRANGER, OTHER, 0, false},
	        {01777, STRANGER, 0, OTHER, true},
	        {01777, UNMAPPED, UNMAPPED, 0, false},
	        {0775, UNMAPPED, UNMAPPED, 0, false},
	        {0755, UNMAPPED, UNMAPPED, OTHER, true},
	        {0755, UNMAPPED, UNMAPPED, 0, false},
	        {01777, 0, UNMAPPED, UNMAPPED, false},
	};
	size_t n_followed = 0;

	(void)state;
	assert_int_equal(mkdir("victim", 0700), 0);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct directory_path_link link = {0};
		const int r = plant("in", rows[i].mode, rows[i].directory, rows[i].link);

		if (r < 0) {
			printf("# R16: links of other users: %s\n", strerror(-r));
			skip();
		}
		_cleanup_close_ int fd = directory_path_open("in/link", rows[i].caller, &link);
		if (rows[i].is_followed) {
			assert_true(fd >= 0 && is_same(fd, "victim"));
		} else {
			assert_int_equal(fd, DIRECTORY_PATH_LINK);
			assert_int_equal(link.owner, rows[i].link);
			assert_string_equal(link.name, "link");
		}
		n_followed += rows[i].is_followed;
		assert_int_equal(unlink("in/link"), 0);
		assert_int_equal(rmdir("in"), 0);
	}
	printf("# R16: links to directories, %zu owners: %zu followed, %zu refused\n",
	        ARRAY_SIZE(rows), n_followed, ARRAY_SIZE(rows) - n_followed);
}

/* A link of this user in the directory of root that all may write, for another caller. */
static void link_in_tmp(void **state)
{
	_cleanup_free_ char *path = memory_printf("/tmp/nsbrowse-test-%d", (int)getpid());
	struct directory_path_link link;
	struct stat tmp;
	char here[PATH_MAX];

	(void)state;
	assert_non_null(getcwd(here, sizeof(here)));
	if (geteuid() == 0 || stat("/tmp", &tmp) < 0 || tmp.st_uid == geteuid() ||
	        symlink(here, path) < 0)
		return;
	assert_int_equal(open_path(path), 0);
	_cleanup_close_ int fd = directory_path_open(path, geteuid() + 1, &link);
	unlink(path);
	assert_int_equal(fd, DIRECTORY_PATH_LINK);
	assert_int_equal(link.owner, geteuid());
}

static void exchange(const char *a, const char *b)
{
	syscall(SYS_renameat2, AT_FDCWD, a, AT_FDCWD, b, EXCHANGE);
}

/* A directory that another user replaces by a link, and back, while it is opened. */
static void directory_that_is_swapped(void **state)
{
	int n_links = 0, n_followed = 0;

	(void)state;
	assert_int_equal(mkdir("victim", 0700), 0);
	assert_int_equal(mkdir("real", 0700), 0);
	const int r = plant("in", 01777, 0, STRANGER);
	if (r < 0)
		skip();
	const pid_t pid = fork();
	if (pid == 0)
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (pid == 0)
		exchange("in/link", "real");
	for (int i = 0; i < SWAPS; i++) {
		struct directory_path_link link;
		_cleanup_close_ int fd = directory_path_open("in/link", 0, &link);

		if (fd == DIRECTORY_PATH_LINK)
			n_links++;
		else if (fd >= 0 && is_same(fd, "victim"))
			n_followed++;
	}
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	printf("# R16: a directory that is swapped with a link, opened %d times: 0 followed, %d "
	       "refused\n",
	        SWAPS, n_links);
	assert_int_equal(n_followed, 0);
	assert_int_equal(folder_count("", 0), 3);
}

#define in_folder(test) cmocka_unit_test_setup_teardown(test, enter, leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
	        in_folder(plain_paths),
	        in_folder(links_of_the_caller),
	        in_folder(no_directories),
	        in_folder(many_links),
	        in_folder(path_that_grows),
	        in_folder(links_of_proc),
	        in_folder(links_of_others),
	        in_folder(link_in_tmp),
	        in_folder(directory_that_is_swapped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
