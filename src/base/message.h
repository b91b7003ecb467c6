/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"

/* What a program says on standard error: `PROGRAM: WHAT: WHY`, one line, foreign text in WHAT
 * made safe by escape.h. PROGRAM is program_invocation_short_name. */

/* `nsbrowse: WHAT: WHY`. `what` is raw (a path, an option's argument), `why` is our own text. */
void message_error(const char *what, const char *why);

/* The same with strerror of `error` (positive or negative errno) as WHY. */
void message_errno(const char *what, int error);

/* `nsbrowse: ` and our own words. */
void message_line(const char *format, ...) _printf_(1, 2);
