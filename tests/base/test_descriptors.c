/* SPDX-License-Identifier: Apache-2.0 */
#include "base/descriptors.h"
#include "tests/base/child.h"
#include "tests/base/deny.h"
#include "tests/unit.h"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#ifndef SYS_close_range
#define SYS_close_range 436
#endif

static bool is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

/* Keeps two open descriptors; *data: without close_range(2). */
static int close_all_but_two(void *data)
{
	const bool *is_old = data;
	int keep[] = {200, -EBADF, 7, 1};

	for (int fd = 3; fd < 12; fd++)
		dup2(STDERR_FILENO, fd);
	dup2(STDERR_FILENO, 200);
	dup2(STDERR_FILENO, 201);
	if (*is_old && deny_syscall(SYS_close_range, ENOSYS) < 0)
		return 2;
	descriptors_close_except(keep, ARRAY_SIZE(keep));
	for (int fd = 0; fd < 1024; fd++) {
		if (is_open(fd) != (fd <= 2 || fd == 7 || fd == 200))
			return 3;
	}
	descriptors_close_except(NULL, 0);
	return !is_open(7) && !is_open(200) && is_open(2) ? 0 : 4;
}

static void only_the_kept_stay(void **state)
{
	bool is_old = false;

	(void)state;
	assert_int_equal(in_child(close_all_but_two, &is_old), 0);
	is_old = true;
	assert_int_equal(in_child(close_all_but_two, &is_old), 0);
}

static int fill(void *data)
{
	struct stat null, filled;

	(void)data;
	close(STDIN_FILENO);
	close(STDERR_FILENO);
	if (descriptors_fill_standard() != 0 || stat("/dev/null", &null) < 0)
		return 1;
	if (fstat(STDIN_FILENO, &filled) < 0 || filled.st_rdev != null.st_rdev)
		return 2;
	if (fstat(STDERR_FILENO, &filled) < 0 || filled.st_rdev != null.st_rdev)
		return 3;
	if (write(STDERR_FILENO, "", 1) >= 0 || errno != EBADF)
		return 4;
	return fstat(STDOUT_FILENO, &filled) == 0 && filled.st_rdev != null.st_rdev ? 0 : 5;
}

static void standard_ones_are_filled(void **state)
{
	(void)state;
	assert_int_equal(in_child(fill, NULL), 0);
}

/* Reads the rest of `fd`, which has `size` bytes of write_pattern, and checks it. */
static void assert_read_all(int fd, size_t max, size_t size, int expected)
{
	struct stat st;
	_cleanup_free_ char *bytes = NULL;
	size_t len;

	assert_int_equal(descriptors_read_all(fd, max, NULL, &bytes, &len), expected);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(len, expected == 0 ? size : S_ISREG(st.st_mode) ? 0 : max);
	for (size_t i = 0; i < len; i++)
		assert_int_equal(bytes[i], (char)('a' + i % 23));
}

static void write_pattern(int fd, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		const char c = (char)('a' + i % 23);

		assert_int_equal(write(fd, &c, 1), 1);
	}
}

static void files_are_read_to_their_end(void **state _unused_)
{
	static const size_t sizes[] = {0, 1, 4095, 70000};

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		const size_t size = sizes[i];
		_cleanup_close_ int fd = memfd_create("file", MFD_CLOEXEC);

		write_pattern(fd, size);
		for (size_t max = size > 2 ? size - 2 : 0; max < size + 3; max++) {
			lseek(fd, 0, SEEK_SET);
			assert_read_all(fd, max, size, max < size ? -EFBIG : 0);
		}
		lseek(fd, 0, SEEK_SET);
		assert_read_all(fd, 1 << 20, size, 0);
		assert_read_all(fd, 1 << 20, 0, 0); /* nothing is left */
	}
}

