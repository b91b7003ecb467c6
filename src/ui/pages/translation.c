/* SPDX-License-Identifier: Apache-2.0 */
#include "base/attributes.h"
#include "base/escape.h"
#include "base/memory.h"
#include "base/text.h"
#include "ui/pages/page.h"
#include "view/id_map.h"
#include "view/words.h"

#include <inttypes.h>
#include <stdlib.h>

/* With more levels only the two readings that are asked for most are shown: the kernel allows 33
 * (user_namespaces(7)), a snapshot may have more. */
enum { READINGS_MAX = 40 };

enum { UID_END = 12, GID_END = 24, NS_COLUMN = 26 };

/* Writes `in user:[4026532583]`. */
static void write_level(FILE *out, const struct ns *top, const struct ns *ns)
{
	fputs(ns || top->parent.state != REL_HIDDEN ? "in " : "", out);
	if (ns)
		words_ns(out, ns);
	else if (top->parent.state == REL_HIDDEN)
		fputs(words_state(REL_HIDDEN), out);
	else
		fputs("the user namespace of the scan", out);
}

static void add_id(struct line *line, const struct id_level *level, int end)
{
	char text[16] = "unknown";

	if (level->state == REL_KNOWN)
		snprintf(text, sizeof(text), "%" PRIu32, level->id);
	else if (level->state == REL_UNMAPPED)
		snprintf(text, sizeof(text), "unmapped");
	line_field(line, STYLE_PLAIN, text, end - line->columns, true);
}

/* What tells the levels apart for a reader: the leader, or why the maps are not known; of the
 * initial namespace the user. */
static void write_comment(FILE *out, const struct model *model, const struct id_level *level,
        const struct names *names)
{
	const struct ns *ns = level->ns;

	if (!ns)
		return;
	fputs("  ", out);
	words_leader(out, model, ns);
	if (ns->maps_state != REL_KNOWN && ns->parent.state != REL_INITIAL)
		fprintf(out, "  maps: %s", words_state(ns->maps_state));
	if (ns->parent.state != REL_INITIAL)
		return;
	fputs("  initial", out);
	if (level->state == REL_KNOWN && names_get(names, level->id)) {
		fputs(", user ", out);
		words_user(out, level->id, names);
	}
}

/* The ID as one of level `from`, in all others. */
static void add_reading(struct page *page, const struct translation *source, size_t from, size_t n)
{
	_cleanup_free_ struct id_level *uids = memory_new(n * sizeof(*uids));
	_cleanup_free_ struct id_level *gids = memory_new(n * sizeof(*gids));
	const struct ns *top = source->user;
	_cleanup_text_ struct text text;

	while (top->parent.ns)
		top = top->parent.ns;
	id_map_translate(source->user, ID_USER, from, source->id, uids);
	id_map_translate(source->user, ID_GROUP, from, source->id, gids);
	text_init(&text);
	fprintf(text.out, "%" PRIu32 " ", source->id);
	write_level(text.out, top, uids[from].ns);
	line_add(page_add(page), STYLE_TITLE, text_get(&text));
	for (size_t i = 0; i < n; i++) {
		if (i == from && n > 1)
			continue;
		struct line *line = page_add(page);

		add_id(line, &uids[i], UID_END);
		add_id(line, &gids[i], GID_END);
		line_pad(line, NS_COLUMN);
		write_level(text_restart(&text), top, uids[i].ns);
		write_comment(text.out, source->model, &uids[i], source->names);
		line_add(line, STYLE_PLAIN, text_get(&text));
	}
}

void translation_write(struct page *page, const struct translation *source)
{
	const size_t n = source->user ? id_map_count(source->user) : 0;

	if (!source->user) {
		line_add(page_add(page), STYLE_PLAIN, "the user namespace is gone");
		return;
	}
	if (!source->has_id) {
		page_add(page);
		page_add_words(page, 1,
		        "type a number: the page shows what it is in each user namespace, as an ID "
		        "in this one and in those around it");
		return;
	}
	struct line *titles = page_add(page);
	line_field(titles, STYLE_TITLE, "UID", UID_END, true);
	line_field(titles, STYLE_TITLE, "GID", GID_END - UID_END, true);
	for (size_t i = 0; i < n; i++) {
		if (n <= READINGS_MAX || i == 0 || i == n - 1)
			add_reading(page, source, i, n);
	}
}
