/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/detail/detail.h"

#include "base/attributes.h"
#include "base/escape.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/utf8.h"
#include "view/partial.h"
#include "view/sharing.h"
#include "view/words.h"
#include "view/words_container.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* --- targets ------------------------------------------------------------------------------ */

const struct target detail_nowhere = {.kind = TARGET_NONE};

struct target detail_to_ns(const struct ns *ns)
{
	if (!ns)
		return detail_nowhere;
	return (struct target){.kind = TARGET_NS, .tag = ns->tag};
}

struct target detail_to_process(const struct process *process)
{
	if (!process)
		return detail_nowhere;
	return (struct target){
	        .kind = TARGET_PROCESS, .pid = process->pid, .started = process->started};
}

struct target detail_to_container(const struct container *container)
{
	if (!container)
		return detail_nowhere;
	return (struct target){.kind = TARGET_CONTAINER, .tag = container->tag};
}

struct target detail_to_mount(const struct ns *ns, const struct mount_entry *entry)
{
	if (!ns)
		return detail_nowhere;
	return (struct target){
	        .kind = TARGET_MOUNTS, .tag = ns->tag, .started = entry ? entry->id : 0};
}

bool detail_is_same(const struct target *a, const struct target *b)
{
	return a->kind == b->kind && a->tag == b->tag && a->pid == b->pid &&
	       a->started == b->started;
}

const struct ns *detail_target_ns(const struct target *target, const struct model *model)
{
	return target->kind == TARGET_NS && model ? model_find_tag(model, target->tag) : NULL;
}

const struct container *detail_target_container(
        const struct target *target, const struct model *model)
{
	return target->kind == TARGET_CONTAINER && model ? model_find_container(model, target->tag)
	                                                 : NULL;
}

const struct process *detail_target_process(const struct target *target, const struct model *model)
{
	if (target->kind != TARGET_PROCESS || !model)
		return NULL;
	const struct process *process = model_find_process(model, target->pid);
	return process && process->started == target->started ? process : NULL;
}

/* --- writing ------------------------------------------------------------------------------ */

static struct line *last_line(struct detail *detail)
{
	return &detail->facts.lines[detail->facts.n - 1];
}

enum { SENTENCE_INDENT = 1 };

/* The byte behind the first colon of a sentence if both parts of it fit on lines; else 0. */
static size_t sentence_break(const struct detail *detail, const char *text)
{
	const int columns = detail->source.columns - SENTENCE_INDENT;
	const char *colon = strstr(text, ": ");
	const size_t len = colon ? (size_t)(colon - text) + 1 : 0;

	if (!colon || utf8_columns(text, len) > columns ||
	        utf8_columns(colon + 2, strlen(colon + 2)) > columns)
		return 0;
	return len;
}

void detail_add_sentence(struct detail *detail, const char *text, size_t least)
{
	struct line *line = page_add(&detail->facts);
	const size_t end = least > 1 && !detail->source.is_text ? sentence_break(detail, text) : 0;

	line_pad(line, SENTENCE_INDENT);
	if (end) {
		_cleanup_free_ char *subject = memory_printf("%.*s", (int)end, text);
		line_add(line, STYLE_PLAIN, subject);
		line_pad(page_add(&detail->facts), SENTENCE_INDENT);
		text += end + 1;
	}
	page_add_words(&detail->facts, SENTENCE_INDENT, text);
	while (detail->facts.n < least && !detail->source.is_text)
		page_add(&detail->facts);
	detail->n_sentence = detail->facts.n;
}

void detail_new_fact(struct detail *detail, const char *name)
{
	struct line *line = page_add(&detail->facts);

	line_add(line, STYLE_TITLE, name);
	line_pad(line, DETAIL_INDENT);
}

