/* SPDX-License-Identifier: Apache-2.0 */
#include "view/pair_words.h"

#include "base/attributes.h"
#include "base/escape.h"
#include "base/text.h"
#include "base/utf8.h"
#include "view/partial.h"
#include "view/words.h"
#include "view/words_container.h"

#include <inttypes.h>
#include <string.h>

enum {
	NAMES = NODE_NAMES, /* in a line */
	NAME_CUT = 32,      /* characters of a name, before the ellipsis */
	NAME_COLUMNS = 2 * NAME_CUT + 2,
};

static const char *ellipsis(const struct pair_words *words)
{
	return words->is_ascii ? "~" : "…";
}

/* Text that is escaped already, cut. */
static void write_cut(FILE *out, const struct pair_words *words, struct text *text)
{
	const char *bytes = text_get(text);

	escape_write_cut(out, bytes, text->len, NAME_CUT, ellipsis(words));
}

/* --- a list of names ------------------------------------------------------------------------- */

/* Names with commas between, as many as fit into a line; the first one in any case. */
struct list {
	FILE *out;
	const struct pair_words *words;
	size_t n;
	int columns; /* of the line so far */
	bool is_full;
};

/* Adds a name, with what follows it. */
static void list_add(struct list *list, struct text *text)
{
	const char *bytes = text_get(text);
	const int columns = utf8_columns(bytes, text->len) + (list->n ? 2 : 0);
	const int room = PAIR_WORDS_MAX - list->columns - 3; /* for `, …` */

	list->is_full |= list->n > 0 && columns > room;
	if (list->is_full)
		return;
	fprintf(list->out, "%s%s", list->n++ ? ", " : "", bytes);
	list->columns += columns;
}

/* Says that there are more names. */
static void list_end(struct list *list, bool has_more)
{
	if (has_more || list->is_full)
		fprintf(list->out, ", %s", ellipsis(list->words));
}

/* --- groups ---------------------------------------------------------------------------------- */

void pair_words_group(FILE *out, const struct pair_words *words, const struct node *node)
{
	_cleanup_text_ struct text text;

	text_init_within(&text, NAME_COLUMNS);
	words_owner_short(text.out, node->ns, words->names);
	fprintf(out, "%zu%s %s %s, owner ", node->n_alike, partial_plus(words->model, node->ns),
	        words->is_ascii ? "x" : "×", nstype_name(node->ns->type));
	write_cut(out, words, &text);
}

void pair_words_members(FILE *out, const struct pair_words *words, const struct node *node)
{
	const char *const plus = partial_plus(words->model, node->ns);
	const struct node_names *names = node->names;
	struct list list = {.out = out, .words = words};
	_cleanup_text_ struct text name, text;

	text_init_within(&name, NAME_COLUMNS);
	text_init(&text);
	if (!node->ns->leader) {
		words_holders_alike(out, words->model, node->ns);
		return;
	}
	for (size_t i = 0; i < names->n && i < NAMES; i++) {
		words_process_name(
		        text_restart(&name), &(struct process){.name = names->most[i].name});
		write_cut(text_restart(&text), words, &name);
		if (names->n > 1)
			fprintf(text.out, " %zu%s", names->most[i].n, plus);
		list_add(&list, &text);
	}
	list_end(&list, names->n > NAMES);
}

/* --- compartments ---------------------------------------------------------------------------- */

/* The index behind the details that have the type of number `first`. */
static size_t end_of_type(const struct node *node, size_t first)
{
	size_t end = first;

	while (end < node->n_details && node->details[end]->type == node->details[first]->type)
		end++;
	return end;
}

size_t pair_words_count_owned(const struct node *node)
{
	size_t n = 0;

	for (size_t i = 0; i < node->n_details; i = end_of_type(node, i))
		n++;
	return n;
}

static void write_name(FILE *out, const struct pair_words *words, const struct ns *ns)
{
	const char *name = words_net_name(ns);

	if (ns->leader && ns->leader->container)
		words_container_of_ns(out, ns);
	else if (ns->leader && name)
		escape_write_name(out, name, 0);
	else if (ns->leader)
		words_process_name(out, ns->leader);
	else if (ns->n_holders && ns->holders[0].kind == HOLDER_MOUNT && ns->holders[0].path)
		escape_write_name(out, ns->holders[0].path, 0);
	else if (ns->n_holders)
		words_holder(out, words->model, &ns->holders[0]);
	else
		fprintf(out, "%" PRIu64, ns->inode);
}

