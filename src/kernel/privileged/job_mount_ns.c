/* SPDX-License-Identifier: Apache-2.0 */
/* All mount namespaces, and the nsfs mounts in each, without going there (Linux 6.12). */
#include "kernel/mount_uapi.h"
#include "kernel/privileged/job_parts.h"
#include "kernel/privileged/privileged_jobs.h"
#include "kernel/privileged/privileged_wire.h"
#include "kernel/proc/proc.h"
#include "nsrel/nsfs_uapi.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <stdbool.h>
#include <string.h>
#include <sys/ioctl.h>

static const uint64_t NEEDED = JOB_CAPABILITY(CAP_SYS_ADMIN);

/* The kernel keeps them by their ids: from ours, one way and then the other, are all. */
struct walk {
	int at;
	struct nsfs_uapi_mnt_ns info; /* of that one */
};

static int begin_walk(struct walk *walk)
{
	*walk = (struct walk){.at = -EBADF, .info.size = sizeof(walk->info)};
	int r = job_strip(NEEDED);

	if (r < 0)
		return r;
	walk->at = nsrel_open(AT_FDCWD, "/proc/self/ns/mnt");
	if (walk->at < 0)
		return walk->at;
	if (ioctl(walk->at, NS_MNT_GET_INFO, &walk->info) == 0)
		return 0;
	r = errno == ENOTTY || errno == EINVAL ? -EOPNOTSUPP : -errno;
	close_fd(&walk->at);
	return r;
}

/* NS_MNT_GET_NEXT or NS_MNT_GET_PREV. -ENOENT: that was the last one. */
static int step(struct walk *walk, unsigned long direction)
{
	const int next = ioctl(walk->at, direction, &walk->info);

	if (next < 0)
		return -errno;
	close_fd(&walk->at);
	walk->at = next;
	return 0;
}

/* --- the list --------------------------------------------------------------------------------- */

static int put_mount_ns(struct job_outbox *outbox, const struct walk *walk)
{
	struct wire_mount_ns record = {
	        .id = walk->info.mnt_ns_id,
	        .n_mounts = walk->info.nr_mounts,
	};
	const int r = nsrel_key(walk->at, &record.key);

	return r < 0 ? r : job_put(outbox, &record, sizeof(record), NULL, 0);
}

static int list_from_here(struct job_outbox *outbox, bool with_own, unsigned long direction)
{
	struct walk walk;
	int r = begin_walk(&walk);

	if (r == 0 && with_own)
		r = put_mount_ns(outbox, &walk);
	while (r == 0) {
		r = step(&walk, direction);
		if (r == 0)
			r = put_mount_ns(outbox, &walk);
	}
	close_fd(&walk.at);
	return r == -ENOENT ? 0 : r;
}

int privileged_job_mount_ns_list(_unused_ const struct helper_request *request, int answer)
{
	struct job_outbox outbox = {.answer = answer};
	int r = list_from_here(&outbox, true, NS_MNT_GET_PREV);

	if (r == 0)
		r = list_from_here(&outbox, false, NS_MNT_GET_NEXT);
	return job_finish(&outbox, r);
}

/* --- one of them ------------------------------------------------------------------------------ */

static int open_by_id(uint64_t id)
{
	struct walk walk;
	int r = begin_walk(&walk);
	const unsigned long direction =
	        r == 0 && id < walk.info.mnt_ns_id ? NS_MNT_GET_PREV : NS_MNT_GET_NEXT;

	while (r == 0 && walk.info.mnt_ns_id != id) {
		r = step(&walk, direction);
		if (r == 0 && (walk.info.mnt_ns_id > id) == (direction == NS_MNT_GET_NEXT) &&
		        walk.info.mnt_ns_id != id)
			r = -ENOENT;
	}
	if (r == 0)
		return walk.at;
	close_fd(&walk.at);
	return r;
}

static bool read_id(const struct helper_request *request, uint64_t *ret)
{
	if (request->len != sizeof(*ret))
		return false;
	memcpy(ret, request->bytes, sizeof(*ret));
	return true;
}