void detail_mark_ref(struct detail *detail, size_t start, int column, struct target target)
{
	if (target.kind == TARGET_NONE)
		return;
	MEMORY_APPEND(detail->refs, detail->n_refs, detail->ref_capacity) = (struct detail_ref){
	        .line = detail->facts.n - 1,
	        .start = start,
	        .len = last_line(detail)->len - start,
	        .column = column,
	        .target = target,
	};
}

void detail_add_ref(struct detail *detail, int stop, int gap, const char *name, const char *text,
        struct target target)
{
	struct line *line = last_line(detail);
	const int width = line_width(name, line->is_ascii) + line_width(text, line->is_ascii);
	int start = line->columns;

	if (start > DETAIL_INDENT)
		start = stop > start + gap ? stop : start + gap;
	if (start > DETAIL_INDENT && start + width > line->limit) {
		line = page_add(&detail->facts);
		start = DETAIL_INDENT;
	}
	line_pad(line, start);
	line_add(line, STYLE_TITLE, name);
	const size_t from = line->len;
	const int column = line->columns;
	line_add(line, STYLE_PLAIN, text);
	detail_mark_ref(detail, from, column, target);
}

void detail_add(struct detail *detail, int stop, const char *name, const char *text)
{
	detail_add_ref(detail, stop, DETAIL_GAP, name, text, detail_nowhere);
}

void detail_add_name(struct detail *detail, int stop, const char *name, const char *raw)
{
	_cleanup_text_ struct text text;

	text_init_within(&text, detail->source.columns);
	escape_write_name(text.out, raw, 0);
	detail_add(detail, stop, name, text_get(&text));
}

void detail_add_number(struct detail *detail, int stop, const char *name, const char *format, ...)
{
	char text[64];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	detail_add(detail, stop, name, text);
}

void detail_add_piece(struct detail *detail, const char *text, struct target target)
{
	const int columns = detail->source.columns - DETAIL_INDENT;

	for (size_t left = strlen(text), len; left; text += len, left -= len) {
		len = columns > 1 ? utf8_clip(text, left, columns, NULL) : left;
		len = MAX(len, (size_t)1);
		_cleanup_free_ char *piece = memory_printf("%.*s", (int)len, text);
		detail_add_ref(detail, 0, 1, "", piece, target);
	}
}

bool detail_is_unfolded(const struct detail *detail, uint64_t tag)
{
	const struct u64_set *unfolded = detail->source.unfolded;

	return detail->source.with_folded || (unfolded && u64_set_has(unfolded, tag));
}

bool detail_add_fold(struct detail *detail, uint64_t tag, const char *text)
{
	const struct glyphs *glyphs = line_glyphs(detail->source.is_ascii);
	const bool is_shown = detail_is_unfolded(detail, tag);
	_cleanup_free_ char *all =
	        memory_printf("%s %s", is_shown ? glyphs->open : glyphs->closed, text);

	if (last_line(detail)->columns > DETAIL_INDENT)
		page_add(&detail->facts);
	line_pad(last_line(detail), DETAIL_INDENT);
	detail_add_piece(detail, all, (struct target){.kind = TARGET_FOLD, .tag = tag});
	return is_shown;
}

/* Whether a note of the scan is about `ns`, `owner of user:[4026532583]`, or about a process in it
 * that may not be read. */
static bool is_about(const struct note *note, const struct model *model, const struct ns *ns)
{
	const struct process *process = note->pid ? model_find_process(model, note->pid) : NULL;
	char name[64];

	if (model_is_remark(note))
		return false;
	if (process && process->ns[ns->type] == ns &&
	        (note->error == EACCES || note->error == EPERM))
		return true;
	snprintf(name, sizeof(name), " of %s:[%" PRIu64 "]", nstype_name(ns->type), ns->inode);
	const size_t len = strlen(name), whole = strlen(note->what);

	return whole >= len && strcmp(note->what + whole - len, name) == 0;
}

