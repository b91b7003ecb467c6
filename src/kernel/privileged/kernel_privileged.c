/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/privileged/kernel_privileged.h"

#include "base/memory.h"
#include "kernel/privileged/ask.h"

#include <string.h>

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
        const struct helper_request *request, helper_take_fn *take, void *data)
{
	int end;

	if (!privileged)
		return -EOPNOTSUPP;
	pthread_mutex_lock(&privileged->mutex);
	helper_call_all(
	        privileged->channel, privileged->first_job + job, request, 1, take, data, &end);
	pthread_mutex_unlock(&privileged->mutex);
	return end;
}

bool ask_read(const struct helper_request *answer, size_t n, struct wire_answer *ret)
{
	if (answer->len != sizeof(*ret))
		return false;
	memcpy(ret, answer->bytes, sizeof(*ret));
	return ret->index < n;
}

void ask_drop(const struct helper_request *answer)
{
	for (size_t i = 0; i < answer->n_fds; i++)
		close(answer->fds[i]);
}

int ask_result(const struct wire_answer *text, const struct helper_request *answer)
{
	if (text->error == 0 && answer->n_fds == 1)
		return answer->fds[0];
	ask_drop(answer);
	return text->error < 0 ? text->error : -EMFILE;
}

static void take_handle(void *data, _unused_ size_t request, const struct helper_request *answer)
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
