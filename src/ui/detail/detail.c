/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/detail/detail.h"

#include "base/attributes.h"
#include "base/text.h"
#include "ui/detail/page_ns.h"
#include "ui/detail/page_process.h"
#include "view/words.h"

#include <inttypes.h>
#include <stdlib.h>

/* --- the processes of a namespace ------------------------------------------------------------- */

enum { PROCESS_CELLS = 6, PID_MIN = 5 };

static size_t count_processes(const struct detail *detail)
{
	const struct ns *ns = detail->source.ns;

	return ns && !detail->source.process ? ns->n_processes : 0;
}

static void process_columns(
        const struct detail *detail, struct line *line, const char *const cells[PROCESS_CELLS])
{
	line_pad(line, 1);
	line_field(line, STYLE_PLAIN, cells[0], detail->pid_width, true);
	line_pad(line, line->columns + 2);
	line_field(line, STYLE_PLAIN, cells[1], 6, true);
	line_pad(line, line->columns + 2);
	line_field(line, STYLE_PLAIN, cells[2], 8, false);
	line_pad(line, line->columns + 1);
	line_field(line, STYLE_PLAIN, cells[3], 10, false);
	line_pad(line, line->columns + 1);
	line_field(line, STYLE_PLAIN, cells[4], 2, false);
	line_add(line, STYLE_PLAIN, cells[5]);
}

static void write_process_line(
        const struct detail *detail, const struct process *process, struct line *line)
{
	const struct detail_source *source = &detail->source;
	const char state[] = {process->state ? process->state : '?', '\0'};
	_cleanup_text_ struct text inside, user, command;
	char pid[32], started[STARTED_SIZE];

	text_init(&inside);
	text_init(&user);
	text_init(&command);
	snprintf(pid, sizeof(pid), "%jd", (intmax_t)process->pid);
	/* The PIDs in the namespaces below the first; the only PID if there is one. */
	if (process->n_nspid < 2)
		fputs(pid, inside.out);
	for (size_t i = 1; i < process->n_nspid; i++)
		fprintf(inside.out, "%s%jd", i > 1 ? "/" : "", (intmax_t)process->nspid[i]);
	words_process_user(user.out, process, source->names);
	page_write_started(started, &source->model->host, process, source->utc_offset);
	page_write_command(command.out, process);
	const char *const cells[PROCESS_CELLS] = {
	        pid, text_get(&inside), text_get(&user), started, state, text_get(&command)};
	process_columns(detail, line, cells);
}

static void write_process_titles(struct detail *detail)
{
	static const char *const titles[PROCESS_CELLS] = {
	        "PID", "INSIDE", "USER", "STARTED", "S", "COMMAND"};
	const struct ns *ns = detail->source.ns;

	if (ns->n_processes) {
		/* They are sorted: the last PID is the longest. */
		const int digits =
		        snprintf(NULL, 0, "%jd", (intmax_t)ns->processes[ns->n_processes - 1]->pid);

		detail->pid_width = MAX(digits, (int)PID_MIN);
		struct line *line = page_new_line(detail);

		process_columns(detail, line, titles);
		line_restyle(line, STYLE_COLUMNS);
	} else if (!detail->source.is_gone) {
		page_new_fact(detail, "inside");
		page_add(detail, 0, PAGE_GAP, "", "no process");
	}
}

/* --- the page --------------------------------------------------------------------------------- */

void detail_build(struct detail *ret, const struct detail_source *source)
{
	*ret = (struct detail){.source = *source};
	if (source->process) {
		page_process_write(ret);
	} else if (source->ns) {
		page_ns_write(ret);
		write_process_titles(ret);
	} else {
		page_new_fact(ret, "above");
		page_add(ret, 0, PAGE_GAP, "", "not visible from here");
	}
}

void detail_release(struct detail *detail)
{
	for (size_t i = 0; i < detail->n_facts; i++)
		line_release(&detail->facts[i]);
	free(detail->facts);
	free(detail->refs);
	*detail = (struct detail){0};
}

size_t detail_count(const struct detail *detail)
{
	return detail->n_facts + count_processes(detail);
}

const struct process *detail_process(const struct detail *detail, size_t index)
{
	if (index < detail->n_facts || index >= detail_count(detail))
		return NULL;
	return detail->source.ns->processes[index - detail->n_facts];
}

/* The index of the first reference on line `index` or after it. */
static size_t first_ref(const struct detail *detail, size_t index)
{
	return LOWER_BOUND(detail->n_refs, i, detail->refs[i].line < index);
}

size_t detail_count_refs(const struct detail *detail, size_t index)
{
	if (index >= detail->n_facts)
		return detail_process(detail, index) ? 1 : 0;
	return first_ref(detail, index + 1) - first_ref(detail, index);
}

bool detail_ref(const struct detail *detail, size_t index, size_t number, struct detail_ref *ret)
{
	const struct process *process = detail_process(detail, index);

	if (number >= detail_count_refs(detail, index))
		return false;
	if (!process) {
		*ret = detail->refs[first_ref(detail, index) + number];
		return true;
	}
	const int digits = snprintf(NULL, 0, "%jd", (intmax_t)process->pid);
	const int column = 1 + detail->pid_width - digits;
	*ret = (struct detail_ref){
	        .line = index,
	        .start = (size_t)column,
	        .len = (size_t)digits,
	        .column = column,
	        .target = target_of_process(process),
	};
	return true;
}

/* The line of a process in the table. */
static bool find_process(const struct detail *detail, const struct target *target, size_t *ret)
{
	const size_t i = LOWER_BOUND(
	        count_processes(detail), at, detail->source.ns->processes[at]->pid < target->pid);
	const struct process *process = detail_process(detail, detail->n_facts + i);

	if (!process || process->pid != target->pid || process->started != target->started)
		return false;
	*ret = detail->n_facts + i;
	return true;
}

bool detail_find(const struct detail *detail, const struct target *target, size_t *ret_index)
{
	if (target->kind == TARGET_PROCESS && find_process(detail, target, ret_index))
		return true;
	for (size_t i = 0; i < detail->n_refs; i++) {
		if (!target_is_same(&detail->refs[i].target, target))
			continue;
		*ret_index = detail->refs[i].line;
		return true;
	}
	return false;
}

void detail_draw(const struct detail *detail, size_t index, bool is_current,
        const struct detail_ref *selected, struct frame_row *ret)
{
	struct line line;

	if (index < detail->n_facts) {
		line_copy(&line, &detail->facts[index]);
	} else {
		line_init(&line, detail->source.columns, detail->source.is_ascii);
		write_process_line(detail, detail_process(detail, index), &line);
	}
	if (selected)
		line_highlight(&line, selected->start, selected->len, STYLE_SELECTED);
	if (is_current && line.len && line.text[0] == ' ')
		line.text[0] = '>';
	else if (is_current && !line.len)
		line_add(&line, STYLE_PLAIN, ">");
	line_take(&line, ret);
}
