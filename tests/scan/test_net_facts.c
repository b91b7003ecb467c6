/* SPDX-License-Identifier: Apache-2.0 */
/* What is in network namespaces that the test makes: all that was planted is found, by each way to
 * reach a namespace. Exits 77 where none may be made. */
#include "base/attributes.h"
#include "kernel/kernel_linux.h"
#include "kernel/privileged/privileged.h"
#include "tests/nsrel/world.h"
#include "tests/scan/net_scene.h"
#include "tests/scenes/net_maker.h"
#include "tests/unit.h"

#include <arpa/inet.h>
#include <sched.h>
#include <string.h>
#include <sys/resource.h>

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
	        {NET_TCP, "*:8080", NET_SCENE_TCP4_FD},
	        {NET_TCP, "[::1]:8081", NET_SCENE_TCP6_FD},
	        {NET_UDP, "127.0.0.1:5353", NET_SCENE_UDP4_FD},
	        {NET_UDP, "[::]:5354", NET_SCENE_UDP6_FD},
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
	struct net_scene scene;

	net_scene_begin(&scene);
	const struct net_facts left = net_scene_read(&scene, &scene.left, BY_BOTH, NET_FACTS_AUTO);
	check_known(&left, known);
	CHECK(left.n_interfaces == 3 && left.n_addresses == 0);
	check_left_addresses(&left);
	check_address(&left, "lo", "127.0.0.1/8");
	check_sockets(&left, scene.left.pid);
	check_routes(&left);
	CHECK(net_scene_find(&left, "lo")->state == NET_STATE_UP &&
	        !net_scene_find(&left, "lo")->has_mac);
	CHECK(strcmp(net_scene_find(&left, "lo")->kind, "loopback") == 0);
	CHECK(net_scene_find(&left, "inside")->has_mac &&
	        net_scene_find(&left, "inside")->master == -1);
	CHECK(net_scene_find(&left, "inside")->peer.state == NET_PEER_UNKNOWN);
	for (size_t i = 0; i < left.n_interfaces; i++)
		CHECK(net_facts_find(&left, left.interfaces[i].ifindex) == &left.interfaces[i]);

	const struct net_facts right =
	        net_scene_read(&scene, &scene.right, BY_BOTH, NET_FACTS_AUTO);
	check_known(&right, known);
	CHECK(right.n_interfaces == 3 && right.n_routes == 0);
	check_address(&right, NET_SCENE_HOSTILE, "192.168.7.1/30");
	check_sockets(&right, scene.right.pid);
	/* Its peer is down. */
	CHECK(net_scene_find(&right, NET_SCENE_HOSTILE)->state == NET_STATE_LOWER_DOWN);
	CHECK(net_scene_find(&right, "bridge0")->state == NET_STATE_DOWN);
	net_scene_end(&scene);
}

static void members(void **state)
{
	(void)state;
	assert_int_equal(world_run(read_members), 0);
}

/* The only way to a namespace without a process. */
static void read_empty(void)
{
	struct net_scene scene;

	net_scene_begin(&scene);
	world_end(scene.empty.pid);
	scene.empty.pid = 0;
	scene.empty.ns.n_processes = 0;
	const struct net_facts empty =
	        net_scene_read(&scene, &scene.empty, BY_HANDLE, NET_FACTS_AUTO);
	check_known(&empty, NET_FACTS_AUTO & ~(1u << NET_PART_LOCAL));
	CHECK(empty.n_interfaces == 2 && net_scene_find(&empty, NET_SCENE_HOSTILE) &&
	        empty.n_sockets == 0);

	/* The same facts as by a process, but for the processes of another model. */
	const struct net_facts left =
	        net_scene_read(&scene, &scene.left, BY_HANDLE, NET_FACTS_AUTO);
	check_left_addresses(&left);
	check_sockets(&left, scene.left.pid);
	check_routes(&left);
	net_scene_end(&scene);
}

static void without_a_process(void **state)
{
	(void)state;
	assert_int_equal(world_run(read_empty), 0);
}

/* The number of the host in the empty namespace, or a negative errno. */
static int nsid_of_host(struct net_scene *scene)
{
	int nsid;

	CHECK(scene->kernel->ops->net_nsids(
	              scene->kernel, scene->empty.handle, &scene->host.handle, 1, &nsid) == 0);
	return nsid;
}

static void check_peer(const struct net_facts *facts, const char *name, enum net_peer_state state,
        const struct net_side *side, int ifindex)
{
	const struct net_peer *const peer = &net_scene_find(facts, name)->peer;

	CHECK(peer->state == state && peer->ifindex == ifindex);
	CHECK(peer->ns_inode == (side ? side->ns.inode : 0));
	CHECK(peer->ns_tag == (side ? side->ns.tag : 0));
	CHECK((peer->nsid >= 0) == (side != NULL));
}

