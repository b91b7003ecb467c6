/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/detail/page.h"

#include "base/escape.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/utf8.h"
#include "view/words.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static struct line *last_line(struct detail *detail)
{
	return &detail->facts[detail->n_facts - 1];
}

struct line *page_new_line(struct detail *detail)
{
	struct line *line = &MEMORY_APPEND(detail->facts, detail->n_facts, detail->capacity);
	line_init(line, detail->source.columns, detail->source.is_ascii);
	return line;
}

void page_new_fact(struct detail *detail, const char *name)
{
	struct line *line = page_new_line(detail);

	line_add(line, STYLE_PLAIN, " ");
	line_add(line, STYLE_TITLE, name);
	line_pad(line, PAGE_INDENT);
}

void page_mark_ref(struct detail *detail, size_t start, int column, struct target target)
{
	if (target.kind == TARGET_NONE)
		return;
	MEMORY_APPEND(detail->refs, detail->n_refs, detail->ref_capacity) = (struct detail_ref){
	        .line = detail->n_facts - 1,
	        .start = start,
	        .len = last_line(detail)->len - start,
	        .column = column,
	        .target = target,
	};
}

void page_add_ref(struct detail *detail, int stop, int gap, const char *name, const char *text,
        struct target target)
{
	struct line *line = last_line(detail);
	const int width = line_width(name, line->is_ascii) + line_width(text, line->is_ascii);
	int start = line->columns;

	if (start > PAGE_INDENT)
		start = stop > start + gap ? stop : start + gap;
	if (start > PAGE_INDENT && start + width > line->limit) {
		line = page_new_line(detail);
		start = PAGE_INDENT;
	}
	line_pad(line, start);
	line_add(line, STYLE_TITLE, name);
	const size_t from = line->len;
	const int column = line->columns;
	line_add(line, STYLE_PLAIN, text);
	page_mark_ref(detail, from, column, target);
}

void page_add(struct detail *detail, int stop, int gap, const char *name, const char *text)
{
	page_add_ref(detail, stop, gap, name, text, (struct target){.kind = TARGET_NONE});
}

void page_add_number(struct detail *detail, int stop, const char *name, const char *format, ...)
{
	char text[64];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	page_add(detail, stop, PAGE_GAP, name, text);
}

void page_add_piece(struct detail *detail, const char *text, struct target target)
{
	const int columns = detail->source.columns - PAGE_INDENT;

	while (*text) {
		size_t len = strlen(text);

		if (columns > 1 && utf8_columns(text, len) > columns)
			len = utf8_clip(text, len, columns, NULL);
		char *piece = strndup(text, len ? len : 1);
		if (!piece)
			memory_exhausted();
		page_add_ref(detail, 0, 1, "", piece, target);
		free(piece);
		text += len ? len : 1;
	}
}

const char *page_unknown(enum rel_state state, const struct ns *ns)
{
	if (state == REL_FAILED && !ns->n_processes)
		return "unknown (no process to read it from)";
	return words_state(state);
}

void page_add_relation(
        struct detail *detail, int stop, const char *name, const struct relation *relation)
{
	_cleanup_text_ struct text text;

	text_init(&text);
	if (relation->ns)
		words_ns(text.out, relation->ns);
	else
		fputs(page_unknown(relation->state, detail->source.ns), text.out);
	page_add_ref(detail, stop, PAGE_GAP, name, text_get(&text), target_of_ns(relation->ns));
}

void page_add_process(
        struct detail *detail, int stop, const char *name, const struct process *process)
{
	_cleanup_text_ struct text text;

	text_init(&text);
	if (process->name)
		escape_write(text.out, process->name, strlen(process->name), 0);
	fprintf(text.out, " (%jd)", (intmax_t)process->pid);
	page_add_ref(detail, stop, PAGE_GAP, name, text_get(&text), target_of_process(process));
}

void page_write_command(FILE *out, const struct process *process)
{
	if (!process->cmdline || !process->cmdline[0]) {
		words_process_name(out, process);
		return;
	}
	for (const char *const *word = process->cmdline; *word; word++) {
		if (word != process->cmdline)
			fputc(' ', out);
		escape_write(out, *word, strlen(*word), 0);
	}
}

void page_write_started(char text[static STARTED_SIZE], const struct host *host,
        const struct process *process, long utc_offset)
{
	struct tm started, taken;
	int64_t seconds;

	snprintf(text, STARTED_SIZE, "unknown");
	if (!host->hertz || !host->booted)
		return;
	const uint64_t since_boot = process->started / host->hertz;
	if (since_boot > INT64_MAX / 2 ||
	        __builtin_add_overflow(host->booted, (int64_t)since_boot, &seconds) ||
	        __builtin_add_overflow(seconds, utc_offset, &seconds))
		return;
	const time_t then = (time_t)seconds;
	const time_t now = (time_t)(host->taken + utc_offset);
	if (!gmtime_r(&then, &started) || !gmtime_r(&now, &taken))
		return;
	const bool is_today = started.tm_year == taken.tm_year && started.tm_yday == taken.tm_yday;
	/* strftime(3) fails if the year of a snapshot has too many digits. */
	if (!strftime(text, STARTED_SIZE, is_today ? "%H:%M" : "%Y-%m-%d", &started))
		snprintf(text, STARTED_SIZE, "unknown");
}
