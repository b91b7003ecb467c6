/* SPDX-License-Identifier: Apache-2.0 */
/* What is in network namespaces that the test makes: all that was planted is found, by each way to
 * reach a namespace. Exits 77 where none may be made. */
#include "base/arena.h"
#include "base/attributes.h"
#include "kernel/kernel_linux.h"
#include "kernel/privileged/privileged.h"
#include "scan/net_facts_read.h"
#include "tests/nsrel/world.h"
#include "tests/scenes/net_maker.h"
#include "tests/unit.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>

/* --- the scene ------------------------------------------------------------------------------- */

/* Escape, no UTF-8, no-break space. */
#define HOSTILE "\033[31m|\xff\xc2"

/* Where the children have their listeners. */
enum { TCP4_FD = 100, TCP6_FD, UDP4_FD, UDP6_FD, CONNECTED_FD };

struct side {
	pid_t pid;
	struct process process;
	const struct process *members[1];
	struct ns ns;
	int handle, opened; /* of the namespace and of the process */
};

struct scene {
	struct helper *helper;
	struct kernel *kernel;
	struct side host, left, right, empty;
	const struct ns *namespaces[4];
	struct model model;
	struct arena *arena;
};

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

static int make_side(void)
{
	int r = unshare(CLONE_NEWNET) < 0 ? -errno : net_maker_up("lo");

	if (r == 0)
		r = net_maker_listen(SOCK_STREAM, "0.0.0.0", 8080, TCP4_FD);
	if (r == 0)
		r = net_maker_listen(SOCK_STREAM, "::1", 8081, TCP6_FD);
	if (r == 0)
		r = net_maker_listen(SOCK_DGRAM, "127.0.0.1", 5353, UDP4_FD);
	if (r == 0)
		r = net_maker_listen(SOCK_DGRAM, "::", 5354, UDP6_FD);
	if (r == 0)
		r = connect_to(8080, CONNECTED_FD);
	if (r == 0)
		r = net_maker_bridge("bridge0");
	/* So that a process without capabilities may read its links. */
	return r == 0 ? privileged_keep_capabilities(NULL, 0) : r;
}

static int make_empty(void)
{
	return unshare(CLONE_NEWNET) < 0 ? -errno : net_maker_bridge(HOSTILE);
}

static void fill(struct side *side, struct kernel *k, pid_t pid)
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
static void do_in(const struct side *side, void (*make)(void))
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
	CHECK(net_maker_address(HOSTILE, "192.168.7.1", 30) == 0);
	CHECK(net_maker_up(HOSTILE) == 0);
}

static void end(struct scene *scene)
{
	struct side *const sides[] = {&scene->host, &scene->left, &scene->right, &scene->empty};

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
	const struct scene *const scene = data;
	const struct side *const sides[] = {
	        &scene->host, &scene->left, &scene->right, &scene->empty};

	for (size_t i = 0; i < ARRAY_SIZE(sides); i++) {
		if (ns == &sides[i]->ns)
			return fcntl(sides[i]->handle, F_DUPFD_CLOEXEC, 3);
	}
	return -ENOENT;
}

enum by { BY_BOTH, BY_PROCESS, BY_HANDLE };

static struct net_facts read_side(
        struct scene *scene, const struct side *side, enum by by, unsigned parts)
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

static const struct net_interface *find(const struct net_facts *facts, const char *name)
{
	for (size_t i = 0; i < facts->n_interfaces; i++) {
		if (facts->interfaces[i].name && strcmp(facts->interfaces[i].name, name) == 0)
			return &facts->interfaces[i];
	}
	return NULL;
}

/* The kernel sets IFF_RUNNING a moment after an interface or its peer is enabled. */
static void wait_for(
        struct scene *scene, const struct side *side, const char *name, enum net_state state)
{
	struct net_facts facts;

	do
		facts = read_side(scene, side, BY_BOTH, 1 << NET_PART_ADDRESSES);
	while (find(&facts, name)->state != state);
}

