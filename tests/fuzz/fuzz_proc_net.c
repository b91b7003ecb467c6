/* SPDX-License-Identifier: Apache-2.0 */
/* Files of /proc/PID/net: whatever is in them, no parser reads behind a line, and what they accept
 * is within its limits. The first byte chooses the file. */
#include "kernel/proc/proc_net.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

static void check_name(struct proc_slice name, const char *line, size_t len)
{
	CHECK(name.len > 0 && name.len < PROC_NET_NAME_SIZE);
	CHECK(name.bytes >= line && name.bytes + name.len <= line + len);
}

static void parse_interface(char file, const char *line, size_t len)
{
	struct proc_net_inet6 inet6;
	struct proc_slice name;
	unsigned ifindex;

	if (file == 'd' && proc_net_dev_parse(line, len, &name) == 0)
		check_name(name, line, len);
	if (file == 'm' && proc_net_dev_mcast_parse(line, len, &name, &ifindex) == 0) {
		check_name(name, line, len);
		CHECK(ifindex > 0);
	}
	if (file == '6' && proc_net_inet6_parse(line, len, &inet6) == 0) {
		check_name(inet6.name, line, len);
		CHECK(inet6.ifindex > 0 && inet6.prefix <= 128);
	}
}

static void parse_line(char file, struct proc_net_fib *fib, const char *line, size_t len)
{
	struct proc_net_socket socket;
	struct proc_net_route route;
	uint8_t address[4];
	uint64_t inode;

	parse_interface(file, line, len);
	if (file == 'r' && proc_net_route_parse(line, len, &route) == 0) {
		check_name(route.name, line, len);
		CHECK(route.prefix <= 32);
	}
	if (file == 'R' && proc_net_ipv6_route_parse(line, len, &route) == 0) {
		check_name(route.name, line, len);
		CHECK(route.prefix <= 128);
	}
	if (file == 'f' && proc_net_fib_parse(fib, line, len, address) == 0)
		CHECK(fib->has_address && memcmp(address, fib->address, 4) == 0);
	if ((file == 't' || file == 'T') &&
	        proc_net_socket_parse(line, len, file == 'T', &socket) == 0)
		CHECK(len >= 40);
	if (file == 'l' && proc_net_socket_link_parse(line, len, &inode) == 0)
		CHECK(len >= sizeof("socket:[1]") - 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct proc_net_fib fib = {.has_address = false};
	const char *line = (const char *)data + 1;
	const char *const end = (const char *)data + size;

	while (size > 0 && line < end) {
		const char *newline = memchr(line, '\n', (size_t)(end - line));

		newline = newline ? newline : end;
		parse_line((char)data[0], &fib, line, (size_t)(newline - line));
		line = newline + 1;
	}
	return 0;
}
