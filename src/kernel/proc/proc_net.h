/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Parsers of the files in /proc/PID/net (proc_pid_net(5)), which show the network namespace of that
 * process. Each takes one line, without the newline, and trusts nothing: the line may be malformed
 * or cut off anywhere. Names point into the line and are raw: a name of an interface may have any
 * byte but `/`, `:` and white space.
 *
 * All return 0, -ENODATA for a line that has no such entry (a heading), or -EINVAL for a malformed
 * one. Addresses are in network order. */

#include "base/attributes.h"
#include "kernel/proc/proc.h"

#include <stdint.h>

/* A name of an interface is shorter than that (IFNAMSIZ). */
enum { PROC_NET_NAME_SIZE = 16 };

/* --- interfaces ------------------------------------------------------------------------------ */

/* A line of dev: the name. */
_must_check_ int proc_net_dev_parse(const char *line, size_t len, struct proc_slice *ret_name);

/* A line of dev_mcast: name and index of an interface. It may have several lines. */
_must_check_ int proc_net_dev_mcast_parse(
        const char *line, size_t len, struct proc_slice *ret_name, unsigned *ret_ifindex);

/* A line of if_inet6. */
struct proc_net_inet6 {
	uint8_t address[16];
	unsigned ifindex;
	unsigned prefix; /* at most 128 */
	struct proc_slice name;
};
_must_check_ int proc_net_inet6_parse(const char *line, size_t len, struct proc_net_inet6 *ret);

/* --- routes ---------------------------------------------------------------------------------- */

struct proc_net_route {
	uint8_t destination[16]; /* the first 4 of IPv4, as in `gateway` */
	uint8_t gateway[16];
	unsigned prefix;
	bool has_gateway;
	bool is_reject; /* the route refuses packets (RTF_REJECT), and `name` means nothing */
	uint32_t metric;
	struct proc_slice name;
};

/* A line of route (IPv4, main table), and one of ipv6_route. A mask of IPv4 that is no prefix is
 * malformed. */
_must_check_ int proc_net_route_parse(const char *line, size_t len, struct proc_net_route *ret);
_must_check_ int proc_net_ipv6_route_parse(
        const char *line, size_t len, struct proc_net_route *ret);

/* --- own IPv4 addresses ---------------------------------------------------------------------- */

/* The address of the last `|-- ADDRESS`. Begins zeroed. */
struct proc_net_fib {
	uint8_t address[4];
	bool has_address;
};

/* A line of fib_trie. Returns 0 and an address of the namespace itself, if it is a `/32 host LOCAL`
 * below the line of an address; -ENODATA for any other line. Each address comes twice, for
 * the main and the local table. */
_must_check_ int proc_net_fib_parse(
        struct proc_net_fib *fib, const char *line, size_t len, uint8_t ret_address[static 4]);

/* --- sockets --------------------------------------------------------------------------------- */

/* States in tcp and udp (include/net/tcp_states.h). */
enum { PROC_NET_SYN_RECV = 3, PROC_NET_CLOSE = 7, PROC_NET_LISTEN = 10 };

struct proc_net_socket {
	uint8_t address[16]; /* local; the first 4 of IPv4 */
	uint16_t port;
	unsigned state;
	uint32_t uid;
	uint64_t inode;
};

/* A line of tcp or udp, or with is_6 of tcp6 or udp6. */
_must_check_ int proc_net_socket_parse(
        const char *line, size_t len, bool is_6, struct proc_net_socket *ret);

/* The inode of a socket, of the text of a link in /proc/PID/fd: `socket:[81402415]`. */
_must_check_ int proc_net_socket_link_parse(const char *text, size_t len, uint64_t *ret_inode);
