/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Builds a model, for a scan or from a snapshot. Strings that are passed in are copied. The caller
 * fills in namespaces and processes through the pointers that it gets, until the model is frozen;
 * freezing sets the fields that model.h calls derived. For one thread. */

#include "base/attributes.h"
#include "model/model.h"

struct builder;

struct builder *builder_new(void);

/* Frees a builder that was not frozen; NULL is allowed. */
void builder_free(struct builder *builder);

/* The arena of the model to be, for strings and arrays that its fields point to. */
struct arena *builder_arena(struct builder *builder);

/* The host, all fields of which the caller fills in. */
struct host *builder_host(struct builder *builder);

/* The namespace with that type, device and inode. A new one has relations in state REL_FAILED, or
 * REL_NONE if its type has no such relation. Sets *ret_is_new (may be NULL). Amortized O(1). */
struct ns *builder_ns(
        struct builder *builder, enum nstype type, uint64_t dev, uint64_t inode, bool *ret_is_new);

/* The same namespace if it exists, else NULL. */
struct ns *builder_find_ns(struct builder *builder, enum nstype type, uint64_t dev, uint64_t inode);

/* All namespaces so far, in the order of creation; valid until the next builder_ns. */
struct ns *const *builder_namespaces(struct builder *builder, size_t *ret_n);

/* Relations point to const, but the namespaces are the builder's own: until the model is frozen
 * they may be written. */
static inline struct ns *builder_own(const struct ns *ns)
{
	union {
		const struct ns *given;
		struct ns *own;
	} pointer = {.given = ns};

	return pointer.own;
}

/* Adds a reason to a model that was frozen, while no other thread has it. */
static inline void builder_add_partial(const struct model *model, enum partial reason)
{
	union {
		const struct model *given;
		struct model *own;
	} pointer = {.given = model};

	pointer.own->host.partial |= UINT32_C(1) << reason;
}

/* Sets the mounts of such a model, which takes the reference. */
static inline void builder_set_mounts(const struct model *model, const struct mounts *mounts)
{
	union {
		const struct model *given;
		struct model *own;
	} pointer = {.given = model};

	mounts_unref(model->mounts);
	pointer.own->mounts = mounts;
}

/* A new process, zeroed but for its PID; its UID is not known. */
struct process *builder_process(struct builder *builder, pid_t pid);

struct process *const *builder_processes(struct builder *builder, size_t *ret_n);

/* The process with that PID, NULL if there is none. Sorts builder_processes by PID. */
const struct process *builder_find_process(struct builder *builder, pid_t pid);

/* The container with this identity: `kind_name` is NULL for that of the kind, `outer` is one of
 * this builder, or NULL. A new one has copies of these, and of name, pod_id, unit and source; the
 * caller fills in what else is known, but for what is derived. A model has one of each, whatever
 * process it was found by. Sets *ret_is_new (may be NULL). Amortized O(1). */
struct container *builder_container(
        struct builder *builder, const struct container *identity, bool *ret_is_new);

/* All containers so far; valid until the next builder_container. */
struct container *const *builder_containers(struct builder *builder, size_t *ret_n);

/* Sets the leader of each namespace that has processes: of a PID namespace the process with PID 1
 * inside; else, among the processes whose parent is not a member, one that is no kernel thread
 * before one that is, then the oldest, then the lowest PID; and of each container. Freezing does
 * this too; it is called earlier by a reader that reads more about leaders than about other
 * processes. */
void builder_choose_leaders(struct builder *builder);

/* Adds a holder of `ns` (not of the kinds child and owns, which are derived). `path` is copied.
 * Equal holders become one. */
void builder_hold(struct builder *builder, const struct ns *ns, const struct holder *holder);

/* What builder_hold has added. */
struct held {
	const struct ns *ns;
	struct holder holder;
};

/* All of them; valid until the next builder_hold. */
const struct held *builder_holders(const struct builder *builder, size_t *ret_n);

/* Adds a note: something could not be read. `what` is copied. */
void builder_note(struct builder *builder, pid_t pid, const char *what, int error);

/* Adds a pin; its strings are copied. */
void builder_pin(struct builder *builder, const struct ns_pin *pin);

/* Why no model can be made. */
struct builder_problem {
	enum nstype type; /* of the namespace that is wrong */
	uint64_t inode;
	const char *what; /* static text: "is its own ancestor" */
};

/* The longest chain of parents that is accepted (the kernel allows 33 levels). */
#define BUILDER_DEPTH_MAX 1000

/* Tags from here on are not ids of the kernel, which are far below. */
#define BUILDER_OWN_TAG (UINT64_C(1) << 63)

/* Sets the first tag to give to a namespace that has neither a tag nor an id: the next_tag of an
 * earlier model, so that no tag is given again. */
void builder_set_next_tag(struct builder *builder, uint64_t tag);

/* Checks the relations, sets the derived fields and returns the model, with one reference. Frees
 * the builder in any case. A namespace without a tag (identity.h) gets its id, or the next tag.
 * Returns 0; -EINVAL and *ret_problem (may be NULL) if a chain of parents has a cycle or more than
 * 1,000 namespaces, or a relation leads to a namespace of the wrong type. */
_must_check_ int builder_freeze(struct builder *builder, const struct model **ret_model,
        struct builder_problem *ret_problem);
