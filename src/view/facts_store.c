/* SPDX-License-Identifier: Apache-2.0 */
#include "view/facts_store.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

void facts_store_release(struct facts_store *store)
{
	for (size_t i = 0; i < store->n; i++)
		ns_facts_unref(store->all[i].facts);
	mounts_unref(store->mounts);
	free(store->all);
	*store = (struct facts_store){0};
}

static size_t place_of(const struct facts_store *store, uint64_t tag)
{
	return LOWER_BOUND(store->n, i, store->all[i].tag < tag);
}

static const struct facts_entry *find(const struct facts_store *store, const struct ns *ns)
{
	const size_t i = store ? place_of(store, ns->tag) : 0;

	return store && i < store->n && store->all[i].tag == ns->tag ? &store->all[i] : NULL;
}

void facts_store_put(struct facts_store *store, const struct ns_facts *facts)
{
	const size_t i = place_of(store, facts->tag);
	const bool is_there = i < store->n && store->all[i].tag == facts->tag;

	ns_facts_ref(facts);
	if (is_there) {
		ns_facts_unref(store->all[i].facts);
	} else {
		store->all = memory_grow(
		        store->all, &store->capacity, store->n + 1, sizeof(*store->all));
		memmove(store->all + i + 1, store->all + i, (store->n - i) * sizeof(*store->all));
		store->n++;
	}
	store->all[i] =
	        (struct facts_entry){.tag = facts->tag, .facts = facts, .round = store->round};
}

void facts_store_put_mounts(struct facts_store *store, const struct mounts *mounts)
{
	mounts_ref(mounts);
	mounts_unref(store->mounts);
	store->mounts = mounts;
}

const struct mounts *facts_store_mounts(const struct facts_store *store, const struct model *model)
{
	return store && store->mounts ? store->mounts : model->mounts;
}

void facts_store_forget(struct facts_store *store, const struct model *model)
{
	size_t n = 0;

	for (size_t i = 0; i < store->n; i++) {
		if (model_find_tag(model, store->all[i].tag))
			store->all[n++] = store->all[i];
		else
			ns_facts_unref(store->all[i].facts);
	}
	store->n = n;
}

const struct ns_facts *facts_store_get(const struct facts_store *store, const struct ns *ns)
{
	const struct facts_entry *entry = find(store, ns);

	return entry ? entry->facts : ns->facts;
}

const struct net_facts *facts_store_net(const struct facts_store *store, const struct ns *ns)
{
	const struct ns_facts *facts = ns->type == NS_NET ? facts_store_get(store, ns) : NULL;

	return facts && !facts->error ? facts->net : NULL;
}

const struct ns *facts_store_peer(const struct model *model, const struct net_peer *peer)
{
	if (peer->state != NET_PEER_THERE)
		return NULL;
	if (!peer->ns_tag)
		return model_find(model, NS_NET, peer->ns_inode);
	const struct ns *ns = model_find_tag(model, peer->ns_tag);
	return ns && ns->type == NS_NET ? ns : NULL;
}

bool facts_store_is_new(const struct facts_store *store, const struct ns *ns)
{
	const struct facts_entry *entry = find(store, ns);

	return entry && entry->round == store->round;
}
