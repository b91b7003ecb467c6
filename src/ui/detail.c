/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/detail.h"

#include "base/attributes.h"
#include "base/escape.h"
#include "base/memory.h"
#include "base/width.h"
#include "ui/started.h"
#include "ui/text.h"
#include "view/words.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum {
	INDENT = 10, /* where the facts begin, behind their names */
	GAP = 3,     /* at least that many blanks between two */
	HOLDERS_MAX = 200,
};

/* --- writing facts ------------------------------------------------------------ */

static struct line *last_line(struct detail *detail)
{
	return &detail->facts[detail->n_facts - 1];
}

static struct line *new_line(struct detail *detail)
{
	detail->facts = memory_grow(
	        detail->facts, &detail->capacity, detail->n_facts + 1, sizeof(*detail->facts));
	struct line *line = &detail->facts[detail->n_facts++];
	line_init(line, detail->source.columns, detail->source.is_ascii);
	return line;
}

static void new_fact(struct detail *detail, const char *name)
{
	struct line *line = new_line(detail);

	line_add(line, STYLE_PLAIN, " ");
	line_add(line, STYLE_TITLE, name);
	line_pad(line, INDENT);
}

/* Adds to the fact `name text` (the name may be ""), at column `stop` if that is free, else a gap
 * further on, else on a line of its own. Without a gap (0) it follows at once. */
static void add(struct detail *detail, int stop, int gap, const char *name, const char *text)
{
	struct line *line = last_line(detail);
	const int width = line_width(name, line->is_ascii) + line_width(text, line->is_ascii);
	int start = line->columns;

	if (start > INDENT)
		start = stop > start + gap ? stop : start + gap;
	if (start > INDENT && start + width > line->limit) {
		line = new_line(detail);
		start = INDENT;
	}
	line_pad(line, start);
	line_add(line, STYLE_TITLE, name);
	line_add(line, STYLE_PLAIN, text);
}

/* Adds a long text that may be broken after each `; `, and anywhere if that does not help. */
static void add_wrapped(struct detail *detail, const char *text)
{
	const int columns = detail->source.columns - INDENT;

	while (*text) {
		const char *end = strstr(text, "; ");
		size_t len = end ? (size_t)(end - text) + 1 : strlen(text);

		if (columns > 1 && width_columns(text, len) > columns)
			len = width_clip(text, len, columns, NULL);
		char *piece = strndup(text, len ? len : 1);
		if (!piece)
			memory_exhausted();
		add(detail, 0, 1, "", piece);
		free(piece);
		text += len ? len : 1;
		text += strspn(text, " ");
	}
}

/* --- what is said --------------------------------------------------------------- */

static const char *unknown(enum rel_state state, const struct ns *ns)
{
	if (state == REL_FAILED && !ns->n_processes)
		return "not known (no process to ask)";
	return words_state(state);
}

static void add_relation(struct detail *detail, const struct relation *relation)
{
	_cleanup_text_ struct text text;

	text_init(&text);
	if (relation->ns)
		words_ns(text.out, relation->ns);
	else
		fputs(unknown(relation->state, detail->source.ns), text.out);
	add(detail, 0, GAP, "", text_get(&text));
}

__attribute__((format(printf, 4, 5))) static void add_number(
        struct detail *detail, int stop, const char *name, const char *format, ...)
{
	char text[64];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	add(detail, stop, GAP, name, text);
}

static size_t depth_of(const struct ns *ns)
{
	size_t depth = 0;

	for (; ns->parent.ns; ns = ns->parent.ns)
		depth++;
	return depth;
}

/* Descendants, without recursion: a hostile snapshot may be deep. */
static size_t count_descendants(const struct ns *top)
{
	size_t n = 0, size = 1, capacity = 0;
	const struct ns **stack = memory_grow(NULL, &capacity, size, sizeof(*stack));

	stack[0] = top;
	while (size) {
		const struct ns *ns = stack[--size];

		n += ns->n_children;
		stack = memory_grow(stack, &capacity, size + ns->n_children, sizeof(*stack));
		for (size_t i = 0; i < ns->n_children; i++)
			stack[size++] = ns->children[i];
	}
	free(stack);
	return n;
}

/* Of a user namespace its owner, of another type the owner of its owner, and why not. */
static void add_owner(struct detail *detail)
{
	const struct ns *ns = detail->source.ns;
	const struct ns *user = ns->type == NS_USER ? ns : ns->owner.ns;
	_cleanup_text_ struct text text;

	text_init(&text);
	if (!user)
		fputs(unknown(ns->owner.state, ns), text.out);
	else if (user->owner_uid_state != REL_KNOWN)
		fputs(unknown(user->owner_uid_state, user), text.out);
	else
		words_owner_user(text.out, user, detail->source.names);
	add(detail, 28, GAP, "owner  ", text_get(&text));
}