int privileged_job_mount_ns_open(const struct helper_request *request, int answer)
{
	uint64_t id;

	if (!read_id(request, &id))
		return EXIT_FAILURE;
	return job_answer(answer, 0, open_by_id(id)) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* --- the mounts in one of them ---------------------------------------------------------------- */

enum { STRINGS_MAX = 12 * 1024 }; /* a path that is longer is left out */

struct mount {
	struct mount_uapi_statmount head;
	char strings[STRINGS_MAX];
};

static int put_mount(struct job_outbox *outbox, uint64_t mount_id, const struct mount *mount)
{
	const char *const root = mount->strings + mount->head.mnt_root;
	const char *const point = mount->strings + mount->head.mnt_point;
	struct wire_ns_mount record = {.mount_id = mount_id, .length = (uint32_t)strlen(point)};
	struct proc_link link;
	char type[16];

	if (proc_link_parse(root, strlen(root), &link) < 0 || link.type_len >= sizeof(type))
		return 0;
	memcpy(type, link.type, link.type_len);
	type[link.type_len] = '\0';
	record.type = nsrel_type_from_name(type);
	record.ino = link.inode;
	return record.type < 0 ? 0 : job_put(outbox, &record, sizeof(record), point, record.length);
}

/* The strings are the kernel's, and each ends in NUL inside the buffer. One that has gone
 * meanwhile, or cannot be reached from the root of its mount namespace, is left out. */
static int look_at(struct job_outbox *outbox, uint64_t mount_ns, uint64_t id)
{
	static const uint64_t WANTED =
	        MOUNT_UAPI_FS_TYPE | MOUNT_UAPI_MNT_ROOT | MOUNT_UAPI_MNT_POINT;
	static struct mount mount;
	struct mount_uapi_request request = {
	        .size = sizeof(request),
	        .mnt_id = id,
	        .param = MOUNT_UAPI_FS_TYPE,
	        .mnt_ns_id = mount_ns,
	};

	/* First the type alone: the paths of all the others are long, and not wanted. */
	if (syscall(MOUNT_UAPI_STATMOUNT, &request, &mount, sizeof(mount), 0) < 0 ||
	        !(mount.head.mask & MOUNT_UAPI_FS_TYPE) ||
	        strcmp(mount.strings + mount.head.fs_type, "nsfs") != 0)
		return 0;
	request.param = WANTED;
	if (syscall(MOUNT_UAPI_STATMOUNT, &request, &mount, sizeof(mount), 0) < 0 ||
	        (mount.head.mask & WANTED) != WANTED)
		return 0;
	return put_mount(outbox, id, &mount);
}

static int list_mounts(struct job_outbox *outbox, uint64_t mount_ns)
{
	enum { PAGE = 512 };
	uint64_t ids[PAGE];
	struct mount_uapi_request request = {
	        .size = sizeof(request),
	        .mnt_id = MOUNT_UAPI_ROOT,
	        .mnt_ns_id = mount_ns,
	};
	int r = job_strip(NEEDED);
	long n = PAGE;

	while (r == 0 && n == PAGE) {
		n = syscall(MOUNT_UAPI_LISTMOUNT, &request, ids, (size_t)PAGE, 0);
		/* Before 6.11 the request was shorter, or there was no such call. */
		if (n < 0)
			return errno == ENOSYS || errno == EINVAL || errno == E2BIG ? -EOPNOTSUPP
			                                                            : -errno;
		for (long i = 0; r == 0 && i < n; i++)
			r = look_at(outbox, mount_ns, ids[i]);
		if (n > 0)
			request.param = ids[n - 1];
	}
	return r;
}

int privileged_job_mount_ns_mounts(const struct helper_request *request, int answer)
{
	struct job_outbox outbox = {.answer = answer};
	uint64_t id;

	if (!read_id(request, &id))
		return EXIT_FAILURE;
	return job_finish(&outbox, list_mounts(&outbox, id));
}
