/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/builder.h"
#include "scan/scan_state.h"

/* Making a model of the records of a scan, in one thread. What goes into the model is copied. */

/* Makes the processes and their namespaces, and sets scan->namespaces. with_holders: also the
 * holders, which are sorted, and the namespaces that only they have. What is gone is left out. */
void merge_records(struct scan *scan, struct builder *builder, bool with_holders);

/* Sets is_leader of the processes that lead a namespace (builder_choose_leaders). */
void merge_mark_leaders(struct scan *scan, struct builder *builder);

/* Sets names and command lines as far as they were read, else the name is that of the kernel; and
 * the control groups of leaders, or of all processes. */
void merge_names(const struct scan *scan, struct builder *builder);

/* Sets the host, and adds the notes. */
void merge_host(const struct scan *scan, struct builder *builder);
