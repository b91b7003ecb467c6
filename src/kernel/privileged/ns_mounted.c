/* SPDX-License-Identifier: Apache-2.0 */
/* Opens the namespaces behind nsfs mounts of other mount namespaces. The files on the way there may
 * be on any file system, and access to them may wait for ever: that is why a job does it. */
#include "base/descriptors.h"
#include "base/memory.h"
#include "kernel/kernel_internal.h"
#include "kernel/privileged/mount_path.h"
#include "kernel/privileged/privileged.h"
#include "kernel/proc/proc.h"
#include "privsep/request_check.h"

#include <limits.h>
#include <linux/capability.h>
#include <linux/magic.h>
#include <sched.h>
#include <string.h>
#include <sys/vfs.h>

/* The inode number of a mount namespace; 0: not known. */
static uint64_t mount_ns_inode(int mount_ns)
{
	struct nsrel_key key;

	return nsrel_key(mount_ns, &key) == 0 ? key.ino : 0;
}

/* The inode number of the mount namespace of a place; 0: not known. */
static uint64_t mount_ns_of(const struct kernel_mounted *item)
{
	char text[64];
	struct proc_link link;
	ssize_t n;

	if (item->is_mount_ns)
		return mount_ns_inode(item->place);
	n = readlinkat(item->place, "ns/mnt", text, sizeof(text));
	return n > 0 && proc_link_parse(text, (size_t)n, &link) == 0 ? link.inode : 0;
}

/* The items of one request: consecutive ones with the same place. */
struct group {
	size_t first, n;
	uint64_t mount_ns;
	char *bytes;
	size_t len;
};

struct mounted_call {
	struct kernel_mounted *items;
	struct group *groups;
};

/* Adds an item to the group; false: the request is full. */
static bool add_item(struct group *group, const struct kernel_mounted *item)
{
	const size_t len = strlen(item->point);
	const struct job_mounted head = {
	        .type = item->type,
	        .length = (uint16_t)len,
	        .is_mount_ns = item->is_mount_ns,
	        .is_own = item->is_own,
	        .ino = item->ino,
	};

	if (len > HELPER_REQUEST_MAX - sizeof(head) ||
	        group->len > HELPER_REQUEST_MAX - sizeof(head) - len)
		return false;
	memcpy(group->bytes + group->len, &head, sizeof(head));
	memcpy(group->bytes + group->len + sizeof(head), item->point, len);
	group->len += sizeof(head) + len;
	group->n++;
	return true;
}

/* Makes the group that begins with items[first]. */
static void fill_group(
        struct group *group, const struct kernel_mounted *items, size_t first, size_t n)
{
	*group = (struct group){
	        .first = first,
	        .mount_ns = mount_ns_of(&items[first]),
	        .bytes = memory_new(HELPER_REQUEST_MAX),
	};
	for (size_t i = first; i < n; i++) {
		if (items[i].place != items[first].place ||
		        items[i].is_mount_ns != items[first].is_mount_ns ||
		        items[i].is_own != items[first].is_own || !add_item(group, &items[i]))
			return;
	}
}

static void receive_mounted(void *data, size_t request, const struct helper_reply *reply)
{
	const struct mounted_call *const call = data;
	const struct group *const group = &call->groups[request];
	size_t i;

	if (privileged_item_index(reply, group->n, &i) == 0 &&
	        call->items[group->first + i].ns == -ETIMEDOUT)
		call->items[group->first + i].ns = privileged_item_fd(reply);
	else
		privileged_close_fds(reply);
}

/* Makes the groups for which a job is started. The results of all other items are set. */
static size_t make_groups(const struct privileged *privileged, struct kernel_mounted *items,
        size_t n, struct group *groups)
{
	size_t n_groups = 0;

	for (size_t i = 0; i < n;) {
		struct group *const group = &groups[n_groups];

		fill_group(group, items, i, n);
		for (size_t k = i; k < i + group->n; k++)
			items[k].ns = -ETIMEDOUT;
		if (group->n == 0)
			items[i].ns = -ENAMETOOLONG;
		if (group->n > 0 && !u64_set_has(&privileged->hung, group->mount_ns))
			n_groups++;
		else
			free(group->bytes);
		i += group->n ? group->n : 1;
	}
	return n_groups;
}