/* The host has a veth to the left and one to the right, whose end there is hostile. */
static void begin(struct scene *scene)
{
	*scene = (struct scene){.arena = arena_new()};
	CHECK(world_enter(CLONE_NEWNS | CLONE_NEWNET) == 0);
	const pid_t left = world_begin(make_side), right = world_begin(make_side),
	            empty = world_begin(make_empty);
	CHECK(left > 0 && right > 0 && empty > 0);
	CHECK(helper_start(privileged_jobs, PRIVILEGED_JOBS, NULL, &scene->helper) == 0);
	CHECK(kernel_linux_new("/proc", &scene->kernel) == 0);
	kernel_linux_set_helper(scene->kernel, helper_channel(scene->helper));
	fill(&scene->host, scene->kernel, getpid());
	fill(&scene->left, scene->kernel, left);
	fill(&scene->right, scene->kernel, right);
	fill(&scene->empty, scene->kernel, empty);
	CHECK(net_maker_up("lo") == 0);
	CHECK(net_maker_veth("to-left", "inside", left) == 0);
	CHECK(net_maker_veth("to-right", HOSTILE, right) == 0);
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
	wait_for(scene, &scene->right, HOSTILE, NET_STATE_LOWER_DOWN);
}

/* --- what is there --------------------------------------------------------------------------- */

static bool has(const struct net_address *addresses, size_t n, const char *wanted)
{
	char text[NET_FACTS_ADDRESS_SIZE];

	for (size_t i = 0; i < n; i++) {
		if (strcmp(net_facts_address_text(&addresses[i], text), wanted) == 0)
			return true;
	}
	return false;
}

/* The interface has that address, and no other interface has it. */
static void check_address(const struct net_facts *facts, const char *name, const char *wanted)
{
	for (size_t i = 0; i < facts->n_interfaces; i++) {
		const struct net_interface *const interface = &facts->interfaces[i];

		CHECK(has(interface->addresses, interface->n_addresses, wanted) ==
		        (strcmp(interface->name, name) == 0));
	}
	CHECK(!has(facts->addresses, facts->n_addresses, wanted));
}

static void check_known(const struct net_facts *facts, unsigned parts)
{
	for (enum net_part i = 0; i < NET_PARTS; i++) {
		const struct net_part_result *const part = &facts->parts[i];

		if ((part->state == NET_KNOWN) != (parts >> i & 1))
			fprintf(stderr, "%s: state %d, error %d\n", net_facts_part_name(i),
			        part->state, part->error);
		CHECK((part->state == NET_KNOWN) == (parts >> i & 1));
		CHECK(!part->is_cut);
	}
}

/* The four listeners of a side, which that process has, and no others. */
static void check_sockets(const struct net_facts *facts, pid_t pid)
{
	static const struct {
		enum net_protocol protocol;
		const char *text;
		int fd;
	} ROWS[] = {
	        {NET_TCP, "*:8080", TCP4_FD},
	        {NET_TCP, "[::1]:8081", TCP6_FD},
	        {NET_UDP, "127.0.0.1:5353", UDP4_FD},
	        {NET_UDP, "[::]:5354", UDP6_FD},
	};
	char text[NET_FACTS_PORT_SIZE];

	CHECK(facts->n_sockets == ARRAY_SIZE(ROWS));
	for (size_t i = 0; i < ARRAY_SIZE(ROWS); i++) {
		const struct net_socket *const socket = &facts->sockets[i];

		CHECK(socket->protocol == ROWS[i].protocol && socket->inode != 0);
		CHECK(strcmp(net_facts_socket_text(socket, text), ROWS[i].text) == 0);
		CHECK(socket->uid == geteuid());
		CHECK(socket->n_processes == 1 && socket->processes[0].pid == pid);
		CHECK(socket->processes[0].fd == ROWS[i].fd);
	}
}

static void check_routes(const struct net_facts *facts)
{
	static const struct {
		int family;
		const char *gateway;
		uint32_t metric;
	} ROWS[] = {{AF_INET, "10.1.2.2", 50}, {AF_INET, "10.1.2.1", 100},
	        {AF_INET6, "fd00:1::1", 1024}};
	char text[INET6_ADDRSTRLEN];

	CHECK(facts->n_routes == ARRAY_SIZE(ROWS));
	for (size_t i = 0; i < ARRAY_SIZE(ROWS); i++) {
		const struct net_route *const route = &facts->routes[i];

		CHECK(route->family == ROWS[i].family && route->metric == ROWS[i].metric);
		CHECK(route->has_gateway && strcmp(route->interface, "bridge0") == 0);
		CHECK(strcmp(inet_ntop(route->family, route->gateway, text, sizeof(text)),
		              ROWS[i].gateway) == 0);
	}
}

