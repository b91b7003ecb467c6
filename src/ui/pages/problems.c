/* SPDX-License-Identifier: Apache-2.0 */
#include "base/attributes.h"
#include "base/escape.h"
#include "base/memory.h"
#include "base/text.h"
#include "ui/pages/page.h"
#include "view/partial.h"
#include "view/words.h"
#include "view/words_watching.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define HOW_TO_SEE_MORE "see nsbrowse(1), PARTIAL VIEWS"

enum { CONTINUED = 3 }; /* where a line goes on */

/* Adds ASCII text, wrapped at blanks. */
static void add_text(void *data, const char *text)
{
	struct page *const page = data;
	page_add(page);
	page_add_words(page, CONTINUED, text);
}

/* An empty line between two parts of the page. */
static void add_gap(struct page *page)
{
	if (page->n)
		page_add(page);
}

/* The namespace at the end of a note, ` net:[N]` of `opening of net:[N]`; else its end, or where it
 * is cut. */
static const char *subject(const struct note *note)
{
	const size_t len = strnlen(note->what, ESCAPE_NAME_MAX);
	const char *const end = note->what + len;
	const char *const blank = memrchr(note->what, ' ', len);

	return !note->pid && blank && end[-1] == ']' &&
	                       memmem(blank, (size_t)(end - blank), ":[", 2)
	               ? blank
	               : end;
}

/* Compares what failed, without the namespace, and why. */
static int compare_reasons(const struct note *a, const struct note *b)
{
	const size_t len_a = (size_t)(subject(a) - a->what);
	const size_t len_b = (size_t)(subject(b) - b->what);
	int r = memcmp(a->what, b->what, MIN(len_a, len_b));

	r = r ? r : COMPARE(len_a, len_b);
	return r ? r : COMPARE(a->error, b->error);
}

static int compare_notes(const void *a, const void *b)
{
	const struct note *x = *(const struct note *const *)a;
	const struct note *y = *(const struct note *const *)b;
	int r = compare_reasons(x, y);

	r = r ? r : COMPARE(x->pid, y->pid);
	return r ? r : strncmp(subject(x), subject(y), ESCAPE_NAME_MAX);
}

/* A reason that `n` notes have, of which `note` is one: with the namespace, or how many. */
static void write_reason(
        struct line *line, const struct model *model, const struct note *note, size_t n)
{
	const char *const of = subject(note);
	_cleanup_free_ char *text = *of == ' ' && n > 1
	                                    ? memory_printf("%.*s %zu namespaces",
	                                              (int)(of - note->what), note->what, n)
	                                    : NULL;

	line_add_name(line, STYLE_ERROR, text ? text : note->what);
	line_add(line, STYLE_PLAIN, ": ");
	line_add(line, STYLE_PLAIN, words_error(&model->host, note->error));
	if (note->pid)
		line_printf(line, STYLE_PLAIN, "   %zu %s", n, n == 1 ? "process" : "processes");
}

static void write_process(struct line *line, const struct model *model, pid_t pid)
{
	const struct process *process = model_find_process(model, pid);

	line_printf(line, STYLE_PLAIN, "%8jd  ", (intmax_t)pid);
	line_add_name(line, STYLE_PLAIN, process ? process->name : "");
}

static void write_subject(struct line *line, const struct note *note)
{
	line_pad(line, CONTINUED);
	line_add_name(line, STYLE_PLAIN, subject(note) + 1);
}

static void write_reasons(struct page *page, const struct model *model)
{
	_cleanup_free_ const struct note **notes =
	        memory_new((model->n_notes + 1) * sizeof(*notes));
	size_t n = 0;

	for (size_t i = 0; i < model->n_notes; i++) {
		if (!model_is_remark(&model->notes[i]))
			notes[n++] = &model->notes[i];
	}
	if (n)
		qsort(notes, n, sizeof(*notes), compare_notes);
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n && compare_reasons(notes[i], notes[end]) == 0;)
			end++;
		const bool is_one = end - i == 1;
		add_gap(page);
		write_reason(page_add(page), model, notes[i], end - i);
		for (; i < end; i++) {
			if (notes[i]->pid)
				write_process(page_add(page), model, notes[i]->pid);
			else if (*subject(notes[i]) == ' ' && !is_one)
				write_subject(page_add(page), notes[i]);
		}
	}
}

