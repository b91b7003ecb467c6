/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view/haystack.h"

#include <stdio.h>

/* A filter of the lines of a hierarchy. A zeroed one passes everything. */

enum filter_owner {
	FILTER_ANYBODY,
	FILTER_ONLY, /* owned by `owner` */
	FILTER_NOT,  /* owned by another user, who is known */
};

struct filter {
	char *text; /* to be found (haystack.h); NULL or empty: any */
	enum filter_owner owner_rule;
	uid_t owner;      /* of a namespace; the user of a process */
	unsigned types;   /* 1 << NS_*; 0: any. Of a process: where it differs from its parent */
	bool only_leaked; /* ns_is_leaked */
};

/* The result for a node. */
enum filtered {
	FILTERED_OUT,
	FILTERED_ABOVE, /* an ancestor of a node that is in: shown */
	FILTERED_IN,
};

void filter_release(struct filter *filter);

/* False if it passes everything. */
bool filter_is_on(const struct filter *filter);

/* How many nodes are in, and how many could be: user namespaces that only group others are not
 * counted. */
struct filter_count {
	size_t n;
	size_t all;
};

/* Filters each node of the hierarchy (`ret`: an enum filtered for each). `haystack` is that of the
 * hierarchy; NULL if there is no text. */
struct filter_count filter_apply(const struct filter *filter, const struct hierarchy *hierarchy,
        const struct haystack *haystack, unsigned char *ret);

/* Writes a description: `"bash", not root, net, leaked`. */
void filter_write(FILE *out, const struct filter *filter, const struct names *names);
