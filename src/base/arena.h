/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stddef.h>

/* Memory that is given back all at once. Used by one thread at a time; never returns NULL
 * (memory.h says what happens instead). */

struct arena;

struct arena *arena_new(void);

/* Frees everything that came out of it; NULL is fine. */
void arena_free(struct arena *arena);

/* `size` zeroed bytes, aligned for any type. Lives as long as the arena. */
void *arena_alloc(struct arena *arena, size_t size);

/* `n` zeroed elements of `size` bytes; ends the program when n * size overflows. */
void *arena_array(struct arena *arena, size_t n, size_t size);

/* A NUL-terminated copy of the `len` bytes at `bytes`. */
char *arena_copy(struct arena *arena, const char *bytes, size_t len);

/* A copy of a string; NULL gives NULL. */
char *arena_strdup(struct arena *arena, const char *s);

/* Bytes taken from the system so far. */
size_t arena_size(const struct arena *arena);
