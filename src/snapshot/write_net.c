/* SPDX-License-Identifier: Apache-2.0 */
#include "snapshot/writer.h"

#include <sys/socket.h>

/* The parts that were read: an empty object, or why one is not known, and whether it is cut. */
static void write_parts(struct json_writer *w, const struct net_facts *facts)
{
	json_write_member_open(w, "parts", '{');
	for (enum net_part part = 0; part < NET_PARTS; part++) {
		const struct net_part_result *const result = &facts->parts[part];

		if (result->state == NET_NOT_ASKED)
			continue;
		json_write_member_open(w, net_facts_part_name(part), '{');
		if (result->state == NET_FAILED)
			snapshot_write_errno(w, "errno", result->error);
		if (result->is_cut)
			json_write_member_bool(w, "cut", true);
		json_write_close(w, '}');
	}
	json_write_close(w, '}');
}

static void write_addresses(
        struct json_writer *w, const char *key, const struct net_address *addresses, size_t n)
{
	char text[NET_FACTS_ADDRESS_SIZE];

	json_write_member_open(w, key, '[');
	for (size_t i = 0; i < n; i++)
		json_write_string(w, net_facts_address_text(&addresses[i], text));
	json_write_close(w, ']');
}

/* A number for which `unknown` is null. */
static void write_known(struct json_writer *w, const char *key, int value, int unknown)
{
	json_write_key(w, key);
	if (value == unknown)
		json_write_null(w);
	else
		json_write_number(w, (uint64_t)value);
}

static void write_peer(struct json_writer *w, const struct net_peer *peer)
{
	static const char *const states[] = {
	        [NET_PEER_NONE] = "none",
	        [NET_PEER_HERE] = "here",
	        [NET_PEER_THERE] = "there",
	        [NET_PEER_OUTSIDE] = "outside",
	};

	if (peer->state == NET_PEER_UNKNOWN)
		return;
	json_write_member_open(w, "peer", '{');
	json_write_member_string(w, "state", states[peer->state]);
	if (peer->state != NET_PEER_NONE) {
		write_known(w, "ifindex", peer->ifindex, 0);
		write_known(w, "nsid", peer->nsid, -1);
		json_write_key(w, "inode");
		if (peer->ns_inode)
			json_write_number(w, peer->ns_inode);
		else
			json_write_null(w);
	}
	json_write_close(w, '}');
}

/* Whether the IPv4 addresses of the interface were found by routes. */
static bool is_by_route(const struct net_interface *interface)
{
	for (size_t i = 0; i < interface->n_addresses; i++) {
		if (interface->addresses[i].is_by_route)
			return true;
	}
	return false;
}

static void write_interface(struct json_writer *w, const struct net_interface *interface)
{
	char mac[18];

	json_write_open(w, '{');
	json_write_member_string(w, "name", interface->name);
	write_known(w, "ifindex", interface->ifindex, 0);
	json_write_member_string(w, "state", net_facts_state_name(interface->state));
	json_write_member_string(w, "kind", interface->kind);
	json_write_member_string(
	        w, "mac", interface->has_mac ? net_facts_mac_text(interface->mac, mac) : NULL);
	write_known(w, "master", interface->master, -1);
	write_peer(w, &interface->peer);
	write_addresses(w, "addresses", interface->addresses, interface->n_addresses);
	if (is_by_route(interface))
		json_write_member_bool(w, "by_route", true);
	json_write_close(w, '}');
}

static void write_route(struct json_writer *w, const struct net_route *route)
{
	struct net_address gateway = {.family = route->family, .prefix = -1};
	char text[NET_FACTS_ADDRESS_SIZE];

	for (size_t i = 0; i < sizeof(gateway.bytes); i++)
		gateway.bytes[i] = route->gateway[i];
	json_write_open(w, '{');
	json_write_member_number(w, "version", route->family == AF_INET6 ? 6 : 4);
	json_write_member_string(
	        w, "gateway", route->has_gateway ? net_facts_address_text(&gateway, text) : NULL);
	json_write_member_string(w, "interface", route->interface);
	json_write_member_number(w, "metric", route->metric);
	json_write_close(w, '}');
}

static void write_socket(struct json_writer *w, const struct net_socket *socket)
{
	char text[NET_FACTS_ADDRESS_SIZE];

	json_write_open(w, '{');
	json_write_member_string(w, "protocol", net_facts_protocol_name(socket->protocol));
	json_write_member_string(w, "address", net_facts_address_text(&socket->address, text));
	json_write_member_number(w, "port", socket->port);
	json_write_member_number(w, "uid", socket->uid);
	json_write_member_number(w, "inode", socket->inode);
	json_write_member_open(w, "processes", '[');
	for (size_t i = 0; i < socket->n_processes; i++) {
		json_write_open(w, '{');
		json_write_member_number(w, "pid", (uint64_t)socket->processes[i].pid);
		json_write_member_number(w, "fd", (uint64_t)socket->processes[i].fd);
		json_write_close(w, '}');
	}
	json_write_close(w, ']');
	json_write_close(w, '}');
}

void write_net(struct json_writer *w, const struct net_facts *facts)
{
	write_parts(w, facts);
	json_write_member_open(w, "interfaces", '[');
	for (size_t i = 0; i < facts->n_interfaces; i++)
		write_interface(w, &facts->interfaces[i]);
	json_write_close(w, ']');
	write_addresses(w, "addresses", facts->addresses, facts->n_addresses);
	json_write_member_open(w, "routes", '[');
	for (size_t i = 0; i < facts->n_routes; i++)
		write_route(w, &facts->routes[i]);
	json_write_close(w, ']');
	json_write_member_open(w, "sockets", '[');
	for (size_t i = 0; i < facts->n_sockets; i++)
		write_socket(w, &facts->sockets[i]);
	json_write_close(w, ']');
}
