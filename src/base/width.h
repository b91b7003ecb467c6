/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stddef.h>

/* How many columns text takes on a terminal. For text that has gone through escape.h (or is our
 * own): printable UTF-8. The one place that knows about wide and combining characters
 * (wcwidth of the locale; what the locale does not know counts as one column). */

/* Columns of the first `len` bytes of `text`. */
int width_columns(const char *text, size_t len);

/* How many bytes of `text` (`len` bytes) fit into `columns` columns: never splits a character
 * nor separates a combining mark from its base. *ret_columns (may be NULL) gets the columns used
 * (one less than asked for when a wide character did not fit). */
size_t width_clip(const char *text, size_t len, int columns, int *ret_columns);
