/* SPDX-License-Identifier: Apache-2.0 */

/* Searches among all namespaces of both hierarchies, also those in groups and compartments. */

#include "base/attributes.h"
#include "base/memory.h"
#include "ui/graph/graph.h"
#include "view/haystack.h"

void graph_search_release(struct graph *graph)
{
	for (enum pair_part kind = 0; kind < PAIR_PARTS; kind++) {
		haystack_free(graph->haystacks[kind]);
		graph->haystacks[kind] = NULL;
		hierarchy_release(&graph->all[kind]);
	}
}

static void drop_elsewhere(struct hierarchy *hierarchy)
{
	_cleanup_free_ bool *is_dropped = memory_new(hierarchy->n + 1);

	for (size_t i = 0; i < hierarchy->n; i++)
		is_dropped[i] = pair_plan_is_elsewhere(&hierarchy->nodes[i], &hierarchy->options);
	hierarchy_drop(hierarchy, is_dropped);
}

static void prepare(struct graph *graph)
{
	const struct graph_look *look = &graph->look;

	for (enum pair_part kind = 0; kind < PAIR_PARTS; kind++) {
		struct hierarchy *all = &graph->all[kind];

		if (graph->haystacks[kind])
			continue;
		hierarchy_build(all, look->model, look->marks->baseline,
		        &graph_plan_hierarchy(&graph->plan, kind)->options);
		drop_elsewhere(all);
		graph->haystacks[kind] =
		        haystack_new(look->model, look->marks->baseline, look->names, false);
	}
}

struct finding graph_search_find(struct graph *graph, const char *query, bool is_next, bool is_back)
{
	const struct rows_rule rule = {.marks = graph->look.marks};
	const uint64_t tag = node_tag(graph_selected(graph));
	size_t n = 0, start = 0;

	if (!graph->look.model)
		return (struct finding){.index = NODE_NO_PARENT};
	prepare(graph);
	_cleanup_free_ bool *hits =
	        memory_new(graph->all[PAIR_PID].n + graph->all[PAIR_USER].n + 1);

	for (enum pair_part part = 0; part < PAIR_PARTS; part++) {
		const struct hierarchy *all = &graph->all[part];
		const size_t index = tag && part == graph->selected.part ? hierarchy_find(all, tag)
		                                                         : NODE_NO_PARENT;

		if (index != NODE_NO_PARENT)
			start = n + index;
		haystack_find(graph->haystacks[part], all, query, hits + n);
		for (size_t i = 0; i < all->n; i++)
			hits[n + i] = hits[n + i] && rows_is_shown(all, &rule, i);
		n += all->n;
	}
	return rows_match(hits, n, start, is_next, is_back);
}

/* The part of the graph that has the finding `index`, and the index of its node there. */
static enum pair_part part_of(const struct graph *graph, size_t index, size_t *ret_node)
{
	const size_t n_pids = graph->all[PAIR_PID].n;

	*ret_node = index < n_pids ? index : index - n_pids;
	return index < n_pids ? PAIR_PID : PAIR_USER;
}

const struct node *graph_search_node(const struct graph *graph, size_t index)
{
	size_t node;
	const enum pair_part part = part_of(graph, index, &node);

	return &graph->all[part].nodes[node];
}

/* A namespace that has no box is in that of its owner. */
void graph_search_select(struct graph *graph, size_t index)
{
	const struct node *node = graph_search_node(graph, index);
	size_t at;
	const enum pair_part part = part_of(graph, index, &at);
	const struct node *owner = node->is_owned ? &graph->all[part].nodes[node->parent] : NULL;

	if (graph_select_tag(graph, node_tag(node)) || !owner)
		return;
	if (owner->ns)
		graph_select_tag(graph, node_tag(owner));
	else
		graph_select(graph, (struct graph_at){part,
		                            hierarchy_find(graph_plan_hierarchy(&graph->plan, part),
		                                    node_tag(owner))});
}

/* Adds what `digits` may mean in one hierarchy; `is_other`: only the numbers of namespaces. */
static void add_numbers(struct graph *graph, enum pair_part part, const char *digits, uint64_t from,
        bool is_other, struct go_to_list *list)
{
	const struct rows_rule rule = {.marks = graph->look.marks};
	const struct hierarchy *all = &graph->all[part];
	const size_t node = hierarchy_find(all, from);
	const size_t first = part == PAIR_USER ? graph->all[PAIR_PID].n : 0;
	_cleanup_free_ unsigned char *is_shown = memory_new(all->n + 1);
	struct go_to_list found;

	for (size_t i = 0; i < all->n; i++)
		is_shown[i] = rows_is_shown(all, &rule, i);
	go_to_find(&found, all, graph->look.model,
	        node == NODE_NO_PARENT ? NULL : &all->nodes[node], digits, is_shown);
	for (size_t i = 0; i < found.n; i++) {
		if (is_other && found.all[i].process)
			continue;
		MEMORY_APPEND(list->all, list->n, list->capacity) =
		        (struct go_to){first + found.all[i].node, found.all[i].process};
	}
	go_to_release(&found);
}

void graph_search_numbers(
        struct graph *graph, const char *digits, uint64_t from, struct go_to_list *ret)
{
	*ret = (struct go_to_list){0};
	if (!graph->look.model)
		return;
	prepare(graph);
	const bool is_user = hierarchy_find(&graph->all[PAIR_USER], from) != NODE_NO_PARENT;
	add_numbers(graph, is_user ? PAIR_USER : PAIR_PID, digits, from, false, ret);
	add_numbers(graph, is_user ? PAIR_PID : PAIR_USER, digits, from, true, ret);
}

const struct node *graph_search_explain(
        const struct graph *graph, size_t index, const char *query, struct haystack_place *ret)
{
	size_t node;
	const enum pair_part part = part_of(graph, index, &node);
	const struct hierarchy *all = &graph->all[part];

	return haystack_explain(graph->haystacks[part], all, node, query, ret) ? &all->nodes[node]
	                                                                       : NULL;
}
