/* SPDX-License-Identifier: Apache-2.0 */
#include "view/hierarchy.h"

#include "base/attributes.h"
#include "base/memory.h"
#include "view/container_lines.h"
#include "view/mount_lines.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* A growing list of nodes. */
struct node_list {
	struct node *nodes;
	size_t n;
	size_t capacity;
};

/* One build: `pending` is a stack of nodes to be appended to `done`, the next on top; siblings are
 * collected in `siblings` first. */
struct build {
	const struct model *model;
	const struct model *baseline;
	const struct view_options *options;
	unsigned types; /* 1 << NS_*: of the lines, without the user namespaces that own them */
	bool is_by_owner;
	bool has_unknown; /* a top was left out: its parent could not be read, ... */
	bool has_unread;  /* ... or not yet */
	/* Of processes: the PID of the parent and the index of each, sorted; and for each process
	 * where its children begin in that list. */
	uint64_t *by_parent;
	size_t *children;
	struct node_list done;
	struct node_list pending;
	struct node_list siblings;
};

/* A list of namespaces, or a part of one: children, owned ones, those that may be tops. */
struct ns_span {
	const struct ns *const *items;
	size_t n;
};

static void list_add(struct node_list *list, const struct node *node)
{
	MEMORY_APPEND(list->nodes, list->n, list->capacity) = *node;
}

/* All namespaces of a type: the array is sorted by type. None if there is no model. */
static struct ns_span span_of_type(const struct model *model, enum nstype type)
{
	if (!model)
		return (struct ns_span){0};
	const size_t n = model->n_namespaces;
	const size_t first = LOWER_BOUND(n, i, model->namespaces[i]->type < type);
	const size_t end = LOWER_BOUND(n, i, model->namespaces[i]->type <= type);
	return (struct ns_span){.items = model->namespaces + first, .n = end - first};
}

/* Namespaces of that type are lines of this forest. */
static bool has_type(const struct build *build, enum nstype type)
{
	return (build->types & (1u << type)) || (build->is_by_owner && type == NS_USER);
}

/* Owned namespaces are shown below the user namespaces that own them. */
static bool has_details(const struct build *build)
{
	return build->options->with_details && has_type(build, NS_USER);
}

/* Which namespaces of a list are collected. */
enum choice {
	CHOOSE_ALL,
	CHOOSE_TOPS,    /* those without a parent in this forest: it is not visible, or not there */
	CHOOSE_UNKNOWN, /* those of which the parent in this forest was not read */
	CHOOSE_LINES,   /* of owned ones: those that are lines of the forest */
	CHOOSE_DETAILS, /* of owned ones: the others */
};

static bool is_chosen(struct build *build, const struct ns *ns, enum choice choice)
{
	const bool is_line = build->is_by_owner && has_type(build, ns->type);
	const bool is_below_parent =
	        ns->type == NS_USER || (nstype_is_hierarchical(ns->type) && !build->is_by_owner &&
	                                       has_type(build, ns->type));
	const enum rel_state state = (is_below_parent ? ns->parent : ns->owner).state;
	const bool is_unread = state == REL_UNREAD;
	const bool is_unknown = is_unread || state == REL_FAILED || state == REL_UNSUPPORTED;

	switch (choice) {
	case CHOOSE_TOPS:
		build->has_unknown |= is_unknown;
		build->has_unread |= is_unread;
		return state != REL_KNOWN && !is_unknown;
	case CHOOSE_UNKNOWN:
		return is_unknown;
	case CHOOSE_LINES:
		return is_line;
	case CHOOSE_DETAILS:
		return !is_line;
	case CHOOSE_ALL:
		break;
	}
	return true;
}

/* True if `a` comes before `b`, or is the same namespace, in a list sorted by type and number. */
static bool is_up_to(const struct ns *a, const struct ns *b)
{
	return a->type != b->type ? a->type < b->type : a->inode <= b->inode;
}

/* Adds to the siblings, which get the fields of `like`, the chosen ones of a list of the model and,
 * if they are gone, of the same list of the baseline: in one order, since both are sorted. */
static void gather(struct build *build, struct ns_span now, struct ns_span before,
        const struct node *like, enum choice choice)
{
	struct node node = *like;
	size_t b = 0;

	for (size_t i = 0; i <= now.n; i++) {
		node.mark = MARK_GONE;
		for (; b < before.n && (i == now.n || is_up_to(before.items[b], now.items[i]));
		        b++) {
			node.ns = before.items[b];
			if (is_chosen(build, node.ns, choice) &&
			        !model_find_tag(build->model, node.ns->tag))
				list_add(&build->siblings, &node);
		}
		if (i == now.n || !is_chosen(build, now.items[i], choice))
			continue;
		node.ns = now.items[i];
		node.mark = build->baseline && !model_find_tag(build->baseline, node.ns->tag)
		                    ? MARK_NEW
		                    : MARK_NONE;
		list_add(&build->siblings, &node);
	}
}

