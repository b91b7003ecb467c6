/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/model.h"

/* What containers and pods are found by: a container by its name, kind, image, pod and the
 * namespace of that, unit, by the words of its line (words_container.h), and by its id: the whole
 * one, or a prefix of at least CONTAINER_TEXTS_PREFIX characters. A query may be the kind and such
 * a prefix, as a line has it: `docker 9e19`. A pod is found by its name, namespace and id. The text
 * is escaped as on the screen (base/escape.h). */

enum { CONTAINER_TEXTS_PREFIX = 4 };

struct container_texts;

struct container_texts *container_texts_new(void);
void container_texts_free(struct container_texts *texts);

/* Adds a container, or the pod that it is in, once; has no pointers into it. Returns its number,
 * from 0. Amortized O(1). */
size_t container_texts_add(struct container_texts *texts, const struct container *container);
size_t container_texts_add_pod(struct container_texts *texts, const struct container *container);

/* How many there are. */
size_t container_texts_count(const struct container_texts *texts);

/* Sets `hits` for each number: whether `query` is found there. Case matters if it has a capital
 * letter. */
void container_texts_find_all(const struct container_texts *texts, const char *query, bool *hits);

/* True if `query` is found in number `number`. *ret_text (may be NULL) is the line where it
 * is, which the caller frees. */
bool container_texts_find(
        const struct container_texts *texts, size_t number, const char *query, char **ret_text);
