/* SPDX-License-Identifier: Apache-2.0 */
#include "base/memory.h"
#include "snapshot/reader.h"

#include <string.h>

/* Memory of a container beside the arena: in the table of the builder, and in that of the model. */
enum { COST_CONTAINER = 96 };

/* Later programs may write other words. */
static enum trust read_trust(struct fields *f)
{
	const char *words[TRUST_UNKNOWN];

	if (!fields_has(f, "trust"))
		return TRUST_UNKNOWN;
	for (enum trust trust = 0; trust < TRUST_UNKNOWN; trust++)
		words[trust] = container_trust_name(trust);
	const struct json_span word = fields_value(f, "trust");
	return (enum trust)fields_find_word(f, "trust", &word, words, TRUST_UNKNOWN);
}

static enum container_kind read_kind(struct fields *f, bool is_label)
{
	const char *const name = fields_text(f, "kind");
	struct container known = {.kind = 0};

	while (known.kind < CONTAINER_OTHER && strcmp(name, container_kind_name(known.kind)) != 0)
		known.kind++;
	if (known.kind < CONTAINER_OTHER && container_is_label(&known) != is_label)
		fields_fail(f, "kind", is_label ? "is a container" : "is no container");
	return known.kind;
}

static const char *read_text(struct fields *f, const char *key)
{
	return fields_has(f, key) ? fields_text_or_null(f, key) : NULL;
}

static bool read_flag(struct fields *f, const char *key)
{
	return fields_has(f, key) && fields_bool(f, key);
}

static void read_details(struct fields *f, struct container *container)
{
	container->name = read_text(f, "name");
	container->image = read_text(f, "image");
	container->pod = read_text(f, "pod");
	container->pod_namespace = read_text(f, "pod_namespace");
	container->pod_id = read_text(f, "pod_id");
	container->unit = read_text(f, "unit");
	container->source = read_text(f, "source");
	if (fields_has(f, "name_errno"))
		container->name_error = fields_errno(f, "name_errno");
	container->is_unverified = read_flag(f, "unverified");
	container->is_sandbox = read_flag(f, "sandbox");
}

/* Reads one; *ret_claim is that of its key `claim`, of length 0 if there is none. What is read of
 * the same container later is ignored. */
static int read_one(struct reader *reader, const struct json_span *span,
        const struct container *outer, bool is_label, const struct container **ret,
        struct json_span *ret_claim)
{
	static const char *const keys[] = {"kind", "id", "name", "image", "pod", "pod_namespace",
	        "pod_id", "unit", "source", "trust", "uid", "unverified", "sandbox", "name_errno",
	        "claim", NULL};
	struct fields f = fields_of(reader, span, keys);
	struct container read = {.kind = read_kind(&f, is_label),
	        .kind_name = fields_text(&f, "kind"),
	        .id = fields_text(&f, "id"),
	        .outer = outer};
	bool is_new;

	read.trust = read_trust(&f);
	if (read.trust == TRUST_CONTAINER && !outer)
		read.trust = TRUST_UNKNOWN;
	if (read.trust == TRUST_USER)
		read.trust_uid = (uid_t)fields_number(&f, "uid", 0, UINT32_MAX);
	*ret_claim = (struct json_span){.len = 0};
	if (fields_has(&f, "claim"))
		*ret_claim = fields_value(&f, "claim");
	if (f.error)
		return f.error;
	struct container *const container = builder_container(reader->builder, &read, &is_new);
	*ret = container;
	if (is_new)
		read_details(&f, container);
	return f.error ? f.error : fields_charge(reader, span->start, COST_CONTAINER);
}

/* Elements of a snapshot are nested at most JSON_SCAN_DEPTH_MAX deep, and so are claims. */
static int read_claims(struct reader *reader, struct json_span span, const struct container *outer,
        const struct container **ret)
{
	int r = 0;

	while (r == 0 && span.len) {
		struct json_span inner;

		r = read_one(reader, &span, outer, false, ret, &inner);
		outer = *ret;
		span = inner;
	}
	return r;
}

static enum rel_state read_container_state(struct fields *f)
{
	const char *word;

	if (!fields_has(f, "container_state"))
		return REL_KNOWN;
	word = fields_text(f, "container_state");
	if (word && strcmp(word, model_rel_state_name(REL_KNOWN)) == 0)
		return REL_KNOWN;
	return word && strcmp(word, model_rel_state_name(REL_HIDDEN)) == 0 ? REL_HIDDEN
	                                                                   : REL_FAILED;
}

int read_containers(struct reader *reader, struct fields *f, struct process *process)
{
	struct json_span inner = {.len = 0}, none;
	int r = 0;

	process->container_state = read_container_state(f);
	if (fields_has(f, "container") && !fields_is_null(f, "container")) {
		const struct json_span span = fields_value(f, "container");

		r = read_one(reader, &span, NULL, false, &process->container, &inner);
	} else if (fields_has(f, "claim") && !fields_is_null(f, "claim")) {
		inner = fields_value(f, "claim");
	}
	if (r == 0)
		r = read_claims(reader, inner, process->container, &process->claim);
	if (r == 0 && fields_has(f, "label") && !fields_is_null(f, "label")) {
		const struct json_span span = fields_value(f, "label");

		r = read_one(reader, &span, NULL, true, &process->label, &none);
	}
	return r;
}
