/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view/hierarchy.h"
#include "view/names.h"

/* Finding text in a hierarchy. A namespace is found by its number (`net:[4026531840]`), its owner
 * (`harald (1000)`), what holds it, and by each process in it: its PIDs, outside and inside, its
 * name and its cgroup. A process is found by the same, by its user, and by the numbers of its
 * namespaces. A match lies within one of these. Everything is as it is written on the screen
 * (base/escape.h). */

struct haystack;

/* Prepares the text of every node, so that a search only compares bytes. The nodes that went are
 * of `baseline` (NULL if there are none). It points to nothing that it was made from. */
struct haystack *haystack_new(const struct hierarchy *hierarchy, const struct model *model,
        const struct model *baseline, const struct names *names);
void haystack_free(struct haystack *haystack);

/* Says for each node of the hierarchy whether `query` is found in it; `hits` has room for all.
 * Capital letters count if the query has any. An empty query is found everywhere. */
void haystack_find(const struct haystack *haystack, const char *query, bool *hits);
