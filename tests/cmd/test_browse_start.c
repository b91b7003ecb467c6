/* SPDX-License-Identifier: Apache-2.0 */

/* How the real ./nsbrowse starts on a terminal: the frame before anything is read, keys answered
 * whatever the scan does, and with what rights it runs. */

#include "base/memory.h"
#include "base/monotonic.h"
#include "privsep/helper_protocol.h"
#include "tests/cmd/browse.h"

#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

enum { ATTEMPTS = 10, SOON_MS = 1000 };

static const char hold_option[] = "--hold";

/* --- a scan that is held --------------------------------------------------------------------- */

/* From here on each listing of a directory in this process waits until the holder of the listener
 * lets it go on (seccomp_unotify(2)): the scan begins with /proc, and nothing is listed before
 * that. Returns the listener or a negative errno. */
static int hold_listing(void)
{
	struct sock_filter filter[] = {
	        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getdents64, 0, 1),
	        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
	        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {.len = ARRAY_SIZE(filter), .filter = filter};
	long listener;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -errno;
	listener = syscall(
	        SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
	return listener < 0 ? -errno : (int)listener;
}

/* The test program once more, below the terminal: sends the listener (or why there is none) to
 * `socket`, then becomes what it is to run. */
static int run_held(char **argv)
{
	const int socket = (int)strtol(argv[0], NULL, 10);
	const int listener = hold_listing();
	const int error = listener < 0 ? listener : 0;

	if (helper_protocol_send(socket, &error, sizeof(error), &listener, listener >= 0) < 0 ||
	        error < 0)
		return EXIT_FAILURE;
	execv(argv[1], argv + 1);
	return EXIT_FAILURE;
}

struct held {
	struct pty *pty;
	int listener;
	pid_t releaser; /* 0: not yet */
};

/* Waits until the program has sent it. Returns 0 or a negative errno. */
static int take_listener(int socket, int *ret)
{
	struct passed_fds passed = {0};
	int error = -EPROTO;

	if (!wait_readable(socket) ||
	        helper_protocol_receive(socket, &error, sizeof(error), &passed) != sizeof(error))
		return -EPROTO;
	if (error == 0)
		*ret = passed.fds[0];
	return error;
}

/* Scans this host; the scan is held at its first listing of /proc. */
static int held_start(struct held *held)
{
	_cleanup_free_ char *program = path_of("top_builddir", "nsbrowse");
	char number[16];
	int sockets[2];

	*held = (struct held){.listener = -EBADF};
	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, sockets) < 0)
		return -errno;
	_cleanup_close_ int ours = sockets[0];
	_cleanup_close_ int its = sockets[1];
	fcntl(ours, F_SETFD, FD_CLOEXEC);
	snprintf(number, sizeof(number), "%d", its);
	const char *const argv[] = {
	        "/proc/self/exe", hold_option, number, program, "--delay=0", NULL};
	held->pty = pty_start(&(struct pty_options){.rows = 24, .columns = 80, .argv = argv});
	return take_listener(ours, &held->listener);
}

/* Lets all listings go on until no process is left that makes any. */
static _noreturn_ void release_all(int listener)
{
	struct pollfd poll_fd = {.fd = listener, .events = POLLIN};

	while (poll(&poll_fd, 1, -1) == 1 && !(poll_fd.revents & POLLHUP)) {
		struct seccomp_notif asked = {0};

		if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &asked) < 0)
			continue;
		struct seccomp_notif_resp answer = {
		        .id = asked.id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};
		if (ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer) < 0)
			continue;
	}
	_exit(EXIT_SUCCESS);
}

static void held_release(struct held *held)
{
	held->releaser = fork();
	assert_true(held->releaser >= 0);
	if (held->releaser == 0)
		release_all(held->listener);
}

static void held_end(struct held *held)
{
	int status;

	close_fd(&held->listener);
	if (held->releaser > 0) {
		kill(held->releaser, SIGKILL);
		assert_int_equal(waitpid(held->releaser, &status, 0), held->releaser);
	}
}

