/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The containers of processes, by their control groups (scan/containers/cgroup_lines.h). Processes
 * of one group have the same text, which each thread parses once. */

#include "model/builder.h"
#include "scan/scan_state.h"

/* Reads the control groups of a process: sets record->cgroup. */
void containers_read(struct scan_thread *thread, struct process_record *record, int process);

/* True if the control groups of two processes have the same text, or none was read. */
bool containers_are_same(const struct process_record *a, const struct process_record *b);

/* Puts what the text of record->cgroup says now, by the owners of directories, in its place; that
 * was read by another state. */
void containers_read_again(struct scan_thread *thread, struct process_record *record);

/* To be called before containers_merge, for each model. */
void containers_begin(struct scan *scan);

/* Sets container, claim and label of a process. What they refer to is made in the builder. */
void containers_merge(
        struct builder *builder, const struct process_record *record, struct process *process);

/* The path of the control group, in the memory of the model that the process was merged into; NULL:
 * not known. */
const char *containers_path(const struct process_record *record);
