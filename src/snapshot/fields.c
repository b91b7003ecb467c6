/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"
#include "base/base64.h"
#include "snapshot/errno_name.h"
#include "snapshot/reader.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Of a string that must be decoded. */
#define VALUE_MAX ((size_t)1 << 20)

/* --- places ---------------------------------------------------------------------------------- */

/* Pages are released when so many bytes were read. */
#define RELEASE_STEP ((size_t)1 << 20)

void fields_begin(struct reader *reader, const struct file_place *place)
{
	reader->current = *place;
	reader->released = place->offset;
}

struct file_place fields_place(struct reader *reader, size_t offset)
{
	struct file_place *place = &reader->current;
	const char *at = reader->text + place->offset;
	const char *const end = reader->text + offset;

	while (at < end && (at = memchr(at, '\n', (size_t)(end - at)))) {
		place->line++;
		at++;
	}
	place->offset = offset;
	return *place;
}

/* The text before the current place is not read again. */
static void release_text(struct reader *reader)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);
	const uintptr_t text = (uintptr_t)reader->own_text;

	if (!text || reader->current.offset - reader->released < RELEASE_STEP)
		return;
	const uintptr_t start = (text + reader->released + page - 1) / page * page;
	const uintptr_t end = (text + reader->current.offset) / page * page;
	if (start < end)
		madvise(reader->own_text + (start - text), end - start, MADV_DONTNEED);
	reader->released = reader->current.offset;
}

/* --- problems -------------------------------------------------------------------------------- */

static _printf_(3, 0) int refuse(
        struct reader *reader, const struct file_place *place, const char *format, va_list args)
{
	struct snapshot_problem *problem = reader->problem;

	problem->offset = place->offset;
	const int n = snprintf(problem->what, sizeof(problem->what), "line %zu: ", place->line);
	vsnprintf(problem->what + n, sizeof(problem->what) - (size_t)n, format, args);
	return -EBADMSG;
}

int fields_refuse(struct reader *reader, size_t offset, const char *format, ...)
{
	const struct file_place place = offset >= reader->len && reader->end.line
	                                        ? reader->end
	                                        : fields_place(reader, MIN(offset, reader->len));
	va_list args;

	va_start(args, format);
	const int r = refuse(reader, &place, format, args);
	va_end(args);
	return r;
}

int fields_refuse_at(struct reader *reader, const struct file_place *place, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	const int r = refuse(reader, place, format, args);
	va_end(args);
	return r;
}

int fields_refuse_scan(struct reader *reader, const struct json_scan *scan)
{
	return fields_refuse(reader, scan->at, "%s", scan->problem);
}

/* 0 if the model may take `bytes` more. */
static int has_room(struct reader *reader, size_t offset, size_t bytes)
{
	const size_t taken = reader->charged + arena_size(builder_arena(reader->builder));

	if (taken > reader->memory_max || bytes > reader->memory_max - taken)
		return fields_refuse(reader, offset, "too many elements for a file of this size");
	return 0;
}

int fields_charge(struct reader *reader, size_t offset, size_t bytes)
{
	reader->charged += bytes;
	return has_room(reader, offset, 0);
}

/* 0, or -ECANCELED. */
static int count_parsed(const struct reader *reader, size_t bytes)
{
	struct progress *const progress = reader->progress;

	if (!progress)
		return 0;
	atomic_fetch_add_explicit(&progress->done, bytes, memory_order_relaxed);
	return atomic_load_explicit(&progress->is_cancelled, memory_order_relaxed) ? -ECANCELED : 0;
}

int fields_each(struct reader *reader, const struct json_span *span,
        int (*read)(struct reader *reader, const struct json_span *element))
{
	struct json_scan scan = json_scan_span(reader->text, span);
	struct json_span element;
	bool is_first = true;
	int r = json_scan_open(&scan, '[');

	if (r < 0)
		return fields_refuse_scan(reader, &scan);
	while ((r = json_scan_element(&scan, &is_first, &element)) > 0) {
		r = read(reader, &element);
		if (r == 0)
			r = count_parsed(reader, element.len);
		if (r < 0)
			return r;
		fields_place(reader, scan.at);
		release_text(reader);
	}
	return r < 0 ? fields_refuse_scan(reader, &scan) : 0;
}