static void write_identity(struct detail *detail)
{
	const struct ns *ns = detail->source.ns;

	new_fact(detail, "type");
	add(detail, 0, GAP, "", ns_type_name(ns->type));
	add_owner(detail);
	if (ns_type_is_hierarchical(ns->type))
		add_number(detail, 54, "depth ", "%zu", depth_of(ns));
	if (detail->source.is_gone)
		add(detail, 0, GAP, "", "gone");
}

static void write_relations(struct detail *detail)
{
	const struct ns *ns = detail->source.ns;

	if (ns_type_is_hierarchical(ns->type)) {
		new_fact(detail, "parent");
		add_relation(detail, &ns->parent);
		add_number(detail, 39, "children ", "%zu", ns->n_children);
		add_number(detail, 54, "descendants ", "%zu", count_descendants(ns));
	}
	if (ns->type != NS_USER) {
		new_fact(detail, "owned by");
		add_relation(detail, &ns->owner);
	}
}

static void write_owned(struct detail *detail)
{
	const struct ns *ns = detail->source.ns;
	size_t counts[NS_TYPES] = {0};

	new_fact(detail, "owns");
	for (size_t i = 0; i < ns->n_owned; i++)
		counts[ns->owned[i]->type]++;
	for (enum ns_type type = 0; type < NS_TYPES; type++) {
		char text[64];

		if (!counts[type])
			continue;
		snprintf(text, sizeof(text), "%s %zu", ns_type_name(type), counts[type]);
		add(detail, 0, 2, "", text);
	}
	if (!ns->n_owned)
		add(detail, 0, GAP, "", "nothing");
}

static void write_map(struct detail *detail, const char *name, const struct id_map *map)
{
	const struct ns *ns = detail->source.ns;

	new_fact(detail, name);
	if (ns->maps_state != REL_KNOWN) {
		add(detail, 0, GAP, "", unknown(ns->maps_state, ns));
		return;
	}
	for (size_t i = 0; i < map->n; i++)
		add_number(detail, 0, "", "%" PRIu32 " -> %" PRIu32 " x%" PRIu32,
		        map->ranges[i].inside, map->ranges[i].outside, map->ranges[i].count);
	if (!map->n)
		add(detail, 0, GAP, "", "not written yet");
}

static void write_maps(struct detail *detail)
{
	static const char *const words[] = {
	        [SETGROUPS_UNKNOWN] = "not known",
	        [SETGROUPS_ALLOW] = "allow",
	        [SETGROUPS_DENY] = "deny",
	};
	const struct ns *ns = detail->source.ns;

	write_map(detail, "uid map", &ns->uid_map);
	if (ns->maps_state == REL_KNOWN)
		add(detail, 55, GAP, "setgroups ", words[ns->setgroups]);
	write_map(detail, "gid map", &ns->gid_map);
}

/* Children and owned namespaces are told above, and may be many: one by one only where nothing else
 * says why it lives. */
static bool is_told_above(const struct holder *holder)
{
	return holder->kind == HOLDER_CHILD || holder->kind == HOLDER_OWNS;
}

static void write_other_holders(FILE *out, const struct model *model, const struct ns *ns)
{
	size_t n = 0;

	fprintf(out, "%zu %s", ns->n_processes, ns->n_processes == 1 ? "process" : "processes");
	for (size_t i = 0; i < ns->n_holders; i++) {
		if (is_told_above(&ns->holders[i]) || n++ >= HOLDERS_MAX)
			continue;
		fputs("; ", out);
		words_holder(out, model, &ns->holders[i]);
	}
	if (n > HOLDERS_MAX)
		fprintf(out, "; and %zu more", n - HOLDERS_MAX);
	if (ns->n_children)
		fprintf(out, "; %zu %s", ns->n_children,
		        ns->n_children == 1 ? "child" : "children");
}

static void write_holders(struct detail *detail)
{
	const struct model *model = detail->source.model;
	const struct ns *ns = detail->source.ns;
	_cleanup_text_ struct text text;

	text_init(&text);
	if (ns->n_processes)
		write_other_holders(text.out, model, ns);
	else
		words_held_by(text.out, model, ns, HOLDERS_MAX);
	new_fact(detail, "held by");
	add_wrapped(detail, text_get(&text));
}

static void write_init(struct detail *detail)
{
	const struct ns *ns = detail->source.ns;
	const struct host *host = &detail->source.model->host;
	char started[STARTED_SIZE];
	_cleanup_text_ struct text text;

	new_fact(detail, "init");
	if (!ns->leader || process_pid_inside(ns->leader, ns) != 1) {
		add(detail, 0, GAP, "",
		        host->is_complete ? "no process with PID 1" : words_state(REL_FAILED));
		return;
	}
	text_init(&text);
	words_leader(text.out, detail->source.model, ns);
	add(detail, 0, GAP, "", text_get(&text));
	started_write(started, host, ns->leader, detail->source.utc_offset);
	add(detail, 0, GAP, "started ", started);
}

