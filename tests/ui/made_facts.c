/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/ui/made_facts.h"

#include "base/arena.h"
#include "base/attributes.h"
#include "model/net_facts.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

static struct net_address address(const char *text)
{
	struct net_address address = {0};

	if (!net_facts_address_parse(text, &address))
		address.family = AF_INET;
	return address;
}

static const struct net_address *addresses(
        struct arena *arena, const char *first, const char *second)
{
	struct net_address *all = arena_array(arena, 2, sizeof(*all));

	all[0] = address(first);
	if (second)
		all[1] = address(second);
	return all;
}

/* --- network namespaces ------------------------------------------------------------------- */

static void make_interfaces(
        struct net_facts *net, struct arena *arena, const char *how, uint64_t other)
{
	const bool is_poor = strcmp(how, "poor") == 0, is_many = strcmp(how, "many") == 0;
	const bool is_bridge = strcmp(how, "bridge") == 0;
	const bool has_links = is_bridge || strcmp(how, "links") == 0;
	struct net_interface *all = arena_array(arena, 20, sizeof(*all));

	net->interfaces = all;
	net->n_interfaces = is_many ? 20 : is_bridge ? 3 : 2;
	for (size_t i = 0; i < net->n_interfaces; i++)
		all[i] = (struct net_interface){.name = "dummy",
		        .ifindex = (int)i + 1,
		        .state = NET_STATE_DOWN,
		        .master = -1};
	all[0] = (struct net_interface){.name = "lo",
	        .ifindex = 1,
	        .state = NET_STATE_UP,
	        .kind = has_links ? "loopback" : NULL,
	        .master = has_links ? 0 : -1,
	        .addresses = addresses(arena, "127.0.0.1/8", "::1/128"),
	        .n_addresses = 2};
	all[1] = (struct net_interface){.name = is_bridge ? "br0" : "eth0\x1b[31m",
	        .ifindex = is_bridge ? 4 : 2,
	        .state = is_bridge ? NET_STATE_UP : NET_STATE_LOWER_DOWN,
	        .kind = is_bridge   ? "bridge"
	                : has_links ? "veth"
	                            : NULL,
	        .mac = {2, 0x42, 0xac, 0x11, 0, 2},
	        .has_mac = has_links,
	        .master = has_links ? 0 : -1,
	        .addresses = addresses(arena, is_bridge ? "10.88.0.1/16" : "10.88.0.2/16",
	                "fe80::42:acff:fe11:2/64"),
	        .n_addresses = is_bridge ? 1 : 2};
	if (has_links && !is_bridge)
		all[1].peer = (struct net_peer){NET_PEER_THERE, 5, 0, other, other};
	if (is_bridge)
		all[2] = (struct net_interface){.name = "vethab12",
		        .ifindex = 5,
		        .state = NET_STATE_UP,
		        .kind = "veth",
		        .master = 4,
		        .peer = {NET_PEER_THERE, 2, 1, other, other}};
	if (!is_poor)
		return;
	for (size_t i = 0; i < 2; i++) {
		all[i].state = NET_STATE_UNKNOWN;
		all[i].n_addresses = 0;
	}
	net->addresses = addresses(arena, "10.88.0.2", "127.0.0.1");
	net->n_addresses = 2;
}

static void make_sockets(struct net_facts *net, struct arena *arena, const char *how)
{
	const bool is_poor = strcmp(how, "poor") == 0, is_many = strcmp(how, "many") == 0;
	struct net_socket *all = arena_array(arena, 40, sizeof(*all));
	struct net_socket_process *processes = arena_array(arena, 20, sizeof(*processes));

	processes[0] = (struct net_socket_process){201, 6};
	processes[1] = (struct net_socket_process){202, 6};
	for (int i = 2; i < 20; i++)
		processes[i] = (struct net_socket_process){997 + i, 7};
	net->sockets = all;
	net->n_sockets = is_many ? 40 : 3;
	for (size_t i = 0; i < net->n_sockets; i++)
		all[i] = (struct net_socket){.protocol = NET_TCP,
		        .address = address("127.0.0.1"),
		        .port = (uint16_t)(8000 + i)};
	all[0] = (struct net_socket){.protocol = NET_TCP,
	        .address = address("0.0.0.0"),
	        .port = 80,
	        .processes = processes,
	        .n_processes = is_poor   ? 0
	                       : is_many ? 20
	                                 : 3};
	all[1] = (struct net_socket){.protocol = NET_TCP, .address = address("::1"), .port = 8080};
	all[2] = (struct net_socket){
	        .protocol = NET_UDP, .address = address("127.0.0.53"), .port = 53};
}

static const struct net_facts *make_net(struct arena *arena, const char *how, uint64_t other)
{
	const bool is_poor = strcmp(how, "poor") == 0;
	struct net_facts *net = arena_alloc(arena, sizeof(*net));
	struct net_route *route = arena_alloc(arena, sizeof(*route));

	*net = (struct net_facts){0};
	for (enum net_part part = 0; part < NET_PART_LINKS; part++)
		net->parts[part].state = NET_KNOWN;
	if (strcmp(how, "links") == 0 || strcmp(how, "bridge") == 0)
		net->parts[NET_PART_LINKS].state = NET_KNOWN;
	if (is_poor) {
		net->parts[NET_PART_ADDRESSES] = (struct net_part_result){NET_FAILED, EPERM, false};
		net->parts[NET_PART_PROCESSES] =
		        (struct net_part_result){NET_FAILED, EACCES, false};
		net->parts[NET_PART_ROUTES] = (struct net_part_result){NET_FAILED, EACCES, false};
	}
	make_interfaces(net, arena, how, other);
	make_sockets(net, arena, how);
	*route = (struct net_route){.family = AF_INET,
	        .gateway = {10, 88, 0, 1},
	        .has_gateway = true,
	        .interface = "eth0"};
	net->routes = route;
	net->n_routes = !is_poor;
	return net;
}

