/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* What is known of the terminal by its name. Apart from curses.h, because <term.h> makes macros of
 * common words. */

/* True if TERM on `output` is known and can address the cursor. Writes nothing. */
bool terminfo_is_usable(int output);

/* A string of the terminal that curses has taken (terminfo(5): "rmcup"); NULL if it has none. */
const char *terminfo_string(const char *name);

/* What makes that terminal scroll all of its `rows` (and moves its cursor); NULL if it has no such
 * string. Valid until the next call. */
const char *terminfo_region(int rows);

/* Such a string (NULL: nothing) without the padding `$<5>` that it may hold, which only real old
 * terminals want: at most `size` bytes of it to `ret`. Returns how many. */
size_t terminfo_bytes(const char *string, char *ret, size_t size);

/* True if that terminal speaks as ANSI does (ESC [): the modes of xterm can be asked of it, which
 * it ignores if it has them not. */
bool terminfo_is_ansi(void);
