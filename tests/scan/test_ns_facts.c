/* SPDX-License-Identifier: Apache-2.0 */
/* What is in namespaces of each type, with the real kernel: all that the test has put into them is
 * found, through a process, a descriptor or a mount; without rights nothing is, and the reason is
 * known. */
#include "base/attributes.h"
#include "nsrel/nsfs_uapi.h"
#include "tests/nsrel/world.h"
#include "tests/scan/facts_scene.h"
#include "tests/unit.h"

#include <fcntl.h>
#include <mqueue.h>
#include <sched.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mount.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

/* --- UTS -------------------------------------------------------------------------------------- */

#define HOST   "in\033[31m\nside"
#define DOMAIN "domain.example"

static int make_uts(void)
{
	if (unshare(CLONE_NEWUTS) < 0 || sethostname(HOST, strlen(HOST)) < 0 ||
	        setdomainname(DOMAIN, strlen(DOMAIN)) < 0)
		return -errno;
	return 0;
}

static void check_uts(struct facts_scene *scene, uint64_t inode)
{
	const struct ns_facts *const facts = facts_scene_read(scene, NS_UTS, inode);

	CHECK(facts->error == 0);
	CHECK(strcmp(facts->uts.host, HOST) == 0);
	CHECK(strcmp(facts->uts.domain, DOMAIN) == 0);
	ns_facts_unref(facts);
}

/* --- IPC -------------------------------------------------------------------------------------- */

static int make_mqueue(const char *name, const char *message)
{
	struct mq_attr attributes = {.mq_maxmsg = 4, .mq_msgsize = 64};
	const long queue = syscall(SYS_mq_open, name, O_CREAT | O_RDWR, 0600, &attributes);

	if (queue < 0 ||
	        syscall(SYS_mq_timedsend, (int)queue, message, strlen(message), 0, NULL) < 0)
		return -errno;
	return 0;
}

static int make_ipc(void)
{
	struct {
		long type;
		char text[11];
	} message = {1, "0123456789"};

	if (unshare(CLONE_NEWIPC) < 0 || shmget(IPC_PRIVATE, 10000, 0600) < 0 ||
	        shmget(IPC_PRIVATE, 4096, 0600) < 0 || semget(IPC_PRIVATE, 7, 0600) < 0 ||
	        semget(IPC_PRIVATE, 2, 0) < 0)
		return -errno;
	const int queue = msgget(IPC_PRIVATE, 0600);
	if (queue < 0 || msgsnd(queue, &message, sizeof(message.text), 0) < 0)
		return -errno;
	return make_mqueue("one", "12345") < 0 ? -errno : make_mqueue("two", "678");
}

static void check_ipc(struct facts_scene *scene, uint64_t inode)
{
	static const struct {
		uint64_t n, size;
	} expected[NS_FACTS_IPC_KINDS] = {
	        [NS_FACTS_SHM] = {2, 14096},
	        [NS_FACTS_SEM] = {2, 9},
	        [NS_FACTS_MSG] = {1, 11},
	        [NS_FACTS_MQUEUE] = {2, 8},
	};
	const struct ns_facts *const facts = facts_scene_read(scene, NS_IPC, inode);

	CHECK(facts->error == 0);
	for (size_t i = 0; i < NS_FACTS_IPC_KINDS; i++) {
		CHECK(facts->ipc.kinds[i].error == 0);
		CHECK(facts->ipc.kinds[i].n == expected[i].n);
		CHECK(facts->ipc.kinds[i].size == expected[i].size);
	}
	ns_facts_unref(facts);
}

/* --- time ------------------------------------------------------------------------------------- */

/* The namespace is that of the next child; the process itself stays in its own. */
static int make_time(void)
{
	if (unshare(CLONE_NEWTIME) < 0)
		return -errno;
	return facts_scene_write(
	        "/proc/self/timens_offsets", "monotonic 86400 5\nboottime -1 250000000");
}

/* A child in it, also. */
static int make_time_child(void)
{
	int r = make_time();
	const pid_t pid = r == 0 ? world_fork() : -1;

	if (pid == 0)
		for (;;)
			pause();
	return r < 0 ? r : pid < 0 ? -errno : 0;
}