static void pipes_are_read_to_their_end(void **state _unused_)
{
	int ends[2];
	char bytes[8], start[64];

	assert_int_equal(pipe(ends), 0);
	write_pattern(ends[1], 40);
	/* The end is still open: another read would wait. */
	assert_int_equal(descriptors_read(ends[0], start, sizeof(start), sizeof(start)), 40);
	write_pattern(ends[1], 40);
	assert_int_equal(descriptors_read(ends[0], bytes, 5, 1), 5);
	assert_memory_equal(bytes, "abcde", 5);
	close(ends[1]);
	assert_int_equal(descriptors_read(ends[0], bytes, 0, 1), 0);
	char rest[64];
	assert_int_equal(descriptors_read(ends[0], rest, sizeof(rest), 1), 35);
	assert_int_equal(rest[0], 'f');
	assert_int_equal(descriptors_read(ends[0], rest, sizeof(rest), 1), 0);
	close(ends[0]);
	assert_int_equal(pipe(ends), 0);
	write_pattern(ends[1], 60000);
	close(ends[1]);
	assert_read_all(ends[0], 50000, 60000, -EFBIG);
	assert_read_all(ends[0], 0, 9999, -EFBIG);
	close(ends[0]);
}

static void what_cannot_be_read(void **state _unused_)
{
	_cleanup_close_ int folder = open("/", O_RDONLY | O_CLOEXEC);
	char *bytes;
	size_t len;

	assert_int_equal(descriptors_read_all(folder, 10, NULL, &bytes, &len), -EISDIR);
	assert_int_equal(descriptors_read_all(-EBADF, 10, NULL, &bytes, &len), -EBADF);
	char byte;
	assert_int_equal(descriptors_read(-EBADF, &byte, 1, 1), -EBADF);
}

struct waiting {
	struct progress *progress;
	pthread_t thread;
	unsigned percent; /* when it is cancelled */
};

static void *cancel_at_40(void *data)
{
	struct waiting *waiting = data;

	while (atomic_load(&waiting->progress->done) < 40)
		sched_yield();
	waiting->percent = progress_percent(waiting->progress);
	progress_cancel(waiting->progress);
	return NULL;
}

/* What a thread does with a file: stops when it is cancelled, before it reads and while it waits.
 */
static void another_thread_sees_the_progress_and_cancels(void **state _unused_)
{
	struct progress progress;
	char *bytes;
	size_t len;
	int ends[2];

	assert_int_equal(progress_init(&progress, true), 0);
	assert_int_equal(pipe(ends), 0);
	write_pattern(ends[1], 40);
	close(ends[1]);
	assert_int_equal(descriptors_read_all(ends[0], 50, &progress, &bytes, &len), 0);
	free(bytes);
	assert_int_equal(len, 40);
	assert_int_equal(atomic_load(&progress.done), 40);
	assert_int_equal(progress_percent(&progress), 0);
	close(ends[0]);

	progress_set(&progress, 0, 80);
	assert_int_equal(pipe(ends), 0);
	write_pattern(ends[1], 40);
	struct waiting waiting = {.progress = &progress};
	assert_int_equal(pthread_create(&waiting.thread, NULL, cancel_at_40, &waiting), 0);
	assert_int_equal(descriptors_read_all(ends[0], 50, &progress, &bytes, &len), -ECANCELED);
	assert_int_equal(pthread_join(waiting.thread, NULL), 0);
	assert_int_equal(waiting.percent, 50);
	assert_int_equal(descriptors_read_all(ends[0], 50, &progress, &bytes, &len), -ECANCELED);
	close(ends[0]);
	close(ends[1]);
	progress_release(&progress);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(only_the_kept_stay),
	        cmocka_unit_test(standard_ones_are_filled),
	        cmocka_unit_test(files_are_read_to_their_end),
	        cmocka_unit_test(pipes_are_read_to_their_end),
	        cmocka_unit_test(what_cannot_be_read),
	        cmocka_unit_test(another_thread_sees_the_progress_and_cancels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
