/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Hosts for the fake kernel that differ from another one in a process, its descriptors or mounts.
 */

#include "model/model.h"

/* The PID of a process that is born. */
enum { CHANGED_HOST_CHILD = 4000 };

/* What is other than in the host before; 0: nothing. */
struct host_change {
	pid_t ended;     /* its children are those of PID 1 then */
	pid_t restarted; /* another process has that PID */
	pid_t died;      /* is a zombie */
	pid_t born;      /* the child of that process */
	pid_t moved;     /* into the network and mount namespace of PID `to` */
	pid_t to;
	pid_t renamed;
	pid_t unshared;  /* its PID namespace for children is new, */
	pid_t inhabited; /* and has its first process */
	pid_t closed;    /* its descriptors */
	pid_t opened;    /* has a descriptor for PLENTY_NET_THREAD */
	bool is_unmounted;
};

/* Returns the model of the host `before` with that change; the caller releases it. */
const struct model *changed_host_new(const struct model *before, const struct host_change *change);
