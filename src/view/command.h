/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/model.h"

#include <stdio.h>

/* Command lines of processes as text. */

/* Writes an argument, escaped (base/escape.h), so that the arguments of a command line can stand
 * with blanks between: if it is empty, or has other characters than those of a plain word, it is in
 * single quotes, and a single quote in it is '\''. */
void command_write_argument(FILE *out, const char *argument);

/* True if that is the argument itself: only letters, digits and / . _ - + : @ % , = in it. */
bool command_is_plain(const char *argument);

/* True if it has arguments that are known. */
bool command_is_known(const struct process *process);

/* What follows one of which only the first part is kept. */
#define COMMAND_CUT " (cut)"

/* Writes all of it: `/usr/bin/bash -l`, COMMAND_CUT after one of which only the first part is kept.
 * Instead of a command line, and never as an argument is written: `(kernel thread)`, `(zombie)`,
 * `(empty)` if the process has cleared it, `(not read: permission denied)`, `(not read)`. `host`
 * may be NULL if command_is_known. */
void command_write(FILE *out, const struct host *host, const struct process *process);
