/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "snapshot/reader.h"

/* Taking the fields out of an object, each checked. The first that is wrong is told to the reader
 * and kept as `error`; from then on the getters give 0, NULL or "" and look at nothing, so that a
 * caller may take all and ask once.
 *
 * A value is decoded only when it is taken. */

enum { FIELDS_MAX = 20 };

struct fields {
	struct reader *reader;
	const char *const *keys; /* the ones it may have, ending with NULL; others are ignored */
	size_t offset;           /* where it stands in the file */
	unsigned next;           /* the key that is likely asked for next */
	struct json_span values[FIELDS_MAX]; /* by key; of length 0 where it is missing */
	int error;                           /* 0 or -EBADMSG */
};

/* The object in `span`; anything else is the first error. `keys`: at most FIELDS_MAX, static. */
struct fields fields_of(
        struct reader *reader, const struct json_span *span, const char *const *keys);

/* What is wrong with `key`: `"key" is ...`. Only the first time counts. */
void fields_fail(struct fields *f, const char *key, const char *words);

/* True if the key is there; null counts. */
bool fields_has(struct fields *f, const char *key);

/* True if it is there and null. */
bool fields_is_null(struct fields *f, const char *key);

/* The value; of length 0 after an error. */
struct json_span fields_value(struct fields *f, const char *key);

/* An integer from `min` to `max`. */
uint64_t fields_number(struct fields *f, const char *key, uint64_t min, uint64_t max);

/* The same, or null: 0. */
uint64_t fields_number_or_null(struct fields *f, const char *key, uint64_t min, uint64_t max);

bool fields_bool(struct fields *f, const char *key);

/* Text, raw: a string or {"base64": ...}; copied into the model's arena. */
const char *fields_text(struct fields *f, const char *key);

/* The same, or null: NULL. */
const char *fields_text_or_null(struct fields *f, const char *key);

/* A string that is one of `n` words (NULL: no word): its number. */
unsigned fields_word(struct fields *f, const char *key, const char *const *words, unsigned n);

/* A state, which must be `known` if and only if the value is not null. */
enum rel_state fields_state(struct fields *f, const char *key, const char *value_key);

typedef void fields_element_fn(
        struct fields *f, const char *key, const struct json_span *element, void *data);

/* A list: calls `read` for each element until there is an error. */
void fields_list(struct fields *f, const char *key, fields_element_fn *read, void *data);

/* Room for the elements of a list, `size` bytes each, and `extra` more: zeroed, in the model's
 * arena; *ret_n is how many they are. An empty array after an error. */
void *fields_array(struct fields *f, const char *key, size_t size, size_t extra, size_t *ret_n);

/* The getters for an element of the list `key`. */
uint64_t fields_number_at(struct fields *f, const char *key, const struct json_span *element,
        uint64_t min, uint64_t max);
const char *fields_text_at(struct fields *f, const char *key, const struct json_span *element);
unsigned fields_word_at(struct fields *f, const char *key, const struct json_span *element,
        const char *const *words, unsigned n);
void fields_list_at(struct fields *f, const char *key, const struct json_span *element,
        fields_element_fn *read, void *data);
