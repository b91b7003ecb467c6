/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"

#include <stddef.h>

/* The descriptors that a process was given, and the ones it means to have. */

/* Closes every descriptor above 2 but the `n` in `keep` (in any order; numbers below 3 do no
 * harm). Before Linux 5.9 it needs /proc. errno is not kept. */
void descriptors_close_except(const int *keep, size_t n);

/* Opens /dev/null for each of 0, 1 and 2 that is closed, so that no file of ours gets such a
 * number: the wrong way round, so that who reads or writes there is still told (EBADF). Returns 0
 * or a negative errno. */
_must_check_ int descriptors_fill_standard(void);
