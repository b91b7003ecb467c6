/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"
#include "export/export.h"

/* The network picture (view/net_layout.h) as a Graphviz graph: a node for each network namespace
 * and each bridge, an edge from a bridge to its namespace and one for each pair of connected
 * interfaces. Returns 0 or a negative errno. */
_must_check_ int dot_net_write(FILE *out, const struct export_request *request);

/* The number of its nodes. */
size_t dot_net_count(const struct export_request *request);
