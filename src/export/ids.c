/* SPDX-License-Identifier: Apache-2.0 */
#include "export/ids.h"

#include "base/memory.h"

#include <inttypes.h>
#include <stdlib.h>

struct id_twin {
	const struct ns *ns;
	size_t ordinal;
};

static int compare(const void *a, const void *b)
{
	const struct ns *x = ((const struct id_twin *)a)->ns;
	const struct ns *y = ((const struct id_twin *)b)->ns;

	if (x->inode != y->inode)
		return x->inode < y->inode ? -1 : 1;
	if (x->type != y->type)
		return x->type < y->type ? -1 : 1;
	return (x->dev > y->dev) - (x->dev < y->dev);
}

void ids_init(struct ids *ids, const struct model *model)
{
	struct id_twin *all = memory_new(model->n_namespaces * sizeof(*all));
	size_t n = 0;

	for (size_t i = 0; i < model->n_namespaces; i++)
		all[i] = (struct id_twin){.ns = model->namespaces[i], .ordinal = 1};
	qsort(all, model->n_namespaces, sizeof(*all), compare);
	/* Only those stay that come second or later; they are written at or before where they are
	 * read, behind the one that the next is compared with. */
	const struct ns *before = NULL;
	size_t ordinal = 1;
	for (size_t i = 0; i < model->n_namespaces; i++) {
		const struct ns *ns = all[i].ns;

		ordinal = before && before->inode == ns->inode ? ordinal + 1 : 1;
		if (ordinal > 1)
			all[n++] = (struct id_twin){.ns = ns, .ordinal = ordinal};
		before = ns;
	}
	*ids = (struct ids){.twins = all, .n = n};
}

void ids_release(struct ids *ids)
{
	free(ids->twins);
	*ids = (struct ids){0};
}

static void write_id(FILE *out, const struct ids *ids, const char *prefix, const struct ns *ns)
{
	const struct id_twin key = {.ns = ns};
	const struct id_twin *twin = bsearch(&key, ids->twins, ids->n, sizeof(key), compare);

	fprintf(out, "%s-%" PRIu64, prefix, ns->inode);
	if (twin)
		fprintf(out, "-%zu", twin->ordinal);
}

void ids_write(FILE *out, const struct ids *ids, const struct ns *ns)
{
	write_id(out, ids, "ns", ns);
}

void ids_write_typed(FILE *out, const struct ids *ids, const struct ns *ns)
{
	write_id(out, ids, nstype_name(ns->type), ns);
}

void ids_write_node(FILE *out, const struct ids *ids, const struct node *node)
{
	fputs(node->n_alike ? "group-" : "", out);
	ids_write(out, ids, node->ns);
}

void ids_write_node_typed(FILE *out, const struct ids *ids, const struct node *node)
{
	fputs(node->n_alike ? "group-" : "", out);
	ids_write_typed(out, ids, node->ns);
}
