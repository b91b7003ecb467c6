/* SPDX-License-Identifier: Apache-2.0 */
/* What is in namespaces of each type, with the real kernel: all that the test has put into them is
 * found, through a process, a descriptor or a mount; without rights nothing is, and the reason is
 * known. */
#include "base/attributes.h"
#include "kernel/kernel_linux.h"
#include "kernel/privileged/privileged.h"
#include "nsrel/nsfs_uapi.h"
#include "scan/ns_facts.h"
#include "scan/scan.h"
#include "tests/nsrel/world.h"
#include "tests/unit.h"

#include <fcntl.h>
#include <grp.h>
#include <mqueue.h>
#include <sched.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mount.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

/* --- the scene -------------------------------------------------------------------------------- */

/* A kernel with a helper, and a model, all in a PID namespace of their own. */
struct scene {
	void (*play)(struct scene *scene);
	struct helper *helper;
	struct kernel *kernel;
	const struct model *model;
	const struct ns_facts *user; /* the last ones of user_of */
};

/* Without rights: as a user that owns nothing. The model is that of root. */
static void start_kernel(struct scene *scene, bool has_rights)
{
	if (!has_rights)
		CHECK(setgroups(0, NULL) == 0 && setresgid(65534, 65534, 65534) == 0 &&
		        setresuid(65534, 65534, 65534) == 0);
	CHECK(helper_start(privileged_jobs, PRIVILEGED_JOBS, NULL, &scene->helper) == 0);
	CHECK(kernel_linux_new("/proc", &scene->kernel) == 0);
	kernel_linux_set_helper(scene->kernel, helper_channel(scene->helper));
}

static void stop_kernel(struct scene *scene)
{
	ns_facts_unref(scene->user);
	scene->user = NULL;
	kernel_free(scene->kernel);
	helper_stop(scene->helper);
}

static void scan(struct scene *scene)
{
	const struct scan_options options = {.sources = SCAN_SOURCES_ALL, .n_threads = 1};

	model_unref(scene->model);
	CHECK(scan_run(scene->kernel, &options, NULL, NULL, NULL, &scene->model) == 0);
}

static const struct ns *find(const struct scene *scene, enum nstype type, uint64_t inode)
{
	const struct ns *const ns = model_find(scene->model, type, inode);

	CHECK(ns);
	return ns;
}

/* The caller releases them. */
static const struct ns_facts *facts_of(struct scene *scene, enum nstype type, uint64_t inode)
{
	const struct ns *const ns = find(scene, type, inode);
	const struct ns_facts *facts;

	CHECK(ns_facts_read(scene->kernel, scene->model, ns, 0, &facts) == 0);
	CHECK(facts->type == type && facts->tag == ns->tag);
	return facts;
}

static int play_alone(void *data)
{
	struct scene *const scene = data;

	scene->play(scene);
	model_unref(scene->model);
	return 0;
}

/* Exits 77 if that is not permitted. */
static void play(void (*run)(struct scene *scene))
{
	struct scene scene = {.play = run};

	if (geteuid() != 0)
		_exit(EXIT_SKIP);
	_exit(world_alone(false, play_alone, &scene));
}

static uint64_t inode_of(pid_t pid, const char *link)
{
	char path[64];
	struct stat st;

	snprintf(path, sizeof(path), "/proc/%d/ns/%s", (int)pid, link);
	CHECK(stat(path, &st) == 0);
	return st.st_ino;
}

static int write_file(const char *path, const char *text)
{
	_cleanup_close_ int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	const ssize_t len = (ssize_t)strlen(text);

	return file >= 0 && write(file, text, (size_t)len) == len ? 0 : -errno;
}

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

