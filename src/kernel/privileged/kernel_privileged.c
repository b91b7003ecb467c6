/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/privileged/kernel_privileged.h"

#include "base/memory.h"
#include "kernel/privileged/ask.h"
#include "kernel/privileged/privileged_jobs.h"

#include <string.h>

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
	free(privileged->hung);
	free(privileged);
}

/* --- mount namespaces that hung --------------------------------------------------------------- */

bool ask_has_hung(const struct privileged *privileged, uint64_t mount_ns)
{
	for (size_t i = 0; i < privileged->n_hung; i++) {
		if (privileged->hung[i] == mount_ns)
			return true;
	}
	return false;
}

void ask_note_hung(struct privileged *privileged, uint64_t mount_ns)
{
	if (mount_ns == 0 || ask_has_hung(privileged, mount_ns))
		return;
	privileged->hung = memory_grow(privileged->hung, &privileged->hung_capacity,
	        privileged->n_hung + 1, sizeof(*privileged->hung));
	privileged->hung[privileged->n_hung++] = mount_ns;
}

/* --- one request ------------------------------------------------------------------------------ */

int ask_one(struct privileged *privileged, enum privileged_job job,
        const struct helper_request *request, helper_reply_fn *take, void *data)
{
	int end;

	if (!privileged)
		return -EOPNOTSUPP;
	pthread_mutex_lock(&privileged->mutex);
	helper_call_all(privileged->channel, privileged_jobs[job], request, 1, take, data, &end);
	pthread_mutex_unlock(&privileged->mutex);
	return end;
}

bool ask_read(const struct helper_reply *answer, size_t n, struct wire_answer *ret)
{
	if (answer->len != sizeof(*ret))
		return false;
	memcpy(ret, answer->bytes, sizeof(*ret));
	return ret->index < n;
}

void ask_drop(const struct helper_reply *answer)
{
	for (size_t i = 0; i < answer->n_fds; i++)
		close(answer->fds[i]);
}

int ask_result(const struct wire_answer *text, const struct helper_reply *answer)
{
	if (text->error == 0 && answer->n_fds == 1)
		return answer->fds[0];
	ask_drop(answer);
	return text->error < 0 ? text->error : -EMFILE;
}

static void take_handle(void *data, _unused_ size_t request, const struct helper_reply *answer)
{
	int *const result = data;
	struct wire_answer text;

	if (*result == -EIO && ask_read(answer, 1, &text))
		*result = ask_result(&text, answer);
	else
		ask_drop(answer);
}

int ask_handle(struct privileged *privileged, enum privileged_job job,
        const struct helper_request *request)
{
	int result = -EIO;
	const int end = ask_one(privileged, job, request, take_handle, &result);

	return result == -EIO && end < 0 ? end : result;
}

const struct helper_job *const privileged_jobs[PRIVILEGED_JOBS] = {
        [JOB_MOUNTED] = &(const struct helper_job){"ns-mounted", PRIVILEGED_DEADLINE_MS,
                privileged_job_mounted},
        [JOB_MOUNTINFO] = &(const struct helper_job){"ns-mountinfo", PRIVILEGED_DEADLINE_MS,
                privileged_job_mountinfo},
        [JOB_MOUNT_NS_LIST] = &(const struct helper_job){"ns-list", PRIVILEGED_LONG_DEADLINE_MS,
                privileged_job_mount_ns_list},
        [JOB_MOUNT_NS_OPEN] = &(const struct helper_job){"ns-open", PRIVILEGED_LONG_DEADLINE_MS,
                privileged_job_mount_ns_open},
        [JOB_MOUNT_NS_MOUNTS] = &(const struct helper_job){"ns-mounts", PRIVILEGED_LONG_DEADLINE_MS,
                privileged_job_mount_ns_mounts},
        [JOB_KEYS] = &(const struct helper_job){"ns-keys", PRIVILEGED_LONG_DEADLINE_MS,
                privileged_job_keys},
        [JOB_SOCKETS] = &(const struct helper_job){"ns-sockets", PRIVILEGED_DEADLINE_MS,
                privileged_job_sockets},
        [JOB_FEATURES] = &(const struct helper_job){"ns-features", PRIVILEGED_LONG_DEADLINE_MS,
                privileged_job_features},
        [JOB_CMDLINES] = &(const struct helper_job){"cmdlines", PRIVILEGED_DEADLINE_MS,
                privileged_job_cmdlines},
};
