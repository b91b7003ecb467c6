/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/namespaces.h"

#include "base/memory.h"
#include "model/identity.h"
#include "scan/reach.h"
#include "scan/relations.h"

struct reading {
	struct scan *scan;
	struct builder *builder;
	struct u64_set kept;       /* inodes of namespaces that a descriptor or a mount keeps */
	struct u64_map claimed;    /* inodes of namespaces whose relations are read here */
	struct ns_visit_list list; /* of these, not merged yet */
	struct u64_set lost;       /* inodes of namespaces that ended before they were read */
	pid_t pid;                 /* the process by which the namespace was opened, for notes */
};

/* `error` is positive. */
static void note_failure(const struct reading *reading, const struct ns *ns, const char *what,
        int error, enum partial reason)
{
	scan_state_note_ns(reading->scan, reading->pid, what, ns->type, ns->inode, error, reason);
}

/* The inode keeps its time while something refers to it. The types share one range of inodes. */
static void list_kept(const struct scan *scan, struct u64_set *ret)
{
	for (size_t i = 0; i < scan->holders.n; i++) {
		const struct holder_record *const holder = &scan->holders.records[i];

		if (scan_state_is_kind(holder, HOLDER_FD) ||
		        scan_state_is_kind(holder, HOLDER_MOUNT))
			u64_set_push(ret, holder->inode);
	}
	u64_set_sort(ret);
}

/* The time of its inode: for the age of a namespace without members, and for identity.h if there
 * are no ids. */
static bool lacks_time(const struct reading *reading, const struct ns *ns)
{
	return ns->made == 0 && u64_set_has(&reading->kept, ns->inode);
}

static void read_time(const struct reading *reading, struct ns *ns, int handle)
{
	struct kernel *const k = reading->scan->kernel;
	int r;

	if (!lacks_time(reading, ns))
		return;
	r = k->ops->ns_made(k, handle, &ns->made, &ns->is_made_before);
	if (r < 0) {
		ns->made = 0;
		note_failure(reading, ns, "time", -r, PARTIAL_FAILED);
	}
}

/* --- identity --------------------------------------------------------------------------------- */

/* If the previous model has a namespace with that number, the id, or the time of the inode, shows
 * whether it is the same one. */
static enum reach_want wants_identity(void *data, const struct ns *ns)
{
	const struct reading *const reading = data;
	const struct ns *const was = model_find(reading->scan->previous, ns->type, ns->inode);

	if (was && was->id != 0)
		return ns->id == 0 ? REACH_KEY : REACH_NOTHING;
	return was && lacks_time(reading, ns) ? REACH_OPEN : REACH_NOTHING;
}

static void receive_identity(void *data, struct ns *ns, const struct reached *reached)
{
	const struct reading *const reading = data;
	struct kernel *const k = reading->scan->kernel;

	if (reached->result == REACHED)
		ns->id = reached->key.id;
	if (reached->handle < 0)
		return;
	read_time(reading, ns, reached->handle);
	k->ops->close(k, reached->handle);
}

/* A namespace that can be opened by the id that it had, and has the same inode, is the same: that
 * takes no walk to a mount point. */
static void try_old_ids(struct scan *scan, const size_t *numbers, size_t n_numbers)
{
	struct kernel *const k = scan->kernel;
	struct nsrel_key keys[KERNEL_KEYS_MAX];
	int types[KERNEL_KEYS_MAX], handles[KERNEL_KEYS_MAX];
	struct ns *namespaces[KERNEL_KEYS_MAX];
	size_t n = 0;

	for (size_t i = 0; i < n_numbers; i++) {
		struct ns *const ns = scan->namespaces[numbers[i]].ns;
		const struct ns *const was = model_find(scan->previous, ns->type, ns->inode);

		if (!was || was->id == 0)
			continue;
		keys[n] = (struct nsrel_key){.dev = was->dev, .ino = was->inode, .id = was->id};
		types[n] = nstype_clone(ns->type);
		namespaces[n++] = ns;
	}
	if (n == 0 || !k->ops->ns_open_keys || k->ops->ns_open_keys(k, keys, types, n, handles) < 0)
		return;
	for (size_t i = 0; i < n; i++) {
		if (handles[i] < 0)
			continue;
		namespaces[i]->id = keys[i].id;
		k->ops->close(k, handles[i]);
	}
}

