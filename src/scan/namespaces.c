/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/namespaces.h"

#include "base/memory.h"
#include "model/identity.h"
#include "scan/reach.h"

/* An open namespace that is not read yet. */
struct pending {
	struct ns *ns;
	int handle;
};

struct reading {
	struct scan *scan;
	struct builder *builder;
	struct u64_set kept; /* inodes of namespaces that a descriptor or a mount keeps */
	struct pending *stack;
	size_t n, capacity;
	pid_t pid; /* the process by which the namespace was opened, for notes */
};

static void note_failure(const struct reading *reading, const struct ns *ns, const char *what,
        int error, enum partial reason)
{
	scan_state_note_ns(reading->scan, reading->pid, what, ns->type, ns->inode, -error, reason);
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
		note_failure(reading, ns, "time", r, PARTIAL_FAILED);
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
		namespaces[i]->id = ns->id;
		namespaces[i]->made = ns->made;
		namespaces[i]->is_made_before = ns->is_made_before;
	}
}

static void copy_identity(struct ns *ns, const struct ns *was)
{
	if (!was || was->inode != ns->inode)
		return;
	ns->id = was->id;
	ns->made = was->made;
	ns->is_made_before = was->is_made_before;
}

/* What was not read since the previous model is in the namespaces that it was in. */
static void copy_kept(const struct scan *scan, struct builder *builder)
{
	const struct model *const previous = scan->previous;
	size_t n, n_held;
	struct process *const *const processes = builder_processes(builder, &n);
	const struct holder_list *const all = &scan->holders;

	for (size_t i = 0; i < n; i++) {
		const pid_t pid = processes[i]->pid;
		const struct process_record *const record = scan_state_find(scan, pid);
		const struct process *const was =
		        record->is_kept ? model_find_process(previous, pid) : NULL;

		for (enum nstype type = 0; was && type < NS_TYPES; type++) {
			const struct ns *const ns = processes[i]->ns[type];

			if (ns && ns->id == 0 && ns->made == 0)
				copy_identity(builder_own(ns), was->ns[type]);
		}
	}
	for (n_held = 0; n_held < all->n; n_held++) {
		const struct holder_record *const holder = &all->records[n_held];
		struct ns *const ns = holder->is_kept ? builder_find_ns(builder, holder->type,
		                                                scan->host.ns_dev, holder->inode)
		                                      : NULL;

		if (ns && ns->id == 0 && ns->made == 0)
			copy_identity(ns, model_find(previous, ns->type, ns->inode));
	}
}

/* --- owner and parent ------------------------------------------------------------------------- */

/* In an earlier scan, in this one, or for the first model of this one. */
static bool is_read(const struct reading *reading, const struct ns *ns)
{
	if (reading->scan->is_plain || (reading->scan->first && ns->tag != 0))
		return true;
	return identity_is_carried(ns) || ns->owner.state != REL_FAILED;
}

static void push(struct reading *reading, struct ns *ns, int handle)
{
	MEMORY_APPEND(reading->stack, reading->n, reading->capacity) = (struct pending){ns, handle};
}

/* Whether there may be namespaces of that type outside of what this process may see: above its own
 * user namespace, or above its own PID namespace. */
static bool has_outside(const struct scan *scan, enum nstype type)
{
	const struct kernel_host *const host = &scan->host;

	return type == NS_PID ? host->is_inside_pid || host->is_foreign_proc : host->is_inside_user;
}

/* The state of a value that could not be read. ENOTTY: this kernel does not have that operation of
 * ioctl_nsfs(2). */
static enum rel_state state_of_error(
        const struct reading *reading, const struct ns *ns, const char *what, int error)
{
	if (error == -ENOTTY)
		return REL_UNSUPPORTED;
	note_failure(reading, ns, what, error, PARTIAL_FAILED);
	return REL_FAILED;
}

