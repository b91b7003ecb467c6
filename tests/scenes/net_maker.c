/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/scenes/net_maker.h"

#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

union request {
	struct nlmsghdr head;
	char room[1024];
};

/* Sends the request and waits for its acknowledgement. */
static int send_request(struct nlmsghdr *message)
{
	struct mnl_socket *const socket = mnl_socket_open(NETLINK_ROUTE);
	char buffer[8192];
	int r = -EIO;

	if (!socket)
		return -errno;
	message->nlmsg_flags |= NLM_F_REQUEST | NLM_F_ACK;
	message->nlmsg_seq = 1;
	if (mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) == 0 &&
	        mnl_socket_sendto(socket, message, message->nlmsg_len) > 0) {
		const ssize_t n = mnl_socket_recvfrom(socket, buffer, sizeof(buffer));

		r = n > 0 && mnl_cb_run(buffer, (size_t)n, 1, mnl_socket_get_portid(socket), NULL,
		                     NULL) >= 0
		            ? 0
		            : -errno;
	}
	mnl_socket_close(socket);
	return r;
}

/* A name is `len` bytes of anything. */
static void put_name(struct nlmsghdr *message, const char *name)
{
	mnl_attr_put_strz(message, IFLA_IFNAME, name);
}

static struct ifinfomsg *begin_link(union request *request, unsigned flags)
{
	struct nlmsghdr *const message = mnl_nlmsg_put_header(request->room);

	message->nlmsg_type = RTM_NEWLINK;
	message->nlmsg_flags = (uint16_t)flags;
	return mnl_nlmsg_put_extra_header(message, sizeof(struct ifinfomsg));
}

int net_maker_veth(const char *name, const char *peer, pid_t peer_process)
{
	union request request;

	begin_link(&request, NLM_F_CREATE | NLM_F_EXCL);
	put_name(&request.head, name);
	struct nlattr *const info = mnl_attr_nest_start(&request.head, IFLA_LINKINFO);
	mnl_attr_put_str(&request.head, IFLA_INFO_KIND, "veth");
	struct nlattr *const data = mnl_attr_nest_start(&request.head, IFLA_INFO_DATA);
	struct nlattr *const other = mnl_attr_nest_start(&request.head, VETH_INFO_PEER);
	mnl_nlmsg_put_extra_header(&request.head, sizeof(struct ifinfomsg));
	put_name(&request.head, peer);
	if (peer_process)
		mnl_attr_put_u32(&request.head, IFLA_NET_NS_PID, (uint32_t)peer_process);
	mnl_attr_nest_end(&request.head, other);
	mnl_attr_nest_end(&request.head, data);
	mnl_attr_nest_end(&request.head, info);
	return send_request(&request.head);
}

int net_maker_bridge(const char *name)
{
	union request request;

	begin_link(&request, NLM_F_CREATE | NLM_F_EXCL);
	put_name(&request.head, name);
	struct nlattr *const info = mnl_attr_nest_start(&request.head, IFLA_LINKINFO);
	mnl_attr_put_str(&request.head, IFLA_INFO_KIND, "bridge");
	mnl_attr_nest_end(&request.head, info);
	return send_request(&request.head);
}

int net_maker_master(const char *name, const char *bridge)
{
	union request request;

	begin_link(&request, 0)->ifi_index = (int)if_nametoindex(name);
	mnl_attr_put_u32(&request.head, IFLA_MASTER, if_nametoindex(bridge));
	return send_request(&request.head);
}

int net_maker_up(const char *name)
{
	union request request;
	struct ifinfomsg *const link = begin_link(&request, 0);

	link->ifi_index = (int)if_nametoindex(name);
	link->ifi_flags = link->ifi_change = IFF_UP;
	return send_request(&request.head);
}

/* The address in network order. Returns its size. */
static size_t parse_address(const char *text, unsigned char ret[static 16], uint8_t *ret_family)
{
	*ret_family = strchr(text, ':') ? AF_INET6 : AF_INET;
	inet_pton(*ret_family, text, ret);
	return *ret_family == AF_INET ? 4 : 16;
}

int net_maker_address(const char *name, const char *text, int prefix)
{
	union request request;
	struct nlmsghdr *const message = mnl_nlmsg_put_header(request.room);
	unsigned char bytes[16];

	message->nlmsg_type = RTM_NEWADDR;
	message->nlmsg_flags = NLM_F_CREATE | NLM_F_EXCL;
	struct ifaddrmsg *const address =
	        mnl_nlmsg_put_extra_header(message, sizeof(struct ifaddrmsg));
	const size_t size = parse_address(text, bytes, &address->ifa_family);
	address->ifa_prefixlen = (unsigned char)prefix;
	address->ifa_index = if_nametoindex(name);
	mnl_attr_put(message, IFA_LOCAL, size, bytes);
	mnl_attr_put(message, IFA_ADDRESS, size, bytes);
	return send_request(message);
}

int net_maker_default_route(const char *name, const char *gateway, uint32_t metric)
{
	union request request;
	struct nlmsghdr *const message = mnl_nlmsg_put_header(request.room);
	unsigned char bytes[16];

	message->nlmsg_type = RTM_NEWROUTE;
	message->nlmsg_flags = NLM_F_CREATE | NLM_F_EXCL;
	struct rtmsg *const route = mnl_nlmsg_put_extra_header(message, sizeof(struct rtmsg));
	const size_t size = parse_address(gateway, bytes, &route->rtm_family);
	route->rtm_table = RT_TABLE_MAIN;
	route->rtm_protocol = RTPROT_STATIC;
	route->rtm_scope = RT_SCOPE_UNIVERSE;
	route->rtm_type = RTN_UNICAST;
	mnl_attr_put(message, RTA_GATEWAY, size, bytes);
	mnl_attr_put_u32(message, RTA_OIF, if_nametoindex(name));
	mnl_attr_put_u32(message, RTA_PRIORITY, metric);
	return send_request(message);
}

int net_maker_listen(int type, const char *text, uint16_t port, int number)
{
	const bool is_6 = strchr(text, ':');
	struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(port)};
	struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
	const int fd = socket(is_6 ? AF_INET6 : AF_INET, type, 0), on = 1;

	inet_pton(AF_INET, text, &in.sin_addr);
	inet_pton(AF_INET6, text, &in6.sin6_addr);
	if (fd < 0 || (is_6 && setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on)) < 0) ||
	        bind(fd, is_6 ? (void *)&in6 : (void *)&in, is_6 ? sizeof(in6) : sizeof(in)) < 0 ||
	        (type == SOCK_STREAM && listen(fd, 5) < 0) || dup2(fd, number) < 0)
		return -errno;
	close(fd);
	return 0;
}
