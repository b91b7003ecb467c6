/* SPDX-License-Identifier: Apache-2.0 */
#include "base/escape.h"
#include "base/memory.h"
#include "base/text.h"
#include "ui/detail/detail.h"
#include "view/command.h"
#include "view/partial.h"
#include "view/sentence.h"
#include "view/sharing.h"
#include "view/words.h"
#include "view/words_sharing.h"

#include <inttypes.h>
#include <string.h>

/* --- identity ----------------------------------------------------------------------------- */

static const char *state_word(char state)
{
	static const struct {
		char state;
		const char *word;
	} words[] = {{'R', "running"}, {'S', "sleeping"}, {'D', "uninterruptible"}, {'Z', "zombie"},
	        {'T', "stopped"}, {'t', "traced"}, {'X', "dead"}, {'I', "idle"}};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (words[i].state == state)
			return words[i].word;
	}
	return "unknown";
}

enum { COMMAND_LINES = 3 }; /* of a long command line, unless the rest is unfolded */

/* Adds each argument as a piece. */
static void add_arguments(struct detail *detail, const char *name)
{
	const struct process *process = detail->source.process;
	_cleanup_text_ struct text text;

	text_init(&text);
	detail_new_fact(detail, name);
	for (size_t i = 0; process->cmdline[i]; i++) {
		command_write_argument(text_restart(&text), process->cmdline[i]);
		detail_add_piece(detail, text_get(&text), detail_nowhere);
	}
	if (process->is_cmdline_cut)
		detail_add_piece(detail, "(cut)", detail_nowhere);
}

/* The first lines of the command line, so that the other facts are in view, and the rest below a
 * line with their number. */
static void write_arguments(struct detail *detail)
{
	const size_t first = detail->facts.n;
	char text[64];

	add_arguments(detail, "command");
	const size_t n = detail->facts.n - first;
	if (n <= COMMAND_LINES + 1 || detail->source.is_text)
		return;
	page_remove(&detail->facts, first + COMMAND_LINES, n - COMMAND_LINES);
	snprintf(text, sizeof(text), "%zu more lines", n - COMMAND_LINES);
	if (!detail_add_fold(detail, DETAIL_FOLD_COMMAND, text))
		return;
	const size_t again = detail->facts.n;
	add_arguments(detail, "");
	page_remove(&detail->facts, again, COMMAND_LINES);
}

/* Its command line, or its name, and why the command line is not known. */
static void write_command(struct detail *detail)
{
	const struct process *process = detail->source.process;

	if (detail->source.with_cmdlines && command_is_known(process)) {
		write_arguments(detail);
		return;
	}
	_cleanup_text_ struct text text;
	text_init_within(&text, DETAIL_TEXT_MAX);
	detail_new_fact(detail, "command");
	words_process_name(text.out, process);
	detail_add_piece(detail, text_get(&text), detail_nowhere);
	if (!detail->source.with_cmdlines)
		return;
	command_write(text_restart(&text), &detail->source.model->host, process);
	detail_add_piece(detail, text_get(&text), detail_nowhere);
}

/* The words for what is not known of the process. */
static const char *why_unknown(const struct detail *detail)
{
	const struct process *process = detail->source.process;

	if (process->state == 'Z' || process->state == 'X')
		return "the process has exited";
	for (size_t i = 0; i < detail->source.model->n_notes; i++) {
		const struct note *note = &detail->source.model->notes[i];

		if (note->pid == process->pid && (note->error == EACCES || note->error == EPERM))
			return words_error(&detail->source.model->host, note->error);
	}
	return "unknown";
}

static void write_identity(struct detail *detail)
{
	const struct process *process = detail->source.process;
	_cleanup_text_ struct text user, started;
	char state[32];

	text_init_within(&user, DETAIL_TEXT_MAX);
	text_init_within(&started, DETAIL_TEXT_MAX);
	if (process->uid_state == REL_FAILED)
		fputs(why_unknown(detail), user.out);
	else
		words_process_user_long(user.out, process, detail->source.names);
	detail_new_fact(detail, "user");
	detail_add(detail, 0, "", text_get(&user));
	snprintf(state, sizeof(state), "%c %s", process->state ? process->state : '?',
	        state_word(process->state));
	detail_add(detail, 28, "state  ", state);
	words_started(started.out, &detail->source.model->host, process, detail->source.utc_offset,
	        false);
	detail_add(detail, 55, "started ", text_get(&started));
	if (detail->source.is_gone)
		detail_add(detail, 0, "", "gone");
}

/* Adds the container that it is in, what that claims of nested ones, and the systemd unit or
 * session, to the line of its PIDs. */
