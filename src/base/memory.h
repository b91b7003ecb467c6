/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"

#include <stdarg.h>
#include <stddef.h>

/* Heap memory that is there: when it runs out the program ends (exit status 1) with a message,
 * after the last words registered below, so that no caller has a path for it. */

/* Registers what is done before the end, e.g. giving the terminal back. It may run in any
 * thread and must only make async-signal-safe calls. One for the process; NULL: nothing. */
void memory_set_last_words(void (*last_words)(void));

/* Never NULL; zeroed. The caller frees with free(). */
void *memory_new(size_t size) __attribute__((malloc, returns_nonnull));

/* A copy of a string, never NULL. The caller frees with free(). */
char *memory_strdup(const char *s) __attribute__((malloc, returns_nonnull));

/* printf into a new string, never NULL. The caller frees with free(). */
char *memory_printf(const char *format, ...) _printf_(1, 2) __attribute__((returns_nonnull));

/* Makes room for at least `wanted` elements of `element` bytes; `*capacity` is in elements and
 * doubles. Returns the possibly moved array; what was in it stays, the rest is not zeroed. */
void *memory_grow(void *array, size_t *capacity, size_t wanted, size_t element)
        __attribute__((returns_nonnull));

/* Says so on standard error and ends the program. */
_noreturn_ void memory_exhausted(void);
