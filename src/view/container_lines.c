/* SPDX-License-Identifier: Apache-2.0 */
#include "view/container_lines.h"

#include "base/attributes.h"
#include "base/memory.h"
#include "base/u64.h"
#include "view/sharing.h"

#include <stdlib.h>

/* A thing and the tag of the line that it stands below. */
struct placed {
	uint64_t line;
	union {
		const struct ns *ns;
		const struct process *process;
		const struct container *container;
	};
};

/* Things, those below the same line together. */
struct placed_list {
	struct placed *all;
	size_t n;
	size_t capacity;
	struct u64_map lines; /* the number of each line, in the order of their first things */
	size_t *ends;         /* where the things below the line of that number end */
};

struct node_list {
	struct node *nodes;
	size_t n;
	size_t capacity;
};

struct build {
	const struct model *model;
	const struct view_options *options;
	uint64_t *lines;      /* the line of each namespace, by its index */
	struct u64_set units; /* the tags of units that have namespaces of their own */
	struct placed_list namespaces, processes, containers;
	/* `pending` is a stack of nodes to be appended to `done`, the next one on top. */
	struct node_list done, pending;
};

static void add_node(struct node_list *list, const struct node *node)
{
	MEMORY_APPEND(list->nodes, list->n, list->capacity) = *node;
}

static void add_placed(struct placed_list *list, const struct placed *placed)
{
	MEMORY_APPEND(list->all, list->n, list->capacity) = *placed;
}

static void release_placed(struct placed_list *list)
{
	free(list->all);
	free(list->ends);
	u64_map_release(&list->lines);
}

/* Puts the things below the same line together, in their order, in linear time. */
static void group_placed(struct placed_list *list)
{
	struct placed *grouped = memory_new((list->n + 1) * sizeof(*grouped));
	size_t *numbers = memory_new((list->n + 1) * sizeof(*numbers));
	size_t n_lines = 0, end = 0;
	bool is_new;

	list->ends = memory_new((list->n + 1) * sizeof(*list->ends));
	for (size_t i = 0; i < list->n; i++) {
		numbers[i] = u64_map_add(&list->lines, list->all[i].line, &is_new);
		list->ends[numbers[i]]++;
		n_lines += is_new;
	}
	/* At first where each line begins; then it moves to its end. */
	for (size_t i = 0; i < n_lines; i++) {
		const size_t count = list->ends[i];

		list->ends[i] = end;
		end += count;
	}
	for (size_t i = 0; i < list->n; i++)
		grouped[list->ends[numbers[i]]++] = list->all[i];
	free(list->all);
	free(numbers);
	list->all = grouped;
}

/* --- where a namespace stands ---------------------------------------------------------------- */

/* The innermost container of a process, by its own claim. */
static const struct container *innermost(const struct process *process)
{
	return process->claim ? process->claim : process->container;
}

static size_t count_outer(const struct container *container)
{
	size_t n = 0;

	while ((container = container->outer))
		n++;
	return n;
}

/* The innermost container that both are in or nested in; NULL if there is none. */
static const struct container *common(const struct container *a, const struct container *b)
{
	if (a == b)
		return a;
	size_t x = count_outer(a), y = count_outer(b);

	for (; x > y; x--)
		a = a->outer;
	for (; y > x; y--)
		b = b->outer;
	while (a != b) {
		a = a->outer;
		b = b->outer;
	}
	return a;
}

static const struct container *outermost(const struct container *container)
{
	while (container->outer)
		container = container->outer;
	return container;
}

/* What is known of the members of a namespace so far. */
struct members {
	const struct container *last;      /* the container that was added last */
	const struct container *container; /* all in containers are in this one; NULL: in several */
	const struct container *first;     /* of the leader, else of the first one in a container */
	const struct container *unit;      /* of all without a container */
	uint64_t pod;                      /* the tag of their pod; 0: of none, or of several */
	const struct container *sandbox;   /* of that pod */
	bool has_other;                    /* some are in neither a container nor that unit */
	bool has_outside;                  /* some are in no container */
};

static void add_member(struct members *members, const struct process *process)
{
	const struct container *container = innermost(process);
	const struct container *label = process->label;

	if (!container) {
		const bool is_unit = label && label->kind == CONTAINER_UNIT;

		members->has_other |= !is_unit || (members->unit && members->unit != label);
		members->unit = label;
		members->has_outside = true;
		return;
	}
	if (container == members->last)
		return;
	members->last = container;
	const uint64_t pod = outermost(container)->pod_tag;

	if (outermost(container)->is_sandbox)
		members->sandbox = outermost(container);
	if (!members->first) {
		members->first = members->container = container;
		members->pod = pod;
		return;
	}
	members->container = members->container ? common(members->container, container) : NULL;
	members->pod = members->pod == pod ? pod : 0;
}

