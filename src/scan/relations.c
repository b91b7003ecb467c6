/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/relations.h"

#include "base/memory.h"
#include "model/identity.h"
#include "scan/open_mount.h"
#include "scan/reopen.h"

/* A namespace that is open, to be asked. */
struct question {
	struct ns *ns;
	int handle;
};

struct asking {
	struct scan *scan;
	struct builder *builder;
	struct question *questions; /* a stack */
	size_t n, capacity;
	pid_t pid; /* by which process it was reached, for notes */
};

/* Asked already: in an earlier scan, in this one, or for the model made before in this one. */
static bool is_asked(const struct asking *asking, const struct ns *ns)
{
	if (asking->scan->first && ns->tag != 0)
		return true;
	return identity_is_carried(ns) || ns->owner.state != REL_FAILED;
}

static void push(struct asking *asking, struct ns *ns, int handle)
{
	asking->questions = memory_grow(
	        asking->questions, &asking->capacity, asking->n + 1, sizeof(struct question));
	asking->questions[asking->n++] = (struct question){ns, handle};
}

static void note_failure(struct asking *asking, const struct ns *ns, const char *what, int error)
{
	char text[80];

	snprintf(text, sizeof(text), "%s of %s:[%llu]", what, nstype_name(ns->type),
	        (unsigned long long)ns->inode);
	scan_note(asking->scan, asking->pid, text, -error);
}

static bool is_initial(const struct ns *ns)
{
	const struct nsrel_key key = {.dev = ns->dev, .ino = ns->inode, .id = ns->id};

	return nsrel_is_initial(&key, nstype_clone(ns->type));
}

/* EPERM is both: there is none, and it is outside of what we may see. */
static enum rel_state state_of_error(
        struct asking *asking, const struct ns *ns, const char *what, int error)
{
	switch (error) {
	case -EPERM:
		return REL_HIDDEN;
	case -EINVAL:
		return REL_NONE;
	case -ENOTTY:
		return REL_UNSUPPORTED;
	default:
		note_failure(asking, ns, what, error);
		return REL_FAILED;
	}
}

/* What `answer`, a handle or an error, says: `ns` is related to the namespace it leads to. */
static struct relation take_relation(
        struct asking *asking, const struct ns *ns, enum nstype type, const char *what, int answer)
{
	struct kernel *const k = asking->scan->kernel;
	struct nsrel_key key;
	struct ns *end;
	int r;

	if (answer < 0)
		return (struct relation){.state = state_of_error(asking, ns, what, answer)};
	r = k->ops->ns_key(k, answer, &key);
	if (r < 0) {
		k->ops->close(k, answer);
		note_failure(asking, ns, what, r);
		return (struct relation){.state = REL_FAILED};
	}
	end = builder_ns(asking->builder, type, key.dev, key.ino, NULL);
	end->id = key.id;
	if (is_asked(asking, end))
		k->ops->close(k, answer);
	else
		push(asking, end, answer);
	return (struct relation){.state = REL_KNOWN, .ns = end};
}

static void ask_parent(struct asking *asking, struct ns *ns, int handle)
{
	struct kernel *const k = asking->scan->kernel;

	ns->parent = take_relation(asking, ns, ns->type, "parent", k->ops->ns_parent(k, handle));
	if (ns->parent.state == REL_HIDDEN && is_initial(ns))
		ns->parent.state = REL_INITIAL;
}

static void ask_owner_uid(struct asking *asking, struct ns *ns, int handle)
{
	struct kernel *const k = asking->scan->kernel;
	const int r = k->ops->ns_owner_uid(k, handle, &ns->owner_uid);

	ns->owner_uid_state = r < 0 ? state_of_error(asking, ns, "owner_uid", r) : REL_KNOWN;
}

