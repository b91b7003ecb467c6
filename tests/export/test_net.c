/* SPDX-License-Identifier: Apache-2.0 */
/* The network picture as SVG and as DOT. */
#include "base/attributes.h"
#include "base/memory.h"
#include "export/export.h"
#include "tests/base/random.h"
#include "tests/export/gv.h"
#include "tests/export/svg_checks.h"
#include "tests/unit.h"
#include "tests/view/fixture.h"
#include "tests/view/net_fixture.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

static const struct view_options picture = {
        .kind = VIEW_NET, .is_single = true, .with_links = true};

/* A container in the second namespace. */
static void put_container(struct net_fixture *net, pid_t pid, const char *name)
{
	struct process *const process = builder_process(net->builder, pid);
	struct container *const container = builder_container(
	        net->builder, &(struct container){.kind = CONTAINER_DOCKER, .id = name}, NULL);

	process->comm = process->name = "sh";
	process->state = 'S';
	process->started = (uint64_t)pid;
	process->ns[NS_NET] = net->spaces[1];
	process->container = container;
	container->name = name;
}

/* Two namespaces of containers at a bridge of the host, of which one has a name that is markup. */
static void make(struct net_fixture *net)
{
	net_fixture_begin(net, 4);
	struct net_interface *const bridge = net_fixture_add(net, 0, "docker0", "bridge");
	bridge->addresses = &net->address;
	bridge->n_addresses = 1;
	for (size_t i = 1; i < 3; i++) {
		struct net_interface *const port =
		        net_fixture_add(net, 0, i == 1 ? "veth1" : "<&\"\x1b>", "veth");

		port->master = bridge->ifindex;
		net_fixture_pair(net, 0, port, i, net_fixture_add(net, i, "eth0", "veth"));
	}
	net_fixture_refuse(net, 3);
	put_container(net, 50, "web");
	put_container(net, 51, "log");
	net_fixture_finish(net);
}

static char *svg_of(const struct model *model)
{
	struct fixture_text text;

	fixture_text_begin(&text);
	assert_int_equal(
	        export_svg(text.file, &(struct export_request){.model = model, .view = picture}),
	        0);
	return fixture_text_end(&text);
}

static void test_svg(void **state)
{
	static struct net_fixture net;
	struct xml xml;
	size_t n_paths = 0, n_frames = 0;

	(void)state;
	make(&net);
	char *const text = svg_of(net.model);
	assert_non_null(strstr(text, "4 network namespaces, 1 bridge, 2 connections; "
	                             "links of 1 unknown"));
	assert_non_null(strstr(text, "links: permission denied"));
	xml_parse(&xml, text);
	svg_checks_inert(&xml);
	svg_checks_no_overlap(&xml);
	svg_checks_text(&xml);
	for (size_t i = 0; i < 4; i++)
		svg_checks_find_group(&xml, net.spaces[i]);
	for (size_t i = 0; i < xml.n; i++) {
		n_paths += xml_is_named(&xml.elements[i], "path");
		n_frames += xml_has(&xml.elements[i], "class", "user-box");
	}
	assert_int_equal(n_paths, 2);
	assert_int_equal(n_frames, 1);
	xml_release(&xml);
	model_unref(net.model);
}

static void test_svg_random(void **state)
{
	static struct net_fixture net;
	uint64_t seed = 7;

	(void)state;
	for (int round = 0; round < 30; round++) {
		char names[NET_FIXTURE_SPACES][128];
		struct xml xml;

		net_fixture_begin(&net, NET_FIXTURE_SPACES);
		for (uint32_t i = 1; i < NET_FIXTURE_SPACES; i++) {
			const uint32_t to = random_below(&seed, i);

			random_nasty(&seed, names[i]);
			if (net.facts[to].n_interfaces == NET_FIXTURE_PORTS)
				continue;
			net_fixture_pair(&net, i, net_fixture_add(&net, i, names[i], "veth"), to,
			        net_fixture_add(&net, to, names[i], "veth"));
		}
		net_fixture_finish(&net);
		xml_parse(&xml, svg_of(net.model));
		svg_checks_inert(&xml);
		svg_checks_no_overlap(&xml);
		svg_checks_text(&xml);
		xml_release(&xml);
		model_unref(net.model);
	}
}

static Agnode_t *find(Agraph_t *graph, const char *name)
{
	Agnode_t *const node = agnode(graph, gv_string(name), 0);

	assert_non_null(node);
	return node;
}

static void test_dot(void **state)
{
	static struct net_fixture net;

	(void)state;
	make(&net);
	Agraph_t *const graph = gv_parse_view(net.model, &picture);
	Agnode_t *const host = find(graph, "net-100");
	Agnode_t *const bridge = find(graph, "net-100-bridge-1");
	Agnode_t *const container = find(graph, "net-101");
	assert_int_equal(gv_count_nodes(graph), 5);
	assert_int_equal(gv_count_edges(graph), 3);
	gv_assert(host, "class", "ns net");
	gv_assert_number(host, "inode", 100);
	gv_assert(container, "container", "web and 1 more");
	assert_non_null(strstr(gv_value(container, "label"), "\\lcontainer web and 1 more\\l"));
	gv_assert(host, "id", "ns-100");
	gv_assert(bridge, "class", "bridge");
	gv_assert(bridge, "label", "docker0 10.0.0.1/24");
	gv_find_edge(graph, bridge, host);
	Agedge_t *const link = gv_find_edge(graph, container, bridge);
	gv_assert(link, "class", "link");
	gv_assert(link, "label", "veth1 - eth0");
	agclose(graph);
	const struct export_request request = {.model = net.model, .view = picture};
	assert_int_equal(export_dot_count(&request), 5);
	model_unref(net.model);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_svg),
	        cmocka_unit_test(test_svg_random),
	        cmocka_unit_test(test_dot),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
