/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view/hierarchy.h"

/* How siblings stand: details before the rest, what a user namespace owns before its children,
 * then as the options say; among equals by type and number, and what went before what is there.
 * What is not known comes last. Neither may be the line "(outside this view)". */
int order_compare(const struct view_options *options, const struct node *a, const struct node *b);

/* Sorts siblings. */
void order_sort(const struct view_options *options, struct node *nodes, size_t n);

/* "number", "processes", "owner", "age". */
const char *order_name(enum view_sort sort);
