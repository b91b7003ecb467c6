/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "ui/list/rows.h"

/* Who takes the selection over from node `index` of the hierarchy before, which is not in the list
 * any more, or as something that went: the next sibling that is shown, else the one before, else
 * the parent, which may have gone with it. 0 if there is nobody. */
size_t successor_find(const struct hierarchy *now, const struct rows_rule *rule,
        const struct hierarchy *before, size_t index);