/* --- the members of one object --------------------------------------------------------------- */

/* `len` is at least 1. The first test is there for speed: most words differ in it. */
static bool is_word(const char *word, const char *text, size_t len)
{
	return word[0] == text[0] && strlen(word) == len && memcmp(word, text, len) == 0;
}

/* The index of a key in f->keys, -1 if it is not there. Keys mostly come, and are taken, in order:
 * the search begins at the key after the last one. */
static int find_key(struct fields *f, const char *name, size_t len)
{
	for (unsigned turn = 0; turn < 2; turn++) {
		for (unsigned i = turn ? 0 : f->next; f->keys[i]; i++) {
			if (len == 0 || !is_word(f->keys[i], name, len))
				continue;
			f->next = f->keys[i + 1] ? i + 1 : 0;
			return (int)i;
		}
	}
	return -1;
}

static int scan_members(struct fields *f, const struct json_span *span)
{
	struct reader *reader = f->reader;
	struct json_scan scan = json_scan_span(reader->text, span);
	struct json_span name, value;
	bool is_first = true;
	int r = json_scan_open(&scan, '{');

	if (r < 0)
		return fields_refuse_scan(reader, &scan);
	while ((r = json_scan_member(&scan, &is_first, &name, &value)) > 0) {
		const int key = find_key(f, reader->text + name.start, name.len);

		if (key < 0)
			continue;
		if (f->values[key].len)
			return fields_refuse(
			        reader, name.start, "\"%s\" is a duplicate", f->keys[key]);
		f->values[key] = value;
	}
	return r < 0 ? fields_refuse_scan(reader, &scan) : 0;
}

struct fields fields_of(
        struct reader *reader, const struct json_span *span, const char *const *keys)
{
	struct fields f = {.reader = reader, .keys = keys, .offset = span->start};

	f.error = scan_members(&f, span);
	f.next = 0;
	return f;
}

static void fail_at(struct fields *f, size_t offset, const char *key, const char *words)
{
	if (f->error == 0)
		f->error = fields_refuse(f->reader, offset, "\"%s\" %s", key, words);
}

/* NULL if it is missing, or after an error. */
static const struct json_span *find(struct fields *f, const char *key)
{
	const int i = f->error ? -1 : find_key(f, key, strlen(key));

	return i >= 0 && f->values[i].len ? &f->values[i] : NULL;
}

void fields_fail(struct fields *f, const char *key, const char *words)
{
	const struct json_span *value = find(f, key);

	fail_at(f, value ? value->start : f->offset, key, words);
}

bool fields_has(struct fields *f, const char *key)
{
	return find(f, key) != NULL;
}

struct json_span fields_value(struct fields *f, const char *key)
{
	const struct json_span *value = find(f, key);

	if (value)
		return *value;
	fail_at(f, f->offset, key, "is missing");
	return (struct json_span){0};
}

static const char *text_of(const struct fields *f, const struct json_span *value)
{
	return f->reader->text + value->start;
}

static bool is_literal(const struct fields *f, const struct json_span *value, const char *word)
{
	return value->len > 0 && is_word(word, text_of(f, value), value->len);
}

bool fields_is_null(struct fields *f, const char *key)
{
	const struct json_span value = fields_value(f, key);

	return is_literal(f, &value, "null");
}

/* A value of another type than that of the key. */
static void fail_type(
        struct fields *f, const struct json_span *value, const char *key, const char *words)
{
	if (json_scan_is_value(text_of(f, value), value->len))
		fail_at(f, value->start, key, words);
	else
		f->error = fields_refuse(f->reader, value->start, "not valid JSON");
}

uint64_t fields_number_at(struct fields *f, const char *key, const struct json_span *element,
        uint64_t min, uint64_t max)
{
	uint64_t number = 0;

	if (f->error)
		return 0;
	const int r = json_scan_number(text_of(f, element), element->len, &number);
	if (r == -ERANGE)
		f->error = fields_refuse(f->reader, element->start, "a number is too large");
	else if (r == -EINVAL)
		fail_type(f, element, key, "is not an integer");
	else if (r < 0 || number < min || number > max)
		fail_at(f, element->start, key, "is out of range");
	return f->error ? 0 : number;
}

