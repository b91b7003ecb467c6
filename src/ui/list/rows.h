/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "ui/list/marks.h"
#include "view/hierarchy.h"

/* Which nodes of a hierarchy are shown, and which of them is selected next: after a search, if the
 * selected one is gone, and in another view. */

/* The rule by which nodes are shown or left out. */
struct rows_rule {
	const struct marks *marks;
	const unsigned char *filtered; /* enum filtered for each node; NULL: no filter */
};

/* False for a node that is filtered out, or that is gone and has no mark any more. */
bool rows_is_shown(const struct hierarchy *hierarchy, const struct rows_rule *rule, size_t index);

/* True if no sibling after node `index` is shown. */
bool rows_is_last(const struct hierarchy *hierarchy, const struct rows_rule *rule, size_t index);

/* A match among nodes. */
struct finding {
	size_t index; /* its node; NODE_NO_PARENT: nothing matches */
	size_t place; /* its number among the matches, from 1 */
	size_t n;     /* matches */
	bool has_wrapped;
};

/* The first match from node `at` on (backwards if `is_back`), around the ends; with `is_next` not
 * `at` itself. `hits` says of each of the `n` nodes whether it matches. */
struct finding rows_match(const bool *hits, size_t n, size_t at, bool is_next, bool is_back);

/* The node to select after node `index` of the hierarchy before, which is gone from the list or is
 * only there as a mark: the next sibling that is shown, else the one before, else the parent, and
 * if that is gone too, the same for the parent. Not one with the same number, which the kernel uses
 * again. 0 if there is none. */
size_t rows_successor(const struct hierarchy *now, const struct rows_rule *rule,
        const struct hierarchy *before, size_t index);

enum { ROWS_CANDIDATES_MAX = 6 };

/* A change of the view. */
struct rows_switch {
	const struct model *model;
	enum view_kind kind;  /* the new one */
	bool is_itself_first; /* what is selected stays selected, if that view has it */
};

/* Tags to select in a view of that kind instead of node `selected` (may be NULL), the best first:
 * its namespace of that type and itself (itself before it if `is_itself_first`), then its owner.
 * Returns how many.
 *
 * In the view of containers it is the container of the process, or of the leader of the namespace,
 * else the host. From a container to another view it is its own namespace of the type of that, or
 * its own PID namespace; the host's namespace is not its own.
 *
 * The namespace of another type is, of a user namespace, that of its leader, else the first that it
 * owns, else that of the nearest ancestor that has one; of another namespace its owner, if that
 * type is user, else the same from itself on by its leader and its owners. */
size_t rows_candidates(const struct node *selected, const struct rows_switch *change,
        uint64_t tags[static ROWS_CANDIDATES_MAX]);
