/* SPDX-License-Identifier: Apache-2.0 */
/* Opens the namespaces behind nsfs mount points in somebody else's mount namespace. Everything on
 * the way there belongs to strangers, and may hang: that is what makes it a job. */
#include "kernel/privileged/job_parts.h"
#include "kernel/privileged/privileged_jobs.h"
#include "kernel/privileged/privileged_wire.h"
#include "nsrel/nsrel.h"

#include <fcntl.h>
#include <limits.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdbool.h>
#include <string.h>

/* One step from `dir`, whose name is the first `len` bytes there. */
static int step(int dir, const char *name, size_t len)
{
	char component[NAME_MAX + 1];

	if (len > NAME_MAX)
		return -ENAMETOOLONG;
	memcpy(component, name, len);
	component[len] = '\0';
	if (strcmp(component, ".") == 0 || strcmp(component, "..") == 0)
		return -EINVAL;
	const int fd = openat(dir, component, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* The path of a mount has neither links nor `..`, so neither is followed, and no way leads out of
 * `root`: what openat2(2) does with RESOLVE_IN_ROOT, on any kernel. A link that was put there
 * meanwhile is opened itself, and then is no directory. No step triggers an automount (open(2),
 * O_PATH), nor opens what is there. */
static int walk(int root, const char *path, size_t len)
{
	const char *const end = path + len;
	_cleanup_close_ int at = -EBADF;

	if (memchr(path, '\0', len))
		return -EINVAL;
	while (path < end) {
		const char *const slash = memchr(path, '/', (size_t)(end - path));
		const char *const stop = slash ? slash : end;

		if (stop > path) {
			const int next = step(at < 0 ? root : at, path, (size_t)(stop - path));

			if (next < 0)
				return next;
			close_fd(&at);
			at = next;
		}
		path = stop + 1;
	}
	return at < 0 ? -ESTALE : take_fd(&at);
}

static int check(int ns, const struct wire_mounted *wanted)
{
	struct nsrel_key key;
	const int r = nsrel_key(ns, &key);

	if (r < 0)
		return r;
	return key.ino == wanted->ino && nsrel_type(ns) == wanted->type ? 0 : -ESTALE;
}

/* nsrel_open looks at what it is before it opens it. */
static int open_mounted(int root, int own_fds, const struct wire_mounted *wanted, const char *point)
{
	_cleanup_close_ int pinned = walk(root, point, wanted->length);
	_cleanup_close_ int ns = -EBADF;
	char name[16];
	int r;

	if (pinned < 0)
		return pinned;
	snprintf(name, sizeof(name), "%d", pinned);
	ns = nsrel_open(own_fds, name);
	if (ns < 0)
		return ns == -ENOTTY ? -ESTALE : ns;
	r = check(ns, wanted);
	return r < 0 ? r : take_fd(&ns);
}

static const uint64_t NEEDED = JOB_CAPABILITY(CAP_SYS_PTRACE) | JOB_CAPABILITY(CAP_DAC_READ_SEARCH);
static const uint64_t NEEDED_INSIDE =
        JOB_CAPABILITY(CAP_SYS_ADMIN) | JOB_CAPABILITY(CAP_SYS_CHROOT);

/* Goes to a mount namespace that nobody is in, opens its root directory, or mountinfo as it is seen
 * there, and comes back at once, since /proc there is somebody else's. */
static int visit(int mount_ns, bool is_for_mountinfo)
{
	_cleanup_close_ int own = nsrel_open(AT_FDCWD, "/proc/self/ns/mnt");
	_cleanup_close_ int self = open("/proc/self", O_PATH | O_DIRECTORY | O_CLOEXEC);
	_cleanup_close_ int here = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	_cleanup_close_ int found = -EBADF;

	if (own < 0)
		return own;
	/* What is shared with another thread cannot change its root (setns(2)); under a thread
	 * sanitizer there is one. */
	if (self < 0 || here < 0 || unshare(CLONE_FS) < 0 || setns(mount_ns, CLONE_NEWNS) < 0)
		return -errno;
	found = is_for_mountinfo ? openat(self, "mountinfo", O_RDONLY | O_CLOEXEC)
	                         : open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (found < 0)
		return -errno;
	/* We may have been in a chroot of ours. */
	if (setns(own, CLONE_NEWNS) < 0 || fchdir(here) < 0 || chroot(".") < 0)
		return -errno;
	return take_fd(&found);
}

static int open_root_inside(int mount_ns)
{
	_cleanup_close_ int root = -EBADF;
	int r = job_strip(NEEDED | NEEDED_INSIDE);

	if (r < 0)
		return r;
	root = visit(mount_ns, false);
	if (root < 0)
		return root;
	r = job_strip(NEEDED);
	return r < 0 ? r : take_fd(&root);
}

static int open_root(int place, bool is_mount_ns)
{
	int r;

	if (is_mount_ns)
		return open_root_inside(place);
	r = job_strip(NEEDED);
	if (r < 0)
		return r;
	r = openat(place, "root", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (r >= 0)
		return r;
	return errno == ENOENT ? -ESRCH : -errno; /* it has gone: the mount may not have */
}

/* Takes the next item off the request. */
static bool next_item(struct helper_request *request, struct wire_mounted *ret, const char **point)
{
	const char *const bytes = request->bytes;

	if (request->len < sizeof(*ret))
		return false;
	memcpy(ret, bytes, sizeof(*ret));
	if (ret->length > request->len - sizeof(*ret))
		return false;
	*point = bytes + sizeof(*ret);
	request->bytes = *point + ret->length;
	request->len -= sizeof(*ret) + ret->length;
	return true;
}

int privileged_job_mounted(const struct helper_request *request, int answer)
{
	struct helper_request rest = *request;
	struct wire_mounted item;
	const char *point;
	_cleanup_close_ int own_fds = job_own_fds();
	_cleanup_close_ int root = -EBADF;
	size_t i = 0;

	if (request->n_fds != 1)
		return EXIT_FAILURE;
	while (next_item(&rest, &item, &point)) {
		if (i == 0)
			root = own_fds < 0 ? own_fds
			                   : open_root(request->fds[0], item.is_mount_ns != 0);
		const int ns = root < 0 ? root : open_mounted(root, own_fds, &item, point);
		if (job_answer(answer, i++, ns) < 0)
			return EXIT_FAILURE;
	}
	return EXIT_SUCCESS;
}

int privileged_job_mountinfo(const struct helper_request *request, int answer)
{
	int r;

	if (request->n_fds != 1)
		return EXIT_FAILURE;
	r = job_strip(NEEDED_INSIDE);
	if (r == 0)
		r = visit(request->fds[0], true);
	return job_answer(answer, 0, r) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
