/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"

#include <stdbool.h>
#include <uchar.h>

/* What a character is, the same in every locale (tables of our own). What Unicode has not
 * assigned is none of these. */

/* One of the 66 that no text may hold: U+FDD0-FDEF, and U+nFFFE and U+nFFFF of each plane. */
_pure_ bool unicode_is_noncharacter(char32_t c);

/* Leaves no mark of its own, or moves others: C1, format characters (bidi controls, soft hyphen,
 * zero width space and joiners, tags, the byte order mark), line and paragraph separator,
 * variation selectors, fillers. Terminals do not agree on their width. Not C0 and DEL. */
_pure_ bool unicode_is_invisible(char32_t c);

/* Takes no column: drawn onto the character before it. Never true where one of the others is. */
_pure_ bool unicode_is_combining(char32_t c);
