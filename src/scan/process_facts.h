/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "kernel/kernel.h"
#include "model/process_facts.h"

/* Asks for the facts of one process, which is (pid, started). Always fills *ret; its `error` is
 * ESRCH when that process is not there any more. */
void process_facts_read(
        struct kernel *kernel, pid_t pid, uint64_t started, struct process_facts *ret);
