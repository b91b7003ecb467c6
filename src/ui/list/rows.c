/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/list/rows.h"

#include "base/attributes.h"
#include "base/memory.h"
#include "view/filter.h"

#include <stdlib.h>

bool rows_is_shown(const struct hierarchy *hierarchy, const struct rows_rule *rule, size_t index)
{
	const struct node *node = &hierarchy->nodes[index];

	if (rule->filtered && rule->filtered[index] == FILTERED_OUT)
		return false;
	return node->mark != MARK_GONE || marks_get(rule->marks, node_tag(node)) == MARK_GONE;
}

static bool has_below(const struct hierarchy *hierarchy, const struct rows_rule *rule, size_t index)
{
	for (size_t i = index + 1; i < hierarchy->nodes[index].end; i++) {
		if (rows_is_shown(hierarchy, rule, i))
			return true;
	}
	return false;
}

/* Counts what a closed row hides. */
static void count_below(
        const struct hierarchy *hierarchy, const struct rows_rule *rule, struct row *row)
{
	for (size_t i = row->node + 1; i < hierarchy->nodes[row->node].end; i++) {
		if (!rows_is_shown(hierarchy, rule, i))
			continue;
		const enum node_mark mark =
		        rule->marks->n ? marks_get(rule->marks, node_tag(&hierarchy->nodes[i]))
		                       : MARK_NONE;

		row->n_below++;
		row->n_new += mark == MARK_NEW;
		row->n_gone += mark == MARK_GONE;
	}
}

void rows_build(struct rows *ret, const struct hierarchy *hierarchy, const struct rows_rule *rule)
{
	ret->n = 0;
	for (size_t i = 0; i < hierarchy->n;) {
		const struct node *node = &hierarchy->nodes[i];
		struct row row = {.node = i};

		if (!rows_is_shown(hierarchy, rule, i)) {
			i++;
			continue;
		}
		row.has_below = node->has_children && has_below(hierarchy, rule, i);
		const bool is_closed = row.has_below && u64_set_has(rule->closed, node_tag(node));
		if (is_closed)
			count_below(hierarchy, rule, &row);
		MEMORY_APPEND(ret->all, ret->n, ret->capacity) = row;
		i = is_closed ? node->end : i + 1;
	}
}

void rows_release(struct rows *rows)
{
	free(rows->all);
	*rows = (struct rows){0};
}

bool rows_is_last(const struct hierarchy *hierarchy, const struct rows_rule *rule, size_t index)
{
	const struct node *nodes = hierarchy->nodes;
	const size_t parent = nodes[index].parent;
	const size_t end = parent == NODE_NO_PARENT ? hierarchy->n : nodes[parent].end;

	for (size_t i = nodes[index].end; i < end; i = nodes[i].end) {
		if (rows_is_shown(hierarchy, rule, i))
			return false;
	}
	return true;
}

size_t rows_find_node(const struct rows *rows, size_t node)
{
	const size_t next = LOWER_BOUND(rows->n, i, rows->all[i].node <= node);

	return next ? next - 1 : 0;
}
