/* SPDX-License-Identifier: Apache-2.0 */
/* Reads what the facts of a network namespace are. */
#include "base/arena.h"
#include "model/net_facts.h"
#include "snapshot/reader.h"

#include <limits.h>
#include <string.h>
#include <sys/socket.h>

/* --- parts ------------------------------------------------------------------------------------ */

static void read_part(struct fields *f, const char *key, struct net_part_result *ret)
{
	static const char *const keys[] = {"errno", "cut", NULL};
	const struct json_span value = fields_value(f, key);

	if (f->error)
		return;
	struct fields part = fields_of(f->reader, &value, keys);
	ret->state = NET_KNOWN;
	if (fields_has(&part, "errno")) {
		ret->state = NET_FAILED;
		ret->error = fields_errno(&part, "errno");
	}
	ret->is_cut = fields_has(&part, "cut") && fields_bool(&part, "cut");
	f->error = part.error;
}

static void read_parts(struct fields *f, struct net_facts *net)
{
	const char *keys[NET_PARTS + 1] = {NULL};
	const struct json_span value = fields_value(f, "parts");

	if (f->error)
		return;
	for (enum net_part part = 0; part < NET_PARTS; part++)
		keys[part] = net_facts_part_name(part);
	struct fields parts = fields_of(f->reader, &value, keys);
	for (enum net_part part = 0; part < NET_PARTS; part++) {
		if (fields_has(&parts, keys[part]))
			read_part(&parts, keys[part], &net->parts[part]);
	}
	f->error = parts.error;
}

/* --- arrays ----------------------------------------------------------------------------------- */

/* As fields_array, of at most `most` elements: no more are written (model/net_facts.h). */
static void *read_array(struct fields *f, const char *key, size_t size, size_t most, size_t *ret_n)
{
	void *const all = fields_array(f, key, size, 0, ret_n);

	if (*ret_n > most) {
		fields_fail(f, key, "has too many elements");
		*ret_n = 0;
	}
	return all;
}

/* --- addresses -------------------------------------------------------------------------------- */

static struct net_address address_of(struct fields *f, const char *key, const char *text)
{
	struct net_address address = {.family = AF_INET, .prefix = -1};

	if (f->error == 0 && !net_facts_address_parse(text, &address))
		fields_fail(f, key, "has no address");
	return address;
}

static void read_address(
        struct fields *f, const char *key, const struct json_span *element, void *data)
{
	struct net_address **const next = data;

	*(*next)++ = address_of(f, key, fields_text_at(f, key, element));
}

static const struct net_address *read_addresses(struct fields *f, bool by_route, size_t *ret_n)
{
	struct net_address *const all =
	        read_array(f, "addresses", sizeof(*all), NET_ADDRESSES_MAX, ret_n);
	struct net_address *next = all;

	if (*ret_n)
		fields_list(f, "addresses", read_address, &next);
	for (size_t i = 0; i < *ret_n && f->error == 0; i++)
		all[i].is_by_route = by_route && all[i].family == AF_INET;
	return all;
}

/* --- interfaces ------------------------------------------------------------------------------- */

/* "de:ad:be:ef:00:01" */
static void read_mac(struct fields *f, struct net_interface *ret)
{
	const char *const text = fields_text_or_null(f, "mac");
	unsigned bytes[6];
	int n = 0;

	if (!text || f->error)
		return;
	if (strlen(text) != 17 ||
	        sscanf(text, "%2x:%2x:%2x:%2x:%2x:%2x%n", &bytes[0], &bytes[1], &bytes[2],
	                &bytes[3], &bytes[4], &bytes[5], &n) != 6 ||
	        n != 17) {
		fields_fail(f, "mac", "is no MAC address");
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(bytes); i++)
		ret->mac[i] = (uint8_t)bytes[i];
	ret->has_mac = true;
}

static void read_peer(struct fields *f, struct net_peer *ret)
{
	static const char *const keys[] = {"state", "ifindex", "nsid", "inode", NULL};
	static const char *const states[] = {
	        [NET_PEER_NONE] = "none",
	        [NET_PEER_HERE] = "here",
	        [NET_PEER_THERE] = "there",
	        [NET_PEER_OUTSIDE] = "outside",
	};
	const struct json_span value = fields_value(f, "peer");

	if (f->error)
		return;
	struct fields peer = fields_of(f->reader, &value, keys);
	ret->state = fields_word(&peer, "state", states, ARRAY_SIZE(states));
	if (ret->state != NET_PEER_NONE) {
		ret->ifindex = (int)fields_number_or_null(&peer, "ifindex", 1, INT_MAX);
		if (!fields_is_null(&peer, "nsid"))
			ret->nsid = (int)fields_number(&peer, "nsid", 0, INT_MAX);
		ret->ns_inode = fields_number_or_null(&peer, "inode", 1, INT64_MAX);
	}
	f->error = peer.error;
}

static void read_interface(
        struct fields *f, _unused_ const char *key, const struct json_span *element, void *data)
{
	static const char *const keys[] = {"name", "ifindex", "state", "kind", "mac", "master",
	        "peer", "addresses", "by_route", NULL};
	struct fields inner = fields_of(f->reader, element, keys);
	struct net_interface **const next = data;
	struct net_interface *const interface = (*next)++;
	const char *states[NET_STATES];

