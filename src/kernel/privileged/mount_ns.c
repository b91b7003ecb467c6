/* SPDX-License-Identifier: Apache-2.0 */
/* Lists all mount namespaces, and opens one of them (Linux 6.12). */
#include "base/memory.h"
#include "kernel/kernel_internal.h"
#include "kernel/privileged/privileged.h"
#include "privsep/request_check.h"

#include <linux/capability.h>
#include <string.h>
#include <sys/ioctl.h>

/* Records of mount_ns_add_all. */
struct mount_ns_record {
	uint64_t id;
	struct nsrel_key key;
	uint32_t n_mounts;
	uint32_t unused;
};

struct kernel_mount_ns *mount_ns_parse(
        struct kernel *k, const char *bytes, size_t len, size_t *ret_n)
{
	const size_t n = len / sizeof(struct mount_ns_record);
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
	*ret_n = n;
	return list;
}

int mount_ns_list(struct kernel *k, struct kernel_mount_ns **ret, size_t *ret_n)
{
	_cleanup_free_ char *bytes = NULL;
	size_t len = 0;
	int r;

	if (!(linux_of(k)->interfaces & KERNEL_USE_MOUNT_NS))
		return -EOPNOTSUPP;
	r = privileged_call_records(linux_of(k)->privileged, &mount_ns_list_job,
	        &(const struct helper_request){0}, &bytes, &len);
	if (r < 0)
		return r;
	*ret = mount_ns_parse(k, bytes, len, ret_n);
	return 0;
}

int mount_ns_open(struct kernel *k, uint64_t id)
{
	if (!(linux_of(k)->interfaces & KERNEL_USE_MOUNT_NS))
		return -EOPNOTSUPP;
	return privileged_call_fd(linux_of(k)->privileged, &mount_ns_open_job,
	        &(const struct helper_request){.bytes = &id, .len = sizeof(id)});
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
static int step(struct walk *walk, unsigned direction)
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

static int list_from_here(struct job_records *records, bool with_own, unsigned direction)
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

int mount_ns_add_all(struct job_records *records)
{
	const int r = list_from_here(records, true, NS_MNT_GET_PREV);

	return r < 0 ? r : list_from_here(records, false, NS_MNT_GET_NEXT);
}

static int run_list(const struct helper_request *request, int replies)
{
	struct job_records records = {.replies = replies};

	if (!request_check_size(request, 0, 0))
		return EXIT_FAILURE;
	return privileged_records_finish(&records, mount_ns_add_all(&records));
}

/* --- job: open one --------------------------------------------------------------------------- */

static int open_by_id(uint64_t id)
{
	struct walk walk;
	int r = begin_walk(&walk);
	const unsigned direction =
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

static int run_open(const struct helper_request *request, int replies)
{
	uint64_t id;

	if (!request_check_size(request, sizeof(id), 0))
		return EXIT_FAILURE;
	memcpy(&id, request->bytes, sizeof(id));
	return privileged_reply(replies, 0, open_by_id(id)) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
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
