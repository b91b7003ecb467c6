/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/model.h"
#include "model/net_facts.h"
#include "model/ns_facts.h"

/* The facts of namespaces that were read on request, the newest of each. They are kept from one
 * model to the next, since what was read stays on the screen until it is read again. */

struct facts_entry {
	uint64_t tag; /* of the namespace */
	const struct ns_facts *facts;
	unsigned round; /* facts_store.round when they were put */
};

/* Zeroed at first. */
struct facts_store {
	struct facts_entry *all; /* by tag */
	size_t n;
	size_t capacity;
	unsigned round; /* counted by the caller: entries of an earlier one may be outdated */
	const struct mounts *mounts; /* a reference; NULL: none were read on request */
};

void facts_store_release(struct facts_store *store);

/* Keeps a reference. */
void facts_store_put(struct facts_store *store, const struct ns_facts *facts);

/* Keeps a reference, in place of the one before. */
void facts_store_put_mounts(struct facts_store *store, const struct mounts *mounts);

/* The mounts: those in the store (NULL: there is none), else those of the model; NULL: they were
 * not read. */
const struct mounts *facts_store_mounts(const struct facts_store *store, const struct model *model);

/* Drops the facts of namespaces that the model does not have. */
void facts_store_forget(struct facts_store *store, const struct model *model);

/* The facts of `ns`: those in the store (NULL: there is none), else those of the model; NULL: they
 * were not read. */
const struct ns_facts *facts_store_get(const struct facts_store *store, const struct ns *ns);

/* The same if it is a network namespace that could be read, else NULL. */
const struct net_facts *facts_store_net(const struct facts_store *store, const struct ns *ns);

/* The network namespace at the other end of an interface; NULL: not known, or gone. A snapshot has
 * only its inode. */
const struct ns *facts_store_peer(const struct model *model, const struct net_peer *peer);

/* True if they were put in this round. */
bool facts_store_is_new(const struct facts_store *store, const struct ns *ns);