static void add_containers(struct detail *detail)
{
	const struct process *process = detail->source.process;

	if (process->container)
		detail_add_container(detail, 28, "in ", process->container);
	else if (process->container_state != REL_KNOWN)
		detail_add(detail, 28, "container ", words_state(process->container_state));
	if (process->claim)
		detail_add_container(detail, 0, "claims ", process->claim);
	if (process->label) {
		_cleanup_free_ char *kind = escape_name(process->label->kind_name);
		_cleanup_free_ char *name = memory_printf("%s ", kind);

		detail_add_container(detail, 28, name, process->label);
	}
}

/* Its PIDs from the outermost PID namespace to its own. */
static void write_pids(struct detail *detail)
{
	const struct process *process = detail->source.process;
	_cleanup_text_ struct text pids;

	text_init_within(&pids, DETAIL_TEXT_MAX);
	for (size_t i = 0; i < process->n_nspid; i++)
		fprintf(pids.out, "%s%jd", i ? " / " : "", (intmax_t)process->nspid[i]);
	if (!process->n_nspid)
		fprintf(pids.out, "%jd", (intmax_t)process->pid);
	detail_new_fact(detail, "PID");
	detail_add_piece(detail, text_get(&pids), detail_nowhere);
	if (process->is_self)
		detail_add(detail, 0, "", WORDS_SELF);
	add_containers(detail);
}

static void write_parent(struct detail *detail)
{
	const struct process *process = detail->source.process;
	const struct process *parent = model_find_process(detail->source.model, process->ppid);

	detail_new_fact(detail, "parent");
	if (parent)
		detail_add_process(detail, 0, "", parent);
	else if (!process->state)
		detail_add(detail, 0, "", why_unknown(detail));
	else if (process->ppid)
		detail_add_number(detail, 0, "", "PID %jd", (intmax_t)process->ppid);
	else
		detail_add(
		        detail, 0, "", process->pid == 1 ? "none" : "none, or outside this view");
}

static void write_cgroup(struct detail *detail)
{
	const struct process *process = detail->source.process;

	if (!process->cgroup)
		return;
	_cleanup_free_ char *cgroup = escape_name(process->cgroup);
	detail_new_fact(detail, "cgroup");
	detail_add_piece(detail, cgroup, detail_nowhere);
}

/* --- its namespaces ----------------------------------------------------------------------- */

enum { NS_COLUMN = 2, NS_WIDTH = 20, COMPARED_WIDTH = 9 };

static void add_compared(
        struct line *line, const struct ns *ns, const struct process *other, enum nstype type)
{
	const char *word = "differs";

	if (!other || !other->ns[type])
		word = "unknown";
	else if (other->ns[type] == ns)
		word = "same";
	line_field(line, STYLE_PLAIN, word, COMPARED_WIDTH, false);
}

static void write_ns(struct detail *detail, enum nstype type, const struct process *first,
        const struct process *self)
{
	const struct ns *ns = detail->source.process->ns[type];
	struct line *line = page_add(&detail->facts);
	_cleanup_text_ struct text text;

	text_init_within(&text, DETAIL_TEXT_MAX);
	line_pad(line, NS_COLUMN);
	if (!ns) {
		line_field(line, STYLE_PLAIN, nstype_name(type), NS_WIDTH, false);
		line_add(line, STYLE_PLAIN, why_unknown(detail));
		return;
	}
	const size_t start = line->len;
	words_ns(text.out, ns);
	line_add(line, STYLE_PLAIN, text_get(&text));
	detail_mark_ref(detail, start, NS_COLUMN, detail_to_ns(ns));
	line_pad(line, NS_COLUMN + NS_WIDTH);
	line_printf(line, STYLE_PLAIN, "%5zu%-2s", ns->n_processes,
	        partial_plus(detail->source.model, ns));
	add_compared(line, ns, first, type);
	if (self)
		add_compared(line, ns, self, type);
	words_sharing_process(
	        text_restart(&text), detail->source.model, detail->source.process, type);
	line_pad(line, line->columns + 1);
	line_add(line, STYLE_PLAIN, text_get(&text));
}

static void write_namespaces(struct detail *detail)
{
	const struct model *model = detail->source.model;
	const struct process *first = model_find_process(model, 1);
	const struct process *self =
	        detail->source.self ? model_find_process(model, detail->source.self) : NULL;
	struct line *line = page_add(&detail->facts);

	line_pad(line, NS_COLUMN);
	line_field(line, STYLE_PLAIN, "NAMESPACE", NS_WIDTH, false);
	line_add(line, STYLE_PLAIN, "PROCS  ");
	line_field(line, STYLE_PLAIN, "PID 1'S", COMPARED_WIDTH, false);
	if (self)
		line_add(line, STYLE_PLAIN, "NSBROWSE'S");
	line_pad(line, line->columns + 1);
	line_add(line, STYLE_PLAIN, "WHOSE");
	line_restyle(line, STYLE_COLUMNS);
	for (enum nstype type = 0; type < NS_TYPES; type++)
		write_ns(detail, type, first, self);
}

