/* SPDX-License-Identifier: Apache-2.0 */
#include "view/names.h"

#include "base/memory.h"
#include "base/u64.h"

#include <stdlib.h>

struct names {
	struct u64_map uids;
	char **names; /* by the indexes of `uids`; NULL: that user has none */
	size_t capacity;
};

struct names *names_new(void)
{
	return memory_new(sizeof(struct names));
}

void names_free(struct names *names)
{
	if (!names)
		return;
	for (size_t i = 0; i < names->uids.n; i++)
		free(names->names[i]);
	free(names->names);
	u64_map_release(&names->uids);
	free(names);
}

void names_add(struct names *names, uid_t uid, const char *name)
{
	char *copy = name ? memory_strdup(name) : NULL;
	bool is_new;
	const size_t i = u64_map_add(&names->uids, uid, &is_new);

	names->names = memory_grow(names->names, &names->capacity, i + 1, sizeof(*names->names));
	if (!is_new)
		free(names->names[i]);
	names->names[i] = copy;
}

void names_add_model(struct names *names, const struct model *model)
{
	for (size_t i = 0; i < model->n_namespaces; i++) {
		const struct ns *ns = model->namespaces[i];

		if (ns->owner_name && ns->owner_uid_state == REL_KNOWN)
			names_add(names, ns->owner_uid, ns->owner_name);
	}
}

const char *names_get(const struct names *names, uid_t uid)
{
	size_t i;

	return u64_map_find(&names->uids, uid, &i) ? names->names[i] : NULL;
}

bool names_is_settled(const struct names *names, uid_t uid)
{
	size_t i;

	return u64_map_find(&names->uids, uid, &i);
}