static void call_for_groups(
        struct privileged *privileged, struct kernel_mounted *items, struct group *groups, size_t n)
{
	struct helper_request requests[KERNEL_MOUNTED_MAX];
	int results[KERNEL_MOUNTED_MAX];
	struct mounted_call call = {items, groups};

	for (size_t i = 0; i < n; i++)
		requests[i] = (struct helper_request){
		        .bytes = groups[i].bytes,
		        .len = groups[i].len,
		        .fds = &items[groups[i].first].place,
		        .n_fds = 1,
		};
	privileged_call_all(
	        privileged, &ns_mounted_job, requests, n, receive_mounted, &call, results);
	for (size_t i = 0; i < n; i++) {
		const struct group *const group = &groups[i];

		if (results[i] == -ETIMEDOUT && group->mount_ns != 0)
			u64_set_add(&privileged->hung, group->mount_ns);
		/* Items without a reply: the job hung, or did not run. */
		for (size_t k = group->first; k < group->first + group->n; k++) {
			if (items[k].ns == -ETIMEDOUT && results[i] != -ETIMEDOUT)
				items[k].ns = results[i] == 0 ? -EIO : results[i];
		}
		free(group->bytes);
	}
}

int ns_mounted_open(struct kernel *k, struct kernel_mounted *items, size_t n)
{
	struct privileged *const privileged = linux_of(k)->privileged;
	struct group groups[KERNEL_MOUNTED_MAX];

	if (!privileged_has(privileged, &ns_mounted_job))
		return -EOPNOTSUPP;
	if (n > KERNEL_MOUNTED_MAX)
		return -E2BIG;
	pthread_mutex_lock(&privileged->mutex);
	const size_t n_groups = make_groups(privileged, items, n, groups);
	if (n_groups > 0)
		call_for_groups(privileged, items, groups, n_groups);
	pthread_mutex_unlock(&privileged->mutex);
	return 0;
}

/* The job opens the file inside that mount namespace: its text is the same when it is read here. */
int ns_mounted_mountinfo(struct kernel *k, int mount_ns, char **ret, size_t *ret_len)
{
	struct privileged *const privileged = linux_of(k)->privileged;
	const uint64_t inode = mount_ns_inode(mount_ns);

	if (!privileged_has(privileged, &ns_mounted_mountinfo_job))
		return -EOPNOTSUPP;
	pthread_mutex_lock(&privileged->mutex);
	const bool is_hung = u64_set_has(&privileged->hung, inode);
	pthread_mutex_unlock(&privileged->mutex);
	if (is_hung)
		return -ETIMEDOUT;
	_cleanup_close_ int file = privileged_call_fd(privileged, &ns_mounted_mountinfo_job,
	        &(const struct helper_request){.fds = &mount_ns, .n_fds = 1});
	if (file == -ETIMEDOUT && inode != 0) {
		pthread_mutex_lock(&privileged->mutex);
		u64_set_add(&privileged->hung, inode);
		pthread_mutex_unlock(&privileged->mutex);
	}
	if (file < 0)
		return file;
	const int r = descriptors_read_all(file, KERNEL_MOUNTINFO_MAX, NULL, ret, ret_len);
	return r == -EFBIG ? 1 : r;
}

/* --- the jobs -------------------------------------------------------------------------------- */

/* nsrel_open checks that the file is a namespace before it opens it. Before Linux 4.11 it cannot:
 * there fstatfs(2) may wait, until the deadline of this job. */
static int open_pinned(int own_fds, int pinned)
{
	struct statfs fs;
	char name[16];

	snprintf(name, sizeof(name), "%d", pinned);
	int ns = nsrel_open(own_fds, name);

	if (ns == -ENOTTY && !kernel_file_has_statx() && fstatfs(pinned, &fs) == 0 &&
	        (unsigned long)fs.f_type == NSFS_MAGIC) {
		ns = openat(own_fds, name, O_RDONLY | O_CLOEXEC);
		ns = ns < 0 ? -errno : ns;
	}
	return ns;
}

/* The types share one range of inode numbers, so where the kernel does not tell the type the number
 * is enough. */
