/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"
#include "model/model.h"

/* Which process has a PID: on the host, or inside a container or PID namespace. */

/* A place that a name stands for: a PID namespace, with the container by which it was named. */
struct pid_place {
	const struct ns *ns;               /* NULL: which one the container has is not known */
	const struct container *container; /* NULL: it was named by its number */
	const struct process *process;     /* that has the PID there; NULL: none */
};

struct pid_query {
	pid_t pid;
	struct pid_place *places; /* in the order of the model; none for the host */
	size_t n_places;
	size_t n_found;                /* the processes that were found, each once */
	const struct process *process; /* the only one; NULL if there are none or several */
	/* True if the name is that of a namespace which is no PID namespace. */
	bool is_other_type;
};

/* Fills in the query. `name` is NULL for a PID of the host (of the PID namespace of the scan); else
 * a name of containers or of a pod, the first 4 digits or more of ids, also as they are shown
 * (`docker 9e1987cf07ac`, `pod shop`), or a PID namespace: `pid:[4026532465]` or its number. The
 * beginning of an id counts only if nothing has that name. */
void pid_query_run(struct pid_query *ret, const struct model *model, pid_t pid, const char *name);
void pid_query_release(struct pid_query *query);

/* The containers that a name stands for, as above, in the order of the model. `ret` has room for
 * model->n_containers. Returns their number. */
size_t pid_query_containers(
        const struct model *model, const char *name, const struct container **ret);

/* The PID namespace of level `i` of a process, 0 for that of the scan, up to process->n_nspid - 1
 * for its own. NULL: not known. */
const struct ns *pid_query_level(const struct process *process, size_t i);