/* Moves the siblings onto the stack, the last one first. They were collected by number. */
static void push_siblings(struct build *build)
{
	if (build->options->sort != VIEW_SORT_NUMBER || build->options->is_inverted)
		node_sort(build->options, build->siblings.nodes, build->siblings.n);
	while (build->siblings.n > 0)
		list_add(&build->pending, &build->siblings.nodes[--build->siblings.n]);
}

static void push_below(struct build *build, const struct node *node, size_t index)
{
	static const struct ns nothing;
	const struct ns *now = node->mark == MARK_GONE ? &nothing : node->ns;
	const struct ns *before = &nothing;
	struct node like = {.parent = index, .depth = node->depth + 1};

	if (node->mark == MARK_GONE)
		before = node->ns;
	else if (build->baseline && node->mark == MARK_NONE)
		before = model_find_tag(build->baseline, node->ns->tag);

	const struct ns_span owned_now = {now->owned, now->n_owned};
	const struct ns_span owned_before = {before->owned, before->n_owned};

	if (build->options->with_details) {
		like.is_owned = true;
		gather(build, owned_now, owned_before, &like, CHOOSE_DETAILS);
		like.is_owned = false;
	}
	gather(build, owned_now, owned_before, &like, CHOOSE_LINES);
	if (!build->is_by_owner || node->ns->type == NS_USER)
		gather(build, (struct ns_span){now->children, now->n_children},
		        (struct ns_span){before->children, before->n_children}, &like, CHOOSE_ALL);
	push_siblings(build);
}

/* Collects the chosen ones of all lines of the forest. */
static void gather_lines(struct build *build, const struct node *like, enum choice choice)
{
	for (enum nstype type = 0; type < NS_TYPES; type++) {
		if (has_type(build, type))
			gather(build, span_of_type(build->model, type),
			        span_of_type(build->baseline, type), like, choice);
	}
}

/* The same of all that could be details of a line. */
static void gather_details(struct build *build, const struct node *like, enum choice choice)
{
	struct node owned = *like;

	owned.is_owned = true;
	for (enum nstype type = 0; has_details(build) && type < NS_TYPES; type++) {
		if (!has_type(build, type))
			gather(build, span_of_type(build->model, type),
			        span_of_type(build->baseline, type), &owned, choice);
	}
}

/* Pushes what is below the line "(owner unknown)" or "(parent unknown)". */
static void push_unknown(struct build *build, size_t index)
{
	const struct node like = {.parent = index, .depth = 1};

	if (!build->has_unknown)
		return;
	gather_details(build, &like, CHOOSE_UNKNOWN);
	gather_lines(build, &like, CHOOSE_UNKNOWN);
	push_siblings(build);
}

/* Several tops get one node above them, and details of which the owner is not visible too. Those of
 * which the parent could not be read come last, below a node of their own. */
static void push_tops(struct build *build)
{
	const struct node like = {.parent = NODE_NO_PARENT};
	const struct node unknown = {.parent = NODE_NO_PARENT,
	        .is_unknown = true,
	        .is_by_parent = !has_type(build, NS_USER)};
	struct node_list *tops = &build->siblings;

	list_add(&build->pending, &unknown);
	gather_details(build, &like, CHOOSE_TOPS);
	gather_lines(build, &like, CHOOSE_TOPS);
	if (tops->n == 0)
		return;
	if (tops->n > 1 || tops->nodes[0].is_owned) {
		const struct node outside = {.parent = NODE_NO_PARENT};

		list_add(&build->done, &outside);
		for (size_t i = 0; i < tops->n; i++) {
			tops->nodes[i].parent = 0;
			tops->nodes[i].depth = 1;
		}
	}
	push_siblings(build);
}

/* Fills in `end` and `has_children`, once all nodes are there. */
static void close_subtrees(struct node_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		list->nodes[i].end = i + 1;
	for (size_t i = list->n; i-- > 0;) {
		const struct node *node = &list->nodes[i];

		if (node->parent == NODE_NO_PARENT)
			continue;
		struct node *parent = &list->nodes[node->parent];
		parent->has_children = true;
		if (parent->end < node->end)
			parent->end = node->end;
	}
}