static void check_left_addresses(const struct net_facts *facts)
{
	check_address(facts, "bridge0", "10.1.2.3/24");
	check_address(facts, "bridge0", "10.1.2.4/24");
	check_address(facts, "bridge0", "fd00:1::3/64");
	check_address(facts, "lo", "::1/128");
}

/* --- the tests: all rights ------------------------------------------------------------------- */

static void read_members(void)
{
	const unsigned known = NET_FACTS_AUTO & ~(1u << NET_PART_LOCAL);
	struct scene scene;

	begin(&scene);
	const struct net_facts left = read_side(&scene, &scene.left, BY_BOTH, NET_FACTS_AUTO);
	check_known(&left, known);
	CHECK(left.n_interfaces == 3 && left.n_addresses == 0);
	check_left_addresses(&left);
	check_address(&left, "lo", "127.0.0.1/8");
	check_sockets(&left, scene.left.pid);
	check_routes(&left);
	CHECK(find(&left, "lo")->state == NET_STATE_UP && !find(&left, "lo")->has_mac);
	CHECK(strcmp(find(&left, "lo")->kind, "loopback") == 0);
	CHECK(find(&left, "inside")->has_mac && find(&left, "inside")->master == -1);
	CHECK(find(&left, "inside")->peer.state == NET_PEER_UNKNOWN);
	for (size_t i = 0; i < left.n_interfaces; i++)
		CHECK(net_facts_find(&left, left.interfaces[i].ifindex) == &left.interfaces[i]);

	const struct net_facts right = read_side(&scene, &scene.right, BY_BOTH, NET_FACTS_AUTO);
	check_known(&right, known);
	CHECK(right.n_interfaces == 3 && right.n_routes == 0);
	check_address(&right, HOSTILE, "192.168.7.1/30");
	check_sockets(&right, scene.right.pid);
	/* Its peer is down. */
	CHECK(find(&right, HOSTILE)->state == NET_STATE_LOWER_DOWN);
	CHECK(find(&right, "bridge0")->state == NET_STATE_DOWN);
	end(&scene);
}

static void members(void **state)
{
	(void)state;
	assert_int_equal(world_run(read_members), 0);
}

/* The only way to a namespace without a process. */
static void read_empty(void)
{
	struct scene scene;

	begin(&scene);
	world_end(scene.empty.pid);
	scene.empty.pid = 0;
	scene.empty.ns.n_processes = 0;
	const struct net_facts empty = read_side(&scene, &scene.empty, BY_HANDLE, NET_FACTS_AUTO);
	check_known(&empty, NET_FACTS_AUTO & ~(1u << NET_PART_LOCAL));
	CHECK(empty.n_interfaces == 2 && find(&empty, HOSTILE) && empty.n_sockets == 0);

	/* The same facts as by a process, but for the processes of another model. */
	const struct net_facts left = read_side(&scene, &scene.left, BY_HANDLE, NET_FACTS_AUTO);
	check_left_addresses(&left);
	check_sockets(&left, scene.left.pid);
	check_routes(&left);
	end(&scene);
}

static void without_a_process(void **state)
{
	(void)state;
	assert_int_equal(world_run(read_empty), 0);
}

/* The number of the host in the empty namespace, or a negative errno. */
static int nsid_of_host(struct scene *scene)
{
	int nsid;

	CHECK(scene->kernel->ops->net_nsids(
	              scene->kernel, scene->empty.handle, &scene->host.handle, 1, &nsid) == 0);
	return nsid;
}

