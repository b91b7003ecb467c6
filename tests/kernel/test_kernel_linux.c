/* SPDX-License-Identifier: Apache-2.0 */
#include "base/attributes.h"
#include "kernel/kernel_linux.h"
#include "kernel/proc/proc.h"
#include "privsep/helper.h"
#include "tests/nsrel/world.h"
#include "tests/unit.h"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

/* The real kernel, with the test process itself: that is always permitted. */

static const char *const LINKS[] = {"cgroup", "ipc", "mnt", "net", "pid", "user", "uts"};

static struct kernel *new_kernel(void)
{
	struct kernel *kernel = NULL;

	assert_int_equal(kernel_linux_new("/proc", &kernel), 0);
	return kernel;
}

static void only_procfs_will_do(void **state)
{
	struct kernel *kernel = NULL;

	assert_int_equal(kernel_linux_new("/", &kernel), -ENODEV);
	assert_int_equal(kernel_linux_new("/proc/none", &kernel), -ENOENT);
	assert_int_equal(kernel_linux_new("/proc/version", &kernel), -ENOTDIR);
	assert_null(kernel);
	kernel_free(NULL);
	(void)state;
}

static void knows_the_host(void **state)
{
	struct kernel *kernel = new_kernel();
	struct kernel_host host;
	char name[256];
	struct stat st;

	kernel->ops->host(kernel, &host);
	assert_int_equal(gethostname(name, sizeof(name)), 0);
	assert_string_equal(host.name, name);
	assert_true(strlen(host.release) > 0);
	assert_true(strlen(host.boot_id) == 36 || strlen(host.boot_id) == 0);
	assert_int_equal(host.hertz, sysconf(_SC_CLK_TCK));
	assert_true(host.taken > 1600000000 && host.taken <= time(NULL));
	assert_true(host.booted > 0 && host.booted <= host.taken);
	/* To the 10 ms of a tick of start times. */
	struct timespec now, up;
	clock_gettime(CLOCK_REALTIME, &now);
	clock_gettime(CLOCK_BOOTTIME, &up);
	const int64_t started = (host.booted + up.tv_sec - now.tv_sec) * 1000 * 1000 * 1000 +
	                        host.booted_nsec + up.tv_nsec - now.tv_nsec;
	assert_true(llabs(started) < 10 * 1000 * 1000);
	assert_int_equal(host.euid, geteuid());
	assert_false(host.is_foreign_proc);
	assert_int_equal(stat("/proc/self/ns/pid", &st), 0);
	assert_true(host.pid_ns == st.st_ino);
	assert_true(host.ns_dev == st.st_dev);
	kernel_free(kernel);
	(void)state;
}

/* The limit is the number of the next descriptor: no file can be opened. */
static void says_what_it_could_not_read_of_the_host(void **state)
{
	struct kernel *kernel = new_kernel();
	struct kernel_host host;
	struct rlimit before, none;
	const int next = dup(STDIN_FILENO);

	assert_true(next >= 0);
	close(next);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = before;
	none.rlim_cur = (rlim_t)next;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	kernel->ops->host(kernel, &host);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_string_equal(host.unread, "sys/kernel/random/boot_id");
	assert_int_equal(host.unread_error, EMFILE);
	assert_string_equal(host.boot_id, "");

	kernel->ops->host(kernel, &host);
	assert_null(host.unread);
	kernel_free(kernel);
	(void)state;
}

static void map_one(const char *file, unsigned inside, unsigned outside)
{
	FILE *out = fopen(file, "we");

	CHECK(out && fprintf(out, "%u %u 1", inside, outside) > 0 && fclose(out) == 0);
}

/* User 0 and group 65534 are mapped and no others: 65534 is no user, and may be a group. */
static void read_overflow_ids(void)
{
	const unsigned uid = geteuid(), gid = getegid();
	struct kernel *kernel = NULL;
	struct kernel_host host;

	if (unshare(CLONE_NEWUSER) < 0)
		_exit(EXIT_SKIP);
	FILE *out = fopen("/proc/self/setgroups", "we");
	CHECK(out && fputs("deny", out) >= 0 && fclose(out) == 0);
	map_one("/proc/self/uid_map", 0, uid);
	map_one("/proc/self/gid_map", 65534, gid);
	CHECK(kernel_linux_new("/proc", &kernel) == 0);
	kernel->ops->host(kernel, &host);
	CHECK(host.is_inside_user);
	CHECK(host.overflow_uid.id == 65534 && host.overflow_gid.id == 65534);
	CHECK(host.overflow_uid.is_possible && host.overflow_gid.is_possible);
	CHECK(!host.overflow_uid.is_mapped && host.overflow_gid.is_mapped);
	kernel_free(kernel);
}

