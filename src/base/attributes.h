/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Macros for the whole tree: compiler attributes, variables that release themselves at the end of
 * their scope, sizes, and binary search. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define _cleanup_(f)       __attribute__((cleanup(f)))
#define _must_check_       __attribute__((warn_unused_result))
#define _printf_(n, first) __attribute__((format(printf, n, first)))
#define _noreturn_         __attribute__((noreturn))
#define _unused_           __attribute__((unused))
#define _pure_             __attribute__((pure))

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* The smaller and the larger of two values of one type, each evaluated once. */
#define MIN(a, b)                                                                                  \
	({                                                                                         \
		const __auto_type min_a = (a);                                                     \
		const __auto_type min_b = (b);                                                     \
		min_a < min_b ? min_a : min_b;                                                     \
	})
#define MAX(a, b)                                                                                  \
	({                                                                                         \
		const __auto_type max_a = (a);                                                     \
		const __auto_type max_b = (b);                                                     \
		max_a > max_b ? max_a : max_b;                                                     \
	})

/* Negative, 0 or positive as `a` is less than, equal to or greater than `b`, each evaluated once:
 * for qsort(3). */
#define COMPARE(a, b)                                                                              \
	({                                                                                         \
		const __auto_type compare_a = (a);                                                 \
		const __auto_type compare_b = (b);                                                 \
		(compare_a > compare_b) - (compare_a < compare_b);                                 \
	})

/* Binary search in `n` elements that are in ascending order: the index of the first for which
 * `is_before` is false, n if it is true for all. `at` is the name of the index in is_before, an
 * expression that is evaluated O(log n) times:
 *
 *     const size_t i = LOWER_BOUND(n, at, items[at].pid < pid);
 */
#define LOWER_BOUND(n, at, is_before)                                                              \
	({                                                                                         \
		size_t lower_low = 0, lower_high = (n);                                            \
		while (lower_low < lower_high) {                                                   \
			const size_t at = lower_low + (lower_high - lower_low) / 2;                \
			if (is_before)                                                             \
				lower_low = at + 1;                                                \
			else                                                                       \
				lower_high = at;                                                   \
		}                                                                                  \
		lower_low;                                                                         \
	})

/* Returns the descriptor, which the caller owns now; the variable becomes -EBADF. */
_must_check_ static inline int take_fd(int *fd)
{
	const int taken = *fd;

	*fd = -EBADF;
	return taken;
}

/* Closes a descriptor that is not negative. Keeps errno. */
static inline void close_fd(int *fd)
{
	if (*fd >= 0) {
		const int saved = errno;

		close(*fd);
		errno = saved;
	}
	*fd = -EBADF;
}

static inline void free_pointer(void *pointer_to_pointer)
{
	void **p = pointer_to_pointer;

	free(*p);
	*p = NULL;
}

static inline void close_file(FILE **file)
{
	if (*file)
		fclose(*file);
	*file = NULL;
}

#define _cleanup_close_  _cleanup_(close_fd)
#define _cleanup_free_   _cleanup_(free_pointer)
#define _cleanup_fclose_ _cleanup_(close_file)
