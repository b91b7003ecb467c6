/* SPDX-License-Identifier: Apache-2.0 */
#include "model/net_facts.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

const char *net_facts_part_name(enum net_part part)
{
	static const char *const NAMES[NET_PARTS] = {
	        [NET_PART_INTERFACES] = "interfaces",
	        [NET_PART_LOCAL] = "local",
	        [NET_PART_ROUTES] = "routes",
	        [NET_PART_SOCKETS] = "sockets",
	        [NET_PART_PROCESSES] = "processes",
	        [NET_PART_ADDRESSES] = "addresses",
	        [NET_PART_LINKS] = "links",
	};

	return NAMES[part];
}

const char *net_facts_state_name(enum net_state state)
{
	static const char *const NAMES[NET_STATES] = {
	        [NET_STATE_UNKNOWN] = "unknown",
	        [NET_STATE_UP] = "up",
	        [NET_STATE_DOWN] = "down",
	        [NET_STATE_LOWER_DOWN] = "lower-down",
	};

	return NAMES[state];
}

const char *net_facts_protocol_name(enum net_protocol protocol)
{
	static const char *const NAMES[NET_PROTOCOLS] = {[NET_TCP] = "tcp", [NET_UDP] = "udp"};

	return NAMES[protocol];
}

const char *net_facts_address_text(
        const struct net_address *address, char buffer[static NET_FACTS_ADDRESS_SIZE])
{
	buffer[0] = '\0';
	inet_ntop(address->family, address->bytes, buffer, INET6_ADDRSTRLEN);
	if (address->prefix >= 0) {
		const size_t len = strlen(buffer);

		snprintf(buffer + len, NET_FACTS_ADDRESS_SIZE - len, "/%u",
		        (unsigned)address->prefix & 0xff);
	}
	return buffer;
}

static bool is_any(const struct net_address *address)
{
	static const uint8_t NONE[16];

	return memcmp(address->bytes, NONE, address->family == AF_INET ? 4 : 16) == 0;
}

const char *net_facts_socket_text(
        const struct net_socket *socket, char buffer[static NET_FACTS_PORT_SIZE])
{
	struct net_address address = socket->address;
	char text[NET_FACTS_ADDRESS_SIZE];

	address.prefix = -1;
	net_facts_address_text(&address, text);
	if (address.family == AF_INET6)
		snprintf(buffer, NET_FACTS_PORT_SIZE, "[%s]:%u", text, socket->port);
	else
		snprintf(buffer, NET_FACTS_PORT_SIZE, "%s:%u", is_any(&address) ? "*" : text,
		        socket->port);
	return buffer;
}

const char *net_facts_mac_text(const uint8_t mac[static 6], char buffer[static 18])
{
	snprintf(buffer, 18, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3],
	        mac[4], mac[5]);
	return buffer;
}

/* A prefix length of at most `max`: one to three digits. */
static bool parse_prefix(const char *text, int max, int *ret)
{
	int value = 0;
	size_t n = 0;

	for (; text[n] >= '0' && text[n] <= '9' && n < 3; n++)
		value = value * 10 + (text[n] - '0');
	*ret = value;
	return n > 0 && text[n] == '\0' && value <= max;
}

bool net_facts_address_parse(const char *text, struct net_address *ret)
{
	const char *const slash = strchr(text, '/');
	const size_t len = slash ? (size_t)(slash - text) : strlen(text);
	struct net_address address = {.prefix = -1};
	char buffer[INET6_ADDRSTRLEN];

	if (len >= sizeof(buffer))
		return false;
	memcpy(buffer, text, len);
	buffer[len] = '\0';
	address.family = strchr(buffer, ':') ? AF_INET6 : AF_INET;
	if (inet_pton(address.family, buffer, address.bytes) != 1)
		return false;
	if (slash &&
	        !parse_prefix(slash + 1, address.family == AF_INET ? 32 : 128, &address.prefix))
		return false;
	*ret = address;
	return true;
}

const struct net_interface *net_facts_find(const struct net_facts *facts, int ifindex)
{
	for (size_t i = 0; i < facts->n_interfaces && ifindex > 0; i++) {
		if (facts->interfaces[i].ifindex == ifindex)
			return &facts->interfaces[i];
	}
	return NULL;
}
