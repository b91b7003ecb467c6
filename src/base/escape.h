/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"

#include <stddef.h>
#include <stdio.h>

/* The one rule by which foreign text (names, paths, command lines, host names) is made safe
 * where it leaves: a backslash is \\; C0, DEL and each byte that is not valid UTF-8 is \xNN;
 * C1, noncharacters, U+2028/9 and whatever else leaves no mark or moves others (all of
 * unicode_is_invisible: bidi controls, soft hyphen, zero width characters and joiners, tags,
 * variation selectors: terminals do not agree on their width) are \u{NNNN}, and so is a combining
 * mark that is the 9th or later in a row, or has nothing to stand on: at the start of the text
 * (where it would change what we wrote before it) and behind something escaped. Digits are lower
 * case, at least four of them in \u{}. The result is printable UTF-8, the same in every locale,
 * injective, and free of line breaks. What a sink needs beyond it (DOT, XML, JSON) is the sink's
 * own quoting of *this* text. */

/* Writes `len` bytes of `raw` by the rule. `quote` is one more ASCII character to put a
 * backslash before (`"` inside quotes), or 0. Errors stay in `out` (ferror). */
void escape_write(FILE *out, const char *raw, size_t len, char quote);

/* The same for a string, as a new string the caller frees; never NULL; NULL reads as "". */
char *escape_text(const char *raw) __attribute__((returns_nonnull));

/* The same rule and, for terminals and locales without UTF-8, every character beyond ASCII as
 * \u{NNNN}. The caller frees; never NULL. */
char *escape_ascii(const char *raw) __attribute__((returns_nonnull));
