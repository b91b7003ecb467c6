/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"

#include <stddef.h>
#include <stdio.h>

/* Escapes text from outside the program (names, paths, command lines, host names) for output. All
 * of it is written through these functions:
 *
 *     backslash                                             \\
 *     C0, DEL, and each byte that is not valid UTF-8        \xNN
 *     C1, noncharacters, and all of utf8_is_invisible       \u{NNNN}, at least four digits
 *     a combining mark that is the 9th or later in a row,
 *     or at the start of the text, or after an escape       \u{NNNN}
 *
 * (Terminals differ in the width of invisible characters, and a mark at the start would be drawn
 * over text of the program.) The result is printable UTF-8 without line breaks, the same in every
 * locale, and differs for different text. A format that needs more quoting (DOT, XML) quotes the
 * result. */

/* Writes `len` bytes of `raw`, escaped. `quote` is another ASCII character that gets a backslash
 * (`"` inside quotes), or 0. Errors stay in `out` (ferror(3)), and end it. */
void escape_write(FILE *out, const char *raw, size_t len, char quote);

/* The most bytes of a name that are shown, as many as a path in the kernel has (PATH_MAX). Only a
 * snapshot has longer ones; JSON keeps them. */
enum { ESCAPE_NAME_MAX = 4096 };

/* Writes the string `raw` in the same way; if it is longer than ESCAPE_NAME_MAX, only that much,
 * and an ellipsis. For all text that users read, so that a name of any length costs no more. */
void escape_write_name(FILE *out, const char *raw, char quote);

/* Writes text that is escaped already, in ASCII: each character beyond is \u{NNNN}. */
void escape_write_ascii(FILE *out, const char *escaped, size_t len);

/* Writes text that is escaped already up to `most` characters, then the ellipsis if that was not
 * all. Never cuts inside a character or an escape. */
void escape_write_cut(
        FILE *out, const char *escaped, size_t len, size_t most, const char *ellipsis);

/* Returns the escaped string, never NULL; the caller frees it. NULL is taken as "". */
char *escape_text(const char *raw) __attribute__((returns_nonnull));

/* The same of a name, up to ESCAPE_NAME_MAX bytes, as escape_write_name writes it. */
char *escape_name(const char *raw) __attribute__((returns_nonnull));

/* escape_text in ASCII, for terminals and locales without UTF-8: each character beyond ASCII is
 * \u{NNNN}. */
char *escape_ascii(const char *raw) __attribute__((returns_nonnull));
