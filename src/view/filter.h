/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view/haystack.h"

#include <stdio.h>

/* Which lines of a hierarchy are wanted. What is not said does not matter. */

enum filter_owner {
	FILTER_ANYBODY,
	FILTER_ONLY, /* owned by `owner` */
	FILTER_NOT,  /* owned by another one, who is known */
};

struct filter {
	char *text; /* found in it (match.h); NULL or empty: anything */
	enum filter_owner owner_rule;
	uid_t owner;      /* of namespaces; of processes the user */
	unsigned types;   /* 1 << NS_*; 0: any. Of a process: where it differs from its parent */
	bool only_leaked; /* ns_is_leaked */
};

/* What becomes of a node. */
enum filtered {
	FILTERED_OUT,
	FILTERED_ABOVE, /* shown only because it stands above one that is wanted */
	FILTERED_IN,
};

void filter_release(struct filter *filter);

/* False if it wants everything. */
bool filter_is_on(const struct filter *filter);

/* How many are in, of how many that may be: not the user namespaces that only group others. */
struct filter_count {
	size_t n;
	size_t all;
};

/* Says for each node of the hierarchy what becomes of it (enum filtered; `ret` has room for all).
 * `haystack` is the hierarchy's, and only needed if there is a text. */
struct filter_count filter_apply(const struct filter *filter, const struct hierarchy *hierarchy,
        const struct haystack *haystack, unsigned char *ret);

/* Says what is wanted: `"bash", not root (0), net, leaked`. */
void filter_write(FILE *out, const struct filter *filter, const struct names *names);
