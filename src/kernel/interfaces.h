/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"

#include <stdbool.h>

/* Which interfaces of Linux there are here: found out at run time, each on namespaces, files and
 * sockets of our own, since versions say nothing of configurations, backports and filters. */

enum interface_id {
#define INTERFACE(id, name, since, text) INTERFACE_##id,
#include "kernel/interfaces.def"
	INTERFACE_IDS,
};

struct interface_row {
	const char *name;
	const char *since; /* the first version of Linux that has it: "4.9" */
	const char *text;  /* what it is used for */
	bool is_of_jobs;   /* only jobs of the helper use it */
};

const struct interface_row *interfaces_row(enum interface_id id);

enum interface_state {
	INTERFACE_UNKNOWN, /* not tested, or with another result */
	INTERFACE_YES,
	INTERFACE_NO,
	INTERFACE_DENIED, /* there is one, but no right to use it; before some, the kernel does
	                   * not say whether there is one */
};

struct interface_result {
	enum interface_state state;
	int error; /* UNKNOWN, DENIED: negative errno, why; else 0 */
};

struct kernel_features {
	struct interface_result results[INTERFACE_IDS];
};

/* What the result of a probe says, 0 or a negative errno. */
struct interface_result interfaces_result(int r);

static inline bool interfaces_has(const struct kernel_features *features, enum interface_id id)
{
	return features->results[id].state == INTERFACE_YES;
}
