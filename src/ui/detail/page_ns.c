/* SPDX-License-Identifier: Apache-2.0 */
#include "base/memory.h"
#include "base/text.h"
#include "model/identity.h"
#include "ui/detail/detail.h"
#include "view/partial.h"
#include "view/sentence.h"
#include "view/sharing.h"
#include "view/words.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
	/* Holders and groups of them, unless the rest is unfolded: so that processes are in view.
	 */
	SINGLES_MAX = 8,
	GROUPS_MAX = 4,
	MEMBER_COLUMN = DETAIL_INDENT + 2,
};

/* Counts descendants, without recursion: a snapshot may be arbitrarily deep. */
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

/* The user who owns it: for other types than user the owner of the user namespace that owns it. */
static void add_owner(struct detail *detail)
{
	const struct ns *ns = detail->source.ns;
	const struct ns *user = ns->type == NS_USER ? ns : ns->owner.ns;
	_cleanup_text_ struct text text;

	text_init_within(&text, DETAIL_TEXT_MAX);
	if (!user)
		fputs(detail_unknown(detail, ns->owner.state, ns), text.out);
	else if (!model_has_id(user->owner_uid_state) && user->owner_uid_state != REL_UNMAPPED)
		fputs(detail_unknown(detail, user->owner_uid_state, user), text.out);
	else
		words_owner_user(text.out, user, detail->source.names);
	detail_add(detail, 28, "owner  ", text_get(&text));
}

static void write_identity(struct detail *detail)
{
	const struct ns *ns = detail->source.ns;

	detail_new_fact(detail, "type");
	detail_add(detail, 0, "", nstype_name(ns->type));
	add_owner(detail);
	if (nstype_is_hierarchical(ns->type) && !identity_is_unread(ns)) {
		_cleanup_text_ struct text text;

		text_init_within(&text, DETAIL_TEXT_MAX);
		words_depth(text.out, ns);
		detail_add(detail, 54, "depth ", text_get(&text));
	}
	if (detail->source.is_gone)
		detail_add(detail, 0, "", "gone");
}

static void write_children(struct detail *detail)
{
	const struct ns *ns = detail->source.ns;
	const char *const plus = partial_plus(detail->source.model, ns);
	char text[32];

	if (model_is_partial_by(detail->source.model, PARTIAL_NO_RELATIONS)) {
		detail_add(detail, 39, "children ", "unknown");
		return;
	}
	snprintf(text, sizeof(text), "%zu%s", ns->n_children, plus);
	detail_add_ref(detail, 39, DETAIL_GAP, "children ", text,
	        detail_to_ns(ns->n_children ? ns->children[0] : NULL));
	detail_add_number(detail, 54, "descendants ", "%zu%s", count_descendants(ns), plus);
}

static void write_relations(struct detail *detail)
{
	const struct ns *ns = detail->source.ns;

	if (nstype_is_hierarchical(ns->type)) {
		detail_new_fact(detail, "parent");
		detail_add_relation(detail, &ns->parent);
	}
	if (nstype_is_hierarchical(ns->type) && !identity_is_unread(ns))
		write_children(detail);
	if (ns->type != NS_USER) {
		detail_new_fact(detail, "owned by");
		detail_add_relation(detail, &ns->owner);
	}
}

static const char *why_none_owned(const struct detail *detail)
{
	if (identity_is_unread(detail->source.ns))
		return words_state(REL_UNREAD);
	return model_is_partial_by(detail->source.model, PARTIAL_NO_RELATIONS)
	               ? words_state(REL_UNSUPPORTED)
	               : "nothing";
}

/* The number of owned namespaces of each type, a reference to the first of them. */
static void write_owned(struct detail *detail)
{
	const struct ns *ns = detail->source.ns;
	const char *const plus = partial_plus(detail->source.model, ns);

	detail_new_fact(detail, "owns");
	for (size_t i = 0, n; i < ns->n_owned; i += n) {
		const enum nstype type = ns->owned[i]->type;
		char text[64];

		for (n = 0; i + n < ns->n_owned && ns->owned[i + n]->type == type;)
			n++;
		snprintf(text, sizeof(text), "%s %zu%s", nstype_name(type), n, plus);
		detail_add_ref(detail, 0, 2, "", text, detail_to_ns(ns->owned[i]));
	}
	if (!ns->n_owned)
		detail_add(detail, 0, "", why_none_owned(detail));
}

