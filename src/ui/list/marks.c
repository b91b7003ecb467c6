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

/* The mark with that tag among `n` of them; NULL if there is none. */
static const struct mark *find(const struct mark *marks, size_t n, uint64_t tag)
{
	const size_t i = LOWER_BOUND(n, at, marks[at].tag < tag);

	return i < n && marks[i].tag == tag ? &marks[i] : NULL;
}

static bool has_changed(const struct ns *was, const struct ns *is)
{
	return !was->n_processes != !is->n_processes;
}

/* False if its namespace has come back, has gone, or has changed once more. */
static bool is_true(const struct mark *mark, const struct model *previous, const struct model *next)
{
	const struct ns *was = model_find_tag(previous, mark->tag);
	const struct ns *is = model_find_tag(next, mark->tag);

	if (mark->kind == MARK_GONE || !is)
		return mark->kind == MARK_GONE && !is;
	return mark->kind == MARK_NEW || (was && !has_changed(was, is));
}

/* Keeps the marks that have not expired and are still true. */
static void keep_young(
        struct marks *marks, const struct model *previous, const struct model *next, uint64_t now)
{
	size_t n = 0;

	for (size_t i = 0; i < marks->n; i++) {
		const struct mark *mark = &marks->all[i];

		if (now - mark->since < MARKS_MS && is_true(mark, previous, next))
			marks->all[n++] = *mark;
	}
	marks->n = n;
}

static void add(struct marks *marks, uint64_t tag, uint64_t now, enum node_mark kind)
{
	MEMORY_APPEND(marks->all, marks->n, marks->capacity) = (struct mark){tag, now, kind};
}

/* The marks so far, by tag, stay: a namespace that is new stays so if it changes. */
static void add_differences(
        struct marks *marks, const struct model *previous, const struct model *next, uint64_t now)
{
	const size_t n_before = marks->n;
	size_t i = 0, k = 0;

	while (i < previous->n_namespaces || k < next->n_namespaces) {
		const struct ns *was = i < previous->n_namespaces ? previous->by_tag[i] : NULL;
		const struct ns *is = k < next->n_namespaces ? next->by_tag[k] : NULL;

		if (was && is && was->tag == is->tag) {
			if (has_changed(was, is) && !find(marks->all, n_before, is->tag))
				add(marks, is->tag, now, MARK_CHANGED);
			i++;
			k++;
		} else if (was && (!is || was->tag < is->tag)) {
			add(marks, was->tag, now, MARK_GONE);
			i++;
		} else {
			add(marks, is->tag, now, MARK_NEW);
			k++;
		}
	}
}

/* The start is not known of a process that could not be read. */
static bool is_same_process(const struct process *a, const struct process *b)
{
	return a->pid == b->pid && (a->started == b->started || !a->started || !b->started);
}

/* Marks the processes that are new, and counts those that have exited. */
static void add_processes(
        struct marks *marks, const struct model *previous, const struct model *next, uint64_t now)
{
	size_t i = 0, k = 0;

