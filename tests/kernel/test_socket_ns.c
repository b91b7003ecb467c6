/* SPDX-License-Identifier: Apache-2.0 */
/* Network namespaces of the sockets of another process. Exits 77 where none may be made. */
#include "base/attributes.h"
#include "base/monotonic.h"
#include "nsrel/nsfs_uapi.h"
#include "tests/kernel/privileged.h"
#include "tests/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>

/* Where the child has what. */
enum {
	FIRST = 100,
	N_NETS = 5,
	FILE_FD = 150,
	FIFO_FD,
	PATH_FD,
	DEAD_FD,
	MANY = 200,
	N_MANY = 700
};

static int put_at(int fd, int number)
{
	const int r = fd < 0 ? -errno : dup2(fd, number) < 0 ? -errno : 0;

	if (fd >= 0)
		close(fd);
	return r;
}

/* A socket in each of several namespaces, none of which has a process; then many in the last. */
static int make_sockets(void)
{
	int r = 0;

	for (int i = 0; r == 0 && i < N_NETS; i++) {
		if (unshare(CLONE_NEWNET) < 0)
			return -errno;
		r = put_at(socket(i % 2 ? AF_UNIX : AF_INET, SOCK_DGRAM, 0), FIRST + i);
	}
	if (r == 0 && unshare(CLONE_NEWNET) < 0)
		r = -errno;
	for (int i = 0; r == 0 && i < N_MANY; i++)
		r = put_at(socket(AF_UNIX, SOCK_DGRAM, 0), MANY + i);
	if (r == 0)
		r = put_at(open("/proc/self/ns/net", O_RDONLY), FILE_FD);
	if (r == 0)
		r = put_at(open("/proc/self/ns/net", O_PATH), PATH_FD);
	int pipe_fds[2];
	if (r == 0 && pipe(pipe_fds) == 0)
		r = put_at(pipe_fds[0], FIFO_FD);
	return r;
}

static struct kernel_socket item(int process, pid_t pid, int fd)
{
	return (struct kernel_socket){.process = process, .pid = pid, .fd = fd};
}

static void drop(const struct kernel_socket *items, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int ns = items[i].ns;

		close_fd(&ns);
	}
}

static void check_errors(const struct privileged_test *test, int process, pid_t pid)
{
	const struct {
		int fd, error;
	} table[] = {
	        {FILE_FD, -ENOTSOCK},
	        {FIFO_FD, -ENOTSOCK},
	        {PATH_FD, -EBADF},
	        {9999, -EBADF},
	        {-1, -EBADF},
	};
	struct kernel_socket items[ARRAY_SIZE(table)];

	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		items[i] = item(process, pid, table[i].fd);
	CHECK(test->ops->socket_ns(test->kernel, items, ARRAY_SIZE(table)) == 0);
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		if (items[i].error != table[i].error)
			fprintf(stderr, "%d: %d\n", table[i].fd, items[i].error);
		CHECK(items[i].error == table[i].error && items[i].ns == -EBADF);
	}
}

/* Few descriptors are left: each of the first sockets has its namespace, or an error. */
static void check_few_descriptors(const struct privileged_test *test, int process, pid_t pid)
{
	enum { LEFT = 5 }; /* of which the call itself needs two */
	struct kernel_socket items[N_NETS];
	struct rlimit before, few;
	const int next = dup(STDIN_FILENO);
	int n_missing = 0;

	close(next);
	for (int i = 0; i < N_NETS; i++)
		items[i] = item(process, pid, FIRST + i);
	CHECK(next >= 0 && getrlimit(RLIMIT_NOFILE, &before) == 0);
	few = before;
	few.rlim_cur = (rlim_t)next + LEFT;
	CHECK(setrlimit(RLIMIT_NOFILE, &few) == 0);
	CHECK(test->ops->socket_ns(test->kernel, items, N_NETS) == 0);
	CHECK(setrlimit(RLIMIT_NOFILE, &before) == 0);
	for (int i = 0; i < N_NETS; i++) {
		CHECK(items[i].ns >= 0 ? items[i].error == 0 : items[i].error == -EMFILE);
		n_missing += items[i].ns < 0;
	}
	CHECK(n_missing > 0 && n_missing < N_NETS);
	drop(items, N_NETS);
}

