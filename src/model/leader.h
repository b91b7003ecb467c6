/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Which process leads a namespace, that is, stands for it on the screen. */

#include "model/model.h"

/* True if `process` is a better leader of `ns`, which it is in, than `best` (NULL: there is none
 * yet). `parent` is the parent of `process`, NULL if it was not read. */
bool leader_is_better(const struct ns *ns, const struct process *process,
        const struct process *parent, const struct process *best);