/* An interface has its peer, which has it. */
static void check_pair(const struct net_facts *a, const char *name, const struct net_side *a_side,
        const struct net_facts *b, const char *peer, const struct net_side *b_side)
{
	check_peer(a, name, NET_PEER_THERE, b_side, net_scene_find(b, peer)->ifindex);
	check_peer(b, peer, NET_PEER_THERE, a_side, net_scene_find(a, name)->ifindex);
	CHECK(strcmp(net_scene_find(a, name)->kind, "veth") == 0);
	CHECK(strcmp(net_scene_find(b, peer)->kind, "veth") == 0);
}

static void read_links(void)
{
	struct net_scene scene;

	net_scene_begin(&scene);
	const int before = world_count_fds();
	/* The first change of the end in there would give the host a number. */
	CHECK(net_maker_veth("to-empty", "unused", scene.empty.pid) == 0);
	net_scene_read(&scene, &scene.empty, BY_BOTH, NET_FACTS_AUTO);
	CHECK(nsid_of_host(&scene) == -ENODATA);
	const struct net_facts host = net_scene_read(&scene, &scene.host, BY_BOTH, NET_FACTS_ALL);
	const struct net_facts empty = net_scene_read(&scene, &scene.empty, BY_BOTH, NET_FACTS_ALL);
	CHECK(nsid_of_host(&scene) >= 0);
	check_pair(&host, "to-empty", &scene.host, &empty, "unused", &scene.empty);
	const struct net_facts left = net_scene_read(&scene, &scene.left, BY_BOTH, NET_FACTS_ALL),
	                       right = net_scene_read(
	                               &scene, &scene.right, BY_HANDLE, NET_FACTS_LINKS);

	check_known(&host, NET_FACTS_ALL & ~(1u << NET_PART_LOCAL));
	check_known(&right, NET_FACTS_LINKS);
	check_pair(&host, "to-left", &scene.host, &left, "inside", &scene.left);
	check_pair(&host, "to-right", &scene.host, &right, NET_SCENE_HOSTILE, &scene.right);
	check_peer(&host, "pair0", NET_PEER_HERE, NULL, net_scene_find(&host, "pair1")->ifindex);
	check_peer(&host, "lo", NET_PEER_NONE, NULL, 0);
	check_peer(&left, "bridge0", NET_PEER_NONE, NULL, 0);
	CHECK(strcmp(net_scene_find(&left, "bridge0")->kind, "bridge") == 0);
	CHECK(net_scene_find(&left, "inside")->master == net_scene_find(&left, "bridge0")->ifindex);
	CHECK(net_scene_find(&host, "to-left")->master == 0);
	check_left_addresses(&left);
	CHECK(world_count_fds() == before);

	/* A peer whose namespace is not in the model. */
	scene.namespaces[2] = &scene.host.ns;
	const struct net_facts partial =
	        net_scene_read(&scene, &scene.host, BY_BOTH, NET_FACTS_LINKS);
	CHECK(net_scene_find(&partial, "to-left")->peer.state == NET_PEER_OUTSIDE);
	CHECK(net_scene_find(&partial, "to-left")->peer.nsid >= 0);
	CHECK(net_scene_find(&partial, "to-right")->peer.state == NET_PEER_THERE);
	net_scene_end(&scene);
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
	struct net_scene scene;

	net_scene_begin(&scene);
	scene.left.ns.n_processes = 0;
	struct net_facts facts = net_scene_read(&scene, &scene.left, BY_HANDLE, NET_FACTS_AUTO);
	CHECK(facts.n_sockets > 0 && facts.sockets[0].n_processes == 0);
	CHECK(facts.parts[NET_PART_PROCESSES].state == NET_KNOWN);
	scene.model.host.partial = 1u << PARTIAL_PID_NAMESPACE;
	facts = net_scene_read(&scene, &scene.left, BY_HANDLE, NET_FACTS_AUTO);
	CHECK(facts.parts[NET_PART_SOCKETS].state == NET_KNOWN);
	CHECK(facts.parts[NET_PART_PROCESSES].error == ENODATA);
	scene.model.host.partial = 1u << PARTIAL_HIDEPID;
	facts = net_scene_read(&scene, &scene.left, BY_HANDLE, NET_FACTS_AUTO);
	CHECK(facts.parts[NET_PART_PROCESSES].error == EACCES);
	/* Another process has its PID since. */
	scene.left.ns.n_processes = 1;
	scene.left.process.state = 'S';
	scene.left.process.started = 1;
	facts = net_scene_read(&scene, &scene.left, BY_HANDLE, NET_FACTS_AUTO);
	CHECK(facts.n_sockets > 0 && facts.sockets[0].n_processes == 0);
	net_scene_end(&scene);
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
	struct net_scene scene;

	net_scene_begin(&scene);
	helper_stop(scene.helper);
	CHECK(privileged_keep_capabilities(NULL, 0) == 0);
	CHECK(helper_start(privileged_jobs, PRIVILEGED_JOBS, NULL, &scene.helper) == 0);
	kernel_linux_set_helper(scene.kernel, helper_channel(scene.helper));
	const struct net_facts left = net_scene_read(&scene, &scene.left, BY_BOTH, NET_FACTS_ALL);
	check_known(&left, known);
	CHECK(left.parts[NET_PART_ADDRESSES].state == NET_FAILED);
	CHECK(left.parts[NET_PART_ADDRESSES].error == EPERM);
	CHECK(left.parts[NET_PART_LINKS].error == EPERM);
	CHECK(left.n_interfaces == 3 &&
	        net_scene_find(&left, "inside")->state == NET_STATE_UNKNOWN);
	CHECK(net_scene_find(&left, "inside")->kind == NULL &&
	        net_scene_find(&left, "inside")->ifindex > 0);
	check_left_addresses(&left);
	CHECK(net_scene_find(&left, "bridge0")->addresses[0].is_by_route);
	/* No route of the main table leads to it. */
	CHECK(has(left.addresses, left.n_addresses, "127.0.0.1"));
	check_routes(&left);
	check_sockets(&left, scene.left.pid);

	/* It is in this one already. */
	const struct net_facts host = net_scene_read(&scene, &scene.host, BY_BOTH, NET_FACTS_ALL);
	check_known(&host, NET_FACTS_ALL & ~(1u << NET_PART_LOCAL));
	CHECK(net_scene_find(&host, "to-left")->peer.state == NET_PEER_THERE);
	net_scene_end(&scene);
}