static void ask_for_sockets(void)
{
	struct privileged_test test;
	static struct kernel_socket items[KERNEL_SOCKETS_MAX + 1];
	size_t n = 0;

	CHECK(world_enter(CLONE_NEWNS) == 0);
	const pid_t pid = world_begin(make_sockets), other = world_begin(make_sockets);
	CHECK(pid > 0 && other > 0);
	privileged_begin(&test);
	const int before = world_count_fds();
	const int process = test.ops->process_open(test.kernel, pid),
	          other_process = test.ops->process_open(test.kernel, other);
	const uint64_t net = inode_of(pid, "net");
	for (int i = 0; i < N_NETS; i++)
		items[n++] = item(process, pid, FIRST + i);
	for (int i = 0; i < N_MANY; i++)
		items[n++] = item(process, pid, MANY + i);
	items[n++] = item(other_process, other, FIRST);
	const int64_t start = monotonic_ms();
	CHECK(test.ops->socket_ns(test.kernel, items, n) == 0);
	printf("%zu sockets of 2 processes in %d namespaces: %lld ms\n", n, N_NETS + 2,
	        (long long)(monotonic_ms() - start));
	fflush(stdout);
	for (size_t i = 0; i < n; i++) {
		const bool is_first = i <= N_NETS || i == n - 1;
		struct nsrel_key key;

		CHECK(items[i].error == 0 && items[i].key.ino != 0);
		CHECK((items[i].ns >= 0) == is_first);
		CHECK((items[i].key.ino == net) == (i >= N_NETS && i < n - 1));
		if (!is_first)
			continue;
		CHECK(nsrel_key(items[i].ns, &key) == 0 && nsrel_type(items[i].ns) == CLONE_NEWNET);
		CHECK(memcmp(&key, &items[i].key, sizeof(key)) == 0);
		CHECK(fcntl(items[i].ns, F_GETFD) == FD_CLOEXEC);
		for (size_t k = 0; k < i && k <= N_NETS; k++)
			CHECK(items[k].key.ino != key.ino);
	}
	drop(items, n);
	check_errors(&test, process, pid);
	check_few_descriptors(&test, process, pid);
	CHECK(test.ops->socket_ns(test.kernel, items, KERNEL_SOCKETS_MAX + 1) == -E2BIG);
	CHECK(test.ops->socket_ns(test.kernel, items, 0) == 0);

	/* A PID that is another process's by now: as if `pid` were that of `process` still. */
	world_end(pid);
	items[0] = item(process, other, FIRST);
	items[1] = item(process, pid, FIRST);
	items[2] = item(other_process, other, FIRST);
	CHECK(test.ops->socket_ns(test.kernel, items, 3) == 0);
	CHECK(items[0].error == -ESRCH && items[0].ns == -EBADF);
	CHECK(items[1].error == -ESRCH && items[1].ns == -EBADF);
	CHECK(items[2].error == 0);
	drop(items, 3);
	close(process);
	close(other_process);
	CHECK(world_count_fds() == before);
	world_end(other);
	privileged_end(&test);
}

static void sockets_of_others(void **state)
{
	(void)state;
	assert_int_equal(world_run(ask_for_sockets), 0);
}

static void ask_without_rights(void)
{
	struct privileged_test test;
	struct kernel *kernel;

	CHECK(world_enter(CLONE_NEWNS) == 0);
	const pid_t pid = world_begin(make_sockets);
	CHECK(pid > 0);
	CHECK(drop_rights() == 0);
	privileged_begin(&test);
	struct kernel_socket asked = item(test.ops->process_open(test.kernel, pid), pid, FIRST);
	CHECK(test.ops->socket_ns(test.kernel, &asked, 1) == 0);
	CHECK(asked.error == -EPERM && asked.ns == -EBADF);
	privileged_end(&test);
	CHECK(kernel_linux_new("/proc", &kernel) == 0);
	CHECK(kernel->ops->socket_ns(kernel, &asked, 1) == -EOPNOTSUPP);
	kernel_free(kernel);
	world_end(pid);
}

static void without_rights(void **state)
{
	(void)state;
	assert_int_equal(world_run(ask_without_rights), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	        cmocka_unit_test(sockets_of_others),
	        cmocka_unit_test(without_rights),
	};
	int r;

	if (!world_can("network namespaces", CLONE_NEWNS, make_sockets, &r))
		return r;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
