/* SPDX-License-Identifier: Apache-2.0 */
#include "export/label.h"

#include "base/escape.h"
#include "base/utf8.h"
#include "view/words.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

void label_init(struct label *label, const struct model *model, const struct names *names)
{
	*label = (struct label){.model = model, .names = names};
	text_init(&label->scratch);
}

void label_release(struct label *label)
{
	text_release(&label->scratch);
}

/* Bytes of the escape that begins at the backslash `text[0]`: `\\`, `\"`, `\xNN`, `\u{NNNN}`. */
static size_t escape_length(const char *text, size_t len)
{
	if (len >= 4 && text[1] == 'x')
		return 4;
	if (len >= 3 && text[1] == 'u' && text[2] == '{') {
		const char *end = memchr(text, '}', len);

		return end ? (size_t)(end - text) + 1 : len;
	}
	return len < 2 ? len : 2;
}

/* Bytes of what may not be cut at the start of `text`, and how many characters that is. */
static size_t piece_length(const char *text, size_t len, size_t *ret_characters)
{
	char32_t c;

	*ret_characters = 1;
	if ((unsigned char)text[0] < 0x80 && text[0] != '\\')
		return 1;
	if (text[0] == '\\') {
		*ret_characters = escape_length(text, len);
		return *ret_characters;
	}
	const size_t n = utf8_decode(text, len, &c);

	return n ? n : 1;
}

void label_write_cut(FILE *out, const char *text, size_t len, size_t most)
{
	size_t at = 0;
	size_t characters = 0;

	/* No text has more characters than bytes. */
	if (len <= most)
		at = len;
	while (at < len) {
		size_t wide;
		const size_t n = piece_length(text + at, len - at, &wide);

		if (characters + wide > most)
			break;
		characters += wide;
		at += n;
	}
	fwrite(text, 1, at, out);
	if (at < len)
		fputs("…", out);
}

static void write_scratch_cut(FILE *out, struct label *label, size_t most)
{
	text_get(&label->scratch);
	label_write_cut(out, label->scratch.bytes, label->scratch.len, most);
}

/* A raw text, escaped and cut. */
static void write_foreign(FILE *out, struct label *label, const char *raw, size_t most)
{
	if (!raw || !*raw) {
		fputs("?", out);
		return;
	}
	escape_write(text_restart(&label->scratch), raw, strlen(raw), 0);
	write_scratch_cut(out, label, most);
}

static void write_leader(FILE *out, struct label *label, const struct ns *ns)
{
	if (ns->leader) {
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
	if (ns->type == NS_USER) {
		words_owner_user(text_restart(&label->scratch), ns, label->names);
		write_scratch_cut(out, label, LABEL_MAX);
	} else if (ns->owner.ns) {
		words_ns(out, ns->owner.ns);
	} else {
		fputs("unknown", out);
	}
}

void label_write(FILE *out, struct label *label, const struct ns *ns, enum label_line line)
{
	switch (line) {
	case LABEL_LEADER:
		write_leader(out, label, ns);
		break;
	case LABEL_NS:
		words_ns(out, ns);
		break;
	case LABEL_OWNER:
		write_owner(out, label, ns);
		break;
	case LABEL_LINES:
		break;
	}
}

/* The name alone: those of whom it is said have each a PID of their own. */
static void write_group_leader(FILE *out, struct label *label, const struct node *node)
{
	const struct ns *ns = node->ns;

	if (ns->leader)
		write_foreign(out, label, ns->leader->name, LABEL_MAX);
	else
		words_holders_alike(out, ns);
	fprintf(out, " × %zu", node->n_alike);
}

void label_write_group(
        FILE *out, struct label *label, const struct node *node, enum label_line line)
{
	if (line == LABEL_LEADER)
		write_group_leader(out, label, node);
	else if (line == LABEL_NS)
		fprintf(out, "%zu %s namespaces", node->n_alike, nstype_name(node->ns->type));
	else
		label_write(out, label, node->ns, line);
}

void label_write_group_tooltip(FILE *out, struct label *label, const struct node *node)
{
	FILE *scratch = text_restart(&label->scratch);

	fprintf(scratch, "%zu %s namespaces that look alike", node->n_alike,
	        nstype_name(node->ns->type));
	/* More than these are cut anyway. */
	for (size_t i = 0; i < node->n_alike && i < TOOLTIP_MAX / 10; i++) {
		fputs(i ? ", " : ": ", scratch);
		words_ns(scratch, node->alike[i]);
	}
	write_scratch_cut(out, label, TOOLTIP_MAX);
}

/* ` (mnt 1, net 2)`, behind their number, which ends the words on what holds it. What is owned is
 * sorted by type. */
static void write_owned(FILE *out, const struct ns *ns)
{
	if (ns->n_owned < 2)
		return;
	for (size_t first = 0, end; first < ns->n_owned; first = end) {
		const enum nstype type = ns->owned[first]->type;

		for (end = first; end < ns->n_owned && ns->owned[end]->type == type; end++)
			;
		fprintf(out, "%s%s %zu", first == 0 ? " (" : ", ", nstype_name(type), end - first);
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

void label_write_tooltip(FILE *out, struct label *label, const struct ns *ns)
{
	enum { HOLDERS = 3 };
	FILE *scratch = text_restart(&label->scratch);

	words_ns(scratch, ns);
	if (ns->leader || nstype_is_hierarchical(ns->type)) {
		fputc(' ', scratch);
		words_line_rest(scratch, label->model, ns, false, label->names);
	}
	fputs("; held by ", scratch);
	words_held_by(scratch, label->model, ns, HOLDERS);
	write_owned(scratch, ns);
	if (ns->maps_state == REL_KNOWN) {
		write_map(scratch, "; uid map", &ns->uid_map);
		write_map(scratch, "; gid map", &ns->gid_map);
	}
	write_scratch_cut(out, label, TOOLTIP_MAX);
}

void label_write_title(FILE *out, struct label *label)
{
	fputs("Linux namespaces", out);
	if (label->model->host.name && *label->model->host.name) {
		fputs(" of ", out);
		write_foreign(out, label, label->model->host.name, LABEL_MAX);
	}
}

void label_write_subtitle(FILE *out, struct label *label)
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
	fprintf(out, "%zu user and %zu PID namespaces", model_count(label->model, NS_USER),
	        model_count(label->model, NS_PID));
}