static void read_identities(struct reading *reading)
{
	struct scan *const scan = reading->scan;
	struct reach_walk walk = {.scan = scan,
	        .data = reading,
	        .wants = wants_identity,
	        .receive = receive_identity};

	reach_near(&walk);
	for (size_t i = 0; i < walk.n_far && !scan_state_is_cancelled(scan); i += KERNEL_KEYS_MAX)
		try_old_ids(scan, walk.far + i, MIN(walk.n_far - i, (size_t)KERNEL_KEYS_MAX));
	reach_far(&walk);
	reach_release(&walk);
}

/* Within one scan the same inode means the same namespace. */
static void copy_known(struct builder *builder, const struct model *first)
{
	size_t n;
	struct ns *const *const namespaces = builder_namespaces(builder, &n);

	for (size_t i = 0; i < n; i++) {
		const struct ns *const ns =
		        model_find(first, namespaces[i]->type, namespaces[i]->inode);

		if (!ns)
			continue;
		if (namespaces[i]->id == 0)
			namespaces[i]->id = ns->id;
		namespaces[i]->made = ns->made;
		namespaces[i]->is_made_before = ns->is_made_before;
	}
}

static void copy_identity(const struct reading *reading, struct ns *ns, const struct ns *was)
{
	if (!was || was->inode != ns->inode || ns->id != 0 || ns->made != 0)
		return;
	ns->id = was->id;
	if (!u64_set_has(&reading->kept, ns->inode))
		return;
	ns->made = was->made;
	ns->is_made_before = was->is_made_before;
}

/* A process that was not read since the previous model is in the namespaces that it was in. A time
 * goes with the last descriptor or mount, also if the namespace does not. */
static void copy_kept_of_processes(const struct reading *reading)
{
	const struct scan *const scan = reading->scan;
	size_t n;
	struct process *const *const processes = builder_processes(reading->builder, &n);

	for (size_t i = 0; i < n; i++) {
		const pid_t pid = processes[i]->pid;
		const struct process_record *const record = scan_state_find(scan, pid);
		const struct process *const was =
		        record->is_kept ? model_find_process(scan->previous, pid) : NULL;

		for (enum nstype type = 0; was && type < NS_TYPES; type++) {
			const struct ns *const ns = processes[i]->ns[type];

			if (ns)
				copy_identity(reading, builder_own(ns), was->ns[type]);
		}
	}
}

/* The same of a holder. */
static void copy_kept_of_holders(const struct reading *reading)
{
	const struct scan *const scan = reading->scan;

	for (size_t i = 0; i < scan->holders.n; i++) {
		const struct holder_record *const holder = &scan->holders.records[i];
		struct ns *const ns = holder->is_kept
		                              ? builder_find_ns(reading->builder, holder->type,
		                                        scan->host.ns_dev, holder->inode)
		                              : NULL;

		if (ns)
			copy_identity(reading, ns, model_find(scan->previous, ns->type, ns->inode));
	}
}

/* --- owner and parent ------------------------------------------------------------------------- */

/* In an earlier scan, in this one, or for the first model of this one. */
static bool is_read(const struct reading *reading, const struct ns *ns)
{
	const struct scan *const scan = reading->scan;

	if (scan->is_plain || (scan->is_first_whole && ns->tag != 0))
		return true;
	return identity_is_carried(ns) || ns->owner.state != REL_FAILED;
}

static struct relation merge_end(struct reading *reading, const struct ns *of, enum nstype type,
        const char *what, const struct ns_end *from)
{
	struct ns *end;

	if (from->state == REL_FAILED)
		note_failure(reading, of, what, from->error, PARTIAL_FAILED);
	if (from->state != REL_KNOWN)
		return (struct relation){.state = from->state};
	end = builder_ns(reading->builder, type, from->key.dev, from->key.ino, NULL);
	end->id = from->key.id;
	return (struct relation){.state = REL_KNOWN, .ns = end};
}

static void merge_owner_uid(struct reading *reading, struct ns *ns, const struct ns_visit *visit)
{
	const struct host *const host = builder_host(reading->builder);

	ns->owner_uid_state = visit->owner_uid_state;
	if (ns->owner_uid_state == REL_FAILED)
		note_failure(reading, ns, "owner_uid", visit->owner_uid_error, PARTIAL_FAILED);
	if (ns->owner_uid_state != REL_KNOWN)
		return;
	ns->owner_uid_state = model_id_state(&host->overflow_uid, visit->owner_uid);
	ns->owner_uid = ns->owner_uid_state == REL_UNMAPPED ? 0 : visit->owner_uid;
}

