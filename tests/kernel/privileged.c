/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/kernel/privileged.h"

#include "base/attributes.h"
#include "kernel/privileged/privileged.h"
#include "privsep/helper.h"

#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

void privileged_begin(struct privileged_test *ret)
{
	CHECK(helper_start(privileged_jobs, PRIVILEGED_JOBS, NULL, &ret->helper) == 0);
	CHECK(kernel_linux_new("/proc", &ret->kernel) == 0);
	kernel_linux_set_helper(ret->kernel, helper_channel(ret->helper));
	ret->ops = ret->kernel->ops;
}

void privileged_end(struct privileged_test *test)
{
	kernel_free(test->kernel);
	helper_stop(test->helper);
}

bool privileged_can(const char *what, void (*scene)(void))
{
	const int r = world_run(scene);

	if (r)
		fprintf(stderr, "skipped: %s: %s\n", what, strerror(r));
	return r == 0;
}

int privileged_skip(void)
{
	const char *const all = getenv("NSBROWSE_REQUIRE_ALL");

	return all && strcmp(all, "1") == 0 ? 1 : EXIT_SKIP;
}

int make_place(void)
{
	if (unshare(CLONE_NEWNS) < 0 || mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) < 0 ||
	        mount("tmpfs", PLACE, "tmpfs", 0, "size=1m") < 0)
		return -errno;
	return 0;
}

int bind_on(const char *what, const char *target)
{
	if (mknod(target, S_IFREG | 0600, 0) < 0 && errno != EEXIST)
		return -errno;
	return mount(what, target, "none", MS_BIND, NULL) < 0 ? -errno : 0;
}

int mount_dead_fuse(const char *target)
{
	/* Stays open and is never read: each access to the file system waits. */
	const int fuse = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	char options[128];

	if (fuse < 0 || mkdir(target, 0700) < 0)
		return -errno;
	snprintf(options, sizeof(options), "fd=%d,rootmode=40000,user_id=0,group_id=0", fuse);
	return mount("dead", target, "fuse", MS_NOSUID | MS_NODEV, options) < 0 ? -errno : 0;
}

int cover_by_fifo(const char *target)
{
	if (mkfifo(PLACE "/fifo", 0600) < 0 && errno != EEXIST)
		return -errno;
	return mount(PLACE "/fifo", target, "none", MS_BIND, NULL) < 0 ? -errno : 0;
}

int make_container(void)
{
	int r = make_place();

	if (r == 0 && unshare(CLONE_NEWUTS) < 0)
		r = -errno;
	if (r < 0 || mkdir(HOSTILE, 0700) < 0 || mkdir(PLACE "/deep", 0700) < 0 ||
	        symlink("uts", PLACE "/link") < 0 || symlink(HOSTILE, PLACE "/dirlink") < 0)
		return r < 0 ? r : -errno;
	static const char *const places[] = {
	        PLACE "/uts", HOSTILE "/\xff", PLACE "/fifoed", PLACE "/other", PLACE "/deep/ns"};
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(places); i++)
		r = bind_on("/proc/self/ns/uts", places[i]);
	if (r == 0)
		r = cover_by_fifo(PLACE "/fifoed");
	if (r == 0)
		r = bind_on("/proc/self/ns/mnt", PLACE "/none") == 0 ? -EIO
		                                                     : 0; /* a loop: refused */
	if (r == 0)
		r = bind_on("/proc/self/ns/ipc", PLACE "/other");
	if (r == 0 && mount("tmpfs", PLACE "/deep", "tmpfs", 0, "size=1m") < 0)
		r = -errno;
	return r;
}

uint64_t inode_of(pid_t pid, const char *link)
{
	char path[64];
	struct stat st;

	snprintf(path, sizeof(path), "/proc/%d/ns/%s", (int)pid, link);
	return stat(path, &st) == 0 ? st.st_ino : 0;
}

pid_t child_of(pid_t parent)
{
	char path[64], text[32] = "";

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)parent, (int)parent);
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd >= 0 && read(fd, text, sizeof(text) - 1) > 0 ? atoi(text) : 0;
}

bool status_has(pid_t pid, const char *const *lines, size_t n)
{
	char path[64], text[4096] = "";

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || read(fd, text, sizeof(text) - 1) <= 0)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!strstr(text, lines[i]))
			return false;
	}
	return true;
}

int drop_rights(void)
{
	return privileged_keep_capabilities(NULL, 0);
}
