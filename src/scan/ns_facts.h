/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"
#include "kernel/kernel.h"
#include "model/model.h"
#include "model/ns_facts.h"

#include <stdatomic.h>

struct arena;

/* Reads the facts of one namespace of a model of this host. It is reached by one of its processes,
 * by its id, or by what holds it; what the kernel tells only inside is asked by a job of the
 * helper. `what`: NS_FACTS_LINKS. Returns 0 and facts (one reference, the caller's), whose `error`
 * says why they are empty. Several threads may call it at once. */
_must_check_ int ns_facts_read(struct kernel *kernel, const struct model *model,
        const struct ns *ns, unsigned what, const struct ns_facts **ret);

/* Reads those of all namespaces of these types (1 << NS_*) of a model that no other thread has, and
 * sets their `facts`. Returns 0, or -ECANCELED if `is_cancelled` (may be NULL) became true. */
_must_check_ int ns_facts_read_all(struct kernel *kernel, const struct model *model, uint32_t types,
        unsigned what, const atomic_bool *is_cancelled);

/* --- types with files of their own ------------------------------------------------------------ */

/* Of a PID namespace: whether its init process is ending. Memory is of `arena`. */
void ns_facts_pid_read(struct kernel *kernel, const struct model *model, const struct ns *ns,
        struct arena *arena, struct ns_facts_pid *ret);

/* What the facts of all user namespaces of a model are made of: /etc/subuid and /etc/subgid, and
 * their UIDs, sorted. */
struct ns_facts_ids;

struct ns_facts_ids *ns_facts_ids_new(struct kernel *kernel, const struct model *model)
        __attribute__((returns_nonnull));
void ns_facts_ids_free(struct ns_facts_ids *ids);

/* Of a user namespace of that model. */
void ns_facts_user_read(struct ns_facts_ids *ids, const struct ns *ns, struct arena *arena,
        struct ns_facts_user *ret);

struct ns_facts_target {
	const struct ns *ns;
	struct ns_facts *facts;
};

/* Sets the limits in the facts of `n` user namespaces of a model, each by a process inside, many at
 * the same time. Those that are not read within five seconds have the error ETIMEDOUT. Returns 0,
 * or -ECANCELED if `is_cancelled` (may be NULL) became true. */
_must_check_ int ns_facts_user_read_limits(struct kernel *kernel, const struct model *model,
        const struct ns_facts_target *targets, size_t n, const atomic_bool *is_cancelled);
