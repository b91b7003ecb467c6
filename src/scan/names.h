/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "scan/scan_state.h"

/* Reads the command lines that were not read yet (only_leaders: of the leaders of namespaces) and
 * names the processes by them. A read of one may never return; the helper then gives it up. At
 * most NAMES_GIVEN_UP_MAX reads are given up in a scan, and none begins after those took
 * NAMES_DEADLINE_MS; the processes that are left keep the name of the kernel, and a note limits the
 * view. A process whose read was given up is not tried again while it lives. Returns 0 or
 * -ECANCELED. */
_must_check_ int names_read(struct scan *scan, bool only_leaders);

enum { NAMES_GIVEN_UP_MAX = 4, NAMES_DEADLINE_MS = 1500 };
