/* SPDX-License-Identifier: Apache-2.0 */

/* The page of a mount, and the part of the page of a mount namespace that lists its mounts. */

#include "base/escape.h"
#include "base/memory.h"
#include "base/text.h"
#include "ui/detail/detail.h"
#include "view/mount_words.h"
#include "view/partial.h"
#include "view/umount.h"
#include "view/words.h"
#include "view/words_container.h"

#include <inttypes.h>
#include <string.h>

enum {
	/* Mount namespaces, and mounts of one of them, unless the rest is unfolded. */
	PLACES_MAX = 6,
	MOUNTS_MAX = 6,
	PLACE_COLUMN = DETAIL_INDENT + 2,
	DEVICE_COLUMN = 28,
};

/* A mount, and the mount namespace that has it. */
struct place {
	const struct mount_table *table;
	const struct mount_entry *entry;
};

static const struct mount_table *own_table(const struct detail *detail)
{
	const struct ns *mnt = detail->source.mnt;

	return mnt ? mounts_find(detail->source.mounts, mnt->inode) : NULL;
}

static void new_line(struct detail *detail, int column)
{
	line_pad(page_add(&detail->facts), column);
}

/* --- what it is --------------------------------------------------------------------------- */

/* A fact on lines of its own. */
static void write_fact(struct detail *detail, const char *name,
        void (*write)(FILE *, const struct mount_entry *), const struct mount_entry *entry)
{
	_cleanup_text_ struct text text;

	text_init(&text);
	write(text.out, entry);
	if (name)
		detail_new_fact(detail, name);
	detail_add_piece(detail, text_get(&text), detail_nowhere);
}

static void write_kind(struct detail *detail, const struct mount_entry *entry)
{
	_cleanup_text_ struct text text;

	text_init_within(&text, DETAIL_TEXT_MAX);
	detail_new_fact(detail, "type");
	mount_words_type(text.out, entry);
	detail_add(detail, 0, "", text_get(&text));
	mount_words_device(text_restart(&text), entry);
	detail_add(detail, DEVICE_COLUMN, "device  ", text_get(&text));
	detail_add_number(detail, 0, "id ", "%u", entry->id);
	detail_add_number(detail, 0, "parent ", "%u", entry->parent_id);
}

static struct target to_mount(
        const struct detail *detail, uint64_t mnt, const struct mount_entry *entry)
{
	return detail_to_mount(model_find(detail->source.model, NS_MNT, mnt), entry);
}

static void write_cover(struct detail *detail, const struct mount_entry *entry)
{
	const struct mount_table *table = own_table(detail);
	const struct mount_entry *cover =
	        table && entry->point ? mounts_at(table, entry->point) : NULL;

	if (!entry->is_covered)
		return;
	_cleanup_text_ struct text text;
	text_init_within(&text, DETAIL_TEXT_MAX);
	detail_new_fact(detail, "covered");
	if (cover)
		mount_words_name(text.out, cover);
	detail_add_ref(detail, 0, DETAIL_GAP, cover ? "by " : "by another mount", text_get(&text),
	        cover ? to_mount(detail, table->mnt, cover) : detail_nowhere);
}

/* --- where else --------------------------------------------------------------------------- */

/* `/srv as /www`: the path, a reference to that mount. */
static void add_mount(struct detail *detail, const struct place *place)
{
	_cleanup_text_ struct text text;

	text_init(&text);
	mount_words_path(text.out, place->entry);
	if (place->entry->is_covered)
		fputs(" (covered)", text.out);
	detail_add_piece(
	        detail, text_get(&text), to_mount(detail, place->table->mnt, place->entry));
}