static void check_peer(const struct net_facts *facts, const char *name, enum net_peer_state state,
        const struct side *side, int ifindex)
{
	const struct net_peer *const peer = &find(facts, name)->peer;

	CHECK(peer->state == state && peer->ifindex == ifindex);
	CHECK(peer->ns_inode == (side ? side->ns.inode : 0));
	CHECK(peer->ns_tag == (side ? side->ns.tag : 0));
	CHECK((peer->nsid >= 0) == (side != NULL));
}

/* An interface has its peer, which has it. */
static void check_pair(const struct net_facts *a, const char *name, const struct side *a_side,
        const struct net_facts *b, const char *peer, const struct side *b_side)
{
	check_peer(a, name, NET_PEER_THERE, b_side, find(b, peer)->ifindex);
	check_peer(b, peer, NET_PEER_THERE, a_side, find(a, name)->ifindex);
	CHECK(strcmp(find(a, name)->kind, "veth") == 0);
	CHECK(strcmp(find(b, peer)->kind, "veth") == 0);
}

static void read_links(void)
{
	struct scene scene;

	begin(&scene);
	const int before = world_count_fds();
	/* The first change of the end in there would give the host a number. */
	CHECK(net_maker_veth("to-empty", "unused", scene.empty.pid) == 0);
	read_side(&scene, &scene.empty, BY_BOTH, NET_FACTS_AUTO);
	CHECK(nsid_of_host(&scene) == -ENODATA);
	const struct net_facts host = read_side(&scene, &scene.host, BY_BOTH, NET_FACTS_ALL);
	const struct net_facts empty = read_side(&scene, &scene.empty, BY_BOTH, NET_FACTS_ALL);
	CHECK(nsid_of_host(&scene) >= 0);
	check_pair(&host, "to-empty", &scene.host, &empty, "unused", &scene.empty);
	const struct net_facts left = read_side(&scene, &scene.left, BY_BOTH, NET_FACTS_ALL),
	                       right = read_side(&scene, &scene.right, BY_HANDLE, NET_FACTS_LINKS);

	check_known(&host, NET_FACTS_ALL & ~(1u << NET_PART_LOCAL));
	check_known(&right, NET_FACTS_LINKS);
	check_pair(&host, "to-left", &scene.host, &left, "inside", &scene.left);
	check_pair(&host, "to-right", &scene.host, &right, HOSTILE, &scene.right);
	check_peer(&host, "pair0", NET_PEER_HERE, NULL, find(&host, "pair1")->ifindex);
	check_peer(&host, "lo", NET_PEER_NONE, NULL, 0);
	check_peer(&left, "bridge0", NET_PEER_NONE, NULL, 0);
	CHECK(strcmp(find(&left, "bridge0")->kind, "bridge") == 0);
	CHECK(find(&left, "inside")->master == find(&left, "bridge0")->ifindex);
	CHECK(find(&host, "to-left")->master == 0);
	check_left_addresses(&left);
	CHECK(world_count_fds() == before);

	/* A peer whose namespace is not in the model. */
	scene.namespaces[2] = &scene.host.ns;
	const struct net_facts partial = read_side(&scene, &scene.host, BY_BOTH, NET_FACTS_LINKS);
	CHECK(find(&partial, "to-left")->peer.state == NET_PEER_OUTSIDE);
	CHECK(find(&partial, "to-left")->peer.nsid >= 0);
	CHECK(find(&partial, "to-right")->peer.state == NET_PEER_THERE);
	end(&scene);
}

static void links_only_on_request(void **state)
{
	(void)state;
	assert_int_equal(world_run(read_links), 0);
}

/* --- the tests: processes that are not seen -------------------------------------------------- */

