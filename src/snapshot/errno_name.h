/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"

/* The names of errno(3): numbers differ from one architecture to another, and strerrorname_np is
 * glibc's alone. */

/* "EACCES" for EACCES; NULL for a number without a name. */
_pure_ const char *errno_name(int error);

/* The number, 0 if there is no such name. */
_pure_ int errno_from_name(const char *name);
