/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the list `mounts`. */
#include "base/arena.h"
#include "snapshot/reader.h"

#include <limits.h>
#include <string.h>

/* What sorting a table takes for each of its mounts (mounts_builder_end), beside the builder. */
enum { COST_MOUNT = sizeof(struct mount_entry) + 2 * sizeof(size_t) + 2 * sizeof(bool) };

/* Texts are decoded into the arena of the model. That is a scratch one here, since equal texts are
 * kept once; it is emptied when it is larger than this. */
enum { SCRATCH_MAX = 1 << 20 };

/* The interned text; NULL for NULL. */
static const char *intern(struct fields *f, const char *text)
{
	return text ? mounts_builder_intern(f->reader->mounts, text, strlen(text)) : NULL;
}

static const char *read_text(struct fields *f, const char *key)
{
	return intern(f, fields_text(f, key));
}

static unsigned number_if_any(struct fields *f, const char *key)
{
	return fields_has(f, key) ? (unsigned)fields_number(f, key, 1, UINT_MAX) : 0;
}

static bool is_true(struct fields *f, const char *key)
{
	return fields_has(f, key) && fields_bool(f, key);
}

/* "8:17" */
static void read_dev(struct fields *f, struct mount_entry *ret)
{
	const char *const text = fields_text(f, "dev");
	char again[32];

	/* Written again it must be the same: no sign, blank or leading zero. */
	if (f->error == 0 && sscanf(text, "%u:%u", &ret->major, &ret->minor) == 2) {
		snprintf(again, sizeof(again), "%u:%u", ret->major, ret->minor);
		if (strcmp(again, text) == 0)
			return;
	}
	fields_fail(f, "dev", "is not a device like 8:17");
}

static void read_mount(struct fields *f, _unused_ const char *key, const struct json_span *element,
        _unused_ void *data)
{
	static const char *const keys[] = {"id", "parent", "dev", "root", "path", "type", "source",
	        "options", "fs_options", "shared", "master", "propagate_from", "unbindable",
	        "covered", NULL};
	struct reader *const reader = f->reader;
	const size_t before = mounts_builder_size(reader->mounts);
	struct fields m = fields_of(reader, element, keys);
	struct mount_entry entry = {.id = (unsigned)fields_number(&m, "id", 0, UINT_MAX)};

	entry.parent_id = (unsigned)fields_number(&m, "parent", 0, UINT_MAX);
	read_dev(&m, &entry);
	entry.root = read_text(&m, "root");
	entry.point = read_text(&m, "path");
	entry.type = read_text(&m, "type");
	entry.source = intern(&m, fields_text_or_null(&m, "source"));
	entry.options = read_text(&m, "options");
	entry.fs_options = read_text(&m, "fs_options");
	entry.shared = number_if_any(&m, "shared");
	entry.master = number_if_any(&m, "master");
	entry.propagate_from = number_if_any(&m, "propagate_from");
	entry.is_unbindable = is_true(&m, "unbindable");
	entry.is_covered = is_true(&m, "covered");
	if (m.error == 0)
		mounts_builder_add(reader->mounts, &entry);
	f->error = m.error;
	if (f->error == 0)
		f->error = fields_charge(reader, element->start,
		        mounts_builder_size(reader->mounts) - before + COST_MOUNT);
}

static void empty_scratch(struct reader *reader)
{
	if (arena_size(builder_arena(reader->builder)) < SCRATCH_MAX)
		return;
	builder_free(reader->builder);
	reader->builder = builder_new();
}

static int read_table(struct reader *reader, const struct json_span *span)
{
	static const char *const keys[] = {"mnt", "errno", "complete", "mounts", NULL};
	struct fields f = fields_of(reader, span, keys);
	const uint64_t mnt = fields_number(&f, "mnt", 1, INT64_MAX);
	const int error = fields_has(&f, "errno") ? fields_errno(&f, "errno") : 0;
	bool is_at_least = false;

	if (!error) {
		is_at_least = !fields_bool(&f, "complete");
		fields_list(&f, "mounts", read_mount, NULL);
	}
	if (f.error)
		return f.error;
	mounts_builder_end(reader->mounts, mnt, error, is_at_least);
	empty_scratch(reader);
	return 0;
}

int read_mounts(struct reader *reader, const struct json_span *span)
{
	struct builder *const builder = reader->builder;
	const size_t used = arena_size(builder_arena(builder));
	int r;

	reader->mounts = mounts_builder_new();
	reader->builder = builder_new();
	reader->charged += used;
	r = fields_each(reader, span, read_table);
	reader->charged -= used;
	builder_free(reader->builder);
	reader->builder = builder;
	return r;
}