static void merge_relations(struct reading *reading, const struct ns_visit *visit)
{
	struct ns *const ns =
	        builder_ns(reading->builder, visit->type, visit->key.dev, visit->key.ino, NULL);

	if (!visit->has_relations || is_read(reading, ns))
		return;
	ns->id = visit->key.id;
	reading->pid = visit->pid;
	if (nstype_is_hierarchical(ns->type))
		ns->parent = merge_end(reading, ns, ns->type, "parent", &visit->parent);
	if (ns->type != NS_USER) {
		ns->owner = merge_end(reading, ns, NS_USER, "owner", &visit->owner);
		return;
	}
	ns->owner = ns->parent;
	merge_owner_uid(reading, ns, visit);
}

/* Whether the relations of the end are known or can still be read: by a record of it. If the visit
 * that claimed it failed, and it has no other process, it must be reached from here again. */
static bool is_end_reachable(
        const struct reading *reading, enum nstype type, const struct ns_end *end)
{
	const struct scan *const scan = reading->scan;
	const struct ns_visit *visit;
	const struct ns *ns;

	if (end->state != REL_KNOWN)
		return true;
	visit = scan_state_visit(scan, type, end->key.ino);
	if (visit && visit->has_relations)
		return true;
	ns = builder_find_ns(reading->builder, type, end->key.dev, end->key.ino);
	if (ns && is_read(reading, ns))
		return true;
	for (size_t i = 0; i < scan->n_namespaces; i++) {
		if (scan->namespaces[i].ns == ns)
			return true;
	}
	return false;
}

/* Those that the visits have read. The list grows by what the relations lead to. */
static void merge_visits(struct reading *reading)
{
	for (size_t i = 0;; i++) {
		size_t n;
		struct ns *const *const namespaces = builder_namespaces(reading->builder, &n);
		const struct ns_visit *visit;

		if (i >= n)
			return;
		visit = scan_state_visit(reading->scan, namespaces[i]->type, namespaces[i]->inode);
		if (visit && is_end_reachable(reading, visit->type, &visit->parent) &&
		        is_end_reachable(reading, NS_USER, &visit->owner))
			merge_relations(reading, visit);
	}
}

/* An id that the model before lacks is not set yet: the namespace keeps its tag (identity.h). */
static void copy_keys(const struct reading *reading)
{
	const struct scan *const scan = reading->scan;
	const struct model *const before = scan_state_earlier_model(scan);
	size_t n;
	struct ns *const *const namespaces = builder_namespaces(reading->builder, &n);

	for (size_t i = 0; i < n; i++) {
		struct ns *const ns = namespaces[i];
		const struct ns_visit *const visit = scan_state_visit(scan, ns->type, ns->inode);
		const struct ns *const was =
		        before && visit ? model_find(before, ns->type, ns->inode) : NULL;

		if (visit && (!was || was->id != 0))
			ns->id = visit->key.id;
	}
}

static void merge_list(struct reading *reading, const struct ns_visit_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		merge_relations(reading, &list->visits[i]);
}

static bool wants_end(void *data, enum nstype type, const struct nsrel_key *key)
{
	struct reading *const reading = data;
	bool is_new;

	if (is_read(reading, builder_ns(reading->builder, type, key->dev, key->ino, NULL)))
		return false;
	u64_map_add(&reading->claimed, key->ino, &is_new);
	return is_new;
}

static void close_read(void *data, _unused_ const struct ns_visit *ns, int handle)
{
	const struct reading *const reading = data;
	struct kernel *const k = reading->scan->kernel;

	k->ops->close(k, handle);
}

static enum reach_want wants_rest(void *data, const struct ns *ns)
{
	const struct reading *const reading = data;

	return !is_read(reading, ns) || lacks_time(reading, ns) ? REACH_OPEN : REACH_NOTHING;
}

