/* SPDX-License-Identifier: Apache-2.0 */
/* Network namespaces with something in them. */
#include "tests/scenes/net_maker.h"
#include "tests/scenes/scene.h"

#include <errno.h>
#include <sched.h>
#include <sys/socket.h>

/* --- net: a bridge, two namespaces behind it, and one without a process ----------------------- */

enum { LEAVES = 2, FIRST_FD = 50 };

/* What is in a leaf: its address, and where it listens. */
struct leaf {
	const char *link;    /* its interface in the hub; in the leaf it is eth0 */
	const char *address; /* in 10.7.0.0/24 */
	uint16_t port;
	pid_t pid;
};

struct hub {
	struct leaf leaves[LEAVES];
};

static int listen_in_leaf(struct stage *stage, void *arg)
{
	const struct leaf *const leaf = arg;
	int r = net_maker_up("lo");

	(void)stage;
	if (r == 0)
		r = net_maker_listen(SOCK_STREAM, "0.0.0.0", leaf->port, FIRST_FD);
	if (r == 0)
		r = net_maker_listen(SOCK_STREAM, "::1", leaf->port, FIRST_FD + 1);
	if (r == 0)
		r = net_maker_listen(SOCK_DGRAM, "127.0.0.1", leaf->port, FIRST_FD + 2);
	return r < 0 ? stage_fail("listener", r) : 0;
}

/* Sets up eth0 of a leaf, in its namespace, and returns. */
static int set_up_leaf(const struct leaf *leaf)
{
	_cleanup_close_ int own = stage_open(stage_self(), "net");
	_cleanup_close_ int there = stage_open(leaf->pid, "net");
	int r = own < 0 || there < 0 ? -EIO : 0;

	if (r == 0 && setns(there, CLONE_NEWNET) < 0)
		return -errno;
	if (r == 0)
		r = net_maker_address("eth0", leaf->address, 24);
	if (r == 0)
		r = net_maker_up("eth0");
	if (r == 0)
		r = net_maker_default_route("eth0", "10.7.0.1", 5);
	return r == 0 && setns(own, CLONE_NEWNET) < 0 ? -errno : r;
}

static int add_leaf(struct stage *stage, struct leaf *leaf)
{
	const struct actor actor = {.flags = CLONE_NEWNET, .setup = listen_in_leaf, .arg = leaf};
	int r;

	leaf->pid = stage_start(stage, &actor);
	if (leaf->pid < 0)
		return leaf->pid;
	r = net_maker_veth(leaf->link, "eth0", leaf->pid);
	if (r == 0)
		r = net_maker_master(leaf->link, "br0");
	if (r == 0)
		r = net_maker_up(leaf->link);
	if (r == 0)
		r = set_up_leaf(leaf);
	return r < 0 ? stage_fail("veth", r) : 0;
}

static int make_hub(struct stage *stage, void *arg)
{
	struct hub *const hub = arg;
	int r = net_maker_up("lo");

	if (r == 0)
		r = net_maker_bridge("br0");
	if (r == 0)
		r = net_maker_address("br0", "10.7.0.1", 24);
	if (r == 0)
		r = net_maker_address("br0", "fd00:7::1", 64);
	if (r == 0)
		r = net_maker_up("br0");
	if (r < 0)
		return stage_fail("bridge", r);
	for (size_t i = 0; i < LEAVES && r == 0; i++)
		r = add_leaf(stage, &hub->leaves[i]);
	return r;
}

static int build_net(struct stage *stage)
{
	struct hub *const hub = stage_shared(sizeof(*hub));
	const struct actor actor = {.flags = CLONE_NEWNET, .setup = make_hub, .arg = hub};
	int r;

	hub->leaves[0] = (struct leaf){.link = "to-left", .address = "10.7.0.2", .port = 8080};
	hub->leaves[1] =
	        (struct leaf){.link = "to-\033[31m|\xff", .address = "10.7.0.3", .port = 9090};
	r = stage_tell(stage, stage_start(stage, &actor), CLONE_NEWNET);
	for (size_t i = 0; i < LEAVES && r == 0; i++)
		r = stage_tell(stage, hub->leaves[i].pid, CLONE_NEWNET);
	return r < 0 ? r : stage_mount(stage, CLONE_NEWNET, "alone");
}

const struct scene scenes_nets[] = {
        {"net", "a bridge, 2 network namespaces behind it, one without a process", build_net, NULL,
                NULL},
        {0},
};
