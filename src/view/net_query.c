/* SPDX-License-Identifier: Apache-2.0 */
#include "view/net_query.h"

#include "base/attributes.h"
#include "base/escape.h"
#include "base/memory.h"
#include "view/needle.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* --- what it means ------------------------------------------------------------------------ */

/* How interfaces are named by the kernel, systemd.net-naming-scheme(7) and container engines, with
 * a digit behind it. Others are searched for if nothing else is found. */
static bool is_interface(const char *text)
{
	static const char *const beginnings[] = {"veth", "eth", "en", "wl", "ww", "br", "docker",
	        "podman", "cni", "cali", "flannel", "lxc", "virbr", "vnet", "tun", "tap", "wg",
	        "bond", "dummy", "vlan", "vxlan", "macvlan", "ipvlan"};

	if (strpbrk(text, " /:") || !strpbrk(text, "0123456789"))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(beginnings); i++) {
		if (strncmp(text, beginnings[i], strlen(beginnings[i])) == 0)
			return true;
	}
	return false;
}

/* `8080`, all of the text. */
static bool parse_port(const char *text, uint16_t *ret)
{
	const size_t len = strlen(text);
	const unsigned long port = strtoul(text, NULL, 10);

	if (!len || len > 5 || strspn(text, "0123456789") != len || port > UINT16_MAX)
		return false;
	*ret = (uint16_t)port;
	return true;
}

/* `127.0.0.1:80`, `[::1]:80`. */
static bool parse_socket(const char *text, struct net_query *query)
{
	const char *colon = strrchr(text, ':');
	const bool is_bracketed = *text == '[' && colon && colon > text && colon[-1] == ']';

	if (!colon || !parse_port(colon + 1, &query->port))
		return false;
	const char *from = is_bracketed ? text + 1 : text;
	_cleanup_free_ char *address =
	        memory_printf("%.*s", (int)(colon - from) - is_bracketed, from);
	return net_facts_address_parse(address, &query->address) &&
	       is_bracketed == (query->address.family == AF_INET6);
}

struct net_query net_query_of(const char *text)
{
	struct net_query query = {.kind = NET_QUERY_TEXT, .text = text};

	if (*text == ':' && parse_port(text + 1, &query.port))
		query.kind = NET_QUERY_PORT;
	else if (net_facts_address_parse(text, &query.address))
		query.kind = NET_QUERY_ADDRESS;
	else if (parse_socket(text, &query))
		query.kind = NET_QUERY_SOCKET;
	else if (is_interface(text))
		query.kind = NET_QUERY_INTERFACE;
	return query;
}

/* --- where it is -------------------------------------------------------------------------- */

static bool is_address(const struct net_query *query, const struct net_address *address)
{
	const struct net_address *wanted = &query->address;
	const size_t len = wanted->family == AF_INET ? 4 : 16;

	return address->family == wanted->family &&
	       memcmp(address->bytes, wanted->bytes, len) == 0 &&
	       (wanted->prefix < 0 || address->prefix < 0 || address->prefix == wanted->prefix);
}

/* As text, without regard to case unless the query has a capital letter. */
static bool has_text(const struct needle *needle, const char *text)
{
	size_t start, len;

	return needle_find(needle, text, strlen(text), 0, &start, &len);
}

static bool match_address(const struct net_query *query, const struct needle *needle,
        const struct net_address *address)
{
	char buffer[NET_FACTS_ADDRESS_SIZE];

	if (query->kind == NET_QUERY_ADDRESS)
		return is_address(query, address);
	return needle->text && has_text(needle, net_facts_address_text(address, buffer));
}

static bool match_name(const struct needle *needle, const struct net_interface *interface)
{
	char mac[18];
	_cleanup_free_ char *name = interface->name ? escape_name(interface->name) : NULL;

	if (!needle->text)
		return false;
	return (name && has_text(needle, name)) ||
	       (interface->has_mac && has_text(needle, net_facts_mac_text(interface->mac, mac)));
}

