/* SPDX-License-Identifier: Apache-2.0 */
#include "view/names.h"

#include "base/memory.h"

#include <stdlib.h>

/* Open addressing; the size is a power of two and at least half of it is free. */
struct entry {
	bool is_used;
	uid_t uid;
	char *name;
};

struct names {
	struct entry *entries;
	size_t size;
	size_t n;
};

enum { FIRST_SIZE = 64 };

struct names *names_new(void)
{
	struct names *names = memory_new(sizeof(*names));

	names->size = FIRST_SIZE;
	names->entries = memory_new(names->size * sizeof(*names->entries));
	return names;
}

void names_free(struct names *names)
{
	if (!names)
		return;
	for (size_t i = 0; i < names->size; i++)
		free(names->entries[i].name);
	free(names->entries);
	free(names);
}

/* The entry of `uid`, or the free one where it belongs. */
static struct entry *slot(const struct names *names, uid_t uid)
{
	/* Knuth's multiplicative hash: neighbouring UIDs, the usual case, spread well. */
	size_t i = (uint32_t)uid * UINT32_C(2654435761);

	for (;; i++) {
		struct entry *entry = &names->entries[i & (names->size - 1)];

		if (!entry->is_used || entry->uid == uid)
			return entry;
	}
}

static void grow(struct names *names)
{
	const struct names old = *names;

	names->size *= 2;
	names->entries = memory_new(names->size * sizeof(*names->entries));
	for (size_t i = 0; i < old.size; i++)
		if (old.entries[i].is_used)
			*slot(names, old.entries[i].uid) = old.entries[i];
	free(old.entries);
}

void names_learn(struct names *names, uid_t uid, const char *name)
{
	if (2 * (names->n + 1) > names->size)
		grow(names);
	struct entry *entry = slot(names, uid);

	if (!entry->is_used)
		names->n++;
	char *copy = name ? memory_strdup(name) : NULL;
	free(entry->name);
	*entry = (struct entry){.is_used = true, .uid = uid, .name = copy};
}

void names_learn_model(struct names *names, const struct model *model)
{
	for (size_t i = 0; i < model->n_namespaces; i++) {
		const struct ns *ns = model->namespaces[i];

		if (ns->owner_name && ns->owner_uid_state == REL_KNOWN)
			names_learn(names, ns->owner_uid, ns->owner_name);
	}
}

const char *names_get(const struct names *names, uid_t uid)
{
	return slot(names, uid)->name;
}

bool names_is_settled(const struct names *names, uid_t uid)
{
	return slot(names, uid)->is_used;
}
