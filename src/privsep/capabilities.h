/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"

#include <stdbool.h>
#include <stddef.h>

/* The capabilities of this process (capabilities(7)), by the numbers of linux/capability.h. */

/* True if the capability is effective. */
bool capabilities_has(int capability);

/* Keeps those of `keep` that are permitted, permitted and effective, and clears all others and the
 * inheritable set. Returns 0 or a negative errno. */
_must_check_ int capabilities_keep(const int *keep, size_t n);
