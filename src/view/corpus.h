/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Texts in one buffer, which is searched in one pass. Each text ends with a NUL and each field in
 * it with a newline: no query has either. Tens of thousands of them are written before the first
 * result of a search, so the functions are fast. */

/* Zeroed at first. */
struct corpus {
	char *text;
	size_t len;
	size_t capacity;
	size_t *starts; /* of the texts */
	size_t n;
	size_t starts_capacity;
};

void corpus_release(struct corpus *corpus);

/* Begins the next text, which ends with corpus_end. */
void corpus_begin(struct corpus *corpus);
void corpus_end(struct corpus *corpus);

/* Add to it: bytes, one of them, a decimal number; foreign text (NULL: nothing), escaped. */
void corpus_add(struct corpus *corpus, const char *bytes, size_t len);
void corpus_add_char(struct corpus *corpus, char c);
void corpus_add_number(struct corpus *corpus, uint64_t number);
void corpus_add_text(struct corpus *corpus, const char *raw);

/* All texts in lower case; `ret` is zeroed. */
void corpus_lower(const struct corpus *corpus, struct corpus *ret);

/* Sets `hits` for each text: whether it has the needle. */
void corpus_find(const struct corpus *corpus, const char *needle, size_t len, bool *hits);

/* Text `i`. */
const char *corpus_get(const struct corpus *corpus, size_t i);
