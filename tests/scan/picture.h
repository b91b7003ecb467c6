/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/model.h"

/* A model as text, a line for each thing: all that it shows but tags, times of scans and of inodes,
 * and whether processes run or sleep. The caller frees. Two scans of the same host give the same.
 * With `known` (may be NULL), another scan, what that does not know of a namespace is left
 * out: id and relations, without a process maps and age, and the notes about these. */
char *picture_of(const struct model *model, const struct model *known);

/* The first line that differs, of both, for a message; NULL: they are the same. The caller frees.
 */
char *picture_difference(const char *expected, const char *got);