const char *detail_unknown(const struct detail *detail, enum rel_state state, const struct ns *ns)
{
	const struct model *const model = detail->source.model;

	for (size_t i = 0; state == REL_FAILED && i < model->n_notes; i++) {
		if (is_about(&model->notes[i], model, ns))
			return words_error(&model->host, model->notes[i].error);
	}
	if (state == REL_FAILED && !ns->n_processes)
		return "unknown (no process to read it from)";
	return words_state(state);
}

void detail_add_relation(struct detail *detail, const struct relation *relation)
{
	_cleanup_text_ struct text text;

	text_init_within(&text, DETAIL_TEXT_MAX);
	if (relation->ns)
		words_ns(text.out, relation->ns);
	else
		fputs(detail_unknown(detail, relation->state, detail->source.ns), text.out);
	detail_add_ref(detail, 0, DETAIL_GAP, "", text_get(&text), detail_to_ns(relation->ns));
}

void detail_add_process(
        struct detail *detail, int stop, const char *name, const struct process *process)
{
	_cleanup_text_ struct text text;

	text_init_within(&text, DETAIL_TEXT_MAX);
	if (process->name)
		escape_write_name(text.out, process->name, 0);
	fprintf(text.out, " (%jd)", (intmax_t)process->pid);
	detail_add_ref(detail, stop, DETAIL_GAP, name, text_get(&text), detail_to_process(process));
}

void detail_add_container(
        struct detail *detail, int stop, const char *name, const struct container *container)
{
	_cleanup_text_ struct text text;

	text_init_within(&text, DETAIL_TEXT_MAX);
	words_container(text.out, container);
	detail_add_ref(
	        detail, stop, DETAIL_GAP, name, text_get(&text), detail_to_container(container));
}

enum { CONTAINERS_MAX = 8 };

/* The index behind the containers of the pod of number `first`; behind itself if all in the list
 * are of one pod. */
static size_t pod_end(const struct sharing_list *list, size_t first)
{
	size_t end = first + 1;

	if (sharing_pod(list))
		return end;
	while (end < list->n && sharing_is_same_pod(list->all[first], list->all[end]))
		end++;
	return end;
}

/* Adds at most `most` containers from number `from` on; several ones of a pod are the line of that.
 * Returns the index behind them. */
static size_t add_from_list(
        struct detail *detail, const struct sharing_list *list, size_t from, size_t most)
{
	_cleanup_text_ struct text text;

	text_init_within(&text, DETAIL_TEXT_MAX);
	for (size_t n = 0, end; from < list->n && n < most; n++, from = end) {
		const struct container *container = list->all[from];
		struct target target = detail_to_container(container);

		end = pod_end(list, from);
		text_restart(&text);
		if (end - from > 1) {
			words_container_pod(text.out, container);
			target.tag = container->pod_tag;
		} else {
			words_container(text.out, container);
		}
		fputs(end < list->n ? "," : "", text.out);
		detail_add_piece(detail, text_get(&text), target);
	}
	return from;
}

void detail_add_containers(
        struct detail *detail, const struct ns *ns, const struct container *except)
{
	struct sharing_list list;
	char text[64];

	sharing_others(&list, ns, except);
	const size_t n = add_from_list(detail, &list, 0, CONTAINERS_MAX);
	if (n < list.n) {
		snprintf(text, sizeof(text), "%zu%s more containers", list.n - n,
		        partial_plus(detail->source.model, ns));
		if (detail_add_fold(detail, DETAIL_FOLD_SHARED + ns->type, text)) {
			line_pad(page_add(&detail->facts), DETAIL_INDENT);
			add_from_list(detail, &list, n, SIZE_MAX);
		}
	}
	sharing_release(&list);
}

/* --- the page ----------------------------------------------------------------------------- */

