/* SPDX-License-Identifier: Apache-2.0 */
#include "export/label.h"

#include "base/escape.h"
#include "base/memory.h"
#include "view/pair_words.h"
#include "view/partial.h"
#include "view/words.h"
#include "view/words_container.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* --- ids ------------------------------------------------------------------------------------- */

struct label_twin {
	const struct ns *ns;
	size_t ordinal;
};

static int compare_twins(const void *a, const void *b)
{
	const struct ns *x = ((const struct label_twin *)a)->ns;
	const struct ns *y = ((const struct label_twin *)b)->ns;
	int r = COMPARE(x->inode, y->inode);

	r = r ? r : COMPARE(x->type, y->type);
	return r ? r : COMPARE(x->dev, y->dev);
}

static void find_twins(struct label *label, const struct model *model)
{
	struct label_twin *all = memory_new(model->n_namespaces * sizeof(*all));
	size_t n = 0;

	for (size_t i = 0; i < model->n_namespaces; i++)
		all[i] = (struct label_twin){.ns = model->namespaces[i], .ordinal = 1};
	qsort(all, model->n_namespaces, sizeof(*all), compare_twins);
	/* Keep the second and later ones of each number, in place. */
	const struct ns *before = NULL;
	size_t ordinal = 1;
	for (size_t i = 0; i < model->n_namespaces; i++) {
		const struct ns *ns = all[i].ns;

		ordinal = before && before->inode == ns->inode ? ordinal + 1 : 1;
		if (ordinal > 1)
			all[n++] = (struct label_twin){.ns = ns, .ordinal = ordinal};
		before = ns;
	}
	label->twins = all;
	label->n_twins = n;
}

void label_init(struct label *label, const struct model *model, const struct names *names)
{
	*label = (struct label){.model = model, .names = names};
	/* A character has at most two columns. */
	text_init_within(&label->scratch, 2 * TOOLTIP_MAX + 2);
	find_twins(label, model);
}

void label_release(struct label *label)
{
	text_release(&label->scratch);
	free(label->twins);
	*label = (struct label){0};
}

void label_write_id(FILE *out, const struct label *label, const struct node *node, bool with_type)
{
	const struct label_twin key = {.ns = node->ns};
	const struct label_twin *twin =
	        bsearch(&key, label->twins, label->n_twins, sizeof(key), compare_twins);
	char buffer[TEXT_DIGITS + 1];

	if (node->n_alike)
		fputs("group-", out);
	fputs(with_type ? nstype_name(node->ns->type) : "ns", out);
	fputc('-', out);
	fputs(text_digits(node->ns->inode, buffer), out);
	if (twin)
		fprintf(out, "-%zu", twin->ordinal);
}

/* --- labels ---------------------------------------------------------------------------------- */

static void write_scratch_cut(FILE *out, struct label *label, size_t most)
{
	text_get(&label->scratch);
	escape_write_cut(out, label->scratch.bytes, label->scratch.len, most, "…");
}

/* A raw text, escaped and cut. */
static void write_foreign(FILE *out, struct label *label, const char *raw, size_t most)
{
	if (!raw || !*raw) {
		fputs("?", out);
		return;
	}
	escape_write_name(text_restart(&label->scratch), raw, 0);
	write_scratch_cut(out, label, most);
}

/* `web: `: its container, or the name of a network namespace. */
static void write_prefix(FILE *out, struct label *label, const struct ns *ns)
{
	enum { PREFIX_MAX = 24 };
	FILE *scratch = text_restart(&label->scratch);

	if (ns->leader->container)
		words_container_of_ns(scratch, ns);
	else if (words_net_name(ns))
		escape_write_name(scratch, words_net_name(ns), 0);
	else
		return;
	write_scratch_cut(out, label, PREFIX_MAX);
	fputs(": ", out);
}

static void write_leader(FILE *out, struct label *label, const struct ns *ns)
{
	if (ns->leader) {
		write_prefix(out, label, ns);
		write_foreign(out, label, ns->leader->name, LABEL_MAX);
		fprintf(out, " (%jd)", (intmax_t)ns->leader->pid);
		return;
	}
	words_leader(text_restart(&label->scratch), label->model, ns);
	write_scratch_cut(out, label, LABEL_MAX);
}

