/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stddef.h>

/* Memory that is freed as a whole. For one thread at a time. Never returns NULL: without memory the
 * program ends (memory.h). */

struct arena;

struct arena *arena_new(void);

/* Frees the arena and all memory allocated from it; NULL is allowed. */
void arena_free(struct arena *arena);

/* `size` zeroed bytes, aligned for any type. Valid as long as the arena. */
void *arena_alloc(struct arena *arena, size_t size);

/* `n` zeroed elements of `size` bytes; ends the program when n * size overflows. */
void *arena_array(struct arena *arena, size_t n, size_t size);

/* A copy of `n` elements of `size` bytes; `array` may be NULL if there are none. */
void *arena_copy_array(struct arena *arena, const void *array, size_t n, size_t size);

/* A NUL-terminated copy of the `len` bytes at `bytes`. */
char *arena_copy(struct arena *arena, const char *bytes, size_t len);

/* A copy of a string; NULL for NULL. */
char *arena_strdup(struct arena *arena, const char *s);

/* Bytes that the arena has allocated from the system. */
size_t arena_size(const struct arena *arena);