void page_ns_write_map(
        struct detail *detail, const char *name, const struct ns *user, const struct id_map *map)
{
	detail_new_fact(detail, name);
	if (user->maps_state != REL_KNOWN) {
		detail_add(detail, 0, "", detail_unknown(detail, user->maps_state, user));
		return;
	}
	for (size_t i = 0; i < map->n; i++)
		detail_add_number(detail, 0, "", "%" PRIu32 " -> %" PRIu32 " x%" PRIu32,
		        map->ranges[i].inside, map->ranges[i].outside, map->ranges[i].count);
	if (!map->n)
		detail_add(detail, 0, "", "not written yet");
}

static void write_maps(struct detail *detail)
{
	static const char *const words[] = {
	        [SETGROUPS_UNKNOWN] = "unknown",
	        [SETGROUPS_ALLOW] = "allow",
	        [SETGROUPS_DENY] = "deny",
	};
	const struct ns *ns = detail->source.ns;

	page_ns_write_map(detail, "uid map", ns, &ns->uid_map);
	if (ns->maps_state == REL_KNOWN)
		detail_add(detail, 55, "setgroups ", words[ns->setgroups]);
	page_ns_write_map(detail, "gid map", ns, &ns->gid_map);
}

/* --- holders: what keeps it alive (namespaces(7)) ----------------------------------------- */

/* Pieces with `;` between them: a piece is added when the next one is known, or the end. */
struct holder_pieces {
	struct detail *detail;
	char *text; /* of the last piece, not added yet; NULL: none */
	struct target target;
};

static void list_flush(struct holder_pieces *list, const char *end)
{
	if (!list->text)
		return;
	char *piece = memory_printf("%s%s", list->text, end);
	detail_add_piece(list->detail, piece, list->target);
	free(piece);
	free(list->text);
	list->text = NULL;
}

/* Owns `text` from now on. */
static void list_add(struct holder_pieces *list, char *text, struct target target)
{
	list_flush(list, ";");
	list->text = text;
	list->target = target;
}

static struct target target_of_holder(const struct model *model, const struct holder *holder)
{
	switch (holder->kind) {
	case HOLDER_MOUNT:
		return detail_to_ns(model_find(model, NS_MNT, holder->mnt));
	case HOLDER_CHILD:
	case HOLDER_OWNS:
		return detail_to_ns(holder->ns);
	default:
		return detail_to_process(model_find_process(model, holder->pid));
	}
}

static void add_holder(
        struct holder_pieces *list, const struct model *model, const struct holder *holder)
{
	struct text text;

	text_init(&text);
	words_holder(text.out, model, holder);
	list_add(list, text_take(&text), target_of_holder(model, holder));
}

/* Children and owned namespaces, of which there may be many, are only counted. */
static bool is_counted(const struct holder *holder)
{
	return holder->kind == HOLDER_CHILD || holder->kind == HOLDER_OWNS;
}

static bool is_rest_shown(const struct detail *detail)
{
	return detail_is_unfolded(detail, DETAIL_FOLD_REST);
}

/* Adds the holders that are no groups. Returns how many of them are more than SINGLES_MAX. */
static size_t add_singles(struct holder_pieces *list, const struct detail *detail)
{
	const struct ns *ns = detail->source.ns;
	const bool with_rest = is_rest_shown(detail);
	size_t n = 0;

	for (size_t i = 0, end; i < ns->n_holders; i = end) {
		end = words_holder_group_end(ns, i);
		if (end - i > 1 || is_counted(&ns->holders[i]))
			continue;
		if (n++ < SINGLES_MAX || with_rest)
			add_holder(list, detail->source.model, &ns->holders[i]);
	}
	return n > SINGLES_MAX ? n - SINGLES_MAX : 0;
}