/* The scan has begun, and waits; the frame stands. */
static void assert_held(const struct held *held)
{
	assert_true(pty_wait_for(held->pty, "10Quit"));
	assert_true(wait_readable(held->listener));
	assert_true(pty_sync(held->pty));
	assert_true(pty_shows(held->pty, " USER namespaces  reading…"));
	assert_false(pty_shows(held->pty, "user:["));
	assert_false(pty_shows(held->pty, "procs"));
}

static void test_the_frame_stands_before_anything_is_read(void **state)
{
	struct held held;

	(void)state;
	assert_int_equal(held_start(&held), 0);
	assert_held(&held);
	/* Keys are answered all the same. */
	pty_press(held.pty, "?");
	assert_true(pty_shows(held.pty, "the selected row"));
	pty_press(held.pty, "q" F5);
	assert_true(pty_shows(held.pty, " PID namespaces  reading…"));
	pty_press(held.pty, F5 F5 "s");
	assert_true(pty_shows(held.pty, "nothing to save yet"));
	pty_press(held.pty, "g"); /* the message goes with the next key */
	pty_resize(held.pty, 30, 100);
	assert_true(pty_sync(held.pty));
	assert_held(&held);
	held_release(&held);
	assert_true(pty_wait_for(held.pty, "user:["));
	assert_true(pty_wait_without(held.pty, "reading"));
	assert_true(pty_shows(held.pty, "procs"));
	assert_quits(held.pty);
	held_end(&held);
}

/* Whatever the scan waits for, it does not keep us. Milliseconds until nothing is left. */
static int64_t leave_held(const char *keys)
{
	_cleanup_family_ struct family family;
	struct held held;
	int status = -1;

	assert_int_equal(held_start(&held), 0);
	assert_held(&held);
	family_init(&family, pty_pid(held.pty));
	const int64_t start = monotonic_ms();
	pty_type(held.pty, keys);
	assert_true(pty_wait_end(held.pty, &status));
	assert_true(family_is_gone(&family, 20000));
	const int64_t took = monotonic_ms() - start;
	if (strcmp(keys, "q") == 0)
		assert_int_equal(status, 0);
	else
		assert_int_equal(WIFSIGNALED(status) ? WTERMSIG(status) : 0, SIGINT);
	assert_given_back(held.pty);
	pty_free(held.pty);
	held_end(&held);
	return took;
}

static void test_a_held_scan_keeps_nobody(void **state)
{
	static const char *const keys[] = {"q", "\003"};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		int64_t took = leave_held(keys[i]);

		for (int j = 1; j < ATTEMPTS && took >= SOON_MS; j++)
			took = leave_held(keys[i]);
		assert_uint_in_range(took, 0, SOON_MS - 1);
	}
}

/* --- rights ---------------------------------------------------------------------------------- */

/* A file of /proc/PID; NULL if it may not be read. The caller frees. */
static char *read_proc(pid_t pid, const char *file)
{
	_cleanup_free_ char *path = memory_printf("/proc/%d/%s", (int)pid, file);
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	char text[8192];
	const ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	if (n < 0)
		return NULL;
	text[n] = '\0';
	return memory_strdup(text);
}

/* What stands behind `name:` and the tab, as a number. */
static uint64_t field(const char *status, const char *name, int base)
{
	_cleanup_free_ char *key = memory_printf("\n%s:\t", name);
	const char *found = strstr(status, key);

	assert_non_null(found);
	return strtoull(found + strlen(key), NULL, base);
}

/* Without CAP_SETPCAP the bounding set stays as it is. */
static uint64_t bounding_set(void)
{
	_cleanup_free_ char *mine = read_proc(getpid(), "status");

	assert_non_null(mine);
	return field(mine, "CapEff", 16) & UINT64_C(1) << CAP_SETPCAP ? 0
	                                                              : field(mine, "CapBnd", 16);
}

