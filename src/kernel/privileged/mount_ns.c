/* SPDX-License-Identifier: Apache-2.0 */
/* Lists all mount namespaces, and the nsfs mounts in each, without entering them (Linux 6.12). */
#include "base/memory.h"
#include "kernel/kernel_internal.h"
#include "kernel/privileged/mount_uapi.h"
#include "kernel/privileged/privileged.h"
#include "kernel/proc/proc.h"
#include "privsep/request_check.h"

#include <linux/capability.h>
#include <string.h>
#include <sys/ioctl.h>

/* Records of mount_ns_list_job. */
struct mount_ns_record {
	uint64_t id;
	struct nsrel_key key;
	uint32_t n_mounts;
	uint32_t unused;
};

/* Records of mount_ns_mounts_job; behind each the `length` bytes of the mount point. */
struct mount_record {
	uint64_t mount_id;
	uint64_t ino;
	int32_t type; /* CLONE_NEW* */
	uint32_t length;
};

/* The records of all replies, one behind the other. */
struct received {
	char *bytes;
	size_t len, capacity;
	int result; /* of the last reply; -EIO: it has not come */
};

static void receive_records(void *data, _unused_ size_t request, const struct helper_reply *reply)
{
	struct received *const received = data;
	struct job_item last;

	privileged_close_fds(reply);
	if (reply->len == sizeof(last)) {
		memcpy(&last, reply->bytes, sizeof(last));
		received->result = last.error;
		return;
	}
	received->bytes =
	        memory_grow(received->bytes, &received->capacity, received->len + reply->len, 1);
	memcpy(received->bytes + received->len, reply->bytes, reply->len);
	received->len += reply->len;
}

/* Receives all records, or returns an error. The caller frees the bytes in both cases. */
static int call_for_records(struct kernel *k, const struct helper_job *job,
        const struct helper_request *request, struct received *received)
{
	*received = (struct received){.result = -EIO};
	if (!(linux_of(k)->interfaces & KERNEL_USE_MOUNT_NS))
		return -EOPNOTSUPP;
	const int r =
	        privileged_call(linux_of(k)->privileged, job, request, receive_records, received);
	return received->result == -EIO && r < 0 ? r : received->result;
}

int mount_ns_list(struct kernel *k, struct kernel_mount_ns **ret, size_t *ret_n)
{
	struct received received;
	const int r = call_for_records(
	        k, &mount_ns_list_job, &(const struct helper_request){0}, &received);
	_cleanup_free_ char *bytes = received.bytes;
	const size_t n = received.len / sizeof(struct mount_ns_record);

	if (r < 0)
		return r;
	struct kernel_mount_ns *const list = memory_new((n + 1) * sizeof(*list));
	for (size_t i = 0; i < n; i++) {
		struct mount_ns_record record;

		memcpy(&record, bytes + i * sizeof(record), sizeof(record));
		list[i] = (struct kernel_mount_ns){
		        .key = kernel_internal_key(k, &record.key),
		        .id = record.id,
		        .n_mounts = record.n_mounts,
		};
	}
	*ret = list;
	*ret_n = n;
	return 0;
}

int mount_ns_open(struct kernel *k, uint64_t id)
{
	if (!(linux_of(k)->interfaces & KERNEL_USE_MOUNT_NS))
		return -EOPNOTSUPP;
	return privileged_call_fd(linux_of(k)->privileged, &mount_ns_open_job,
	        &(const struct helper_request){.bytes = &id, .len = sizeof(id)});
}

/* Reads the next record and moves *at behind its text; false at the end. */
static bool next_mount(const char **at, const char *end, struct mount_record *ret)
{
	if ((size_t)(end - *at) < sizeof(*ret))
		return false;
	memcpy(ret, *at, sizeof(*ret));
	*at += sizeof(*ret);
	if (ret->length > (size_t)(end - *at))
		return false;
	*at += ret->length;
	return true;
}