static bool match_interface(const struct net_query *query, const struct needle *needle,
        const struct net_interface *interface, struct net_hit *ret)
{
	*ret = (struct net_hit){.interface = interface};
	for (size_t i = 0; i < interface->n_addresses; i++) {
		ret->address = &interface->addresses[i];
		if (match_address(query, needle, ret->address))
			return true;
	}
	ret->address = NULL;
	return match_name(needle, interface);
}

static bool match_socket(
        const struct net_query *query, const struct needle *needle, const struct net_socket *socket)
{
	char buffer[NET_FACTS_PORT_SIZE];

	switch (query->kind) {
	case NET_QUERY_PORT:
		return socket->port == query->port;
	case NET_QUERY_ADDRESS:
		return is_address(query, &socket->address);
	case NET_QUERY_SOCKET:
		return socket->port == query->port && is_address(query, &socket->address);
	default:
		return has_text(needle, net_facts_socket_text(socket, buffer));
	}
}

static bool has_process(const struct net_socket *socket, pid_t pid)
{
	for (size_t i = 0; i < socket->n_processes; i++) {
		if (socket->processes[i].pid == pid)
			return true;
	}
	return false;
}

static bool find(const struct net_query *query, const struct needle *needle,
        const struct net_facts *facts, pid_t pid, struct net_hit *ret)
{
	for (size_t i = 0; i < facts->n_interfaces && !pid; i++) {
		if (match_interface(query, needle, &facts->interfaces[i], ret))
			return true;
	}
	for (size_t i = 0; i < facts->n_addresses && !pid; i++) {
		*ret = (struct net_hit){.address = &facts->addresses[i]};
		if (match_address(query, needle, ret->address))
			return true;
	}
	for (size_t i = 0; i < facts->n_sockets; i++) {
		*ret = (struct net_hit){.socket = &facts->sockets[i]};
		if ((!pid || has_process(ret->socket, pid)) &&
		        match_socket(query, needle, ret->socket))
			return true;
	}
	return false;
}

bool net_query_match(const struct net_query *query, const struct net_facts *facts, pid_t pid,
        struct net_hit *ret)
{
	const bool is_text = query->kind == NET_QUERY_TEXT || query->kind == NET_QUERY_INTERFACE;
	struct needle needle = {0};

	if (!*query->text)
		return false;
	if (is_text)
		needle_set(&needle, NEEDLE_TEXT, query->text);
	const bool is_found = find(query, &needle, facts, pid, ret);
	needle_release(&needle);
	return is_found;
}

static bool is_whole(const struct net_facts *facts, enum net_part part)
{
	return facts->parts[part].state == NET_KNOWN && !facts->parts[part].is_cut;
}

bool net_query_is_known(const struct net_query *query, const struct net_facts *facts)
{
	const bool has_interfaces =
	        query->kind != NET_QUERY_PORT && query->kind != NET_QUERY_SOCKET;
	const bool has_addresses = has_interfaces && query->kind != NET_QUERY_INTERFACE;

	if (has_interfaces && !is_whole(facts, NET_PART_INTERFACES))
		return false;
	if (has_addresses && !is_whole(facts, NET_PART_ADDRESSES) &&
	        !is_whole(facts, NET_PART_LOCAL))
		return false;
	return query->kind == NET_QUERY_INTERFACE || is_whole(facts, NET_PART_SOCKETS);
}

void net_query_write_hit(FILE *out, const struct net_hit *hit)
{
	char address[NET_FACTS_ADDRESS_SIZE], socket[NET_FACTS_PORT_SIZE];

	if (hit->socket) {
		fprintf(out, "%s %s", net_facts_protocol_name(hit->socket->protocol),
		        net_facts_socket_text(hit->socket, socket));
		return;
	}
	if (hit->interface && hit->interface->name)
		escape_write_name(out, hit->interface->name, 0);
	if (hit->address)
		fprintf(out, "%s%s", hit->interface ? " " : "",
		        net_facts_address_text(hit->address, address));
}
