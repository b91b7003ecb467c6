/* SPDX-License-Identifier: Apache-2.0 */
/* Errors of other kernels: the library's source with its system calls replaced. */
#include "nsrel/nsfs_uapi.h"
#include "nsrel/nsrel.h"
#include "nsrel/statx.h"
#include "tests/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

/* The results of the next calls. An error of 0: as for a namespace. */
static struct {
	int pin_error, open_error, readlink_error, statx_error, statfs_error, fstat_error;
	int ioctl_error;
	unsigned ioctl_number;     /* of the last ioctl */
	const char *text;          /* of the link to the open file */
	unsigned minor, own_minor; /* devices of the open file and of the own namespace */
	long magic, own_magic;
	int n_opened, n_closed, n_read;
} order;

#define ANSWER(error, value) ((error) ? (errno = (error), -1) : (value))

static int fake_openat(int dirfd, const char *path, int flags)
{
	(void)path;
	assert_int_equal(dirfd, 77);
	assert_int_equal(flags, O_PATH | O_CLOEXEC);
	order.n_opened += order.pin_error == 0;
	return ANSWER(order.pin_error, 100);
}

static int fake_open(const char *path, int flags)
{
	assert_string_equal(path, "/proc/thread-self/fd/100");
	assert_int_equal(flags, O_RDONLY | O_CLOEXEC);
	order.n_read++;
	order.n_opened += order.open_error == 0;
	return ANSWER(order.open_error, 101);
}

static int fake_close(int fd)
{
	assert_true(fd == 100 || fd == 101);
	order.n_closed++;
	errno = EIO; /* must not be used as the error */
	return -1;
}

static ssize_t fake_readlink(const char *path, char *buffer, size_t size)
{
	assert_string_equal(path, "/proc/thread-self/fd/100");
	const size_t len = strnlen(order.text, size);
	memcpy(buffer, order.text, len);
	return ANSWER(order.readlink_error, (ssize_t)len);
}

static long fake_syscall(
        long number, int dirfd, const char *path, int flags, unsigned mask, struct statx *ret)
{
	assert_int_equal(number, SYS_statx);
	assert_true(flags & AT_STATX_DONT_SYNC);
	assert_int_equal(mask, 0);
	if (dirfd == AT_FDCWD) {
		ret->stx_dev_minor = order.own_minor;
	} else {
		assert_int_equal(dirfd, 100);
		assert_string_equal(path, "");
		ret->stx_dev_minor = order.minor;
	}
	return ANSWER(order.statx_error, 0);
}

static int fake_statfs(const char *path, struct statfs *ret)
{
	(void)path;
	ret->f_type = order.own_magic;
	return 0;
}

static int fake_fstatfs(int fd, struct statfs *ret)
{
	assert_int_not_equal(fd, 100); /* not before its type is known */
	ret->f_type = order.magic;
	return ANSWER(order.statfs_error, 0);
}

static int fake_fstat(int fd, struct stat *ret)
{
	(void)fd;
	ret->st_dev = makedev(0, 4);
	ret->st_ino = 4026532583;
	return ANSWER(order.fstat_error, 0);
}

/* Like the kernel, writes the result through the pointer. */
static int fake_ioctl(int fd, unsigned number, ...)
{
	va_list arguments;

	assert_int_equal(fd, 101);
	order.ioctl_number = number;
	if (order.ioctl_error)
		return ANSWER(order.ioctl_error, 0);
	if (number != NS_GET_OWNER_UID && number != NS_GET_ID)
		return 200;
	va_start(arguments, number);
	if (number == NS_GET_OWNER_UID)
		*va_arg(arguments, uid_t *) = 1000;
	else
		*va_arg(arguments, uint64_t *) = UINT64_C(0x123456789a);
	va_end(arguments);
	return 0;
}

