/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Parsers of the messages of rtnetlink(7): one message each, as mnl_cb_run(3) passes it. Pure, and
 * they trust nothing but the length of the message: attributes may be missing, cut or of another
 * size. Attributes that are not known are ignored. */

#include "base/attributes.h"
#include "kernel/kernel.h"

#include <libmnl/libmnl.h>

/* The kind of a loopback interface, which has no IFLA_INFO_KIND. */
#define NET_MESSAGES_LOOPBACK "loopback"

/* RTM_NEWLINK. Returns 0, or -EBADMSG if the message is too short. */
_must_check_ int net_messages_link(const struct nlmsghdr *message, struct kernel_net_link *ret);

/* RTM_NEWADDR. Returns 0; -ENODATA if it has no address of its own of IPv4 or IPv6; -EBADMSG. */
_must_check_ int net_messages_address(
        const struct nlmsghdr *message, struct kernel_net_address *ret);

/* The number in an answer to RTM_GETNSID; -1: none was given. */
int net_messages_nsid(const struct nlmsghdr *message);
