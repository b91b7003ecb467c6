/* SPDX-License-Identifier: Apache-2.0 */

/* Which mount namespaces have a mount, as text and JSON. */

#include "base/escape.h"
#include "base/text.h"
#include "export/export.h"
#include "export/json_container.h"
#include "view/mount_query.h"
#include "view/mount_words.h"
#include "view/umount.h"
#include "view/words.h"
#include "view/words_container.h"

#include <inttypes.h>
#include <string.h>

struct holds_writer {
	const struct export_request *request;
	const struct mount_query *query;
	struct umount umount;
	struct text text; /* the line that is written */
};

/* The index behind the last hit in the mount namespace of number `first`. */
static size_t group_end(const struct mount_query *query, size_t first)
{
	size_t end = first;

	while (end < query->n && query->hits[end].table == query->hits[first].table)
		end++;
	return end;
}

static const struct container *innermost(const struct process *process)
{
	return process->claim ? process->claim : process->container;
}

/* The innermost container of the leader, else of another process in it, since the leader may be the
 * program that started the container; NULL: none. */
static const struct container *container_of(const struct ns *mnt)
{
	const struct container *found = mnt && mnt->leader ? innermost(mnt->leader) : NULL;

	for (size_t i = 0; !found && mnt && i < mnt->n_processes; i++)
		found = innermost(mnt->processes[i]);
	return found;
}

static bool is_ascii(const char *s)
{
	while (*s && (unsigned char)*s < 0x80)
		s++;
	return !*s;
}

/* Sets the text to the line, else to why there is none. */
static enum umount_state find_line(struct holds_writer *w, const struct mount_hit *hit)
{
	enum umount_state state =
	        umount_write(text_restart(&w->text), &w->umount, hit->table, hit->entry);

	/* A line with an escape in it would be another one. */
	if (state == UMOUNT_READY && w->request->is_ascii && !is_ascii(text_get(&w->text))) {
		text_restart(&w->text);
		state = UMOUNT_NO_PATH;
	}
	umount_write_reason(w->text.out, state, hit->table, hit->entry);
	return state;
}

/* --- text ------------------------------------------------------------------------------------- */

static void end_line(FILE *out, struct holds_writer *w)
{
	const char *const line = text_get(&w->text);

	if (w->request->is_ascii)
		escape_write_ascii(out, line, w->text.len);
	else
		fputs(line, out);
	fputc('\n', out);
}

static void write_mnt(FILE *out, struct holds_writer *w, uint64_t inode)
{
	const struct model *const model = w->request->model;
	const struct ns *const mnt = model_find(model, NS_MNT, inode);
	const struct container *const container = container_of(mnt);
	FILE *const line = text_restart(&w->text);

	fprintf(line, "mnt:[%" PRIu64 "]", inode);
	if (!mnt) {
		fputs(" not known any more", line);
	} else {
		fputc(' ', line);
		words_leader(line, model, mnt);
	}
	if (container) {
		fputs(", container ", line);
		words_container(line, container);
	}
	if (mnt && mnt->n_processes) {
		fputs(", ", line);
		words_n_processes(line, model, mnt);
	}
	if (mnt && mnt == w->umount.own)
		fputs(", the mount namespace of nsbrowse", line);
	end_line(out, w);
}

static void write_hit(FILE *out, struct holds_writer *w, const struct mount_hit *hit)
{
	const size_t n_below = umount_count_below(hit->table, hit->entry);
	FILE *const line = text_restart(&w->text);

	fprintf(line, "  %s: ", mount_query_by(hit->by));
	mount_words_line(line, hit->entry);
	end_line(out, w);
	if (find_line(w, hit) == UMOUNT_READY) {
		if (n_below)
			fprintf(out, "    first the %zu %s below it, then\n", n_below,
			        n_below == 1 ? "mount" : "mounts");
		fputs("    ", out);
	} else {
		fputs("    no umount: ", out);
	}
	end_line(out, w);
}

static void write_text(FILE *out, struct holds_writer *w)
{
	const struct mount_query *const query = w->query;

	for (size_t i = 0, end; i < query->n; i = end) {
		end = group_end(query, i);
		write_mnt(out, w, query->hits[i].table->mnt);
		for (size_t j = i; j < end; j++)
			write_hit(out, w, &query->hits[j]);
	}
	fputs("\nOpen files and working directories on it also keep it busy: see lsof(8), "
	      "fuser(1).\n",
	        out);
}

/* --- JSON ------------------------------------------------------------------------------------- */

