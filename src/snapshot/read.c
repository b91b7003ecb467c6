/* SPDX-License-Identifier: Apache-2.0 */
#include "base/descriptors.h"
#include "base/memory.h"
#include "snapshot/fields.h"

#include <string.h>

#define FILE_MAX ((size_t)1 << 30)

/* The keys of a snapshot, in the order in which they are looked at (not that of the file). */
enum part {
	PART_FORMAT,
	PART_VERSION,
	PART_PROGRAM,
	PART_HOST,
	PART_NAMESPACES,
	PART_PROCESSES,
	PART_NOTES,
	PARTS,
};

static const char *const no_key = NULL;

/* The getters take a value of the snapshot itself as they take an element of a list. */
static struct fields top_level(struct reader *reader, const struct json_span *span)
{
	return (struct fields){.reader = reader, .keys = &no_key, .offset = span->start};
}

static int read_format(struct reader *reader, const struct json_span *span)
{
	struct fields f = top_level(reader, span);
	const char *format = fields_text_at(&f, "format", span);

	if (f.error)
		return f.error;
	if (strcmp(format, SNAPSHOT_FORMAT "s") == 0)
		return reader_fail(reader, span->start,
		        "several snapshots in one file: this program reads one");
	if (strcmp(format, SNAPSHOT_FORMAT) != 0)
		return reader_fail(reader, span->start,
		        "not a snapshot: \"format\" is not \"" SNAPSHOT_FORMAT "\"");
	return 0;
}

static int read_version(struct reader *reader, const struct json_span *span)
{
	struct fields f = top_level(reader, span);
	const uint64_t version = fields_number_at(&f, "version", span, 1, INT64_MAX);

	if (version > SNAPSHOT_VERSION)
		return reader_fail(reader, span->start,
		        "snapshot version %ju is newer than this program", (uintmax_t)version);
	return f.error;
}

static int read_program(struct reader *reader, const struct json_span *span)
{
	static const char null[] = "null";
	struct fields f = top_level(reader, span);
	struct host *host = builder_host(reader->builder);

	if (span->len == sizeof(null) - 1 &&
	        memcmp(reader->text + span->start, null, span->len) == 0)
		host->program = "";
	else
		host->program = fields_text_at(&f, "program", span);
	return f.error;
}

static const struct {
	const char *key;
	int (*read)(struct reader *reader, const struct json_span *span);
} parts[PARTS] = {
        [PART_FORMAT] = {"format", read_format},
        [PART_VERSION] = {"version", read_version},
        [PART_PROGRAM] = {"program", read_program},
        [PART_HOST] = {"host", read_host},
        [PART_NAMESPACES] = {"namespaces", read_namespaces},
        [PART_PROCESSES] = {"processes", read_processes},
        [PART_NOTES] = {"notes", read_notes},
};

/* PARTS for a key that is not ours: those are passed over. */
static enum part part_of(const struct reader *reader, const struct json_span *key)
{
	enum part part = 0;

	while (part < PARTS &&
	        (strlen(parts[part].key) != key->len ||
	                memcmp(parts[part].key, reader->text + key->start, key->len) != 0))
		part++;
	return part;
}

/* Walks over the whole file: where the parts stand. A part that is not there has the length 0. */
static int find_parts(struct reader *reader, struct json_span spans[static PARTS])
{
	struct json_scan scan = {.text = reader->text, .len = reader->len};
	struct json_span key, value;
	bool is_first = true;
	int r = json_scan_open(&scan, '{');

	if (r < 0 && scan.at == scan.len)
		return reader_fail(reader, scan.at, "not a snapshot: empty");
	if (r < 0)
		return reader_fail(reader, scan.at, "not a snapshot: it does not begin with \"{\"");
	while ((r = json_scan_member(&scan, &is_first, &key, &value)) > 0) {
		const enum part part = part_of(reader, &key);

		if (part == PARTS)
			continue;
		if (spans[part].len)
			return reader_fail(
			        reader, key.start, "\"%s\" is a duplicate", parts[part].key);
		spans[part] = value;
	}
	if (r == 0)
		r = json_scan_end(&scan);
	return r < 0 ? reader_fail_scan(reader, &scan) : 0;
}

static int freeze(struct reader *reader, const struct model **ret_model)
{
	struct builder_problem problem;
	const int r = builder_freeze(reader->builder, NULL, ret_model, &problem);

	reader->builder = NULL;
	if (r >= 0)
		return 0;
	const struct ns_entry *entry = reader_find_ns(reader, problem.type, problem.inode);
	return reader_fail(reader, entry ? entry->offset : 0, "%s:[%ju] %s",
	        nstype_name(problem.type), (uintmax_t)problem.inode, problem.what);
}

static int parse(struct reader *reader, const struct model **ret_model)
{
	struct json_span spans[PARTS] = {0};
	int r = find_parts(reader, spans);

	for (enum part part = 0; part < PARTS && r >= 0; part++) {
		if (spans[part].len)
			r = parts[part].read(reader, &spans[part]);
		else
			r = reader_fail(reader, reader->len, "\"%s\" is missing", parts[part].key);
	}
	return r < 0 ? r : freeze(reader, ret_model);
}

int snapshot_parse(const char *text, size_t len, const struct model **ret_model,
        struct snapshot_problem *ret_problem)
{
	struct reader reader;

	reader_init(&reader, text, len, ret_problem);
	const int r = parse(&reader, ret_model);
	reader_release(&reader);
	return r;
}

int snapshot_read(int fd, const struct model **ret_model, struct snapshot_problem *ret_problem)
{
	_cleanup_free_ char *text = NULL;
	size_t len = 0;
	const int r = descriptors_read_all(fd, FILE_MAX, &text, &len);

	return r < 0 ? r : snapshot_parse(text, len, ret_model, ret_problem);
}
