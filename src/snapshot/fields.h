/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "snapshot/reader.h"

/* Taking fields out of a parsed object, each checked. The first that is wrong is told to the
 * reader and kept as `error`; from then on the getters give 0, NULL or "" and look at nothing, so
 * that a caller may take all and ask once. */

struct fields {
	struct reader *reader;
	const json_t *object; /* not an object: that is the first error */
	size_t offset;        /* where it stands in the file */
	int error;            /* 0 or -EBADMSG */
};

/* `json` is borrowed. */
struct fields fields_of(struct reader *reader, const json_t *json, size_t offset);

/* What is wrong with `key`: `"key" is ...`. Only the first time counts. */
void fields_fail(struct fields *f, const char *key, const char *words);

/* True if the key is there; null counts. */
bool fields_has(const struct fields *f, const char *key);

/* True if it is there and null. */
bool fields_is_null(struct fields *f, const char *key);

/* An integer from `min` to `max`. */
uint64_t fields_number(struct fields *f, const char *key, uint64_t min, uint64_t max);

/* The same, or null: 0. */
uint64_t fields_number_or_null(struct fields *f, const char *key, uint64_t min, uint64_t max);

bool fields_bool(struct fields *f, const char *key);

/* Text, raw: a string or {"base64": ...}; copied into the model's arena. */
const char *fields_text(struct fields *f, const char *key);

/* The same, or null: NULL. */
const char *fields_text_or_null(struct fields *f, const char *key);

/* The same for a value that stands in the list `key`. */
const char *fields_text_of(struct fields *f, const char *key, const json_t *value);

/* A plain string that is one of `n` words (NULL: no word): its number. */
unsigned fields_word(struct fields *f, const char *key, const char *const *words, unsigned n);

/* A state, which must be `known` if and only if the value is not null. */
enum rel_state fields_state(struct fields *f, const char *key, const char *value_key);

/* The type of a namespace. */
enum ns_type fields_type(struct fields *f, const char *key);

/* A list; NULL after an error. Borrowed. */
const json_t *fields_list(struct fields *f, const char *key);

/* An integer in the list `key`. */
uint64_t fields_number_of(
        struct fields *f, const char *key, const json_t *value, uint64_t min, uint64_t max);
