/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "ui/list/tree.h"

/* What is being looked for, and what was. */

enum finder_use {
	FINDER_NONE,   /* no prompt of these is open */
	FINDER_SEARCH, /* to the next match, as one types */
	FINDER_NUMBER, /* to a PID or the number of a namespace */
	FINDER_FILTER, /* only what matches */
};

struct finder {
	enum finder_use use;
	struct tree_place from; /* where it began: Esc leads back there */
	char *filter_before;    /* and what the filter was; NULL: none */
	char *query;            /* what was sought last; NULL: nothing yet */
};

void finder_release(struct finder *finder);

/* The matches of `query` among what is shown. */
struct finding {
	size_t index; /* node of the one that is meant; NODE_NO_PARENT: there is none */
	size_t place; /* which of them it is, from 1 */
	size_t n;
	bool has_wrapped;
};

/* The match at node `from` or after it (before it if `is_back`); with `is_next` not at it. */
struct finding finder_find(struct tree *tree, const struct tree_source *source, const char *query,
        bool is_next, bool is_back);

/* The same among `n` things of which `hits` says whether they match, from thing `at` on. */
struct finding finder_choose(const bool *hits, size_t n, size_t at, bool is_next, bool is_back);
