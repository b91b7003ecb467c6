/* SPDX-License-Identifier: Apache-2.0 */
/* Without privileges: the own namespaces, and files that are no namespaces. */
#include "nsrel/nsfs_uapi.h"
#include "nsrel/nsrel.h"
#include "tests/nsrel/world.h"
#include "tests/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

static const struct {
	const char *name;
	int flag;
	uint64_t initial;
} types[] = {
        {"cgroup", 0x02000000, 4026531835},
        {"ipc", 0x08000000, 4026531839},
        {"mnt", 0x00020000, 4026531832},
        {"net", 0x40000000, 4026531833},
        {"pid", 0x20000000, 4026531836},
        {"time", 0x00000080, 4026531834},
        {"user", 0x10000000, 4026531837},
        {"uts", 0x04000000, 4026531838},
};

#define N_TYPES (sizeof(types) / sizeof(types[0]))

static void type_names_go_both_ways(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_TYPES; i++) {
		assert_string_equal(nsrel_type_name(types[i].flag), types[i].name);
		assert_int_equal(nsrel_type_from_name(types[i].name), types[i].flag);
	}
	assert_null(nsrel_type_name(0));
	assert_null(nsrel_type_name(-1));
	assert_null(nsrel_type_name(CLONE_NEWUSER | CLONE_NEWPID));
	assert_null(nsrel_type_name(CLONE_VM));
	static const char *const wrong[] = {
	        "", "use", "users", "User", "user ", "pid_for_children", "user:[4026531837]"};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(nsrel_type_from_name(wrong[i]), -EINVAL);
	assert_int_equal(nsrel_type_from_name(NULL), -EINVAL);
}

static void initial_by_number(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_TYPES; i++)
		for (size_t j = 0; j < N_TYPES; j++) {
			const struct nsrel_key key = {.dev = 4, .ino = types[i].initial};
			assert_int_equal(nsrel_is_initial(&key, types[j].flag), i == j);
		}
	const struct nsrel_key first_dynamic = {.dev = 4, .ino = 0xF0000000};
	const struct nsrel_key wide = {.dev = 4, .ino = (UINT64_C(1) << 32) | 4026531837U};
	assert_false(nsrel_is_initial(&first_dynamic, CLONE_NEWNET));
	assert_false(nsrel_is_initial(&wide, CLONE_NEWUSER));
	const struct nsrel_key user = {.dev = 4, .ino = 4026531837U};
	assert_false(nsrel_is_initial(&user, 0));
	assert_false(nsrel_is_initial(&user, -1));
}

static void own_namespaces(void **state)
{
	(void)state;
	const int dir = open("/proc/self/ns", O_PATH | O_DIRECTORY | O_CLOEXEC);
	assert_true(dir >= 0);
	for (size_t i = 0; i < N_TYPES; i++) {
		struct stat st;
		if (fstatat(dir, types[i].name, &st, 0) < 0 && errno == ENOENT)
			continue; /* the kernel does not have the type */
		const int fd = nsrel_open(dir, types[i].name);
		assert_true(fd >= 0);
		assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
		assert_int_equal(fcntl(fd, F_GETFL) & (O_ACCMODE | O_PATH | O_NONBLOCK), O_RDONLY);
		assert_int_equal(nsrel_type(fd), types[i].flag);

		struct nsrel_key key;
		assert_int_equal(nsrel_key(fd, &key), 0);
		assert_true(key.dev == st.st_dev);
		assert_true(key.ino == st.st_ino);
		uint64_t id = 0;
		if (ioctl(fd, NS_GET_ID, &id) < 0)
			id = 0;
		assert_true(key.id == id);

		uid_t uid = 12345;
		if (types[i].flag != CLONE_NEWUSER) {
			assert_int_equal(nsrel_owner_uid(fd, &uid), -EINVAL);
			assert_int_equal(uid, 12345);
		}
		if (types[i].flag != CLONE_NEWUSER && types[i].flag != CLONE_NEWPID)
			assert_int_equal(nsrel_parent(fd), -EINVAL);
		close(fd);
	}
	close(dir);
}

static void own_user_namespace(void **state)
{
	(void)state;
	const int fd = nsrel_open(AT_FDCWD, "/proc/self/ns/user");
	uid_t uid = 12345;

	assert_true(fd >= 0);
	assert_int_equal(nsrel_parent(fd), -EPERM);
	assert_int_equal(nsrel_owner(fd), -EPERM);
	assert_int_equal(nsrel_owner_uid(fd, &uid), 0);
	assert_int_not_equal(uid, 12345);
	close(fd);
}

