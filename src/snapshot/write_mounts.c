/* SPDX-License-Identifier: Apache-2.0 */
#include "snapshot/writer.h"

static void write_if_any(struct json_writer *w, const char *key, uint64_t number)
{
	if (number)
		json_write_member_number(w, key, number);
}

static void write_if_true(struct json_writer *w, const char *key, bool value)
{
	if (value)
		json_write_member_bool(w, key, true);
}

static void write_mount(struct json_writer *w, const struct mount_entry *entry)
{
	char dev[32];

	snprintf(dev, sizeof(dev), "%u:%u", entry->major, entry->minor);
	json_write_open(w, '{');
	json_write_member_number(w, "id", entry->id);
	json_write_member_number(w, "parent", entry->parent_id);
	json_write_member_string(w, "dev", dev);
	json_write_member_string(w, "root", entry->root);
	json_write_member_string(w, "path", entry->point);
	json_write_member_string(w, "type", entry->type);
	json_write_member_string(w, "source", entry->source);
	json_write_member_string(w, "options", entry->options);
	json_write_member_string(w, "fs_options", entry->fs_options);
	write_if_any(w, "shared", entry->shared);
	write_if_any(w, "master", entry->master);
	write_if_any(w, "propagate_from", entry->propagate_from);
	write_if_true(w, "unbindable", entry->is_unbindable);
	write_if_true(w, "covered", entry->is_covered);
	json_write_close(w, '}');
}

static void write_table(struct json_writer *w, const struct mount_table *table)
{
	json_write_open(w, '{');
	json_write_member_number(w, "mnt", table->mnt);
	if (table->error) {
		snapshot_write_errno(w, "errno", table->error);
		json_write_close(w, '}');
		return;
	}
	json_write_member_bool(w, "complete", !table->is_at_least);
	json_write_member_open(w, "mounts", '[');
	for (size_t i = 0; i < table->n; i++) {
		json_write_line(w, 6);
		write_mount(w, &table->entries[i]);
	}
	if (table->n > 0)
		json_write_line_end(w, 4);
	json_write_close(w, ']');
	json_write_close(w, '}');
}

/* A number is used again once its namespace is gone. */
static bool is_of_model(const struct mount_table *table, const struct model *model)
{
	const struct ns *ns = table->tag ? model_find_tag(model, table->tag) : NULL;

	return !table->tag || (ns && ns->type == NS_MNT && ns->inode == table->mnt);
}

void write_mounts(struct json_writer *w, const struct model *model, const struct mounts *mounts)
{
	size_t n = 0;

	json_write_line(w, 2);
	json_write_member_open(w, "mounts", '[');
	for (size_t i = 0; i < mounts->n; i++) {
		if (!is_of_model(mounts->tables[i], model))
			continue;
		json_write_line(w, 4);
		write_table(w, mounts->tables[i]);
		n++;
	}
	if (n > 0)
		json_write_line_end(w, 2);
	json_write_close(w, ']');
}
