/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/scan/net_scene.h"

#include "base/arena.h"
#include "base/attributes.h"
#include "kernel/kernel_linux.h"
#include "kernel/privileged/privileged.h"
#include "tests/nsrel/world.h"
#include "tests/scenes/net_maker.h"
#include "tests/unit.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

/* A connection to itself, which is not to be listed. */
static int connect_to(uint16_t port, int number)
{
	const struct sockaddr_in in = {.sin_family = AF_INET,
	        .sin_port = htons(port),
	        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	const int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0 || connect(fd, (const void *)&in, sizeof(in)) < 0 || dup2(fd, number) < 0)
		return -errno;
	close(fd);
	return 0;
}

int net_scene_make_side(void)
{
	int r = unshare(CLONE_NEWNET) < 0 ? -errno : net_maker_up("lo");

	if (r == 0)
		r = net_maker_listen(SOCK_STREAM, "0.0.0.0", 8080, NET_SCENE_TCP4_FD);
	if (r == 0)
		r = net_maker_listen(SOCK_STREAM, "::1", 8081, NET_SCENE_TCP6_FD);
	if (r == 0)
		r = net_maker_listen(SOCK_DGRAM, "127.0.0.1", 5353, NET_SCENE_UDP4_FD);
	if (r == 0)
		r = net_maker_listen(SOCK_DGRAM, "::", 5354, NET_SCENE_UDP6_FD);
	if (r == 0)
		r = connect_to(8080, NET_SCENE_CONNECTED_FD);
	if (r == 0)
		r = net_maker_bridge("bridge0");
	/* So that a process without capabilities may read its links. */
	return r == 0 ? privileged_keep_capabilities(NULL, 0) : r;
}

static int make_empty(void)
{
	return unshare(CLONE_NEWNET) < 0 ? -errno : net_maker_bridge(NET_SCENE_HOSTILE);
}

void net_scene_fill(struct net_side *side, struct kernel *k, pid_t pid)
{
	char path[64];
	struct stat st;

	snprintf(path, sizeof(path), "/proc/%d/ns/net", (int)pid);
	CHECK(pid > 0 && stat(path, &st) == 0);
	side->pid = pid;
	side->process = (struct process){.pid = pid};
	side->members[0] = &side->process;
	side->handle = open(path, O_RDONLY | O_CLOEXEC);
	side->opened = k->ops->process_open(k, pid);
	side->ns = (struct ns){
	        .type = NS_NET,
	        .dev = st.st_dev,
	        .inode = st.st_ino,
	        .tag = st.st_ino * 3,
	        .processes = side->members,
	        .n_processes = 1,
	};
	CHECK(side->handle >= 0 && side->opened >= 0);
}

/* Runs `make` in the namespace of a side. */
static void do_in(const struct net_side *side, void (*make)(void))
{
	_cleanup_close_ int own = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);

	CHECK(own >= 0 && setns(side->handle, CLONE_NEWNET) == 0);
	make();
	CHECK(setns(own, CLONE_NEWNET) == 0);
}

static void make_left(void)
{
	CHECK(net_maker_master("inside", "bridge0") == 0);
	CHECK(net_maker_up("inside") == 0 && net_maker_up("bridge0") == 0);
	CHECK(net_maker_address("bridge0", "10.1.2.3", 24) == 0);
	CHECK(net_maker_address("bridge0", "10.1.2.4", 24) == 0);
	CHECK(net_maker_address("bridge0", "fd00:1::3", 64) == 0);
	CHECK(net_maker_default_route("bridge0", "10.1.2.1", 100) == 0);
	CHECK(net_maker_default_route("bridge0", "10.1.2.2", 50) == 0);
	CHECK(net_maker_default_route("bridge0", "fd00:1::1", 1024) == 0);
}

static void make_right(void)
{
	CHECK(net_maker_address(NET_SCENE_HOSTILE, "192.168.7.1", 30) == 0);
	CHECK(net_maker_up(NET_SCENE_HOSTILE) == 0);
}

