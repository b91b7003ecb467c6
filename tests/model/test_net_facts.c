/* SPDX-License-Identifier: Apache-2.0 */
/* The texts of addresses, sockets and MACs, and an address from its text. */
#include "base/attributes.h"
#include "model/net_facts.h"
#include "tests/unit.h"

#include <string.h>
#include <sys/socket.h>

static void addresses(void **state)
{
	static const struct {
		const char *text;
		const char *written; /* NULL: no address */
	} rows[] = {
	        {"10.0.0.1", "10.0.0.1"},
	        {"10.0.0.1/24", "10.0.0.1/24"},
	        {"10.0.0.1/0", "10.0.0.1/0"},
	        {"0.0.0.0/32", "0.0.0.0/32"},
	        {"::1", "::1"},
	        {"FD00:0:0::0001/64", "fd00::1/64"},
	        {"::ffff:1.2.3.4/128", "::ffff:1.2.3.4/128"},
	        {"ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255/128",
	                "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128"},
	        {"10.0.0.1/33", NULL},
	        {"::1/129", NULL},
	        {"::1/", NULL},
	        {"::1/+1", NULL},
	        {"::1/1 ", NULL},
	        {"::1/0001", NULL},
	        {"10.0.0", NULL},
	        {"10.0.0.256", NULL},
	        {"10.0.0.1.", NULL},
	        {" 10.0.0.1", NULL},
	        {"", NULL},
	        {"/", NULL},
	        {"eth0", NULL},
	        {":8080", NULL},
	        {"00000000000000000000000000000000000000000000000000000000000001", NULL},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct net_address address;
		char text[NET_FACTS_ADDRESS_SIZE];

		assert_int_equal(
		        net_facts_address_parse(rows[i].text, &address), rows[i].written != NULL);
		if (rows[i].written)
			assert_string_equal(
			        net_facts_address_text(&address, text), rows[i].written);
	}
	(void)state;
}

static void sockets(void **state)
{
	static const struct {
		const char *address;
		uint16_t port;
		const char *written;
	} rows[] = {
	        {"0.0.0.0", 80, "*:80"},
	        {"127.0.0.1", 65535, "127.0.0.1:65535"},
	        {"::", 53, "[::]:53"},
	        {"::1", 0, "[::1]:0"},
	        {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 65535,
	                "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct net_socket socket = {.port = rows[i].port};
		char text[NET_FACTS_PORT_SIZE];

		assert_true(net_facts_address_parse(rows[i].address, &socket.address));
		assert_string_equal(net_facts_socket_text(&socket, text), rows[i].written);
	}
	(void)state;
}

static void others(void **state)
{
	const struct net_interface interfaces[] = {{.ifindex = 2}, {.ifindex = 0}};
	const struct net_facts facts = {.interfaces = interfaces, .n_interfaces = 2};
	static const uint8_t mac[6] = {0xde, 0xad, 0, 1, 2, 0xff};
	char text[18];

	assert_string_equal(net_facts_mac_text(mac, text), "de:ad:00:01:02:ff");
	assert_ptr_equal(net_facts_find(&facts, 2), &interfaces[0]);
	assert_null(net_facts_find(&facts, 3));
	assert_null(net_facts_find(&facts, 0));
	for (enum net_part i = 0; i < NET_PARTS; i++)
		assert_true(strlen(net_facts_part_name(i)) > 0);
	for (enum net_state i = 0; i < NET_STATES; i++)
		assert_true(strlen(net_facts_state_name(i)) > 0);
	for (enum net_protocol i = 0; i < NET_PROTOCOLS; i++)
		assert_true(strlen(net_facts_protocol_name(i)) > 0);
	(void)state;
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	        cmocka_unit_test(addresses),
	        cmocka_unit_test(sockets),
	        cmocka_unit_test(others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
