/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What the arguments of the processes that run containers tell (containers/monitor_args.h): names,
 * and the containers of processes that have no control group of their own, as those of Podman
 * without root on some hosts. A process may write anything into its arguments: they count for its
 * user. */

#include "model/builder.h"
#include "scan/scan_state.h"

/* To be called with each command line that was read: keeps what it says in the record. */
void container_monitors_note(
        struct scan *scan, struct process_record *record, const char *cmdline, size_t len);

/* Adds that to the containers and processes of a model, after merge_names. */
void container_monitors_merge(const struct scan *scan, struct builder *builder);
