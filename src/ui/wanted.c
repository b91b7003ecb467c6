/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/wanted.h"

#include "base/memory.h"

#include <stdlib.h>

void wanted_release(struct wanted *wanted)
{
	tags_release(&wanted->asked);
	free(wanted->queue);
	*wanted = (struct wanted){0};
}

void wanted_add(struct wanted *wanted, const struct names *names, uid_t uid)
{
	if (names_is_settled(names, uid) || tags_has(&wanted->asked, uid))
		return;
	tags_add(&wanted->asked, uid);
	wanted->queue = memory_grow(
	        wanted->queue, &wanted->capacity, wanted->n + 1, sizeof(*wanted->queue));
	wanted->queue[wanted->n++] = uid;
}

void wanted_add_model(struct wanted *wanted, const struct names *names, const struct model *model)
{
	wanted_add(wanted, names, model->host.euid);
	for (size_t i = 0; i < model->n_namespaces; i++) {
		const struct ns *ns = model->namespaces[i];

		if (ns->type == NS_USER && ns->owner_uid_state == REL_KNOWN)
			wanted_add(wanted, names, ns->owner_uid);
	}
}

bool wanted_next(struct wanted *wanted, uid_t *ret_uid)
{
	if (wanted_is_empty(wanted))
		return false;
	*ret_uid = wanted->queue[wanted->first++];
	if (wanted_is_empty(wanted))
		wanted->first = wanted->n = 0;
	return true;
}

bool wanted_is_empty(const struct wanted *wanted)
{
	return wanted->first == wanted->n;
}