uint64_t fields_number(struct fields *f, const char *key, uint64_t min, uint64_t max)
{
	const struct json_span value = fields_value(f, key);

	return fields_number_at(f, key, &value, min, max);
}

uint64_t fields_number_or_null(struct fields *f, const char *key, uint64_t min, uint64_t max)
{
	const struct json_span value = fields_value(f, key);

	return is_literal(f, &value, "null") ? 0 : fields_number_at(f, key, &value, min, max);
}

bool fields_bool(struct fields *f, const char *key)
{
	const struct json_span value = fields_value(f, key);
	const bool is_true = is_literal(f, &value, "true");

	if (!is_true && !is_literal(f, &value, "false"))
		fail_at(f, value.start, key, "is neither true nor false");
	return is_true;
}

/* True for a string of printable ASCII without escapes: its text is that between the quotes. */
static bool plain_text(const char *text, size_t len)
{
	if (len < 2 || text[0] != '"')
		return false;
	for (size_t i = 1; i < len - 1; i++) {
		if (text[i] < 0x20 || text[i] > 0x7e || text[i] == '\\')
			return false;
	}
	return true;
}

/* A string with escapes, or with characters beyond ASCII. */
static const char *decode_text(struct fields *f, const struct json_span *value)
{
	const char *problem;
	size_t len = 0;

	if (value->len > VALUE_MAX)
		problem = "a value of more than 1 MiB";
	else
		problem = json_scan_text(text_of(f, value), value->len, NULL, &len);
	if (problem) {
		f->error = fields_refuse(f->reader, value->start, "%s", problem);
		return "";
	}
	f->error = has_room(f->reader, f->offset, len);
	if (f->error)
		return "";
	char *text = arena_copy(builder_arena(f->reader->builder), text_of(f, value), len);
	return json_scan_text(text_of(f, value), value->len, text, &len) ? "" : text;
}

static const char *base64_text(struct fields *f, const char *key, const struct json_span *object)
{
	static const char *const keys[] = {"base64", NULL};
	struct fields inner = fields_of(f->reader, object, keys);
	const struct json_span value = fields_value(&inner, "base64");
	size_t len = 0;

	f->error = inner.error;
	if (f->error)
		return "";
	if (!plain_text(text_of(f, &value), value.len))
		fail_at(f, value.start, key, "is not valid base64");
	if (f->error == 0)
		f->error = has_room(f->reader, value.start, value.len);
	if (f->error)
		return "";
	char *text = arena_alloc(builder_arena(f->reader->builder), value.len / 4 * 3 + 1);
	if (base64_decode(text_of(f, &value) + 1, value.len - 2, text, &len) < 0)
		fail_at(f, value.start, key, "is not valid base64");
	else if (memchr(text, '\0', len))
		fail_at(f, value.start, key, "contains a NUL");
	return text;
}

const char *fields_text_at(struct fields *f, const char *key, const struct json_span *element)
{
	const char *text = text_of(f, element);

	if (f->error)
		return "";
	if (plain_text(text, element->len)) {
		f->error = has_room(f->reader, f->offset, element->len - 2);
		return f->error ? ""
		                : arena_copy(builder_arena(f->reader->builder), text + 1,
		                          element->len - 2);
	}
	if (*text == '{')
		return base64_text(f, key, element);
	if (*text == '"')
		return decode_text(f, element);
	fail_type(f, element, key, "is not a string");
	return "";
}

const char *fields_text(struct fields *f, const char *key)
{
	const struct json_span value = fields_value(f, key);

	return fields_text_at(f, key, &value);
}

const char *fields_text_or_null(struct fields *f, const char *key)
{
	const struct json_span value = fields_value(f, key);

	return is_literal(f, &value, "null") ? NULL : fields_text_at(f, key, &value);
}

/* The number at *text, which is moved behind it. */
static bool read_decimal(const char **text, unsigned *ret)
{
	uint64_t number = 0;
	const char *at = *text;

	for (; *at >= '0' && *at <= '9' && number <= UINT_MAX; at++)
		number = number * 10 + (uint64_t)(*at - '0');
	if (at == *text || number > UINT_MAX)
		return false;
	*text = at;
	*ret = (unsigned)number;
	return true;
}

