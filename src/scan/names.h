/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "scan/scan_state.h"

/* Reads the command lines of all processes that have none yet (only_leaders: of those that lead a
 * namespace), and names the processes by them. What cannot be read in time keeps the kernel's name,
 * and is noted: at most NAMES_GIVEN_UP_MAX reads are given up in a scan, and none begins after
 * NAMES_DEADLINE_MS were spent on those. A process whose read waited is not tried again while it
 * lives. Returns 0 or -ECANCELED. */
_must_check_ int names_read(struct scan *scan, bool only_leaders);

enum { NAMES_GIVEN_UP_MAX = 4, NAMES_DEADLINE_MS = 1500 };