/* The mount namespace of a mount, and a process that is in it. */
static void add_place(struct detail *detail, const struct holder *holder)
{
	const struct model *model = detail->source.model;
	const struct ns *mnt = model_find(model, NS_MNT, holder->mnt);
	_cleanup_text_ struct text text;

	text_init_within(&text, DETAIL_TEXT_MAX);
	line_pad(page_add(&detail->facts), MEMBER_COLUMN);
	if (!holder->mnt) {
		detail_add_ref(
		        detail, 0, 0, "", "a mount namespace that is not known", detail_nowhere);
		return;
	}
	fprintf(text.out, "mnt:[%" PRIu64 "]", holder->mnt);
	detail_add_ref(detail, 0, 0, "", text_get(&text), detail_to_ns(mnt));
	if (mnt && mnt->leader)
		detail_add_process(detail, 0, "", mnt->leader);
	else
		detail_add(detail, 0, "", mnt ? words_no_process(model, mnt) : "not in this view");
}

/* The same group in the next model. */
static uint64_t tag_of_group(const struct holder *holder)
{
	_cleanup_free_ char *text = memory_printf("%d %jd %jd %s", holder->kind,
	        (intmax_t)holder->pid, holder->kind == HOLDER_THREAD ? 0 : (intmax_t)holder->tid,
	        holder->path ? holder->path : "");

	return u64_set_hash(0, text, strlen(text));
}

static void add_group(struct detail *detail, size_t first, size_t end)
{
	const struct model *model = detail->source.model;
	const struct ns *ns = detail->source.ns;
	const bool is_mount = ns->holders[first].kind == HOLDER_MOUNT;
	struct holder_pieces list = {.detail = detail};
	_cleanup_text_ struct text text;

	text_init_within(&text, DETAIL_TEXT_MAX);
	words_holder_group(text.out, model, ns, first, end);
	if (!detail_add_fold(detail, tag_of_group(&ns->holders[first]), text_get(&text)))
		return;
	if (!is_mount)
		line_pad(page_add(&detail->facts), DETAIL_INDENT);
	for (size_t i = first; i < end; i++) {
		if (is_mount)
			add_place(detail, &ns->holders[i]);
		else
			add_holder(&list, model, &ns->holders[i]);
	}
	list_flush(&list, "");
}

/* Adds the groups, a line each. Returns how many holders are in those that are more than
 * GROUPS_MAX.
 */
static size_t add_groups(struct detail *detail)
{
	const struct ns *ns = detail->source.ns;
	const bool with_rest = is_rest_shown(detail);
	size_t n = 0, n_rest = 0;

	for (size_t i = 0, end; i < ns->n_holders; i = end) {
		end = words_holder_group_end(ns, i);
		if (end - i == 1)
			continue;
		if (++n > GROUPS_MAX)
			n_rest += end - i;
		if (n <= GROUPS_MAX || with_rest)
			add_group(detail, i, end);
	}
	return n_rest;
}

/* Adds the line that shows or hides the holders that are more than SINGLES_MAX and GROUPS_MAX, if
 * there are any. */
static void add_rest(struct detail *detail, size_t n)
{
	char text[64] = "fewer";

	if (!n)
		return;
	if (!is_rest_shown(detail))
		snprintf(text, sizeof(text), "and %zu%s more", n,
		        partial_plus(detail->source.model, NULL));
	detail_add_fold(detail, DETAIL_FOLD_REST, text);
}

/* Adds the only holder of a kind, or the number of them. */
static void add_counted(struct holder_pieces *list, const struct model *model, const struct ns *ns,
        enum holder_kind kind, const char *words)
{
	const struct holder *first = NULL;
	size_t n = 0;

	for (size_t i = 0; i < ns->n_holders; i++) {
		if (ns->holders[i].kind != kind)
			continue;
		if (!n++)
			first = &ns->holders[i];
	}
	if (n == 1)
		add_holder(list, model, first);
	else if (n > 1)
		list_add(list, memory_printf("%zu%s %s", n, partial_plus(model, ns), words),
		        target_of_holder(model, first));
}

