/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"
#include "kernel/kernel.h"
#include "model/model.h"
#include "model/ns_facts.h"

/* Reads the facts of one namespace of a model of this host. It is reached by one of its processes,
 * by its id, or by what holds it; what the kernel tells only inside is asked by a job of the
 * helper. `what`: NS_FACTS_LINKS. Returns 0 and facts (one reference, the caller's), whose `error`
 * says why they are empty. Several threads may call it at once. */
_must_check_ int ns_facts_read(struct kernel *kernel, const struct model *model,
        const struct ns *ns, unsigned what, const struct ns_facts **ret);
