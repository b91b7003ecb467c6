/* SPDX-License-Identifier: Apache-2.0 */
#include "base/attributes.h"
#include "kernel/kernel_linux.h"
#include "nsrel/nsfs_uapi.h"
#include "scan/scan.h"
#include "tests/model/check_model.h"
#include "tests/nsrel/world.h"
#include "tests/unit.h"

#include <fcntl.h>
#include <grp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

/* The real kernel, in a PID and mount namespace of our own with its own /proc: a quiet picture,
 * and nothing left behind, since all end with its PID 1. */

enum {
	DEPTH = 5,
	LONG_LIVED = 20,
	SCANS = 200,
	CHURNERS = 6,
};

static const struct scan_options OPTIONS = {
        .sources = 1u << SOURCE_PROCESS, .n_threads = 2, .program = "test 1"};

static const struct model *scan(struct kernel *kernel, const struct model *previous)
{
	const struct model *model = NULL;

	assert_int_equal(scan_run(kernel, &OPTIONS, previous, NULL, NULL, &model), 0);
	assert_int_equal(check_model(model), 0);
	return model;
}

static struct kernel *new_kernel(void)
{
	struct kernel *kernel = NULL;

	assert_int_equal(kernel_linux_new("/proc", &kernel), 0);
	return kernel;
}

static uint64_t own_inode(const char *link)
{
	char path[64];
	struct stat st;

	snprintf(path, sizeof(path), "/proc/self/ns/%s", link);
	CHECK(stat(path, &st) == 0);
	return st.st_ino;
}

static _noreturn_ void wait_for_end(void)
{
	for (;;)
		pause();
}

/* A child that runs `scene` with its end of a pipe; returns the other end. */
static pid_t start(void (*scene)(int out), int *ret_in)
{
	int ends[2];
	pid_t pid;

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	pid = world_fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		close(ends[0]);
		scene(ends[1]);
		_exit(0);
	}
	close(ends[1]);
	*ret_in = ends[0];
	return pid;
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void send_inode(int out, uint64_t inode)
{
	CHECK(write(out, &inode, sizeof(inode)) == sizeof(inode));
}

static uint64_t receive_inode(int in)
{
	uint64_t inode = 0;

	assert_int_equal(read(in, &inode, sizeof(inode)), sizeof(inode));
	return inode;
}

/* Five user namespaces in each other; a process stays in the first, the third and the last. */
static void nest(int out)
{
	for (int level = 1; level <= DEPTH; level++) {
		CHECK(world_enter(0) == 0);
		send_inode(out, own_inode("user"));
		if (level % 2 == 0 || level == DEPTH)
			continue;

		const pid_t pid = world_fork();
		CHECK(pid >= 0);
		if (pid == 0) {
			close(out);
			wait_for_end();
		}
	}
	close(out);
	wait_for_end();
}

static void assert_nested(const struct model *model, const uint64_t *inodes)
{
	for (int level = 1; level <= DEPTH; level++) {
		const struct ns *ns = model_find(model, NS_USER, inodes[level]);

		assert_non_null(ns);
		assert_int_equal(ns->parent.state, REL_KNOWN);
		assert_true(ns->parent.ns->inode == inodes[level - 1]);
		assert_ptr_equal(ns->owner.ns, ns->parent.ns);
		assert_int_equal(ns->owner_uid_state, REL_KNOWN);
		assert_int_equal(ns->owner_uid, geteuid());
		assert_int_equal(ns->n_processes, level % 2);
		assert_int_equal(ns->maps_state, level % 2 ? REL_KNOWN : REL_FAILED);
		if (level % 2) {
			assert_int_equal(ns->uid_map.n, 1);
			assert_int_equal(ns->uid_map.ranges[0].count, 1);
			assert_int_equal(ns->setgroups, SETGROUPS_DENY);
		}
	}
}

static void nested_user_namespaces_are_all_there(void **state)
{
	struct kernel *kernel = new_kernel();
	const struct model *model, *again;
	uint64_t inodes[DEPTH + 1] = {own_inode("user")};
	int in;
	const pid_t pid = start(nest, &in);
	char rest;

	for (int level = 1; level <= DEPTH; level++)
		inodes[level] = receive_inode(in);
	assert_int_equal(read(in, &rest, 1), 0); /* all stand where they stay */
	close(in);
	model = scan(kernel, NULL);
	assert_nested(model, inodes);
	again = scan(kernel, model);
	assert_nested(again, inodes);
	for (int level = 1; level <= DEPTH; level++)
		assert_true(model_find(model, NS_USER, inodes[level])->tag ==
		            model_find(again, NS_USER, inodes[level])->tag);
	model_unref(again);
	model_unref(model);
	end(pid);
	kernel_free(kernel);
	(void)state;
}

