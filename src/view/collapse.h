/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view/hierarchy.h"

/* Hundreds of namespaces that look alike (containers of one image, tabs of one browser) say no
 * more than one of them and their number. */

enum { COLLAPSE_ABOVE = 8 };

struct collapse_options {
	uint64_t selected; /* tag of the one that is never collapsed; 0: none */
	/* Groups to leave open: those of which it is true for some member. NULL: none. */
	bool (*is_open)(const void *data, uint64_t tag);
	const void *data;
};

/* Where more than COLLAPSE_ABOVE leaves of one parent look alike (type, leader's name, owner, kind
 * of what holds them, mark), puts one node in the place of the first that stands for all of them
 * (`alike`, in their order), without the selected one. One with anything below it always stays.
 * O(n log n). */
void hierarchy_collapse(struct hierarchy *hierarchy, const struct collapse_options *options);

/* Whether two leaves of one hierarchy (or what stands for several) look alike and have one parent.
 */
bool collapse_is_alike(const struct node *a, const struct node *b);
