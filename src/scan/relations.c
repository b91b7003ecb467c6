/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/relations.h"

#include "base/memory.h"
#include "model/identity.h"
#include "scan/reach.h"

/* An open namespace whose relations are not read yet. */
struct pending {
	struct ns *ns;
	int handle;
};

struct relations {
	struct scan *scan;
	struct builder *builder;
	struct pending *stack;
	size_t n, capacity;
	pid_t pid; /* the process by which the namespace was opened, for notes */
};

/* In an earlier scan, in this one, or for the first model of this one. */
static bool is_read(const struct relations *relations, const struct ns *ns)
{
	if (relations->scan->first && ns->tag != 0)
		return true;
	return identity_is_carried(ns) || ns->owner.state != REL_FAILED;
}

static void push(struct relations *relations, struct ns *ns, int handle)
{
	MEMORY_APPEND(relations->stack, relations->n, relations->capacity) =
	        (struct pending){ns, handle};
}

static void note_failure(
        const struct relations *relations, const struct ns *ns, const char *what, int error)
{
	char text[80];

	snprintf(text, sizeof(text), "%s of %s:[%llu]", what, nstype_name(ns->type),
	        (unsigned long long)ns->inode);
	scan_state_note(relations->scan, relations->pid, text, -error);
}

/* The errors of ioctl_nsfs(2). EPERM also means that there is none: see read_parent. */
static enum rel_state state_of_error(
        const struct relations *relations, const struct ns *ns, const char *what, int error)
{
	switch (error) {
	case -EPERM:
		return REL_HIDDEN;
	case -EINVAL:
		return REL_NONE;
	case -ENOTTY:
		return REL_UNSUPPORTED;
	default:
		note_failure(relations, ns, what, error);
		return REL_FAILED;
	}
}

/* Makes a relation of a handle, which it then owns, or of a negative errno. */
static struct relation make_relation(struct relations *relations, const struct ns *ns,
        enum nstype type, const char *what, int answer)
{
	struct kernel *const k = relations->scan->kernel;
	struct nsrel_key key;
	struct ns *end;
	int r;

	if (answer < 0)
		return (struct relation){.state = state_of_error(relations, ns, what, answer)};
	r = k->ops->ns_key(k, answer, &key);
	if (r < 0) {
		k->ops->close(k, answer);
		note_failure(relations, ns, what, r);
		return (struct relation){.state = REL_FAILED};
	}
	end = builder_ns(relations->builder, type, key.dev, key.ino, NULL);
	end->id = key.id;
	if (is_read(relations, end))
		k->ops->close(k, answer);
	else
		push(relations, end, answer);
	return (struct relation){.state = REL_KNOWN, .ns = end};
}

static void read_parent(struct relations *relations, struct ns *ns, int handle)
{
	struct kernel *const k = relations->scan->kernel;
	const struct nsrel_key key = {.dev = ns->dev, .ino = ns->inode, .id = ns->id};
	const bool is_initial = nsrel_is_initial(&key, nstype_clone(ns->type));

	ns->parent = make_relation(relations, ns, ns->type, "parent", k->ops->ns_parent(k, handle));
	if (ns->parent.state == REL_HIDDEN && is_initial)
		ns->parent.state = REL_INITIAL;
}

static void read_one(struct relations *relations, struct ns *ns, int handle)
{
	struct kernel *const k = relations->scan->kernel;
	int r;

	if (nstype_is_hierarchical(ns->type))
		read_parent(relations, ns, handle);
	if (ns->type != NS_USER) {
		ns->owner =
		        make_relation(relations, ns, NS_USER, "owner", k->ops->ns_owner(k, handle));
		return;
	}
	ns->owner = ns->parent;
	r = k->ops->ns_owner_uid(k, handle, &ns->owner_uid);
	ns->owner_uid_state = r < 0 ? state_of_error(relations, ns, "owner_uid", r) : REL_KNOWN;
}

static bool is_wanted(void *data, const struct ns *ns)
{
	return !is_read(data, ns);
}

/* Reads the relations of a namespace that was reached, and those of the namespaces they lead to. */
static bool receive(void *data, struct ns *ns, const struct reached *reached)
{
	struct relations *const relations = data;
	struct kernel *const k = relations->scan->kernel;

	relations->pid = reached->pid;
	if (reached->result == REACH_GONE) {
		relations->scan->n_lost++;
		return true;
	}
	if (reached->result != REACHED) {
		note_failure(relations, ns, "opening", reached->error);
		return true;
	}
	ns->id = reached->key.id;
	push(relations, ns, reached->handle);
	while (relations->n > 0) {
		const struct pending pending = relations->stack[--relations->n];

		if (!is_read(relations, pending.ns))
			read_one(relations, pending.ns, pending.handle);
		k->ops->close(k, pending.handle);
	}
	return true;
}

int relations_read(struct scan *scan, struct builder *builder)
{
	struct relations relations = {.scan = scan, .builder = builder};
	struct reach_walk walk = {
	        .scan = scan, .data = &relations, .wants = is_wanted, .receive = receive};

	scan->n_lost = 0;
	reach_near(&walk);
	reach_far(&walk);
	reach_release(&walk);
	free(relations.stack);
	return scan_state_is_cancelled(scan) ? -ECANCELED : 0;
}
