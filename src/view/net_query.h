/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/net_facts.h"

/* A text that is searched for among the facts of network namespaces: what it can mean there, and
 * where it is found. */

enum net_query_kind {
	NET_QUERY_TEXT,      /* anything else: part of a name, an address, a MAC address */
	NET_QUERY_INTERFACE, /* "eth0", "veth12ab": the same, but it looks like an interface */
	NET_QUERY_ADDRESS,   /* "10.0.0.1", "10.0.0.1/24", "fe80::1" */
	NET_QUERY_PORT,      /* ":8080" */
	NET_QUERY_SOCKET,    /* "127.0.0.1:80", "[::1]:80" */
};

struct net_query {
	enum net_query_kind kind;
	const char *text; /* as typed; borrowed */
	struct net_address address;
	uint16_t port;
};

struct net_query net_query_of(const char *text);

/* Where it was found: one of the first two or the third is not NULL. */
struct net_hit {
	const struct net_interface *interface;
	const struct net_address *address; /* of the interface, or of none that is known */
	const struct net_socket *socket;
};

/* True if the query is found in the facts. An address is the whole address: with a prefix, that
 * must be equal, too. With `pid` only sockets of that process are searched (0: everything). */
bool net_query_match(const struct net_query *query, const struct net_facts *facts, pid_t pid,
        struct net_hit *ret);

/* False if it may be there all the same: a part of the facts that could have it is not known, or
 * was not read to its end. */
bool net_query_is_known(const struct net_query *query, const struct net_facts *facts);

/* Writes `eth0 10.0.0.1/24`, `tcp *:80`. */
void net_query_write_hit(FILE *out, const struct net_hit *hit);