void fields_device(struct fields *f, const char *key, unsigned *ret_major, unsigned *ret_minor)
{
	const char *text = fields_text(f, key);

	*ret_major = *ret_minor = 0;
	if (f->error)
		return;
	if (!read_decimal(&text, ret_major) || *text++ != ':' || !read_decimal(&text, ret_minor) ||
	        *text)
		fields_fail(f, key, "is not a device like 8:17");
}

unsigned fields_find_word(struct fields *f, const char *key, const struct json_span *element,
        const char *const *words, unsigned n)
{
	const char *text = text_of(f, element);
	const size_t len = element->len;

	if (f->error)
		return 0;
	for (unsigned i = 0; len > 2 && text[0] == '"' && i < n; i++) {
		if (words[i] && is_word(words[i], text + 1, len - 2))
			return i;
	}
	/* Any other value must at least be a string. */
	fields_text_at(f, key, element);
	return f->error ? 0 : n;
}

unsigned fields_word(struct fields *f, const char *key, const char *const *words, unsigned n)
{
	const struct json_span value = fields_value(f, key);
	const unsigned i = fields_find_word(f, key, &value, words, n);

	if (i < n)
		return i;
	fail_at(f, value.start, key, "has an unknown value");
	return 0;
}

/* `n`: how many of the states the value can have. */
static enum rel_state read_state(
        struct fields *f, const char *key, const char *value_key, enum rel_state n)
{
	const char *words[REL_STATES];

	for (enum rel_state state = 0; state < n; state++)
		words[state] = model_rel_state_name(state);
	const bool is_null = fields_is_null(f, value_key);
	const struct json_span value = fields_value(f, key);
	const enum rel_state state = fields_find_word(f, key, &value, words, n);
	if (state == n)
		return REL_FAILED;
	if (model_has_id(state) && is_null)
		fields_fail(f, value_key, "is null, but its state is known");
	if (!model_has_id(state) && !is_null)
		fields_fail(f, value_key, "is not null, but its state is not known");
	return f->error ? REL_FAILED : state;
}

enum rel_state fields_state(struct fields *f, const char *key, const char *value_key)
{
	return read_state(f, key, value_key, REL_UNMAPPED);
}

enum rel_state fields_id_state(struct fields *f, const char *key, const char *value_key)
{
	return read_state(f, key, value_key, REL_UNREAD);
}

void fields_list_at(struct fields *f, const char *key, const struct json_span *element,
        fields_element_fn *read, void *data)
{
	struct json_scan scan = json_scan_span(f->reader->text, element);
	struct json_span inner;
	bool is_first = true;
	int r = 0;

	if (f->error == 0 && json_scan_open(&scan, '[') < 0)
		fail_at(f, element->start, key, "is not a list");
	while (f->error == 0 && (r = json_scan_element(&scan, &is_first, &inner)) > 0)
		read(f, key, &inner, data);
	if (r < 0)
		f->error = fields_refuse_scan(f->reader, &scan);
}

void fields_list(struct fields *f, const char *key, fields_element_fn *read, void *data)
{
	const struct json_span value = fields_value(f, key);

	fields_list_at(f, key, &value, read, data);
}

static void count(struct fields *f _unused_, const char *key _unused_,
        const struct json_span *element _unused_, void *data)
{
	size_t *n = data;

	++*n;
}

void *fields_array(struct fields *f, const char *key, size_t size, size_t extra, size_t *ret_n)
{
	size_t n = 0;

	fields_list(f, key, count, &n);
	if (f->error == 0)
		f->error = has_room(f->reader, f->offset, n * size);
	if (f->error)
		n = 0;
	*ret_n = n;
	return arena_array(builder_arena(f->reader->builder), n + extra, size);
}

int fields_errno(struct fields *f, const char *key)
{
	const struct json_span value = fields_value(f, key);

	if (f->error || f->reader->text[value.start] != '"')
		return (int)fields_number_or_null(f, key, 1, INT_MAX);
	const int error = errno_from_name(fields_text(f, key));
	if (!error)
		fields_fail(f, key, "is not the name of an error");
	return error;
}
