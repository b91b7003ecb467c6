/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the mounts in mount namespaces, without entering them: listmount(2) and statmount(2) of
 * another mount namespace (Linux 6.11). Neither accesses a file system: what is mounted there may
 * hang. A job reads many mount namespaces, since a process for each takes far longer. */
#include "base/memory.h"
#include "base/text.h"
#include "kernel/kernel_internal.h"
#include "kernel/privileged/mount_line.h"
#include "kernel/privileged/privileged.h"

#include <linux/capability.h>
#include <string.h>

enum {
	IDS_IN_JOB = HELPER_REQUEST_MAX / sizeof(uint64_t),
	PIECE_MAX = HELPER_REPLY_MAX / 2, /* bytes of text in a record */
};

/* Record of a reply; behind it `length` bytes of the text of one mount namespace. */
struct texts_record {
	uint32_t index;  /* in the request */
	uint32_t length; /* at most PIECE_MAX */
	int32_t error;   /* of struct kernel_mounts, as the rest */
	uint8_t is_end;  /* the last record of this mount namespace */
	uint8_t is_cut, lacks_source, unused;
};

/* --- the operation --------------------------------------------------------------------------- */

/* The mount namespaces of one request. The job replies in their order. */
struct texts_part {
	size_t first, n;
	size_t n_done;
	char *bytes; /* of the next one */
	size_t len, capacity;
};

struct texts_call {
	struct texts_part *parts;
	kernel_mounts_fn *take;
	void *data;
};

static void finish_one(const struct texts_call *call, struct texts_part *part, int error,
        const struct texts_record *record)
{
	call->take(call->data, part->first + part->n_done,
	        &(const struct kernel_mounts){.text = error < 0 ? NULL : part->bytes,
	                .len = error < 0 ? 0 : part->len,
	                .error = error,
	                .is_cut = record && record->is_cut,
	                .lacks_source = record && record->lacks_source});
	part->n_done++;
	part->len = 0;
}

static void receive_texts(void *data, size_t request, const struct helper_reply *reply)
{
	const struct texts_call *const call = data;
	struct texts_part *const part = &call->parts[request];
	const char *at = reply->bytes;
	size_t left = reply->len;
	struct texts_record record;

	privileged_close_fds(reply);
	while (left >= sizeof(record) && part->n_done < part->n) {
		memcpy(&record, at, sizeof(record));
		at += sizeof(record);
		left -= sizeof(record);
		if (record.length > left || record.index != part->n_done)
			return;
		part->bytes =
		        memory_grow(part->bytes, &part->capacity, part->len + record.length + 1, 1);
		memcpy(part->bytes + part->len, at, record.length);
		part->len += record.length;
		at += record.length;
		left -= record.length;
		if (record.is_end)
			finish_one(call, part, MIN(record.error, 0), &record);
	}
}

static void call_for_parts(
        struct privileged *privileged, struct texts_call *call, const uint64_t *ids, size_t n_parts)
{
	struct helper_request *const requests = memory_new(n_parts * sizeof(*requests));
	int *const results = memory_new(n_parts * sizeof(*results));

	for (size_t i = 0; i < n_parts; i++)
		requests[i] = (struct helper_request){
		        .bytes = ids + call->parts[i].first,
		        .len = call->parts[i].n * sizeof(*ids),
		};
	pthread_mutex_lock(&privileged->mutex);
	privileged_call_all(
	        privileged, &mount_texts_job, requests, n_parts, receive_texts, call, results);
	pthread_mutex_unlock(&privileged->mutex);
	/* Those without a reply: the job was killed, or did not run. */
	for (size_t i = 0; i < n_parts; i++) {
		struct texts_part *const part = &call->parts[i];

		while (part->n_done < part->n)
			finish_one(call, part, results[i] < 0 ? results[i] : -EIO, NULL);
		free(part->bytes);
	}
	free(requests);
	free(results);
}

int mount_texts_read(
        struct kernel *k, const uint64_t *ids, size_t n, kernel_mounts_fn *take, void *data)
{
	struct privileged *const privileged = linux_of(k)->privileged;
	const size_t n_parts = (n + IDS_IN_JOB - 1) / IDS_IN_JOB;

	if (!(linux_of(k)->interfaces & KERNEL_USE_MOUNT_NS) ||
	        !privileged_has(privileged, &mount_texts_job))
		return -EOPNOTSUPP;
	if (n == 0)
		return 0;
	_cleanup_free_ struct texts_part *parts = memory_new(n_parts * sizeof(*parts));
	for (size_t i = 0; i < n_parts; i++)
		parts[i] = (struct texts_part){
		        .first = i * IDS_IN_JOB,
		        .n = MIN(n - i * IDS_IN_JOB, (size_t)IDS_IN_JOB),
		};
	call_for_parts(privileged, &(struct texts_call){.parts = parts, .take = take, .data = data},
	        ids, n_parts);
	return 0;
}

/* --- the job --------------------------------------------------------------------------------- */

enum {
	STRINGS_MIN = 32 * 1024,   /* of one mount; grows up to: */
	STRINGS_MAX = 1024 * 1024, /* more are an error (EOVERFLOW) */
};

/* What a job has for all its mount namespaces. */
struct texts_job {
	struct text line;
	struct mount_uapi_statmount *mount; /* and its strings */
	size_t size;
	bool has_source; /* the kernel gives sources */
	struct job_records records;
};

