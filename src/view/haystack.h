/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view/hierarchy.h"
#include "view/names.h"

/* Finding text in a hierarchy. A namespace is found by its number (`net:[4026531840]`), its owner
 * (`harald (1000)`), its holders, and by each process in it: PIDs, outside and inside, name and
 * cgroup. A process is found by the same, by its user, and by the numbers of its namespaces. A
 * match lies within one of these fields. The fields are escaped as on the screen (base/escape.h).
 */

struct haystack;

/* Prepares the text of every node, so that a search only compares bytes. Nodes that are gone are in
 * `baseline` (NULL if there are none). The result has no pointers into its arguments. */
struct haystack *haystack_new(const struct hierarchy *hierarchy, const struct model *model,
        const struct model *baseline, const struct names *names);
void haystack_free(struct haystack *haystack);

/* Sets `hits` for each node of the hierarchy: true if `query` is found in it. Case matters if the
 * query has a capital letter. An empty query is found everywhere. */
void haystack_find(const struct haystack *haystack, const char *query, bool *hits);