/* Of a line of node_heading. */
static const char *why_nothing_above(const struct detail_source *source)
{
	const struct model *const model = source->model;
	const bool is_unsupported = model_is_partial_by(model, PARTIAL_NO_RELATIONS) ||
	                            model_is_partial_by(model, PARTIAL_NO_USER_NS);

	if (source->is_unread)
		return words_state(REL_UNREAD);
	if (!source->is_unknown)
		return "not visible from here";
	return is_unsupported && !model_is_partial_by(model, PARTIAL_OWNER_UNKNOWN)
	               ? words_state(REL_UNSUPPORTED)
	               : "could not be read (! shows why)";
}

void detail_build(struct detail *ret, const struct detail_source *source)
{
	*ret = (struct detail){.source = *source};
	page_restart(&ret->facts, source->columns, source->is_ascii);
	if (source->process) {
		page_process_write(ret);
	} else if (source->ns) {
		page_ns_write(ret);
		process_table_write(ret);
	} else if (source->mount) {
		page_mount_write(ret);
	} else if (source->lack) {
		page_mount_write_lack(ret);
	} else if (source->pin || source->is_numberless) {
		page_pin_write(ret);
	} else if (source->container || source->group) {
		page_container_write(ret);
		process_table_write(ret);
	} else {
		detail_new_fact(ret, "above");
		detail_add(ret, 0, "", why_nothing_above(source));
	}
}

void detail_release(struct detail *detail)
{
	page_release(&detail->facts);
	free(detail->refs);
	free(detail->table.own);
	if (detail->table.cells)
		text_release(detail->table.cells);
	free(detail->table.cells);
	*detail = (struct detail){0};
}

size_t detail_count(const struct detail *detail)
{
	return detail->facts.n + process_table_count(detail);
}

const struct process *detail_process(const struct detail *detail, size_t index)
{
	return index < detail->facts.n ? NULL
	                               : process_table_process(detail, index - detail->facts.n);
}

/* The index of the first reference on line `index` or after it. */
static size_t first_ref(const struct detail *detail, size_t index)
{
	return LOWER_BOUND(detail->n_refs, i, detail->refs[i].line < index);
}

size_t detail_count_refs(const struct detail *detail, size_t index)
{
	if (index >= detail->facts.n)
		return index < detail_count(detail) ? 1 : 0;
	return first_ref(detail, index + 1) - first_ref(detail, index);
}

bool detail_ref(const struct detail *detail, size_t index, size_t number, struct detail_ref *ret)
{
	if (number >= detail_count_refs(detail, index))
		return false;
	if (index >= detail->facts.n)
		*ret = process_table_ref(detail, index - detail->facts.n);
	else
		*ret = detail->refs[first_ref(detail, index) + number];
	return true;
}

bool detail_find(const struct detail *detail, const struct target *target, size_t *ret_index)
{
	size_t row;

	if (process_table_find(detail, target, &row)) {
		*ret_index = detail->facts.n + row;
		return true;
	}
	for (size_t i = 0; i < detail->n_refs; i++) {
		if (!detail_is_same(&detail->refs[i].target, target))
			continue;
		*ret_index = detail->refs[i].line;
		return true;
	}
	return false;
}

static void write_line(FILE *out, struct line *line)
{
	struct frame_row row = {0};

	line_take(line, &row);
	fprintf(out, "%s\n", row.text ? row.text : "");
	free(row.text);
	free(row.spans);
}

void detail_write(FILE *out, const struct detail *detail)
{
	struct line line;

	for (size_t i = 0; i < detail->facts.n; i++) {
		line_copy(&line, &detail->facts.lines[i]);
		write_line(out, &line);
	}
	for (size_t i = 0; i < process_table_count(detail); i++) {
		line_init(&line, INT_MAX, detail->source.is_ascii);
		process_table_draw(detail, i, &line);
		write_line(out, &line);
	}
}