/* Every namespace that stat finds through a link of /proc/PID/ns. */
static void everything_that_stat_sees_is_there(void **state)
{
	struct kernel *kernel = new_kernel();
	int in, n = 0;
	const pid_t planted = start(nest, &in);
	const struct model *model;
	pid_t *pids;
	size_t n_pids;
	char rest;

	for (int level = 1; level <= DEPTH; level++)
		receive_inode(in);
	assert_int_equal(read(in, &rest, 1), 0);
	close(in);
	model = scan(kernel, NULL);
	assert_int_equal(kernel->ops->list_pids(kernel, &pids, &n_pids), 0);
	for (size_t i = 0; i < n_pids; i++) {
		for (enum nstype type = 0; type < NS_TYPES; type++) {
			const struct process *process = model_find_process(model, pids[i]);
			struct stat st;
			char path[64];

			snprintf(path, sizeof(path), "/proc/%d/ns/%s", pids[i], nstype_name(type));
			assert_non_null(process);
			if (stat(path, &st) < 0)
				continue;
			assert_non_null(process->ns[type]);
			assert_true(process->ns[type]->inode == st.st_ino);
			assert_true(process->ns[type]->dev == st.st_dev);
			n++;
		}
	}
	print_message("%d links of %zu processes compared with stat\n", n, n_pids);
	assert_true(n >= 8 * 4);
	free(pids);
	model_unref(model);
	end(planted);
	kernel_free(kernel);
	(void)state;
}

/* Its children are born into a PID namespace of their own, and one is. */
static void unshare_pids(int out)
{
	CHECK(unshare(CLONE_NEWPID) == 0);

	const pid_t pid = world_fork();
	CHECK(pid >= 0);
	if (pid == 0) {
		send_inode(out, own_inode("pid"));
		close(out);
		wait_for_end();
	}
	close(out);
	wait_for_end();
}

static void pids_inside_are_known(void **state)
{
	struct kernel *kernel = new_kernel();
	int in;
	const pid_t pid = start(unshare_pids, &in);
	const uint64_t inode = receive_inode(in);
	const struct model *model;
	const struct ns *ns;
	char rest;

	assert_int_equal(read(in, &rest, 1), 0);
	close(in);
	model = scan(kernel, NULL);
	ns = model_find(model, NS_PID, inode);
	assert_non_null(ns);
	assert_int_equal(ns->parent.state, REL_KNOWN);
	assert_ptr_equal(ns->parent.ns, model_find_process(model, getpid())->ns[NS_PID]);
	assert_int_equal(ns->n_processes, 1);
	assert_non_null(ns->leader);
	assert_int_equal(ns->leader->n_nspid, 2);
	assert_int_equal(ns->leader->nspid[0], ns->leader->pid);
	assert_int_equal(ns->leader->nspid[1], 1);
	assert_int_equal(ns->n_holders, 1);
	assert_int_equal(ns->holders[0].kind, HOLDER_FOR_CHILDREN);
	assert_int_equal(ns->holders[0].pid, pid);
	model_unref(model);
	end(pid);
	kernel_free(kernel);
	(void)state;
}

static void live_long(int out)
{
	CHECK(world_enter(CLONE_NEWUTS) == 0);
	send_inode(out, own_inode("user"));
	send_inode(out, own_inode("uts"));
	wait_for_end();
}

/* Forks and reaps as fast as it can; each third child has namespaces of its own. */
static void churn(int out)
{
	close(out);
	for (unsigned i = 0;; i++) {
		const pid_t pid = fork();

		if (pid == 0) {
			if (i % 3 == 0)
				world_enter(CLONE_NEWUTS);
			_exit(0);
		}
		if (pid > 0)
			waitpid(pid, NULL, 0);
	}
}

struct planted {
	pid_t pids[LONG_LIVED + CHURNERS];
	uint64_t user[LONG_LIVED], uts[LONG_LIVED];
};

static void plant(struct planted *planted)
{
	int in;

	for (int i = 0; i < LONG_LIVED; i++) {
		planted->pids[i] = start(live_long, &in);
		planted->user[i] = receive_inode(in);
		planted->uts[i] = receive_inode(in);
		close(in);
	}
	for (int i = LONG_LIVED; i < LONG_LIVED + CHURNERS; i++) {
		planted->pids[i] = start(churn, &in);
		close(in);
	}
}

static int count_found(const struct model *model, const struct planted *planted)
{
	int found = 0;

	for (int i = 0; i < LONG_LIVED; i++) {
		const struct ns *user = model_find(model, NS_USER, planted->user[i]);
		const struct ns *uts = model_find(model, NS_UTS, planted->uts[i]);

		found += user && uts && user->parent.state == REL_KNOWN &&
		         uts->owner.state == REL_KNOWN && uts->owner.ns == user;
	}
	return found;
}