	for (enum net_state state = 0; state < NET_STATES; state++)
		states[state] = net_facts_state_name(state);
	interface->name = fields_text_or_null(&inner, "name");
	interface->ifindex = (int)fields_number_or_null(&inner, "ifindex", 1, INT_MAX);
	interface->state = fields_word(&inner, "state", states, NET_STATES);
	interface->kind = fields_text_or_null(&inner, "kind");
	read_mac(&inner, interface);
	interface->master = fields_is_null(&inner, "master")
	                            ? -1
	                            : (int)fields_number(&inner, "master", 0, INT_MAX);
	interface->peer.nsid = -1;
	if (fields_has(&inner, "peer"))
		read_peer(&inner, &interface->peer);
	const bool by_route = fields_has(&inner, "by_route") && fields_bool(&inner, "by_route");
	interface->addresses = read_addresses(&inner, by_route, &interface->n_addresses);
	f->error = inner.error;
}

/* --- routes and sockets ----------------------------------------------------------------------- */

static void read_route(
        struct fields *f, _unused_ const char *key, const struct json_span *element, void *data)
{
	static const char *const keys[] = {"version", "gateway", "interface", "metric", NULL};
	struct fields inner = fields_of(f->reader, element, keys);
	struct net_route **const next = data;
	struct net_route *const route = (*next)++;
	const uint64_t version = fields_number(&inner, "version", 4, 6);
	const char *const gateway = fields_text_or_null(&inner, "gateway");

	route->family = version == 6 ? AF_INET6 : AF_INET;
	if (gateway) {
		const struct net_address address = address_of(&inner, "gateway", gateway);

		route->has_gateway = true;
		memcpy(route->gateway, address.bytes, sizeof(route->gateway));
		if (inner.error == 0 && address.family != route->family)
			fields_fail(&inner, "gateway", "has another version");
	}
	route->interface = fields_text_or_null(&inner, "interface");
	route->metric = (uint32_t)fields_number(&inner, "metric", 0, UINT32_MAX);
	f->error = inner.error;
}

static void read_process(
        struct fields *f, _unused_ const char *key, const struct json_span *element, void *data)
{
	static const char *const keys[] = {"pid", "fd", NULL};
	struct fields inner = fields_of(f->reader, element, keys);
	struct net_socket_process **const next = data;

	*(*next)++ = (struct net_socket_process){
	        .pid = (pid_t)fields_number(&inner, "pid", 1, INT_MAX),
	        .fd = (int)fields_number(&inner, "fd", 0, INT_MAX),
	};
	f->error = inner.error;
}

static void read_socket(
        struct fields *f, _unused_ const char *key, const struct json_span *element, void *data)
{
	static const char *const keys[] = {
	        "protocol", "address", "port", "uid", "inode", "processes", NULL};
	struct fields inner = fields_of(f->reader, element, keys);
	struct net_socket **const next = data;
	struct net_socket *const socket = (*next)++;
	const char *protocols[NET_PROTOCOLS];
	struct net_socket_process *process;

	for (enum net_protocol protocol = 0; protocol < NET_PROTOCOLS; protocol++)
		protocols[protocol] = net_facts_protocol_name(protocol);
	socket->protocol = fields_word(&inner, "protocol", protocols, NET_PROTOCOLS);
	socket->address = address_of(&inner, "address", fields_text(&inner, "address"));
	socket->port = (uint16_t)fields_number(&inner, "port", 0, UINT16_MAX);
	socket->uid = (uid_t)fields_number(&inner, "uid", 0, UINT32_MAX);
	socket->inode = fields_number(&inner, "inode", 0, INT64_MAX);
	process = read_array(&inner, "processes", sizeof(*process), NET_SOCKET_PROCESSES_MAX,
	        &socket->n_processes);
	socket->processes = process;
	if (socket->n_processes)
		fields_list(&inner, "processes", read_process, &process);
	f->error = inner.error;
}

/* --- all -------------------------------------------------------------------------------------- */

const struct net_facts *read_net(struct fields *f)
{
	struct net_facts *const net = arena_alloc(builder_arena(f->reader->builder), sizeof(*net));
	struct net_interface *interface;
	struct net_socket *socket;
	struct net_route *route;

	read_parts(f, net);
	interface = read_array(
	        f, "interfaces", sizeof(*interface), NET_INTERFACES_MAX, &net->n_interfaces);
	net->interfaces = interface;
	if (net->n_interfaces)
		fields_list(f, "interfaces", read_interface, &interface);
	net->addresses = read_addresses(f, false, &net->n_addresses);
	route = read_array(f, "routes", sizeof(*route), NET_ROUTES_MAX, &net->n_routes);
	net->routes = route;
	if (net->n_routes)
		fields_list(f, "routes", read_route, &route);
	socket = read_array(f, "sockets", sizeof(*socket), NET_SOCKETS_MAX, &net->n_sockets);
	net->sockets = socket;
	if (net->n_sockets)
		fields_list(f, "sockets", read_socket, &socket);
	return net;
}