/* The mount namespace that is read. */
struct texts_ns {
	uint32_t index;
	uint64_t id;
	size_t len;
	bool is_cut;
};

/* Sends the line in pieces. */
static int add_line(struct texts_job *job, struct texts_ns *ns)
{
	const char *const line = text_get(&job->line);
	const size_t len = job->line.len;
	int r = 0;

	if (len > KERNEL_MOUNTINFO_MAX - ns->len) {
		ns->is_cut = true;
		return 0;
	}
	ns->len += len;
	for (size_t at = 0; at < len && r == 0; at += PIECE_MAX) {
		const struct texts_record record = {
		        .index = ns->index,
		        .length = (uint32_t)MIN(len - at, (size_t)PIECE_MAX),
		};

		r = privileged_records_add(
		        &job->records, &record, sizeof(record), line + at, record.length);
	}
	return r;
}

/* Reads a mount, with more memory if its strings need that. Returns 0 or a negative errno. */
static int read_mount(struct texts_job *job, const struct mount_uapi_request *request)
{
	while (syscall(MOUNT_UAPI_STATMOUNT, request, job->mount, job->size, 0) < 0) {
		if (errno != EOVERFLOW || job->size > STRINGS_MAX)
			return -errno;
		job->mount = memory_grow(job->mount, &job->size, job->size * 2, 1);
	}
	return 0;
}

/* One that was unmounted meanwhile (ENOENT), or is outside of the root of its mount namespace
 * (EPERM, from Linux 7.0 on), is left out. (The kernel ends each string with NUL inside the
 * buffer.) */
static int add_mount(struct texts_job *job, struct texts_ns *ns, uint64_t mount)
{
	const struct mount_uapi_request request = {
	        .size = sizeof(request),
	        .mnt_id = mount,
	        .param = MOUNT_LINE_TAKES | MOUNT_UAPI_SUPPORTED_MASK,
	        .mnt_ns_id = ns->id,
	};
	const int r = read_mount(job, &request);

	if (r < 0)
		return r == -ENOENT || r == -EPERM ? 0 : r;
	/* Before 6.15 only a source that is not empty shows that the kernel gives them. */
	job->has_source |= (job->mount->mask & MOUNT_UAPI_SB_SOURCE) ||
	                   ((job->mount->mask & MOUNT_UAPI_SUPPORTED_MASK) &&
	                           (job->mount->supported_mask & MOUNT_UAPI_SB_SOURCE));
	text_restart(&job->line);
	return mount_line_write(job->line.out, job->mount, (const char *)(job->mount + 1))
	               ? add_line(job, ns)
	               : 0;
}

static int add_mounts(struct texts_job *job, struct texts_ns *ns)
{
	enum { PAGE = 512 };
	uint64_t mounts[PAGE];
	struct mount_uapi_request request = {
	        .size = sizeof(request), .mnt_id = MOUNT_UAPI_ROOT, .mnt_ns_id = ns->id};
	long n = PAGE;
	int r = 0;

	while (r == 0 && n == PAGE && !ns->is_cut) {
		n = syscall(MOUNT_UAPI_LISTMOUNT, &request, mounts, (size_t)PAGE, 0);
		/* Before 6.11 the request is shorter, or there is no such system call. */
		if (n < 0)
			return errno == ENOSYS || errno == EINVAL || errno == E2BIG ? -EOPNOTSUPP
			                                                            : -errno;
		for (long i = 0; r == 0 && i < n && !ns->is_cut; i++)
			r = add_mount(job, ns, mounts[i]);
		if (n > 0)
			request.param = mounts[n - 1];
	}
	return r;
}

static int run_all(struct texts_job *job, const uint64_t *ids, size_t n)
{
	int r = 0;

	for (size_t i = 0; i < n && r == 0; i++) {
		struct texts_ns ns = {.index = (uint32_t)i, .id = ids[i]};
		const int error = add_mounts(job, &ns);
		const struct texts_record end = {
		        .index = ns.index,
		        .error = error,
		        .is_end = true,
		        .is_cut = ns.is_cut,
		        .lacks_source = !job->has_source,
		};

		r = privileged_records_add(&job->records, &end, sizeof(end), NULL, 0);
	}
	return r;
}

static int run(const struct helper_request *request, int replies)
{
	_cleanup_free_ struct texts_job *job = memory_new(sizeof(*job));
	const size_t n = request->len / sizeof(uint64_t);
	int r;

	if (n == 0 || request->len % sizeof(uint64_t) != 0 || request->n_fds != 0)
		return EXIT_FAILURE;
	if (privileged_keep_capabilities((const int[]){CAP_SYS_ADMIN}, 1) < 0)
		return EXIT_FAILURE;
	job->records.replies = replies;
	job->mount = memory_grow(NULL, &job->size, sizeof(*job->mount) + STRINGS_MIN, 1);
	text_init(&job->line);
	r = run_all(job, request->bytes, n);
	text_release(&job->line);
	free(job->mount);
	return r < 0 ? EXIT_FAILURE : privileged_records_finish(&job->records, 0);
}

const struct helper_job mount_texts_job = {
        .name = "ns-mounts",
        .deadline_ms = JOB_LONG_DEADLINE_MS,
        .run = run,
        .capabilities = CAPABILITIES_BIT(CAP_SYS_ADMIN),
        .calls = SANDBOX_MOUNTS,
};