static void write_owner(FILE *out, struct label *label, const struct ns *ns)
{
	fputs("owner ", out);
	words_owner(text_restart(&label->scratch), ns, label->names);
	write_scratch_cut(out, label, LABEL_MAX);
}

void label_write_owner_name(FILE *out, struct label *label, const struct node *node)
{
	write_owner(out, label, node->ns->owner.ns);
}

void label_write(FILE *out, struct label *label, const struct node *node, enum label_line line)
{
	const struct pair_words words = {.model = label->model, .names = label->names};

	if (line == LABEL_OWNER)
		write_owner(out, label, node->ns);
	else if (line == LABEL_LEADER && node->n_alike)
		pair_words_group(out, &words, node);
	else if (line == LABEL_LEADER)
		write_leader(out, label, node->ns);
	else if (node->n_alike)
		pair_words_members(out, &words, node);
	else
		words_ns(out, node->ns);
}

size_t label_count_lines(const struct node *node)
{
	const bool is_below_owner = node->is_owned || !nstype_is_hierarchical(node->ns->type);

	return node->n_alike || is_below_owner ? LABEL_OWNER : LABEL_LINES;
}

/* --- tooltips -------------------------------------------------------------------------------- */

/* ` of web`, with what comes before; nothing if it is in no container. */
static void write_container(FILE *out, const char *before, const struct ns *ns)
{
	if (!ns->leader || !ns->leader->container)
		return;
	fputs(before, out);
	words_container_of_ns(out, ns);
}

static void write_members(FILE *out, const struct label *label, const struct node *node)
{
	const struct pair_words words = {.model = label->model, .names = label->names};

	pair_words_group(out, &words, node);
	fputs(": ", out);
	pair_words_members(out, &words, node);
	/* The rest would be cut off. */
	for (size_t i = 0; i < node->n_alike && i < TOOLTIP_MAX / 10; i++) {
		fputs(i ? ", " : "; ", out);
		words_ns(out, node->alike[i]);
		write_container(out, " of ", node->alike[i]);
	}
}

/* ` (mnt 1, net 2)`: the types of the owned namespaces, which are sorted by type. */
static void write_owned(FILE *out, const struct model *model, const struct ns *ns)
{
	const char *const plus = partial_plus(model, ns);

	if (ns->n_owned < 2)
		return;
	for (size_t first = 0, end; first < ns->n_owned; first = end) {
		const enum nstype type = ns->owned[first]->type;

		for (end = first; end < ns->n_owned && ns->owned[end]->type == type; end++)
			;
		fprintf(out, "%s%s %zu%s", first == 0 ? " (" : ", ", nstype_name(type), end - first,
		        plus);
	}
	fputc(')', out);
}

/* `; uid map 0 -> 1000 x1, 1 -> 100000 x65536` */
static void write_map(FILE *out, const char *name, const struct id_map *map)
{
	enum { RANGES = 3 };

	for (size_t i = 0; i < map->n && i < RANGES; i++) {
		const struct id_range *range = &map->ranges[i];

		fprintf(out, "%s%s%" PRIu32 " -> %" PRIu32 " x%" PRIu32, i ? ", " : name,
		        i ? "" : " ", range->inside, range->outside, range->count);
	}
	if (map->n > RANGES)
		fprintf(out, " and %zu more", map->n - RANGES);
}

static void write_facts(FILE *out, const struct label *label, const struct ns *ns)
{
	enum { HOLDERS = 3 };

	words_ns(out, ns);
	if (ns->leader || nstype_is_hierarchical(ns->type)) {
		fputc(' ', out);
		words_line_rest(out, label->model, ns, false, label->names);
	}
	write_container(out, "; container ", ns);
	fputs("; held by ", out);
	words_held_by(out, label->model, ns, HOLDERS);
	write_owned(out, label->model, ns);
	if (ns->maps_state == REL_KNOWN) {
		write_map(out, "; uid map", &ns->uid_map);
		write_map(out, "; gid map", &ns->gid_map);
	}
}

