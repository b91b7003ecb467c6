/* SPDX-License-Identifier: Apache-2.0 */

/* The page of a container, of a systemd unit or session, and of their groups: a pod, the host (all
 * that is in no container), the units. */

#include "base/escape.h"
#include "base/memory.h"
#include "base/text.h"
#include "ui/detail/detail.h"
#include "view/partial.h"
#include "view/sentence.h"
#include "view/sharing.h"
#include "view/words.h"
#include "view/words_container.h"
#include "view/words_sharing.h"

/* --- what it is called, and by whom ------------------------------------------------------- */

/* A fact on lines of its own, unless the text is not known. */
static void write_fact(struct detail *detail, const char *name, const char *raw)
{
	if (!raw)
		return;
	_cleanup_free_ char *text = escape_name(raw);
	detail_new_fact(detail, name);
	detail_add_piece(detail, text, detail_nowhere);
}

static void write_unread(struct detail *detail, const struct container *container)
{
	_cleanup_text_ struct text reason;

	text_init_within(&reason, DETAIL_TEXT_MAX);
	words_container_unread(reason.out, container);
	detail_add(detail, 28, "name not read: ", text_get(&reason));
}

static void write_kind(struct detail *detail)
{
	const struct container *container = detail->source.container;

	detail_new_fact(detail, "kind");
	detail_add_name(detail, 0, "", container->kind_name);
	if (container->name)
		detail_add_name(detail, 28, "name   ", container->name);
	else if (container->name_error)
		write_unread(detail, container);
	if (container->is_sandbox)
		detail_add(detail, 55, "", "keeps the namespaces of its pod");
	if (detail->source.is_gone)
		detail_add(detail, 0, "", "gone");
}

static void write_pod(struct detail *detail)
{
	const struct container *container = detail->source.container;

	if (!container->pod && !container->pod_id)
		return;
	detail_new_fact(detail, "pod");
	detail_add_name(detail, 0, "", container->pod ? container->pod : "?");
	if (container->pod_namespace)
		detail_add_name(detail, 28, "namespace ", container->pod_namespace);
	if (container->pod_id)
		detail_add_name(detail, 0, "id ", container->pod_id);
}

enum { SOURCE_COLUMN = 28 };

/* The level of trust in its name, and the source of the name. */
static void write_trust(struct detail *detail)
{
	const struct container *container = detail->source.container;
	_cleanup_text_ struct text trust;

	text_init_within(&trust, DETAIL_TEXT_MAX);
	words_container_trust(trust.out, container, detail->source.names);
	detail_new_fact(detail, "trust");
	detail_add(detail, 0, "", text_get(&trust));
	if (!container->source)
		return;
	_cleanup_text_ struct text source;
	text_init_within(&source, detail->source.columns);
	escape_write_name(source.out, container->source, 0);
	if (SOURCE_COLUMN + 7 + line_width(text_get(&source), detail->source.is_ascii) <=
	        detail->source.columns)
		detail_add(detail, SOURCE_COLUMN, "from   ", text_get(&source));
	else
		write_fact(detail, "from", container->source);
}

static void write_outer(struct detail *detail)
{
	const struct container *outer = detail->source.container->outer;

	if (!outer)
		return;
	detail_new_fact(detail, "within");
	detail_add_container(detail, 0, "", outer);
}

static void write_leader(struct detail *detail)
{
	const struct process *leader = detail->source.container->leader;

	if (!leader)
		return;
	detail_new_fact(detail, "leader");
	detail_add_process(detail, 0, "", leader);
	write_fact(detail, "cgroup", leader->cgroup);
}

/* --- its namespaces ----------------------------------------------------------------------- */

enum { NS_COLUMN = 2, NS_WIDTH = 20, SHARING_COLUMN = NS_COLUMN + NS_WIDTH + 8 };

/* Why its namespace is not known. */
static const char *why_unknown(const struct detail *detail, const struct container *container)
{
	const struct model *model = detail->source.model;
	const struct process *leader = container->leader;

	for (size_t i = 0; leader && i < model->n_notes; i++) {
		const struct note *note = &model->notes[i];

		if (note->pid == leader->pid && note->error)
			return words_error(&model->host, note->error);
	}
	return leader ? "unknown" : "unknown (no process to read it from)";
}

/* The line of a namespace: its number, a reference, and its processes. */
static struct line *begin_ns(struct detail *detail, enum nstype type, const struct ns *ns)
{
	struct line *line = page_add(&detail->facts);
	_cleanup_text_ struct text text;

	text_init_within(&text, DETAIL_TEXT_MAX);
	line_pad(line, NS_COLUMN);
	if (!ns) {
		line_field(line, STYLE_PLAIN, nstype_name(type), NS_WIDTH, false);
		line_pad(line, SHARING_COLUMN);
		return line;
	}
	const size_t start = line->len;
	words_ns(text.out, ns);
	line_add(line, STYLE_PLAIN, text_get(&text));
	detail_mark_ref(detail, start, NS_COLUMN, detail_to_ns(ns));
	line_pad(line, NS_COLUMN + NS_WIDTH);
	line_printf(line, STYLE_PLAIN, "%5zu%s", ns->n_processes,
	        partial_plus(detail->source.model, ns));
	line_pad(line, SHARING_COLUMN);
	return line;
}