/* `mnt:[4026532583]   nginx (1374)   docker web`. */
static void add_ns(struct detail *detail, uint64_t mnt)
{
	const struct model *model = detail->source.model;
	const struct ns *ns = model_find(model, NS_MNT, mnt);
	const struct process *leader = ns ? ns->leader : NULL;
	_cleanup_text_ struct text text;

	text_init_within(&text, DETAIL_TEXT_MAX);
	fprintf(text.out, "mnt:[%" PRIu64 "]", mnt);
	detail_add_ref(detail, 0, 1, "", text_get(&text), detail_to_ns(ns));
	if (leader) {
		detail_add_process(detail, 0, "", leader);
		if (leader->container)
			detail_add_container(detail, 0, "", leader->container);
		return;
	}
	text_restart(&text);
	if (ns)
		words_leader(text.out, model, ns);
	else
		fputs("not in this view", text.out);
	detail_add(detail, 0, "", text_get(&text));
}

/* Whether a mount is among those that a list shows. `data` is the mount of the page. */
typedef bool mount_rule(const struct mount_entry *entry, const struct mount_entry *of);

/* Mounts of the same file system. */
static bool is_same_device(const struct mount_entry *entry, const struct mount_entry *of)
{
	return entry->major == of->major && entry->minor == of->minor;
}

static bool is_in_group(const struct mount_entry *entry, const struct mount_entry *of)
{
	return entry->shared && entry->shared == of->shared;
}

static bool is_master(const struct mount_entry *entry, const struct mount_entry *of)
{
	return entry->shared && entry->shared == of->master;
}

static bool is_slave(const struct mount_entry *entry, const struct mount_entry *of)
{
	return entry->master && entry->master == of->shared;
}

/* The mounts of one table, the first ones or all. */
static void add_mounts(struct detail *detail, const struct mount_table *table,
        const struct mount_entry *of, mount_rule *rule, bool with_all)
{
	size_t n = 0;

	for (size_t i = 0; i < table->n; i++) {
		const struct place place = {table, &table->entries[i]};

		if (place.entry != of && rule(place.entry, of) && (n++ < MOUNTS_MAX || with_all))
			add_mount(detail, &place);
	}
	if (n > MOUNTS_MAX && !with_all)
		detail_add_number(detail, 0, "and ", "%zu more", n - MOUNTS_MAX);
}

static bool has_any(const struct mount_table *table, const struct mount_entry *of, mount_rule *rule)
{
	for (size_t i = 0; i < table->n; i++) {
		if (&table->entries[i] != of && rule(&table->entries[i], of))
			return true;
	}
	return false;
}

/* How many other mount namespaces have such mounts. */
static size_t count_others(
        const struct detail *detail, const struct mount_entry *of, mount_rule *rule)
{
	const struct mounts *mounts = detail->source.mounts;
	const struct mount_table *own = own_table(detail);
	size_t n = 0;

	for (size_t i = 0; mounts && i < mounts->n; i++)
		n += mounts->tables[i] != own && has_any(mounts->tables[i], of, rule);
	return n;
}

/* The other mount namespaces that have such mounts, from number `from` on, at most `most`: each
 * with those mounts, below it. */
static void add_others(struct detail *detail, const struct mount_entry *of, mount_rule *rule,
        size_t from, size_t most)
{
	const struct mounts *mounts = detail->source.mounts;
	const struct mount_table *own = own_table(detail);
	size_t n = 0;

	for (size_t i = 0; i < mounts->n && n < from + most; i++) {
		const struct mount_table *table = mounts->tables[i];

		if (table == own || !has_any(table, of, rule) || n++ < from)
			continue;
		new_line(detail, DETAIL_INDENT);
		add_ns(detail, table->mnt);
		new_line(detail, PLACE_COLUMN);
		add_mounts(detail, table, of, rule, from > 0);
	}
}

/* `3 other mount namespaces`, and those; the tables that could not be read may have more. */
static void write_others(struct detail *detail, const struct mount_entry *of, mount_rule *rule,
        uint64_t fold, const char *plus)
{
	const size_t n = count_others(detail, of, rule);
	char text[64];

	detail_add_number(detail, 0, "", "%zu%s other mount namespace%s", n, plus,
	        n == 1 && !*plus ? "" : "s");
	if (!n)
		return;
	add_others(detail, of, rule, 0, PLACES_MAX);
	if (n <= PLACES_MAX)
		return;
	new_line(detail, DETAIL_INDENT);
	snprintf(text, sizeof(text), "%zu more", n - PLACES_MAX);
	if (detail_add_fold(detail, fold, text))
		add_others(detail, of, rule, PLACES_MAX, SIZE_MAX - PLACES_MAX);
}

