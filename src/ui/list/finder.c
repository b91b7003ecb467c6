/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/list/finder.h"

#include "base/attributes.h"
#include "base/memory.h"

#include <stdlib.h>

void finder_release(struct finder *finder)
{
	tree_place_release(&finder->from);
	free(finder->filter_before);
	free(finder->query);
	*finder = (struct finder){0};
}

/* Which nodes match and are shown; the caller frees. */
static bool *find_hits(struct tree *tree, const struct tree_source *source, const char *query)
{
	const struct rows_rule rule = tree_rule(tree, source->marks);
	bool *hits = memory_new(tree->hierarchy.n + 1);

	haystack_find(tree_haystack(tree, source), query, hits);
	for (size_t i = 0; i < tree->hierarchy.n; i++)
		hits[i] = hits[i] && rows_is_shown(&tree->hierarchy, &rule, i);
	return hits;
}

struct finding finder_choose(const bool *hits, size_t n, size_t at, bool is_next, bool is_back)
{
	struct finding finding = {.index = NODE_NO_PARENT};

	for (size_t i = 0; i < n; i++)
		finding.n += hits[i];
	if (!finding.n)
		return finding;
	if (is_next || !hits[at]) {
		do {
			const size_t next = is_back ? (at ? at : n) - 1 : (at + 1) % n;

			finding.has_wrapped |= is_back ? next > at : next < at;
			at = next;
		} while (!hits[at]);
	}
	finding.index = at;
	for (size_t i = 0; i <= at; i++)
		finding.place += hits[i];
	return finding;
}

struct finding finder_find(struct tree *tree, const struct tree_source *source, const char *query,
        bool is_next, bool is_back)
{
	const struct node *selected = tree_selected(tree);
	_cleanup_free_ bool *hits = find_hits(tree, source, query);
	const size_t at = selected ? (size_t)(selected - tree->hierarchy.nodes) : 0;

	return finder_choose(hits, tree->hierarchy.n, at, is_next, is_back);
}