static void write_numbers(struct detail *detail)
{
	const struct ns *ns = detail->source.ns;

	new_fact(detail, "inode");
	add_number(detail, 0, "", "%" PRIu64, ns->inode);
	add_number(detail, 28, "device  ", "%" PRIu64, ns->dev);
	if (ns->id)
		add_number(detail, 39, "id ", "%" PRIu64, ns->id);
	else
		add(detail, 39, GAP, "id ", "not told by the kernel");
}

/* --- processes ------------------------------------------------------------------ */

static void process_columns(struct line *line, const char *const cells[5])
{
	line_field(line, STYLE_PLAIN, cells[0], 6, true);
	line_pad(line, line->columns + 2);
	line_field(line, STYLE_PLAIN, cells[1], 6, true);
	line_pad(line, line->columns + 2);
	line_field(line, STYLE_PLAIN, cells[2], 8, false);
	line_pad(line, line->columns + 1);
	line_field(line, STYLE_PLAIN, cells[3], 10, false);
	line_pad(line, line->columns + 1);
	line_add(line, STYLE_PLAIN, cells[4]);
}

static void write_user(FILE *out, const struct process *process, const struct names *names)
{
	const char *name = process->is_uid_known ? names_get(names, process->uid) : NULL;

	if (name)
		escape_write(out, name, strlen(name), 0);
	else if (process->is_uid_known)
		fprintf(out, "%" PRIu32, (uint32_t)process->uid);
	else
		fputc('?', out);
}

static void write_command(FILE *out, const struct process *process)
{
	if (!process->cmdline || !process->cmdline[0]) {
		if (process->name)
			escape_write(out, process->name, strlen(process->name), 0);
		return;
	}
	for (const char *const *word = process->cmdline; *word; word++) {
		if (word != process->cmdline)
			fputc(' ', out);
		escape_write(out, *word, strlen(*word), 0);
	}
}

/* Its PID at each level below the first; there the same where there is but one. */
static void write_pids_inside(FILE *out, const struct process *process)
{
	if (process->n_nspid < 2)
		fprintf(out, "%jd", (intmax_t)process->pid);
	for (size_t i = 1; i < process->n_nspid; i++)
		fprintf(out, "%s%jd", i > 1 ? "/" : "", (intmax_t)process->nspid[i]);
}

static void draw_process(
        const struct detail *detail, const struct process *process, struct line *line)
{
	const struct detail_source *source = &detail->source;
	_cleanup_text_ struct text inside, user, command;
	char pid[32], started[STARTED_SIZE];

	text_init(&inside);
	text_init(&user);
	text_init(&command);
	snprintf(pid, sizeof(pid), "%jd", (intmax_t)process->pid);
	write_pids_inside(inside.out, process);
	write_user(user.out, process, source->names);
	started_write(started, &source->model->host, process, source->utc_offset);
	write_command(command.out, process);
	const char *const cells[] = {
	        pid, text_get(&inside), text_get(&user), started, text_get(&command)};
	process_columns(line, cells);
}

static void write_process_titles(struct detail *detail)
{
	static const char *const titles[] = {"PID", "INSIDE", "USER", "STARTED", "COMMAND"};

	if (detail->source.ns->n_processes) {
		process_columns(new_line(detail), titles);
		line_restyle(last_line(detail), STYLE_COLUMNS);
	} else if (!detail->source.is_gone) {
		new_fact(detail, "inside");
		add(detail, 0, GAP, "", "no process");
	}
}

/* --- all of it ------------------------------------------------------------------ */

void detail_build(struct detail *ret, const struct detail_source *source)
{
	*ret = (struct detail){.source = *source};
	if (!source->ns) {
		new_fact(ret, "above");
		add(ret, 0, GAP, "", "cannot be seen from here");
		return;
	}
	write_identity(ret);
	write_relations(ret);
	if (source->ns->type == NS_PID)
		write_init(ret);
	if (source->ns->type == NS_USER) {
		write_owned(ret);
		write_maps(ret);
	}
	write_holders(ret);
	write_numbers(ret);
	write_process_titles(ret);
}

void detail_release(struct detail *detail)
{
	for (size_t i = 0; i < detail->n_facts; i++)
		line_release(&detail->facts[i]);
	free(detail->facts);
	*detail = (struct detail){0};
}

size_t detail_count(const struct detail *detail)
{
	return detail->n_facts + (detail->source.ns ? detail->source.ns->n_processes : 0);
}

const struct process *detail_process(const struct detail *detail, size_t index)
{
	if (index < detail->n_facts || index >= detail_count(detail))
		return NULL;
	return detail->source.ns->processes[index - detail->n_facts];
}

void detail_draw(struct detail *detail, size_t index, struct frame_row *ret)
{
	struct line line;

	if (index < detail->n_facts) {
		line_take(&detail->facts[index], ret);
		return;
	}
	line_init(&line, detail->source.columns, detail->source.is_ascii);
	draw_process(detail, detail_process(detail, index), &line);
	line_take(&line, ret);
}
