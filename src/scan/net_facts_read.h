/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Reads what is in a network namespace. */

#include "kernel/kernel.h"
#include "model/model.h"
#include "model/net_facts.h"

struct net_facts_request {
	const struct model *model;
	const struct ns *ns; /* a network namespace of it */
	/* A handle of a process in the namespace (process_open), and one of the namespace itself
	 * (ns_open and others), which the caller closes; or the negative errno that says why there
	 * is none: what needs it fails with that. */
	int process, handle;
	unsigned parts; /* 1 << NET_PART_* */
	/* Opens another network namespace of the model, for NET_PART_LINKS. Returns a handle, which
	 * is closed, or a negative errno. NULL: the namespaces of peers are not identified. */
	int (*open_ns)(void *data, const struct ns *ns);
	void *data; /* its first argument */
};

/* Everything in *ret is of `arena`. Never fails as a whole: ret->parts has the result of each part.
 * A process in the namespace suffices for all parts up to NET_PART_PROCESSES, without any
 * permission; the others need CAP_SYS_ADMIN (a job of the helper), unless it is the namespace of
 * the helper, and wait 0.5 s at most. */
void net_facts_read(struct kernel *k, const struct net_facts_request *request, struct arena *arena,
        struct net_facts *ret);
