/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view/node.h"

/* The lines of VIEW_CONTAINERS, each namespace and process once:
 *
 *     host                 what is in no container
 *     shop (pod)           the containers of a pod
 *       sandbox              which has those namespaces that only they have
 *       web                  a container,
 *         docker 9e19...       those nested in it,
 *         pid:[4026532585]     the namespaces that only it has,
 *           nginx (4021)       and its processes; those for which it has no namespace of its
 *                              own stand below the container
 *     23 units             systemd units that have namespaces of their own, and what is in them
 *
 * A namespace of several containers stands below the innermost line over all of them: the container
 * that they are nested in, or the sandbox of their pod, without one the pod; else below that of its
 * leader. The host's (sharing.h), and one without a process in a container or unit, are below
 * `host`. A process stands below the first of its namespaces, in the order pid, user, mnt, net,
 * ipc, uts, cgroup, time, that stands below the same line as the process. */

/* Sets `parent` and `depth` of each node, in preorder; the caller frees the array. Linear, but for
 * sorting. */
struct node *container_lines_build(
        const struct model *model, const struct view_options *options, size_t *ret_n);
