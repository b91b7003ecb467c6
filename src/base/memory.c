/* SPDX-License-Identifier: Apache-2.0 */
#include "base/memory.h"

#include <stdatomic.h>
#include <stdint.h>
#include <string.h>

/* The one piece of state of the process that is not passed around: running out of memory can
 * happen below any function, in any thread. */
static _Atomic(void (*)(void)) last_words;

void memory_set_last_words(void (*words)(void))
{
	atomic_store(&last_words, words);
}

void memory_exhausted(void)
{
	static const char message[] = "nsbrowse: out of memory\n";
	void (*const words)(void) = atomic_load(&last_words);

	if (words)
		words();
	if (write(STDERR_FILENO, message, sizeof(message) - 1) < 0)
		_exit(EXIT_FAILURE);
	_exit(EXIT_FAILURE);
}

void *memory_new(size_t size)
{
	void *p = calloc(1, size ? size : 1);

	if (!p)
		memory_exhausted();
	return p;
}

char *memory_strdup(const char *s)
{
	char *copy = strdup(s);

	if (!copy)
		memory_exhausted();
	return copy;
}

char *memory_printf(const char *format, ...)
{
	char *s;
	va_list args;

	va_start(args, format);
	if (vasprintf(&s, format, args) < 0)
		memory_exhausted();
	va_end(args);
	return s;
}

void *memory_grow(void *array, size_t *capacity, size_t wanted, size_t element)
{
	size_t n = *capacity ? *capacity : 16;

	if (array && wanted <= *capacity)
		return array;
	while (n < wanted) {
		if (n > SIZE_MAX / 2)
			memory_exhausted();
		n *= 2;
	}
	void *moved = reallocarray(array, n, element);
	if (!moved)
		memory_exhausted();
	*capacity = n;
	return moved;
}
