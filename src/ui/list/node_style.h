/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "ui/draw/frame.h"
#include "ui/list/marks.h"

/* What a namespace looks like in the list and in the graph. */

/* The first of `x + ! ~` that applies, or nothing, and its style: it went, it is new, something of
 * it could not be read, no process is in it. */
const char *node_style_mark(
        const struct node *node, const struct marks *marks, enum style *ret_style);

/* The style of its name. */
enum style node_style_of(const struct node *node);
