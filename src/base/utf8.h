/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* UTF-8: decoding, encoding, classes of characters, and columns on a terminal. */

#include "base/attributes.h"

#include <locale.h>
#include <stdbool.h>
#include <stddef.h>
#include <uchar.h>

/* Decodes the character at the start of `bytes` (`len` bytes, at least 1).
 * Returns its length (1 to 4 bytes) and stores it in *ret_c; 0 if the bytes are not valid UTF-8
 * (overlong, surrogate, above U+10FFFF, cut off): the caller then skips one byte. */
size_t utf8_decode(const char *bytes, size_t len, char32_t *ret_c);

/* Encodes one character; returns how many bytes it stored in `bytes` (1 to 4). */
size_t utf8_encode(char32_t c, char bytes[static 4]);

/* True if all `len` bytes are valid UTF-8. */
bool utf8_is_valid(const char *bytes, size_t len);

/* --- classes of characters -------------------------------------------------------------------- */

/* Classes of characters, the same in every locale: the tables are part of the program (unicode.awk
 * writes them). At most one of these is true for a character. */

/* One of the 66 noncharacters: U+FDD0-FDEF, and U+nFFFE and U+nFFFF of each plane. */
_pure_ bool utf8_is_noncharacter(char32_t c);

/* Has no glyph, or changes the order of others: C1, format characters (bidi controls, soft hyphen,
 * zero width space and joiners, tags, byte order mark), line and paragraph separators, variation
 * selectors, fillers. Terminals differ in the width they give them. Does not include C0 and DEL. */
_pure_ bool utf8_is_invisible(char32_t c);

/* Takes no column: drawn over the character before it. */
_pure_ bool utf8_is_combining(char32_t c);

/* --- columns ---------------------------------------------------------------------------------- */

/* The two below take escaped text (escape.h) or text of this program: printable UTF-8. They use
 * wcwidth(3) of the locale; a character that is unknown in the locale counts as one column. */

/* The columns of the first `len` bytes of `text`. */
int utf8_columns(const char *text, size_t len);

/* How many bytes of `text` (`len` bytes) fit into `columns` columns: never splits a character
 * nor separates a combining mark from its base. *ret_columns (may be NULL) is set to the columns
 * used, one fewer than `columns` if a wide character did not fit. */
size_t utf8_clip(const char *text, size_t len, int columns, int *ret_columns);

/* For a file, which is the same in all locales: until the end, the two above count in this thread
 * as in a UTF-8 locale. If the system has none, nothing changes. */
struct utf8_locale {
	locale_t own; /* 0: there is none */
	locale_t before;
};

void utf8_locale_begin(struct utf8_locale *ret);
void utf8_locale_end(struct utf8_locale *locale);