/* Different names: those of leaders also raw, which are compared sooner. */
struct names_found {
	struct text text[NAMES + 1];
	const char *raw[NAMES + 1];
	size_t n;
};

static bool is_found(struct names_found *found, const char *raw)
{
	for (size_t i = 0; raw && i < found->n; i++) {
		if (found->raw[i] && strcmp(found->raw[i], raw) == 0)
			return true;
	}
	return false;
}

/* Adds the name that is behind the last one, unless it is there already. */
static void add_found(struct names_found *found, const char *raw)
{
	const char *name = text_get(&found->text[found->n]);

	for (size_t i = 0; i < found->n; i++) {
		if (strcmp(text_get(&found->text[i]), name) == 0)
			return;
	}
	found->raw[found->n++] = raw;
}

/* Finds the different names among the details from `first` on, until there is one too many. */
static void find_names(struct names_found *found, const struct pair_words *words,
        const struct node *node, size_t first, size_t end)
{
	for (size_t i = first; i < end && found->n < ARRAY_SIZE(found->text); i++) {
		const struct ns *ns = node->details[i];
		const bool is_by_leader =
		        ns->leader && !ns->leader->container && !words_net_name(ns);
		const char *raw = is_by_leader ? ns->leader->name : NULL;

		if (is_found(found, raw))
			continue;
		write_name(text_restart(&found->text[found->n]), words, ns);
		add_found(found, raw);
	}
}

void pair_words_owned(
        FILE *out, const struct pair_words *words, const struct node *node, size_t index)
{
	struct names_found found = {0};
	_cleanup_text_ struct text text;
	size_t first = 0;

	while (index-- > 0)
		first = end_of_type(node, first);
	const size_t end = end_of_type(node, first);

	text_init(&text);
	for (size_t i = 0; i < ARRAY_SIZE(found.text); i++)
		text_init_within(&found.text[i], NAME_COLUMNS);
	find_names(&found, words, node, first, end);

	fprintf(text.out, "%s %zu%s: ", nstype_name(node->details[first]->type), end - first,
	        partial_plus(words->model, node->ns));
	const char *start = text_get(&text);
	struct list list = {.out = out, .words = words, .columns = (int)text.len};
	fputs(start, out);
	for (size_t i = 0; i < found.n && i < NAMES; i++) {
		write_cut(text_restart(&text), words, &found.text[i]);
		list_add(&list, &text);
	}
	list_end(&list, found.n > NAMES);
	for (size_t i = 0; i < ARRAY_SIZE(found.text); i++)
		text_release(&found.text[i]);
}

void pair_words_owned_counts(FILE *out, const struct pair_words *words, const struct node *node)
{
	for (size_t first = 0, end; first < node->n_details; first = end) {
		end = end_of_type(node, first);
		fprintf(out, "%s%s %zu%s", first ? " " : "",
		        nstype_name(node->details[first]->type), end - first,
		        partial_plus(words->model, node->ns));
	}
}

/* --- titles ---------------------------------------------------------------------------------- */

const char *pair_words_heading(enum view_kind kind)
{
	static const char *const headings[VIEW_KINDS] = {
	        [VIEW_USER] = "User namespaces",
	        [VIEW_PID] = "PID namespaces",
	        [VIEW_MNT] = "Mount namespaces by owner",
	        [VIEW_NET] = "Network namespaces by owner",
	        [VIEW_UTS] = "UTS namespaces by owner",
	        [VIEW_IPC] = "IPC namespaces by owner",
	        [VIEW_CGROUP] = "Cgroup namespaces by owner",
	        [VIEW_TIME] = "Time namespaces by owner",
	        [VIEW_ALL] = "All namespaces by owner",
	        [VIEW_CONTAINERS] = "Containers",
	        [VIEW_MOUNTS] = "Mounts",
	        [VIEW_PROCESSES] = "Processes",
	};

	return headings[kind];
}

const char *pair_words_other(enum view_kind kind)
{
	static const char *const names[VIEW_KINDS] = {
	        [VIEW_MNT] = "mount namespace",
	        [VIEW_NET] = "network namespace",
	        [VIEW_UTS] = "UTS namespace",
	        [VIEW_IPC] = "IPC namespace",
	        [VIEW_CGROUP] = "cgroup namespace",
	        [VIEW_TIME] = "time namespace",
	};

	return names[kind] ? names[kind] : "other namespace";
}
