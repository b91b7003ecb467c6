/* SPDX-License-Identifier: Apache-2.0 */
#include "snapshot/fields.h"

#include "base/arena.h"
#include "snapshot/base64.h"

#include <string.h>

struct fields fields_of(struct reader *reader, const json_t *json, size_t offset)
{
	struct fields f = {.reader = reader, .object = json, .offset = offset};

	if (!json_is_object(json))
		f.error = reader_fail(reader, offset, "an object is missing");
	return f;
}

void fields_fail(struct fields *f, const char *key, const char *words)
{
	if (f->error == 0)
		f->error = reader_fail(f->reader, f->offset, "\"%s\" %s", key, words);
}

bool fields_has(const struct fields *f, const char *key)
{
	return f->error == 0 && json_object_get(f->object, key);
}

/* NULL only after an error. */
static const json_t *get(struct fields *f, const char *key)
{
	const json_t *value = f->error ? NULL : json_object_get(f->object, key);

	if (!value)
		fields_fail(f, key, "is missing");
	return value;
}

bool fields_is_null(struct fields *f, const char *key)
{
	const json_t *value = get(f, key);

	return value && json_is_null(value);
}

uint64_t fields_number_of(
        struct fields *f, const char *key, const json_t *value, uint64_t min, uint64_t max)
{
	if (f->error)
		return 0;
	if (!json_is_integer(value)) {
		fields_fail(f, key, "is not a whole number");
		return 0;
	}
	const json_int_t number = json_integer_value(value);
	if (number < 0 || (uint64_t)number < min || (uint64_t)number > max) {
		fields_fail(f, key, "is out of range");
		return 0;
	}
	return (uint64_t)number;
}

uint64_t fields_number(struct fields *f, const char *key, uint64_t min, uint64_t max)
{
	const json_t *value = get(f, key);

	return value ? fields_number_of(f, key, value, min, max) : 0;
}

uint64_t fields_number_or_null(struct fields *f, const char *key, uint64_t min, uint64_t max)
{
	return fields_is_null(f, key) ? 0 : fields_number(f, key, min, max);
}

bool fields_bool(struct fields *f, const char *key)
{
	const json_t *value = get(f, key);

	if (value && !json_is_boolean(value))
		fields_fail(f, key, "is neither true nor false");
	return value && json_is_true(value);
}

static const char *text_of_base64(struct fields *f, const char *key, const json_t *object)
{
	const json_t *value = json_object_get(object, "base64");
	size_t len = 0;

	if (!json_is_string(value)) {
		fields_fail(f, key, "is an object without base64 text");
		return "";
	}
	const size_t encoded = json_string_length(value);
	char *text = arena_alloc(builder_arena(f->reader->builder), encoded / 4 * 3 + 1);
	if (base64_decode(json_string_value(value), encoded, text, &len) < 0)
		fields_fail(f, key, "is not valid base64");
	else if (memchr(text, '\0', len))
		fields_fail(f, key, "holds a NUL");
	return text;
}

const char *fields_text_of(struct fields *f, const char *key, const json_t *value)
{
	if (f->error)
		return "";
	if (json_is_object(value))
		return text_of_base64(f, key, value);
	if (!json_is_string(value)) {
		fields_fail(f, key, "is not a string");
		return "";
	}
	return arena_copy(builder_arena(f->reader->builder), json_string_value(value),
	        json_string_length(value));
}

const char *fields_text(struct fields *f, const char *key)
{
	const json_t *value = get(f, key);

	return value ? fields_text_of(f, key, value) : "";
}

const char *fields_text_or_null(struct fields *f, const char *key)
{
	return fields_is_null(f, key) ? NULL : fields_text(f, key);
}

unsigned fields_word(struct fields *f, const char *key, const char *const *words, unsigned n)
{
	const json_t *value = get(f, key);
	const char *word = value ? json_string_value(value) : NULL;

	for (unsigned i = 0; word && i < n; i++) {
		if (words[i] && strcmp(words[i], word) == 0)
			return i;
	}
	fields_fail(f, key, "is none of the words it can be");
	return 0;
}

enum rel_state fields_state(struct fields *f, const char *key, const char *value_key)
{
	const char *words[REL_FAILED + 1];

	for (enum rel_state state = REL_KNOWN; state <= REL_FAILED; state++)
		words[state] = rel_state_name(state);
	const enum rel_state state = fields_word(f, key, words, REL_FAILED + 1);
	const bool is_null = fields_is_null(f, value_key);
	if (state == REL_KNOWN && is_null)
		fields_fail(f, value_key, "is null though its state is known");
	if (state != REL_KNOWN && !is_null)
		fields_fail(f, value_key, "is there though its state is not known");
	return f->error ? REL_FAILED : state;
}

enum ns_type fields_type(struct fields *f, const char *key)
{
	const char *words[NS_TYPES];

	for (enum ns_type type = 0; type < NS_TYPES; type++)
		words[type] = ns_type_name(type);
	return fields_word(f, key, words, NS_TYPES);
}

const json_t *fields_list(struct fields *f, const char *key)
{
	const json_t *value = get(f, key);

	if (value && !json_is_array(value))
		fields_fail(f, key, "is not a list");
	return f->error ? NULL : value;
}
