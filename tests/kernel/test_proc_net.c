/* SPDX-License-Identifier: Apache-2.0 */
/* The parsers of /proc/PID/net. The lines are those of Linux 6.18, on a little-endian machine. */
#include "base/attributes.h"
#include "kernel/proc/proc_net.h"
#include "tests/kernel/exact.h"
#include "tests/unit.h"

#include <arpa/inet.h>
#include <endian.h>

static const char DEV[] =
        "    lo:       0       0    0    0    0     0          0         0        0       0"
        "    0    0    0     0       0          0";
static const char DEV_MCAST[] = "3    v0              1     0     333300000001";
static const char INET6[] = "fd000000000000000000000000000001 04 40 00 c0      br0";
static const char ROUTE[] = "br0\t0002010A\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0     ";
static const char GATEWAY[] = "br0\t00000000\t6302010A\t0003\t0\t0\t0\t00000000\t0\t0\t0   ";
static const char REJECT[] = "*\t00000000\t00000000\t0200\t0\t0\t0\t00000000\t0\t0\t0    ";
static const char IPV6_ROUTE[] =
        "00000000000000000000000000000000 00 00000000000000000000000000000000 00 "
        "fd000000000000000000000000000099 00000400 00000002 00000000 00000003      br0";
static const char IPV6_REJECT[] =
        "00000000000000000000000000000000 00 00000000000000000000000000000000 00 "
        "00000000000000000000000000000000 ffffffff 00000001 00000000 00200200       lo";
static const char TCP[] =
        "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000"
        "        0 81402415 1 000000001aad6a7c 100 0 0 10 0                  ";
static const char TCP6[] =
        "   0: 00000000000000000000000001000000:1F91 00000000000000000000000000000000:0000 0A "
        "00000000:00000000 00:00000000 00000000     0        0 81402416 1 0000000065ad2dd6 100 0 0 "
        "10 0";
static const char UDP[] =
        "10046: 0100007F:14E9 00000000:0000 07 00000000:00000000 00:00000000 00000000     0"
        "        0 81402417 2 000000009b7b4a59 0      ";

/* Whether numbers in host order are as in these lines. */
static bool is_little_endian(void)
{
	return htole16(1) == 1;
}

static bool is_text(struct proc_slice slice, const char *text)
{
	return proc_mountinfo_equals(slice, text);
}

/* Whether these `n` bytes are the address `text`. */
static bool is_address(const uint8_t *bytes, int family, const char *text)
{
	char buffer[INET6_ADDRSTRLEN];

	return strcmp(inet_ntop(family, bytes, buffer, sizeof(buffer)), text) == 0;
}

/* --- interfaces ------------------------------------------------------------------------------ */

static int dev(const char *line, struct proc_slice *ret)
{
	return proc_net_dev_parse(line, strlen(line), ret);
}

static void interfaces(void **state)
{
	struct proc_slice name;
	struct proc_net_inet6 inet6;
	unsigned ifindex;

	assert_int_equal(dev(DEV, &name), 0);
	assert_true(is_text(name, "lo"));
	assert_int_equal(dev("\033[31m|\xff\xc2: 1 2 3", &name), 0);
	assert_true(is_text(name, "\033[31m|\xff\xc2"));
	assert_int_equal(dev("123456789012345:1", &name), 0);
	assert_true(is_text(name, "123456789012345"));
	assert_int_equal(dev("1234567890123456: 1", &name), -EINVAL);
	assert_int_equal(dev("Inter-|   Receive    |  Transmit", &name), -ENODATA);
	assert_int_equal(dev(" face |bytes    packets |bytes    packets", &name), -ENODATA);
	assert_int_equal(dev("", &name), -EINVAL);
	assert_int_equal(dev("lo", &name), -EINVAL);
	assert_int_equal(dev("   : 1 2", &name), -EINVAL);
	assert_int_equal(dev("a b: 1 2", &name), -EINVAL);

	assert_int_equal(
	        proc_net_dev_mcast_parse(DEV_MCAST, strlen(DEV_MCAST), &name, &ifindex), 0);
	assert_true(is_text(name, "v0") && ifindex == 3);
	assert_int_equal(proc_net_dev_mcast_parse("0 v0 1", 6, &name, &ifindex), -EINVAL);
	assert_int_equal(proc_net_dev_mcast_parse("3", 1, &name, &ifindex), -EINVAL);

	assert_int_equal(proc_net_inet6_parse(INET6, strlen(INET6), &inet6), 0);
	assert_true(is_text(inet6.name, "br0") && inet6.ifindex == 4 && inet6.prefix == 64);
	assert_true(is_address(inet6.address, AF_INET6, "fd00::1"));
	assert_int_equal(proc_net_inet6_parse(INET6, strlen(INET6) - 9, &inet6), -EINVAL);
	(void)state;
}