static void ask(struct asking *asking, struct ns *ns, int handle)
{
	struct kernel *const k = asking->scan->kernel;

	if (nstype_is_hierarchical(ns->type))
		ask_parent(asking, ns, handle);
	if (ns->type == NS_USER) {
		ns->owner = ns->parent;
		ask_owner_uid(asking, ns, handle);
	} else {
		ns->owner =
		        take_relation(asking, ns, NS_USER, "owner", k->ops->ns_owner(k, handle));
	}
}

/* Asks what is on the stack, and what that leads to. */
static void ask_questions(struct asking *asking)
{
	struct kernel *const k = asking->scan->kernel;

	while (asking->n > 0) {
		const struct question question = asking->questions[--asking->n];

		if (!is_asked(asking, question.ns))
			ask(asking, question.ns, question.handle);
		k->ops->close(k, question.handle);
	}
}

/* What became of opening one: a handle, which is given away, or an error. */
static void ask_opened(struct asking *asking, struct ns *ns, int handle, uint64_t id)
{
	if (handle == -ESRCH) {
		asking->scan->n_lost++;
		return;
	}
	if (handle < 0) {
		note_failure(asking, ns, "opening", handle);
		return;
	}
	ns->id = id;
	push(asking, ns, handle);
	ask_questions(asking);
}

static void ask_batch(struct asking *asking, struct reopen *reopen, struct open_mount_batch *batch)
{
	struct kernel *const k = asking->scan->kernel;

	asking->pid = 0;
	open_mount_all(reopen, batch);
	for (size_t i = 0; i < batch->n; i++) {
		struct nsrel_key key = {0};
		int handle = batch->handles[i];
		const int r = handle < 0 ? 0 : k->ops->ns_key(k, handle, &key);

		if (r < 0) {
			k->ops->close(k, handle);
			handle = r;
		}
		ask_opened(asking, batch->namespaces[i], handle, key.id);
	}
	batch->n = 0;
}

/* Those that have a member, a thread or a descriptor. The others are left for later. */
static void ask_near(struct asking *asking, struct reopen *reopen, const struct places *places,
        struct u64_set *ret_far)
{
	for (size_t i = 0; i < places->n && !scan_is_cancelled(asking->scan); i++) {
		size_t n;
		struct ns *const ns = builder_namespaces(asking->builder, &n)[i];
		struct nsrel_key key = {0};
		int handle;

		if (is_asked(asking, ns))
			continue;
		handle = reopen_ns_open(reopen, ns, &places->places[i], &key, &asking->pid);
		if (handle == -EAGAIN)
			u64_set_push(ret_far, i);
		else
			ask_opened(asking, ns, handle, key.id);
	}
}

/* Those that only a mount keeps, unless somebody's parent or owner has led to them by now. */
static void ask_far(struct asking *asking, struct reopen *reopen, const struct places *places,
        const struct u64_set *far)
{
	struct open_mount_batch batch = {.n = 0};

	for (size_t i = 0; i < far->n && !scan_is_cancelled(asking->scan); i++) {
		const size_t at = far->items[i];
		size_t n;
		struct ns *const ns = builder_namespaces(asking->builder, &n)[at];

		if (is_asked(asking, ns))
			continue;
		open_mount_add(&batch, ns, &places->places[at]);
		if (batch.n == OPEN_MOUNT_AT_ONCE)
			ask_batch(asking, reopen, &batch);
	}
	if (batch.n > 0 && !scan_is_cancelled(asking->scan))
		ask_batch(asking, reopen, &batch);
}

int relations_ask(struct scan *scan, struct builder *builder, const struct places *places)
{
	struct asking asking = {.scan = scan, .builder = builder};
	struct reopen reopen;
	struct u64_set far = {0};

	reopen_init(&reopen, scan);
	scan->n_lost = 0;
	ask_near(&asking, &reopen, places, &far);
	ask_far(&asking, &reopen, places, &far);
	u64_set_release(&far);
	reopen_release(&reopen);
	free(asking.questions);
	return scan_is_cancelled(scan) ? -ECANCELED : 0;
}