int mount_ns_mounts(struct kernel *k, uint64_t id, struct kernel_ns_mount **ret, size_t *ret_n)
{
	struct received received;
	const int r = call_for_records(k, &mount_ns_mounts_job,
	        &(const struct helper_request){.bytes = &id, .len = sizeof(id)}, &received);
	_cleanup_free_ char *bytes = received.bytes;
	const char *const end = received.len > 0 ? bytes + received.len : bytes;
	const char *at = bytes;
	struct mount_record record;
	size_t n = 0, text_size = 0;

	if (r < 0)
		return r;
	for (; next_mount(&at, end, &record); n++)
		text_size += record.length + 1;
	/* One item more than needed, so that the block is never empty. */
	struct kernel_ns_mount *const list = memory_new((n + 1) * sizeof(*list) + text_size);
	char *text = (char *)(list + n + 1);
	at = bytes;
	for (size_t i = 0; i < n && next_mount(&at, end, &record); i++) {
		memcpy(text, at - record.length, record.length);
		list[i] = (struct kernel_ns_mount){
		        .type = record.type,
		        .ino = record.ino,
		        .mount_id = record.mount_id,
		        .point = text,
		};
		text += record.length + 1;
	}
	*ret = list;
	*ret_n = n;
	return 0;
}

/* --- jobs: the walk -------------------------------------------------------------------------- */

/* The kernel sorts mount namespaces by id. A walk begins at our own; one in each direction visits
 * all. */
struct walk {
	int at;                       /* descriptor of a mount namespace */
	struct nsfs_uapi_mnt_ns info; /* of `at` */
};

static int begin_walk(struct walk *walk)
{
	*walk = (struct walk){.at = -EBADF, .info.size = sizeof(walk->info)};
	int r = privileged_keep_capabilities((const int[]){CAP_SYS_ADMIN}, 1);

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

/* `direction` is NS_MNT_GET_NEXT or NS_MNT_GET_PREV. -ENOENT: there is no other one. */
static int step(struct walk *walk, unsigned long direction)
{
	const int next = ioctl(walk->at, direction, &walk->info);

	if (next < 0)
		return -errno;
	close_fd(&walk->at);
	walk->at = next;
	return 0;
}

/* --- job: the list --------------------------------------------------------------------------- */

static int add_mount_ns(struct job_records *records, const struct walk *walk)
{
	struct mount_ns_record record = {
	        .id = walk->info.mnt_ns_id,
	        .n_mounts = walk->info.nr_mounts,
	};
	const int r = nsrel_key(walk->at, &record.key);

	return r < 0 ? r : privileged_records_add(records, &record, sizeof(record), NULL, 0);
}

static int list_from_here(struct job_records *records, bool with_own, unsigned long direction)
{
	struct walk walk;
	int r = begin_walk(&walk);

	if (r == 0 && with_own)
		r = add_mount_ns(records, &walk);
	while (r == 0) {
		r = step(&walk, direction);
		if (r == 0)
			r = add_mount_ns(records, &walk);
	}
	close_fd(&walk.at);
	return r == -ENOENT ? 0 : r;
}

static int run_list(const struct helper_request *request, int replies)
{
	struct job_records records = {.replies = replies};
	int r;

	if (!request_check_size(request, 0, 0))
		return EXIT_FAILURE;
	r = list_from_here(&records, true, NS_MNT_GET_PREV);

	if (r == 0)
		r = list_from_here(&records, false, NS_MNT_GET_NEXT);
	return privileged_records_finish(&records, r);
}

/* --- job: open one --------------------------------------------------------------------------- */

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
	if (!request_check_size(request, sizeof(*ret), 0))
		return false;
	memcpy(ret, request->bytes, sizeof(*ret));
	return true;
}

