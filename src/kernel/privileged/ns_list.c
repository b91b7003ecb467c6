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

/* Its last record. In front of it: `n` records, then those of mount namespaces. */
struct list_end {
	uint64_t n;
	int32_t mount_ns_error;
	uint32_t unused;
};

/* --- the list -------------------------------------------------------------------------------- */

/* A call for each type, since the kernel does not tell the types of what it lists. */
static const int TYPES[] = {CLONE_NEWCGROUP, CLONE_NEWIPC, CLONE_NEWNS, CLONE_NEWNET, CLONE_NEWPID,
        CLONE_NEWTIME, CLONE_NEWUSER, CLONE_NEWUTS};

/* Takes some ids of that type. Returns 0 or a negative errno. */
typedef int take_fn(void *data, int type, const uint64_t *ids, size_t n);

/* Behind the last page the kernel gives ENOENT. */
static int list_type(int type, take_fn *take, void *data)
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
		const int r = take(data, type, ids, (size_t)n);
		if (r < 0)
			return r;
		request.ns_id = ids[n - 1];
	}
}

/* Without the right the kernel lists those of the caller only, as if there were no others. */
static int list_all(take_fn *take, void *data)
{
	int r = privileged_check_sees_all();

	for (size_t i = 0; i < ARRAY_SIZE(TYPES) && r == 0; i++)
		r = list_type(TYPES[i], take, data);
	return r;
}

/* --- by this process ------------------------------------------------------------------------- */

struct early_list {
	struct kernel_ns_id *list;
	size_t n, capacity;
};

static int keep_early(void *data, int type, const uint64_t *ids, size_t n)
{
	struct early_list *const early = data;

	for (size_t i = 0; i < n; i++)
		MEMORY_APPEND(early->list, early->n, early->capacity) =
		        (struct kernel_ns_id){.id = ids[i], .type = type};
	return 0;
}

int ns_list_now(struct kernel_ns_id **ret, size_t *ret_n)
{
	struct early_list early = {.list = NULL};
	const int r = list_all(keep_early, &early);

	if (r < 0) {
		free(early.list);
		return r;
	}
	*ret = early.list;
	*ret_n = early.n;
	return 0;
}

/* An error that stays: this kernel has no such call, or the helper has not the right. */
static bool is_lasting(int error)
{
	return error == -EOPNOTSUPP || error == -EPERM;
}

void ns_list_set_first(struct kernel *k, int error, struct kernel_ns_id *list, size_t n)
{
	struct kernel_linux *const l = linux_of(k);

	if (is_lasting(error))
		atomic_store(&l->list_error, error);
	l->n_first_list = n;
	free(atomic_exchange(&l->first_list, list));
}

static bool is_usable(const struct kernel_linux *l)
{
	const unsigned needed = KERNEL_USE_IDS | KERNEL_USE_LIST;

	return (l->interfaces & needed) == needed && privileged_has(l->privileged, &ns_list_job);
}

int ns_list_first(struct kernel *k, struct kernel_ns_id **ret, size_t *ret_n)
{
	struct kernel_linux *const l = linux_of(k);

	*ret = is_usable(l) ? atomic_exchange(&l->first_list, NULL) : NULL;
	*ret_n = l->n_first_list;
	return *ret ? 0 : -ENOENT;
}

/* --- by the job ------------------------------------------------------------------------------ */

static int call(struct kernel_linux *l, bool with_mount_ns, char **ret, size_t *ret_len)
{
	const uint32_t what = with_mount_ns;
	int r = atomic_load(&l->list_error);

	if (!is_usable(l))
		return -EOPNOTSUPP;
	if (r < 0)
		return r;
	r = privileged_call_records(l->privileged, &ns_list_job,
	        &(const struct helper_request){.bytes = &what, .len = sizeof(what)}, ret, ret_len);
	if (is_lasting(r))
		atomic_store(&l->list_error, r);
	return r;
}

