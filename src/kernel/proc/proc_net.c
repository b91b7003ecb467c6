/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/proc/proc_net.h"

#include <string.h>

/* --- words and numbers ----------------------------------------------------------------------- */

/* What is left of a line. */
struct rest {
	const char *at, *end;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* The next word between blanks; false if there is none. */
static bool next_word(struct rest *rest, struct proc_slice *ret)
{
	while (rest->at < rest->end && is_blank(*rest->at))
		rest->at++;
	const char *const from = rest->at;
	while (rest->at < rest->end && !is_blank(*rest->at))
		rest->at++;
	*ret = (struct proc_slice){from, (size_t)(rest->at - from)};
	return ret->len > 0;
}

static bool skip_words(struct rest *rest, unsigned n)
{
	struct proc_slice word;

	while (n > 0 && next_word(rest, &word))
		n--;
	return n == 0;
}

/* The value of a hexadecimal digit of either case; -1: it is none. */
static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* A word of 1 to 8 hexadecimal digits. */
static bool parse_hex(struct proc_slice word, uint32_t *ret)
{
	uint32_t value = 0;

	for (size_t i = 0; i < word.len; i++) {
		if (digit(word.bytes[i]) < 0)
			return false;
		value = value << 4 | (uint32_t)digit(word.bytes[i]);
	}
	*ret = value;
	return word.len > 0 && word.len <= 8;
}

static bool next_hex(struct rest *rest, uint32_t *ret)
{
	struct proc_slice word;

	return next_word(rest, &word) && parse_hex(word, ret);
}

/* A word of decimal digits. */
static bool next_decimal(struct rest *rest, uint64_t max, uint64_t *ret)
{
	struct proc_slice word;

	if (!next_word(rest, &word))
		return false;
	const char *p = word.bytes;
	return proc_number_parse(&p, p + word.len, max, ret) && p == word.bytes + word.len;
}

/* An address whose bytes are written in network order: 32 digits. */
static bool next_bytes(struct rest *rest, uint8_t ret[static 16])
{
	struct proc_slice word;

	if (!next_word(rest, &word) || word.len != 32)
		return false;
	for (size_t i = 0; i < 16; i++) {
		const int high = digit(word.bytes[2 * i]), low = digit(word.bytes[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		ret[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

/* An address of `n` words of 32 bits, each written as a number: its bytes in memory, read as an
 * integer of this machine. */
static bool parse_words(struct proc_slice text, size_t n, uint8_t *ret)
{
	if (text.len != n * 8)
		return false;
	for (size_t i = 0; i < n; i++) {
		uint32_t word;

		if (!parse_hex((struct proc_slice){text.bytes + i * 8, 8}, &word))
			return false;
		memcpy(ret + i * 4, &word, sizeof(word));
	}
	return true;
}

static bool next_name(struct rest *rest, struct proc_slice *ret)
{
	return next_word(rest, ret) && ret->len < PROC_NET_NAME_SIZE;
}

/* --- interfaces ------------------------------------------------------------------------------ */

int proc_net_dev_parse(const char *line, size_t len, struct proc_slice *ret_name)
{
	const char *const colon = memrchr(line, ':', len);
	struct rest rest = {line, colon};
	struct proc_slice name;

	/* The two lines of the heading have `|`, after the name there are only numbers. */
	if (memchr(colon ? colon : line, '|', (size_t)(line + len - (colon ? colon : line))))
		return -ENODATA;
	if (!colon || !next_name(&rest, &name) || rest.at != rest.end)
		return -EINVAL;
	*ret_name = name;
	return 0;
}

int proc_net_dev_mcast_parse(
        const char *line, size_t len, struct proc_slice *ret_name, unsigned *ret_ifindex)
{
	struct rest rest = {line, line + len};
	struct proc_slice name;
	uint64_t ifindex;

	if (!next_decimal(&rest, INT32_MAX, &ifindex) || ifindex == 0 || !next_name(&rest, &name))
		return -EINVAL;
	*ret_name = name;
	*ret_ifindex = (unsigned)ifindex;
	return 0;
}

int proc_net_inet6_parse(const char *line, size_t len, struct proc_net_inet6 *ret)
{
	struct rest rest = {line, line + len};
	struct proc_net_inet6 entry;
	uint32_t ifindex, prefix;

	if (!next_bytes(&rest, entry.address) || !next_hex(&rest, &ifindex) ||
	        !next_hex(&rest, &prefix) || !skip_words(&rest, 2) ||
	        !next_name(&rest, &entry.name))
		return -EINVAL;
	if (ifindex == 0 || ifindex > INT32_MAX || prefix > 128)
		return -EINVAL;
	entry.ifindex = ifindex;
	entry.prefix = prefix;
	*ret = entry;
	return 0;
}

/* --- routes ---------------------------------------------------------------------------------- */

/* Flags of a route (linux/route.h). */
enum { FLAG_GATEWAY = 0x0002, FLAG_REJECT = 0x0200 };

/* The length of the prefix that a mask in network order stands for; false: it is none. */
static bool mask_to_prefix(const uint8_t mask[static 4], unsigned *ret)
{
	unsigned n = 0;

	while (n < 32 && mask[n / 8] & 0x80 >> n % 8)
		n++;
	*ret = n;
	for (; n < 32; n++) {
		if (mask[n / 8] & 0x80 >> n % 8)
			return false;
	}
	return true;
}

static bool next_ipv4(struct rest *rest, uint8_t ret[static 4])
{
	struct proc_slice word;

	return next_word(rest, &word) && parse_words(word, 1, ret);
}

int proc_net_route_parse(const char *line, size_t len, struct proc_net_route *ret)
{
	static const char HEAD[] = "Iface\tDestination\t";
	struct rest rest = {line, line + len};
	struct proc_net_route route = {.prefix = 0};
	uint8_t mask[4];
	uint64_t metric;
	uint32_t flags;

	if (len >= sizeof(HEAD) - 1 && memcmp(line, HEAD, sizeof(HEAD) - 1) == 0)
		return -ENODATA;
	if (!next_name(&rest, &route.name) || !next_ipv4(&rest, route.destination) ||
	        !next_ipv4(&rest, route.gateway) || !next_hex(&rest, &flags) ||
	        !skip_words(&rest, 2) || !next_decimal(&rest, UINT32_MAX, &metric) ||
	        !next_ipv4(&rest, mask) || !mask_to_prefix(mask, &route.prefix))
		return -EINVAL;
	route.has_gateway = (flags & FLAG_GATEWAY) != 0;
	route.is_reject = (flags & FLAG_REJECT) != 0;
	route.metric = (uint32_t)metric;
	*ret = route;
	return 0;
}

int proc_net_ipv6_route_parse(const char *line, size_t len, struct proc_net_route *ret)
{
	struct rest rest = {line, line + len};
	struct proc_net_route route;
	uint8_t source[16];
	uint32_t prefix, source_prefix, flags;

	if (!next_bytes(&rest, route.destination) || !next_hex(&rest, &prefix) ||
	        !next_bytes(&rest, source) || !next_hex(&rest, &source_prefix) ||
	        !next_bytes(&rest, route.gateway) || !next_hex(&rest, &route.metric) ||
	        !skip_words(&rest, 2) || !next_hex(&rest, &flags) || !next_name(&rest, &route.name))
		return -EINVAL;
	if (prefix > 128 || source_prefix > 128)
		return -EINVAL;
	route.prefix = prefix;
	route.has_gateway = (flags & FLAG_GATEWAY) != 0;
	route.is_reject = (flags & FLAG_REJECT) != 0;
	*ret = route;
	return 0;
}

/* --- own IPv4 addresses ---------------------------------------------------------------------- */

/* Four decimal numbers with dots between them. */
static bool parse_dotted(struct proc_slice word, uint8_t ret[static 4])
{
	const char *p = word.bytes;
	const char *const end = p + word.len;
	uint64_t number;

	for (size_t i = 0; i < 4; i++) {
		if (i > 0 && (p == end || *p++ != '.'))
			return false;
		if (!proc_number_parse(&p, end, UINT8_MAX, &number))
			return false;
		ret[i] = (uint8_t)number;
	}
	return p == end;
}

int proc_net_fib_parse(
        struct proc_net_fib *fib, const char *line, size_t len, uint8_t ret_address[static 4])
{
	struct rest rest = {line, line + len};
	struct proc_slice first, second, third;

	if (!next_word(&rest, &first) || !next_word(&rest, &second))
		return -ENODATA;
	if (proc_mountinfo_equals(first, "|--")) {
		fib->has_address = parse_dotted(second, fib->address);
		return fib->has_address ? -ENODATA : -EINVAL;
	}
	if (!fib->has_address || !proc_mountinfo_equals(first, "/32") ||
	        !proc_mountinfo_equals(second, "host") || !next_word(&rest, &third) ||
	        !proc_mountinfo_equals(third, "LOCAL"))
		return -ENODATA;
	memcpy(ret_address, fib->address, sizeof(fib->address));
	return 0;
}

/* --- sockets --------------------------------------------------------------------------------- */

/* ADDRESS:PORT. */
static bool next_endpoint(struct rest *rest, bool is_6, uint8_t *ret_address, uint16_t *ret_port)
{
	struct proc_slice word;
	uint32_t port;

	if (!next_word(rest, &word) || word.len != (is_6 ? 37 : 13) ||
	        word.bytes[word.len - 5] != ':')
		return false;
	if (!parse_hex((struct proc_slice){word.bytes + word.len - 4, 4}, &port))
		return false;
	*ret_port = (uint16_t)port;
	return parse_words(
	        (struct proc_slice){word.bytes, word.len - 5}, is_6 ? 4 : 1, ret_address);
}

int proc_net_socket_parse(const char *line, size_t len, bool is_6, struct proc_net_socket *ret)
{
	struct rest rest = {line, line + len};
	struct proc_net_socket entry = {.port = 0};
	struct proc_slice number;
	uint8_t peer[16];
	uint16_t peer_port;
	uint64_t uid;

	if (!next_word(&rest, &number))
		return -EINVAL;
	if (proc_mountinfo_equals(number, "sl"))
		return -ENODATA;
	/* Then the queues, the timer, the retransmissions; after the UID the time-out. */
	if (number.bytes[number.len - 1] != ':' ||
	        !next_endpoint(&rest, is_6, entry.address, &entry.port) ||
	        !next_endpoint(&rest, is_6, peer, &peer_port) || !next_hex(&rest, &entry.state) ||
	        !skip_words(&rest, 3) || !next_decimal(&rest, UINT32_MAX, &uid) ||
	        !skip_words(&rest, 1) || !next_decimal(&rest, UINT64_MAX, &entry.inode))
		return -EINVAL;
	entry.uid = (uint32_t)uid;
	*ret = entry;
	return 0;
}

int proc_net_socket_link_parse(const char *text, size_t len, uint64_t *ret_inode)
{
	static const char HEAD[] = "socket:[";
	const char *const end = text + len;
	const char *p = text + sizeof(HEAD) - 1;

	if (len < sizeof(HEAD) || memcmp(text, HEAD, sizeof(HEAD) - 1) != 0)
		return -ENODATA;
	if (!proc_number_parse(&p, end, UINT64_MAX, ret_inode) || end - p != 1 || *p != ']')
		return -EINVAL;
	return 0;
}
