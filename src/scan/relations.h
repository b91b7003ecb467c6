/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "scan/merge.h"

/* Asks owner, parent and owner's UID of each namespace that was not carried over, once, and climbs
 * until nothing new turns up: so namespaces without a process come in. Counts in scan->n_lost
 * those that nobody was left to ask about. Returns 0 or -ECANCELED. */
_must_check_ int relations_ask(
        struct scan *scan, struct builder *builder, const struct places *places);
