/* SPDX-License-Identifier: Apache-2.0 */
#include "base/descriptors.h"
#include "tests/base/child.h"
#include "tests/base/deny.h"
#include "tests/unit.h"

#include <fcntl.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#ifndef SYS_close_range
#define SYS_close_range 436
#endif

static bool is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

/* Keeps two of what is open; *data says whether the kernel shall be an old one. */
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

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(only_the_kept_stay),
	        cmocka_unit_test(standard_ones_are_filled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
