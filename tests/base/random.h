/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/utf8.h"

#include <stddef.h>
#include <stdint.h>

/* Random strings that are hard to escape, the same in every run. */

static inline uint32_t random_below(uint64_t *state, uint32_t n)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return (uint32_t)((*state >> 32) * n >> 32);
}

/* A few pieces of a small set, in which text looks like escapes, and sometimes any character.
 * Returns the length; contains no NUL. */
static inline size_t random_nasty(uint64_t *state, char text[static 128])
{
	static const char *const alphabet[] = {"\\", "x", "u", "{", "}", "0", "1", "b", "\"", "a",
	        "\x1b", "\x7f", "\n", "\x80", "\xc2", "\x85", "\xc2\x85", "\xe2\x80\xae",
	        "\xe2\x80", "\xcc\x81", "\xcc\x81\xcc\x81\xcc\x81\xcc\x81", "\xef\xbf\xbe",
	        "\xed\xa0\x80", "\xf0\x9f\x98\x80", "\xe6\xbc\xa2", "\xc3\xa9", "\xe2\x80\x8b",
	        "\xff", "\\x1b", "\\u{0085}"};
	const uint32_t n_pieces = 1 + random_below(state, 8);
	size_t len = 0;

	for (uint32_t i = 0; i < n_pieces; i++) {
		if (random_below(state, 8) == 0) {
			char32_t c = 1 + random_below(state, 0x10ffff);

			len += utf8_encode(c >= 0xd800 && c < 0xe000 ? c - 0x800 : c, text + len);
			continue;
		}
		const char *piece =
		        alphabet[random_below(state, sizeof(alphabet) / sizeof(*alphabet))];
		while (*piece)
			text[len++] = *piece++;
	}
	text[len] = '\0';
	return len;
}