/* One file of each type, and the result of nsrel_open. */
static const struct {
	const char *path;
	int expected;
} files[] = {
        {"fifo", -ENOTTY},
        {"net:[1]", -ENOTTY},
        {"user:[4026531837]", -ENOTTY},
        {"closed", -ENOTTY}, /* mode 0 */
        {"dir", -ENOTTY},
        {".", -ENOTTY},
        {"socket", -ENOTTY},
        {"to-fifo", -ENOTTY},
        {"to-null", -ENOTTY},
        {"/dev/null", -ENOTTY},
        {"/dev/urandom", -ENOTTY},
        {"/proc/self/ns", -ENOTTY},
        {"/proc/self/stat", -ENOTTY},
        {"/proc/self/exe", -ENOTTY},
        {"dangling", -ENOENT},
        {"missing", -ENOENT},
        {"", -ENOENT},
        {"loop", -ELOOP},
        {"fifo/x", -ENOTDIR},
        {"/proc/self/ns/nonsense", -ENOENT},
};

static int make_files(void **state)
{
	char template[] = "/tmp/nsrel-test-XXXXXX";
	char *const dir = mkdtemp(template);
	if (!dir)
		return -1;
	*state = strdup(dir);
	const int fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	snprintf(address.sun_path, sizeof(address.sun_path), "%s/socket", dir);
	const int sock = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int bad = fd < 0 || sock < 0;
	bad |= bind(sock, (const struct sockaddr *)&address, sizeof(address)) < 0;
	close(sock);
	bad |= mkfifoat(fd, "fifo", 0600) < 0 || mkdirat(fd, "dir", 0700) < 0;
	static const char *const plain[] = {"net:[1]", "user:[4026531837]", "closed"};
	for (size_t i = 0; i < 3; i++) {
		const int file =
		        openat(fd, plain[i], O_CREAT | O_WRONLY | O_CLOEXEC, i == 2 ? 0 : 0600);
		bad |= file < 0;
		close(file);
	}
	bad |= symlinkat("fifo", fd, "to-fifo") < 0 || symlinkat("/dev/null", fd, "to-null") < 0;
	bad |= symlinkat("nowhere", fd, "dangling") < 0 || symlinkat("loop", fd, "loop") < 0;
	bad |= symlinkat("/proc/self/ns/uts", fd, "to-uts") < 0;
	close(fd);
	return bad ? -1 : 0;
}

static int remove_files(void **state)
{
	static const char *const all[] = {"fifo", "net:[1]", "user:[4026531837]", "closed",
	        "socket", "to-fifo", "to-null", "dangling", "loop", "to-uts"};
	const int fd = open(*state, O_PATH | O_DIRECTORY | O_CLOEXEC);

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		unlinkat(fd, all[i], 0);
	unlinkat(fd, "dir", AT_REMOVEDIR);
	close(fd);
	const int r = rmdir(*state);
	free(*state);
	return r;
}

static void other_files_are_refused(void **state)
{
	const int dir = open(*state, O_PATH | O_DIRECTORY | O_CLOEXEC);
	assert_true(dir >= 0);
	const int before = world_count_fds();
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		const int r = nsrel_open(dir, files[i].path);
		if (r != files[i].expected)
			fail_msg("%s: %d, not %d", files[i].path, r, files[i].expected);
	}
	assert_int_equal(world_count_fds(), before);
	const int fd = nsrel_open(dir, "to-uts");
	assert_int_equal(nsrel_type(fd), CLONE_NEWUTS);
	close(fd);
	close(dir);
	assert_int_equal(nsrel_open(-1, "fifo"), -EBADF);
	const int file = open("/dev/null", O_RDONLY | O_CLOEXEC);
	assert_int_equal(nsrel_open(file, "fifo"), -ENOTDIR);
	close(file);
}

/* Descriptors of other files, among them one with the name of a namespace and one whose device
 * returns another error for unknown ioctls. */
static size_t make_strangers(int fds[8])
{
	int pipes[2];
	size_t n = 0;

	assert_int_equal(pipe2(pipes, O_CLOEXEC), 0);
	fds[n++] = pipes[0];
	fds[n++] = pipes[1];
	fds[n++] = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	fds[n++] = open("/dev/null", O_RDWR | O_CLOEXEC);
	fds[n++] = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
	fds[n++] = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	fds[n++] = memfd_create("net:[1]", MFD_CLOEXEC);
	fds[n++] = epoll_create1(EPOLL_CLOEXEC);
	return n;
}

