/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"

/* The names of errno(3). Snapshots have names, since the numbers differ between architectures;
 * strerrorname_np(3) is only in glibc. */

/* "EACCES" for EACCES; NULL for a number without a name. */
_pure_ const char *errno_name(int error);

/* EACCES for "EACCES"; 0 for a string that is no name. */
_pure_ int errno_from_name(const char *name);
