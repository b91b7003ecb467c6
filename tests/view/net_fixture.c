/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/view/net_fixture.h"

#include "model/ns_facts.h"
#include "tests/unit.h"

#include <errno.h>
#include <sys/socket.h>

void net_fixture_begin(struct net_fixture *net, size_t n)
{
	*net = (struct net_fixture){.builder = builder_new(), .n = n};
	net->address =
	        (struct net_address){.family = AF_INET, .bytes = {10, 0, 0, 1}, .prefix = 24};
	struct process *const first = builder_process(net->builder, 1);
	first->comm = first->name = "init";
	first->state = 'S';
	for (size_t i = 0; i < n; i++) {
		struct ns_facts *const facts = ns_facts_new_in(builder_arena(net->builder), NS_NET);

		net->spaces[i] = builder_ns(net->builder, NS_NET, 4, 100 + i, NULL);
		net->spaces[i]->tag = 1000 + i;
		net->spaces[i]->facts = facts;
		facts->net = &net->facts[i];
		net->facts[i].parts[NET_PART_LINKS].state = NET_KNOWN;
		net->facts[i].interfaces = net->ports[i];
	}
	first->ns[NS_NET] = net->spaces[0];
	/* The number of the initial one: PID 1 is that of the host. */
	first->ns[NS_PID] = builder_ns(net->builder, NS_PID, 4, 4026531836, NULL);
}

struct net_interface *net_fixture_add(
        struct net_fixture *net, size_t space, const char *name, const char *kind)
{
	struct net_interface *const port = &net->ports[space][net->facts[space].n_interfaces++];

	*port = (struct net_interface){.name = name,
	        .kind = kind,
	        .ifindex = (int)net->facts[space].n_interfaces,
	        .peer = {.state = NET_PEER_NONE}};
	return port;
}

void net_fixture_pair(struct net_fixture *net, size_t a, struct net_interface *of_a, size_t b,
        struct net_interface *of_b)
{
	const enum net_peer_state state = a == b ? NET_PEER_HERE : NET_PEER_THERE;

	of_a->peer = (struct net_peer){
	        .state = state, .ifindex = of_b->ifindex, .ns_tag = net->spaces[b]->tag};
	of_b->peer = (struct net_peer){
	        .state = state, .ifindex = of_a->ifindex, .ns_tag = net->spaces[a]->tag};
}

void net_fixture_refuse(struct net_fixture *net, size_t space)
{
	struct ns_facts *const facts = ns_facts_new_in(builder_arena(net->builder), NS_NET);

	facts->error = EACCES;
	net->spaces[space]->facts = facts;
}

void net_fixture_finish(struct net_fixture *net)
{
	assert_int_equal(builder_freeze(net->builder, &net->model, NULL), 0);
}