static void without_rights(void **state)
{
	(void)state;
	assert_int_equal(world_run(read_without_rights), 0);
}

static void read_wrong(void)
{
	struct net_scene scene;

	net_scene_begin(&scene);
	/* The process has moved, and the handle is of another namespace. */
	scene.left.ns.inode = scene.right.ns.inode;
	struct net_facts facts = net_scene_read(&scene, &scene.left, BY_BOTH, NET_FACTS_ALL);
	CHECK(facts.n_interfaces == 0 && facts.n_addresses == 0 && facts.n_sockets == 0);
	CHECK(facts.parts[NET_PART_INTERFACES].error == ESRCH);
	CHECK(facts.parts[NET_PART_LINKS].error == ESTALE);
	/* Only the handle is right. */
	scene.right.opened = scene.host.opened;
	facts = net_scene_read(&scene, &scene.right, BY_BOTH, NET_FACTS_AUTO);
	check_sockets(&facts, scene.right.pid);
	/* The process has ended. */
	scene.right.opened = scene.kernel->ops->process_open(scene.kernel, scene.right.pid);
	world_end(scene.right.pid);
	scene.right.pid = 0;
	facts = net_scene_read(&scene, &scene.right, BY_PROCESS, NET_FACTS_AUTO);
	for (enum net_part i = 0; i < NET_PARTS; i++)
		CHECK(facts.parts[i].state != NET_KNOWN);
	CHECK(facts.parts[NET_PART_SOCKETS].error > 0);
	CHECK(facts.parts[NET_PART_ADDRESSES].error == EREMOTE);
	facts = net_scene_read(&scene, &scene.left, BY_HANDLE, NET_FACTS_AUTO);
	CHECK(facts.parts[NET_PART_INTERFACES].error == ENOLINK);
	/* There is no helper. */
	kernel_free(scene.kernel);
	CHECK(kernel_linux_new("/proc", &scene.kernel) == 0);
	facts = net_scene_read(&scene, &scene.empty, BY_HANDLE, NET_FACTS_ALL);
	CHECK(facts.parts[NET_PART_INTERFACES].error == EOPNOTSUPP);
	CHECK(facts.parts[NET_PART_ADDRESSES].error == EOPNOTSUPP);
	net_scene_end(&scene);
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
	struct net_scene scene;
	struct net_side many = {.pid = 0};

	net_scene_begin(&scene);
	const pid_t pid = world_begin(make_many);
	if (pid == -EPERM || pid == -EMFILE) {
		fprintf(stderr, "not tried: too few descriptors are allowed\n");
		net_scene_end(&scene);
		_exit(EXIT_SKIP);
	}
	net_scene_fill(&many, scene.kernel, pid);
	struct net_facts facts = net_scene_read(&scene, &many, BY_PROCESS,
	        1 << NET_PART_SOCKETS | 1 << NET_PART_PROCESSES | 1 << NET_PART_LOCAL);
	CHECK(facts.n_sockets == NET_SOCKETS_MAX && facts.parts[NET_PART_SOCKETS].is_cut);
	CHECK(facts.parts[NET_PART_SOCKETS].state == NET_KNOWN);
	for (size_t i = 0; i < facts.n_sockets; i++)
		CHECK(facts.sockets[i].n_processes == 1);
	CHECK(facts.n_addresses == 1201 && !facts.parts[NET_PART_LOCAL].is_cut);
	facts = net_scene_read(&scene, &many, BY_HANDLE, 1 << NET_PART_ADDRESSES);
	CHECK(facts.n_interfaces == 1 && facts.interfaces[0].n_addresses == 1202);
	close_fd(&many.handle);
	close_fd(&many.opened);
	world_end(pid);
	net_scene_end(&scene);
}

static void large_tables(void **state)
{
	(void)state;
	const int r = world_run(read_many);
	if (r == EXIT_SKIP)
		skip();
	assert_int_equal(r, 0);
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

	if (!world_can("network namespaces", CLONE_NEWNS | CLONE_NEWNET, net_scene_make_side, &r))
		return r;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
