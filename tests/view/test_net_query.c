/* SPDX-License-Identifier: Apache-2.0 */

/* What a text means in a search of network namespaces, and where it is found. */

#include "base/attributes.h"
#include "base/text.h"
#include "tests/unit.h"
#include "view/net_query.h"

#include <stdlib.h>
#include <sys/socket.h>

static void test_forms(void **state)
{
	static const struct {
		const char *text;
		enum net_query_kind kind;
	} cases[] = {
	        {":8080", NET_QUERY_PORT},
	        {":0", NET_QUERY_PORT},
	        {":65536", NET_QUERY_TEXT},
	        {":", NET_QUERY_TEXT},
	        {":80a", NET_QUERY_TEXT},
	        {"10.0.0.1", NET_QUERY_ADDRESS},
	        {"10.0.0.1/24", NET_QUERY_ADDRESS},
	        {"10.0.0", NET_QUERY_TEXT},
	        {"::1", NET_QUERY_ADDRESS},
	        {"fe80::1", NET_QUERY_ADDRESS},
	        {"10.0.0.1:80", NET_QUERY_SOCKET},
	        {"[::1]:80", NET_QUERY_SOCKET},
	        {"[10.0.0.1]:80", NET_QUERY_TEXT},
	        {"eth0", NET_QUERY_INTERFACE},
	        {"vethab12", NET_QUERY_INTERFACE},
	        {"ens5", NET_QUERY_INTERFACE},
	        {"veth", NET_QUERY_TEXT},
	        {"nginx", NET_QUERY_TEXT},
	        {"ethernet card 1", NET_QUERY_TEXT},
	        {"", NET_QUERY_TEXT},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		if (net_query_of(cases[i].text).kind != cases[i].kind)
			fail_msg("%s", cases[i].text);
	}
}

/* --- matches ------------------------------------------------------------------------------ */

static const struct net_address eth_addresses[] = {
        {.family = AF_INET, .bytes = {10, 0, 0, 1}, .prefix = 24},
        {.family = AF_INET6, .bytes = {0xfe, 0x80, [15] = 1}, .prefix = 64},
};
static const struct net_address loose[] = {
        {.family = AF_INET, .bytes = {10, 0, 0, 11}, .prefix = -1}};
static const struct net_interface interfaces[] = {
        {.name = "Eth\x1b",
                .has_mac = true,
                .mac = {2, 0x42},
                .addresses = eth_addresses,
                .n_addresses = 2},
        {.ifindex = 7},
};
static const struct net_socket_process nginx[] = {{201, 6}};
static const struct net_socket sockets[] = {
        {.protocol = NET_TCP,
                .address = {.family = AF_INET, .prefix = -1},
                .port = 80,
                .processes = nginx,
                .n_processes = 1},
        {.protocol = NET_TCP,
                .address = {.family = AF_INET6, .bytes = {[15] = 1}, .prefix = -1},
                .port = 8080},
};
static const struct net_facts facts = {
        .interfaces = interfaces,
        .n_interfaces = 2,
        .addresses = loose,
        .n_addresses = 1,
        .sockets = sockets,
        .n_sockets = 2,
};

/* What is found first; "" nothing. The caller frees. */
static char *found(const char *text, pid_t pid)
{
	const struct net_query query = net_query_of(text);
	struct net_hit hit;
	struct text out;

	text_init(&out);
	if (net_query_match(&query, &facts, pid, &hit))
		net_query_write_hit(out.out, &hit);
	return text_take(&out);
}

static void test_matches(void **state)
{
	static const struct {
		const char *text, *expected;
		pid_t pid;
	} cases[] = {
	        {"10.0.0.1", "Eth\\x1b 10.0.0.1/24", 0},
	        {"10.0.0.1/24", "Eth\\x1b 10.0.0.1/24", 0},
	        {"10.0.0.1/16", "", 0},
	        {"10.0.0.11", "10.0.0.11", 0},
	        {"10.0.0", "Eth\\x1b 10.0.0.1/24", 0},
	        {"FE80:0::1", "Eth\\x1b fe80::1/64", 0},
	        {"::1", "tcp [::1]:8080", 0},
	        {":80", "tcp *:80", 0},
	        {":8080", "tcp [::1]:8080", 0},
	        {":808", "", 0},
	        {"[::1]:8080", "tcp [::1]:8080", 0},
	        {"[::1]:80", "", 0},
	        {"02:42:", "Eth\\x1b", 0},
	        {"eth", "Eth\\x1b", 0},
	        {"ETH", "", 0},
	        {"\\x1b", "Eth\\x1b", 0},
	        {"", "", 0},
	        /* Of a process only its sockets. */
	        {":80", "tcp *:80", 201},
	        {":80", "", 202},
	        {"10.0.0.1", "", 201},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char *text = found(cases[i].text, cases[i].pid);

		assert_string_equal(text, cases[i].expected);
		free(text);
	}
}

static bool is_known(const char *text, const struct net_facts *known)
{
	const struct net_query query = net_query_of(text);

	return net_query_is_known(&query, known);
}

static void test_known(void **state)
{
	struct net_facts known = {.n_sockets = 0};

	(void)state;
	for (enum net_part part = 0; part <= NET_PART_ADDRESSES; part++)
		known.parts[part].state = NET_KNOWN;
	known.parts[NET_PART_SOCKETS].is_cut = true;
	assert_true(is_known("eth0", &known));
	assert_false(is_known(":80", &known));
	assert_false(is_known("10.0.0.1", &known));
	known.parts[NET_PART_SOCKETS].is_cut = false;
	assert_true(is_known("10.0.0.1:80", &known));
	/* One of two is enough. */
	known.parts[NET_PART_ADDRESSES].state = NET_FAILED;
	assert_true(is_known("10.0.0.1", &known));
	known.parts[NET_PART_LOCAL].state = NET_NOT_ASKED;
	assert_false(is_known("10.0.0.1", &known));
	assert_false(is_known("any text", &known));
	known.parts[NET_PART_INTERFACES].state = NET_FAILED;
	assert_false(is_known("eth0", &known));
	assert_true(is_known(":80", &known));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_forms),
	        cmocka_unit_test(test_matches),
	        cmocka_unit_test(test_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
