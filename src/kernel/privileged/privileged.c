/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/privileged/privileged.h"

#include "base/memory.h"
#include "kernel/privileged/job.h"

#include <string.h>

const struct helper_job *const privileged_jobs[PRIVILEGED_JOBS] = {
        &ns_keys_job,
        &ns_mounted_job,
        &ns_mounted_mountinfo_job,
        &mount_ns_list_job,
        &mount_ns_open_job,
        &mount_ns_mounts_job,
        &socket_ns_job,
        &cmdlines_job,
        &features_job,
};

struct privileged *privileged_new(struct helper *channel)
{
	struct privileged *privileged = memory_new(sizeof(*privileged));

	privileged->channel = channel;
	pthread_mutex_init(&privileged->mutex, NULL);
	return privileged;
}

void privileged_free(struct privileged *privileged)
{
	if (!privileged)
		return;
	pthread_mutex_destroy(&privileged->mutex);
	u64_set_release(&privileged->hung);
	free(privileged);
}

/* --- calls ----------------------------------------------------------------------------------- */

bool privileged_has(const struct privileged *privileged, const struct helper_job *job)
{
	return privileged && helper_has_job(privileged->channel, job);
}

int privileged_call(struct privileged *privileged, const struct helper_job *job,
        const struct helper_request *request, helper_reply_fn *receive, void *data)
{
	int result;

	if (!privileged)
		return -EOPNOTSUPP;
	pthread_mutex_lock(&privileged->mutex);
	helper_call_all(privileged->channel, job, request, 1, receive, data, &result);
	pthread_mutex_unlock(&privileged->mutex);
	return result;
}

void privileged_close_fds(const struct helper_reply *reply)
{
	for (size_t i = 0; i < reply->n_fds; i++)
		close(reply->fds[i]);
}

int privileged_item_index(const struct helper_reply *reply, size_t n, size_t *ret)
{
	struct job_item item;

	if (reply->len != sizeof(item))
		return -EBADMSG;
	memcpy(&item, reply->bytes, sizeof(item));
	*ret = item.index;
	return item.index < n ? 0 : -EBADMSG;
}

int privileged_item_fd(const struct helper_reply *reply)
{
	struct job_item item;

	memcpy(&item, reply->bytes, sizeof(item));
	if (item.error == 0 && reply->n_fds == 1)
		return reply->fds[0];
	privileged_close_fds(reply);
	return item.error < 0 ? item.error : -EMFILE;
}

static void receive_fd(void *data, _unused_ size_t request, const struct helper_reply *reply)
{
	int *const result = data;
	size_t index;

	if (*result == -EIO && privileged_item_index(reply, 1, &index) == 0)
		*result = privileged_item_fd(reply);
	else
		privileged_close_fds(reply);
}

int privileged_call_fd(struct privileged *privileged, const struct helper_job *job,
        const struct helper_request *request)
{
	int fd = -EIO; /* no reply */
	const int r = privileged_call(privileged, job, request, receive_fd, &fd);

	return fd == -EIO && r < 0 ? r : fd;
}
