/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "scan/merge.h"

/* Learns by what namespaces are told from those of the model before, and carries over what is known
 * of them from there (identity.h): the kernel's ids (Linux 6.18), or without these, of those that a
 * descriptor or a mount keeps, when their inodes were made. */
void identify_and_carry(struct scan *scan, struct builder *builder, const struct places *places);
