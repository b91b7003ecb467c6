/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/kernel_privileged.h"

#include "base/helper.h"
#include "base/memory.h"
#include "kernel/privileged_wire.h"
#include "kernel/proc_link.h"

#include <pthread.h>
#include <string.h>

struct privileged {
	struct helper *channel;
	unsigned first_job;
	pthread_mutex_t mutex; /* for the channel, and for what follows */
	uint64_t *hung; /* inodes of mount namespaces in which a job hung: never asked again */
	size_t n_hung, hung_capacity;
};

struct privileged *privileged_new(struct helper *channel, unsigned first_job)
{
	struct privileged *privileged = memory_new(sizeof(*privileged));

	privileged->channel = channel;
	privileged->first_job = first_job;
	pthread_mutex_init(&privileged->mutex, NULL);
	return privileged;
}

void privileged_free(struct privileged *privileged)
{
	if (!privileged)
		return;
	pthread_mutex_destroy(&privileged->mutex);
	free(privileged->hung);
	free(privileged);
}

static struct privileged *privileged_of(struct kernel *k)
{
	return ((struct kernel_linux *)k)->privileged;
}

/* --- mount namespaces that hung --------------------------------------------------------------- */

static bool has_hung(const struct privileged *privileged, uint64_t mount_ns)
{
	for (size_t i = 0; i < privileged->n_hung; i++) {
		if (privileged->hung[i] == mount_ns)
			return true;
	}
	return false;
}

static void note_hung(struct privileged *privileged, uint64_t mount_ns)
{
	if (mount_ns == 0 || has_hung(privileged, mount_ns))
		return;
	privileged->hung = memory_grow(privileged->hung, &privileged->hung_capacity,
	        privileged->n_hung + 1, sizeof(*privileged->hung));
	privileged->hung[privileged->n_hung++] = mount_ns;
}

/* The inode of the mount namespace of a place; 0: not known. */
static uint64_t mount_ns_of(const struct kernel_mounted *item)
{
	char text[64];
	struct proc_link link;
	struct nsrel_key key;
	ssize_t n;

	if (item->is_mount_ns)
		return nsrel_key(item->place, &key) == 0 ? key.ino : 0;
	n = readlinkat(item->place, "ns/mnt", text, sizeof(text));
	return n > 0 && proc_link_parse(text, (size_t)n, &link) == 0 ? link.inode : 0;
}

/* --- namespaces behind mount points ----------------------------------------------------------- */

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

static bool read_answer(const struct helper_request *answer, size_t n, struct wire_answer *ret)
{
	if (answer->len != sizeof(*ret))
		return false;
	memcpy(ret, answer->bytes, sizeof(*ret));
	return ret->index < n;
}

static void take_mounted(void *data, size_t request, const struct helper_request *answer)
{
	const struct mounted_call *const call = data;
	const struct group *const group = &call->groups[request];
	struct wire_answer text;
	int fd = answer->n_fds == 1 ? answer->fds[0] : -EBADF;

	if (read_answer(answer, group->n, &text)) {
		struct kernel_mounted *const item = &call->items[group->first + text.index];

		if (item->ns == -ETIMEDOUT)
			item->ns = text.error < 0 ? text.error : fd < 0 ? -EMFILE : take_fd(&fd);
	}
	close_fd(&fd);
}

/* What the job did not come to: it hung, or never was. */
static void settle_group(struct privileged *privileged, struct kernel_mounted *items,
        const struct group *group, int end)
{
	if (end == -ETIMEDOUT)
		note_hung(privileged, group->mount_ns);
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
		if (group->n > 0 && !has_hung(privileged, group->mount_ns))
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
	helper_call_all(privileged->channel, privileged->first_job + JOB_MOUNTED, requests, n,
	        take_mounted, &call, ends);
	for (size_t i = 0; i < n; i++) {
		settle_group(privileged, items, &groups[i], ends[i]);
		free(groups[i].bytes);
	}
}

int privileged_ns_open_mounted(struct kernel *k, struct kernel_mounted *items, size_t n)
{
	struct privileged *const privileged = privileged_of(k);
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