/* Without the member that has the sockets, as inside a PID namespace. */
static void read_without_members(void)
{
	struct scene scene;

	begin(&scene);
	scene.left.ns.n_processes = 0;
	struct net_facts facts = read_side(&scene, &scene.left, BY_HANDLE, NET_FACTS_AUTO);
	CHECK(facts.n_sockets > 0 && facts.sockets[0].n_processes == 0);
	CHECK(facts.parts[NET_PART_PROCESSES].state == NET_KNOWN);
	scene.model.host.partial = 1u << PARTIAL_PID_NAMESPACE;
	facts = read_side(&scene, &scene.left, BY_HANDLE, NET_FACTS_AUTO);
	CHECK(facts.parts[NET_PART_SOCKETS].state == NET_KNOWN);
	CHECK(facts.parts[NET_PART_PROCESSES].error == ENODATA);
	scene.model.host.partial = 1u << PARTIAL_HIDEPID;
	facts = read_side(&scene, &scene.left, BY_HANDLE, NET_FACTS_AUTO);
	CHECK(facts.parts[NET_PART_PROCESSES].error == EACCES);
	/* Another process has its PID since. */
	scene.left.ns.n_processes = 1;
	scene.left.process.state = 'S';
	scene.left.process.started = 1;
	facts = read_side(&scene, &scene.left, BY_HANDLE, NET_FACTS_AUTO);
	CHECK(facts.n_sockets > 0 && facts.sockets[0].n_processes == 0);
	end(&scene);
}

static void processes_that_are_not_seen(void **state)
{
	(void)state;
	assert_int_equal(world_run(read_without_members), 0);
}

/* --- the tests: what is refused -------------------------------------------------------------- */

/* Without capabilities: what /proc shows, and the rest failed. */
static void read_without_rights(void)
{
	const unsigned known = 1u << NET_PART_INTERFACES | 1u << NET_PART_LOCAL |
	                       1u << NET_PART_ROUTES | 1u << NET_PART_SOCKETS |
	                       1u << NET_PART_PROCESSES;
	struct scene scene;

	begin(&scene);
	helper_stop(scene.helper);
	CHECK(privileged_keep_capabilities(NULL, 0) == 0);
	CHECK(helper_start(privileged_jobs, PRIVILEGED_JOBS, NULL, &scene.helper) == 0);
	kernel_linux_set_helper(scene.kernel, helper_channel(scene.helper));
	const struct net_facts left = read_side(&scene, &scene.left, BY_BOTH, NET_FACTS_ALL);
	check_known(&left, known);
	CHECK(left.parts[NET_PART_ADDRESSES].state == NET_FAILED);
	CHECK(left.parts[NET_PART_ADDRESSES].error == EPERM);
	CHECK(left.parts[NET_PART_LINKS].error == EPERM);
	CHECK(left.n_interfaces == 3 && find(&left, "inside")->state == NET_STATE_UNKNOWN);
	CHECK(find(&left, "inside")->kind == NULL && find(&left, "inside")->ifindex > 0);
	check_left_addresses(&left);
	CHECK(find(&left, "bridge0")->addresses[0].is_by_route);
	/* No route of the main table leads to it. */
	CHECK(has(left.addresses, left.n_addresses, "127.0.0.1"));
	check_routes(&left);
	check_sockets(&left, scene.left.pid);

	/* It is in this one already. */
	const struct net_facts host = read_side(&scene, &scene.host, BY_BOTH, NET_FACTS_ALL);
	check_known(&host, NET_FACTS_ALL & ~(1u << NET_PART_LOCAL));
	CHECK(find(&host, "to-left")->peer.state == NET_PEER_THERE);
	end(&scene);
}

static void without_rights(void **state)
{
	(void)state;
	assert_int_equal(world_run(read_without_rights), 0);
}

