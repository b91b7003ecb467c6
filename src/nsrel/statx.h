/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NSREL_STATX_H
#define NSREL_STATX_H

/* statx(2), which musl has since its release 1.2.5. Not installed. */

#include <fcntl.h>
#include <sys/stat.h>

#ifndef HAVE_STATX
#include <linux/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static inline int statx(int dir, const char *path, int flags, unsigned mask, struct statx *ret)
{
	return (int)syscall(SYS_statx, dir, path, flags, mask, ret);
}
#endif

#endif