static int open_mounted(int root, int own_fds, const struct job_mounted *wanted, const char *point)
{
	_cleanup_close_ int pinned = mount_path_walk(root, point, wanted->length);
	_cleanup_close_ int ns = -EBADF;
	struct nsrel_key key;
	int r;

	if (pinned < 0)
		return pinned;
	ns = open_pinned(own_fds, pinned);
	if (ns < 0)
		return ns == -ENOTTY ? -ESTALE : ns;
	r = nsrel_key(ns, &key);
	if (r < 0)
		return r;
	r = nsrel_type(ns);
	if (r == -ENOTTY)
		r = wanted->type;
	if (r < 0)
		return r;
	return key.ino == wanted->ino && r == wanted->type ? take_fd(&ns) : -ESTALE;
}

static const int FOR_MOUNTINFO[] = {CAP_SYS_ADMIN, CAP_SYS_CHROOT};

/* Through /proc the root directory of this program is refused without CAP_SYS_PTRACE, since it is
 * not dumpable (PR_SET_DUMPABLE(2const)). It is that of this job, too. */
static int open_root(int place, const struct job_mounted *item)
{
	int r;

	if (item->is_mount_ns)
		return mount_path_open_root(place);
	r = mount_path_keep_capabilities();
	if (r == 0)
		r = privileged_check_process(place);
	if (r < 0)
		return r;
	r = openat(place, "root", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (r < 0 && errno == EACCES && item->is_own)
		r = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (r >= 0)
		return r;
	/* ENOENT: the process has ended, and the mount may still be there. */
	return errno == ENOENT ? -ESRCH : -errno;
}

/* Reads the next item and removes it from the request. */
static bool next_item(struct helper_request *request, struct job_mounted *ret, const char **point)
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

/* True if all of the request are items of one place, and at least one. */
static bool are_items(const struct helper_request *request)
{
	struct helper_request rest = *request;
	struct job_mounted first, item;
	const char *point;
	size_t n = 0;

	while (next_item(&rest, &item, &point)) {
		first = n++ == 0 ? item : first;
		if (!nsrel_type_name(item.type) || item.is_mount_ns > 1 || item.is_own > 1 ||
		        item.is_mount_ns != first.is_mount_ns || item.is_own != first.is_own)
			return false;
	}
	return n > 0 && rest.len == 0 && request->n_fds == 1;
}

static int run_open(const struct helper_request *request, int replies)
{
	struct helper_request rest = *request;
	struct job_mounted item;
	const char *point;
	_cleanup_close_ int own_fds = privileged_own_fds();
	_cleanup_close_ int root = -EBADF;
	size_t i = 0;

	if (!are_items(request))
		return EXIT_FAILURE;
	while (next_item(&rest, &item, &point)) {
		if (i == 0)
			root = own_fds < 0 ? own_fds : open_root(request->fds[0], &item);
		const int ns = root < 0 ? root : open_mounted(root, own_fds, &item, point);
		if (privileged_reply(replies, i++, ns) < 0)
			return EXIT_FAILURE;
	}
	return EXIT_SUCCESS;
}

static int run_mountinfo(const struct helper_request *request, int replies)
{
	int r;

	if (!request_check_size(request, 0, 1))
		return EXIT_FAILURE;
	r = privileged_keep_capabilities(FOR_MOUNTINFO, ARRAY_SIZE(FOR_MOUNTINFO));
	if (r == 0)
		r = mount_path_open_mountinfo(request->fds[0]);
	return privileged_reply(replies, 0, r) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

const struct helper_job ns_mounted_job = {
        .name = KERNEL_JOB_MOUNTED,
        .deadline_ms = JOB_SHORT_DEADLINE_MS,
        .run = run_open,
        .capabilities = CAPABILITIES_BIT(CAP_SYS_PTRACE) | CAPABILITIES_BIT(CAP_DAC_READ_SEARCH) |
                        CAPABILITIES_BIT(CAP_SYS_ADMIN) | CAPABILITIES_BIT(CAP_SYS_CHROOT),
        .calls = SANDBOX_READ | SANDBOX_NAMESPACES | SANDBOX_ENTER,
        .may_get_stuck = true,
};
const struct helper_job ns_mounted_mountinfo_job = {
        .name = KERNEL_JOB_MOUNTINFO,
        .deadline_ms = JOB_SHORT_DEADLINE_MS,
        .run = run_mountinfo,
        .capabilities = CAPABILITIES_BIT(CAP_SYS_ADMIN) | CAPABILITIES_BIT(CAP_SYS_CHROOT),
        .calls = SANDBOX_READ | SANDBOX_NAMESPACES | SANDBOX_ENTER,
        .may_get_stuck = true,
};