/* The line of a namespace that is not known to be the host's. If the host's is not known, it may be
 * that one: containers share it with processes in none. */
static uint64_t line_of(const struct ns *ns, bool is_host_known)
{
	struct members members = {0};

	if (ns->leader && innermost(ns->leader))
		add_member(&members, ns->leader);
	for (size_t i = 0; i < ns->n_processes; i++)
		add_member(&members, ns->processes[i]);
	if (!is_host_known && members.has_outside)
		return NODE_HOST_TAG;
	if (members.container)
		return members.container->tag;
	if (members.pod)
		return members.sandbox ? members.sandbox->tag : members.pod;
	if (members.first)
		return outermost(members.first)->tag;
	return members.unit && !members.has_other ? members.unit->tag : NODE_HOST_TAG;
}

static void place_namespaces(struct build *build)
{
	const struct model *model = build->model;
	const struct ns *host[NS_TYPES];

	for (enum nstype type = 0; type < NS_TYPES; type++)
		host[type] = sharing_host(model, type);
	build->lines = memory_new((model->n_namespaces + 1) * sizeof(*build->lines));
	for (size_t i = 0; i < model->n_namespaces; i++) {
		const struct ns *ns = model->namespaces[i];
		const uint64_t line =
		        ns == host[ns->type] ? NODE_HOST_TAG : line_of(ns, host[ns->type]);
		const struct container *unit = model_find_container(model, line);

		if (unit && container_is_label(unit))
			u64_set_push(&build->units, line);
		build->lines[i] = line;
		add_placed(&build->namespaces, &(struct placed){.line = line, .ns = ns});
	}
	u64_set_sort_unique(&build->units);
	group_placed(&build->namespaces);
}

/* --- where a process stands ------------------------------------------------------------------ */

/* The namespace below which it stands; NULL: it stands below the line itself. */
static const struct ns *ns_over(
        const struct build *build, const struct process *process, uint64_t line)
{
	static const enum nstype order[NS_TYPES] = {
	        NS_PID, NS_USER, NS_MNT, NS_NET, NS_IPC, NS_UTS, NS_CGROUP, NS_TIME};

	for (size_t i = 0; i < NS_TYPES; i++) {
		const struct ns *ns = process->ns[order[i]];

		if (ns && build->lines[ns->index] == line)
			return ns;
	}
	return NULL;
}

static uint64_t line_of_process(const struct build *build, const struct process *process)
{
	const struct container *container = innermost(process);

	if (container)
		return container->tag;
	if (process->label && u64_set_has(&build->units, process->label->tag))
		return process->label->tag;
	return NODE_HOST_TAG;
}

static void place_processes(struct build *build)
{
	const struct model *model = build->model;

	for (size_t i = 0; i < model->n_processes; i++) {
		const struct process *process = model->processes[i];
		const uint64_t line = line_of_process(build, process);
		const struct ns *ns = ns_over(build, process, line);

		add_placed(&build->processes,
		        &(struct placed){

		                .line = ns ? ns->tag : line, .process = process});
	}
	group_placed(&build->processes);
}

/* --- where a container stands ---------------------------------------------------------------- */

/* A line over all containers and pods, which is not shown. */
enum { TOP_TAG = 0 };

static void place_containers(struct build *build)
{
	const struct model *model = build->model;

	for (size_t i = 0; i < model->n_containers; i++) {
		const struct container *container = model->containers[i];
		struct placed placed = {.container = container};

		if (!container_is_label(container))
			placed.line = container->outer ? container->outer->tag : container->pod_tag;
		else if (u64_set_has(&build->units, container->tag))
			placed.line = NODE_UNITS_TAG;
		else
			continue;
		add_placed(&build->containers, &placed);
	}
	group_placed(&build->containers);
}

/* --- the lines ------------------------------------------------------------------------------- */

/* The first one below that line; list->n: there is none. */
static size_t first_below(const struct placed_list *list, uint64_t line)
{
	size_t number;

	if (!u64_map_find(&list->lines, line, &number))
		return list->n;
	return number ? list->ends[number - 1] : 0;
}

static bool is_below(const struct placed_list *list, size_t i, uint64_t line)
{
	return i < list->n && list->all[i].line == line;
}

static void gather_containers(struct build *build, uint64_t line, const struct node *like)
{
	const struct placed_list *list = &build->containers;
	struct node node = *like;

	for (size_t i = first_below(list, line); is_below(list, i, line); i++) {
		node.container = list->all[i].container;
		add_node(&build->pending, &node);
	}
}

