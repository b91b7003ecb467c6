/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What the kernel lists (source_listns_read) and what the other sources found, compared in the
 * model that is made of them. */

#include "model/builder.h"
#include "scan/scan_state.h"

/* If the kernel has listed the namespaces, and the relations of those of the model are known: adds
 * a note if nothing else led to some of them, and one if something was found that the kernel does
 * not list. */
void listed_merge(struct scan *scan, struct builder *builder);