static int run_open(const struct helper_request *request, int replies)
{
	uint64_t id;

	if (!read_id(request, &id))
		return EXIT_FAILURE;
	return privileged_reply(replies, 0, open_by_id(id)) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* --- job: the mounts in one ------------------------------------------------------------------ */

enum { STRINGS_MAX = 12 * 1024 }; /* a longer path is an error (EOVERFLOW) */

struct mount {
	struct mount_uapi_statmount head;
	char strings[STRINGS_MAX];
};

static int add_mount(struct job_records *records, uint64_t mount_id, const struct mount *mount)
{
	const char *const root = mount->strings + mount->head.mnt_root;
	const char *const point = mount->strings + mount->head.mnt_point;
	struct mount_record record = {.mount_id = mount_id, .length = (uint32_t)strlen(point)};
	struct proc_link link;
	char type[16];

	if (proc_link_parse(root, strlen(root), &link) < 0 || link.type_len >= sizeof(type))
		return 0;
	memcpy(type, link.type, link.type_len);
	type[link.type_len] = '\0';
	record.type = nsrel_type_from_name(type);
	record.ino = link.inode;
	return record.type < 0 ? 0
	                       : privileged_records_add(
	                                 records, &record, sizeof(record), point, record.length);
}

/* Unmounted, or outside the root directory (EPERM: from Linux 7.0 on). */
static bool is_left_out(int error)
{
	return error == ENOENT || error == EPERM;
}

/* Adds a mount if its type is nsfs. One that was unmounted meanwhile, or is outside the root
 * directory of its mount namespace, is left out. (The kernel ends each string with NUL inside the
 * buffer.) */
static int add_if_nsfs(struct job_records *records, uint64_t mount_ns, uint64_t id)
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

	/* First only the type: the paths of other mounts may be long. */
	if (syscall(MOUNT_UAPI_STATMOUNT, &request, &mount, sizeof(mount), 0) < 0)
		return is_left_out(errno) ? 0 : -errno;
	if (!(mount.head.mask & MOUNT_UAPI_FS_TYPE) ||
	        strcmp(mount.strings + mount.head.fs_type, "nsfs") != 0)
		return 0;
	request.param = WANTED;
	if (syscall(MOUNT_UAPI_STATMOUNT, &request, &mount, sizeof(mount), 0) < 0)
		return is_left_out(errno) ? 0 : -errno;
	if ((mount.head.mask & WANTED) != WANTED)
		return 0;
	return add_mount(records, id, &mount);
}

static int list_mounts(struct job_records *records, uint64_t mount_ns)
{
	enum { PAGE = 512 };
	uint64_t ids[PAGE];
	struct mount_uapi_request request = {
	        .size = sizeof(request), .mnt_id = MOUNT_UAPI_ROOT, .mnt_ns_id = mount_ns};
	int r = privileged_keep_capabilities((const int[]){CAP_SYS_ADMIN}, 1);
	long n = PAGE;

	while (r == 0 && n == PAGE) {
		n = syscall(MOUNT_UAPI_LISTMOUNT, &request, ids, (size_t)PAGE, 0);
		/* Before 6.11 the request is shorter, or there is no such system call. */
		if (n < 0)
			return errno == ENOSYS || errno == EINVAL || errno == E2BIG ? -EOPNOTSUPP
			                                                            : -errno;
		for (long i = 0; r == 0 && i < n; i++)
			r = add_if_nsfs(records, mount_ns, ids[i]);
		if (n > 0)
			request.param = ids[n - 1];
	}
	return r;
}

static int run_mounts(const struct helper_request *request, int replies)
{
	struct job_records records = {.replies = replies};
	uint64_t id;

	if (!read_id(request, &id))
		return EXIT_FAILURE;
	return privileged_records_finish(&records, list_mounts(&records, id));
}

const struct helper_job mount_ns_list_job = {
        .name = "ns-list",
        .deadline_ms = JOB_LONG_DEADLINE_MS,
        .run = run_list,
        .capabilities = CAPABILITIES_BIT(CAP_SYS_ADMIN),
        .calls = SANDBOX_READ | SANDBOX_NAMESPACES,
};
const struct helper_job mount_ns_open_job = {
        .name = "ns-open",
        .deadline_ms = JOB_LONG_DEADLINE_MS,
        .run = run_open,
        .capabilities = CAPABILITIES_BIT(CAP_SYS_ADMIN),
        .calls = SANDBOX_READ | SANDBOX_NAMESPACES,
};
const struct helper_job mount_ns_mounts_job = {
        .name = "ns-mounts",
        .deadline_ms = JOB_LONG_DEADLINE_MS,
        .run = run_mounts,
        .capabilities = CAPABILITIES_BIT(CAP_SYS_ADMIN),
        .calls = SANDBOX_MOUNTS,
};
