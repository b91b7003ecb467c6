/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/app/name_queue.h"

#include "base/memory.h"

#include <stdlib.h>

void name_queue_release(struct name_queue *queue)
{
	u64_set_release(&queue->asked);
	free(queue->uids);
	*queue = (struct name_queue){0};
}

void name_queue_add(struct name_queue *queue, const struct names *names, uid_t uid)
{
	if (names_is_settled(names, uid) || u64_set_has(&queue->asked, uid))
		return;
	u64_set_add(&queue->asked, uid);
	queue->uids =
	        memory_grow(queue->uids, &queue->capacity, queue->n + 1, sizeof(*queue->uids));
	queue->uids[queue->n++] = uid;
}

void name_queue_add_model(
        struct name_queue *queue, const struct names *names, const struct model *model)
{
	name_queue_add(queue, names, model->host.euid);
	for (size_t i = 0; i < model->n_namespaces; i++) {
		const struct ns *ns = model->namespaces[i];

		if (ns->type == NS_USER && ns->owner_uid_state == REL_KNOWN)
			name_queue_add(queue, names, ns->owner_uid);
	}
}

bool name_queue_next(struct name_queue *queue, uid_t *ret_uid)
{
	if (name_queue_is_empty(queue))
		return false;
	*ret_uid = queue->uids[queue->first++];
	if (name_queue_is_empty(queue))
		queue->first = queue->n = 0;
	return true;
}

bool name_queue_is_empty(const struct name_queue *queue)
{
	return queue->first == queue->n;
}
