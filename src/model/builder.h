/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Making a model: by a scan or from a snapshot. Everything handed in is copied. What a builder
 * gives out (namespaces, processes) may be filled in through the pointers until it is frozen; the
 * fields that model.h calls derived are set by freezing. One thread. */

#include "base/attributes.h"
#include "model/model.h"

struct builder;

struct builder *builder_new(void);

/* Throws away what was not frozen. NULL is fine. */
void builder_free(struct builder *builder);

/* The arena of the model to be, for strings and arrays that its fields point to. */
struct arena *builder_arena(struct builder *builder);

/* To be filled in; `unreadable` and the like too. */
struct host *builder_host(struct builder *builder);

/* The namespace with that number, made if it is new: relations REL_FAILED where its type has
 * them and REL_NONE where not. Sets *ret_is_new (may be NULL). Amortised O(1).
 * Namespaces are told apart by (type, dev, inode). */
struct ns *builder_ns(
        struct builder *builder, enum nstype type, uint64_t dev, uint64_t inode, bool *ret_is_new);

/* The same without making one: NULL if it is not there. */
struct ns *builder_find_ns(struct builder *builder, enum nstype type, uint64_t dev, uint64_t inode);

/* All namespaces so far, in the order in which they were made; valid until the next one is. */
struct ns *const *builder_namespaces(struct builder *builder, size_t *ret_n);

/* A new process, zeroed but for its PID. */
struct process *builder_process(struct builder *builder, pid_t pid);

struct process *const *builder_processes(struct builder *builder, size_t *ret_n);

/* Sets the leader of each namespace that has processes: of a PID namespace the process with PID 1
 * inside; else, among the processes whose parent is not a member, one that is no kernel thread
 * before one that is, then the oldest, then the lowest PID. Freezing does this too; it is called
 * earlier by a reader that reads more about leaders than about other processes. */
void builder_choose_leaders(struct builder *builder);

/* Writes down what keeps `ns` alive (kinds child and owns are derived: do not). `path` is
 * copied. The same holder twice counts once. */
void builder_hold(struct builder *builder, const struct ns *ns, const struct holder *holder);

/* Writes down what could not be read. */
void builder_note(struct builder *builder, pid_t pid, const char *what, int error);

/* Why a model cannot be. */
struct builder_problem {
	enum nstype type; /* of the namespace it is about */
	uint64_t inode;
	const char *what; /* static words: "is its own ancestor" */
};

/* Derives, sorts, checks, and gives the model, with one reference; the builder is gone (freed) in
 * any case. `previous` (may be NULL) is an earlier model of the same host: tags are carried over
 * from it (identity.h). Returns 0; -EINVAL if the relations are no forest of chains of at most
 * 1,000, or a relation leads to a namespace of the wrong type: then *ret_problem (may be NULL) says
 * which. */
_must_check_ int builder_freeze(struct builder *builder, const struct model *previous,
        const struct model **ret_model, struct builder_problem *ret_problem);
