/* SPDX-License-Identifier: Apache-2.0 */
#include "base/attributes.h"
#include "kernel/kernel_linux.h"
#include "kernel/privileged/privileged.h"
#include "nsrel/nsfs_uapi.h"
#include "scan/scan.h"
#include "tests/nsrel/world.h"
#include "tests/unit.h"

#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

/* Namespaces that only a mount or a descriptor keeps, with the real kernel: as long as they live
 * they keep their tag, and one that takes their place and their number gets a new one, with the
 * kernel's ids and without. */

enum { ROUNDS = 20, FD = 50, TRIES = 200 };

/* What scans, in a PID namespace of its own: its scans do not grow with the machine. The helper
 * stays in the machine's, since to one in another the kernel refuses both interfaces. */
struct scene {
	unsigned interfaces;
	uint64_t (*next)(uint64_t inode); /* replaces a namespace; 0: makes the first */
	struct helper *helper;
	struct kernel *kernel;
	struct scan_options options;
	const struct model *previous;
	int n_scans;
};

/* Runs `run` there. */
static void play(struct scene *scene, int (*run)(void *data))
{
	scene->options = (struct scan_options){.sources = SCAN_SOURCES_DEFAULT, .n_threads = 1};
	CHECK(helper_start(privileged_jobs, PRIVILEGED_JOBS, NULL, &scene->helper) == 0);
	CHECK(world_alone(true, run, scene) == 0);
	helper_stop(scene->helper);
}

static void start(struct scene *scene)
{
	CHECK(world_enter(CLONE_NEWNS | CLONE_NEWUTS) ==
	        0); /* whose UTS namespace is left and entered */
	CHECK(mount("tmpfs", "/mnt", "tmpfs", 0, NULL) == 0);
	CHECK(kernel_linux_new("/proc", &scene->kernel) == 0);
	kernel_linux_set_helper(scene->kernel, helper_channel(scene->helper));
	kernel_linux_set_interfaces(scene->kernel, scene->interfaces);
}

static void end(struct scene *scene)
{
	model_unref(scene->previous);
	kernel_free(scene->kernel);
}

/* A UTS namespace in one more scan. */
static const struct ns *scan_ns(struct scene *scene, uint64_t inode)
{
	const struct model *model;
	const struct ns *ns;

	CHECK(scan_run(scene->kernel, &scene->options, scene->previous, NULL, NULL, &model) == 0);
	model_unref(scene->previous);
	scene->previous = model;
	scene->n_scans++;
	ns = model_find(model, NS_UTS, inode);
	CHECK(ns && ns->n_processes == 0 && ns->owner.state == REL_KNOWN);
	return ns;
}

static uint64_t scan_tag(struct scene *scene, uint64_t inode)
{
	return scan_ns(scene, inode)->tag;
}

/* A descriptor of a new UTS namespace. */
static int make_uts(void)
{
	int fd;

	CHECK(unshare(CLONE_NEWUTS) == 0);
	_cleanup_close_ int low = open("/proc/thread-self/ns/uts", O_RDONLY | O_CLOEXEC);
	fd = fcntl(low, F_DUPFD_CLOEXEC, FD + 1); /* not in the place that is to be filled */
	CHECK(fd >= 0);
	return fd;
}

static uint64_t inode_of(int fd)
{
	struct stat st;

	CHECK(fstat(fd, &st) == 0);
	return st.st_ino;
}

/* Makes UTS namespaces until one has that inode (0: any), and passes it to `put`. Runs in a process
 * of its own, so that no process stays in it. If the inode was given to another namespace on this
 * machine meanwhile, it does not come back; then any other one is used. */
static void replace(uint64_t inode, void (*put)(int fd))
{
	const int home = open("/proc/self/ns/uts", O_RDONLY | O_CLOEXEC);
	int spare[TRIES], n = 0, fd = make_uts();

	while (inode != 0 && inode_of(fd) != inode && n < TRIES) {
		spare[n++] = fd;
		fd = make_uts();
	}
	CHECK(setns(home, CLONE_NEWUTS) == 0);
	put(fd);
	close(fd);
	close(home);
	while (n > 0)
		close(spare[--n]);
}

/* --- a mount --------------------------------------------------------------------------------- */

static void put_mount(int fd)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	CHECK(mount(path, "/mnt/ns", NULL, MS_BIND, NULL) == 0);
}

static uint64_t mounted_inode(void)
{
	struct stat st;

	CHECK(stat("/mnt/ns", &st) == 0);
	return st.st_ino;
}

static uint64_t next_mount(uint64_t inode)
{
	if (inode != 0)
		CHECK(umount2("/mnt/ns", MNT_DETACH) == 0); /* a job may still be looking at it */
	else
		close(open("/mnt/ns", O_CREAT | O_RDWR | O_CLOEXEC, 0600));
	replace(inode, put_mount);
	return mounted_inode();
}

/* --- a descriptor of a child ----------------------------------------------------------------- */

static int commands = -1, answers = -1;

static void put_fd(int fd)
{
	CHECK(dup3(fd, FD, O_CLOEXEC) == FD);
}

static void hold(int in, int out)
{
	uint64_t inode;

	while (read(in, &inode, sizeof(inode)) == sizeof(inode)) {
		close(FD);
		replace(inode, put_fd);
		inode = inode_of(FD);
		CHECK(write(out, &inode, sizeof(inode)) == sizeof(inode));
	}
	_exit(0);
}