/* Appends the namespaces without a number below a line of their own. */
static void append_pins(struct build *build)
{
	const struct model *const model = build->model;
	const size_t heading = build->done.n;
	const struct node top = {.parent = NODE_NO_PARENT, .is_numberless = true};

	for (size_t i = 0; i < model->n_pins; i++) {
		const struct node node = {.pin = &model->pins[i], .parent = heading, .depth = 1};

		if (!(build->types & (1u << node.pin->type)))
			continue;
		if (build->done.n == heading)
			list_add(&build->done, &top);
		list_add(&build->done, &node);
	}
}

static void build_namespaces(struct build *build)
{
	push_tops(build);
	while (build->pending.n > 0) {
		const struct node node = build->pending.nodes[--build->pending.n];

		list_add(&build->done, &node);
		build->done.nodes[build->done.n - 1].is_unread =
		        node.is_unknown && build->has_unread;
		if (node.is_unknown)
			push_unknown(build, build->done.n - 1);
		else if (!node.is_owned)
			push_below(build, &node, build->done.n - 1);
	}
	/* Nothing is below that line. */
	if (build->done.nodes[build->done.n - 1].is_unknown)
		build->done.n--;
	if (!build->options->without_pins)
		append_pins(build);
}

/* --- processes ------------------------------------------------------------------------------- */

static int compare_keys(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return COMPARE(x, y);
}

static bool is_older(const struct process *a, const struct process *b)
{
	return a->started < b->started || (a->started == b->started && a->pid < b->pid);
}

/* Bits 1 << NS_*: the types in which the two are known to be in different namespaces. */
static unsigned differences(const struct process *a, const struct process *b)
{
	unsigned types = 0;

	for (enum nstype type = 0; type < NS_TYPES; type++) {
		if (a->ns[type] && b->ns[type] && a->ns[type] != b->ns[type])
			types |= 1u << type;
	}
	return types;
}

/* The PID of the parent, and the process, of an entry of by_parent. */
static pid_t parent_at(const struct build *build, size_t i)
{
	return (pid_t)(build->by_parent[i] >> 32);
}

static const struct process *child_at(const struct build *build, size_t i)
{
	return build->model->processes[build->by_parent[i] & UINT32_MAX];
}

/* Lists the processes by parent. Both lists are in the order of PIDs, so that no search is needed.
 */
static void find_children(struct build *build)
{
	const size_t n = build->model->n_processes;
	size_t at = 0;

	build->by_parent = memory_new((n + 1) * sizeof(*build->by_parent));
	build->children = memory_new((n + 1) * sizeof(*build->children));
	for (size_t i = 0; i < n; i++)
		build->by_parent[i] =
		        (uint64_t)(uint32_t)build->model->processes[i]->ppid << 32 | i;
	qsort(build->by_parent, n, sizeof(*build->by_parent), compare_keys);
	for (size_t i = 0; i < n; i++) {
		while (at < n && parent_at(build, at) < build->model->processes[i]->pid)
			at++;
		build->children[i] = at;
	}
}

static void push_top_processes(struct build *build)
{
	const size_t n = build->model->n_processes;
	_cleanup_free_ bool *has_parent = memory_new(n + 1);

	for (size_t i = 0; i < n; i++) {
		const struct process *parent = build->model->processes[i];

		for (size_t k = build->children[i]; k < n && parent_at(build, k) == parent->pid;
		        k++)
			has_parent[child_at(build, k)->index] |=
			        is_older(parent, child_at(build, k));
	}
	for (size_t i = 0; i < n; i++) {
		const struct node node = {
		        .process = build->model->processes[i], .parent = NODE_NO_PARENT};

		if (!has_parent[i])
			list_add(&build->siblings, &node);
	}
	push_siblings(build);
}

/* Pushes the children of node `index`. */
static void push_child_processes(struct build *build, size_t index)
{
	const struct process *parent = build->done.nodes[index].process;
	const size_t n = build->model->n_processes;

	for (size_t i = build->children[parent->index]; i < n && parent_at(build, i) == parent->pid;
	        i++) {
		const struct process *child = child_at(build, i);
		const struct node node = {
		        .process = child,
		        .parent = index,
		        .depth = build->done.nodes[index].depth + 1,
		        .differs = differences(child, parent),
		};

		if (is_older(parent, child))
			list_add(&build->siblings, &node);
	}
	push_siblings(build);
}

