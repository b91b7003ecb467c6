/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view/names.h"
#include "view/node.h"
#include "view/view.h"

#include <stdio.h>

/* The words of a picture for what stands for several namespaces: groups of similar ones
 * (pair_group.h), and the compartment in the box of an owner that lists its details
 * (pair_plan.h). The same on the screen, in SVG and DOT. The text is escaped, not quoted for its
 * format; a line has about PAIR_WORDS_MAX columns at most. Counts of what may be more have a `+`
 * (partial.h). */

enum { PAIR_WORDS_MAX = 48 };

struct pair_words {
	const struct model *model; /* that the node belongs to: the baseline's if it is gone */
	const struct names *names;
	bool is_ascii; /* `x` and `~` instead of `×` and `…` */
};

/* The first line of a group: `60 × pid, owner root`. */
void pair_words_group(FILE *out, const struct pair_words *words, const struct node *node);

/* The second line of a group: `postgres 9, java 6, nginx 5, …`, the most frequent names of leaders;
 * `nginx`, if all have the same; without processes `held by mounts`, `no process`. */
void pair_words_members(FILE *out, const struct pair_words *words, const struct node *node);

/* The number of lines of the compartment of a node: the types among its details; 0: it has none. */
size_t pair_words_count_owned(const struct node *node);

/* Line `index` of the compartment: `net 3: nginx, redis, /run/netns/blue, …`. Names are those of
 * containers, of network namespaces (words_net_name), of leaders, paths of mounts, other holders,
 * or else numbers; each one only once. */
void pair_words_owned(
        FILE *out, const struct pair_words *words, const struct node *node, size_t index);

/* The compartment in one short line, without names: `net 3 mnt 1`. */
void pair_words_owned_counts(FILE *out, const struct pair_words *words, const struct node *node);

/* The title of a hierarchy: `PID namespaces`, `Network namespaces by owner`. */
const char *pair_words_heading(enum view_kind kind);

/* What the namespaces of other types than user and PID are in such a hierarchy: `network
 * namespace`; `other namespace` if they may be of several types. */
const char *pair_words_other(enum view_kind kind);