static void knows_which_ids_are_mapped(void **state)
{
	const int r = world_run(read_overflow_ids);

	(void)state;
	if (r == EXIT_SKIP)
		skip();
	assert_int_equal(r, 0);
}

static void lists_us_in_order(void **state)
{
	struct kernel *kernel = new_kernel();
	pid_t *pids = NULL;
	size_t n = 0;
	bool has_us = false;

	assert_int_equal(kernel->ops->list_pids(kernel, &pids, &n), 0);
	for (size_t i = 0; i < n; i++) {
		assert_true(i == 0 || pids[i - 1] < pids[i]);
		has_us |= pids[i] == getpid();
	}
	assert_true(has_us);
	free(pids);
	kernel_free(kernel);
	(void)state;
}

static void reads_us(void **state)
{
	struct kernel *kernel = new_kernel();
	const struct kernel_ops *ops = kernel->ops;
	const int process = ops->process_open(kernel, getpid());
	struct kernel_process directory;
	struct proc_stat stat;
	struct stat st;
	char text[4096];
	ssize_t n;

	assert_true(process >= 0);
	assert_int_equal(fcntl(process, F_GETFD), FD_CLOEXEC);
	assert_int_equal(fstat(process, &st), 0);
	assert_int_equal(ops->process_stat(kernel, process, &directory), 0);
	assert_int_equal(directory.uid, geteuid());
	assert_true(directory.ino == st.st_ino);
	n = ops->process_read(kernel, process, "stat", text, sizeof(text));
	assert_true(n > 0);
	assert_int_equal(proc_stat_parse(text, (size_t)n, &stat), 0);
	assert_int_equal(stat.pid, getpid());
	assert_int_equal(stat.ppid, getppid());
	assert_true(stat.started > 0);
	assert_int_equal(ops->process_read(kernel, process, "stat", text, 4), 4);
	assert_int_equal(ops->process_read(kernel, process, "none", text, 4), -ENOENT);
	ops->close(kernel, process);
	assert_int_equal(ops->process_open(kernel, 2147483647), -ENOENT);
	kernel_free(kernel);
	(void)state;
}

static void two_ways_to_a_key_agree(void **state)
{
	struct kernel *kernel = new_kernel();
	const struct kernel_ops *ops = kernel->ops;
	const int process = ops->process_open(kernel, getpid());
	const int dir = ops->ns_dir_open(kernel, process);

	assert_true(dir >= 0);
	for (size_t i = 0; i < ARRAY_SIZE(LINKS); i++) {
		const int ns = ops->ns_open(kernel, dir, LINKS[i]);
		struct nsrel_key key, by_link;
		char text[64], expected[64];
		ssize_t n;
		int r;

		assert_true(ns >= 0);
		assert_int_equal(ops->ns_key(kernel, ns, &key), 0);
		assert_int_equal(ops->ns_type(kernel, ns), nsrel_type_from_name(LINKS[i]));
		n = ops->ns_link(kernel, dir, LINKS[i], text, sizeof(text));
		assert_true(n > 0);
		snprintf(expected, sizeof(expected), "%s:[%llu]", LINKS[i],
		        (unsigned long long)key.ino);
		assert_int_equal(n, strlen(expected));
		assert_memory_equal(text, expected, (size_t)n);
		r = ops->ns_link_key(kernel, dir, LINKS[i], &by_link);
		assert_true(r == 0 || r == -EOPNOTSUPP);
		assert_true((r == 0) == (key.id != 0));
		if (r == 0) {
			assert_true(by_link.dev == key.dev);
			assert_true(by_link.ino == key.ino);
			assert_true(by_link.id == key.id);
		}
		ops->close(kernel, ns);
	}
	assert_int_equal(ops->ns_open(kernel, dir, "none"), -ENOENT);
	ops->close(kernel, dir);
	ops->close(kernel, process);
	kernel_free(kernel);
	(void)state;
}

