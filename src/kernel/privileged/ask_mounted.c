/* SPDX-License-Identifier: Apache-2.0 */
/* Asks for namespaces behind mount points. */
#include "base/descriptors.h"
#include "base/memory.h"
#include "kernel/privileged/ask.h"
#include "kernel/privileged/kernel_privileged.h"
#include "kernel/privileged/privileged_jobs.h"
#include "kernel/proc/proc.h"

#include <string.h>

static uint64_t mount_ns_inode(int mount_ns)
{
	struct nsrel_key key;

	return nsrel_key(mount_ns, &key) == 0 ? key.ino : 0;
}

/* The inode of the mount namespace of a place; 0: not known. */
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

/* Items that go into one request: they follow each other and are in one place. */
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

static bool is_same_place(const struct kernel_mounted *a, const struct kernel_mounted *b)
{
	return a->place == b->place && a->is_mount_ns == b->is_mount_ns;
}

/* Adds an item to the group; false: there is no room for it. */
static bool add_item(struct group *group, const struct kernel_mounted *item)
{
	const size_t len = strlen(item->point);
	const struct wire_mounted head = {
	        .type = item->type,
	        .length = (uint16_t)len,
	        .is_mount_ns = item->is_mount_ns,
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
	for (size_t i = first; i < n && is_same_place(&items[first], &items[i]); i++) {
		if (!add_item(group, &items[i]))
			return;
	}
}

static void take_mounted(void *data, size_t request, const struct helper_reply *answer)
{
	const struct mounted_call *const call = data;
	const struct group *const group = &call->groups[request];
	struct wire_answer text;

	if (ask_read(answer, group->n, &text) &&
	        call->items[group->first + text.index].ns == -ETIMEDOUT)
		call->items[group->first + text.index].ns = ask_result(&text, answer);
	else
		ask_drop(answer);
}

/* What the job did not come to: it hung, or never was. */
static void settle_group(struct privileged *privileged, struct kernel_mounted *items,
        const struct group *group, int end)
{
	if (end == -ETIMEDOUT)
		ask_note_hung(privileged, group->mount_ns);
	for (size_t i = group->first; i < group->first + group->n; i++) {
		if (items[i].ns == -ETIMEDOUT && end != -ETIMEDOUT)
			items[i].ns = end == 0 ? -EIO : end;
	}
}

/* Makes groups of the items that are to be asked for; those that are not have their answer. */
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
		if (group->n > 0 && !ask_has_hung(privileged, group->mount_ns))
			n_groups++;
		else
			free(group->bytes);
		i += group->n ? group->n : 1;
	}
	return n_groups;
}

static void ask_groups(
        struct privileged *privileged, struct kernel_mounted *items, struct group *groups, size_t n)
{
	struct helper_request requests[KERNEL_MOUNTED_MAX];
	int ends[KERNEL_MOUNTED_MAX];
	struct mounted_call call = {items, groups};

	for (size_t i = 0; i < n; i++)
		requests[i] = (struct helper_request){
		        .bytes = groups[i].bytes,
		        .len = groups[i].len,
		        .fds = &items[groups[i].first].place,
		        .n_fds = 1,
		};
	helper_call_all(privileged->channel, privileged_jobs[JOB_MOUNTED], requests, n,
	        take_mounted, &call, ends);
	for (size_t i = 0; i < n; i++) {
		settle_group(privileged, items, &groups[i], ends[i]);
		free(groups[i].bytes);
	}
}

int privileged_ns_open_mounted(struct kernel *k, struct kernel_mounted *items, size_t n)
{
	struct privileged *const privileged = linux_of(k)->privileged;
	struct group groups[KERNEL_MOUNTED_MAX];

	if (!privileged)
		return -EOPNOTSUPP;
	if (n > KERNEL_MOUNTED_MAX)
		return -E2BIG;
	pthread_mutex_lock(&privileged->mutex);
	const size_t n_groups = make_groups(privileged, items, n, groups);
	if (n_groups > 0)
		ask_groups(privileged, items, groups, n_groups);
	pthread_mutex_unlock(&privileged->mutex);
	return 0;
}

/* The job sends the file, opened inside: it reads the same for us. */
int privileged_mount_ns_mountinfo(struct kernel *k, int mount_ns, char **ret, size_t *ret_len)
{
	struct privileged *const privileged = linux_of(k)->privileged;
	const uint64_t inode = mount_ns_inode(mount_ns);

	if (!privileged)
		return -EOPNOTSUPP;
	pthread_mutex_lock(&privileged->mutex);
	const bool is_hung = ask_has_hung(privileged, inode);
	pthread_mutex_unlock(&privileged->mutex);
	if (is_hung)
		return -ETIMEDOUT;
	_cleanup_close_ int file = ask_handle(privileged, JOB_MOUNTINFO,
	        &(const struct helper_request){.fds = &mount_ns, .n_fds = 1});
	if (file == -ETIMEDOUT) {
		pthread_mutex_lock(&privileged->mutex);
		ask_note_hung(privileged, inode);
		pthread_mutex_unlock(&privileged->mutex);
	}
	if (file < 0)
		return file;
	const int r = descriptors_read_all(file, KERNEL_MOUNTINFO_MAX, ret, ret_len);
	return r == -EFBIG ? 1 : r;
}
