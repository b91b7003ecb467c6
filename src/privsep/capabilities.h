/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The capabilities of this process (capabilities(7)), by the numbers of linux/capability.h. */

/* True if the capability is effective. */
bool capabilities_has(int capability);

/* Keeps those of `keep` that are permitted, permitted and effective, and clears all others and the
 * inheritable set. Returns 0 or a negative errno. */
_must_check_ int capabilities_keep(const int *keep, size_t n);

/* The same for a set: bits 1 << CAP_*. */
_must_check_ int capabilities_keep_set(uint64_t keep);

/* The bit of a capability in such a set. */
#define CAPABILITIES_BIT(capability) (UINT64_C(1) << (capability))

/* Of the permitted ones makes those of the set effective, and no others; all stay permitted.
 * Returns 0 or a negative errno. */
_must_check_ int capabilities_set_effective(uint64_t set);

/* Empties the bounding set, if that is permitted (CAP_SETPCAP). If it is not, no capability is
 * permitted that execve(2) could add from that set, and no_new_privs prevents any other gain.
 * Returns 0 or a negative errno. */
_must_check_ int capabilities_clear_bounding(void);

/* Calls `act` with no capability effective; then the same ones as before are. Returns the result of
 * `act`, or a negative errno without a call. If they cannot be restored, the process ends. */
_must_check_ int capabilities_run_without(int (*act)(void *data), void *data);