static void write_json_umount(
        struct json_writer *json, struct holds_writer *w, const struct mount_hit *hit)
{
	const bool is_ready = find_line(w, hit) == UMOUNT_READY;

	json_write_member_number(json, "below", umount_count_below(hit->table, hit->entry));
	json_write_member_string(json, "umount", is_ready ? text_get(&w->text) : NULL);
	if (!is_ready)
		json_write_member_string(json, "umount_reason", text_get(&w->text));
}

static void write_json_group(struct json_writer *json, const char *key, unsigned group)
{
	if (group)
		json_write_member_number(json, key, group);
}

static void write_json_hit(
        struct json_writer *json, struct holds_writer *w, const struct mount_hit *hit)
{
	const struct mount_entry *const entry = hit->entry;

	json_write_line(json, 4);
	json_write_open(json, '{');
	json_write_member_string(json, "by", mount_query_by(hit->by));
	json_write_member_string(json, "path", entry->point);
	mount_words_device(text_restart(&w->text), entry);
	json_write_member_string(json, "dev", text_get(&w->text));
	json_write_member_string(json, "root", entry->root);
	json_write_member_string(json, "type", entry->type);
	json_write_member_string(json, "source", entry->source);
	json_write_member_string(json, "options", entry->options);
	json_write_member_string(json, "fs_options", entry->fs_options);
	write_json_group(json, "shared", entry->shared);
	write_json_group(json, "master", entry->master);
	write_json_group(json, "propagate_from", entry->propagate_from);
	if (entry->is_unbindable)
		json_write_member_bool(json, "unbindable", true);
	json_write_member_bool(json, "covered", entry->is_covered);
	write_json_umount(json, w, hit);
	json_write_close(json, '}');
}

static void write_json_mnt(struct json_writer *json, struct holds_writer *w, uint64_t inode)
{
	const struct model *const model = w->request->model;
	const struct ns *const mnt = model_find(model, NS_MNT, inode);

	json_write_member_number(json, "mnt", inode);
	json_write_member_bool(json, "own", mnt && mnt == w->umount.own);
	json_write_key(json, "leader");
	if (mnt && mnt->leader)
		json_write_number(json, (uint64_t)mnt->leader->pid);
	else
		json_write_null(json);
	json_write_member_string(json, "name", mnt && mnt->leader ? mnt->leader->name : NULL);
	json_write_member_number(json, "processes", mnt ? mnt->n_processes : 0);
	json_write_key(json, "container");
	json_container_write(json, container_of(mnt));
	FILE *const text = text_restart(&w->text);
	if (mnt)
		words_held_by(text, model, mnt, mnt->n_holders);
	json_write_member_string(json, "held_by", text_get(&w->text));
}

static void write_json_groups(struct json_writer *json, struct holds_writer *w)
{
	const struct mount_query *const query = w->query;

	json_write_member_open(json, "mount_namespaces", '[');
	for (size_t i = 0, end; i < query->n; i = end) {
		end = group_end(query, i);
		json_write_line(json, 2);
		json_write_open(json, '{');
		write_json_mnt(json, w, query->hits[i].table->mnt);
		json_write_member_open(json, "mounts", '[');
		for (size_t j = i; j < end; j++)
			write_json_hit(json, w, &query->hits[j]);
		json_write_close(json, ']');
		json_write_close(json, '}');
	}
	if (query->n)
		json_write_line_end(json, 0);
	json_write_close(json, ']');
}

static void write_json(FILE *out, struct holds_writer *w)
{
	struct json_writer json;

	json_write_init(&json, out);
	json_write_open(&json, '{');
	json_write_member_string(&json, "format", "nsbrowse-holds");
	json_write_member_number(&json, "version", 1);
	json_write_member_string(&json, "what", w->query->text);
	json_write_member_bool(
	        &json, "complete", !w->query->n_unread && !w->request->model->host.partial);
	json_write_member_number(&json, "unread", w->query->n_unread);
	write_json_groups(&json, w);
	json_write_close(&json, '}');
	json_write_finish(&json);
	fputc('\n', out);
}

int export_holds(FILE *out, const struct export_request *request, const void *query, bool is_json)
{
	struct holds_writer w = {.request = request, .query = query};

	w.umount = umount_of(request->model, w.query->mounts);
	text_init(&w.text);
	if (is_json)
		write_json(out, &w);
	else
		write_text(out, &w);
	text_release(&w.text);
	umount_release(&w.umount);
	return 0;
}