static void start_holder(void)
{
	int to[2], from[2];
	pid_t pid;

	CHECK(pipe2(to, O_CLOEXEC) == 0 && pipe2(from, O_CLOEXEC) == 0);
	pid = world_fork();
	CHECK(pid >= 0);
	if (pid == 0) {
		close(to[1]);
		hold(to[0], from[1]);
	}
	close(to[0]);
	close(from[1]);
	commands = to[1];
	answers = from[0];
}

static uint64_t next_fd(uint64_t inode)
{
	if (commands < 0)
		start_holder();
	CHECK(write(commands, &inode, sizeof(inode)) == sizeof(inode));
	CHECK(read(answers, &inode, sizeof(inode)) == sizeof(inode));
	return inode;
}

/* --- */

/* Without an id a namespace is compared by the time at which its inode was made. While it is so
 * young that the next one can have the same time, one that is mounted is new once more in the next
 * scan, and one at the same descriptor counts as the same (test_identity.c): so scan until it is
 * older. */
static uint64_t settled_tag(struct scene *scene, uint64_t inode)
{
	const struct ns *ns = scan_ns(scene, inode);
	uint64_t tag;

	do {
		tag = ns->tag;
		ns = scan_ns(scene, inode);
	} while (ns->tag != tag || (ns->id == 0 && !ns->is_made_before));
	return tag;
}

static int follow(void *data)
{
	struct scene *const scene = data;
	uint64_t tags[ROUNDS];
	uint64_t inode;
	int n_same = 0;

	start(scene);
	inode = scene->next(0);
	for (int i = 0; i < ROUNDS; i++) {
		tags[i] = settled_tag(scene, inode);
		CHECK(scan_tag(scene, inode) == tags[i]);
		for (int j = 0; j < i; j++)
			CHECK(tags[j] != tags[i]);
		const uint64_t before = inode;
		inode = scene->next(inode);
		n_same += inode == before;
		/* At once, so that both times may be of the same clock tick. */
		CHECK(scan_tag(scene, inode) != tags[i]);
	}
	fprintf(stderr,
	        "%d namespaces, %d with the number of the one before, told apart in %d scans\n",
	        ROUNDS, n_same, scene->n_scans);
	CHECK(n_same > 0);
	end(scene);
	return 0;
}

/* --- a mountinfo without end ----------------------------------------------------------------- */

/* 250 newlines are 1,000 bytes there, and each mount has those of all above it. */
static int mount_endlessly(void)
{
	char name[251] = "";

	memset(name, '\n', sizeof(name) - 1);
	if (unshare(CLONE_NEWNS) < 0 || chdir("/mnt") < 0)
		return -errno;
	for (int i = 0; i < 270; i++) {
		if (mkdir(name, 0700) < 0 || mount("tmpfs", name, "tmpfs", 0, NULL) < 0 ||
		        chdir(name) < 0)
			return -errno;
	}
	return 0;
}

static bool has_note(const struct model *model, pid_t pid, const char *what, int error)
{
	for (size_t i = 0; i < model->n_notes; i++) {
		const struct note *note = &model->notes[i];

		if (note->pid == pid && strcmp(note->what, what) == 0 && note->error == error)
			return true;
	}
	return false;
}

/* A mount cannot be hidden behind many others. */
static int scan_endless(void *data)
{
	struct scene *const scene = data;
	const struct model *model;
	pid_t pid;

	start(scene);
	pid = world_begin(mount_endlessly);
	CHECK(pid > 0);
	CHECK(scan_run(scene->kernel, &scene->options, NULL, NULL, NULL, &model) == 0);
	CHECK(model_is_partial_by(model, PARTIAL_UNREADABLE) && model->host.unreadable > 0);
	CHECK(has_note(model, pid, "mountinfo", EFBIG));
	model_unref(model);
	world_end(pid);
	end(scene);
	return 0;
}

static void endless(void)
{
	play(&(struct scene){.interfaces = KERNEL_USE_MOUNT_NS | KERNEL_USE_IDS}, scan_endless);
}

static void what_is_cut_off_is_noted(void **state)
{
	assert_int_equal(world_run(endless), 0);
	(void)state;
}

static void mounts_with_ids(void)
{
	play(&(struct scene){.interfaces = KERNEL_USE_MOUNT_NS | KERNEL_USE_IDS,
	             .next = next_mount},
	        follow);
}

static void mounts_without_ids(void)
{
	play(&(struct scene){.next = next_mount}, follow);
}

static void fds_with_ids(void)
{
	play(&(struct scene){.interfaces = KERNEL_USE_MOUNT_NS | KERNEL_USE_IDS, .next = next_fd},
	        follow);
}

static void fds_without_ids(void)
{
	play(&(struct scene){.next = next_fd}, follow);
}

static void what_is_mounted_keeps_its_tag(void **state)
{
	assert_int_equal(world_run(mounts_with_ids), 0);
	assert_int_equal(world_run(mounts_without_ids), 0);
	(void)state;
}

static void what_a_descriptor_keeps_keeps_its_tag(void **state)
{
	assert_int_equal(world_run(fds_with_ids), 0);
	assert_int_equal(world_run(fds_without_ids), 0);
	(void)state;
}

/* What each scene does first. */
static int try_scene(void *data)
{
	int status = 0;

	(void)data;
	world_can("a mount namespace", CLONE_NEWNS | CLONE_NEWUTS, NULL, &status);
	return status;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(what_is_mounted_keeps_its_tag),
	        cmocka_unit_test(what_a_descriptor_keeps_keeps_its_tag),
	        cmocka_unit_test(what_is_cut_off_is_noted),
	};
	const int status = world_alone(true, try_scene, NULL);

	return status ? status : cmocka_run_group_tests(tests, NULL, NULL);
}
