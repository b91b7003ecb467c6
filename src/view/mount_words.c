/* SPDX-License-Identifier: Apache-2.0 */
#include "view/mount_words.h"

#include "base/attributes.h"
#include "base/escape.h"

#include <string.h>

static void write_text(FILE *out, const char *raw, char quote)
{
	if (raw)
		escape_write_name(out, raw, quote);
	else
		fputs("unknown", out);
}

/* Unknown is not in quotes: a source may have that name. */
static void write_quoted(FILE *out, const char *name, const char *raw)
{
	fprintf(out, " %s ", name);
	if (raw)
		fputc('"', out);
	write_text(out, raw, '"');
	if (raw)
		fputc('"', out);
}

void mount_words_path(FILE *out, const struct mount_entry *entry)
{
	write_text(out, entry->point, 0);
}

void mount_words_root(FILE *out, const struct mount_entry *entry)
{
	write_text(out, entry->root, 0);
}

bool mount_words_is_part(const struct mount_entry *entry)
{
	return entry->root && strcmp(entry->root, "/") != 0;
}

void mount_words_type(FILE *out, const struct mount_entry *entry)
{
	write_text(out, entry->type, 0);
}

void mount_words_source(FILE *out, const struct mount_entry *entry)
{
	if (entry->source && !*entry->source)
		fputc('-', out);
	else
		write_text(out, entry->source, 0);
}

void mount_words_device(FILE *out, const struct mount_entry *entry)
{
	fprintf(out, "%u:%u", entry->major, entry->minor);
}

/* --- options ---------------------------------------------------------------------------------- */

/* The first option is `ro` or `rw` (show_vfsmnt in fs/proc_namespace.c). */
static bool begins_with(const char *options, const char *word)
{
	const size_t len = strlen(word);

	return options && strncmp(options, word, len) == 0 &&
	       (options[len] == ',' || !options[len]);
}

/* True if the mount or its file system is. */
static bool is_read_only(const struct mount_entry *entry)
{
	return begins_with(entry->options, "ro") || begins_with(entry->fs_options, "ro");
}

void mount_words_options(FILE *out, const struct mount_entry *entry)
{
	if (is_read_only(entry) && begins_with(entry->options, "rw")) {
		fputs("ro", out);
		write_text(out, entry->options + strlen("rw"), 0);
	} else {
		write_text(out, entry->options, 0);
	}
}

void mount_words_fs_options(FILE *out, const struct mount_entry *entry)
{
	write_text(out, entry->fs_options, 0);
}

/* --- propagation ------------------------------------------------------------------------------ */

void mount_words_propagation(FILE *out, const struct mount_entry *entry)
{
	if (entry->shared)
		fprintf(out, "shared %u", entry->shared);
	if (entry->master)
		fprintf(out, "%sslave of %u", entry->shared ? ", " : "", entry->master);
	if (entry->master && entry->propagate_from)
		fprintf(out, ", receives from %u", entry->propagate_from);
	if (!entry->shared && !entry->master)
		fputs(entry->is_unbindable ? "unbindable" : "private", out);
}

/* --- lines ------------------------------------------------------------------------------------ */

void mount_words_name(FILE *out, const struct mount_entry *entry)
{
	mount_words_path(out, entry);
	fputs(" (", out);
	mount_words_type(out, entry);
	fputc(')', out);
}

/* A quote in the path has a backslash: so ` type "` ends it, whatever the path is. */
void mount_words_line(FILE *out, const struct mount_entry *entry)
{
	write_text(out, entry->point, '"');
	write_quoted(out, "type", entry->type);
	write_quoted(out, "source", entry->source);
	fputs(" device ", out);
	mount_words_device(out, entry);
	if (mount_words_is_part(entry))
		write_quoted(out, "directory", entry->root);
	fputc(' ', out);
	mount_words_propagation(out, entry);
	if (entry->is_covered)
		fputs(" covered", out);
	fputs(" options ", out);
	mount_words_options(out, entry);
}

void mount_words_fields(FILE *out, const struct mount_entry *entry)
{
	static void (*const fields[])(FILE * out, const struct mount_entry *entry) = {
	        mount_words_path,
	        mount_words_source,
	        mount_words_type,
	        mount_words_device,
	        mount_words_root,
	        mount_words_propagation,
	        mount_words_options,
	        mount_words_fs_options,
	};

	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		fields[i](out, entry);
		fputc('\n', out);
	}
}

void mount_words_long(FILE *out, const struct mount_entry *entry)
{
	fprintf(out, " id %u parent %u file system options ", entry->id, entry->parent_id);
	mount_words_fs_options(out, entry);
}