static void gather_namespaces(struct build *build, uint64_t line, const struct node *like)
{
	const struct placed_list *list = &build->namespaces;
	struct node node = *like;

	for (size_t i = first_below(list, line); is_below(list, i, line); i++) {
		node.ns = list->all[i].ns;
		add_node(&build->pending, &node);
	}
}

static void gather_processes(struct build *build, uint64_t line, const struct node *like)
{
	const struct placed_list *list = &build->processes;
	struct node node = *like;

	for (size_t i = first_below(list, line); is_below(list, i, line); i++) {
		node.process = list->all[i].process;
		add_node(&build->pending, &node);
	}
}

/* Sorts the siblings that were pushed from node `first` of the stack on, and turns them round.
 * Namespaces and processes come after the rest, and are in the order of their numbers. */
static void settle_siblings(struct build *build, size_t first)
{
	const bool is_by_number =
	        build->options->sort == VIEW_SORT_NUMBER && !build->options->is_inverted;
	struct node *nodes = build->pending.nodes + first;
	const size_t all = build->pending.n - first;
	size_t n = 0;

	while (n < all && (!is_by_number || (!nodes[n].ns && !nodes[n].process)))
		n++;
	node_sort(build->options, nodes, n);
	for (size_t i = 0; i < all / 2; i++) {
		const struct node node = nodes[i];

		nodes[i] = nodes[all - 1 - i];
		nodes[all - 1 - i] = node;
	}
}

/* The pods: those placed below no container and no group, which are sorted by the tag of their pod.
 * The line has the sandbox, or else the first container. */
static void gather_pods(struct build *build)
{
	const struct placed_list *list = &build->containers;

	for (size_t i = 0, end; i < list->n; i = end) {
		struct node pod = {.group = GROUP_POD, .parent = NODE_NO_PARENT};

		for (end = i; is_below(list, end, list->all[i].line); end++) {
			const struct container *container = list->all[end].container;

			pod.n_members++;
			pod.n_processes += container->n_processes;
			if (!pod.pod || (container->is_sandbox && !pod.pod->is_sandbox))
				pod.pod = container;
		}
		pod.leader = pod.pod->leader;
		if (!pod.pod->outer && pod.pod->pod_tag == list->all[i].line &&
		        list->all[i].line != TOP_TAG)
			add_node(&build->pending, &pod);
	}
}

static void gather_groups(struct build *build)
{
	struct node host = {.group = GROUP_HOST, .parent = NODE_NO_PARENT};
	struct node units = {
	        .group = GROUP_UNITS, .parent = NODE_NO_PARENT, .n_members = build->units.n};

	const struct process *init = model_find_process(build->model, 1);

	host.leader = init && !init->container ? init : NULL;
	for (size_t i = 0; i < build->model->n_processes; i++) {
		const struct process *process = build->model->processes[i];

		if (process->container)
			continue;
		if (line_of_process(build, process) == NODE_HOST_TAG)
			host.n_processes++;
		else
			units.n_processes++;
	}
	add_node(&build->pending, &host);
	if (units.n_members)
		add_node(&build->pending, &units);
}

static void push_tops(struct build *build)
{
	const struct node like = {.parent = NODE_NO_PARENT};

	gather_groups(build);
	gather_pods(build);
	gather_containers(build, TOP_TAG, &like);
	settle_siblings(build, 0);
}

static void push_below(struct build *build, const struct node *node, size_t index)
{
	const struct node like = {.parent = index, .depth = node->depth + 1};
	const size_t first = build->pending.n;
	const uint64_t line = node_tag(node);

	if (node->process)
		return;
	if (!node->ns) {
		gather_containers(build, line, &like);
		gather_namespaces(build, line, &like);
	}
	gather_processes(build, line, &like);
	settle_siblings(build, first);
}

struct node *container_lines_build(
        const struct model *model, const struct view_options *options, size_t *ret_n)
{
	struct build build = {.model = model, .options = options};

	place_namespaces(&build);
	place_processes(&build);
	place_containers(&build);
	push_tops(&build);
	while (build.pending.n > 0) {
		const struct node node = build.pending.nodes[--build.pending.n];

		add_node(&build.done, &node);
		push_below(&build, &node, build.done.n - 1);
	}
	u64_set_release(&build.units);
	free(build.lines);
	release_placed(&build.namespaces);
	release_placed(&build.processes);
	release_placed(&build.containers);
	free(build.pending.nodes);
	*ret_n = build.done.n;
	return build.done.nodes;
}
