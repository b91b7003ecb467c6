/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Network namespaces for tests of what is read of them: the host has a veth to the left and one to
 * the right, whose end there has a hostile name; `empty` has a bridge and no listeners. What fails
 * ends the process of the test, see world.h. */

#include "kernel/kernel.h"
#include "privsep/helper.h"
#include "scan/net_facts_read.h"

/* Escape, no UTF-8, no-break space. */
#define NET_SCENE_HOSTILE "\033[31m|\xff\xc2"

/* Where the children have their listeners. */
enum {
	NET_SCENE_TCP4_FD = 100,
	NET_SCENE_TCP6_FD,
	NET_SCENE_UDP4_FD,
	NET_SCENE_UDP6_FD,
	NET_SCENE_CONNECTED_FD
};

struct net_side {
	pid_t pid;
	struct process process;
	const struct process *members[1];
	struct ns ns;
	int handle, opened; /* of the namespace and of the process */
};

struct net_scene {
	struct helper *helper;
	struct kernel *kernel;
	struct net_side host, left, right, empty;
	const struct ns *namespaces[4];
	struct model model;
	struct arena *arena;
};

/* Makes all of it in namespaces of its own. The caller ends it. */
void net_scene_begin(struct net_scene *scene);
void net_scene_end(struct net_scene *scene);

/* For world_begin: a network namespace with listeners and a bridge, in a process without
 * capabilities. */
int net_scene_make_side(void);

/* Fills in a side whose process is `pid`. The caller closes its descriptors. */
void net_scene_fill(struct net_side *side, struct kernel *k, pid_t pid);

/* Through the process, the descriptor of the namespace, or both. */
enum net_scene_by { BY_BOTH, BY_PROCESS, BY_HANDLE };

/* Valid until the end of the scene. */
struct net_facts net_scene_read(
        struct net_scene *scene, const struct net_side *side, enum net_scene_by by, unsigned parts);

/* The interface of that name, or NULL. */
const struct net_interface *net_scene_find(const struct net_facts *facts, const char *name);
