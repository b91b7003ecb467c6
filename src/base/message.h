/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"

/* Messages on standard error: one line, `PROGRAM: WHAT: WHY`. PROGRAM is
 * program_invocation_short_name. */

/* `PROGRAM: WHAT: WHY`. `what` is raw (a path, an option's argument) and is escaped; `why` is text
 * of this program. */
void message_error(const char *what, const char *why);

/* The same with strerror(3) of `error` (positive or negative errno) as WHY. */
void message_errno(const char *what, int error);

/* `PROGRAM: ` and text of this program. */
void message_line(const char *format, ...) _printf_(1, 2);
