/* SPDX-License-Identifier: Apache-2.0 */
#include "base/memory.h"
#include "scan/relations.h"
#include "scan/sources/sources.h"

#include <string.h>

static const char WHAT[] = "listns";

/* --- the lists -------------------------------------------------------------------------------- */

/* A procfs of another PID namespace does not show what keeps most of them. */
static bool is_wanted(const struct scan *scan)
{
	const struct kernel_ops *const ops = scan->kernel->ops;

	return scan_state_wants(scan, SOURCE_LISTNS) && ops->ns_list && ops->ns_open_keys &&
	       !scan->host.is_foreign_proc;
}

static void set_ids(struct u64_set *set, const struct kernel_ns_id *list, size_t n)
{
	u64_set_clear(set);
	for (size_t i = 0; i < n; i++)
		u64_set_push(set, list[i].id);
	u64_set_sort_unique(set);
}

void source_listns_note(struct scan *scan, int error)
{
	/* Notes of sources may have been carried over (source_mntns_begin), and a model of a scan
	 * may be made twice. */
	for (size_t i = 0; i < scan->notes.n; i++) {
		if (strcmp(scan->notes.notes[i].what, WHAT) == 0)
			return;
	}
	scan_state_note(scan, 0, WHAT, -error, PARTIAL_FAILED);
}

/* Of a list. On an older kernel, or without the right, the source does not count as read. */
static void note_list(struct scan *scan, int error)
{
	if (!scan_state_is_unavailable(error))
		source_listns_note(scan, error);
}

static int read_first(struct kernel *k, struct kernel_ns_id **ret, size_t *ret_n)
{
	const int r = k->ops->ns_list_first ? k->ops->ns_list_first(k, ret, ret_n) : -ENOENT;

	return r == -ENOENT ? k->ops->ns_list(k, ret, ret_n) : r;
}

void source_listns_begin(struct scan *scan)
{
	_cleanup_free_ struct kernel_ns_id *list = NULL;
	size_t n = 0;
	int r;

	if (!is_wanted(scan))
		return;
	r = read_first(scan->kernel, &list, &n);
	if (r < 0) {
		note_list(scan, r);
		return;
	}
	set_ids(&scan->listing.first, list, n);
	scan->listing.has_first = true;
}

int source_listns_read_mount_ns(struct scan *scan, struct kernel_mount_ns **ret, size_t *ret_n)
{
	struct kernel *const k = scan->kernel;
	struct kernel_ns_lists lists = {.mount_ns = NULL};

	if (!is_wanted(scan) || !k->ops->ns_lists || k->ops->ns_lists(k, &lists) < 0)
		return -ENOENT;
	free(scan->listing.list);
	scan->listing.list = lists.namespaces;
	scan->listing.n_list = lists.n_namespaces;
	*ret = lists.mount_ns;
	*ret_n = lists.n_mount_ns;
	return lists.mount_ns_error;
}

void source_listns_carry(struct scan *scan, const struct scan *from)
{
	const struct ns_listing *const was = &from->listing;

	/* An id is never used again: an older list will do as well. */
	u64_set_copy(&scan->listing.first, was->has_last ? &was->last : &was->first);
	scan->listing.has_first = was->has_last || was->has_first;
}

/* --- what is known of the ids ----------------------------------------------------------------- */

struct known_ids {
	struct scan *scan;
	struct u64_set recorded; /* the inodes of all records */
	struct u64_map by_id;    /* of visits, an index of: */
	const struct ns_visit **visits;
	size_t capacity;
	struct kernel_ns_id *unknown; /* the ids of which no inode is known */
	size_t n_unknown;
};

/* Most processes are in the namespaces of the one before. */
static void collect_recorded(struct known_ids *known)
{
	const struct scan *const scan = known->scan;
	uint64_t last[NS_LINKS] = {0};

	for (size_t i = 0; i < scan->n_processes; i++) {
		const struct process_record *const record = &scan->processes[i];

		for (unsigned link = 0; link < NS_LINKS && !record->is_gone; link++) {
			const uint64_t inode = record->inode[link];

			if (inode != 0 && inode != last[link])
				u64_set_push(&known->recorded, inode);
			last[link] = inode;
		}
	}
	for (size_t i = 0; i < scan->holders.n; i++) {
		if (!scan->holders.records[i].is_gone)
			u64_set_push(&known->recorded, scan->holders.records[i].inode);
	}
	u64_set_sort_unique(&known->recorded);
}

static void index_visits(struct known_ids *known)
{
	for (unsigned t = 0; t < known->scan->n_threads; t++) {
		const struct ns_visit_list *const list = &known->scan->threads[t]->visits;

		for (size_t i = 0; i < list->n; i++) {
			bool is_new;
			size_t at;

			if (list->visits[i].key.id == 0)
				continue;
			at = u64_map_add(&known->by_id, list->visits[i].key.id, &is_new);
			known->visits = memory_grow(
			        known->visits, &known->capacity, at + 1, sizeof(*known->visits));
			known->visits[at] = &list->visits[i];
		}
	}
}

