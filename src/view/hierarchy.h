/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view/node.h"

/* The lines of a view as a forest, in one array, in preorder. Tree text, list, graph and SVG walk
 * it. */

struct hierarchy {
	struct view_options options;
	struct node *nodes;
	size_t n;
	/* Of a picture (pair_plan.h), to which nodes point; or NULL: */
	const struct ns **alike;     /* the members of all groups */
	struct node_names *names;    /* of all groups */
	const struct ns **details;   /* of all nodes; behind them those of all groups */
	size_t n_details;            /* of all nodes */
	const struct mounts *mounts; /* a reference, of VIEW_MOUNTS; nodes point into it */
};

/* Builds the forest of `model`. Details come before the children; siblings are sorted by type and
 * number unless the options say otherwise; several tops are below one node without `ns`. Those of
 * which the owner or parent could not be read are below another one, which comes last
 * (node_heading). By owner, user namespaces are in it too, below their parents; in the views of one
 * flat type only those user namespaces that own a line, or stand above one that does. Processes are
 * below their parents; those without a parent are tops, beside each other. A parent must be older
 * than its children (a snapshot may have any values), so there are no cycles. For containers and
 * mounts see container_lines.h and mount_lines.h.
 *
 * With a `baseline` (may be NULL), namespaces that are gone since then stand where they were, and
 * both they and new ones are marked: two namespaces are the same if their tags are. Processes are
 * not marked. The result points into both models. Iterative and linear, but for sorting. The
 * caller releases it. */
void hierarchy_build(struct hierarchy *ret, const struct model *model, const struct model *baseline,
        const struct view_options *options);

void hierarchy_release(struct hierarchy *hierarchy);

/* Removes each node for which `is_dropped` is true, one entry a node; nothing below such a node may
 * stay. Linear. */
void hierarchy_drop(struct hierarchy *hierarchy, const bool *is_dropped);

/* Index of the node with that tag, or NODE_NO_PARENT. Linear. */
size_t hierarchy_find(const struct hierarchy *hierarchy, uint64_t tag);

/* Index of the node with the first of `n` tags that any node has, or NODE_NO_PARENT. Linear. */
size_t hierarchy_find_first(const struct hierarchy *hierarchy, const uint64_t *tags, size_t n);