/* How many mount namespaces were not read, or in part. */
static size_t count_unread(const struct detail *detail)
{
	const struct mounts *mounts = detail->source.mounts;
	size_t n = 0;

	for (size_t i = 0; i < mounts->n; i++)
		n += mounts->tables[i]->error || mounts->tables[i]->is_at_least;
	return n;
}

/* Mount namespaces that are not known may have it, too. */
static const char *plus_of(const struct detail *detail)
{
	return count_unread(detail) ? "+" : partial_plus(detail->source.model, NULL);
}

static void write_elsewhere(struct detail *detail, const struct mount_entry *entry)
{
	const struct mount_table *own = own_table(detail);
	const size_t n_unread = count_unread(detail);

	if (own && has_any(own, entry, is_same_device)) {
		detail_new_fact(detail, "also at");
		add_mounts(detail, own, entry, is_same_device, false);
	}
	detail_new_fact(detail, "also in");
	write_others(detail, entry, is_same_device, DETAIL_FOLD_MOUNT_ELSEWHERE, plus_of(detail));
	if (n_unread) {
		new_line(detail, DETAIL_INDENT);
		detail_add_number(detail, 0, "", "not all read: %zu mount namespace%s", n_unread,
		        n_unread == 1 ? "" : "s");
	}
}

/* --- propagation (mount_namespaces(7)) ------------------------------------------------------ */

static void write_peers_of(struct detail *detail, const struct mount_entry *entry, const char *name,
        mount_rule *rule, uint64_t fold)
{
	const struct mount_table *own = own_table(detail);
	const bool is_here = own && has_any(own, entry, rule);
	const char *plus = plus_of(detail);

	if (!is_here && !count_others(detail, entry, rule) && !*plus)
		return;
	detail_new_fact(detail, name);
	if (is_here) {
		add_mounts(detail, own, entry, rule, false);
		detail_add(detail, 0, "", "here;");
	}
	write_others(detail, entry, rule, fold, plus);
}

static void write_propagation(struct detail *detail, const struct mount_entry *entry)
{
	write_fact(detail, "events", mount_words_propagation, entry);
	if (entry->shared)
		write_peers_of(detail, entry, "peers", is_in_group, DETAIL_FOLD_MOUNT_PEERS);
	if (entry->master)
		write_peers_of(detail, entry, "masters", is_master, DETAIL_FOLD_MOUNT_MASTERS);
	if (entry->shared)
		write_peers_of(detail, entry, "slaves", is_slave, DETAIL_FOLD_MOUNT_SLAVES);
}

/* --- unmounting --------------------------------------------------------------------------- */

/* The line that unmounts it, or why there is none; and what else keeps a file system busy. */
static void write_umount(struct detail *detail, const struct mount_entry *entry)
{
	const struct mount_table *table = own_table(detail);
	_cleanup_umount_ struct umount umount =
	        umount_of(detail->source.model, detail->source.mounts);
	const size_t n_below = table ? umount_count_below(table, entry) : 0;

	if (!table || detail->source.is_gone)
		return;
	_cleanup_text_ struct text text;
	text_init(&text);
	const enum umount_state state = umount_write(text.out, &umount, table, entry);
	umount_write_reason(text.out, state, table, entry);
	detail_new_fact(detail, "umount");
	detail_add_piece(detail, text_get(&text), detail_nowhere);
	if (state == UMOUNT_READY && n_below) {
		new_line(detail, DETAIL_INDENT);
		detail_add_number(detail, 0, "", "%zu mount%s below it first", n_below,
		        n_below == 1 ? "" : "s");
	}
	if (state != UMOUNT_READY)
		return;
	new_line(detail, DETAIL_INDENT);
	page_add_words(&detail->facts, DETAIL_INDENT,
	        "open files and working directories: see lsof(8), fuser(1)");
}

