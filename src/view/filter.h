/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/u64.h"
#include "view/haystack.h"

#include <stdio.h>

/* A filter of the lines of a hierarchy. A zeroed one passes everything. */

enum filter_owner {
	FILTER_ANYBODY,
	FILTER_ONLY, /* owned by `owner` */
	FILTER_NOT,  /* owned by another user, who is known */
};

struct filter {
	char *text; /* to be found (haystack_find); NULL or empty: any */
	enum filter_owner owner_rule;
	uid_t owner;       /* of a namespace; the user of a process */
	unsigned types;    /* 1 << NS_*; 0: any. Of a process: where it differs from its parent */
	bool only_leaked;  /* model_is_leaked */
	bool only_changed; /* new, gone or changed */
	/* Of filter_drop: */
	const struct u64_set *changed;    /* the tags of those; NULL: none */
	bool with_cmdlines;               /* command lines are searched, too */
	const struct facts_store *inside; /* what is searched in network namespaces, too: NULL:
	                                   * only the facts of the model */
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
 * model; NULL if there is no text. `changed` says of each node whether it has changed; NULL if
 * the filter is not about that. */
struct filter_count filter_apply(const struct filter *filter, const struct hierarchy *hierarchy,
        struct haystack *haystack, const bool *changed, unsigned char *ret);

/* Filters a hierarchy of `model` alone, and removes what is out; nodes above a match get is_above.
 */
struct filter_count filter_drop(const struct filter *filter, struct hierarchy *hierarchy,
        const struct model *model, const struct names *names);

/* Writes a description: `"bash", not root, net, leaked, changed`. */
void filter_write(FILE *out, const struct filter *filter, const struct names *names);

/* Writes what a file with a part of the model says: `filter "bash": 3 of 9 match`. */
void filter_write_count(FILE *out, const struct filter *filter, const struct filter_count *count,
        const struct model *model, const struct names *names);
