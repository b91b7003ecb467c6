/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"

#include <stdbool.h>
#include <uchar.h>

/* Classes of characters, the same in every locale: the tables are part of the program (unicode.awk
 * writes them). At most one of these is true for a character. */

/* One of the 66 noncharacters: U+FDD0-FDEF, and U+nFFFE and U+nFFFF of each plane. */
_pure_ bool unicode_is_noncharacter(char32_t c);

/* Has no glyph, or changes the order of others: C1, format characters (bidi controls, soft hyphen,
 * zero width space and joiners, tags, byte order mark), line and paragraph separators, variation
 * selectors, fillers. Terminals differ in the width they give them. Does not include C0 and DEL. */
_pure_ bool unicode_is_invisible(char32_t c);

/* Takes no column: drawn over the character before it. */
_pure_ bool unicode_is_combining(char32_t c);