/* Reads a namespace that was reached, and those that its relations lead to. */
static void receive_rest(void *data, struct ns *ns, const struct reached *reached)
{
	struct reading *const reading = data;
	struct kernel *const k = reading->scan->kernel;
	const struct relations_reader reader = {
	        .scan = reading->scan, .data = reading, .wants = wants_end, .done = close_read};
	bool is_new;

	reading->pid = reached->pid;
	if (reached->result != REACHED) {
		if (is_read(reading, ns))
			return;
		if (reached->result == REACH_GONE) {
			u64_set_add(&reading->lost, ns->inode);
			return;
		}
		note_failure(reading, ns, "opening", -reached->error, PARTIAL_OWNER_UNKNOWN);
		if (reached->error == -ETIMEDOUT || reached->error == -EBUSY)
			scan_state_limit(reading->scan, PARTIAL_OWNER_UNKNOWN);
		return;
	}
	ns->id = reached->key.id;
	read_time(reading, ns, reached->handle);
	if (is_read(reading, ns)) {
		k->ops->close(k, reached->handle);
		return;
	}
	u64_map_add(&reading->claimed, ns->inode, &is_new);
	reading->list.n = 0;
	relations_read(&reader,
	        &(struct ns_visit){.type = ns->type, .key = reached->key, .pid = reached->pid},
	        reached->handle, &reading->list);
	merge_list(reading, &reading->list);
}

static bool is_lost(const struct reading *reading, const struct ns *ns)
{
	return ns && u64_set_has(&reading->lost, ns->inode) && !is_read(reading, ns);
}

/* A namespace that has lost its process may still be the end of a relation that a visit has read:
 * the namespace that has the relation is read again, with that end. */
static void forget_lost_ends(const struct reading *reading)
{
	const struct scan *const scan = reading->scan;

	for (size_t i = 0; i < scan->n_namespaces && reading->lost.n > 0; i++) {
		struct ns *const ns = scan->namespaces[i].ns;

		if (!is_lost(reading, ns->parent.ns) && !is_lost(reading, ns->owner.ns))
			continue;
		if (nstype_is_hierarchical(ns->type))
			ns->parent = (struct relation){.state = REL_FAILED};
		ns->owner = (struct relation){.state = REL_FAILED};
	}
}

static void carry(struct reading *reading)
{
	struct scan *const scan = reading->scan;

	list_kept(scan, &reading->kept);
	scan_state_index_visits(scan);
	copy_keys(reading);
	if (scan->first) {
		copy_known(reading->builder, scan->first);
	} else if (scan->previous) {
		copy_kept_of_processes(reading);
		copy_kept_of_holders(reading);
		read_identities(reading);
	}
	identity_carry(reading->builder, scan_state_earlier_model(scan));
}

static void release(struct reading *reading)
{
	u64_set_release(&reading->kept);
	u64_set_release(&reading->lost);
	u64_map_release(&reading->claimed);
	free(reading->list.visits);
}

/* The number alone shows that an initial namespace has no parent. */
static void mark_unread(struct ns *ns)
{
	const bool is_initial = nstype_is_initial(ns->type, ns->inode);

	if (ns->parent.state == REL_FAILED)
		ns->parent.state = is_initial ? REL_INITIAL : REL_UNREAD;
	if (ns->owner.state == REL_FAILED)
		ns->owner.state = is_initial && ns->type == NS_USER ? REL_INITIAL : REL_UNREAD;
	if (ns->owner_uid_state == REL_FAILED)
		ns->owner_uid_state = REL_UNREAD;
	if (ns->maps_state == REL_FAILED)
		ns->maps_state = REL_UNREAD;
}

int namespaces_read_known(struct scan *scan, struct builder *builder)
{
	struct reading reading = {.scan = scan, .builder = builder};
	size_t n;

	carry(&reading);
	release(&reading);
	struct ns *const *const namespaces = builder_namespaces(builder, &n);
	for (size_t i = 0; i < n; i++)
		mark_unread(namespaces[i]);
	return scan_state_is_cancelled(scan) ? -ECANCELED : 0;
}

int namespaces_read(struct scan *scan, struct builder *builder)
{
	struct reading reading = {.scan = scan, .builder = builder};
	struct reach_walk walk = {
	        .scan = scan, .data = &reading, .wants = wants_rest, .receive = receive_rest};

	carry(&reading);
	merge_visits(&reading);
	reach_near(&walk);
	forget_lost_ends(&reading);
	if (reading.lost.n > 0) {
		walk.n_far = 0;
		reach_near(&walk);
	}
	reach_far(&walk);
	scan->n_lost = reading.lost.n;
	reach_release(&walk);
	release(&reading);
	return scan_state_is_cancelled(scan) ? -ECANCELED : 0;
}
