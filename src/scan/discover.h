/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "scan/scan_state.h"

/* What keeps namespaces alive beside processes: runs the sources that options->sources want, after
 * the processes with their threads and descriptors were read (source_process.h). Fills in the
 * records, sorted, and scan->sources. Returns 0 or -ECANCELED. */
_must_check_ int discover(struct scan *scan);
