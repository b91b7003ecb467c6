/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"
#include "export/export.h"

/* The mounts of one mount namespace (view/mount_lines.h) as a Graphviz graph: a node for the
 * namespace and for each mount, an edge from each mount to the one that it is mounted on. Covered
 * mounts are dashed. Returns 0 or a negative errno. */
_must_check_ int dot_mounts_write(FILE *out, const struct export_request *request);

/* The number of its nodes. */
size_t dot_mounts_count(const struct export_request *request);
