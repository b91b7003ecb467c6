/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Text in memory of exactly its size, so that a sanitizer finds reads behind it. */

#include "base/memory.h"

#include <string.h>

static inline char *exact(const char *text, size_t len)
{
	char *copy = memory_new(len ? len : 1);

	memcpy(copy, text, len);
	return copy;
}

/* Calls `parse` with the text cut at each length, and with each byte replaced by hostile ones. */
static inline void exact_mutate(
        const char *text, size_t len, void (*parse)(const char *text, size_t len))
{
	static const char bytes[] = {0, ' ', '\n', ')', '(', '0', '9', ':', '-', '\xff'};

	for (size_t cut = 0; cut <= len; cut++) {
		char *copy = exact(text, cut);

		parse(copy, cut);
		free(copy);
	}
	for (size_t at = 0; at < len; at++) {
		for (size_t i = 0; i < sizeof(bytes); i++) {
			char *copy = exact(text, len);

			copy[at] = bytes[i];
			parse(copy, len);
			free(copy);
		}
	}
}
