/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/pages/problems.h"

#include "base/attributes.h"
#include "base/escape.h"
#include "base/memory.h"
#include "base/text.h"
#include "ui/draw/line.h"
#include "view/words.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static struct problem_line *add(struct problems *problems, enum problem_kind kind)
{
	struct problem_line *line =
	        &MEMORY_APPEND(problems->lines, problems->n, problems->capacity);
	*line = (struct problem_line){.kind = kind};
	return line;
}

static void add_text(struct problems *problems, const char *text)
{
	add(problems, PROBLEM_TEXT)->text = memory_strdup(text);
}

/* An empty line between two parts of the page. */
static void add_gap(struct problems *problems)
{
	if (problems->n)
		add_text(problems, "");
}

/* --- notes, by reason -------------------------------------------------------------------- */

static int compare_notes(const void *a, const void *b)
{
	const struct note *x = *(const struct note *const *)a;
	const struct note *y = *(const struct note *const *)b;
	int r = strcmp(x->what, y->what);

	r = r ? r : COMPARE(x->error, y->error);
	return r ? r : COMPARE(x->pid, y->pid);
}

static bool is_one_reason(const struct note *a, const struct note *b)
{
	return a->error == b->error && strcmp(a->what, b->what) == 0;
}

static void add_reasons(struct problems *problems)
{
	const struct model *model = problems->model;
	_cleanup_free_ const struct note **notes =
	        memory_new((model->n_notes + 1) * sizeof(*notes));
	size_t n = 0;

	for (size_t i = 0; i < model->n_notes; i++) {
		/* Limits of the whole view are already listed. */
		if (!words_is_limit(&model->notes[i]))
			notes[n++] = &model->notes[i];
	}
	if (n)
		qsort(notes, n, sizeof(*notes), compare_notes);
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n && is_one_reason(notes[i], notes[end]);)
			end++;
		add_gap(problems);
		struct problem_line *reason = add(problems, PROBLEM_REASON);
		reason->note = notes[i];
		reason->n = end - i;
		for (; i < end; i++) {
			if (notes[i]->pid)
				add(problems, PROBLEM_PROCESS)->note = notes[i];
		}
	}
}

/* --- namespaces -------------------------------------------------------------------------- */

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

static void add_namespaces(struct problems *problems)
{
	const struct model *model = problems->model;
	bool is_begun = false;

	for (size_t i = 0; i < model->n_namespaces; i++) {
		_cleanup_text_ struct text text;

		text_init(&text);
		write_unknown(text.out, model->namespaces[i]);
		if (!*text_get(&text))
			continue;
		if (!is_begun) {
			add_gap(problems);
			add_text(problems, "namespaces with unknown values");
		}
		is_begun = true;
		struct problem_line *line = add(problems, PROBLEM_NS);
		line->ns = model->namespaces[i];
		line->text = memory_strdup(text_get(&text));
	}
}

/* --- all of it --------------------------------------------------------------------------- */

static void add_sources(struct problems *problems)
{
	const uint32_t sources = problems->model->host.sources;
	_cleanup_text_ struct text text;

	text_init(&text);
	fputs("scanned:", text.out);
	for (enum source source = 0; source < SOURCES; source++) {
		if (sources & 1u << source)
			fprintf(text.out, " %s", source_name(source));
	}
	add_text(problems, text_get(&text));
}

void problems_build(struct problems *ret, const struct model *model)
{
	struct partial partial;

	*ret = (struct problems){.model = model};
	if (!model) {
		add_text(ret, "nothing has been read yet");
		return;
	}
	words_partial(model, &partial);
	for (size_t i = 0; i < partial.n; i++)
		add_text(ret, partial.lines[i]);
	add_reasons(ret);
	add_namespaces(ret);
	if (!ret->n)
		add_text(ret, "everything could be read");
	add_gap(ret);
	add_sources(ret);
}

void problems_release(struct problems *problems)
{
	for (size_t i = 0; i < problems->n; i++)
		free(problems->lines[i].text);
	free(problems->lines);
	*problems = (struct problems){0};
}

/* --- drawing ----------------------------------------------------------------------------- */

static const char *error_words(int error)
{
	switch (error) {
	case 0:
		return "not readable";
	case EACCES:
	case EPERM:
		return "permission denied";
	case ETIMEDOUT:
		return "no answer in time";
	case EXDEV:
		return "it is hidden by a mount";
	default:
		return strerror(error);
	}
}

static void draw_reason(
        struct line *line, const struct problems *problems, const struct problem_line *of)
{
	const struct note *note = of->note;
	_cleanup_free_ char *what = escape_text(note->what);
	const bool is_right = note->error == EACCES || note->error == EPERM;

	line_add(line, STYLE_ERROR, what);
	line_add(line, STYLE_PLAIN, ": ");
	line_add(line, STYLE_PLAIN, error_words(note->error));
	if (is_right && problems->model->host.euid != 0)
		line_add(line, STYLE_PLAIN, " (run as root)");
	if (note->pid)
		line_printf(line, STYLE_PLAIN, "   %zu %s", of->n,
		        of->n == 1 ? "process" : "processes");
}

static void draw_line(
        struct line *line, const struct problems *problems, const struct problem_line *of)
{
	line_pad(line, 1);
	switch (of->kind) {
	case PROBLEM_TEXT:
		line_add(line, STYLE_PLAIN, of->text);
		break;
	case PROBLEM_REASON:
		draw_reason(line, problems, of);
		break;
	case PROBLEM_PROCESS: {
		const struct process *process = model_find_process(problems->model, of->note->pid);
		_cleanup_free_ char *name = escape_text(process ? process->name : "");

		line_printf(line, STYLE_PLAIN, "%8jd  ", (intmax_t)of->note->pid);
		line_add(line, STYLE_PLAIN, name);
		break;
	}
	case PROBLEM_NS: {
		_cleanup_text_ struct text text;

		text_init(&text);
		words_ns(text.out, of->ns);
		line_pad(line, 3);
		line_add(line, STYLE_PLAIN, text_get(&text));
		line_pad(line, line->columns + 2);
		line_add(line, STYLE_PLAIN, of->text);
		break;
	}
	}
}

void problems_draw(const struct problems *problems, struct frame *frame, const struct rect *rect,
        size_t top, bool is_ascii)
{
	for (int i = 0; i < rect->rows && top + (size_t)i < problems->n; i++) {
		struct line line;

		line_init(&line, rect->columns, is_ascii);
		draw_line(&line, problems, &problems->lines[top + (size_t)i]);
		line_take(&line, &frame->lines[rect->row + i]);
	}
}