#define openat            fake_openat
#define open              fake_open
#define close             fake_close
#define readlink          fake_readlink
#define syscall           fake_syscall
#define statfs(path, ret) fake_statfs(path, ret)
#define fstatfs           fake_fstatfs
#define fstat             fake_fstat
#define ioctl             fake_ioctl
#include "nsrel/nsrel.c"

static int setup(void **state)
{
	(void)state;
	memset(&order, 0, sizeof(order));
	order.text = "net:[4026532583]";
	order.minor = order.own_minor = 4;
	order.magic = order.own_magic = NSFS_MAGIC;
	return 0;
}

/* All that is opened is closed, but for the result. */
static void assert_open_gives(int expected)
{
	order.n_opened = order.n_closed = order.n_read = 0;
	assert_int_equal(nsrel_open(77, "x"), expected);
	assert_int_equal(order.n_opened - order.n_closed, expected >= 0);
}

static void open_good(void **state)
{
	(void)state;
	assert_open_gives(101);
	order.statx_error = ENOSYS; /* Linux before 4.11: the text is enough */
	assert_open_gives(101);
}

static void open_failures(void **state)
{
	static const int errors[] = {EACCES, ENOENT, ENOTDIR, ELOOP, EMFILE, EPERM, ESRCH};

	(void)state;
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		setup(NULL);
		order.pin_error = errors[i];
		assert_open_gives(-errors[i]);
		setup(NULL);
		order.open_error = errors[i];
		assert_open_gives(-errors[i]);
	}
}

static void open_without_proc(void **state)
{
	(void)state;
	order.readlink_error = ENOENT;
	assert_open_gives(-ENOSYS);
	assert_int_equal(order.n_read, 0);
	order.readlink_error = EACCES;
	assert_open_gives(-EACCES);
	assert_int_equal(order.n_read, 0);
}

static void open_other_texts(void **state)
{
	static const char *const wrong[] = {"/tmp/net:[1]", "/run/netns/blue", "pipe:[4026532583]",
	        "socket:[1]", "anon_inode:[eventfd]", "net:[]", "net:[12", "net:[12]x",
	        "net:[12] (deleted)", "net:[-1]", "net:12", "nets:[1]", "ne:[1]", "", "net",
	        "user:[4026531837", "user:[123456789012345678901234567890]"};

	(void)state;
	order.minor = 9;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		order.text = wrong[i];
		assert_open_gives(-ENOTTY);
		assert_int_equal(order.n_read, 0);
	}
	for (size_t i = 0; i < N_TYPES; i++) {
		char text[40];
		snprintf(text, sizeof(text), "%s:[4294967295]", types[i].name);
		order.text = text;
		assert_open_gives(101);
	}
}

static void open_bind_mount(void **state)
{
	(void)state;
	order.text = "/run/netns/blue";
	assert_open_gives(101);
	order.statx_error = ENOSYS; /* before Linux 4.11, or a filter */
	assert_open_gives(-ENOTTY);
	assert_int_equal(order.n_read, 0);
	order.statx_error = 0;
	order.own_magic = 0x9fa0; /* no own namespace to compare with */
	assert_open_gives(-ENOTTY);
	assert_int_equal(order.n_read, 0);
}

static void open_not_what_it_seemed(void **state)
{
	(void)state;
	order.magic = 0xef53;
	assert_open_gives(-ENOTTY);
	order.magic = NSFS_MAGIC;
	order.statfs_error = EIO;
	assert_open_gives(-EIO);
}

/* All calls of the library have the same errors. */
static int ask_owner_uid(int fd)
{
	uid_t uid = 12345;
	const int r = nsrel_owner_uid(fd, &uid);
	assert_int_equal(uid, r == 0 ? 1000 : 12345);
	return r;
}

static int ask_key(int fd)
{
	struct nsrel_key key = {1, 2, 3};
	const int r = nsrel_key(fd, &key);
	if (r == 0)
		assert_true(key.dev == makedev(0, 4) && key.ino == 4026532583);
	else
		assert_true(key.dev == 1 && key.ino == 2 && key.id == 3);
	return r;
}