static void write_ns(struct detail *detail, const struct container *container, enum nstype type)
{
	const struct model *model = detail->source.model;
	const struct ns *ns = sharing_ns(container, type);
	struct line *line = begin_ns(detail, type, ns);
	struct sharing_list others;
	_cleanup_text_ struct text text;

	text_init_within(&text, DETAIL_TEXT_MAX);
	if (!ns && sharing_of(model, container, type) != SHARING_NONE) {
		line_add(line, STYLE_PLAIN, why_unknown(detail, container));
		return;
	}
	words_sharing(text.out, model, container, type);
	if (!ns || sharing_of(model, container, type) == SHARING_HOST) {
		line_add(line, STYLE_PLAIN, text_get(&text));
		return;
	}
	sharing_others(&others, ns, container);
	const size_t n = others.n;
	/* A single one is named by the words. */
	const size_t start = line->len;
	const int column = line->columns;
	line_add(line, STYLE_PLAIN, text_get(&text));
	if (n == 1)
		detail_mark_ref(detail, start, column, detail_to_container(others.all[0]));
	else if (n)
		detail_add_containers(detail, ns, container);
	sharing_release(&others);
}

static void write_titles(struct detail *detail, const char *last)
{
	struct line *line = page_add(&detail->facts);

	line_pad(line, NS_COLUMN);
	line_field(line, STYLE_PLAIN, "NAMESPACE", NS_WIDTH, false);
	line_add(line, STYLE_PLAIN, "PROCS");
	line_pad(line, SHARING_COLUMN);
	line_add(line, STYLE_PLAIN, last);
	line_restyle(line, STYLE_COLUMNS);
}

static void write_namespaces(struct detail *detail)
{
	write_titles(detail, "WHOSE");
	for (enum nstype type = 0; type < NS_TYPES; type++)
		write_ns(detail, detail->source.container, type);
}

/* The IDs of the host for IDs in it, unless it is in the user namespace of the host. */
static void write_map(struct detail *detail)
{
	const struct container *container = detail->source.container;
	const struct ns *user = sharing_ns(container, NS_USER);

	if (!user || sharing_of(detail->source.model, container, NS_USER) == SHARING_HOST)
		return;
	page_ns_write_map(detail, "uid map", user, &user->uid_map);
}

/* --- the host ----------------------------------------------------------------------------- */

/* Each of its namespaces, and the containers that have it, too: by name, unless all do. */
static void write_host_ns(struct detail *detail, enum nstype type)
{
	const struct model *model = detail->source.model;
	const struct ns *ns = sharing_host(model, type);
	struct line *line = begin_ns(detail, type, ns);
	struct sharing_list list;

	if (!ns) {
		line_add(line, STYLE_PLAIN,
		        sharing_lacks(model, type) ? "this kernel has none" : "unknown");
		return;
	}
	const char *const plus = partial_plus(model, ns);
	sharing_others(&list, ns, NULL);
	const size_t n = list.n;
	sharing_release(&list);
	if (n > 1 && n == model_count_containers(model)) {
		line_printf(line, STYLE_PLAIN, "all %zu%s containers", n, plus);
		return;
	}
	if (n)
		line_printf(line, STYLE_PLAIN, "%zu%s container%s:", n, plus, n == 1 ? "" : "s");
	else
		line_add(line, STYLE_PLAIN, *plus ? "no container known" : "no container");
	detail_add_containers(detail, ns, NULL);
}

static void write_host(struct detail *detail)
{
	write_titles(detail, "SHARED WITH");
	for (enum nstype type = 0; type < NS_TYPES; type++)
		write_host_ns(detail, type);
}

/* --- a pod -------------------------------------------------------------------------------- */

static void write_containers_of_pod(struct detail *detail)
{
	const struct model *model = detail->source.model;
	const struct container *pod = detail->source.pod;

	write_fact(detail, "id", pod->pod_id);
	detail_new_fact(detail, "has");
	for (size_t i = 0; i < model->n_containers; i++) {
		const struct container *container = model->containers[i];

		if (!container->outer && sharing_is_same_pod(container, pod))
			detail_add_container(detail, 0, "", container);
	}
}

/* --- the whole page ----------------------------------------------------------------------- */

static void write_sentence(struct detail *detail)
{
	const struct detail_source *source = &detail->source;
	_cleanup_text_ struct text text;

	text_init_within(&text, DETAIL_TEXT_MAX);
	if (source->container)
		sentence_container(text.out, source->model, source->container, source->utc_offset);
	else if (source->group == GROUP_HOST)
		sentence_host(text.out, source->model);
	else if (source->group == GROUP_POD)
		sentence_pod(text.out, source->model, source->pod);
	else
		fputs("systemd units that have namespaces of their own", text.out);
	detail_add_sentence(detail, text_get(&text), DETAIL_SENTENCE_LINES);
}

static void write_container(struct detail *detail)
{
	const struct container *container = detail->source.container;

	write_kind(detail);
	write_fact(detail, "id", container->id);
	write_fact(detail, "image", container->image);
	write_pod(detail);
	write_fact(detail, "unit", container->unit);
	write_trust(detail);
	write_outer(detail);
	write_leader(detail);
	write_namespaces(detail);
	write_map(detail);
}

void page_container_write(struct detail *detail)
{
	write_sentence(detail);
	if (detail->source.container)
		write_container(detail);
	else if (detail->source.group == GROUP_HOST)
		write_host(detail);
	else if (detail->source.group == GROUP_POD)
		write_containers_of_pod(detail);
}
