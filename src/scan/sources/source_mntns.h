/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The source `mntns`: mount namespaces that no process is in, and the mounts of namespaces in them,
 * as the kernel lists them (Linux 6.12, with rights that only the helper has). */

#include "scan/scan_state.h"

/* Finds both. Where the kernel or the rights do not allow it, nothing is found, and the source is
 * not counted as read. Returns 0 or -ECANCELED. */
_must_check_ int source_mntns_read(struct scan *scan);
