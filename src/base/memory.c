/* SPDX-License-Identifier: Apache-2.0 */
#include "base/memory.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>

/* The only global state of the program: memory can run out in any function, in any thread. */
static _Atomic(void (*)(void)) exit_handler;

void memory_set_exit_handler(void (*handler)(void))
{
	atomic_store(&exit_handler, handler);
}

void memory_exhausted(void)
{
	static const char message[] = "nsbrowse: out of memory\n";
	void (*const handler)(void) = atomic_load(&exit_handler);

	if (handler)
		handler();
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