static void assert_all_say(int fd, int expected)
{
	uid_t uid = 12345;
	struct nsrel_key key = {.dev = 1, .ino = 2, .id = 3};

	assert_int_equal(nsrel_type(fd), expected);
	assert_int_equal(nsrel_owner(fd), expected);
	assert_int_equal(nsrel_parent(fd), expected);
	assert_int_equal(nsrel_owner_uid(fd, &uid), expected);
	assert_int_equal(nsrel_key(fd, &key), expected);
	assert_int_equal(uid, 12345);
	assert_true(key.dev == 1 && key.ino == 2 && key.id == 3);
}

static void other_descriptors_are_refused(void **state)
{
	int fds[8];
	char path[64];

	(void)state;
	const size_t n = make_strangers(fds);
	for (size_t i = 0; i < n; i++) {
		assert_true(fds[i] >= 0);
		assert_all_say(fds[i], -ENOTTY);
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fds[i]);
		assert_int_equal(nsrel_open(AT_FDCWD, path), -ENOTTY);
		close(fds[i]);
	}
	assert_all_say(-1, -EBADF);
	assert_all_say(fds[0], -EBADF);
	const int pinned = open("/proc/self/ns/uts", O_PATH | O_CLOEXEC);
	assert_true(pinned >= 0);
	assert_all_say(pinned, -EBADF);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", pinned);
	const int fd = nsrel_open(AT_FDCWD, path);
	assert_int_equal(nsrel_type(fd), CLONE_NEWUTS);
	close(fd);
	close(pinned);
}

static void run_out_of_descriptors(void)
{
	const int next = dup(2);
	struct rlimit limit;
	CHECK(next > 2 && getrlimit(RLIMIT_NOFILE, &limit) == 0);
	for (int room = 0; room < 2; room++) { /* fails to pin it, fails to open it */
		limit.rlim_cur = (rlim_t)next + 1 + room;
		CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
		CHECK(nsrel_open(AT_FDCWD, "/proc/self/ns/uts") == -EMFILE);
	}
	close(next);
	const int fd = nsrel_open(AT_FDCWD, "/proc/self/ns/uts");
	CHECK(fd >= 0);
}

static void no_descriptor_left(void **state)
{
	(void)state;
	assert_int_equal(world_run(run_out_of_descriptors), 0);
}

/* Each thread has its own descriptor table: /proc/self/fd is that of another thread. */
static void *ask_around(void *ret_trouble)
{
	const char **const trouble = ret_trouble;

	*trouble = "unshare";
	if (unshare(CLONE_FILES) < 0)
		return NULL;
	*trouble = "wrong answer";
	for (int round = 0; round < 100; round++)
		for (size_t i = 0; i < N_TYPES; i++) {
			char path[64];
			struct nsrel_key key;
			snprintf(path, sizeof(path), "/proc/thread-self/ns/%s", types[i].name);
			const int fd = nsrel_open(AT_FDCWD, path);
			if (fd == -ENOENT)
				continue;
			if (nsrel_type(fd) != types[i].flag || nsrel_key(fd, &key) < 0)
				return NULL;
			close(fd);
		}
	*trouble = NULL;
	return NULL;
}

static void threads(void **state)
{
	pthread_t ids[8];
	const char *trouble[8];

	(void)state;
	for (size_t i = 0; i < 8; i++)
		assert_int_equal(pthread_create(&ids[i], NULL, ask_around, &trouble[i]), 0);
	for (size_t i = 0; i < 8; i++) {
		assert_int_equal(pthread_join(ids[i], NULL), 0);
		assert_null(trouble[i]);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	        cmocka_unit_test(type_names_go_both_ways),
	        cmocka_unit_test(initial_by_number),
	        cmocka_unit_test(own_namespaces),
	        cmocka_unit_test(own_user_namespace),
	        cmocka_unit_test_setup_teardown(other_files_are_refused, make_files, remove_files),
	        cmocka_unit_test(other_descriptors_are_refused),
	        cmocka_unit_test(no_descriptor_left),
	        cmocka_unit_test(threads),
	};

	alarm(60); /* a call that blocks is a failure */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