static uint64_t two_capabilities(void)
{
	_cleanup_free_ char *mine = read_proc(getpid(), "status");

	assert_non_null(mine);
	return field(mine, "CapPrm", 16) &
	       (UINT64_C(1) << CAP_SYS_PTRACE | UINT64_C(1) << CAP_DAC_READ_SEARCH);
}

/* Of every thread. */
static void assert_rights(pid_t pid, uint64_t capabilities, uid_t uid)
{
	_cleanup_free_ char *path = memory_printf("/proc/%d/task", (int)pid);
	DIR *tasks = opendir(path);
	int n = 0;

	assert_non_null(tasks);
	for (const struct dirent *entry; (entry = readdir(tasks));) {
		if (entry->d_name[0] == '.')
			continue;
		_cleanup_free_ char *file = memory_printf("task/%s/status", entry->d_name);
		_cleanup_free_ char *status = read_proc(pid, file);

		if (!status) /* the second reader ends with its scan */
			continue;
		assert_int_equal(field(status, "CapPrm", 16), capabilities);
		assert_int_equal(field(status, "CapEff", 16), capabilities);
		assert_int_equal(field(status, "CapInh", 16), 0);
		assert_int_equal(field(status, "CapAmb", 16), 0);
		assert_int_equal(field(status, "CapBnd", 16), bounding_set());
		assert_int_equal(field(status, "NoNewPrivs", 10), 1);
		assert_int_equal(field(status, "Umask", 8), 077);
		assert_int_equal(field(status, "Uid", 10), uid);
		n++;
	}
	closedir(tasks);
	assert_uint_in_range(n, 1, 64);
}

static struct pty *browse_host(const char *const *environment)
{
	struct pty *pty =
	        browse(24, 80, (const char *const[]){"-tuser", "--delay=0", NULL}, environment);

	assert_true(pty_wait_for(pty, "user:["));
	return pty;
}

/* Thousands of namespaces may have to be open at a time. */
static void test_many_open_files(void **state)
{
	struct pty *pty = browse_host(NULL);
	struct rlimit limit;

	(void)state;
	assert_int_equal(prlimit(pty_pid(pty), RLIMIT_NOFILE, NULL, &limit), 0);
	assert_true(limit.rlim_cur == limit.rlim_max || limit.rlim_cur >= 65536);
	assert_quits(pty);
}

static void test_two_capabilities_for_this_host(void **state)
{
	struct pty *pty = browse_host(NULL);

	(void)state;
	assert_rights(pty_pid(pty), two_capabilities(), geteuid());
	assert_quits(pty);
}

static void test_no_capability_for_a_snapshot(void **state)
{
	struct pty *pty = browse_demo();

	(void)state;
	assert_rights(pty_pid(pty), 0, geteuid() == 0 ? 65534 : geteuid());
	assert_quits(pty);
}

/* Root with groups, one of which may write in `folder`. */
static struct pty *browse_with_groups(const char *folder, const char *const *environment)
{
	static const gid_t groups[] = {0, 65532};
	gid_t before[NGROUPS_MAX];
	const int n = getgroups(NGROUPS_MAX, before);

	assert_true(n >= 0);
	assert_int_equal(chown(folder, 0, groups[1]), 0);
	assert_int_equal(chmod(folder, 0770), 0);
	assert_int_equal(setgroups(ARRAY_SIZE(groups), groups), 0);
	struct pty *pty = browse_host(environment);
	assert_int_equal(setgroups((size_t)n, before), 0);
	return pty;
}

static void save_as(struct pty *pty, const char *path)
{
	assert_true(pty_wait_without(pty, "reading")); /* the first model is not saved */
	pty_press(pty, "s\x15");
	pty_press(pty, path);
	pty_type(pty, "\r");
}

