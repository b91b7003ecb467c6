/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What the kernel says of an open namespace: its owner, its parent and the user that made it
 * (ioctl_nsfs(2)). */

#include "scan/scan_state.h"

struct relations_reader {
	struct scan *scan;
	void *data;

	/* Whether the relations of a namespace that another one leads to are to be read too. */
	bool (*wants)(void *data, enum nstype type, const struct nsrel_key *key);

	/* Takes the handle of a namespace that was read. */
	void (*done)(void *data, const struct ns_visit *ns, int handle);
};

/* Reads the relations of the namespace that `handle` refers to, which it takes, and of those that
 * they lead to and are wanted. `ns` has its type and key and the process by which it was opened.
 * Adds a record for each to `list`, the first one first. Several threads may do this at once. */
void relations_read(const struct relations_reader *reader, const struct ns_visit *ns, int handle,
        struct ns_visit_list *list);
