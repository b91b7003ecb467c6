/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/finder.h"

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
static bool *find_hits(
        struct tree *tree, const struct tree_source *source, const char *query, size_t *ret_n)
{
	const struct rows_rule rule = tree_rule(tree, source->marks);
	bool *hits = memory_new(tree->hierarchy.n + 1);
	size_t n = 0;

	haystack_find(tree_haystack(tree, source), query, hits);
	for (size_t i = 0; i < tree->hierarchy.n; i++) {
		hits[i] = hits[i] && rows_is_shown(&tree->hierarchy, &rule, i);
		n += hits[i];
	}
	*ret_n = n;
	return hits;
}

struct finding finder_find(struct tree *tree, const struct tree_source *source, const char *query,
        bool is_next, bool is_back)
{
	const struct node *selected = tree_selected(tree);
	const size_t all = tree->hierarchy.n;
	struct finding finding = {.index = NODE_NO_PARENT};
	_cleanup_free_ bool *hits = find_hits(tree, source, query, &finding.n);
	size_t at = selected ? (size_t)(selected - tree->hierarchy.nodes) : 0;

	if (!finding.n)
		return finding;
	if (is_next || !hits[at]) {
		do {
			const size_t next = is_back ? (at ? at : all) - 1 : (at + 1) % all;

			finding.has_wrapped |= is_back ? next > at : next < at;
			at = next;
		} while (!hits[at]);
	}
	finding.index = at;
	for (size_t i = 0; i <= at; i++)
		finding.place += hits[i];
	return finding;
}