static const struct {
	int (*ask)(int fd);
	unsigned long number;
	int answer;
} questions[] = {
        {nsrel_type, NS_GET_NSTYPE, 200},
        {nsrel_owner, NS_GET_USERNS, 200},
        {nsrel_parent, NS_GET_PARENT, 200},
        {ask_owner_uid, NS_GET_OWNER_UID, 0},
        {ask_key, NS_GET_ID, 0},
};

#define N_QUESTIONS (sizeof(questions) / sizeof(questions[0]))

static void questions_and_their_errors(void **state)
{
	static const int errors[] = {ENOTTY, EPERM, EINVAL, EBADF, EMFILE, ENOMEM};

	(void)state;
	for (size_t i = 0; i < N_QUESTIONS; i++) {
		order.ioctl_error = 0;
		assert_int_equal(questions[i].ask(101), questions[i].answer);
		assert_true(order.ioctl_number == questions[i].number);
		for (size_t j = 0; j < sizeof(errors) / sizeof(errors[0]); j++) {
			if (questions[i].number == NS_GET_ID && errors[j] == ENOTTY)
				continue;
			order.ioctl_error = errors[j];
			assert_int_equal(questions[i].ask(101), -errors[j]);
		}
	}
}

/* No ioctl is called on another device. */
static void strangers_are_not_asked(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_QUESTIONS; i++) {
		setup(NULL);
		order.magic = 0xef53;
		assert_int_equal(questions[i].ask(101), -ENOTTY);
		order.statfs_error = ENOSYS;
		assert_int_equal(questions[i].ask(101), -ENOTTY);
		order.statfs_error = EBADF;
		assert_int_equal(questions[i].ask(101), -EBADF);
		assert_true(order.ioctl_number == 0);
	}
}

static void key_with_and_without_id(void **state)
{
	struct nsrel_key key;

	(void)state;
	assert_int_equal(nsrel_key(101, &key), 0);
	assert_true(key.id == UINT64_C(0x123456789a));
	order.ioctl_error = ENOTTY; /* Linux before 6.18 */
	assert_int_equal(nsrel_key(101, &key), 0);
	assert_true(key.dev == makedev(0, 4) && key.ino == 4026532583 && key.id == 0);
	order.fstat_error = EOVERFLOW;
	assert_int_equal(ask_key(101), -EOVERFLOW);
}

static void numbers_are_the_kernels(void **state)
{
	(void)state;
#if defined(__x86_64__) || defined(__aarch64__) || defined(__i386__) || defined(__arm__)
	assert_true(NS_GET_USERNS == 0xb701 && NS_GET_PARENT == 0xb702);
	assert_true(NS_GET_NSTYPE == 0xb703 && NS_GET_OWNER_UID == 0xb704);
	assert_true(NS_GET_ID == 0x8008b70d);
#endif
	assert_int_equal(FILEID_NSFS, 0xf1);
	assert_int_equal(FD_NSFS_ROOT, -10003);
	assert_int_equal(CLONE_NEWTIME, 0x80);
	assert_int_equal(CLONE_NEWCGROUP, 0x02000000);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup(open_good, setup),
	        cmocka_unit_test_setup(open_failures, setup),
	        cmocka_unit_test_setup(open_without_proc, setup),
	        cmocka_unit_test_setup(open_other_texts, setup),
	        cmocka_unit_test_setup(open_bind_mount, setup),
	        cmocka_unit_test_setup(open_not_what_it_seemed, setup),
	        cmocka_unit_test_setup(questions_and_their_errors, setup),
	        cmocka_unit_test_setup(strangers_are_not_asked, setup),
	        cmocka_unit_test_setup(key_with_and_without_id, setup),
	        cmocka_unit_test(numbers_are_the_kernels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