static void write_holders(struct detail *detail)
{
	const struct model *model = detail->source.model;
	const struct ns *ns = detail->source.ns;
	struct holder_pieces list = {.detail = detail};
	_cleanup_text_ struct text text;

	text_init_within(&text, DETAIL_TEXT_MAX);
	detail_new_fact(detail, "held by");
	if (ns->n_processes) {
		words_n_processes(text.out, model, ns);
		list_add(&list, memory_strdup(text_get(&text)),
		        (struct target){.kind = TARGET_TABLE});
	}
	size_t n_rest = add_singles(&list, detail);
	add_counted(&list, model, ns, HOLDER_CHILD, "children");
	/* With processes the line `owns` is enough. */
	if (!ns->n_processes)
		add_counted(&list, model, ns, HOLDER_OWNS, "owned namespaces");
	if (!list.text && !ns->n_holders)
		list_add(&list, memory_strdup(words_nothing_known(ns)), detail_nowhere);
	list_flush(&list, "");
	n_rest += add_groups(detail);
	add_rest(detail, n_rest);
}

/* The containers that have processes in it, as references. */
static void write_containers(struct detail *detail)
{
	const struct ns *ns = detail->source.ns;
	struct sharing_list list;

	sharing_others(&list, ns, NULL);
	if (list.n) {
		detail_new_fact(detail, "used by");
		detail_add_containers(detail, ns, NULL);
	}
	sharing_release(&list);
}

/* --- the whole page ----------------------------------------------------------------------- */

static void write_sentence(struct detail *detail)
{
	const struct detail_source *source = &detail->source;
	_cleanup_text_ struct text text;

	text_init_within(&text, DETAIL_TEXT_MAX);
	sentence_ns(text.out, source->model, source->ns, source->utc_offset);
	detail_add_sentence(detail, text_get(&text), DETAIL_SENTENCE_LINES);
}

/* Why the process with PID 1 of a PID namespace is not in the model. */
static const char *why_no_init(const struct model *model, const struct ns *ns)
{
	if (model_is_partial_by(model, PARTIAL_UNREADABLE) ||
	        model_is_partial_by(model, PARTIAL_HIDEPID))
		return words_error(&model->host, EACCES);
	return *partial_plus(model, ns) ? words_state(REL_HIDDEN) : "no process with PID 1";
}

static void write_init(struct detail *detail)
{
	const struct ns *ns = detail->source.ns;
	const struct host *host = &detail->source.model->host;
	_cleanup_text_ struct text started;

	text_init_within(&started, DETAIL_TEXT_MAX);
	detail_new_fact(detail, "init");
	if (!ns->leader || model_pid_inside(ns->leader, ns) != 1) {
		detail_add(detail, 0, "", why_no_init(detail->source.model, ns));
		return;
	}
	detail_add_process(detail, 0, "", ns->leader);
	words_started(text_restart(&started), host, ns->leader, detail->source.utc_offset, false);
	detail_add(detail, 0, "started ", text_get(&started));
}

static void write_numbers(struct detail *detail)
{
	const struct ns *ns = detail->source.ns;

	detail_new_fact(detail, "inode");
	detail_add_number(detail, 0, "", "%" PRIu64, ns->inode);
	detail_add_number(detail, 28, "device  ", "%" PRIu64, ns->dev);
	if (ns->id)
		detail_add_number(detail, 39, "id ", "%" PRIu64, ns->id);
	else
		detail_add(detail, 39, "id ", "unknown");
	if (ns->leader && ns->type != NS_PID)
		detail_add_process(detail, 55, "leader ", ns->leader);
}

void page_ns_write(struct detail *detail)
{
	const struct ns *ns = detail->source.ns;

	/* What is gone is described by its facts only. */
	if (!detail->source.is_gone)
		write_sentence(detail);
	write_identity(detail);
	write_relations(detail);
	/* What all types have comes first: it stays in its place from row to row. */
	write_numbers(detail);
	write_holders(detail);
	if (ns->type == NS_PID)
		write_init(detail);
	if (ns->type == NS_USER) {
		write_owned(detail);
		write_maps(detail);
	}
	/* Many have none: what is above stays in its place. */
	write_containers(detail);
	page_facts_write(detail);
}