static struct kernel_ns_id *parse(const char *bytes, size_t n)
{
	struct kernel_ns_id *const list = memory_new((n + 1) * sizeof(*list));

	for (size_t i = 0; i < n; i++) {
		struct list_record record;

		memcpy(&record, bytes + i * sizeof(record), sizeof(record));
		list[i] = (struct kernel_ns_id){.id = record.id, .type = record.type};
	}
	return list;
}

static int read_lists(struct kernel *k, bool with_mount_ns, struct kernel_ns_lists *ret)
{
	_cleanup_free_ char *bytes = NULL;
	struct list_end end;
	size_t len = 0;
	const int r = call(linux_of(k), with_mount_ns, &bytes, &len);

	if (r < 0)
		return r;
	if (len < sizeof(end))
		return -EIO;
	len -= sizeof(end);
	memcpy(&end, bytes + len, sizeof(end));
	if (end.n > len / sizeof(struct list_record))
		return -EIO;
	const size_t n = (size_t)end.n, mount_ns = n * sizeof(struct list_record);
	*ret = (struct kernel_ns_lists){.namespaces = parse(bytes, n),
	        .n_namespaces = n,
	        .mount_ns_error = end.mount_ns_error};
	if (end.mount_ns_error == 0)
		ret->mount_ns =
		        mount_ns_parse(k, bytes + mount_ns, len - mount_ns, &ret->n_mount_ns);
	return 0;
}

int ns_list_read(struct kernel *k, struct kernel_ns_id **ret, size_t *ret_n)
{
	struct kernel_ns_lists lists;
	const int r = read_lists(k, false, &lists);

	if (r < 0)
		return r;
	free(lists.mount_ns);
	*ret = lists.namespaces;
	*ret_n = lists.n_namespaces;
	return 0;
}

int ns_list_read_both(struct kernel *k, struct kernel_ns_lists *ret)
{
	const bool with_mount_ns = linux_of(k)->interfaces & KERNEL_USE_MOUNT_NS;
	const int r = read_lists(k, with_mount_ns, ret);

	if (r == 0 && !with_mount_ns)
		ret->mount_ns_error = -EOPNOTSUPP;
	return r;
}

/* --- the job --------------------------------------------------------------------------------- */

struct list_reply {
	struct job_records records;
	struct list_end end;
};

static int add_records(void *data, int type, const uint64_t *ids, size_t n)
{
	struct list_reply *const reply = data;
	int r = 0;

	for (size_t i = 0; i < n && r == 0; i++) {
		const struct list_record record = {.id = ids[i], .type = type};

		r = privileged_records_add(&reply->records, &record, sizeof(record), NULL, 0);
	}
	reply->end.n += n;
	return r;
}

static int run(const struct helper_request *request, int replies)
{
	struct list_reply reply = {.records.replies = replies};
	uint32_t with_mount_ns;
	int r = privileged_keep_capabilities((const int[]){CAP_SYS_ADMIN}, 1);

	if (!request_check_size(request, sizeof(with_mount_ns), 0))
		return EXIT_FAILURE;
	memcpy(&with_mount_ns, request->bytes, sizeof(with_mount_ns));
	if (r == 0)
		r = list_all(add_records, &reply);
	if (r == 0 && with_mount_ns)
		reply.end.mount_ns_error = mount_ns_add_all(&reply.records);
	if (r == 0)
		r = privileged_records_add(&reply.records, &reply.end, sizeof(reply.end), NULL, 0);
	return privileged_records_finish(&reply.records, r);
}

const struct helper_job ns_list_job = {
        .name = "ns-list-all",
        .deadline_ms = JOB_LONG_DEADLINE_MS,
        .run = run,
        .capabilities = CAPABILITIES_BIT(CAP_SYS_ADMIN),
        .calls = SANDBOX_READ | SANDBOX_NAMESPACES,
};