/* What was opened belongs to the process that has ended, also after its PID is reused. */
static void a_dead_process_is_gone(void **state)
{
	struct kernel *kernel = new_kernel();
	const struct kernel_ops *ops = kernel->ops;
	const pid_t pid = world_fork();
	char text[64];
	int process;

	if (pid == 0) {
		for (;;)
			pause();
	}
	process = ops->process_open(kernel, pid);
	assert_true(process >= 0);
	assert_true(ops->process_read(kernel, process, "stat", text, sizeof(text)) > 0);
	world_end(pid);
	assert_true(ops->process_read(kernel, process, "stat", text, sizeof(text)) < 0);
	assert_true(ops->ns_dir_open(kernel, process) < 0);
	ops->close(kernel, process);
	kernel_free(kernel);
	(void)state;
}

static void translate_pids(void)
{
	struct kernel *kernel = new_kernel();
	const struct kernel_ops *const ops = kernel->ops;
	const int own = world_open(getpid(), "pid"), user = world_open(getpid(), "user");

	if (ops->pid_in_ns(kernel, own, getpid()) == -EOPNOTSUPP || world_enter(CLONE_NEWPID) < 0)
		_exit(EXIT_SKIP);
	CHECK(ops->pid_in_ns(kernel, own, getpid()) == getpid());
	CHECK(ops->pid_in_ns(kernel, user, getpid()) == -EINVAL);
	const pid_t pid = world_fork();
	if (pid == 0) {
		/* Its /proc is still that of the PID namespace outside. */
		struct kernel *inside = new_kernel();

		CHECK(ops->pid_in_ns(inside, own, 1) == -EXDEV);
		kernel_free(inside);
		for (;;)
			pause();
	}
	const int ns = world_open(pid, "pid");
	CHECK(ops->pid_in_ns(kernel, own, pid) == pid);
	CHECK(ops->pid_in_ns(kernel, ns, pid) == 1);
	CHECK(ops->pid_in_ns(kernel, ns, getpid()) == -ESRCH);
	world_end(pid);
	CHECK(ops->pid_in_ns(kernel, ns, pid) == -ESRCH);
	close(ns);
	close(user);
	close(own);
	kernel_free(kernel);
}

static void translates_pids(void **state)
{
	const int r = world_run(translate_pids);

	(void)state;
	if (r == EXIT_SKIP)
		skip();
	assert_int_equal(r, 0);
}

static void leaves_nothing_open(void **state)
{
	const int before = world_count_fds();
	struct kernel *kernel = new_kernel();
	struct kernel_host host;
	pid_t *pids;
	size_t n;

	kernel->ops->host(kernel, &host);
	assert_int_equal(kernel->ops->list_pids(kernel, &pids, &n), 0);
	/* procfs, and our mountinfo, which is polled */
	assert_int_equal(world_count_fds(), before + 2);
	free(pids);
	kernel_free(kernel);
	assert_int_equal(world_count_fds(), before);
	(void)state;
}

static bool find_fd(struct kernel *kernel, int fds, int wanted)
{
	int numbers[16]; /* few at a time */
	ssize_t n;
	bool is_found = false;

	while ((n = kernel->ops->fds_next(kernel, fds, numbers, ARRAY_SIZE(numbers))) > 0) {
		for (ssize_t i = 0; i < n; i++) {
			assert_true(fcntl(numbers[i], F_GETFD) >= 0);
			is_found |= numbers[i] == wanted;
		}
	}
	assert_int_equal(n, 0);
	return is_found;
}

static void lists_descriptors_whatever_their_number(void **state)
{
	struct kernel *kernel = new_kernel();
	const int process = kernel->ops->process_open(kernel, getpid());
	const int last = fcntl(0, F_DUPFD_CLOEXEC, 900);
	int fds;

	assert_true(last >= 900);
	for (int i = 0; i < 100; i++)
		assert_true(fcntl(0, F_DUPFD_CLOEXEC, 100) >= 0);
	fds = kernel->ops->fds_open(kernel, process);
	assert_true(fds >= 0);
	assert_true(find_fd(kernel, fds, last));
	kernel->ops->close(kernel, fds);
	fds = kernel->ops->fds_open(kernel, process);
	assert_true(find_fd(kernel, fds, 0));
	for (int fd = 100; fd < 200; fd++)
		close(fd);
	close(last);
	kernel->ops->close(kernel, fds);
	kernel->ops->close(kernel, process);
	kernel_free(kernel);
	(void)state;
}

