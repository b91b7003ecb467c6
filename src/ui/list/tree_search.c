/* SPDX-License-Identifier: Apache-2.0 */

/* Searches in the list, and where it finds the text. */

#include "base/attributes.h"
#include "base/memory.h"
#include "ui/list/tree.h"

#include <string.h>

void tree_search_forget(struct tree *tree)
{
	haystack_free(tree->haystack);
	tree->haystack = NULL;
}

struct haystack *tree_search_haystack(struct tree *tree, const struct tree_source *source)
{
	const struct model *baseline = source->marks->baseline;

	if (tree->haystack && !haystack_is_of(tree->haystack, source->model, baseline))
		tree_search_forget(tree);
	if (!tree->haystack) {
		tree->haystack =
		        haystack_new(source->model, baseline, source->names, source->with_cmdlines);
		haystack_set_facts(tree->haystack, source->inside);
	}
	return tree->haystack;
}

/* Shorter ones are in most names. */
enum { CONTAINER_QUERY_MIN = 3 };

/* The first match by a container from node `at` on; without one, or with a short query, the first
 * match. The command line of a process outside may name the container, too, such as that of
 * conmon(8). */
static struct finding find_first(struct haystack *haystack, const struct hierarchy *hierarchy,
        const char *query, const bool *hits, size_t at)
{
	const size_t n = hierarchy->n;
	_cleanup_free_ bool *named = memory_new(n + 1);
	struct finding finding;

	if (strlen(query) < CONTAINER_QUERY_MIN)
		return rows_match(hits, n, at, false, false);
	haystack_find_containers(haystack, hierarchy, query, named);
	for (size_t i = 0; i < n; i++)
		named[i] = named[i] && hits[i];
	finding = rows_match(named, n, at, false, false);
	return finding.n ? rows_match(hits, n, finding.index, false, false)
	                 : rows_match(hits, n, at, false, false);
}

struct finding tree_search_find(struct tree *tree, const struct tree_source *source,
        const char *query, bool is_next, bool is_back)
{
	const struct rows_rule rule = tree_rule(tree, source->marks);
	const struct node *selected = tree_selected(tree);
	const size_t n = tree->hierarchy.n;
	const size_t at = selected ? (size_t)(selected - tree->hierarchy.nodes) : 0;
	_cleanup_free_ bool *hits = memory_new(n + 1);

	struct haystack *haystack = tree_search_haystack(tree, source);
	haystack_find(haystack, &tree->hierarchy, query, hits);
	for (size_t i = 0; i < n; i++)
		hits[i] = hits[i] && rows_is_shown(&tree->hierarchy, &rule, i);
	return is_next || is_back ? rows_match(hits, n, at, is_next, is_back)
	                          : find_first(haystack, &tree->hierarchy, query, hits, at);
}

bool tree_search_explain(struct tree *tree, const struct tree_source *source, const char *query,
        struct haystack_place *ret)
{
	if (!tree->rows.n)
		return false;
	return haystack_explain(tree_search_haystack(tree, source), &tree->hierarchy,
	        tree->rows.all[tree->scroller.selected].node, query, ret);
}

bool tree_search_prepare(
        struct tree *tree, const struct tree_source *source, bool with_all, bool with_text)
{
	if (with_text && haystack_prepare(tree_search_haystack(tree, source)))
		return true;
	return kept_views_prepare(&tree->kept, source, &tree->view, tree->columns, with_all);
}

/* How many lines of the view of containers match. */
static size_t count_containers(
        struct tree *tree, const struct tree_source *source, const char *query)
{
	struct view_options options = tree->view;
	struct kept_view view;
	size_t n = 0;

	options.kind = VIEW_CONTAINERS;
	options.by_owner = false;
	kept_views_keep(&tree->kept, source);
	kept_views_take(&tree->kept, source, &options, &view);
	_cleanup_free_ bool *hits = memory_new(view.hierarchy.n + 1);
	haystack_find(tree_search_haystack(tree, source), &view.hierarchy, query, hits);
	for (size_t i = 0; i < view.hierarchy.n; i++)
		n += hits[i];
	kept_views_put(&tree->kept, &view);
	return n;
}

/* In view all, else in that of containers, or from one mount namespace in all: if the namespaces of
 * a container could not be read, only the latter has it. */
size_t tree_search_count(
        struct tree *tree, const struct tree_source *source, const char *query, enum view_kind *ret)
{
	size_t n = haystack_count(tree_search_haystack(tree, source), query);

	*ret = n ? VIEW_ALL : VIEW_CONTAINERS;
	if (n)
		return n;
	n = count_containers(tree, source, query);
	if (n || tree->view.kind != VIEW_MOUNTS)
		return n;
	*ret = VIEW_MNT;
	return haystack_count_mounts(tree_search_haystack(tree, source), query);
}