/* --- routes ---------------------------------------------------------------------------------- */

static void routes(void **state)
{
	struct proc_net_route route;

	assert_int_equal(proc_net_ipv6_route_parse(IPV6_ROUTE, strlen(IPV6_ROUTE), &route), 0);
	assert_true(route.prefix == 0 && route.has_gateway && !route.is_reject);
	assert_true(route.metric == 0x400 && is_text(route.name, "br0"));
	assert_true(is_address(route.gateway, AF_INET6, "fd00::99"));
	assert_int_equal(proc_net_ipv6_route_parse(IPV6_REJECT, strlen(IPV6_REJECT), &route), 0);
	assert_true(route.is_reject && !route.has_gateway);
	if (!is_little_endian())
		return;
	assert_int_equal(proc_net_route_parse(ROUTE, strlen(ROUTE), &route), 0);
	assert_true(route.prefix == 24 && !route.has_gateway && !route.is_reject);
	assert_true(route.metric == 100 && is_text(route.name, "br0"));
	assert_true(is_address(route.destination, AF_INET, "10.1.2.0"));
	assert_int_equal(proc_net_route_parse(GATEWAY, strlen(GATEWAY), &route), 0);
	assert_true(route.prefix == 0 && route.has_gateway);
	assert_true(is_address(route.gateway, AF_INET, "10.1.2.99"));
	assert_int_equal(proc_net_route_parse(REJECT, strlen(REJECT), &route), 0);
	assert_true(route.is_reject);
	static const char head[] = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask";
	assert_int_equal(proc_net_route_parse(head, strlen(head), &route), -ENODATA);
	/* No prefix. */
	static const char mask[] = "a\t00000000\t00000000\t0001\t0\t0\t0\t00FF00FF\t0\t0\t0";
	assert_int_equal(proc_net_route_parse(mask, strlen(mask), &route), -EINVAL);
	(void)state;
}

static void own_addresses(void **state)
{
	static const struct {
		const char *line;
		const char *address; /* NULL: none */
	} rows[] = {
	        {"Main:", NULL},
	        {"  +-- 0.0.0.0/0 3 0 5", NULL},
	        {"        |-- 0.0.0.0", NULL},
	        {"           /0 universe UNICAST", NULL},
	        {"                 |-- 10.1.2.3", NULL},
	        {"                    /32 host LOCAL", "10.1.2.3"},
	        {"        |-- 127.0.0.0", NULL},
	        {"           /8 host LOCAL", NULL},
	        {"        |-- 127.0.0.1", NULL},
	        {"           /32 host LOCAL", "127.0.0.1"},
	        {"        |-- 127.255.255.255", NULL},
	        {"           /32 link BROADCAST", NULL},
	        {"        |-- 10.256.1.1", NULL},
	        {"           /32 host LOCAL", NULL}, /* of what was malformed */
	        {"        |-- 10.1.2.4", NULL},
	        {"           /24 link UNICAST", NULL},
	        {"           /32 host LOCAL", "10.1.2.4"},
	        {"           /32 host", NULL},
	        {"", NULL},
	};
	struct proc_net_fib fib = {.has_address = false};
	uint8_t address[4];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char *line = exact(rows[i].line, strlen(rows[i].line));
		const int r = proc_net_fib_parse(&fib, line, strlen(rows[i].line), address);

		assert_int_equal(r == 0, rows[i].address != NULL);
		if (r == 0)
			assert_true(is_address(address, AF_INET, rows[i].address));
		free(line);
	}
	(void)state;
}

/* --- sockets --------------------------------------------------------------------------------- */