/* --- the whole page ----------------------------------------------------------------------- */

static void write_sentence(struct detail *detail, const struct mount_entry *entry)
{
	const size_t n = count_others(detail, entry, is_same_device);
	_cleanup_text_ struct text text;

	text_init_within(&text, DETAIL_TEXT_MAX);
	mount_words_path(text.out, entry);
	fputs(" (", text.out);
	mount_words_type(text.out, entry);
	fputs("): ", text.out);
	if (n)
		fprintf(text.out, "%zu%s other mount namespace%s its file system mounted, too", n,
		        plus_of(detail), n == 1 && !*plus_of(detail) ? " has" : "s have");
	else if (*plus_of(detail))
		fputs("no other mount namespace that could be read has its file system mounted",
		        text.out);
	else
		fputs("no other mount namespace has its file system mounted", text.out);
	detail_add_sentence(detail, text_get(&text), DETAIL_SENTENCE_LINES);
}

void page_mount_write(struct detail *detail)
{
	const struct mount_entry *entry = detail->source.mount;

	write_sentence(detail, entry);
	write_fact(detail, "path", mount_words_path, entry);
	write_cover(detail, entry);
	write_kind(detail, entry);
	write_fact(detail, "source", mount_words_source, entry);
	if (mount_words_is_part(entry))
		write_fact(detail, "root", mount_words_root, entry);
	write_fact(detail, "options", mount_words_options, entry);
	write_fact(detail, "fs opts", mount_words_fs_options, entry);
	write_umount(detail, entry);
	write_elsewhere(detail, entry);
	write_propagation(detail, entry);
}

void page_mount_write_lack(struct detail *detail)
{
	static const char *const reasons[] = {
	        [LACK_UNREAD] = "they were not read yet",
	        [LACK_MORE] = "they were read by a process that does not see all: after chroot(2)",
	        [LACK_NAMESPACE] = "the mount namespace is gone, or not in this view",
	};
	const struct mount_table *table = own_table(detail);
	const enum node_lack lack = detail->source.lack;

	detail_new_fact(detail, "mounts");
	if (lack == LACK_FAILED && table)
		detail_add(detail, 0, "", words_error(&detail->source.model->host, table->error));
	else if (lack == LACK_UNREAD && detail->source.mounts)
		detail_add(detail, 0, "", "they could not be read");
	else if (lack == LACK_UNREAD && !detail->source.can_ask)
		detail_add(detail, 0, "", "not in this snapshot: --facts=mounts writes them");
	else if (lack != LACK_FAILED)
		detail_add(detail, 0, "", reasons[lack]);
}

/* --- the mounts of a mount namespace ------------------------------------------------------- */

enum { LISTED_MAX = 8 };

/* `/srv (ext4)   /dev/sdb1`, on a line of its own. */
static void add_listed(struct detail *detail, const struct place *place)
{
	_cleanup_text_ struct text text;

	new_line(detail, DETAIL_INDENT);
	add_mount(detail, place);
	text_init_within(&text, DETAIL_TEXT_MAX);
	mount_words_type(text.out, place->entry);
	detail_add(detail, DEVICE_COLUMN + DETAIL_INDENT, "", text_get(&text));
	mount_words_source(text_restart(&text), place->entry);
	detail_add(detail, 0, "", text_get(&text));
}

void page_mount_write_list(struct detail *detail)
{
	const struct ns *ns = detail->source.ns;
	const struct mount_table *table = mounts_find(detail->source.mounts, ns->inode);
	char text[64];

	if (!table)
		return;
	detail_new_fact(detail, "tree");
	if (table->error) {
		detail_add(detail, 0,
		        "not known: ", words_error(&detail->source.model->host, table->error));
		return;
	}
	snprintf(text, sizeof(text), "all %zu%s mounts", table->n, table->is_at_least ? "+" : "");
	detail_add_ref(detail, 0, 0, "", text, detail_to_mount(ns, NULL));
	for (size_t i = 0; i < table->n && i < LISTED_MAX; i++)
		add_listed(detail, &(struct place){table, &table->entries[i]});
}
