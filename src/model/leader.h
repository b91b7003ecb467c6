/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/model.h"

/* Who stands for a namespace: of a PID namespace the process whose PID inside is 1; else, among
 * the processes whose parent is not in it, user processes before kernel threads, then the oldest,
 * then the lowest PID. */

/* True if `process`, a member of `ns` whose parent is `parent` (NULL: not in the picture), stands
 * for it rather than `best` (NULL: nobody yet). */
bool leader_is_better(const struct ns *ns, const struct process *process,
        const struct process *parent, const struct process *best);
