/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "ui/list/rows.h"

/* Which node is selected next: after a search, if the selected one is gone, and in another view. */

/* A match among nodes. */
struct finding {
	size_t index; /* its node; NODE_NO_PARENT: nothing matches */
	size_t place; /* its number among the matches, from 1 */
	size_t n;     /* matches */
	bool has_wrapped;
};

/* The first match from node `at` on (backwards if `is_back`), around the ends; with `is_next` not
 * `at` itself. `hits` says of each of the `n` nodes whether it matches. */
struct finding list_selection_match(
        const bool *hits, size_t n, size_t at, bool is_next, bool is_back);

/* The node to select after node `index` of the hierarchy before, which is gone from the list or is
 * only there as a mark: the next sibling that is shown, else the one before, else the parent, and
 * if that is gone too, the same for the parent. 0 if there is none. */
size_t list_selection_successor(const struct hierarchy *now, const struct rows_rule *rule,
        const struct hierarchy *before, size_t index);

enum { LIST_SELECTION_MAX = 6 };

/* Tags to select in a view of that kind instead of node `selected` (may be NULL), the best first:
 * its namespace of that type and itself, in the order asked for, then its owner. Returns how many.
 *
 * The namespace of another type is, of a user namespace, that of its leader, else the first that it
 * owns, else that of the nearest ancestor that has one; of another namespace its owner, if that
 * type is user, else the same from itself on by its leader and its owners. */
size_t list_selection_candidates(const struct node *selected, enum view_kind kind,
        bool is_itself_first, uint64_t tags[static LIST_SELECTION_MAX]);