static void check_time(struct facts_scene *scene, uint64_t inode)
{
	const struct ns_facts *const facts = facts_scene_read(scene, NS_TIME, inode);

	CHECK(facts->error == 0);
	CHECK(facts->time.monotonic.seconds == 86400);
	CHECK(facts->time.monotonic.nanoseconds == 5);
	CHECK(facts->time.boottime.seconds == -1);
	CHECK(facts->time.boottime.nanoseconds == 250000000);
	ns_facts_unref(facts);
}

/* --- mounts ----------------------------------------------------------------------------------- */

enum { MOUNTS = 3 };

/* A tmpfs as root directory, which is read-only, /proc and another tmpfs. */
static int make_mnt(void)
{
	if (unshare(CLONE_NEWNS) < 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	        mount("a source", "/mnt", "tmpfs", 0, NULL) < 0 || mkdir("/mnt/old", 0755) < 0 ||
	        mkdir("/mnt/proc", 0755) < 0 || mkdir("/mnt/here", 0755) < 0 ||
	        mount("proc", "/mnt/proc", "proc", 0, NULL) < 0 ||
	        mount("other", "/mnt/here", "tmpfs", 0, NULL) < 0 ||
	        syscall(SYS_pivot_root, "/mnt", "/mnt/old") < 0 || chdir("/") < 0 ||
	        umount2("/old", MNT_DETACH) < 0 ||
	        mount(NULL, "/", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL) < 0)
		return -errno;
	return 0;
}

static int make_chroot(void)
{
	const int r = make_mnt();

	return r < 0 ? r : chroot("/here") < 0 ? -errno : 0;
}

static void check_mnt(struct facts_scene *scene, uint64_t inode)
{
	const struct ns_facts *const facts = facts_scene_read(scene, NS_MNT, inode);

	CHECK(facts->error == 0);
	CHECK(facts->mnt.n_mounts == MOUNTS && !facts->mnt.is_at_least);
	CHECK(strcmp(facts->mnt.root, "/") == 0 && strcmp(facts->mnt.type, "tmpfs") == 0);
	CHECK(strcmp(facts->mnt.source, "a source") == 0);
	CHECK(facts->mnt.is_read_only);
	ns_facts_unref(facts);
}

/* --- cgroups ---------------------------------------------------------------------------------- */

/* Where cgroups can be made: the first hierarchy that lets it. Empty: nowhere. */
static char group[128];
static pid_t test_pid; /* on the machine */

static const char *const TOPS[] = {"/sys/fs/cgroup/unified", "/sys/fs/cgroup",
        "/sys/fs/cgroup/pids", "/sys/fs/cgroup/systemd"};

static void name_group(size_t top)
{
	snprintf(group, sizeof(group), "%s/nsbrowse-test-facts-%d", TOPS[top], (int)test_pid);
}

static bool make_group(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(TOPS); i++) {
		char file[160];

		name_group(i);
		snprintf(file, sizeof(file), "%s/cgroup.procs", group);
		if (mkdir(group, 0755) == 0 && access(file, W_OK) == 0)
			return true;
		rmdir(group);
	}
	*group = '\0';
	return false;
}

static void remove_group(void)
{
	char inner[160];

	if (!*group)
		return;
	snprintf(inner, sizeof(inner), "%s/inner", group);
	while (rmdir(inner) < 0 && errno == EBUSY)
		sched_yield();
	while (rmdir(group) < 0 && errno == EBUSY)
		sched_yield();
}

static int enter_group(const char *below)
{
	char file[256];

	snprintf(file, sizeof(file), "%s%s", group, below);
	if (*below && mkdir(file, 0755) < 0)
		return -errno;
	snprintf(file, sizeof(file), "%s%s/cgroup.procs", group, below);
	return facts_scene_write(file, "0");
}

/* The root is the group; the process is below. */
static int make_cgroup(void)
{
	int r = enter_group("");

	if (r == 0 && unshare(CLONE_NEWCGROUP) < 0)
		r = -errno;
	return r < 0 ? r : enter_group("/inner");
}

