/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/list/marks.h"

#include "base/attributes.h"
#include "base/memory.h"

#include <stdlib.h>

static int compare(const void *a, const void *b)
{
	const struct mark *x = a, *y = b;

	return COMPARE(x->tag, y->tag);
}

/* Keeps the marks that have not expired and are still true. */
static void keep_young(struct marks *marks, const struct model *next, uint64_t now)
{
	size_t n = 0;

	for (size_t i = 0; i < marks->n; i++) {
		const struct mark *mark = &marks->all[i];

		if (now - mark->since < MARKS_MS &&
		        mark->is_gone == !model_find_tag(next, mark->tag))
			marks->all[n++] = *mark;
	}
	marks->n = n;
}

static void add(struct marks *marks, uint64_t tag, uint64_t now, bool is_gone)
{
	MEMORY_APPEND(marks->all, marks->n, marks->capacity) = (struct mark){tag, now, is_gone};
}

static void add_differences(
        struct marks *marks, const struct model *previous, const struct model *next, uint64_t now)
{
	size_t i = 0, k = 0;

	while (i < previous->n_namespaces || k < next->n_namespaces) {
		const uint64_t was =
		        i < previous->n_namespaces ? previous->by_tag[i]->tag : UINT64_MAX;
		const uint64_t is = k < next->n_namespaces ? next->by_tag[k]->tag : UINT64_MAX;

		if (was == is) {
			i++;
			k++;
		} else if (was < is) {
			add(marks, was, now, true);
			i++;
		} else {
			add(marks, is, now, false);
			k++;
		}
	}
}

/* The model to show gone namespaces from: the baseline as long as the previous model lacks some of
 * them, since the baseline has those with older marks, else the previous model. */
static const struct model *choose_baseline(const struct marks *marks, const struct model *previous)
{
	const struct model *baseline = NULL;

	for (size_t i = 0; i < marks->n; i++) {
		if (!marks->all[i].is_gone)
			continue;
		if (marks->baseline && !model_find_tag(previous, marks->all[i].tag))
			return marks->baseline;
		baseline = previous;
	}
	return baseline;
}

static void sort(struct marks *marks)
{
	if (marks->n)
		qsort(marks->all, marks->n, sizeof(*marks->all), compare);
}

void marks_fix(struct marks *marks, const struct model *model)
{
	const struct model *before = marks->baseline;

	marks->n = 0;
	marks->is_fixed = model;
	marks->baseline = model ? model_ref(model) : NULL;
	model_unref(before);
}

void marks_update(
        struct marks *marks, const struct model *previous, const struct model *next, uint64_t now)
{
	if (marks->is_fixed) {
		marks->n = 0;
		add_differences(marks, marks->baseline, next, now);
		sort(marks);
		return;
	}
	keep_young(marks, next, now);
	add_differences(marks, previous, next, now);
	sort(marks);
	const struct model *baseline = choose_baseline(marks, previous);
	if (baseline)
		model_ref(baseline);
	model_unref(marks->baseline);
	marks->baseline = baseline;
	if (!baseline)
		return;
	/* Gone namespaces that the baseline does not have cannot be shown. */
	size_t n = 0;
	for (size_t i = 0; i < marks->n; i++) {
		const struct mark *mark = &marks->all[i];

		if (!mark->is_gone || model_find_tag(baseline, mark->tag))
			marks->all[n++] = *mark;
	}
	marks->n = n;
}

void marks_release(struct marks *marks)
{
	model_unref(marks->baseline);
	free(marks->all);
	*marks = (struct marks){0};
}

enum node_mark marks_get(const struct marks *marks, uint64_t tag)
{
	const size_t i = LOWER_BOUND(marks->n, at, marks->all[at].tag < tag);

	if (i == marks->n || marks->all[i].tag != tag)
		return MARK_NONE;
	return marks->all[i].is_gone ? MARK_GONE : MARK_NEW;
}

/* --- looks -------------------------------------------------------------------------------- */

const char *marks_sign(const struct node *node, const struct marks *marks, enum style *ret_style)
{
	const struct ns *ns = node->ns;
	const enum node_mark mark = ns ? marks_get(marks, node_tag(node)) : MARK_NONE;

	*ret_style = mark == MARK_GONE ? STYLE_GONE : mark == MARK_NEW ? STYLE_NEW : STYLE_PLAIN;
	if (!ns)
		return "";
	if (mark != MARK_NONE)
		return mark == MARK_GONE ? "x" : "+";
	/* The maps are read from a process. */
	if (ns->parent.state == REL_FAILED || ns->owner.state == REL_FAILED ||
	        ns->owner_uid_state == REL_FAILED ||
	        (ns->maps_state == REL_FAILED && ns->n_processes > 0)) {
		*ret_style = STYLE_ERROR;
		return "!";
	}
	return ns->n_processes ? "" : "~";
}

enum style marks_style(const struct node *node)
{
	if (node->mark == MARK_GONE)
		return STYLE_GONE;
	if (!node->ns)
		return node->process ? STYLE_PLAIN : STYLE_DIM;
	return node->ns->type == NS_USER  ? STYLE_USER
	       : node->ns->type == NS_PID ? STYLE_PID
	                                  : STYLE_FLAT;
}
