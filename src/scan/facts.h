/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "scan/merge.h"

/* What only members can tell of a namespace: the maps of each user namespace that were not carried
 * over, by its first live member; and the cgroup of each leader. Returns 0 or -ECANCELED. */
_must_check_ int facts_read(
        struct scan *scan, struct builder *builder, const struct places *places);