static void build_processes(struct build *build)
{
	find_children(build);
	push_top_processes(build);
	while (build->pending.n > 0) {
		const struct node node = build->pending.nodes[--build->pending.n];

		list_add(&build->done, &node);
		push_child_processes(build, build->done.n - 1);
	}
	free(build->by_parent);
	free(build->children);
}

/* --- the whole forest ------------------------------------------------------------------------ */

/* Fills in `is_last`. */
static void find_last(struct hierarchy *h)
{
	bool *has_last = memory_new((h->n + 1) * sizeof(*has_last));

	for (size_t i = h->n; i-- > 0;) {
		struct node *node = &h->nodes[i];
		bool *seen = &has_last[node->parent == NODE_NO_PARENT ? h->n : node->parent];

		if (node->is_owned)
			continue;
		node->is_last = !*seen;
		*seen = true;
	}
	free(has_last);
}

void hierarchy_drop(struct hierarchy *h, const bool *is_dropped)
{
	size_t *moved = memory_new((h->n + 1) * sizeof(*moved));
	size_t n = 0;

	for (size_t i = 0; i < h->n; i++) {
		moved[i] = n;
		n += !is_dropped[i];
	}
	moved[h->n] = n;
	for (size_t i = 0; i < h->n; i++) {
		if (is_dropped[i])
			continue;
		struct node node = h->nodes[i];

		node.end = moved[node.end];
		if (node.parent != NODE_NO_PARENT)
			node.parent = moved[node.parent];
		h->nodes[moved[i]] = node;
	}
	h->n = n;
	for (size_t i = 0; i < n; i++)
		h->nodes[i].has_children = h->nodes[i].end > i + 1;
	find_last(h);
	free(moved);
}

/* Drops the user namespaces that neither own a line nor stand above one that does. */
static void prune(struct hierarchy *h, unsigned types)
{
	_cleanup_free_ bool *is_dropped = memory_new((h->n + 1) * sizeof(*is_dropped));

	memset(is_dropped, true, h->n);
	for (size_t i = h->n; i-- > 0;) {
		const struct node *node = &h->nodes[i];

		if (node->ns && (types & (1u << node->ns->type)))
			is_dropped[i] = false;
		if (!is_dropped[i] && node->parent != NODE_NO_PARENT)
			is_dropped[node->parent] = false;
	}
	for (size_t i = 0; i < h->n; i++) {
		if (h->nodes[i].is_owned)
			is_dropped[i] = is_dropped[h->nodes[i].parent];
	}
	hierarchy_drop(h, is_dropped);
}

void hierarchy_build(struct hierarchy *ret, const struct model *model, const struct model *baseline,
        const struct view_options *options)
{
	struct build build = {
	        .model = model,
	        .baseline = baseline,
	        .options = options,
	        .types = view_kind_row(options->kind)->types,
	        .is_by_owner = view_is_by_owner(options),
	};

	if (options->kind == VIEW_CONTAINERS)
		build.done.nodes = container_lines_build(model, options, &build.done.n);
	else if (options->kind == VIEW_MOUNTS)
		build.done.nodes = mount_lines_build(model, options, &build.done.n);
	else if (build.types)
		build_namespaces(&build);
	else
		build_processes(&build);
	close_subtrees(&build.done);
	free(build.pending.nodes);
	free(build.siblings.nodes);
	*ret = (struct hierarchy){
	        .options = *options, .nodes = build.done.nodes, .n = build.done.n};
	if (options->kind == VIEW_MOUNTS)
		ret->mounts = mounts_ref(options->mounts);
	find_last(ret);
	if (view_kind_row(options->kind)->is_by_owner && !(build.types & (1u << NS_USER)))
		prune(ret, build.types);
}

void hierarchy_release(struct hierarchy *hierarchy)
{
	free(hierarchy->nodes);
	free(hierarchy->alike);
	free(hierarchy->names);
	free(hierarchy->details);
	mounts_unref(hierarchy->mounts);
	*hierarchy = (struct hierarchy){0};
}

/* --- finding a node -------------------------------------------------------------------------- */

size_t hierarchy_find_first(const struct hierarchy *hierarchy, const uint64_t *tags, size_t n)
{
	size_t index = NODE_NO_PARENT;

	for (size_t i = 0; i < hierarchy->n && n > 0; i++) {
		const uint64_t tag = node_tag(&hierarchy->nodes[i]);

		for (size_t k = 0; k < n; k++) {
			if (tags[k] != tag)
				continue;
			index = i;
			n = k;
		}
	}
	return index;
}

size_t hierarchy_find(const struct hierarchy *hierarchy, uint64_t tag)
{
	return hierarchy_find_first(hierarchy, &tag, 1);
}
