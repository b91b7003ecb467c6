/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/visit.h"

#include "base/memory.h"
#include "model/identity.h"
#include "scan/facts.h"
#include "scan/nspid.h"
#include "scan/relations.h"
#include "scan/reopen.h"
#include "scan/sources/sources.h"

/* --- claims ----------------------------------------------------------------------------------- */

/* Returns true for the first call with that inode, in all threads. */
static bool claim(struct scan_thread *thread, uint64_t inode)
{
	struct ns_claims *const claims = &thread->scan->claims;
	bool is_new;

	u64_map_add(&thread->seen, inode, &is_new);
	if (!is_new)
		return false;
	pthread_mutex_lock(&claims->mutex);
	u64_map_add(&claims->inodes, inode, &is_new);
	pthread_mutex_unlock(&claims->mutex);
	return is_new;
}

/* Most processes are in the namespaces of the one before. */
void visit_claim(struct scan_thread *thread, struct process_record *record)
{
	if (!thread->scan->with_visits)
		return;
	for (unsigned link = 0; link < NS_TYPES; link++) {
		const uint64_t inode = record->inode[link];

		if (inode == 0 || inode == thread->last[link])
			continue;
		thread->last[link] = inode;
		if (claim(thread, inode))
			record->claimed |= (uint16_t)(1u << link);
	}
}

/* --- keys and relations ----------------------------------------------------------------------- */

/* A namespace that the last model has too. What is known of that is carried over (identity.h). */
static const struct ns *find_carried(
        const struct scan *scan, enum nstype type, const struct nsrel_key *key)
{
	const struct model *const before = scan_state_earlier_model(scan);
	const struct ns *const was =
	        before && key->id != 0 ? model_find_tag(before, key->id) : NULL;

	return was && was->type == type && was->inode == key->ino ? was : NULL;
}

static bool is_related(const struct ns *was)
{
	return was && identity_is_carried(was) && !identity_is_unread(was);
}

static bool wants_end(void *data, _unused_ enum nstype type, const struct nsrel_key *key)
{
	return claim(data, key->ino);
}

/* PID namespaces stay open for the processes that follow. */
static void keep(void *data, const struct ns_visit *ns, int handle)
{
	struct scan_thread *const thread = data;
	struct kernel *const k = thread->scan->kernel;

	if (ns->type == NS_PID && ns->parent.state == REL_KNOWN)
		nspid_keep(thread, ns->key.ino, ns->parent.key.ino, handle);
	else
		k->ops->close(k, handle);
}

static void add_key(struct scan_thread *thread, enum nstype type, const struct nsrel_key *key)
{
	struct ns_visit_list *const list = &thread->visits;

	MEMORY_APPEND(list->visits, list->n, list->capacity) =
	        (struct ns_visit){.type = type, .key = *key};
}

/* If the last model has a namespace with that number, its key is read without opening it. Without
 * keys of links its members show whether it is the same one (identity.h); the relations are then
 * read later, if it is not. Returns true if they are not to be read now. */
static bool is_known(struct scan_thread *thread, const struct reopen *reopen, unsigned link)
{
	const struct scan *const scan = thread->scan;
	struct kernel *const k = scan->kernel;
	const struct model *const before = scan_state_earlier_model(scan);
	const enum nstype type = scan_state_links[link].type;
	struct nsrel_key key = {.dev = scan->host.ns_dev, .ino = reopen->record->inode[link]};
	struct nsrel_key now;

	if (!scan->is_plain && (!before || !model_find(before, type, key.ino)))
		return false;
	if (!scan->is_plain &&
	        k->ops->ns_link_key(k, reopen->ns_dir, scan_state_links[link].name, &now) == 0) {
		if (now.ino != key.ino || !is_related(find_carried(scan, type, &now)))
			return false;
		key = now;
	}
	add_key(thread, type, &key);
	return true;
}

/* Returns true if it has added visits, the first of which is of that namespace. */
static bool visit_relations(struct scan_thread *thread, struct reopen *reopen, unsigned link)
{
	const enum nstype type = scan_state_links[link].type;
	const struct relations_reader reader = {
	        .scan = thread->scan, .data = thread, .wants = wants_end, .done = keep};
	struct reached reached;

	if (is_known(thread, reopen, link))
		return true;
	reached = reopen_link(reopen, link);
	if (reached.result != REACHED)
		return false;
	relations_read(&reader,
	        &(struct ns_visit){.type = type, .key = reached.key, .pid = reached.pid},
	        reached.handle, &thread->visits);
	return true;
}

void visit_keys(struct scan_thread *thread, const struct process_record *record, int ns_dir)
{
	struct kernel *const k = thread->scan->kernel;

	for (unsigned link = 0; link < NS_TYPES; link++) {
		struct nsrel_key key;
		int r;

		if (!(record->claimed >> link & 1))
			continue;
		r = k->ops->ns_link_key(k, ns_dir, scan_state_links[link].name, &key);
		if (r == -EOPNOTSUPP)
			return;
		if (r == 0 && key.ino == record->inode[link])
			add_key(thread, scan_state_links[link].type, &key);
	}
}

/* --- all of it -------------------------------------------------------------------------------- */

void visit_read(struct scan_thread *thread, struct process_record *record, int process, int ns_dir)
{
	struct reopen reopen;

	if (record->claimed == 0 || ns_dir < 0)
		return;
	reopen_begin(&reopen, thread->scan, record, process, ns_dir);
	for (unsigned link = 0; link < NS_TYPES; link++) {
		const size_t at = thread->visits.n;

		if ((record->claimed >> link & 1) && visit_relations(thread, &reopen, link) &&
		        link == NS_USER)
			facts_visit(thread, &reopen, &thread->visits.visits[at]);
	}
	if (record->claimed >> NS_MNT & 1)
		source_mount_visit(thread, &reopen);
	reopen_end(&reopen);
}
