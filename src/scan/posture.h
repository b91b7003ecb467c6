/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/builder.h"
#include "scan/scan_state.h"

/* Reads what confines PID 1 and the leader of each container (model/posture.h), of nested ones
 * only the outermost: from status, attr/current and mountinfo, which need no right. What could
 * not be read has its error there, and is no reason for a partial view. Returns 0 or -ECANCELED. */
_must_check_ int posture_read(struct scan *scan, struct builder *builder);