/* Line `index` as a copy, which the caller releases or passes on. */
static void copy_line(const struct detail *detail, size_t index, struct line *ret)
{
	if (index < detail->facts.n) {
		line_copy(ret, &detail->facts.lines[index]);
		return;
	}
	line_init(ret, detail->source.columns, detail->source.is_ascii);
	process_table_draw(detail, index - detail->facts.n, ret);
}

/* --- searching the page ------------------------------------------------------------------- */

/* The end of the part of a line that has PIDs: of a process its first two columns. */
static size_t end_of_pids(const struct detail *detail, size_t index, const struct needle *needle)
{
	enum { INSIDE_END = 1 + 2 + 6 };

	if (needle->kind != NEEDLE_PID || !detail_process(detail, index))
		return SIZE_MAX;
	return (size_t)(INSIDE_END + detail->table.pid_width);
}

bool detail_has(const struct detail *detail, size_t index, const struct needle *needle)
{
	size_t start, len;
	struct line line;

	if (index >= detail_count(detail))
		return false;
	copy_line(detail, index, &line);
	const bool has = line.text && needle_find(needle, line.text,
	                                      MIN(line.len, end_of_pids(detail, index, needle)), 0,
	                                      &start, &len);
	line_release(&line);
	return has;
}

bool detail_has_folded(const struct detail *detail, const struct needle *needle)
{
	const size_t n = detail_count(detail);
	bool has = false;

	for (size_t i = 0; i < n && !has; i++) {
		const struct process *process = detail_process(detail, i);

		has = (!process || process->is_kernel) && detail_has(detail, i, needle);
	}
	return has;
}

/* The lines of a fact: that with its name, and those below it without one. */
static size_t fact_lines(const struct detail *detail, const char *fact, size_t *ret_end)
{
	const struct line *lines = detail->facts.lines;
	const size_t len = strlen(fact);
	size_t first = detail->n_sentence;

	while (first < detail->facts.n && strncmp(lines[first].text + 1, fact, len) != 0)
		first++;
	*ret_end = MIN(first + 1, detail->facts.n);
	while (*ret_end < detail->facts.n && strncmp(lines[*ret_end].text, "  ", 2) == 0)
		++*ret_end;
	return first;
}

bool detail_find_text(const struct detail *detail, const char *fact, const struct needle *needle,
        size_t *ret_index)
{
	size_t i = 0, end = detail_count(detail);

	if (fact)
		i = fact_lines(detail, fact, &end);
	while (i < end && needle && !detail_has(detail, i, needle))
		i++;
	*ret_index = i;
	return i < end;
}

size_t detail_ref_with(const struct detail *detail, size_t index, const struct needle *needle)
{
	struct detail_ref ref;
	size_t start = 0, len = 0, number = 0;
	struct line line;

	copy_line(detail, index, &line);
	if (line.text && needle_find(needle, line.text, line.len, 0, &start, &len)) {
		for (size_t i = 0; detail_ref(detail, index, i, &ref); i++) {
			if (ref.start < start + len && start < ref.start + ref.len)
				number = i;
		}
	}
	line_release(&line);
	return number;
}

/* --- drawing ------------------------------------------------------------------------------ */

static void mark_found(
        const struct detail *detail, size_t index, const struct needle *needle, struct line *line)
{
	struct detail_ref ref;

	if (!line_mark(line, needle, 0, end_of_pids(detail, index, needle), STYLE_MATCH) &&
	        detail_process(detail, index) && detail_ref(detail, index, 0, &ref))
		line_highlight(line, ref.start, ref.len, STYLE_MATCH);
}

void detail_draw(const struct detail *detail, size_t index, bool is_current,
        const struct detail_ref *selected, const struct needle *found, struct frame_row *ret)
{
	struct line line;

	copy_line(detail, index, &line);
	if (selected)
		line_highlight(&line, selected->start, selected->len, STYLE_SELECTED);
	if (found)
		mark_found(detail, index, found, &line);
	if (is_current && line.len)
		line.text[0] = '>';
	line_take(&line, ret);
}
