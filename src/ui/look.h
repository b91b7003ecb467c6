/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "ui/frame.h"
#include "ui/marks.h"

/* What a namespace looks like in the list and in the graph. */

/* The first of `x + ! ~` that applies, or nothing, and its style: it went, it is new, something of
 * it could not be read, no process is in it. */
const char *look_mark(const struct node *node, const struct marks *marks, enum style *ret_style);

/* The style of its name. */
enum style look_style(const struct node *node);
