/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view/facts_store.h"
#include "view/net_layout.h"

/* Builds the network picture (view/net_layout.h) of a model. */

struct net_plan_options {
	const struct model *model;
	const struct facts_store *store; /* facts that the model does not have; NULL: none */
	int columns;                     /* longer texts are cut; 0: none is */
	bool is_ascii; /* texts have no character beyond ASCII that is not escaped */
};

/* Builds the picture, which points into the model and the facts. The caller releases it. */
void net_plan_build(struct net_plan *ret, const struct net_plan_options *options);
void net_plan_release(struct net_plan *plan);

/* `6 network namespaces, 2 bridges, 4 connections; links of 2 unknown; other end of 1 not found`.
 */
void net_plan_write_count(FILE *out, const struct net_plan *plan);

/* The frame of a bridge begins at the row `first`; returns the row at which it ends. */
size_t net_plan_bridge_end(const struct net_box *box, size_t first);
