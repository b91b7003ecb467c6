/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Opening namespaces that only mounts keep. The helper does it, many at a time, since whoever walks
 * to a mount point may hang. */

#include "scan/members.h"

enum { MOUNTED_AT_ONCE = 64 };

/* Opens what `places` (at most MOUNTED_AT_ONCE) lead to, each by the first of its mounts that will
 * do: handles, the caller's, or negative errnos: -ESRCH, none of the mounts is there any more;
 * -ESTALE, all are covered; -EREMOTE, or on a file system that may hang; -EOPNOTSUPP, nobody
 * can be sent. */
void mounted_open(
        struct members *members, const struct place *const *places, size_t n, int *ret_handles);