/* --- other namespaces that it holds ------------------------------------------------------- */

/* `fd 5 on `, `socket fd 9 of thread 43 in ` */
static void write_descriptor(FILE *out, const struct holder *holder)
{
	const bool is_socket = holder->kind == HOLDER_SOCKET;

	fprintf(out, "%s %d", is_socket ? "socket fd" : "fd", holder->fd);
	if (holder->tid)
		fprintf(out, " of thread %jd", (intmax_t)holder->tid);
	fputs(is_socket ? " in " : " on ", out);
}

/* True if `ns` is that of the next child, which will be its first process: a pidfd gave its number
 * (Linux 6.11). */
static bool is_for_first_child(
        const struct process *process, const struct ns *ns, const struct holder *holder)
{
	return process->is_unborn && holder->kind == HOLDER_FOR_CHILDREN && ns->type == NS_PID &&
	       holder->pid == process->pid && ns->n_processes == 0;
}

static bool holds_unborn(const struct model *model, const struct process *process)
{
	for (size_t i = 0; process->is_unborn && i < model->n_namespaces; i++) {
		const struct ns *const ns = model->namespaces[i];

		for (size_t k = 0; ns->type == NS_PID && k < ns->n_holders; k++) {
			if (is_for_first_child(process, ns, &ns->holders[k]))
				return true;
		}
	}
	return false;
}

/* Adds `fd 5 on net:[4026531840]`. */
static void add_held(struct detail *detail, const struct ns *ns, const struct holder *holder)
{
	_cleanup_text_ struct text text;

	text_init_within(&text, DETAIL_TEXT_MAX);
	if (holder->kind == HOLDER_THREAD)
		fprintf(text.out, "thread %jd in ", (intmax_t)holder->tid);
	else if (holder->kind == HOLDER_FD || holder->kind == HOLDER_SOCKET)
		write_descriptor(text.out, holder);
	else if (holder->kind == HOLDER_FOR_CHILDREN)
		fputs("link for children to ", text.out);
	else if (holder->kind != HOLDER_OTHER)
		return;
	words_ns(text.out, ns);
	if (is_for_first_child(detail->source.process, ns, holder))
		fputs(", without a first process yet", text.out);
	detail_add_ref(detail, 0, DETAIL_GAP, "", text_get(&text), detail_to_ns(ns));
}

/* Its threads and descriptors that hold other namespaces than its own. */
static void write_holds(struct detail *detail)
{
	const struct model *model = detail->source.model;
	const struct process *const process = detail->source.process;
	bool is_begun = process->is_unborn && !holds_unborn(model, process);

	if (is_begun) {
		detail_new_fact(detail, "holds");
		detail_add_piece(detail,
		        "a PID namespace for its next child, without a known number",
		        detail_nowhere);
	}
	for (size_t i = 0; i < model->n_namespaces; i++) {
		const struct ns *ns = model->namespaces[i];

		for (size_t k = 0; k < ns->n_holders; k++) {
			const struct holder *holder = &ns->holders[k];

			if (holder->pid != process->pid || holder->kind == HOLDER_MOUNT)
				continue;
			if (!is_begun)
				detail_new_fact(detail, "holds");
			is_begun = true;
			add_held(detail, ns, holder);
		}
	}
}

/* --- facts that were read for this page --------------------------------------------------- */

/* Writes an ID of a process, or that it is not mapped. */
static char *id_text(const struct overflow_id *overflow, uint32_t id)
{
	_cleanup_text_ struct text text;

	text_init_within(&text, DETAIL_TEXT_MAX);
	if (!words_unmapped(text.out, model_id_state(overflow, id), id))
		fprintf(text.out, "%" PRIu32, id);
	return text_take(&text);
}

static void write_ids(struct detail *detail, const char *name, const struct overflow_id *overflow,
        const uint32_t *ids)
{
	static const char *const kinds[PROCESS_IDS] = {
	        [PROCESS_ID_REAL] = "real ",
	        [PROCESS_ID_EFFECTIVE] = "effective ",
	        [PROCESS_ID_SAVED] = "saved ",
	        [PROCESS_ID_FS] = "file system ",
	};
	bool is_same = true;

	for (size_t i = 1; i < PROCESS_IDS; i++)
		is_same &= ids[i] == ids[0];
	detail_new_fact(detail, name);
	for (size_t i = 0; i < (is_same ? 1 : PROCESS_IDS); i++) {
		_cleanup_free_ char *text = id_text(overflow, ids[i]);

		detail_add(detail, 0, is_same ? "" : kinds[i], text);
	}
}

