/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Compiler attributes, and variables that release themselves at the end of their scope. */

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

/* Gives the descriptor away: the variable forgets it. */
_must_check_ static inline int take_fd(int *fd)
{
	const int taken = *fd;

	*fd = -EBADF;
	return taken;
}

/* Closes what is open, keeps errno. A descriptor that is not open is any negative number. */
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
