/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/builder.h"
#include "scan/scan_state.h"

/* Collects what matches namespaces with the model before, and carries over what that knows of them
 * (model/identity.h): the ids of the kernel (Linux 6.18) or, without these, the times at which the
 * nsfs inodes of those that a descriptor or a mount keeps were made. */
void identify_and_carry(struct scan *scan, struct builder *builder);