static void check_cgroup(struct facts_scene *scene, uint64_t inode)
{
	const struct ns_facts *const facts = facts_scene_read(scene, NS_CGROUP, inode);
	const char *const name = strrchr(group, '/');
	size_t n = 0;

	CHECK(facts->error == 0);
	for (size_t i = 0; i < facts->cgroup.n_roots; i++) {
		const char *const path = facts->cgroup.roots[i].path;

		n += strlen(path) >= strlen(name) &&
		     strcmp(path + strlen(path) - strlen(name), name) == 0;
		CHECK(*path == '/' && !strstr(path, "/inner"));
	}
	CHECK(n == 1);
	ns_facts_unref(facts);
}

/* --- all types -------------------------------------------------------------------------------- */

static const struct planted {
	const char *link;
	enum nstype type;
	int (*make)(void);
	void (*check)(struct facts_scene *scene, uint64_t inode);
} PLANTED[] = {
        {"uts", NS_UTS, make_uts, check_uts},
        {"ipc", NS_IPC, make_ipc, check_ipc},
        {"time_for_children", NS_TIME, make_time, check_time},
        {"time_for_children", NS_TIME, make_time_child, check_time},
        {"mnt", NS_MNT, make_mnt, check_mnt},
        {"cgroup", NS_CGROUP, make_cgroup, check_cgroup},
};

enum { N_PLANTED = ARRAY_SIZE(PLANTED) };

static void plant(pid_t *pids, uint64_t *inodes)
{
	if (!make_group())
		fprintf(stderr, "no cgroup can be made here\n");
	for (size_t i = 0; i < N_PLANTED; i++) {
		if (PLANTED[i].type == NS_CGROUP && !*group)
			continue;
		pids[i] = world_begin(PLANTED[i].make);
		if (pids[i] < 0)
			fprintf(stderr, "%s: %s\n", PLANTED[i].link, strerror((int)-pids[i]));
		CHECK(pids[i] > 0);
		inodes[i] = facts_scene_inode(pids[i], PLANTED[i].link);
	}
}

static void unplant(const pid_t *pids)
{
	for (size_t i = 0; i < N_PLANTED; i++) {
		if (pids[i] > 0)
			world_end(pids[i]);
	}
	remove_group();
}

static void find_all(struct facts_scene *scene)
{
	pid_t pids[N_PLANTED] = {0};
	uint64_t inodes[N_PLANTED] = {0};
	size_t n = 0;

	plant(pids, inodes);
	facts_scene_start(scene, true);
	facts_scene_scan(scene);
	const int before = world_count_fds();
	for (size_t i = 0; i < N_PLANTED; i++) {
		if (pids[i] > 0)
			PLANTED[i].check(scene, inodes[i]);
		n += pids[i] > 0;
	}
	CHECK(world_count_fds() == before);
	fprintf(stderr, "%zu namespaces found by their processes\n", n);
	facts_scene_stop(scene);
	unplant(pids);
}

/* Each but the mount namespace has a mount below /mnt; every second one has no descriptor. */
static void hold(const pid_t *pids, int *held)
{
	CHECK(mount("tmpfs", "/mnt", "tmpfs", 0, NULL) == 0);
	for (size_t i = 0; i < N_PLANTED; i++) {
		char path[64], target[16];

		held[i] = pids[i] > 0 ? world_open(pids[i], PLANTED[i].link) : -EBADF;
		if (pids[i] <= 0 || PLANTED[i].type == NS_MNT)
			continue;
		snprintf(target, sizeof(target), "/mnt/%zu", i);
		CHECK(facts_scene_write(target, "") == 0);
		snprintf(path, sizeof(path), "/proc/%d/ns/%s", (int)pids[i], PLANTED[i].link);
		CHECK(mount(path, target, NULL, MS_BIND, NULL) == 0);
		if (i % 2 == 0)
			close_fd(&held[i]);
	}
}