/* What stands there without owner or parent because it went while it was read. */
static int count_torn(const struct model *model)
{
	int torn = 0;

	for (size_t i = 0; i < model->n_namespaces; i++)
		torn += model->namespaces[i]->owner.state == REL_FAILED;
	return torn;
}

static unsigned long long count_forks(void)
{
	_cleanup_fclose_ FILE *file = fopen("/proc/stat", "re");
	char line[256];
	unsigned long long n = 0;

	while (file && fgets(line, sizeof(line), file))
		sscanf(line, "processes %llu", &n);
	return n;
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void nothing_is_lost_while_processes_come_and_go(void **state)
{
	struct kernel *kernel = new_kernel();
	const struct model *previous = NULL;
	struct planted planted;
	int found = 0, torn = 0, fds;
	size_t unreadable = 0, notes = 0;
	unsigned long long forks;
	double from;

	alarm(300);
	plant(&planted);
	previous = scan(kernel, NULL); /* opens the descriptors that stay open */
	fds = world_count_fds();
	forks = count_forks();
	from = seconds();
	for (int i = 0; i < SCANS; i++) {
		const struct model *model = scan(kernel, previous);

		found += count_found(model, &planted);
		torn += count_torn(model);
		unreadable += model->host.unreadable;
		for (size_t j = 0; j < model->n_notes; j++)
			notes += model->notes[j].pid != 0;
		model_unref(previous);
		previous = model;
	}
	print_message("%d scans in %.1f s while %llu processes came and went: found %d of %d "
	              "planted, %d torn, %zu unreadable, %zu notes\n",
	        SCANS, seconds() - from, count_forks() - forks, found, SCANS * LONG_LIVED, torn,
	        unreadable, notes);
	assert_int_equal(found, SCANS * LONG_LIVED);
	assert_int_equal(unreadable, 0);
	assert_int_equal(notes, 0);
	assert_true(torn <= SCANS / 50);
	assert_int_equal(world_count_fds(), fds);
	model_unref(previous);
	for (int i = 0; i < LONG_LIVED + CHURNERS; i++)
		end(planted.pids[i]);
	kernel_free(kernel);
	(void)state;
}

/* Without the right to read /proc/PID/ns: still a model, with a note. */
static void as_a_stranger(void)
{
	struct kernel *kernel;
	const struct model *model;

	CHECK(setgroups(0, NULL) == 0 && setgid(65534) == 0 && setuid(65534) == 0);
	CHECK(kernel_linux_new("/proc", &kernel) == 0);
	CHECK(scan_run(kernel, &OPTIONS, NULL, NULL, NULL, &model) == 0);
	CHECK(model->n_processes >= 3);
	CHECK(model->host.unreadable == model->n_processes - 1);
	CHECK(model_is_partial_by(model, PARTIAL_UNREADABLE));
	CHECK(model_find_process(model, getpid())->ns[NS_USER]);
	CHECK(!model_find_process(model, 1)->ns[NS_USER]);
	CHECK(model_find_process(model, 1)->uid_state == REL_KNOWN);
	model_unref(model);
	kernel_free(kernel);
}

static void others_may_be_refused(void **state)
{
	if (geteuid() != 0 || own_inode("user") != 4026531837)
		print_message("not root: left out\n");
	else
		assert_int_equal(world_run(as_a_stranger), 0);
	(void)state;
}

static void with_hidden_processes(void)
{
	struct kernel *kernel;
	const struct model *model;

	CHECK(mount("proc", "/proc", "proc", 0, "hidepid=2") == 0);
	CHECK(kernel_linux_new("/proc", &kernel) == 0);
	CHECK(scan_run(kernel, &OPTIONS, NULL, NULL, NULL, &model) == 0);
	CHECK(!model_is_partial_by(model, PARTIAL_HIDEPID)); /* not from root */
	model_unref(model);
	CHECK(setgroups(0, NULL) == 0 && setgid(65534) == 0 && setuid(65534) == 0);
	CHECK(scan_run(kernel, &OPTIONS, NULL, NULL, NULL, &model) == 0);
	CHECK(model_is_partial_by(model, PARTIAL_HIDEPID));
	CHECK(model->n_processes == 1);
	CHECK(model->host.unreadable == 0);
	model_unref(model);
	kernel_free(kernel);
	CHECK(umount2("/proc", MNT_DETACH) == 0 || errno == EPERM);
}

static void hidden_processes_are_noted(void **state)
{
	int status;
	pid_t pid;

	if (geteuid() != 0 || own_inode("user") != 4026531837) {
		print_message("not root: left out\n");
		return;
	}
	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		CHECK(unshare(CLONE_NEWNS) == 0);
		with_hidden_processes();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	(void)state;
}

static void in_a_user_namespace(void)
{
	struct kernel *kernel;
	const struct model *model;
	const struct ns *user;

	CHECK(world_enter(0) == 0);
	CHECK(kernel_linux_new("/proc", &kernel) == 0);
	CHECK(scan_run(kernel, &OPTIONS, NULL, NULL, NULL, &model) == 0);
	CHECK(model_is_partial_by(model, PARTIAL_USER_NAMESPACE));
	user = model_find_process(model, getpid())->ns[NS_USER];
	CHECK(user && user->parent.state == REL_HIDDEN);
	CHECK(user->owner_uid_state == REL_KNOWN);
	model_unref(model);
	kernel_free(kernel);
}

static void the_inside_is_noted(void **state)
{
	assert_int_equal(world_run(in_a_user_namespace), 0);
	(void)state;
}

static void with_foreign_proc(void)
{
	struct kernel *kernel;
	const struct model *model;
	int status;

	CHECK(unshare(CLONE_NEWPID) == 0);

	const pid_t pid = fork();
	CHECK(pid >= 0);
	if (pid == 0) {
		CHECK(kernel_linux_new("/proc", &kernel) == 0);
		CHECK(scan_run(kernel, &OPTIONS, NULL, NULL, NULL, &model) == 0);
		CHECK(model_is_partial_by(model, PARTIAL_FOREIGN_PROC));
		CHECK(model->n_processes >= 3);
		model_unref(model);
		kernel_free(kernel);
		_exit(0);
	}
	CHECK(waitpid(pid, &status, 0) == pid && status == 0);
}

static void a_foreign_proc_is_noted(void **state)
{
	assert_int_equal(world_run(with_foreign_proc), 0);
	(void)state;
}

enum { TABLES = 12, SHARERS = 40, DESCRIPTORS = 500 };

static void *live_on(_unused_ void *data)
{
	wait_for_end();
}

/* Leaves tables to the threads: each to one, the last, with many descriptors, to many. */
static void *have_tables(void *out)
{
	pthread_t thread;

	for (size_t i = 0; i <= TABLES; i++) {
		for (size_t k = 0; i == TABLES && k < DESCRIPTORS; k++)
			CHECK(open("/", O_PATH | O_CLOEXEC) >= 0);
		for (size_t k = 0; k < (i == TABLES ? SHARERS : 1); k++)
			CHECK(pthread_create(&thread, NULL, live_on, NULL) == 0);
		CHECK(unshare(CLONE_FILES) == 0);
	}
	send_inode(*(const int *)out, 1);
	wait_for_end();
}

static void have_threads(int out)
{
	pthread_t thread;

	CHECK(pthread_create(&thread, NULL, have_tables, &out) == 0);
	wait_for_end();
}

static const struct kernel_ops *real_ops;
static size_t n_links; /* that were read */

static ssize_t count_link(struct kernel *k, int fds, int fd, char *buffer, size_t size)
{
	n_links++;
	return real_ops->fd_link(k, fds, fd, buffer, size);
}

static void each_table_is_read_once(void **state)
{
	const struct scan_options options = {.sources = 1u << SOURCE_FD, .n_threads = 1};
	struct kernel *const kernel = new_kernel();
	const int r = kernel->ops->compare_fd_tables(kernel, getpid(), getpid());
	struct kernel_ops counting = *(real_ops = kernel->ops);
	const struct model *model = NULL;
	int in;

	counting.fd_link = count_link;
	const pid_t pid = start(have_threads, &in);
	assert_int_equal(receive_inode(in), 1);
	kernel->ops = &counting;
	assert_int_equal(scan_run(kernel, &options, NULL, NULL, NULL, &model), 0);
	printf("# R9: 40 threads share 500 descriptors: %zu links read\n", n_links);
	if (r == 0) /* else there is no kcmp(2) */
		assert_in_range(n_links, 2 * DESCRIPTORS, 3 * DESCRIPTORS);
	kernel->ops = real_ops;
	model_unref(model);
	kernel_free(kernel);
	end(pid);
	(void)state;
}

static int run_all(void *data)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(nested_user_namespaces_are_all_there),
	        cmocka_unit_test(everything_that_stat_sees_is_there),
	        cmocka_unit_test(pids_inside_are_known),
	        cmocka_unit_test(others_may_be_refused),
	        cmocka_unit_test(hidden_processes_are_noted),
	        cmocka_unit_test(the_inside_is_noted),
	        cmocka_unit_test(a_foreign_proc_is_noted),
	        cmocka_unit_test(each_table_is_read_once),
	        cmocka_unit_test(nothing_is_lost_while_processes_come_and_go),
	};

	(void)data;
	return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(void)
{
	return world_alone(true, run_all, NULL);
}
