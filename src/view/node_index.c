/* SPDX-License-Identifier: Apache-2.0 */
#include "view/node_index.h"

#include "base/memory.h"

#include <stdlib.h>

struct node_index_entry {
	uint64_t tag;
	size_t node;
};

static int compare(const void *a, const void *b)
{
	const struct node_index_entry *x = a, *y = b;

	return (x->tag > y->tag) - (x->tag < y->tag);
}

static size_t members(const struct node *node)
{
	if (!node->ns || node->is_owned)
		return 0;
	return node->n_alike ? node->n_alike : 1;
}

void node_index_build(struct node_index *ret, const struct hierarchy *hierarchy)
{
	struct node_index index = {0};
	size_t n = 0;

	for (size_t i = 0; i < hierarchy->n; i++)
		n += members(&hierarchy->nodes[i]);
	index.entries = memory_new((n + 1) * sizeof(*index.entries));
	for (size_t i = 0; i < hierarchy->n; i++) {
		const struct node *node = &hierarchy->nodes[i];

		for (size_t m = 0; m < members(node); m++)
			index.entries[index.n++] = (struct node_index_entry){
			        node->n_alike ? node->alike[m]->tag : node->ns->tag, i};
	}
	qsort(index.entries, index.n, sizeof(*index.entries), compare);
	*ret = index;
}

void node_index_release(struct node_index *index)
{
	free(index->entries);
	*index = (struct node_index){0};
}

size_t node_index_find(const struct node_index *index, uint64_t tag)
{
	const struct node_index_entry key = {.tag = tag};
	const struct node_index_entry *found =
	        bsearch(&key, index->entries, index->n, sizeof(key), compare);

	return found ? found->node : NODE_NO_PARENT;
}
