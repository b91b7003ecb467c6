/* SPDX-License-Identifier: Apache-2.0 */
#include "view/filter.h"

#include "base/attributes.h"
#include "base/escape.h"
#include "base/memory.h"
#include "base/u64.h"
#include "view/partial.h"
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
	       filter->only_leaked || filter->only_changed;
}

/* True for a node that the view is about. */
static bool is_candidate(const struct hierarchy *hierarchy, const struct node *node)
{
	const unsigned types = view_kind_row(hierarchy->options.kind)->types;

	if (hierarchy->options.kind == VIEW_CONTAINERS)
		return node->ns || node->process || node->container || node->group == GROUP_POD;
	if (hierarchy->options.kind == VIEW_MOUNTS)
		return node->mount;
	if (!node->ns)
		return node->process || node->pin;
	return node->is_owned || hierarchy->options.by_owner || (types & (1u << node->ns->type));
}

/* A user that is not mapped is another one than any that is. */
static bool passes_owner(const struct filter *filter, const struct node *node)
{
	uid_t owner;
	const enum rel_state state = node_owner(node, &owner);

	if (filter->owner_rule == FILTER_ONLY)
		return state == REL_KNOWN && owner == filter->owner;
	return state == REL_UNMAPPED || (model_has_id(state) && owner != filter->owner);
}

static bool is_leaked(const struct node *node)
{
	return node->ns ? model_is_leaked(node->ns) : node->pin && pin_is_leaked(node->pin);
}

/* True if a candidate passes everything but the text. */
static bool passes(const struct filter *filter, const struct node *node)
{
	const unsigned types = node->process ? node->differs
	                       : node->ns    ? 1u << node->ns->type
	                       : node->pin   ? 1u << node->pin->type
	                                     : 0;

	if (filter->only_leaked && !is_leaked(node))
		return false;
	if (filter->types && !(filter->types & types))
		return false;
	return filter->owner_rule == FILTER_ANYBODY || passes_owner(filter, node);
}

struct filter_count filter_apply(const struct filter *filter, const struct hierarchy *hierarchy,
        struct haystack *haystack, const bool *changed, unsigned char *ret)
{
	_cleanup_free_ bool *hits = memory_new((hierarchy->n + 1) * sizeof(*hits));
	struct filter_count count = {0};

	if (has_text(filter))
		haystack_find(haystack, hierarchy, filter->text, hits);
	else
		memset(hits, true, hierarchy->n);
	memset(ret, FILTERED_OUT, hierarchy->n);
	for (size_t i = hierarchy->n; i-- > 0;) {
		const struct node *node = &hierarchy->nodes[i];

		if (is_candidate(hierarchy, node)) {
			count.all++;
			if (hits[i] && (!filter->only_changed || changed[i]) &&
			        passes(filter, node)) {
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

struct filter_count filter_drop(const struct filter *filter, struct hierarchy *hierarchy,
        const struct model *model, const struct names *names)
{
	_cleanup_free_ unsigned char *filtered = memory_new(hierarchy->n + 1);
	_cleanup_free_ bool *is_dropped = memory_new((hierarchy->n + 1) * sizeof(*is_dropped));
	_cleanup_free_ bool *changed = memory_new((hierarchy->n + 1) * sizeof(*changed));
	struct haystack *haystack = NULL;

	if (has_text(filter)) {
		haystack = haystack_new(model, NULL, names, filter->with_cmdlines);
		haystack_set_facts(haystack, filter->inside);
	}
	for (size_t i = 0; filter->changed && i < hierarchy->n; i++)
		changed[i] = u64_set_has(filter->changed, node_tag(&hierarchy->nodes[i]));
	const struct filter_count count =
	        filter_apply(filter, hierarchy, haystack, changed, filtered);
	for (size_t i = 0; i < hierarchy->n; i++) {
		is_dropped[i] = filtered[i] == FILTERED_OUT;
		hierarchy->nodes[i].is_above = filtered[i] == FILTERED_ABOVE;
	}
	hierarchy_drop(hierarchy, is_dropped);
	haystack_free(haystack);
	return count;
}

void filter_write(FILE *out, const struct filter *filter, const struct names *names)
{
	const char *separator = "";

	if (has_text(filter)) {
		fputc('"', out);
		escape_write_name(out, filter->text, '"');
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
	if (filter->only_leaked) {
		fprintf(out, "%sleaked", separator);
		separator = ", ";
	}
	if (filter->only_changed)
		fprintf(out, "%schanged", separator);
}

void filter_write_count(FILE *out, const struct filter *filter, const struct filter_count *count,
        const struct model *model, const struct names *names)
{
	const char *const plus = partial_plus(model, NULL);

	fputs("filter ", out);
	filter_write(out, filter, names);
	fprintf(out, ": %zu%s of %zu%s match%s", count->n, plus, count->all, plus,
	        count->n == 1 && !*plus ? "es" : "");
}
