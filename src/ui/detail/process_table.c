/* SPDX-License-Identifier: Apache-2.0 */

/* The table of the processes of a namespace or container, the last part of its page. On a host most
 * of the processes are kernel threads: they come after the others, below a line with their number.
 */

#include "base/escape.h"
#include "base/memory.h"
#include "base/text.h"
#include "ui/detail/detail.h"
#include "view/command.h"
#include "view/partial.h"
#include "view/sharing.h"
#include "view/words.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
	PROCESS_CELLS = 6,
	PID_MIN = 5,
	FOLD_COLUMN = 2,
	/* Columns of the cells before the command line: the longest name of a user, escaped, and
	 * PIDs. */
	BEFORE_COMMAND_MAX = 4 * ESCAPE_NAME_MAX + 1024,
};

static void process_columns(
        const struct detail *detail, struct line *line, const char *const cells[PROCESS_CELLS])
{
	line_pad(line, 1);
	line_field(line, STYLE_PLAIN, cells[0], detail->table.pid_width, true);
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

/* The command line. Without one the name, and why there is none unless the name shows that. */
static void write_command(FILE *out, const struct detail_source *source, const struct process *p)
{
	const bool is_known = command_is_known(p);

	if (!source->with_cmdlines || !is_known)
		words_process_name(out, p);
	if (!source->with_cmdlines || (!is_known && !p->cmdline && !p->cmdline_error))
		return;
	if (!is_known)
		fputc(' ', out);
	command_write(out, &source->model->host, p);
}

/* The cells are written one after the other into the same stream, each with its NUL: a search
 * writes the lines of all processes for each key, and opening a stream takes longer than a line. */
static void write_process_line(
        const struct detail *detail, const struct process *process, struct line *line)
{
	const struct detail_source *source = &detail->source;
	const char *cells[PROCESS_CELLS];
	FILE *out = text_restart(detail->table.cells);

	fprintf(out, "%jd%c", (intmax_t)process->pid, '\0');
	/* The PIDs in the namespaces below the first; the only PID if there is one. */
	if (process->n_nspid < 2)
		fprintf(out, "%jd", (intmax_t)process->pid);
	for (size_t i = 1; i < process->n_nspid; i++)
		fprintf(out, "%s%jd", i > 1 ? "/" : "", (intmax_t)process->nspid[i]);
	fputc('\0', out);
	words_process_user(out, process, source->names);
	fputc('\0', out);
	words_started(out, &source->model->host, process, source->utc_offset, false);
	fprintf(out, "%c%c%c", '\0', process->state ? process->state : '?', '\0');
	write_command(out, source, process);
	if (process->is_self)
		fputs("   " WORDS_SELF, out);
	const char *at = text_get(detail->table.cells);
	const char *const end = at + detail->table.cells->len;
	/* The text may be cut, and then the last cells are not in it. */
	for (size_t i = 0; i < PROCESS_CELLS; i++, at = MIN(at + strlen(at) + 1, end))
		cells[i] = at;
	process_columns(detail, line, cells);
}

/* True if the page of a group is about the process, too. */
static bool is_in_group(const struct detail_source *source, const struct process *process)
{
	if (source->group == GROUP_HOST)
		return !process->container;
	return source->group == GROUP_POD && process->container &&
	       sharing_is_same_pod(process->container, source->pod);
}

/* The processes of the page, by PID. */
static void collect(struct detail *detail)
{
	const struct detail_source *source = &detail->source;
	struct detail_table *table = &detail->table;
	const struct model *model = source->model;

	if (source->ns) {
		table->all = source->ns->processes;
		table->n = source->ns->n_processes;
		return;
	}
	if (source->container) {
		table->all = source->container->processes;
		table->n = source->container->n_processes;
		return;
	}
	table->own = memory_new((model->n_processes + 1) * sizeof(*table->own));
	table->all = table->own;
	for (size_t i = 0; i < model->n_processes; i++) {
		if (is_in_group(source, model->processes[i]))
			table->own[table->n++] = model->processes[i];
	}
}

/* Puts kernel threads after the others. The table stays as it is if there are less than two, or if
 * the stat of a process was not read: what is counted must be known. */
static void sort(struct detail_table *table)
{
	size_t n_kernel = 0, first = 0;

	for (size_t i = 0; i < table->n; i++) {
		if (!table->all[i]->state)
			return;
		n_kernel += table->all[i]->is_kernel;
	}
	if (n_kernel < 2)
		return;
	const struct process **sorted = memory_new(table->n * sizeof(*sorted));
	size_t kernel = table->n - n_kernel;
	for (size_t i = 0; i < table->n; i++)
		sorted[table->all[i]->is_kernel ? kernel++ : first++] = table->all[i];
	free(table->own);
	table->all = table->own = sorted;
	table->n_kernel = n_kernel;
}

void process_table_write(struct detail *detail)
{
	static const char *const titles[PROCESS_CELLS] = {
	        "PID", "INSIDE", "USER", "STARTED", "S", "COMMAND"};
	const struct ns *ns = detail->source.ns;
	struct detail_table *table = &detail->table;

	collect(detail);
	if (table->n) {
		/* They are sorted: the last PID is the longest. */
		const int digits =
		        snprintf(NULL, 0, "%jd", (intmax_t)table->all[table->n - 1]->pid);

		table->pid_width = MAX(digits, (int)PID_MIN);
		table->cells = memory_new(sizeof(*table->cells));
		text_init_within(table->cells, detail->source.columns + BEFORE_COMMAND_MAX);
		struct line *line = page_add(&detail->facts);

		process_columns(detail, line, titles);
		line_restyle(line, STYLE_COLUMNS);
		sort(table);
	} else if (!detail->source.is_gone && detail->source.group != GROUP_UNITS) {
		detail_new_fact(detail, "inside");
		detail_add(detail, 0, "", words_no_process(detail->source.model, ns));
	}
}

static bool is_unfolded(const struct detail *detail)
{
	return detail_is_unfolded(detail, DETAIL_FOLD_KERNEL);
}

/* The row of the line with the number of kernel threads; SIZE_MAX: there is none. */
static size_t fold_row(const struct detail *detail)
{
	const struct detail_table *table = &detail->table;

	return table->n_kernel ? table->n - table->n_kernel : SIZE_MAX;
}

size_t process_table_count(const struct detail *detail)
{
	const struct detail_table *table = &detail->table;

	if (!table->n_kernel)
		return table->n;
	return table->n + 1 - (is_unfolded(detail) ? 0 : table->n_kernel);
}

const struct process *process_table_process(const struct detail *detail, size_t row)
{
	const size_t fold = fold_row(detail);

	if (row >= process_table_count(detail) || row == fold)
		return NULL;
	return detail->table.all[row < fold ? row : row - 1];
}

/* The row in `from` to `end` - 1, which are sorted by PID. */
static size_t find_between(const struct detail *detail, pid_t pid, size_t from, size_t end)
{
	return from +
	       LOWER_BOUND(end - from, i, process_table_process(detail, from + i)->pid < pid);
}

bool process_table_find(const struct detail *detail, const struct target *target, size_t *ret_row)
{
	const size_t n = process_table_count(detail), fold = fold_row(detail);
	const struct process *process;

	if (target->kind == TARGET_FOLD && target->tag == DETAIL_FOLD_KERNEL && fold < n) {
		*ret_row = fold;
		return true;
	}
	if (target->kind != TARGET_PROCESS)
		return false;
	*ret_row = find_between(detail, target->pid, 0, MIN(fold, n));
	process = process_table_process(detail, *ret_row);
	if (fold < n && (!process || process->pid != target->pid)) {
		*ret_row = find_between(detail, target->pid, fold + 1, n);
		process = process_table_process(detail, *ret_row);
	}
	return process && process->pid == target->pid && process->started == target->started;
}

bool process_table_hides(const struct detail *detail, const struct target *target)
{
	const struct detail_table *table = &detail->table;
	const struct process *process = detail_target_process(target, detail->source.model);

	if (!process || !process->is_kernel || !table->n_kernel || is_unfolded(detail))
		return false;
	const struct process *const *kernel = table->all + table->n - table->n_kernel;
	const size_t i = LOWER_BOUND(table->n_kernel, at, kernel[at]->pid < process->pid);
	return i < table->n_kernel && kernel[i] == process;
}

struct detail_ref process_table_ref(const struct detail *detail, size_t row)
{
	const struct process *process = process_table_process(detail, row);
	const size_t line = detail->facts.n + row;

	if (!process) {
		struct line text;

		line_init(&text, detail->source.columns, detail->source.is_ascii);
		process_table_draw(detail, row, &text);
		const struct detail_ref ref = {
		        .line = line,
		        .start = FOLD_COLUMN,
		        .len = text.len > FOLD_COLUMN ? text.len - FOLD_COLUMN : 0,
		        .column = FOLD_COLUMN,
		        .target = {.kind = TARGET_FOLD, .tag = DETAIL_FOLD_KERNEL},
		};
		line_release(&text);
		return ref;
	}
	const int digits = snprintf(NULL, 0, "%jd", (intmax_t)process->pid);
	const int column = 1 + detail->table.pid_width - digits;
	return (struct detail_ref){
	        .line = line,
	        .start = (size_t)column,
	        .len = (size_t)digits,
	        .column = column,
	        .target = detail_to_process(process),
	};
}

void process_table_draw(const struct detail *detail, size_t row, struct line *line)
{
	const struct glyphs *glyphs = line_glyphs(line->is_ascii);
	const struct process *process = process_table_process(detail, row);

	if (process) {
		write_process_line(detail, process, line);
		return;
	}
	line_pad(line, FOLD_COLUMN);
	line_add(line, STYLE_PLAIN, is_unfolded(detail) ? glyphs->open : glyphs->closed);
	line_printf(line, STYLE_PLAIN, " %zu%s kernel threads", detail->table.n_kernel,
	        partial_plus(detail->source.model, detail->source.ns));
}
