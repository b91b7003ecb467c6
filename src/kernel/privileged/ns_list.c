/* SPDX-License-Identifier: Apache-2.0 */
/* Lists all namespaces (listns(2), Linux 6.19). */
#include "base/memory.h"
#include "kernel/kernel_internal.h"
#include "kernel/privileged/privileged.h"
#include "privsep/request_check.h"

#include <linux/capability.h>
#include <string.h>

/* Records of the job. */
struct list_record {
	uint64_t id;
	int32_t type;
	uint32_t unused;
};

/* An error that stays: this kernel has no such call, or the helper has not the right. */
static bool is_lasting(int error)
{
	return error == -EOPNOTSUPP || error == -EPERM;
}

static int call(struct kernel_linux *l, char **ret, size_t *ret_len)
{
	const unsigned needed = KERNEL_USE_IDS | KERNEL_USE_LIST;
	int r = atomic_load(&l->list_error);

	if ((l->interfaces & needed) != needed || !privileged_has(l->privileged, &ns_list_job))
		return -EOPNOTSUPP;
	if (r < 0)
		return r;
	r = privileged_call_records(
	        l->privileged, &ns_list_job, &(const struct helper_request){0}, ret, ret_len);
	if (is_lasting(r))
		atomic_store(&l->list_error, r);
	return r;
}

int ns_list_read(struct kernel *k, struct kernel_ns_id **ret, size_t *ret_n)
{
	_cleanup_free_ char *bytes = NULL;
	size_t len = 0;
	const int r = call(linux_of(k), &bytes, &len);

	if (r < 0)
		return r;
	const size_t n = len / sizeof(struct list_record);
	struct kernel_ns_id *const list = memory_new((n + 1) * sizeof(*list));
	for (size_t i = 0; i < n; i++) {
		struct list_record record;

		memcpy(&record, bytes + i * sizeof(record), sizeof(record));
		list[i] = (struct kernel_ns_id){.id = record.id, .type = record.type};
	}
	*ret = list;
	*ret_n = n;
	return 0;
}

/* --- the job --------------------------------------------------------------------------------- */

/* A call for each type, since the kernel does not tell the types of what it lists. */
static const int TYPES[] = {CLONE_NEWCGROUP, CLONE_NEWIPC, CLONE_NEWNS, CLONE_NEWNET, CLONE_NEWPID,
        CLONE_NEWTIME, CLONE_NEWUSER, CLONE_NEWUTS};

/* Behind the last page the kernel gives ENOENT. */
static int list_type(struct job_records *records, int type)
{
	enum { PAGE = 512 };
	struct nsfs_uapi_list request = {
	        .size = sizeof(request),
	        .ns_type = (uint32_t)type,
	};
	uint64_t ids[PAGE];

	for (;;) {
		const long n = syscall(NSFS_UAPI_LISTNS, &request, ids, (size_t)PAGE, 0);

		if (n < 0 && errno == ENOSYS)
			return -EOPNOTSUPP;
		if (n <= 0)
			return n == 0 || errno == ENOENT ? 0 : -errno;
		for (long i = 0; i < n; i++) {
			const struct list_record record = {.id = ids[i], .type = type};
			const int r =
			        privileged_records_add(records, &record, sizeof(record), NULL, 0);

			if (r < 0)
				return r;
		}
		request.ns_id = ids[n - 1];
	}
}

/* Without the right the kernel lists those of the caller only, as if there were no others. */
static int run(const struct helper_request *request, int replies)
{
	struct job_records records = {.replies = replies};
	int r = privileged_keep_capabilities((const int[]){CAP_SYS_ADMIN}, 1);

	if (!request_check_size(request, 0, 0))
		return EXIT_FAILURE;
	if (r == 0 && !privileged_may_see_all())
		r = -EPERM;
	for (size_t i = 0; i < ARRAY_SIZE(TYPES) && r == 0; i++)
		r = list_type(&records, TYPES[i]);
	return privileged_records_finish(&records, r);
}

const struct helper_job ns_list_job = {
        .name = "ns-list-all",
        .deadline_ms = JOB_LONG_DEADLINE_MS,
        .run = run,
        .capabilities = CAPABILITIES_BIT(CAP_SYS_ADMIN),
        .calls = SANDBOX_READ | SANDBOX_NAMESPACES,
};