/* Makes a relation of `result`: a handle, which it then owns, or a negative errno. */
static struct relation make_relation(struct reading *reading, const struct ns *ns, enum nstype type,
        const char *what, int result)
{
	struct kernel *const k = reading->scan->kernel;
	struct nsrel_key key;
	struct ns *end;
	int r;

	/* If nothing can be outside, EPERM comes from a filter of system calls (seccomp(2)). */
	if (result == -EPERM && has_outside(reading->scan, type))
		return (struct relation){.state = REL_HIDDEN};
	if (result < 0)
		return (struct relation){.state = state_of_error(reading, ns, what, result)};
	r = k->ops->ns_key(k, result, &key);
	if (r < 0) {
		k->ops->close(k, result);
		note_failure(reading, ns, what, r, PARTIAL_FAILED);
		return (struct relation){.state = REL_FAILED};
	}
	end = builder_ns(reading->builder, type, key.dev, key.ino, NULL);
	end->id = key.id;
	if (is_read(reading, end))
		k->ops->close(k, result);
	else
		push(reading, end, result);
	return (struct relation){.state = REL_KNOWN, .ns = end};
}

static void read_parent(struct reading *reading, struct ns *ns, int handle)
{
	struct kernel *const k = reading->scan->kernel;
	const struct nsrel_key key = {.dev = ns->dev, .ino = ns->inode, .id = ns->id};
	const bool is_initial = nsrel_is_initial(&key, nstype_clone(ns->type));

	const int parent = k->ops->ns_parent(k, handle);

	/* EPERM, but the number says that there is none, whatever the error is. */
	ns->parent = is_initial && parent < 0
	                     ? (struct relation){.state = REL_INITIAL}
	                     : make_relation(reading, ns, ns->type, "parent", parent);
}

static void read_one(struct reading *reading, struct ns *ns, int handle)
{
	struct kernel *const k = reading->scan->kernel;
	int r;

	read_time(reading, ns, handle);
	if (is_read(reading, ns))
		return;
	if (nstype_is_hierarchical(ns->type))
		read_parent(reading, ns, handle);
	if (ns->type != NS_USER) {
		ns->owner =
		        make_relation(reading, ns, NS_USER, "owner", k->ops->ns_owner(k, handle));
		return;
	}
	ns->owner = ns->parent;
	r = k->ops->ns_owner_uid(k, handle, &ns->owner_uid);
	ns->owner_uid_state = r < 0 ? state_of_error(reading, ns, "owner_uid", r)
	                            : model_id_state(&builder_host(reading->builder)->overflow_uid,
	                                      ns->owner_uid);
	if (ns->owner_uid_state == REL_UNMAPPED)
		ns->owner_uid = 0;
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

	reading->pid = reached->pid;
	if (reached->result != REACHED) {
		if (is_read(reading, ns))
			return;
		if (reached->result == REACH_GONE)
			reading->scan->n_lost++;
		else
			note_failure(reading, ns, "opening", reached->error, PARTIAL_OWNER_UNKNOWN);
		return;
	}
	ns->id = reached->key.id;
	push(reading, ns, reached->handle);
	while (reading->n > 0) {
		const struct pending pending = reading->stack[--reading->n];

		read_one(reading, pending.ns, pending.handle);
		k->ops->close(k, pending.handle);
	}
}

int namespaces_read(struct scan *scan, struct builder *builder)
{
	struct reading reading = {.scan = scan, .builder = builder};
	struct reach_walk walk = {
	        .scan = scan, .data = &reading, .wants = wants_rest, .receive = receive_rest};

	list_kept(scan, &reading.kept);
	if (scan->first)
		copy_known(builder, scan->first);
	else if (scan->previous) {
		copy_kept(scan, builder);
		read_identities(&reading);
	}
	identity_carry(builder, scan->first ? scan->first : scan->previous);
	scan->n_lost = 0;
	reach_near(&walk);
	reach_far(&walk);
	reach_release(&walk);
	u64_set_release(&reading.kept);
	free(reading.stack);
	return scan_state_is_cancelled(scan) ? -ECANCELED : 0;
}