/* Writes which parts of `ns` could not be read. Only a process in it shows its maps. */
static void write_unknown(FILE *out, const struct ns *ns)
{
	const char *separator = "";
	const struct {
		enum rel_state state;
		const char *name;
	} parts[] = {
	        {ns->parent.state, "parent"},
	        {ns->type == NS_USER ? REL_NONE : ns->owner.state, "owner"},
	        {ns->owner_uid_state, "owner's UID"},
	        {ns->n_processes ? ns->maps_state : REL_NONE, "uid and gid maps"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		if (parts[i].state != REL_FAILED)
			continue;
		fprintf(out, "%s%s", separator, parts[i].name);
		separator = ", ";
	}
}

static void write_namespaces(struct page *page, const struct model *model)
{
	bool is_begun = false;

	for (size_t i = 0; i < model->n_namespaces; i++) {
		_cleanup_text_ struct text name, unknown;

		text_init(&name);
		text_init(&unknown);
		write_unknown(unknown.out, model->namespaces[i]);
		if (!*text_get(&unknown))
			continue;
		if (!is_begun) {
			add_gap(page);
			add_text(page, "namespaces with unknown values");
		}
		is_begun = true;
		words_ns(name.out, model->namespaces[i]);
		struct line *line = page_add(page);
		line_pad(line, 3);
		line_add(line, STYLE_PLAIN, text_get(&name));
		line_pad(line, line->columns + 2);
		line_add(line, STYLE_PLAIN, text_get(&unknown));
	}
}

static void write_users(struct page *page, const struct names *names)
{
	struct u64_set uids = {0};

	names_get_failed(names, &uids);
	if (uids.n) {
		add_gap(page);
		add_text(page, "users whose names could not be looked up yet");
	}
	for (size_t i = 0; i < uids.n; i++) {
		struct line *line = page_add(page);

		line_pad(line, 3);
		line_printf(line, STYLE_PLAIN, "%" PRIu64, uids.items[i]);
	}
	u64_set_release(&uids);
}

static void write_sources(struct page *page, const struct model *model)
{
	const uint32_t sources = model->host.sources;
	const char *const unsearched = partial_unsearched(model, true);
	_cleanup_text_ struct text text;

	text_init(&text);
	fputs("scanned:", text.out);
	for (enum source source = 0; source < SOURCES; source++) {
		if (sources & 1u << source)
			fprintf(text.out, " %s", model_source_name(source));
	}
	add_text(page, text_get(&text));
	if (unsearched)
		add_text(page, unsearched);
	for (size_t i = 0; i < model->n_notes; i++) {
		if (!model_is_remark(&model->notes[i]))
			continue;
		escape_write_name(text_restart(&text), model->notes[i].what, 0);
		add_text(page, text_get(&text));
	}
}

void problems_write(struct page *page, const struct model *model, const struct names *names,
        const struct watching *watching)
{
	if (!model) {
		add_text(page, "nothing has been read yet");
		return;
	}
	const uint32_t reasons = partial_reasons(model, names);

	partial_lines(model, reasons, add_text, page);
	if (reasons)
		add_text(page, *partial_plus(model, NULL)
		                       ? "counts that end in + may be too low; " HOW_TO_SEE_MORE
		                       : HOW_TO_SEE_MORE);
	write_reasons(page, model);
	write_namespaces(page, model);
	write_users(page, names);
	if (!page->n)
		add_text(page, "everything could be read");
	add_gap(page);
	write_sources(page, model);
	words_watching_lines(watching, add_text, page);
}
