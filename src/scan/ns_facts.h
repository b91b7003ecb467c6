/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/builder.h"
#include "scan/scan_state.h"

/* Reads what only the processes of a namespace show: uid_map, gid_map and setgroups
 * (user_namespaces(7)) of each user namespace whose maps were not carried over, by its first living
 * process; and the cgroup (cgroups(7)) of each leader. Returns 0 or -ECANCELED. */
_must_check_ int ns_facts_read(struct scan *scan, struct builder *builder);