/* The processes have ended: a descriptor or a mount is left. */
static void find_held(struct facts_scene *scene)
{
	pid_t pids[N_PLANTED] = {0};
	uint64_t inodes[N_PLANTED] = {0};
	int held[N_PLANTED];
	size_t n = 0;

	plant(pids, inodes);
	hold(pids, held);
	unplant(pids);
	/* Descriptors of the scanning program itself are no holders. */
	const pid_t holder = world_fork();
	CHECK(holder >= 0);
	if (holder == 0)
		for (;;)
			pause();
	for (size_t i = 0; i < N_PLANTED; i++)
		close_fd(&held[i]);
	facts_scene_start(scene, true);
	facts_scene_scan(scene);
	for (size_t i = 0; i < N_PLANTED; i++) {
		if (pids[i] <= 0 || PLANTED[i].type == NS_CGROUP) /* no process: not known */
			continue;
		CHECK(facts_scene_find(scene, PLANTED[i].type, inodes[i])->n_processes == 0);
		PLANTED[i].check(scene, inodes[i]);
		n++;
	}
	fprintf(stderr, "%zu namespaces found that are held\n", n);
	facts_scene_stop(scene);
}

/* In a process of its own, since it gives up its rights. */
static void find_nothing(struct facts_scene *scene)
{
	pid_t pids[N_PLANTED] = {0};
	uint64_t inodes[N_PLANTED] = {0};

	plant(pids, inodes);
	facts_scene_start(scene, true);
	facts_scene_scan(scene);
	facts_scene_stop(scene);
	const pid_t pid = world_fork();
	CHECK(pid >= 0);
	if (pid == 0) {
		facts_scene_start(scene, false);
		for (size_t i = 0; i < N_PLANTED; i++) {
			if (pids[i] <= 0)
				continue;
			const struct ns_facts *const facts =
			        facts_scene_read(scene, PLANTED[i].type, inodes[i]);

			CHECK(facts->error == EACCES || facts->error == EPERM);
			ns_facts_unref(facts);
		}
		/* Its own can be read. */
		const struct ns_facts *const own =
		        facts_scene_read(scene, NS_UTS, facts_scene_inode(getpid(), "uts"));
		char name[65];
		CHECK(gethostname(name, sizeof(name)) == 0);
		CHECK(own->error == 0 && strcmp(own->uts.host, name) == 0);
		facts_scene_stop(scene);
		_exit(0);
	}
	int status;
	CHECK(waitpid(pid, &status, 0) == pid && status == 0);
	unplant(pids);
}

/* A process in a chroot shows some of the mounts. */
static void find_some_mounts(struct facts_scene *scene)
{
	const pid_t pid = world_begin(make_chroot);
	CHECK(pid > 0);
	const uint64_t inode = facts_scene_inode(pid, "mnt");

	facts_scene_start(scene, true);
	facts_scene_scan(scene);
	const struct ns_facts *const facts = facts_scene_read(scene, NS_MNT, inode);
	CHECK(facts->error == 0 && facts->mnt.n_mounts == 1 && facts->mnt.is_at_least);
	CHECK(strcmp(facts->mnt.source, "other") == 0 && !facts->mnt.is_read_only);
	ns_facts_unref(facts);
	facts_scene_stop(scene);
	world_end(pid);
}

/* --- */

static void what_processes_have(void **state)
{
	assert_int_equal(facts_scene_run(find_all), 0);
	(void)state;
}

static void what_is_held(void **state)
{
	assert_int_equal(facts_scene_run(find_held), 0);
	(void)state;
}

static void no_rights(void **state)
{
	assert_int_equal(facts_scene_run(find_nothing), 0);
	(void)state;
}

static void a_chroot_shows_less(void **state)
{
	assert_int_equal(facts_scene_run(find_some_mounts), 0);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(what_processes_have),
	        cmocka_unit_test(what_is_held),
	        cmocka_unit_test(no_rights),
	        cmocka_unit_test(a_chroot_shows_less),
	};

	facts_scene_need(
	        CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWTIME | CLONE_NEWCGROUP);
	test_pid = getpid();
	const int r = cmocka_run_group_tests(tests, NULL, NULL);
	/* After a test that failed. */
	for (size_t i = 0; i < ARRAY_SIZE(TOPS); i++) {
		name_group(i);
		remove_group();
	}
	return r;
}
