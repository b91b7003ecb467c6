/* SPDX-License-Identifier: Apache-2.0 */
#include "base/attributes.h"
#include "base/memory.h"
#include "ui/graph/graph.h"
#include "ui/list/rows.h"
#include "view/haystack.h"

#include <stdlib.h>

void graph_forget_search(struct graph *graph)
{
	for (enum pair_part kind = 0; kind < PAIR_PARTS; kind++) {
		haystack_free(graph->haystacks[kind]);
		graph->haystacks[kind] = NULL;
		hierarchy_release(&graph->all[kind]);
	}
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
		graph->haystacks[kind] =
		        haystack_new(all, look->model, look->marks->baseline, look->names);
	}
}

static void find_hits(const struct graph *graph, const char *query, bool *hits)
{
	static const struct u64_set none = {0};
	const struct rows_rule rule = {.marks = graph->look.marks, .closed = &none};

	for (enum pair_part kind = 0; kind < PAIR_PARTS; kind++) {
		const struct hierarchy *all = &graph->all[kind];

		haystack_find(graph->haystacks[kind], query, hits);
		for (size_t i = 0; i < all->n; i++)
			hits[i] = hits[i] && rows_is_shown(all, &rule, i);
		hits += all->n;
	}
}

/* Where the search begins: the number of what is selected among all. */
static size_t start_of(const struct graph *graph)
{
	const uint64_t tag = graph_selected_tag(graph);
	const enum pair_part part = graph->selected.part;
	const size_t index = tag ? hierarchy_find(&graph->all[part], tag) : NODE_NO_PARENT;

	if (index == NODE_NO_PARENT)
		return 0;
	return part == PAIR_PID ? index : graph->all[PAIR_PID].n + index;
}

struct finding graph_find(struct graph *graph, const char *query, bool is_next, bool is_back)
{
	if (!graph->look.model)
		return (struct finding){.index = NODE_NO_PARENT};
	prepare(graph);
	const size_t n = graph->all[PAIR_PID].n + graph->all[PAIR_USER].n;
	_cleanup_free_ bool *hits = memory_new(n + 1);

	find_hits(graph, query, hits);
	return list_selection_match(hits, n, start_of(graph), is_next, is_back);
}

void graph_take(struct graph *graph, size_t index)
{
	const size_t n_pids = graph->all[PAIR_PID].n;
	const struct node *node = index < n_pids ? &graph->all[PAIR_PID].nodes[index]
	                                         : &graph->all[PAIR_USER].nodes[index - n_pids];

	graph_select(graph, node_tag(node));
}
