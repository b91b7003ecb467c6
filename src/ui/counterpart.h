/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/model.h"

/* Which namespace to go to when the hierarchy changes to that of `type` (user or pid): from a
 * user namespace to the PID namespace of its leader, else the first one it owns, else that of the
 * next ancestor that has one; from a PID namespace to its owner; from another type likewise by
 * its leader, else by its owner. NULL if there is none. */
const struct ns *counterpart_find(const struct ns *ns, enum ns_type type);
