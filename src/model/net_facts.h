/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What is in a network namespace (network_namespaces(7)): interfaces, addresses, default routes,
 * listening sockets. Read on request (scan/net_facts_read.h) or from a snapshot, not with the
 * model, and kept longer than a model: nothing here points into one. All memory is of one arena,
 * the caller's. Names of interfaces are raw: they may have any byte but `/`, `:` and white space
 * (control characters, bytes that are not UTF-8). */

#include "base/arena.h"
#include "base/attributes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

/* The facts are read in parts, each of which may fail alone. */
enum net_part {
	NET_PART_INTERFACES, /* names of interfaces; IPv6 addresses, and the indexes of their
	                      * interfaces (/proc/PID/net/dev, if_inet6) */
	NET_PART_LOCAL,      /* IPv4 addresses; of some the interface and prefix are not known
	                      * (fib_trie, route). Not read if NET_PART_ADDRESSES is known */
	NET_PART_ROUTES,     /* default routes (route, ipv6_route) */
	NET_PART_SOCKETS,    /* listening sockets (tcp, tcp6, udp, udp6) */
	NET_PART_PROCESSES,  /* their processes (links in /proc/PID/fd of the members) */
	NET_PART_ADDRESSES,  /* addresses by interface, with prefix, and states of interfaces: asked
	                      * inside the namespace, without side effects (RTM_GETADDR) */
	NET_PART_LINKS,      /* MAC, kind, bridge, peer: asked inside the namespace. As `ip link`
	                      * does, that gives a number (nsid) to each namespace with a peer that
	                      * has none there yet */
	NET_PARTS,
};

/* "interfaces", "local", ...: names in snapshots. */
const char *net_facts_part_name(enum net_part part);

/* The parts, as bits: what --facts=auto reads, and what --facts=links adds. */
enum {
	NET_FACTS_AUTO = (1 << NET_PART_LINKS) - 1,
	NET_FACTS_LINKS = 1 << NET_PART_LINKS,
	NET_FACTS_ALL = NET_FACTS_AUTO | NET_FACTS_LINKS,
};

enum net_part_state {
	NET_NOT_ASKED,
	NET_KNOWN,
	NET_FAILED, /* `error` says why; what was read before may be there */
};

struct net_part_result {
	enum net_part_state state;
	int error;   /* positive errno of NET_FAILED, else 0 */
	bool is_cut; /* there is more than the limit: the rest was not read */
};

struct net_address {
	int family;        /* AF_INET or AF_INET6 */
	uint8_t bytes[16]; /* network order; the first 4 of AF_INET */
	int prefix;        /* length in bits; -1: not known */
	/* Interface and prefix are those of the only route to a network with this address: very
	 * likely, but nothing more was readable (see NET_PART_LOCAL). */
	bool is_by_route;
};

enum net_state {
	NET_STATE_UNKNOWN,
	NET_STATE_UP,
	NET_STATE_DOWN,       /* not enabled (`ip link set NAME down`) */
	NET_STATE_LOWER_DOWN, /* enabled, but without a carrier, as a veth whose peer is down */
	NET_STATES,
};

/* "unknown", "up", "down", "lower-down": also in snapshots. */
const char *net_facts_state_name(enum net_state state);

/* The other end of an interface: IFLA_LINK and IFLA_LINK_NETNSID of rtnetlink(7). That is the peer
 * of a veth, and the lower device of a VLAN, macvlan and others. */
enum net_peer_state {
	NET_PEER_UNKNOWN, /* not asked */
	NET_PEER_NONE,
	NET_PEER_HERE,    /* in the same namespace */
	NET_PEER_THERE,   /* in the namespace with `ns_inode` and `ns_tag` */
	NET_PEER_OUTSIDE, /* in a namespace that was not found in the model, or not identified */
};

struct net_peer {
	enum net_peer_state state;
	int ifindex;       /* there; 0: not known */
	int nsid;          /* of that namespace as this one numbers it; -1: none */
	uint64_t ns_inode; /* 0: not known */
	uint64_t ns_tag;   /* as ns.tag (model.h); 0: not known */
};

struct net_interface {
	const char *name; /* raw; NULL: only its index is known */
	int ifindex;      /* 0: not known */
	enum net_state state;
	const char *kind; /* "veth", "bridge", "loopback", "tun", ...; NULL: not known */
	uint8_t mac[6];
	bool has_mac;
	int master; /* ifindex of the bridge or bond it belongs to; 0: none; -1: not known */
	struct net_peer peer;
	const struct net_address *addresses; /* IPv4 first */
	size_t n_addresses;
};

struct net_route {
	int family;
	uint8_t gateway[16]; /* as net_address.bytes */
	bool has_gateway;
	const char *interface; /* raw name */
	uint32_t metric;
};

enum net_protocol {
	NET_TCP,
	NET_UDP, /* bound and not connected: UDP has no listening state */
	NET_PROTOCOLS,
};

/* "tcp", "udp". */
const char *net_facts_protocol_name(enum net_protocol protocol);

/* A process that has a descriptor of a socket. */
struct net_socket_process {
	pid_t pid;
	int fd;
};

struct net_socket {
	enum net_protocol protocol;
	struct net_address address; /* prefix -1; all 0: any address */
	uint16_t port;
	uid_t uid; /* of its creator, as the user namespace of the scan maps it */
	uint64_t inode;
	const struct net_socket_process *processes; /* by PID and descriptor */
	size_t n_processes;
};

struct net_facts {
	struct net_part_result parts[NET_PARTS];
	const struct net_interface *interfaces; /* by ifindex, then those without one, by name */
	size_t n_interfaces;
	const struct net_address *addresses; /* those whose interface is not known */
	size_t n_addresses;
	const struct net_route *routes; /* IPv4 first, then by metric */
	size_t n_routes;
	const struct net_socket *sockets; /* by protocol, port, family, address */
	size_t n_sockets;
};

/* At most these are kept of one namespace; more set net_part_result.is_cut. */
enum {
	NET_INTERFACES_MAX = 1000,
	NET_ADDRESSES_MAX = 4096,
	NET_ROUTES_MAX = 64,
	NET_SOCKETS_MAX = 4096,
	NET_SOCKET_PROCESSES_MAX = 8192, /* of all sockets together */
};

/* Room for the text of an address, and of an address with port. */
enum { NET_FACTS_ADDRESS_SIZE = 48, NET_FACTS_PORT_SIZE = 64 };

/* The address as inet_ntop(3) writes it, with `/PREFIX` if that is known: "10.0.0.1/24". */
const char *net_facts_address_text(
        const struct net_address *address, char buffer[static NET_FACTS_ADDRESS_SIZE]);

/* Address and port of a socket: "127.0.0.1:80", "[::1]:80"; for any address "*:80", or "[::]:80"
 * of IPv6. */
const char *net_facts_socket_text(
        const struct net_socket *socket, char buffer[static NET_FACTS_PORT_SIZE]);

/* "de:ad:be:ef:00:01". */
const char *net_facts_mac_text(const uint8_t mac[static 6], char buffer[static 18]);

/* True if `text` is an IPv4 or IPv6 address, with or without `/PREFIX`, and then the address. */
bool net_facts_address_parse(const char *text, struct net_address *ret);

/* The interface with that index; NULL: none is known. */
const struct net_interface *net_facts_find(const struct net_facts *facts, int ifindex);
