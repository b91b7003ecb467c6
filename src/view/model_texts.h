/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/model.h"
#include "view/container_texts.h"
#include "view/corpus.h"
#include "view/facts_store.h"
#include "view/names.h"

/* The texts by which the namespaces and processes of a model are found (haystack.h), each part made
 * when it is first searched. */

/* Some texts, as they are and in lower case. */
struct cased_corpus {
	struct corpus exact, lower;
	bool is_made;
};

#define MODEL_TEXTS_NO_CONTAINER SIZE_MAX

/* The container of a process, and the innermost one nested in that: their numbers in
 * model_texts.container_texts, or MODEL_TEXTS_NO_CONTAINER. */
struct containers_of {
	size_t outermost, innermost;
};

struct model_texts {
	const struct model *model;               /* a reference; NULL: there is no such model */
	const struct names *names;               /* borrowed; or NULL */
	bool with_cmdlines;                      /* command lines are searched */
	struct container_texts *container_texts; /* borrowed */
	size_t first[NS_TYPES + 1];              /* index of the first namespace of each type */
	struct cased_corpus types[NS_TYPES];     /* the namespaces of each type, by index */
	struct cased_corpus processes;           /* by index */
	struct cased_corpus own;                 /* of the lines of processes, in addition */
	struct containers_of *containers;        /* of each process */
	const struct ns_facts **facts; /* of each network namespace, references; or NULL */
};

/* `names` (may be NULL) and `container_texts` must stay. */
void model_texts_init(struct model_texts *ret, const struct model *model, const struct names *names,
        bool with_cmdlines, struct container_texts *container_texts);
void model_texts_release(struct model_texts *texts);

/* How many namespaces of a type there are. */
size_t model_texts_count(const struct model_texts *texts, enum nstype type);

/* The parts, made if they are not yet. That of processes sets `containers`, too. */
const struct cased_corpus *model_texts_type(struct model_texts *texts, enum nstype type);
const struct cased_corpus *model_texts_own(struct model_texts *texts);
const struct cased_corpus *model_texts_processes(struct model_texts *texts);

/* Sets the facts: those in the store (NULL: none), else of the model. */
void model_texts_set_facts(struct model_texts *texts, const struct facts_store *store);
