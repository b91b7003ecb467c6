/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/model.h"

/* The process that stands for a namespace, from its sorted `processes`: of a PID namespace the
 * one whose PID inside is 1; else, among those whose parent is not in it, user processes before
 * kernel threads, then the oldest, then the lowest PID. NULL if it has none. */
const struct process *leader_choose(const struct model *model, const struct ns *ns);
