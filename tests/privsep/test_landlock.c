/* SPDX-License-Identifier: Apache-2.0 */
/* Landlock: what a process may write and read after it has restricted itself. */
#include "base/attributes.h"
#include "base/memory.h"
#include "privsep/landlock.h"
#include "tests/unit.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

enum { EXIT_SKIPPED = 77 };

/* Two directories, `in` with a file and `out` with a file; the working directory is above them. */
static char folder[] = "/tmp/nsbrowse-landlock-XXXXXX";

static int make_folder(void **state)
{
	static const char *const files[] = {"in/file", "out/file"};

	(void)state;
	if (!mkdtemp(folder) || chdir(folder) < 0 || mkdir("in", 0700) < 0 ||
	        mkdir("out", 0700) < 0)
		return -1;
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		const int fd = open(files[i], O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

		if (fd < 0)
			return -1;
		close(fd);
	}
	return 0;
}

static int remove_folder(void **state)
{
	(void)state;
	unlink("in/file");
	unlink("in/new");
	unlink("out/file");
	unlink("out/new");
	return rmdir("in") < 0 || rmdir("out") < 0 || rmdir(folder) < 0 ? -1 : 0;
}

/* 0 or the negative errno of open(2). */
static int try_open(const char *path, int flags)
{
	_cleanup_close_ int fd = open(path, flags | O_CLOEXEC, 0600);

	return fd < 0 ? -errno : 0;
}

static int expect(const char *what, int found, int wanted)
{
	if (found == wanted)
		return 0;
	printf("%s: %s, expected: %s\n", what, strerror(-found), strerror(-wanted));
	return 1;
}

/* The exit status of `run` in a process of its own. */
static int in_child(int (*run)(void))
{
	int status = 0;
	const pid_t pid = fork();

	if (pid == 0) {
		const int failed = run();

		fflush(stdout);
		_exit(failed);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int write_in_one(void)
{
	const int in = open("in", O_PATH | O_DIRECTORY | O_CLOEXEC);
	const int directories[] = {-EBADF, in};
	int failed = expect("restrict", landlock_write_beneath(directories, 2), 0);
	const int unnamed = open("in", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);

	failed += expect("make", try_open("in/new", O_WRONLY | O_CREAT | O_EXCL), 0);
	failed += expect("write", try_open("in/file", O_WRONLY | O_TRUNC), 0);
	failed += expect("rename", rename("in/new", "in/file") < 0 ? -errno : 0, 0);
	failed += unnamed < 0 && errno != EOPNOTSUPP;
	if (unnamed >= 0) {
		_cleanup_free_ char *path = memory_printf("/proc/self/fd/%d", unnamed);

		failed += expect("link",
		        linkat(AT_FDCWD, path, in, "new", AT_SYMLINK_FOLLOW) < 0 ? -errno : 0, 0);
	}
	failed += expect("read elsewhere", try_open("out/file", O_RDONLY), 0);
	failed += expect("write elsewhere", try_open("out/file", O_WRONLY), -EACCES);
	failed +=
	        expect("make elsewhere", try_open("out/new", O_WRONLY | O_CREAT | O_EXCL), -EACCES);
	failed += expect("remove elsewhere", unlink("out/file") < 0 ? -errno : 0, -EACCES);
	failed += rename("in/file", "out/file") == 0;
	return failed;
}

static void only_beneath_a_directory(void **state)
{
	(void)state;
	assert_int_equal(in_child(write_in_one), 0);
}

static int read_in_one(void)
{
	static const char *const paths[] = {"/nonexistent/nsbrowse", "in", "out/file"};
	const int ruleset = landlock_make_reading(paths, ARRAY_SIZE(paths));
	int failed = ruleset < 0;

	failed += expect("before", try_open("out", O_RDONLY | O_DIRECTORY), 0);
	failed += expect("restrict", landlock_restrict(ruleset), 0);
	failed += expect("list", try_open("in", O_RDONLY | O_DIRECTORY), 0);
	failed += expect("read", try_open("in/file", O_RDONLY), 0);
	failed += expect("read a file", try_open("out/file", O_RDONLY), 0);
	failed += expect("list elsewhere", try_open("out", O_RDONLY | O_DIRECTORY), -EACCES);
	failed += expect("read elsewhere", try_open("/proc/self/status", O_RDONLY), -EACCES);
	failed += expect("write", try_open("in/file", O_WRONLY), -EACCES);
	failed += expect("make", try_open("in/other", O_WRONLY | O_CREAT | O_EXCL), -EACCES);
	execl("/bin/true", "true", NULL);
	failed += expect("execute", -errno, -EACCES);
	return failed;
}

static void only_reading_beneath_paths(void **state)
{
	(void)state;
	assert_int_equal(in_child(read_in_one), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(only_beneath_a_directory),
	        cmocka_unit_test(only_reading_beneath_paths),
	};

	if (landlock_version() == 0) {
		print_message("this kernel has no Landlock\n");
		return EXIT_SKIPPED;
	}
	printf("# R24: Landlock %d: written only beneath one directory, read only beneath "
	       "those of a list\n",
	        landlock_version());
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
