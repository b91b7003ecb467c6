/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"

#include <stdbool.h>
#include <stddef.h>
#include <uchar.h>

/* Decodes the character at the start of `bytes` (`len` bytes, at least 1).
 * Returns how many bytes it has (1 to 4) and stores it in *ret_c, or 0 when they are not valid
 * UTF-8 there (overlong, surrogate, above U+10FFFF, cut off): one byte is then to be skipped. */
size_t utf8_decode(const char *bytes, size_t len, char32_t *ret_c);

/* Encodes one character; returns how many bytes it stored in `bytes` (1 to 4). */
size_t utf8_encode(char32_t c, char bytes[static 4]);

/* True if all `len` bytes are valid UTF-8 (what snapshots may hold as a plain string). */
bool utf8_is_valid(const char *bytes, size_t len);
