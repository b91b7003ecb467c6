/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/builder.h"
#include "scan/scan_state.h"

/* Where a namespace was first seen, so that it can be opened there. */
struct place {
	bool is_holder;
	size_t process;
	unsigned link;
	size_t holder; /* among those of holders[0]: the first of the namespace */
};

/* The namespaces that the readings tell of, in the order of builder_namespaces. */
struct places {
	struct place *places;
	size_t n, capacity;
};

/* Makes processes and namespaces of the readings, single-threaded; namespaces that only children
 * will be born into are held by HOLDER_FOR_CHILDREN. What readings refer to is copied, but for
 * names and command lines: merge_names. */
void merge_processes(const struct scan *scan, struct builder *builder, struct places *ret_places);

/* The same of the records, which are gathered and sorted: namespaces, if they are not known yet,
 * and what holds them. Finds of processes that have gone are left out. */
void merge_holders(const struct scan *scan, struct builder *builder, struct places *places);

/* Marks the readings of those that stand for a namespace. */
void merge_mark_leaders(struct scan *scan, struct builder *builder);

/* Fills in names and command lines, as far as they were read: else the kernel's name. */
void merge_names(const struct scan *scan, struct builder *builder);

/* Fills in the host, the notes, and what of them limits the view. */
void merge_host(const struct scan *scan, struct builder *builder);
