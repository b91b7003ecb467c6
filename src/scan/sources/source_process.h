/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "scan/scan_state.h"

/* The source `process`: what /proc/PID says of each process. All of it is read relative to one
 * directory descriptor, so that a PID that is used again meanwhile cannot mix two processes. */

/* Lists the processes into scan->readings. Returns 0 or the error of listing them. */
_must_check_ int source_process_list(struct scan *scan);

/* Reads links, user, PIDs inside and stat of each. is_whole: the rest too, for one open of each
 * process less than asking later. Returns 0 or -ECANCELED. */
_must_check_ int source_process_read(struct scan *scan, bool is_whole);

/* Reads what the first picture did without: threads and descriptors (visit.h). A process that is
 * another one by now keeps none. Returns 0 or -ECANCELED. (Command lines: names.h.) */
_must_check_ int source_process_read_rest(struct scan *scan);
