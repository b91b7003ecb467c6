/* SPDX-License-Identifier: Apache-2.0 */
/* Answers of rtnetlink(7): whatever attributes a message has, nothing behind it is read, and names
 * end with NUL. */
#include "base/memory.h"
#include "kernel/privileged/net_messages.h"
#include "tests/fuzz/fuzz.h"

#include <linux/rtnetlink.h>
#include <string.h>

static void check_link(const struct nlmsghdr *message)
{
	struct kernel_net_link link;

	if (net_messages_link(message, &link) < 0)
		return;
	CHECK(memchr(link.name, '\0', sizeof(link.name)));
	CHECK(memchr(link.kind, '\0', sizeof(link.kind)));
	CHECK(link.nsid >= KERNEL_NSID_OWN && link.has_links);
}

static void check_address(const struct nlmsghdr *message)
{
	struct kernel_net_address address;

	if (net_messages_address(message, &address) < 0)
		return;
	CHECK(address.family == AF_INET || address.family == AF_INET6);
	CHECK(address.prefix >= 0 && address.prefix <= 255);
}

/* Messages are aligned to 4 bytes, and lie in the buffer, as the kernel sends them. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const size_t padded = NLMSG_ALIGN(size);
	char *const buffer = calloc(1, padded + 1);
	size_t at = 0;

	CHECK(buffer);
	memcpy(buffer, data, size);
	while (padded - at >= NLMSG_HDRLEN) {
		struct nlmsghdr *const message = (void *)(buffer + at);

		message->nlmsg_len = MAX(message->nlmsg_len, (uint32_t)NLMSG_HDRLEN);
		message->nlmsg_len = MIN(message->nlmsg_len, (uint32_t)(padded - at));
		check_link(message);
		check_address(message);
		(void)net_messages_nsid(message);
		at += NLMSG_ALIGN(message->nlmsg_len);
	}
	free(buffer);
	return 0;
}