	while (i < previous->n_processes || k < next->n_processes) {
		const struct process *was =
		        i < previous->n_processes ? previous->processes[i] : NULL;
		const struct process *is = k < next->n_processes ? next->processes[k] : NULL;

		if (was && is && is_same_process(was, is)) {
			i++;
			k++;
		} else if (was && (!is || was->pid <= is->pid)) {
			marks->processes.n_gone++;
			i++;
		} else {
			add(marks, node_process_tag(is), now, MARK_NEW);
			marks->processes.n_new++;
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
		if (marks->all[i].kind != MARK_GONE)
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

/* Drops the marks of gone namespaces that the baseline does not have: they cannot be shown. */
static void drop_unseen(struct marks *marks)
{
	size_t n = 0;

	for (size_t i = 0; i < marks->n; i++) {
		const struct mark *mark = &marks->all[i];

		if (mark->kind != MARK_GONE || model_find_tag(marks->baseline, mark->tag))
			marks->all[n++] = *mark;
	}
	marks->n = n;
}

static void count_namespaces(struct marks *marks)
{
	struct mark_counts *counts = &marks->namespaces;

	*counts = (struct mark_counts){0};
	for (size_t i = 0; i < marks->n; i++) {
		counts->n_new += marks->all[i].kind == MARK_NEW;
		counts->n_gone += marks->all[i].kind == MARK_GONE;
		counts->n_changed += marks->all[i].kind == MARK_CHANGED;
	}
}

void marks_fix(struct marks *marks, const struct model *model)
{
	const struct model *before = marks->baseline;

	marks->n = 0;
	marks->is_fixed = model;
	marks->baseline = model ? model_ref(model) : NULL;
	marks->namespaces = marks->processes = (struct mark_counts){0};
	model_unref(before);
}

/* Compares with the model of the user's mark. */
static void update_fixed(struct marks *marks, const struct model *next, uint64_t now)
{
	marks->n = 0;
	marks->processes = (struct mark_counts){0};
	add_differences(marks, marks->baseline, next, now);
	count_namespaces(marks);
	add_processes(marks, marks->baseline, next, now);
	sort(marks);
}

/* Compares with the previous model. */
static void update_recent(
        struct marks *marks, const struct model *previous, const struct model *next, uint64_t now)
{
	keep_young(marks, previous, next, now);
	add_differences(marks, previous, next, now);
	sort(marks);
	const struct model *baseline = choose_baseline(marks, previous);
	if (baseline)
		model_ref(baseline);
	model_unref(marks->baseline);
	marks->baseline = baseline;
	if (baseline)
		drop_unseen(marks);
	count_namespaces(marks);
}

void marks_update(
        struct marks *marks, const struct model *previous, const struct model *next, uint64_t now)
{
	if (marks->is_fixed)
		update_fixed(marks, next, now);
	else
		update_recent(marks, previous, next, now);
}

uint64_t marks_end_at(const struct marks *marks)
{
	uint64_t first = 0;

	for (size_t i = 0; i < marks->n && !marks->is_fixed; i++) {
		if (!first || marks->all[i].since < first)
			first = marks->all[i].since;
	}
	return marks->n && !marks->is_fixed ? first + MARKS_MS : 0;
}

void marks_release(struct marks *marks)
{
	model_unref(marks->baseline);
	free(marks->all);
	*marks = (struct marks){0};
}

enum node_mark marks_get(const struct marks *marks, uint64_t tag)
{
	const struct mark *mark = find(marks->all, marks->n, tag);

	return mark ? mark->kind : MARK_NONE;
}

size_t marks_count_type(const struct marks *marks, const struct model *model, enum nstype type)
{
	size_t n = 0;

	for (size_t i = 0; i < marks->n; i++) {
		const struct mark *mark = &marks->all[i];
		const struct ns *ns = model_find_tag(
		        mark->kind == MARK_GONE ? marks->baseline : model, mark->tag);

		n += ns && ns->type == type;
	}
	return n;
}

/* --- looks -------------------------------------------------------------------------------- */

const char *marks_sign(const struct node *node, const struct marks *marks, enum style *ret_style)
{
	const struct ns *ns = node->ns;
	const enum node_mark mark =
	        ns || node->process ? marks_get(marks, node_tag(node)) : MARK_NONE;

	*ret_style = mark == MARK_GONE ? STYLE_GONE : mark == MARK_NEW ? STYLE_NEW : STYLE_PLAIN;
	if (mark == MARK_GONE || mark == MARK_NEW)
		return mark == MARK_GONE ? "x" : "+";
	if (!ns)
		return "";
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
		return node_is_heading(node) ? STYLE_DIM : STYLE_PLAIN;
	return node->ns->type == NS_USER  ? STYLE_USER
	       : node->ns->type == NS_PID ? STYLE_PID
	                                  : STYLE_FLAT;
}
