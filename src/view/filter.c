/* SPDX-License-Identifier: Apache-2.0 */
#include "view/filter.h"

#include "base/attributes.h"
#include "base/escape.h"
#include "base/memory.h"
#include "view/words.h"

#include <stdlib.h>
#include <string.h>

void filter_release(struct filter *filter)
{
	free(filter->text);
	*filter = (struct filter){0};
}

static bool has_text(const struct filter *filter)
{
	return filter->text && *filter->text;
}

bool filter_is_on(const struct filter *filter)
{
	return has_text(filter) || filter->owner_rule != FILTER_ANYBODY || filter->types ||
	       filter->only_leaked;
}

/* True for a node that the view is about. */
static bool is_candidate(const struct hierarchy *hierarchy, const struct node *node)
{
	const unsigned types = view_kind_row(hierarchy->options.kind)->types;

	if (!node->ns)
		return node->process;
	return node->is_owned || hierarchy->options.by_owner || (types & (1u << node->ns->type));
}

/* True if a candidate passes everything but the text. */
static bool passes(const struct filter *filter, const struct node *node)
{
	const unsigned types = node->process ? node->differs : 1u << node->ns->type;
	uid_t owner;

	if (filter->only_leaked && (!node->ns || !ns_is_leaked(node->ns)))
		return false;
	if (filter->types && !(filter->types & types))
		return false;
	if (filter->owner_rule == FILTER_ANYBODY)
		return true;
	return node_owner(node, &owner) &&
	       (owner == filter->owner) == (filter->owner_rule == FILTER_ONLY);
}

struct filter_count filter_apply(const struct filter *filter, const struct hierarchy *hierarchy,
        const struct haystack *haystack, unsigned char *ret)
{
	_cleanup_free_ bool *hits = memory_new((hierarchy->n + 1) * sizeof(*hits));
	struct filter_count count = {0};

	if (has_text(filter))
		haystack_find(haystack, filter->text, hits);
	else
		memset(hits, true, hierarchy->n);
	memset(ret, FILTERED_OUT, hierarchy->n);
	for (size_t i = hierarchy->n; i-- > 0;) {
		const struct node *node = &hierarchy->nodes[i];

		if (is_candidate(hierarchy, node)) {
			count.all++;
			if (hits[i] && passes(filter, node)) {
				ret[i] = FILTERED_IN;
				count.n++;
			}
		}
		if (ret[i] != FILTERED_OUT && node->parent != NODE_NO_PARENT &&
		        ret[node->parent] == FILTERED_OUT)
			ret[node->parent] = FILTERED_ABOVE;
	}
	return count;
}

void filter_write(FILE *out, const struct filter *filter, const struct names *names)
{
	const char *separator = "";

	if (has_text(filter)) {
		fputc('"', out);
		escape_write(out, filter->text, strlen(filter->text), 0);
		fputc('"', out);
		separator = ", ";
	}
	if (filter->owner_rule != FILTER_ANYBODY) {
		fputs(separator, out);
		fputs(filter->owner_rule == FILTER_NOT ? "not " : "", out);
		words_user(out, filter->owner, names);
		separator = ", ";
	}
	if (filter->types) {
		fputs(separator, out);
		words_types(out, filter->types);
		separator = ", ";
	}
	if (filter->only_leaked)
		fprintf(out, "%sleaked", separator);
}