void net_scene_end(struct net_scene *scene)
{
	struct net_side *const sides[] = {&scene->host, &scene->left, &scene->right, &scene->empty};

	for (size_t i = 0; i < ARRAY_SIZE(sides); i++) {
		close_fd(&sides[i]->handle);
		close_fd(&sides[i]->opened);
		if (i > 0 && sides[i]->pid)
			world_end(sides[i]->pid);
	}
	arena_free(scene->arena);
	kernel_free(scene->kernel);
	helper_stop(scene->helper);
}

/* For net_facts_request.open_ns. */
static int open_side(void *data, const struct ns *ns)
{
	const struct net_scene *const scene = data;
	const struct net_side *const sides[] = {
	        &scene->host, &scene->left, &scene->right, &scene->empty};

	for (size_t i = 0; i < ARRAY_SIZE(sides); i++) {
		if (ns == &sides[i]->ns)
			return fcntl(sides[i]->handle, F_DUPFD_CLOEXEC, 3);
	}
	return -ENOENT;
}

struct net_facts net_scene_read(
        struct net_scene *scene, const struct net_side *side, enum net_scene_by by, unsigned parts)
{
	const struct net_facts_request request = {
	        .model = &scene->model,
	        .ns = &side->ns,
	        .process = by == BY_HANDLE ? -ENOLINK : side->opened,
	        .handle = by == BY_PROCESS ? -EREMOTE : side->handle,
	        .parts = parts,
	        .open_ns = open_side,
	        .data = scene,
	};
	struct net_facts facts;

	net_facts_read(scene->kernel, &request, scene->arena, &facts);
	return facts;
}

const struct net_interface *net_scene_find(const struct net_facts *facts, const char *name)
{
	for (size_t i = 0; i < facts->n_interfaces; i++) {
		if (facts->interfaces[i].name && strcmp(facts->interfaces[i].name, name) == 0)
			return &facts->interfaces[i];
	}
	return NULL;
}

/* The kernel sets IFF_RUNNING a moment after an interface or its peer is enabled. */
static void wait_for(struct net_scene *scene, const struct net_side *side, const char *name,
        enum net_state state)
{
	struct net_facts facts;

	do
		facts = net_scene_read(scene, side, BY_BOTH, 1 << NET_PART_ADDRESSES);
	while (net_scene_find(&facts, name)->state != state);
}

void net_scene_begin(struct net_scene *scene)
{
	*scene = (struct net_scene){.arena = arena_new()};
	CHECK(world_enter(CLONE_NEWNS | CLONE_NEWNET) == 0);
	const pid_t left = world_begin(net_scene_make_side),
	            right = world_begin(net_scene_make_side), empty = world_begin(make_empty);
	CHECK(left > 0 && right > 0 && empty > 0);
	CHECK(helper_start(privileged_jobs, PRIVILEGED_JOBS, NULL, &scene->helper) == 0);
	CHECK(kernel_linux_new("/proc", &scene->kernel) == 0);
	kernel_linux_set_helper(scene->kernel, helper_channel(scene->helper));
	net_scene_fill(&scene->host, scene->kernel, getpid());
	net_scene_fill(&scene->left, scene->kernel, left);
	net_scene_fill(&scene->right, scene->kernel, right);
	net_scene_fill(&scene->empty, scene->kernel, empty);
	CHECK(net_maker_up("lo") == 0);
	CHECK(net_maker_veth("to-left", "inside", left) == 0);
	CHECK(net_maker_veth("to-right", NET_SCENE_HOSTILE, right) == 0);
	CHECK(net_maker_veth("pair0", "pair1", 0) == 0);
	CHECK(net_maker_up("to-left") == 0);
	do_in(&scene->left, make_left);
	do_in(&scene->right, make_right);
	scene->namespaces[0] = &scene->empty.ns;
	scene->namespaces[1] = &scene->host.ns;
	scene->namespaces[2] = &scene->left.ns;
	scene->namespaces[3] = &scene->right.ns;
	scene->model.namespaces = scene->namespaces;
	scene->model.n_namespaces = ARRAY_SIZE(scene->namespaces);
	wait_for(scene, &scene->left, "inside", NET_STATE_UP);
	wait_for(scene, &scene->left, "bridge0", NET_STATE_UP);
	wait_for(scene, &scene->right, NET_SCENE_HOSTILE, NET_STATE_LOWER_DOWN);
}