static void check_uts(struct scene *scene, uint64_t inode)
{
	const struct ns_facts *const facts = facts_of(scene, NS_UTS, inode);

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

static void check_ipc(struct scene *scene, uint64_t inode)
{
	static const struct {
		uint64_t n, size;
	} expected[NS_FACTS_IPC_KINDS] = {
	        [NS_FACTS_SHM] = {2, 14096},
	        [NS_FACTS_SEM] = {2, 9},
	        [NS_FACTS_MSG] = {1, 11},
	        [NS_FACTS_MQUEUE] = {2, 8},
	};
	const struct ns_facts *const facts = facts_of(scene, NS_IPC, inode);

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
	return write_file("/proc/self/timens_offsets", "monotonic 86400 5\nboottime -1 250000000");
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

static void check_time(struct scene *scene, uint64_t inode)
{
	const struct ns_facts *const facts = facts_of(scene, NS_TIME, inode);

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

static void check_mnt(struct scene *scene, uint64_t inode)
{
	const struct ns_facts *const facts = facts_of(scene, NS_MNT, inode);

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
	return write_file(file, "0");
}

/* The root is the group; the process is below. */
static int make_cgroup(void)
{
	int r = enter_group("");

	if (r == 0 && unshare(CLONE_NEWCGROUP) < 0)
		r = -errno;
	return r < 0 ? r : enter_group("/inner");
}

static void check_cgroup(struct scene *scene, uint64_t inode)
{
	const struct ns_facts *const facts = facts_of(scene, NS_CGROUP, inode);
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
	void (*check)(struct scene *scene, uint64_t inode);
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
		inodes[i] = inode_of(pids[i], PLANTED[i].link);
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

static void find_all(struct scene *scene)
{
	pid_t pids[N_PLANTED] = {0};
	uint64_t inodes[N_PLANTED] = {0};
	size_t n = 0;

	plant(pids, inodes);
	start_kernel(scene, true);
	scan(scene);
	const int before = world_count_fds();
	for (size_t i = 0; i < N_PLANTED; i++) {
		if (pids[i] > 0)
			PLANTED[i].check(scene, inodes[i]);
		n += pids[i] > 0;
	}
	CHECK(world_count_fds() == before);
	fprintf(stderr, "namespaces by their processes: %zu/%zu\n", n, n);
	stop_kernel(scene);
	unplant(pids);
}

/* The processes have ended: a descriptor or a mount is left. */
static void find_held(struct scene *scene)
{
	pid_t pids[N_PLANTED] = {0};
	uint64_t inodes[N_PLANTED] = {0};
	int held[N_PLANTED];
	size_t n = 0;

	plant(pids, inodes);
	CHECK(mount("tmpfs", "/mnt", "tmpfs", 0, NULL) == 0);
	for (size_t i = 0; i < N_PLANTED; i++) {
		char path[64];

		held[i] = pids[i] > 0 ? world_open(pids[i], PLANTED[i].link) : -EBADF;
		if (pids[i] <= 0 || PLANTED[i].type == NS_MNT)
			continue;
		snprintf(path, sizeof(path), "/mnt/%zu", i);
		CHECK(write_file(path, "") == 0);
		snprintf(path, sizeof(path), "/proc/%d/ns/%s", (int)pids[i], PLANTED[i].link);
		char target[16];
		snprintf(target, sizeof(target), "/mnt/%zu", i);
		CHECK(mount(path, target, NULL, MS_BIND, NULL) == 0);
		/* Every second one has its mount alone. */
		if (i % 2 == 0)
			close_fd(&held[i]);
	}
	unplant(pids);
	/* Descriptors of the scanning program itself are no holders. */
	const pid_t holder = world_fork();
	CHECK(holder >= 0);
	if (holder == 0)
		for (;;)
			pause();
	for (size_t i = 0; i < N_PLANTED; i++)
		close_fd(&held[i]);
	start_kernel(scene, true);
	scan(scene);
	for (size_t i = 0; i < N_PLANTED; i++) {
		if (pids[i] <= 0 || PLANTED[i].type == NS_CGROUP) /* no process: not known */
			continue;
		CHECK(find(scene, PLANTED[i].type, inodes[i])->n_processes == 0);
		PLANTED[i].check(scene, inodes[i]);
		n++;
	}
	fprintf(stderr, "namespaces that are held: %zu/%zu\n", n, n);
	stop_kernel(scene);
}

/* In a process of its own, since it gives up its rights. */
static void find_nothing(struct scene *scene)
{
	pid_t pids[N_PLANTED] = {0};
	uint64_t inodes[N_PLANTED] = {0};

	plant(pids, inodes);
	start_kernel(scene, true);
	scan(scene);
	stop_kernel(scene);
	const pid_t pid = world_fork();
	CHECK(pid >= 0);
	if (pid == 0) {
		start_kernel(scene, false);
		for (size_t i = 0; i < N_PLANTED; i++) {
			if (pids[i] <= 0)
				continue;
			const struct ns_facts *const facts =
			        facts_of(scene, PLANTED[i].type, inodes[i]);

			CHECK(facts->error == EACCES || facts->error == EPERM);
			ns_facts_unref(facts);
		}
		/* Its own can be read. */
		const struct ns_facts *const own =
		        facts_of(scene, NS_UTS, inode_of(getpid(), "uts"));
		char name[65];
		CHECK(gethostname(name, sizeof(name)) == 0);
		CHECK(own->error == 0 && strcmp(own->uts.host, name) == 0);
		stop_kernel(scene);
		_exit(0);
	}
	int status;
	CHECK(waitpid(pid, &status, 0) == pid && status == 0);
	unplant(pids);
}

/* A process in a chroot shows some of the mounts. */
static void find_some_mounts(struct scene *scene)
{
	const pid_t pid = world_begin(make_chroot);
	CHECK(pid > 0);
	const uint64_t inode = inode_of(pid, "mnt");

	start_kernel(scene, true);
	scan(scene);
	const struct ns_facts *const facts = facts_of(scene, NS_MNT, inode);
	CHECK(facts->error == 0 && facts->mnt.n_mounts == 1 && facts->mnt.is_at_least);
	CHECK(strcmp(facts->mnt.source, "other") == 0 && !facts->mnt.is_read_only);
	ns_facts_unref(facts);
	stop_kernel(scene);
	world_end(pid);
}

/* --- users ------------------------------------------------------------------------------------ */

static int make_user(void)
{
	return unshare(CLONE_NEWUSER) < 0 ? -errno : 0;
}

static pid_t begin_user(const char *uid_map, const char *gid_map)
{
	const pid_t pid = world_begin(make_user);
	char path[64];

	CHECK(pid > 0);
	snprintf(path, sizeof(path), "/proc/%d/uid_map", (int)pid);
	CHECK(write_file(path, uid_map) == 0);
	snprintf(path, sizeof(path), "/proc/%d/gid_map", (int)pid);
	CHECK(write_file(path, gid_map) == 0);
	return pid;
}

static void use_own_etc(const char *nsswitch)
{
	CHECK(mount("tmpfs", "/etc", "tmpfs", 0, NULL) == 0);
	CHECK(write_file("/etc/subuid",
	              "# users\nann:100000:65536\nbob:165536:65536\n1000:100010:5\n"
	              "wrong:1\nwrong:x:1\nlast:4294967295:1\nover:4294967295:2\n") == 0);
	if (nsswitch)
		CHECK(write_file("/etc/nsswitch.conf", nsswitch) == 0);
}

/* Valid until the next call. */
static const struct ns_facts_user *user_of(struct scene *scene, pid_t pid)
{
	ns_facts_unref(scene->user);
	scene->user = facts_of(scene, NS_USER, inode_of(pid, "user"));
	CHECK(scene->user->error == 0);
	return &scene->user->user;
}

static bool is_subid(
        const struct ns_facts_subid *id, uint32_t first, uint32_t count, const char *owner)
{
	return id->first == first && id->count == count && strcmp(id->owner, owner) == 0;
}

static void find_users(struct scene *scene)
{
	use_own_etc("passwd: files\nsubid:\tfiles\n");
	const pid_t ann = begin_user("0 100000 65536", "0 0 1");
	const pid_t both = begin_user("0 165000 1000\n1000 0 1", "0 1 1");
	const pid_t bob = begin_user("0 166000 1000", "0 2 1");

	start_kernel(scene, true);
	scan(scene);
	const struct ns_facts_user *user = user_of(scene, ann);
	CHECK(user->subuid_error == 0 && user->subgid_error == ENOENT);
	CHECK(user->n_subuid == 2 && is_subid(&user->subuid[0], 100000, 65536, "ann") &&
	        is_subid(&user->subuid[1], 100010, 5, "1000"));
	CHECK(user->host_root == NS_FACTS_NO);
	CHECK(user->n_overlaps == 1 && user->overlaps[0] == inode_of(both, "user"));
	user = user_of(scene, both);
	CHECK(user->n_subuid == 2 && is_subid(&user->subuid[0], 165000, 536, "ann") &&
	        is_subid(&user->subuid[1], 165536, 464, "bob"));
	CHECK(user->host_root == NS_FACTS_YES && user->n_overlaps == 1);
	user = user_of(scene, bob);
	CHECK(user->n_subuid == 1 && is_subid(&user->subuid[0], 166000, 1000, "bob"));
	CHECK(user->n_overlaps == 0 && !user->has_more_overlaps);
	user = user_of(scene, getpid());
	CHECK(user->n_subuid == 0 && user->host_root == NS_FACTS_YES && user->n_overlaps == 0);
	CHECK(write_file("/etc/nsswitch.conf", "subid: sss     \n") == 0);
	user = user_of(scene, ann);
	CHECK(user->n_subuid == 0 && user->subuid_error == EOPNOTSUPP);
	stop_kernel(scene);
	world_end(ann);
	world_end(both);
	world_end(bob);
}

/* --- PIDs ------------------------------------------------------------------------------------- */

/* A PID namespace of which `member` is traced by this process; it stays a zombie until that waits
 * for it. Returns its init process, which ends when `*ret_end` is closed. */
static pid_t begin_pid(pid_t *ret_member, int *ret_end)
{
	int end[2], ready[2];
	char c;

	CHECK(pipe2(end, O_CLOEXEC) == 0 && pipe2(ready, O_CLOEXEC) == 0);
	const pid_t outer = world_fork();
	CHECK(outer >= 0);
	if (outer == 0) {
		CHECK(unshare(CLONE_NEWPID) == 0);
		const pid_t init = fork();
		CHECK(init >= 0);
		if (init == 0) {
			const pid_t member = fork();

			CHECK(member >= 0);
			if (member == 0) {
				close(end[0]);
				close(end[1]);
				for (;;)
					pause();
			}
			close(end[1]);
			CHECK(write(ready[1], "r", 1) == 1);
			CHECK(read(end[0], &c, 1) == 0);
			_exit(0);
		}
		close(end[0]);
		close(end[1]);
		for (;;)
			pause();
	}
	close(end[0]);
	CHECK(read(ready[0], &c, 1) == 1);
	close(ready[0]);
	close(ready[1]);
	*ret_end = end[1];
	*ret_member = 0;
	return outer;
}

static void set_members(const struct scene *scene, pid_t outer, pid_t *ret_init, pid_t *ret_member)
{
	for (size_t i = 0; i < scene->model->n_processes; i++) {
		const struct process *const process = scene->model->processes[i];

		if (process->ppid == outer)
			*ret_init = process->pid;
	}
	for (size_t i = 0; i < scene->model->n_processes; i++) {
		if (scene->model->processes[i]->ppid == *ret_init)
			*ret_member = scene->model->processes[i]->pid;
	}
	CHECK(*ret_init > 0 && *ret_member > 0);
}

/* Until init is in exit. */
static const struct ns_facts *wait_for_dying(struct scene *scene, uint64_t inode)
{
	for (;;) {
		const struct ns_facts *const facts = facts_of(scene, NS_PID, inode);

		if (facts->pid.dying == NS_FACTS_DYING && facts->pid.waits_for)
			return facts;
		CHECK(facts->pid.waits_for == 0 || facts->pid.dying == NS_FACTS_DYING);
		ns_facts_unref(facts);
		sched_yield();
	}
}

static void find_dying(struct scene *scene)
{
	pid_t init = 0, member = 0;
	int end;
	const pid_t outer = begin_pid(&member, &end);

	start_kernel(scene, true);
	scan(scene);
	set_members(scene, outer, &init, &member);
	const uint64_t inode = inode_of(init, "pid");
	const struct ns_facts *facts = facts_of(scene, NS_PID, inode);
	CHECK(facts->error == 0 && facts->pid.error == 0);
	CHECK(facts->pid.dying == NS_FACTS_ALIVE && facts->pid.waits_for == 0);
	CHECK(facts->pid.init == init && facts->pid.init_state == 'S');
	CHECK(facts->pid.levels == 2 && facts->pid.n_members == 2 && facts->pid.n_below == 0);
	ns_facts_unref(facts);

	CHECK(ptrace(PTRACE_SEIZE, member, NULL, NULL) == 0);
	close(end);
	facts = wait_for_dying(scene, inode);
	CHECK(facts->pid.waits_for == member && facts->pid.n_left == 1);
	CHECK(facts->pid.init == init && facts->pid.state != 0);
	ns_facts_unref(facts);

	/* The same from a scan that is made meanwhile. */
	scan(scene);
	facts = facts_of(scene, NS_PID, inode);
	CHECK(facts->pid.dying == NS_FACTS_DYING && facts->pid.waits_for == member);
	ns_facts_unref(facts);
	int status;
	while (waitpid(member, &status, __WALL) == member && !WIFSIGNALED(status)) {
	}
	stop_kernel(scene);
	kill(outer, SIGKILL);
}

/* --- */

static int run(void (*run_scene)(struct scene *scene));

static void (*scene_to_play)(struct scene *scene);

static void play_it(void)
{
	play(scene_to_play);
}

static int run(void (*run_scene)(struct scene *scene))
{
	scene_to_play = run_scene;
	return world_run(play_it);
}

static void what_processes_have(void **state)
{
	assert_int_equal(run(find_all), 0);
	(void)state;
}

static void what_is_held(void **state)
{
	assert_int_equal(run(find_held), 0);
	(void)state;
}

static void no_rights(void **state)
{
	assert_int_equal(run(find_nothing), 0);
	(void)state;
}

static void a_chroot_shows_less(void **state)
{
	assert_int_equal(run(find_some_mounts), 0);
	(void)state;
}

static void whose_ids(void **state)
{
	assert_int_equal(run(find_users), 0);
	(void)state;
}

static void what_a_dying_namespace_waits_for(void **state)
{
	assert_int_equal(run(find_dying), 0);
	(void)state;
}

static int try_all(_unused_ void *data)
{
	return unshare(CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWTIME |
	               CLONE_NEWCGROUP) < 0
	               ? EXIT_SKIP
	               : 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(what_processes_have),
	        cmocka_unit_test(what_is_held),
	        cmocka_unit_test(no_rights),
	        cmocka_unit_test(a_chroot_shows_less),
	        cmocka_unit_test(whose_ids),
	        cmocka_unit_test(what_a_dying_namespace_waits_for),
	};
	const char *const all = getenv("NSBROWSE_REQUIRE_ALL");

	if (geteuid() != 0 || world_alone(false, try_all, NULL) != 0) {
		fprintf(stderr, "skipped: may not make namespaces of all types\n");
		return all && strcmp(all, "1") == 0 ? 1 : EXIT_SKIP;
	}
	test_pid = getpid();
	const int r = cmocka_run_group_tests(tests, NULL, NULL);
	/* After a test that failed. */
	for (size_t i = 0; i < ARRAY_SIZE(TOPS); i++) {
		name_group(i);
		remove_group();
	}
	return r;
}