/* Under sudo it is the caller, without the groups of root, and what he saves is his. */
static void test_the_caller_under_sudo(void **state)
{
	static const char *const environment[] = {"SUDO_UID=65534", "SUDO_GID=65533", NULL};
	_cleanup_free_ char *folder = temporary_folder();
	_cleanup_free_ char *path = memory_printf("%s/a.txt", folder);
	struct pty *pty = NULL;
	struct stat st;

	(void)state;
	if (geteuid() == 0) {
		pty = browse_with_groups(folder, environment);
		assert_rights(pty_pid(pty), two_capabilities(), 65534);
		_cleanup_free_ char *status = read_proc(pty_pid(pty), "status");
		assert_int_equal(field(status, "Gid", 10), 65533);
		assert_non_null(strstr(status, "\nGroups:\t \n"));
		save_as(pty, path);
		assert_true(pty_wait_for(pty, "Permission denied"));
		assert_int_equal(chown(folder, 65534, 65533), 0);
		pty_press(pty, "\033");
		save_as(pty, path);
		assert_true(pty_wait_for(pty, "saved"));
		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(st.st_uid, 65534);
		assert_int_equal(st.st_gid, 65533);
		assert_int_equal(st.st_mode & 07777, 0600);
		assert_quits(pty);
	}
	assert_int_equal(remove_folder(folder), pty ? 1 : 0);
}

/* The open files of a process, a line each; empty if they may not be read. */
static char *descriptors_of(pid_t pid)
{
	_cleanup_free_ char *path = memory_printf("/proc/%d/fd", (int)pid);
	DIR *dir = opendir(path);
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	for (const struct dirent *entry; dir && (entry = readdir(dir));) {
		char target[512];
		const ssize_t n = readlinkat(dirfd(dir), entry->d_name, target, sizeof(target));

		if (n > 0)
			fprintf(out, "%s %.*s\n", entry->d_name, (int)n, target);
	}
	if (dir)
		closedir(dir);
	assert_int_equal(fclose(out), 0);
	return text;
}

/* Neither the program nor its helper has descriptors that were inherited. */
static void assert_closed(struct pty *pty, pid_t *pids, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		_cleanup_free_ char *open_ones = descriptors_of(pids[i]);

		if (!*open_ones)
			print_message("left out: nobody may see its descriptors\n");
		assert_null(strstr(open_ones, "left-open"));
	}
	assert_quits(pty);
}

static void test_inherited_descriptors_are_closed(void **state)
{
	/* Without MFD_CLOEXEC. */
	const int low = memfd_create("left-open", 0);
	const int high = fcntl(low, F_DUPFD, 200);

	(void)state;
	assert_true(low >= 0 && high >= 200);
	for (int is_live = 0; is_live < 2; is_live++) {
		struct pty *pty = is_live ? browse_host(NULL) : browse_demo();
		_cleanup_free_ char *children =
		        memory_printf("task/%d/children", (int)pty_pid(pty));
		_cleanup_free_ char *helper = read_proc(pty_pid(pty), children);
		pid_t pids[] = {pty_pid(pty), helper ? (pid_t)strtol(helper, NULL, 10) : 0};

		assert_closed(pty, pids, pids[1] ? 2 : 1);
	}
	close(low);
	close(high);
}

static int probe_hold(void)
{
	struct held held;
	const int r = held_start(&held);

	pty_free(held.pty);
	held_end(&held);
	return r;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest held[] = {
	        cmocka_unit_test(test_the_frame_stands_before_anything_is_read),
	        cmocka_unit_test(test_a_held_scan_keeps_nobody),
	};
	const struct CMUnitTest rights[] = {
	        cmocka_unit_test(test_many_open_files),
	        cmocka_unit_test(test_two_capabilities_for_this_host),
	        cmocka_unit_test(test_no_capability_for_a_snapshot),
	        cmocka_unit_test(test_the_caller_under_sudo),
	        cmocka_unit_test(test_inherited_descriptors_are_closed),
	};

	if (argc > 3 && strcmp(argv[1], hold_option) == 0)
		return run_held(argv + 2);
	if (cmocka_run_group_tests_name("rights of nsbrowse", rights, NULL, NULL) != 0)
		return EXIT_FAILURE;
	const int r = probe_hold();
	if (r < 0)
		return skipped(strerror(-r));
	return cmocka_run_group_tests_name("first paint of nsbrowse", held, NULL, NULL);
}
