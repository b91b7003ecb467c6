/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/model.h"

/* Which namespace to go to when the view changes to that of `type`: from a user namespace to the
 * one that its leader is in, else the first one it owns, else that of the next ancestor that has
 * one; from another type to the user namespace that owns it, or to where its leader is, else on
 * from its owner. NULL if there is none. */
const struct ns *counterpart_find(const struct ns *ns, enum nstype type);