static void read_wrong(void)
{
	struct scene scene;

	begin(&scene);
	/* The process has moved, and the handle is of another namespace. */
	scene.left.ns.inode = scene.right.ns.inode;
	struct net_facts facts = read_side(&scene, &scene.left, BY_BOTH, NET_FACTS_ALL);
	CHECK(facts.n_interfaces == 0 && facts.n_addresses == 0 && facts.n_sockets == 0);
	CHECK(facts.parts[NET_PART_INTERFACES].error == ESRCH);
	CHECK(facts.parts[NET_PART_LINKS].error == ESTALE);
	/* Only the handle is right. */
	scene.right.opened = scene.host.opened;
	facts = read_side(&scene, &scene.right, BY_BOTH, NET_FACTS_AUTO);
	check_sockets(&facts, scene.right.pid);
	/* The process has ended. */
	scene.right.opened = scene.kernel->ops->process_open(scene.kernel, scene.right.pid);
	world_end(scene.right.pid);
	scene.right.pid = 0;
	facts = read_side(&scene, &scene.right, BY_PROCESS, NET_FACTS_AUTO);
	for (enum net_part i = 0; i < NET_PARTS; i++)
		CHECK(facts.parts[i].state != NET_KNOWN);
	CHECK(facts.parts[NET_PART_SOCKETS].error > 0);
	CHECK(facts.parts[NET_PART_ADDRESSES].error == EREMOTE);
	facts = read_side(&scene, &scene.left, BY_HANDLE, NET_FACTS_AUTO);
	CHECK(facts.parts[NET_PART_INTERFACES].error == ENOLINK);
	/* There is no helper. */
	kernel_free(scene.kernel);
	CHECK(kernel_linux_new("/proc", &scene.kernel) == 0);
	facts = read_side(&scene, &scene.empty, BY_HANDLE, NET_FACTS_ALL);
	CHECK(facts.parts[NET_PART_INTERFACES].error == EOPNOTSUPP);
	CHECK(facts.parts[NET_PART_ADDRESSES].error == EOPNOTSUPP);
	end(&scene);
}

static void wrong_places(void **state)
{
	(void)state;
	assert_int_equal(world_run(read_wrong), 0);
}

/* --- the tests: limits ----------------------------------------------------------------------- */

enum { FIRST_PORT = 10000, FIRST_FD = 200 };

static int make_many(void)
{
	const rlim_t n = FIRST_FD + NET_SOCKETS_MAX + 200;
	int r = unshare(CLONE_NEWNET) < 0 ? -errno : net_maker_up("lo");

	if (r == 0 && setrlimit(RLIMIT_NOFILE, &(const struct rlimit){n, n}) < 0)
		return -errno;
	for (int i = 0; r == 0 && i < NET_SOCKETS_MAX + 100; i++)
		r = net_maker_listen(
		        SOCK_DGRAM, "0.0.0.0", (uint16_t)(FIRST_PORT + i), FIRST_FD + i);
	for (int i = 0; r == 0 && i < 1200; i++) {
		char text[32];

		snprintf(text, sizeof(text), "10.%d.%d.1", i / 256, i % 256);
		r = net_maker_address("lo", text, 32);
	}
	return r;
}

static void read_many(void)
{
	struct scene scene;
	struct side many = {.pid = 0};

	begin(&scene);
	const pid_t pid = world_begin(make_many);
	if (pid == -EPERM || pid == -EMFILE) {
		fprintf(stderr, "not tried: too few descriptors are allowed\n");
		end(&scene);
		return;
	}
	fill(&many, scene.kernel, pid);
	struct net_facts facts = read_side(&scene, &many, BY_PROCESS,
	        1 << NET_PART_SOCKETS | 1 << NET_PART_PROCESSES | 1 << NET_PART_LOCAL);
	CHECK(facts.n_sockets == NET_SOCKETS_MAX && facts.parts[NET_PART_SOCKETS].is_cut);
	CHECK(facts.parts[NET_PART_SOCKETS].state == NET_KNOWN);
	for (size_t i = 0; i < facts.n_sockets; i++)
		CHECK(facts.sockets[i].n_processes == 1);
	CHECK(facts.n_addresses == 1201 && !facts.parts[NET_PART_LOCAL].is_cut);
	facts = read_side(&scene, &many, BY_HANDLE, 1 << NET_PART_ADDRESSES);
	CHECK(facts.n_interfaces == 1 && facts.interfaces[0].n_addresses == 1202);
	close_fd(&many.handle);
	close_fd(&many.opened);
	world_end(pid);
	end(&scene);
}

static void large_tables(void **state)
{
	(void)state;
	assert_int_equal(world_run(read_many), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	        cmocka_unit_test(members),
	        cmocka_unit_test(without_a_process),
	        cmocka_unit_test(links_only_on_request),
	        cmocka_unit_test(processes_that_are_not_seen),
	        cmocka_unit_test(without_rights),
	        cmocka_unit_test(wrong_places),
	        cmocka_unit_test(large_tables),
	};
	int r;

	if (!world_can("network namespaces", CLONE_NEWNS | CLONE_NEWNET, make_side, &r))
		return r;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