/* Of a namespace that no other record has. */
static void add_record(struct known_ids *known, enum nstype type, uint64_t inode, uint64_t id)
{
	if (u64_set_has(&known->recorded, inode))
		return;
	scan_state_add(&known->scan->holders, &(struct holder_record){.type = type,
	                                              .is_listed = true,
	                                              .inode = inode,
	                                              .id = id,
	                                              .fd = -1,
	                                              .handle = -EBADF});
}

/* An id is never used again: the inode is that of a visit of this scan, or that in an earlier
 * model. */
static void sort_out(struct known_ids *known, const struct kernel_ns_id *ns)
{
	const struct model *const before = scan_state_earlier_model(known->scan);
	const struct ns *const was = before ? model_find_tag(before, ns->id) : NULL;
	size_t at;

	if (u64_map_find(&known->by_id, ns->id, &at))
		add_record(known, known->visits[at]->type, known->visits[at]->key.ino, ns->id);
	else if (was && was->id == ns->id)
		add_record(known, was->type, was->inode, ns->id);
	else
		known->unknown[known->n_unknown++] = *ns;
}

/* --- opening ---------------------------------------------------------------------------------- */

/* Owners and parents are listed, too. */
static bool wants_none(
        _unused_ void *data, _unused_ enum nstype type, _unused_ const struct nsrel_key *key)
{
	return false;
}

static void close_read(void *data, _unused_ const struct ns_visit *ns, int handle)
{
	struct scan *const scan = data;

	scan->kernel->ops->close(scan->kernel, handle);
}

/* Takes the handle. */
static void read_one(struct known_ids *known, const struct kernel_ns_id *ns, int handle)
{
	struct scan *const scan = known->scan;
	const struct relations_reader reader = {
	        .scan = scan, .data = scan, .wants = wants_none, .done = close_read};
	struct ns_visit visit = {0};
	const int r = scan->kernel->ops->ns_key(scan->kernel, handle, &visit.key);

	if (r < 0 || !nstype_from_clone(ns->type, &visit.type)) {
		scan->kernel->ops->close(scan->kernel, handle);
		source_listns_note(scan, r < 0 ? r : -EINVAL);
		return;
	}
	add_record(known, visit.type, visit.key.ino, ns->id);
	relations_read(&reader, &visit, handle, &scan->threads[0]->visits);
}

/* -ESTALE: it is gone. */
static void read_some(struct known_ids *known, const struct kernel_ns_id *namespaces, size_t n)
{
	struct kernel *const k = known->scan->kernel;
	struct nsrel_key keys[KERNEL_KEYS_MAX] = {{0}};
	int types[KERNEL_KEYS_MAX] = {0}, handles[KERNEL_KEYS_MAX];

	for (size_t i = 0; i < n; i++) {
		keys[i] = (struct nsrel_key){.id = namespaces[i].id};
		types[i] = namespaces[i].type;
	}
	const int r = k->ops->ns_open_keys(k, keys, types, n, handles);
	if (r < 0)
		source_listns_note(known->scan, r);
	for (size_t i = 0; i < n && r == 0; i++) {
		if (handles[i] >= 0)
			read_one(known, &namespaces[i], handles[i]);
		else if (handles[i] != -ESTALE)
			source_listns_note(known->scan, handles[i]);
	}
}

static void read_list(struct scan *scan, const struct kernel_ns_id *list, size_t n)
{
	struct known_ids known = {
	        .scan = scan, .unknown = memory_new((n + 1) * sizeof(struct kernel_ns_id))};

	collect_recorded(&known);
	index_visits(&known);
	for (size_t i = 0; i < n; i++) {
		if (u64_set_has(&scan->listing.first, list[i].id))
			sort_out(&known, &list[i]);
	}
	for (size_t i = 0; i < known.n_unknown && !scan_state_is_cancelled(scan);
	        i += KERNEL_KEYS_MAX)
		read_some(&known, known.unknown + i,
		        MIN(known.n_unknown - i, (size_t)KERNEL_KEYS_MAX));
	u64_set_release(&known.recorded);
	u64_map_release(&known.by_id);
	free(known.visits);
	free(known.unknown);
}

/* That of source_listns_read_mount_ns, if there is one. */
static int read_last(struct scan *scan, struct kernel_ns_id **ret, size_t *ret_n)
{
	struct ns_listing *const listing = &scan->listing;

	if (!listing->list)
		return scan->kernel->ops->ns_list(scan->kernel, ret, ret_n);
	*ret = listing->list;
	*ret_n = listing->n_list;
	listing->list = NULL;
	return 0;
}

int source_listns_read(struct scan *scan)
{
	_cleanup_free_ struct kernel_ns_id *list = NULL;
	size_t n = 0;
	int r;

	if (!is_wanted(scan))
		return 0;
	r = read_last(scan, &list, &n);
	if (r < 0) {
		note_list(scan, r);
		return 0;
	}
	set_ids(&scan->listing.last, list, n);
	scan->listing.has_last = true;
	if (!scan->listing.has_first)
		return 0;
	scan->sources |= 1u << SOURCE_LISTNS;
	read_list(scan, list, n);
	return scan_state_is_cancelled(scan) ? -ECANCELED : 0;
}