/* --- the others --------------------------------------------------------------------------- */

static void make_pid(struct ns_facts_pid *pid, bool is_poor)
{
	*pid = (struct ns_facts_pid){.init = 200,
	        .init_state = is_poor ? 'Z' : 'S',
	        .levels = 2,
	        .n_members = 3,
	        .n_below = is_poor ? 0 : 4,
	        .dying = is_poor ? NS_FACTS_DYING : NS_FACTS_ALIVE};
	if (!is_poor)
		return;
	pid->n_left = 2;
	pid->waits_for = 202;
	pid->state = 'D';
	pid->wchan = "nfs_wait_bit_killable";
}

/* "limits": near one, others; "none": as a new user namespace has; "denied": not known. */
static const struct ns_limit *make_limits(struct arena *arena, const char *how)
{
	struct ns_limit *limits = arena_array(arena, NS_TYPES, sizeof(*limits));
	const bool is_denied = strcmp(how, "denied") == 0;

	for (enum nstype type = 0; type < NS_TYPES; type++)
		limits[type] = is_denied ? (struct ns_limit){.error = EPERM}
		                         : (struct ns_limit){.is_known = true, .max = INT32_MAX};
	if (strcmp(how, "limits") == 0) {
		limits[NS_NET].max = 1;
		limits[NS_USER].max = 2;
		limits[NS_PID].max = 63000;
		limits[NS_TIME] = (struct ns_limit){.error = ENOENT};
	}
	return limits;
}

static void make_user(struct ns_facts_user *user, struct arena *arena, const char *how)
{
	const bool is_poor = strcmp(how, "poor") == 0;
	struct ns_facts_subid *subid = arena_alloc(arena, sizeof(*subid));

	*subid = (struct ns_facts_subid){100000, 65536, "harald"};
	*user = (struct ns_facts_user){
	        .host_root = is_poor ? NS_FACTS_UNKNOWN : NS_FACTS_NO, .subgid_error = ENOENT};
	user->subuid = subid;
	user->n_subuid = 1;
	if (*how && !is_poor)
		user->limits = make_limits(arena, how);
	if (is_poor) {
		user->overlaps[0] = 4026532220;
		user->overlaps[1] = 17;
		user->n_overlaps = 2;
		user->has_more_overlaps = true;
	}
}

static void make_ipc(struct ns_facts_ipc *ipc, bool is_poor)
{
	ipc->kinds[NS_FACTS_SHM].n = 2;
	ipc->kinds[NS_FACTS_SHM].size = 4300;
	ipc->kinds[NS_FACTS_SEM].n = 1;
	ipc->kinds[NS_FACTS_SEM].size = 3;
	if (is_poor)
		ipc->kinds[NS_FACTS_MQUEUE].error = EPERM;
}

static void make_cgroup(struct ns_facts_cgroup *cgroup, struct arena *arena)
{
	struct ns_facts_root *roots = arena_array(arena, 2, sizeof(*roots));

	roots[0] = (struct ns_facts_root){"", "/system.slice/docker-9e19.scope"};
	roots[1] = (struct ns_facts_root){"name=systemd", "/docker/9e19"};
	*cgroup = (struct ns_facts_cgroup){roots, 2};
}

const struct ns_facts *made_facts(enum nstype type, uint64_t tag, const char *how, uint64_t other)
{
	const bool is_poor = strcmp(how, "poor") == 0;
	struct ns_facts *facts = ns_facts_new(type);
	struct arena *arena = ns_facts_arena(facts);

	facts->tag = tag;
	if (strcmp(how, "bridge") == 0 || strcmp(how, "links") == 0)
		facts->what = NS_FACTS_LINKS;
	if (strcmp(how, "error") == 0) {
		facts->error = ESRCH;
		return facts;
	}
	if (type == NS_NET)
		facts->net = make_net(arena, how, other);
	else if (type == NS_PID)
		make_pid(&facts->pid, is_poor);
	else if (type == NS_USER)
		make_user(&facts->user, arena, how);
	else if (type == NS_IPC)
		make_ipc(&facts->ipc, is_poor);
	else if (type == NS_CGROUP)
		make_cgroup(&facts->cgroup, arena);
	else if (type == NS_UTS)
		facts->uts = (struct ns_facts_uts){"web\n1", "(none)"};
	else if (type == NS_TIME)
		facts->time =
		        (struct ns_facts_time){{-2, 500000000}, {is_poor ? -86400 : 86400, 0}};
	else
		facts->mnt = (struct ns_facts_mnt){.n_mounts = 23,
		        .is_at_least = is_poor,
		        .root = is_poor ? NULL : "/",
		        .type = "overlay",
		        .source = "overlay",
		        .is_read_only = true};
	return facts;
}
