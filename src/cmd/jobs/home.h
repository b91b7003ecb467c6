/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"
#include "cmd/rights.h"

#include <stddef.h>

/* A path as it was typed, for a job that acts for the caller: a leading `~/` is his home. Returns 0
 * and the path; -ENOENT when no home is known, -ENAMETOOLONG. */
_must_check_ int home_expand(
        const char *typed, const struct caller *caller, char *ret_path, size_t size);
