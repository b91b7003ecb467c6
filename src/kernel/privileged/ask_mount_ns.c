/* SPDX-License-Identifier: Apache-2.0 */
/* Asks for all mount namespaces, and for the nsfs mounts in each. */
#include "base/memory.h"
#include "kernel/privileged/ask.h"
#include "kernel/privileged/kernel_privileged.h"

#include <string.h>

/* Records as they come, behind each other. */
struct inbox {
	char *bytes;
	size_t len, capacity;
	int result; /* what the last answer says */
};

static void take_records(void *data, _unused_ size_t request, const struct helper_reply *answer)
{
	struct inbox *const inbox = data;
	struct wire_answer text;

	ask_drop(answer);
	if (ask_read(answer, 1, &text)) {
		inbox->result = text.error;
		return;
	}
	inbox->bytes = memory_grow(inbox->bytes, &inbox->capacity, inbox->len + answer->len, 1);
	memcpy(inbox->bytes + inbox->len, answer->bytes, answer->len);
	inbox->len += answer->len;
}

/* Gives all records or an error. They are to be freed in any case. */
static int ask_records(struct kernel *k, enum privileged_job job,
        const struct helper_request *request, struct inbox *inbox)
{
	*inbox = (struct inbox){.result = -EIO};
	if (!(linux_of(k)->rungs & KERNEL_RUNG_B))
		return -EOPNOTSUPP;
	const int end = ask_one(linux_of(k)->privileged, job, request, take_records, inbox);
	return inbox->result == -EIO && end < 0 ? end : inbox->result;
}

int privileged_mount_ns_list(struct kernel *k, struct kernel_mount_ns **ret, size_t *ret_n)
{
	struct inbox inbox;
	const int r = ask_records(k, JOB_MOUNT_NS_LIST, &(const struct helper_request){0}, &inbox);
	_cleanup_free_ char *bytes = inbox.bytes;
	const size_t n = inbox.len / sizeof(struct wire_mount_ns);

	if (r < 0)
		return r;
	struct kernel_mount_ns *const list = memory_new((n + 1) * sizeof(*list));
	for (size_t i = 0; i < n; i++) {
		struct wire_mount_ns record;

		memcpy(&record, bytes + i * sizeof(record), sizeof(record));
		list[i] = (struct kernel_mount_ns){
		        .key = kernel_linux_key(k, &record.key),
		        .id = record.id,
		        .n_mounts = record.n_mounts,
		};
	}
	*ret = list;
	*ret_n = n;
	return 0;
}

int privileged_mount_ns_open(struct kernel *k, uint64_t id)
{
	if (!(linux_of(k)->rungs & KERNEL_RUNG_B))
		return -EOPNOTSUPP;
	return ask_handle(linux_of(k)->privileged, JOB_MOUNT_NS_OPEN,
	        &(const struct helper_request){.bytes = &id, .len = sizeof(id)});
}

/* Takes the next record off, with its text; false at the end. */
static bool next_mount(const char **at, const char *end, struct wire_ns_mount *ret)
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

int privileged_mount_ns_mounts(
        struct kernel *k, uint64_t id, struct kernel_ns_mount **ret, size_t *ret_n)
{
	struct inbox inbox;
	const int r = ask_records(k, JOB_MOUNT_NS_MOUNTS,
	        &(const struct helper_request){.bytes = &id, .len = sizeof(id)}, &inbox);
	_cleanup_free_ char *bytes = inbox.bytes;
	const char *const end = bytes + inbox.len, *at = bytes;
	struct wire_ns_mount record;
	size_t n = 0, text_size = 0;

	if (r < 0)
		return r;
	for (; next_mount(&at, end, &record); n++)
		text_size += record.length + 1;
	/* One more than there are: never an empty block. */
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
