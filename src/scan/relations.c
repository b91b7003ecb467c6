/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/relations.h"

#include "base/memory.h"

/* An open namespace that is not read yet. */
struct pending {
	size_t at; /* its record in the list */
	int handle;
};

struct reading {
	const struct relations_reader *reader;
	struct ns_visit_list *list;
	struct pending *stack;
	size_t n, capacity;
};

static void push(struct reading *reading, const struct ns_visit *ns, int handle)
{
	struct ns_visit_list *const list = reading->list;

	MEMORY_APPEND(reading->stack, reading->n, reading->capacity) =
	        (struct pending){list->n, handle};
	MEMORY_APPEND(list->visits, list->n, list->capacity) = *ns;
}

/* Whether there may be namespaces of that type outside of what this process may see: above its own
 * user namespace, or above its own PID namespace. */
static bool has_outside(const struct scan *scan, enum nstype type)
{
	const struct kernel_host *const host = &scan->host;

	return type == NS_PID ? host->is_inside_pid || host->is_foreign_proc : host->is_inside_user;
}

/* ENOTTY: this kernel does not have that operation. */
static struct ns_end failed(int error)
{
	if (error == -ENOTTY)
		return (struct ns_end){.state = REL_UNSUPPORTED};
	return (struct ns_end){.state = REL_FAILED, .error = -error};
}

/* Makes a relation of `result`: a handle, which it then owns, or a negative errno. */
static struct ns_end make_end(
        struct reading *reading, const struct ns_visit *ns, enum nstype type, int result)
{
	struct kernel *const k = reading->reader->scan->kernel;
	struct ns_visit end = {.type = type, .pid = ns->pid};
	int r;

	if (result == -EPERM && type == NS_USER && reading->reader->scan->host.lacks_user_ns)
		return (struct ns_end){.state = REL_UNSUPPORTED};
	/* If nothing can be outside, EPERM comes from a filter of system calls (seccomp(2)). */
	if (result == -EPERM && has_outside(reading->reader->scan, type))
		return (struct ns_end){.state = REL_HIDDEN};
	if (result < 0)
		return failed(result);
	r = k->ops->ns_key(k, result, &end.key);
	if (r == 0 && reading->reader->wants(reading->reader->data, type, &end.key))
		push(reading, &end, result);
	else
		k->ops->close(k, result);
	if (r < 0)
		return (struct ns_end){.state = REL_FAILED, .error = -r};
	return (struct ns_end){.state = REL_KNOWN, .key = end.key};
}

static void read_parent(struct reading *reading, struct ns_visit *ns, int handle)
{
	struct kernel *const k = reading->reader->scan->kernel;
	const bool is_initial = nsrel_is_initial(&ns->key, nstype_clone(ns->type));
	const int parent = k->ops->ns_parent(k, handle);

	/* EPERM, but the number says that there is none, whatever the error is. */
	ns->parent = is_initial && parent < 0 ? (struct ns_end){.state = REL_INITIAL}
	                                      : make_end(reading, ns, ns->type, parent);
}

static void read_owner_uid(struct reading *reading, struct ns_visit *ns, int handle)
{
	struct kernel *const k = reading->reader->scan->kernel;
	const int r = k->ops->ns_owner_uid(k, handle, &ns->owner_uid);

	ns->owner_uid_state = REL_KNOWN;
	if (r < 0) {
		const struct ns_end end = failed(r);

		ns->owner_uid_state = end.state;
		ns->owner_uid_error = end.error;
	}
}

static void read_one(struct reading *reading, struct ns_visit *ns, int handle)
{
	struct kernel *const k = reading->reader->scan->kernel;

	ns->has_relations = true;
	ns->parent.state = REL_NONE;
	if (nstype_is_hierarchical(ns->type))
		read_parent(reading, ns, handle);
	if (ns->type == NS_USER) {
		ns->owner = ns->parent;
		read_owner_uid(reading, ns, handle);
	} else {
		ns->owner = make_end(reading, ns, NS_USER, k->ops->ns_owner(k, handle));
	}
}

void relations_read(const struct relations_reader *reader, const struct ns_visit *ns, int handle,
        struct ns_visit_list *list)
{
	struct reading reading = {.reader = reader, .list = list};

	push(&reading, ns, handle);
	while (reading.n > 0) {
		const struct pending pending = reading.stack[--reading.n];
		struct ns_visit visit = list->visits[pending.at]; /* the list may move */

		read_one(&reading, &visit, pending.handle);
		list->visits[pending.at] = visit;
		reader->done(reader->data, &visit, pending.handle);
	}
	free(reading.stack);
}