/* Gives it away. */
static int try_fd(struct kernel *kernel, int fds, int fd, char *text, size_t size)
{
	const ssize_t n = kernel->ops->fd_link(kernel, fds, fd, text, size - 1);
	const int r = kernel->ops->fd_open_ns(kernel, fds, fd);

	assert_true(n > 0);
	text[n] = '\0';
	close(fd);
	return r;
}

static void opens_namespaces_by_descriptors_and_nothing_else(void **state)
{
	struct kernel *kernel = new_kernel();
	const int process = kernel->ops->process_open(kernel, getpid());
	const int fds = kernel->ops->fds_open(kernel, process);
	char text[256], path[] = "/tmp/nsbrowse-XXXXXX", name[64];
	struct nsrel_key key;
	struct stat st;
	int r;

	r = try_fd(kernel, fds, open("/proc/self/ns/uts", O_RDONLY | O_CLOEXEC), text, 256);
	assert_true(r >= 0);
	assert_int_equal(stat("/proc/self/ns/uts", &st), 0);
	snprintf(name, sizeof(name), "uts:[%llu]", (unsigned long long)st.st_ino);
	assert_string_equal(text, name);
	assert_int_equal(kernel->ops->ns_key(kernel, r, &key), 0);
	assert_true(key.ino == st.st_ino);
	kernel->ops->close(kernel, r);

	assert_non_null(mkdtemp(path));
	snprintf(name, sizeof(name), "%s/net:[1]", path);
	r = try_fd(kernel, fds, open(name, O_CREAT | O_RDWR | O_CLOEXEC, 0600), text, 256);
	assert_int_equal(r, -ENOTTY);
	assert_string_equal(text, name);
	unlink(name);
	assert_int_equal(mkfifo(name, 0600), 0);
	r = try_fd(kernel, fds, open(name, O_RDWR | O_CLOEXEC), text, 256);
	assert_int_equal(r, -ENOTTY);
	unlink(name);
	rmdir(path);
	r = try_fd(kernel, fds, memfd_create("net:[1]", MFD_CLOEXEC), text, 256);
	assert_int_equal(r, -ENOTTY);
	assert_string_equal(text, "/memfd:net:[1] (deleted)");
	r = try_fd(kernel, fds, socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0), text, 256);
	assert_int_equal(r, -ENOTTY);
	assert_int_equal(strncmp(text, "socket:[", 8), 0);
	assert_int_equal(kernel->ops->fd_open_ns(kernel, fds, 12345678), -ENOENT);
	kernel->ops->close(kernel, fds);
	kernel->ops->close(kernel, process);
	kernel_free(kernel);
	(void)state;
}

struct apart {
	pid_t tid;
	bool is_apart;
	pthread_barrier_t barrier;
};

static void *live_apart(void *data)
{
	struct apart *const apart = data;

	apart->is_apart = unshare(CLONE_FILES) == 0;
	apart->tid = gettid();
	pthread_barrier_wait(&apart->barrier);
	pthread_barrier_wait(&apart->barrier);
	return NULL;
}

static void tells_threads_and_their_tables_apart(void **state)
{
	struct kernel *kernel = new_kernel();
	const int process = kernel->ops->process_open(kernel, getpid());
	struct apart apart = {0};
	pthread_t thread;
	pid_t *tids;
	size_t n;
	int r;

	pthread_barrier_init(&apart.barrier, NULL, 2);
	assert_int_equal(pthread_create(&thread, NULL, live_apart, &apart), 0);
	pthread_barrier_wait(&apart.barrier);
	assert_true(apart.is_apart);
	assert_int_equal(kernel->ops->list_tids(kernel, process, &tids, &n), 0);
	assert_int_equal(n, 2);
	assert_int_equal(tids[0], getpid());
	assert_int_equal(tids[1], apart.tid);
	free(tids);
	r = kernel->ops->thread_open(kernel, process, apart.tid);
	assert_true(r >= 0);
	kernel->ops->close(kernel, r);
	assert_int_equal(kernel->ops->thread_open(kernel, process, 1), -ENOENT);
	r = kernel->ops->compare_fd_tables(kernel, getpid(), apart.tid);
	if (r != -EOPNOTSUPP && r != -EPERM) {
		assert_in_range(r, 1, 2);
		assert_int_equal(
		        kernel->ops->compare_fd_tables(kernel, apart.tid, getpid()), 3 - r);
		assert_int_equal(kernel->ops->compare_fd_tables(kernel, getpid(), getpid()), 0);
	}
	pthread_barrier_wait(&apart.barrier);
	pthread_join(thread, NULL);
	kernel->ops->close(kernel, process);
	kernel_free(kernel);
	(void)state;
}

