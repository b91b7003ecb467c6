/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "scan/scan_state.h"

/* Whether some processes, read again, are other than before. */

/* True if all that a model shows of a process by itself is the same, and it is the same process.
 * Not compared: whether it runs or sleeps, and when it was read. */
bool refresh_compare_processes(const struct process_record *was, const struct process_record *now);

/* True if the processes of `part` have the same threads in other namespaces, descriptors and
 * sockets there as in `kept`. */
bool refresh_compare_holders(const struct scan *kept, const struct scan *part);
