/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include "base/memory.h"

#include <stdalign.h>
#include <stdint.h>
#include <string.h>

enum { CHUNK_SIZE = 64 * 1024 };

struct chunk {
	struct chunk *next;
	size_t size;
	size_t used;
	alignas(max_align_t) unsigned char bytes[];
};

struct arena {
	struct chunk *chunks; /* the first one is being filled */
	size_t size;
};

static struct chunk *chunk_new(struct arena *arena, size_t size)
{
	size_t whole;

	if (__builtin_add_overflow(sizeof(struct chunk), size, &whole))
		memory_exhausted();
	struct chunk *chunk = memory_new(whole);
	chunk->size = size;
	arena->size += whole;
	return chunk;
}

struct arena *arena_new(void)
{
	return memory_new(sizeof(struct arena));
}

void arena_free(struct arena *arena)
{
	if (!arena)
		return;
	for (struct chunk *chunk = arena->chunks, *next; chunk; chunk = next) {
		next = chunk->next;
		free(chunk);
	}
	free(arena);
}

/* A large allocation gets a chunk of its own, after the one that is being filled. */
static void *alloc_large(struct arena *arena, size_t size)
{
	struct chunk *chunk = chunk_new(arena, size);

	chunk->used = size;
	if (arena->chunks) {
		chunk->next = arena->chunks->next;
		arena->chunks->next = chunk;
	} else {
		arena->chunks = chunk;
	}
	return chunk->bytes;
}

static void *alloc_aligned(struct arena *arena, size_t size, size_t alignment)
{
	struct chunk *chunk = arena->chunks;

	if (size > CHUNK_SIZE / 4)
		return alloc_large(arena, size);
	size_t start = chunk ? (chunk->used + alignment - 1) / alignment * alignment : 0;
	if (!chunk || start + size > chunk->size) {
		chunk = chunk_new(arena, CHUNK_SIZE);
		chunk->next = arena->chunks;
		arena->chunks = chunk;
		start = 0;
	}
	chunk->used = start + size;
	return chunk->bytes + start;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	return alloc_aligned(arena, size, alignof(max_align_t));
}

void *arena_array(struct arena *arena, size_t n, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes) || bytes > SIZE_MAX / 2)
		memory_exhausted();
	return arena_alloc(arena, bytes);
}

void *arena_copy_array(struct arena *arena, const void *array, size_t n, size_t size)
{
	void *copy = arena_array(arena, n, size);

	if (n)
		memcpy(copy, array, n * size);
	return copy;
}

char *arena_copy(struct arena *arena, const char *bytes, size_t len)
{
	char *copy = alloc_aligned(arena, len + 1, 1);

	memcpy(copy, bytes, len);
	return copy;
}

char *arena_strdup(struct arena *arena, const char *s)
{
	return s ? arena_copy(arena, s, strlen(s)) : NULL;
}

size_t arena_size(const struct arena *arena)
{
	return arena->size;
}
