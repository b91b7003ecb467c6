/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "scan/reading.h"

/* The source `process`: what /proc/PID says of each process. All of it is read relative to one
 * directory descriptor, so that a PID that is used again meanwhile cannot mix two processes. */

/* Lists the processes into scan->readings. Returns 0 or the error of listing them. */
_must_check_ int source_process_list(struct scan *scan);

/* Reads links, user, PIDs inside and stat of each; with `with_names` the command lines too, for
 * one open of each process less than asking later. Returns 0 or -ECANCELED. */
_must_check_ int source_process_read(struct scan *scan, bool with_names);

/* Reads the command lines that were not read yet: of the leaders, or of all. A process that is
 * another one by now keeps none. Returns 0 or -ECANCELED. */
_must_check_ int source_process_read_names(struct scan *scan, bool only_leaders);