void label_write_tooltip(FILE *out, struct label *label, const struct node *node)
{
	FILE *scratch = text_restart(&label->scratch);

	if (node->n_alike)
		write_members(scratch, label, node);
	else
		write_facts(scratch, label, node->ns);
	write_scratch_cut(out, label, TOOLTIP_MAX);
}

/* --- the graph as a whole -------------------------------------------------------------------- */

void label_write_title(FILE *out, struct label *label)
{
	fputs("Linux namespaces", out);
	if (label->model->host.name && *label->model->host.name) {
		fputs(" of ", out);
		write_foreign(out, label, label->model->host.name, LABEL_MAX);
	}
}

/* `9 user and 6 PID namespaces`, `1 net namespace`: of what the picture has. */
static void write_counts(FILE *out, const struct model *model, const struct view_options *view)
{
	const char *const plus = partial_plus(model, NULL);
	const size_t n_user = model_count(model, NS_USER), n_pid = model_count(model, NS_PID);
	const enum nstype type = view_kind_row(view->kind)->type;
	const bool is_user = n_user == 1 && !*plus, is_pid = n_pid == 1 && !*plus;
	const size_t n = view->kind == VIEW_ALL ? model->n_namespaces : model_count(model, type);

	if (!view->is_single)
		fprintf(out, "%zu%s user%s and %zu%s PID namespace%s", n_user, plus,
		        is_user == is_pid ? ""
		        : is_user         ? " namespace"
		                          : " namespaces",
		        n_pid, plus, is_pid ? "" : "s");
	else if (view->kind == VIEW_ALL)
		fprintf(out, "%zu%s namespace%s", n, plus, n == 1 && !*plus ? "" : "s");
	else
		fprintf(out, "%zu%s %s namespace%s", n, plus,
		        type == NS_PID ? "PID" : nstype_name(type), n == 1 && !*plus ? "" : "s");
}

/* `, 3 PID namespaces without a number`: pictures have no box for them. */
static void write_numberless(FILE *out, const struct model *model, const struct view_options *view)
{
	const enum nstype of = view_kind_row(view->kind)->type;
	const char *const plus = partial_plus(model, NULL);
	size_t counts[NS_TYPES] = {0};

	for (size_t i = 0; i < model->n_pins; i++)
		counts[model->pins[i].type] += pin_is_leaked(&model->pins[i]);
	for (enum nstype type = 0; type < NS_TYPES; type++) {
		const bool is_drawn = view->is_single ? view->kind == VIEW_ALL || type == of
		                                      : nstype_is_hierarchical(type);

		if (counts[type] && is_drawn)
			fprintf(out, ", %zu%s %s namespace%s without a number", counts[type], plus,
			        type == NS_PID ? "PID" : nstype_name(type),
			        counts[type] == 1 && !*plus ? "" : "s");
	}
}

void label_write_taken(FILE *out, struct label *label)
{
	const struct host *host = &label->model->host;
	const time_t taken = (time_t)host->taken;
	struct tm tm;
	char text[64];

	if (host->kernel && *host->kernel) {
		fputs("Linux ", out);
		write_foreign(out, label, host->kernel, LABEL_MAX);
		fputs(", ", out);
	}
	if (gmtime_r(&taken, &tm) && strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S UTC", &tm) > 0)
		fprintf(out, "%s, ", text);
}

void label_write_subtitle(FILE *out, struct label *label, const struct view_options *view)
{
	label_write_taken(out, label);
	write_counts(out, label->model, view);
	write_numberless(out, label->model, view);
}

void label_write_filter(FILE *out, const struct label *label, const struct filter *filter,
        const struct filter_count *count)
{
	filter_write_count(out, filter, count, label->model, label->names);
	fputs(", those above them are pale", out);
}

static void write_reason(void *out, const char *line)
{
	fprintf(out, "%s\n", line);
}

void label_write_reasons(FILE *out, const struct label *label)
{
	partial_lines(label->model, partial_reasons_of_file(label->model, label->names),
	        write_reason, out);
}
