/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/model.h"

/* Whose the namespaces of a container or process are: its own, the host's, or shared with other
 * containers. Each rule is stated once, here. */

enum sharing {
	/* Not the host's, and no process of another container is in it, as far as the view goes
	 * (sharing_is_certain). */
	SHARING_OWN,
	SHARING_HOST,
	SHARING_OTHERS, /* not the host's, and processes of other containers are in it */
	/* Which namespace it is, is not known, or not whether that is the host's. It may be shared
	 * with others then, too (sharing_others). */
	SHARING_UNKNOWN,
	SHARING_NONE, /* the kernel has no namespaces of that type (sharing_lacks) */
};

/* True if the kernel has no namespaces of that type: the scan found none at all, though it could
 * read in which namespaces some process is. */
bool sharing_lacks(const struct model *model, enum nstype type);

/* The host's namespace of that type: that of PID 1, if the scan saw the initial PID namespace, else
 * the one with the number that only the initial namespace has (nsrel_is_initial). NULL: not known,
 * or not in the model. */
const struct ns *sharing_host(const struct model *model, enum nstype type);

/* The namespace of a container: that of its leader. NULL: not known. */
const struct ns *sharing_ns(const struct container *container, enum nstype type);

/* Whose the namespace of that type is which the container, claim or label (model/container.h) is
 * in. A claim shares with the container that it is nested in if that is in it too; of a label,
 * other containers and labels count. At most linear in the members of the namespace. */
enum sharing sharing_of(
        const struct model *model, const struct container *container, enum nstype type);

/* The same for a process, seen from its container. Without a container: SHARING_OTHERS if a process
 * of any container is in it. */
enum sharing sharing_of_process(
        const struct model *model, const struct process *process, enum nstype type);

/* True if the process is in the container or in one nested in it; or has that label. */
bool sharing_is_in(const struct process *process, const struct container *container);

/* False if the view may lack processes of other containers that are in `ns`. */
bool sharing_is_certain(const struct model *model, const struct ns *ns);

/* Orders containers by pod, kind, name and id: negative, 0 or positive. */
int sharing_compare(const struct container *a, const struct container *b);

/* The containers, each once and in the order of sharing_compare, that have processes in `ns`, but
 * for `container` (NULL: none left out) and what is nested in it. Also if `ns` is the host's. */
struct sharing_list {
	const struct container **all;
	size_t n;
};

void sharing_others(
        struct sharing_list *ret, const struct ns *ns, const struct container *container);
void sharing_release(struct sharing_list *list);

/* True if they are known to be in the same pod. */
bool sharing_is_same_pod(const struct container *a, const struct container *b);

/* The container that all in the list are in the same pod as: the first one. NULL: they are not all
 * in one pod, or that is not known, or there are none. */
const struct container *sharing_pod(const struct sharing_list *list);
