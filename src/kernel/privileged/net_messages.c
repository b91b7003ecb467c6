/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/privileged/net_messages.h"

#include "base/memory.h"

#include <errno.h>
#include <linux/if_arp.h>
#include <linux/if_link.h>
#include <linux/net_namespace.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

/* No attribute that is used has a higher number. */
enum { ATTRIBUTES = 64 };

static int parse_attribute(const struct nlattr *attribute, void *data)
{
	const struct nlattr **const table = data;

	if (mnl_attr_get_type(attribute) < ATTRIBUTES)
		table[mnl_attr_get_type(attribute)] = attribute;
	return MNL_CB_OK;
}

static int get_int(const struct nlattr *attribute, int otherwise)
{
	return attribute && mnl_attr_get_payload_len(attribute) >= sizeof(uint32_t)
	               ? (int)mnl_attr_get_u32(attribute)
	               : otherwise;
}

static void get_string(const struct nlattr *attribute, char *ret, size_t size)
{
	if (attribute) {
		const size_t len = MIN((size_t)mnl_attr_get_payload_len(attribute), size - 1);

		memcpy(ret, mnl_attr_get_payload(attribute),
		        strnlen(mnl_attr_get_payload(attribute), len));
	}
}

int net_messages_link(const struct nlmsghdr *message, struct kernel_net_link *ret)
{
	const struct ifinfomsg *const info = mnl_nlmsg_get_payload(message);
	const struct nlattr *table[ATTRIBUTES] = {NULL}, *nested[ATTRIBUTES] = {NULL};

	if (mnl_nlmsg_get_payload_len(message) < sizeof(*info))
		return -EBADMSG;
	mnl_attr_parse(message, sizeof(*info), parse_attribute, table);
	*ret = (struct kernel_net_link){
	        .ifindex = info->ifi_index,
	        .flags = info->ifi_flags,
	        .has_links = true,
	        .master = get_int(table[IFLA_MASTER], 0),
	        .link = get_int(table[IFLA_LINK], 0),
	        .nsid = KERNEL_NSID_OWN,
	};
	if (table[IFLA_LINK_NETNSID])
		ret->nsid = MAX(get_int(table[IFLA_LINK_NETNSID], -1), -1);
	get_string(table[IFLA_IFNAME], ret->name, sizeof(ret->name));
	if (table[IFLA_LINKINFO])
		mnl_attr_parse_nested(table[IFLA_LINKINFO], parse_attribute, nested);
	get_string(nested[IFLA_INFO_KIND], ret->kind, sizeof(ret->kind));
	if (info->ifi_type == ARPHRD_LOOPBACK)
		memcpy(ret->kind, NET_MESSAGES_LOOPBACK, sizeof(NET_MESSAGES_LOOPBACK));
	ret->has_mac = info->ifi_type == ARPHRD_ETHER && table[IFLA_ADDRESS] &&
	               mnl_attr_get_payload_len(table[IFLA_ADDRESS]) == sizeof(ret->mac);
	if (ret->has_mac)
		memcpy(ret->mac, mnl_attr_get_payload(table[IFLA_ADDRESS]), sizeof(ret->mac));
	return 0;
}

/* IFA_LOCAL is the own address of a point-to-point interface, IFA_ADDRESS is that of its peer. */
int net_messages_address(const struct nlmsghdr *message, struct kernel_net_address *ret)
{
	const struct ifaddrmsg *const info = mnl_nlmsg_get_payload(message);
	const struct nlattr *table[ATTRIBUTES] = {NULL};

	if (mnl_nlmsg_get_payload_len(message) < sizeof(*info))
		return -EBADMSG;
	if (info->ifa_family != AF_INET && info->ifa_family != AF_INET6)
		return -ENODATA;
	const size_t size = info->ifa_family == AF_INET ? 4 : 16;
	mnl_attr_parse(message, sizeof(*info), parse_attribute, table);
	const struct nlattr *const own = table[IFA_LOCAL] ? table[IFA_LOCAL] : table[IFA_ADDRESS];
	if (!own || mnl_attr_get_payload_len(own) != size)
		return -ENODATA;
	*ret = (struct kernel_net_address){
	        .family = info->ifa_family,
	        .ifindex = (int)info->ifa_index,
	        .prefix = info->ifa_prefixlen,
	};
	memcpy(ret->bytes, mnl_attr_get_payload(own), size);
	return 0;
}

int net_messages_nsid(const struct nlmsghdr *message)
{
	const struct nlattr *table[ATTRIBUTES] = {NULL};

	if (mnl_nlmsg_get_payload_len(message) < sizeof(struct rtgenmsg))
		return -1;
	mnl_attr_parse(message, sizeof(struct rtgenmsg), parse_attribute, table);
	return get_int(table[NETNSA_NSID], -1);
}