static void sockets(void **state)
{
	static const char head[] =
	        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when";
	struct proc_net_socket entry;
	uint64_t inode;

	assert_int_equal(proc_net_socket_parse(TCP, strlen(TCP), false, &entry), 0);
	assert_true(entry.port == 8080 && entry.state == PROC_NET_LISTEN && entry.uid == 1000);
	assert_true(entry.inode == 81402415);
	assert_true(!is_little_endian() || is_address(entry.address, AF_INET, "127.0.0.1"));
	assert_int_equal(proc_net_socket_parse(TCP6, strlen(TCP6), true, &entry), 0);
	assert_true(entry.port == 8081 && entry.inode == 81402416);
	assert_true(!is_little_endian() || is_address(entry.address, AF_INET6, "::1"));
	assert_int_equal(proc_net_socket_parse(UDP, strlen(UDP), false, &entry), 0);
	assert_true(entry.port == 5353 && entry.state == PROC_NET_CLOSE);
	assert_int_equal(proc_net_socket_parse(TCP, strlen(TCP), true, &entry), -EINVAL);
	assert_int_equal(proc_net_socket_parse(TCP6, strlen(TCP6), false, &entry), -EINVAL);
	assert_int_equal(proc_net_socket_parse(head, strlen(head), false, &entry), -ENODATA);

	assert_int_equal(proc_net_socket_link_parse("socket:[81402415]", 17, &inode), 0);
	assert_true(inode == 81402415);
	assert_int_equal(proc_net_socket_link_parse("socket:[1", 9, &inode), -EINVAL);
	assert_int_equal(proc_net_socket_link_parse("socket:[]", 9, &inode), -EINVAL);
	assert_int_equal(proc_net_socket_link_parse("socket:[1]x", 11, &inode), -EINVAL);
	assert_int_equal(proc_net_socket_link_parse("/tmp/socket:[1]", 15, &inode), -ENODATA);
	assert_int_equal(proc_net_socket_link_parse("socket:[", 8, &inode), -ENODATA);
	(void)state;
}

/* --- hostile text ---------------------------------------------------------------------------- */

static void check_name(struct proc_slice name, const char *line, size_t len)
{
	assert_true(name.len > 0 && name.len < PROC_NET_NAME_SIZE);
	assert_true(name.bytes >= line && name.bytes + name.len <= line + len);
}

/* All parsers on one line: whatever they accept is within the line and the limits. */
static void parse_all(const char *line, size_t len)
{
	struct proc_net_fib fib = {.has_address = true};
	struct proc_net_socket socket;
	struct proc_net_route route;
	struct proc_net_inet6 inet6;
	struct proc_slice name;
	uint8_t address[4];
	uint64_t inode;
	unsigned ifindex;

	if (proc_net_dev_parse(line, len, &name) == 0)
		check_name(name, line, len);
	if (proc_net_dev_mcast_parse(line, len, &name, &ifindex) == 0)
		check_name(name, line, len);
	if (proc_net_inet6_parse(line, len, &inet6) == 0) {
		check_name(inet6.name, line, len);
		assert_true(inet6.prefix <= 128 && inet6.ifindex > 0);
	}
	if (proc_net_route_parse(line, len, &route) == 0)
		assert_true(route.prefix <= 32);
	if (proc_net_ipv6_route_parse(line, len, &route) == 0)
		assert_true(route.prefix <= 128);
	(void)!proc_net_fib_parse(&fib, line, len, address);
	(void)!proc_net_socket_parse(line, len, false, &socket);
	(void)!proc_net_socket_parse(line, len, true, &socket);
	(void)!proc_net_socket_link_parse(line, len, &inode);
}

static void hostile_text(void **state)
{
	static const char *const lines[] = {DEV, DEV_MCAST, INET6, ROUTE, GATEWAY, REJECT,
	        IPV6_ROUTE, IPV6_REJECT, TCP, TCP6, UDP, "   |-- 10.1.2.3", "  /32 host LOCAL",
	        "socket:[123]"};

	for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
		exact_mutate(lines[i], strlen(lines[i]), parse_all);
	(void)state;
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	        cmocka_unit_test(interfaces),
	        cmocka_unit_test(routes),
	        cmocka_unit_test(own_addresses),
	        cmocka_unit_test(sockets),
	        cmocka_unit_test(hostile_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
