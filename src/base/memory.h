/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"

#include <stddef.h>

/* Heap memory. If there is none left, the program ends with a message and exit status 1, after the
 * handler below has run: no caller has to handle it. */

/* Sets the function to call before that, for example to restore the terminal. It may run in any
 * thread and may only make async-signal-safe calls. One for the process; NULL: none. */
void memory_set_exit_handler(void (*handler)(void));

/* Never NULL; zeroed. The caller frees with free(). */
void *memory_new(size_t size) __attribute__((malloc, returns_nonnull));

/* A copy of a string, never NULL. The caller frees with free(). */
char *memory_strdup(const char *s) __attribute__((malloc, returns_nonnull));

/* printf into a new string, never NULL. The caller frees with free(). */
char *memory_printf(const char *format, ...) _printf_(1, 2) __attribute__((returns_nonnull));

/* Grows an array to at least `wanted` elements of `element` bytes. *capacity, in elements, doubles.
 * Returns the array, which may have moved; new elements are not zeroed. */
void *memory_grow(void *array, size_t *capacity, size_t wanted, size_t element)
        __attribute__((returns_nonnull));

/* Appends to a growing array: the new element, not initialized, to be assigned. `array`, `n` and
 * `capacity` are lvalues, evaluated more than once; the assigned value may not depend on them:
 *
 *     MEMORY_APPEND(list->items, list->n, list->capacity) = item;
 */
#define MEMORY_APPEND(array, n, capacity)                                                          \
	(*({                                                                                       \
		(array) = memory_grow((array), &(capacity), (n) + 1, sizeof(*(array)));            \
		&(array)[(n)++];                                                                   \
	}))

/* Calls the handler, writes the message to standard error and ends the program. */
_noreturn_ void memory_exhausted(void);