static void write_groups(struct detail *detail, const struct process_facts *facts)
{
	const struct overflow_id *overflow = &detail->source.model->host.overflow_gid;
	const size_t n = MIN(facts->n_groups, (size_t)PROCESS_GROUPS_MAX);
	_cleanup_free_ char *unmapped = id_text(overflow, overflow->id);
	size_t n_unmapped = 0;

	detail_new_fact(detail, "groups");
	for (size_t i = 0; i < n; i++) {
		char text[32];

		if (model_id_state(overflow, facts->groups[i]) != REL_KNOWN) {
			n_unmapped++;
			continue;
		}
		snprintf(text, sizeof(text), "%" PRIu32, facts->groups[i]);
		detail_add_piece(detail, text, detail_nowhere);
	}
	if (n_unmapped)
		detail_add_number(detail, 0, "", "%s%zu %s", n_unmapped < n ? "and " : "",
		        n_unmapped, unmapped);
	if (facts->n_groups > PROCESS_GROUPS_MAX)
		detail_add_number(
		        detail, 0, "", "and %zu more", facts->n_groups - PROCESS_GROUPS_MAX);
	if (!facts->n_groups)
		detail_add(detail, 0, "", "none");
}

/* Adds word by word: lines are wrapped between words. */
static void add_words(struct detail *detail, const char *text)
{
	while (*text) {
		const size_t len = strcspn(text, " ");
		_cleanup_free_ char *word = memory_printf("%.*s", (int)len, text);

		detail_add_piece(detail, word, detail_nowhere);
		text += len + strspn(text + len, " ");
	}
}

static void write_caps(struct detail *detail, const struct process_facts *facts)
{
	static const struct {
		enum process_caps set;
		const char *name;
	} sets[] = {{PROCESS_CAPS_EFFECTIVE, "cap eff"}, {PROCESS_CAPS_PERMITTED, "cap perm"},
	        {PROCESS_CAPS_INHERITABLE, "cap inh"}, {PROCESS_CAPS_BOUNDING, "cap bnd"},
	        {PROCESS_CAPS_AMBIENT, "cap amb"}};

	for (size_t i = 0; i < ARRAY_SIZE(sets); i++) {
		_cleanup_text_ struct text text;

		text_init_within(&text, DETAIL_TEXT_MAX);
		words_capabilities(text.out, facts->caps[sets[i].set]);
		detail_new_fact(detail, sets[i].name);
		add_words(detail, text_get(&text));
	}
}

static void write_facts(struct detail *detail, const struct process_facts *facts)
{
	static const char *const seccomp[] = {"off", "strict", "filter"};
	const struct host *host = &detail->source.model->host;

	if (facts->error) {
		detail_new_fact(detail, "rights");
		detail_add(detail, 0, "",
		        facts->error == ESRCH || facts->error == ENOENT
		                ? "could not be read: the process has exited"
		                : words_error(host, facts->error));
		return;
	}
	write_ids(detail, "uid", &host->overflow_uid, facts->uids);
	write_ids(detail, "gid", &host->overflow_gid, facts->gids);
	write_groups(detail, facts);
	write_caps(detail, facts);
	detail_new_fact(detail, "limits");
	if (facts->is_no_new_privs_known)
		detail_add(detail, 0, "no_new_privs ", facts->no_new_privs ? "yes" : "no");
	if (facts->is_seccomp_known && facts->seccomp < ARRAY_SIZE(seccomp))
		detail_add(detail, 0, "seccomp ", seccomp[facts->seccomp]);
	detail_add_number(detail, 0, "threads ", "%u", facts->threads);
}

static void write_sentence(struct detail *detail)
{
	const struct detail_source *source = &detail->source;
	_cleanup_text_ struct text text;

	text_init_within(&text, DETAIL_TEXT_MAX);
	sentence_process(text.out, source->model, source->process, source->utc_offset);
	detail_add_sentence(detail, text_get(&text), 1);
}

void page_process_write(struct detail *detail)
{
	/* What has gone is described by its facts only. */
	if (!detail->source.is_gone)
		write_sentence(detail);
	write_command(detail);
	write_identity(detail);
	write_pids(detail);
	write_parent(detail);
	write_cgroup(detail);
	write_namespaces(detail);
	write_holds(detail);
	if (detail->source.facts)
		write_facts(detail, detail->source.facts);
}