static void reads_long_files_in_parts(void **state)
{
	struct kernel *kernel = new_kernel();
	const int process = kernel->ops->process_open(kernel, getpid());
	const int file = kernel->ops->file_open(kernel, process, "mountinfo");
	char buffer[100];
	size_t lines = 0;
	ssize_t n;

	assert_true(file >= 0);
	while ((n = kernel->ops->file_read(kernel, file, buffer, sizeof(buffer))) > 0) {
		for (ssize_t i = 0; i < n; i++)
			lines += buffer[i] == '\n';
	}
	assert_int_equal(n, 0);
	assert_true(lines > 0);
	assert_int_equal(kernel->ops->file_open(kernel, process, "none"), -ENOENT);
	assert_true(kernel->ops->root_link(kernel, process, buffer, sizeof(buffer)) >= 1);
	assert_int_equal(buffer[0], '/');
	kernel->ops->close(kernel, file);
	kernel->ops->close(kernel, process);
	kernel_free(kernel);
	(void)state;
}

/* Without a helper, and with one whose table has no job (`helper` may be NULL). */
static void assert_unsupported(struct helper *helper)
{
	struct kernel_mounted mounted = {.place = -EBADF, .point = "/x", .type = CLONE_NEWUTS};
	struct kernel_socket socket = {.process = -EBADF};
	struct kernel_cmdline cmdline = {.pid = getpid()};
	struct kernel_mount_ns *list;
	const uint64_t id = 1;
	struct nsrel_key key = {0};
	const int type = CLONE_NEWUSER;
	struct kernel *kernel;
	char *text;
	size_t n;
	int handle;

	assert_int_equal(kernel_linux_new("/proc", &kernel), 0);
	if (helper)
		kernel_linux_set_helper(kernel, helper_channel(helper));
	const struct kernel_ops *const ops = kernel->ops;
	assert_int_equal(ops->ns_open_mounted(kernel, &mounted, 1), -EOPNOTSUPP);
	assert_int_equal(ops->ns_open_keys(kernel, &key, &type, 1, &handle), -EOPNOTSUPP);
	assert_int_equal(ops->mount_ns_list(kernel, &list, &n), -EOPNOTSUPP);
	assert_int_equal(ops->mount_ns_open(kernel, 1), -EOPNOTSUPP);
	assert_int_equal(ops->mount_ns_texts(kernel, &id, 1, NULL, NULL), -EOPNOTSUPP);
	assert_int_equal(ops->mount_ns_mountinfo(kernel, -1, &text, &n), -EOPNOTSUPP);
	assert_int_equal(ops->socket_ns(kernel, &socket, 1), -EOPNOTSUPP);
	assert_int_equal(ops->cmdlines(kernel, &cmdline, 1, NULL, NULL), -EOPNOTSUPP);
	kernel_free(kernel);
}

static void operations_without_their_jobs(void **state)
{
	struct helper *helper;

	assert_unsupported(NULL);
	assert_int_equal(helper_start(NULL, 0, NULL, &helper), 0);
	assert_unsupported(helper);
	helper_stop(helper);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(only_procfs_will_do),
	        cmocka_unit_test(knows_the_host),
	        cmocka_unit_test(says_what_it_could_not_read_of_the_host),
	        cmocka_unit_test(knows_which_ids_are_mapped),
	        cmocka_unit_test(lists_us_in_order),
	        cmocka_unit_test(reads_us),
	        cmocka_unit_test(two_ways_to_a_key_agree),
	        cmocka_unit_test(a_dead_process_is_gone),
	        cmocka_unit_test(translates_pids),
	        cmocka_unit_test(leaves_nothing_open),
	        cmocka_unit_test(lists_descriptors_whatever_their_number),
	        cmocka_unit_test(opens_namespaces_by_descriptors_and_nothing_else),
	        cmocka_unit_test(tells_threads_and_their_tables_apart),
	        cmocka_unit_test(reads_long_files_in_parts),
	        cmocka_unit_test(operations_without_their_jobs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
