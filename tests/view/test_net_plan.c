/* SPDX-License-Identifier: Apache-2.0 */
/* The network picture: who is connected with whom, and that nothing overlaps. */
#include "base/attributes.h"
#include "tests/base/random.h"
#include "tests/unit.h"
#include "tests/view/net_fixture.h"
#include "view/net_plan.h"

#include <stdlib.h>
#include <string.h>

static void build(struct net_plan *plan, const struct net_fixture *net)
{
	net_plan_build(plan, &(struct net_plan_options){.model = net->model});
}

static void end(struct net_fixture *net, struct net_plan *plan)
{
	net_plan_release(plan);
	model_unref(net->model);
}

/* --- what must be true of any picture -------------------------------------------------------- */

static bool overlap(int a, int a_len, int b, int b_len)
{
	return a < b + b_len && b < a + a_len;
}

static void assert_apart(const struct net_plan *plan)
{
	for (size_t i = 0; i < plan->n_boxes; i++) {
		const struct net_box *const a = &plan->boxes[i];

		assert_true(a->x + a->width <= plan->width);
		assert_true(a->y + a->height <= plan->height);
		for (size_t k = 0; k < i; k++) {
			const struct net_box *const b = &plan->boxes[k];

			assert_false(overlap(a->x, a->width, b->x, b->width) &&
			             overlap(a->y, a->height, b->y, b->height));
		}
	}
}

static void assert_rows(const struct net_box *box)
{
	int y = box->y;

	for (size_t i = 0; i < box->n_rows; i++) {
		const struct net_row *const row = &box->rows[i];

		assert_true(row->y > y);
		assert_true(row->y < box->y + box->height - 1);
		assert_true(row->columns + 4 <= box->width);
		y = row->y;
	}
}

static int end_y(const struct net_plan *plan, const struct net_end *at)
{
	return plan->boxes[at->box].rows[at->row].y;
}

static void assert_lines(const struct net_plan *plan)
{
	for (size_t i = 0; i < plan->n_lines; i++) {
		const struct net_line *const line = &plan->lines[i];
		const struct net_box *const a = &plan->boxes[line->ends[0].box];
		const struct net_box *const b = &plan->boxes[line->ends[1].box];

		assert_in_range(b->layer, a->layer, a->layer + 1);
		if (line->is_straight) {
			assert_int_equal(end_y(plan, &line->ends[0]), end_y(plan, &line->ends[1]));
			continue;
		}
		assert_true(line->lane >= a->x + a->width);
		assert_true(line->lane < plan->width);
		if (b->layer > a->layer)
			assert_true(line->lane < b->x);
		/* Two lines in one lane do not touch. */
		for (size_t k = 0; k < i; k++) {
			const struct net_line *const other = &plan->lines[k];
			const int top =
			        MIN(end_y(plan, &line->ends[0]), end_y(plan, &line->ends[1]));
			const int bottom =
			        MAX(end_y(plan, &line->ends[0]), end_y(plan, &line->ends[1]));
			const int from =
			        MIN(end_y(plan, &other->ends[0]), end_y(plan, &other->ends[1]));
			const int to =
			        MAX(end_y(plan, &other->ends[0]), end_y(plan, &other->ends[1]));

			if (!other->is_straight && other->lane == line->lane)
				assert_false(overlap(top, bottom - top + 1, from, to - from + 1));
		}
	}
}

static void assert_sound(const struct net_plan *plan)
{
	assert_apart(plan);
	for (size_t i = 0; i < plan->n_boxes; i++)
		assert_rows(&plan->boxes[i]);
	assert_lines(plan);
}

/* --- the tests ------------------------------------------------------------------------------- */

static const struct net_box *box_of(
        const struct net_plan *plan, const struct net_fixture *net, size_t space)
{
	for (size_t i = 0; i < plan->n_boxes; i++) {
		if (plan->boxes[i].ns->tag == net->spaces[space]->tag)
			return &plan->boxes[i];
	}
	fail_msg("no box");
	return NULL;
}

/* Two containers at a bridge of the host: straight lines from ports of the bridge. */
static void test_bridge(void **state)
{
	static struct net_fixture net;
	struct net_plan plan;

	(void)state;
	net_fixture_begin(&net, 3);
	struct net_interface *const bridge = net_fixture_add(&net, 0, "docker0", "bridge");
	bridge->addresses = &net.address;
	bridge->n_addresses = 1;
	for (size_t i = 1; i < 3; i++) {
		struct net_interface *const port =
		        net_fixture_add(&net, 0, i == 1 ? "veth1" : "veth2", "veth");

		port->master = bridge->ifindex;
		net_fixture_pair(&net, 0, port, i, net_fixture_add(&net, i, "eth0", "veth"));
	}
	net_fixture_finish(&net);
	build(&plan, &net);
	assert_sound(&plan);
	assert_int_equal(plan.n_boxes, 3);
	assert_int_equal(plan.n_lines, 2);
	assert_int_equal(plan.n_unknown, 0);
	const struct net_box *const host = box_of(&plan, &net, 0);
	assert_ptr_equal(host, &plan.boxes[0]);
	assert_int_equal(host->layer, 0);
	assert_string_equal(host->rows[2].text, "docker0 10.0.0.1/24");
	assert_int_equal(host->rows[2].kind, NET_ROW_BRIDGE);
	assert_int_equal(net_plan_bridge_end(host, 2), 5);
	assert_string_equal(host->rows[3].text, "veth1");
	assert_true(host->rows[3].is_bridged);
	for (size_t i = 0; i < 2; i++) {
		assert_true(plan.lines[i].is_straight);
		assert_int_equal(plan.boxes[plan.lines[i].ends[1].box].layer, 1);
		assert_string_equal(plan.lines[i].ends[1].interface->name, "eth0");
	}
	end(&net, &plan);
}

/* What is not known is said, and is not drawn. */
static void test_unknown(void **state)
{
	static struct net_fixture net;
	struct net_plan plan;
	char *text = NULL;
	size_t len;

	(void)state;
	net_fixture_begin(&net, 3);
	net_fixture_add(&net, 0, "eth0", "veth")->peer.state = NET_PEER_OUTSIDE;
	net_fixture_refuse(&net, 1);
	net.facts[2].parts[NET_PART_LINKS].state = NET_NOT_ASKED;
	net_fixture_finish(&net);
	build(&plan, &net);
	assert_sound(&plan);
	assert_int_equal(plan.n_lines, 0);
	assert_string_equal(box_of(&plan, &net, 0)->rows[2].text, "eth0 (other end not found)");
	assert_string_equal(box_of(&plan, &net, 1)->rows[2].text, "links: permission denied");
	FILE *out = open_memstream(&text, &len);
	net_plan_write_count(out, &plan);
	fclose(out);
	assert_string_equal(text, "3 network namespaces, 0 bridges, 0 connections; "
	                          "links of 2 unknown; other end of 1 not found");
	free(text);
	end(&net, &plan);
}

/* One end of which the other namespace knows nothing: drawn once, to its name. */
static void test_one_sided(void **state)
{
	static struct net_fixture net;
	struct net_plan plan;

	(void)state;
	net_fixture_begin(&net, 2);
	struct net_interface *const port = net_fixture_add(&net, 0, "veth1", "veth");
	port->peer = (struct net_peer){
	        .state = NET_PEER_THERE, .ifindex = 7, .ns_tag = net.spaces[1]->tag};
	net_fixture_refuse(&net, 1);
	net_fixture_finish(&net);
	build(&plan, &net);
	assert_sound(&plan);
	assert_int_equal(plan.n_lines, 1);
	assert_int_equal(plan.lines[0].ends[1].row, 0);
	assert_null(plan.lines[0].ends[1].interface);
	end(&net, &plan);
}

/* A snapshot has the inodes of the namespaces, not their tags. */
static void test_of_a_snapshot(void **state)
{
	static struct net_fixture net;
	struct net_plan plan;

	(void)state;
	net_fixture_begin(&net, 2);
	struct net_interface *const a = net_fixture_add(&net, 0, "veth1", "veth");
	struct net_interface *const b = net_fixture_add(&net, 1, "eth0", "veth");
	net_fixture_pair(&net, 0, a, 1, b);
	for (size_t i = 0; i < 2; i++) {
		struct net_peer *const peer = i ? &b->peer : &a->peer;

		peer->ns_inode = net.spaces[1 - i]->inode;
		peer->ns_tag = 0;
	}
	net_fixture_finish(&net);
	build(&plan, &net);
	assert_sound(&plan);
	assert_int_equal(plan.n_lines, 1);
	assert_int_equal(plan.n_outside, 0);
	end(&net, &plan);
}

static void test_random(void **state)
{
	static struct net_fixture net;
	struct net_plan plan;
	uint64_t seed = 1;

	(void)state;
	for (int round = 0; round < 300; round++) {
		const uint32_t n = random_below(&seed, NET_FIXTURE_SPACES) + 1;
		const uint32_t n_pairs = random_below(&seed, 2 * n);

		net_fixture_begin(&net, n);
		for (size_t i = 0; i < n; i++) {
			if (random_below(&seed, 3) == 0)
				net_fixture_add(&net, i, "br0", "bridge");
		}
		for (size_t i = 0; i < n_pairs; i++) {
			const uint32_t a = random_below(&seed, n), b = random_below(&seed, n);

			if (net.facts[a].n_interfaces + 2 > NET_FIXTURE_PORTS ||
			        net.facts[b].n_interfaces + 2 > NET_FIXTURE_PORTS)
				continue;
			struct net_interface *const of_a = net_fixture_add(&net, a, "veth", "veth");
			struct net_interface *const of_b = net_fixture_add(&net, b, "eth", "veth");

			of_a->master = (int)random_below(&seed, 2);
			net_fixture_pair(&net, a, of_a, b, of_b);
		}
		net_fixture_finish(&net);
		build(&plan, &net);
		assert_sound(&plan);
		assert_int_equal(plan.n_boxes, n);
		end(&net, &plan);
	}
}

/* A chain is as deep as a snapshot makes it. */
static void test_chain(void **state)
{
	static struct net_fixture net;
	struct net_plan plan;

	(void)state;
	net_fixture_begin(&net, NET_FIXTURE_SPACES);
	for (size_t i = 1; i < NET_FIXTURE_SPACES; i++)
		net_fixture_pair(&net, i - 1, net_fixture_add(&net, i - 1, "a", "veth"), i,
		        net_fixture_add(&net, i, "b", "veth"));
	net_fixture_finish(&net);
	build(&plan, &net);
	assert_sound(&plan);
	assert_int_equal(plan.boxes[NET_FIXTURE_SPACES - 1].layer, NET_FIXTURE_SPACES - 1);
	end(&net, &plan);
}

static size_t count_rows(const struct net_box *box, enum net_row_kind kind)
{
	size_t n = 0;

	for (size_t i = 0; i < box->n_rows; i++)
		n += box->rows[i].kind == kind;
	return n;
}

/* Bridges with one index, each of which is a port of it: no interface has two rows. */
static void test_equal_indexes(void **state)
{
	enum { BRIDGES = 20, PORTS = 40 };
	static struct net_fixture net;
	struct net_plan plan;

	(void)state;
	net_fixture_begin(&net, 1);
	for (size_t i = 0; i < BRIDGES + PORTS; i++) {
		struct net_interface *const interface =
		        net_fixture_add(&net, 0, "same", i < BRIDGES ? "bridge" : "veth");

		interface->ifindex = i < BRIDGES ? 1 : 2;
		interface->master = 1;
	}
	net_fixture_finish(&net);
	build(&plan, &net);
	assert_sound(&plan);
	assert_int_equal(count_rows(&plan.boxes[0], NET_ROW_BRIDGE), BRIDGES);
	assert_int_equal(count_rows(&plan.boxes[0], NET_ROW_PORT), PORTS);
	end(&net, &plan);
}

static void test_more_interfaces(void **state)
{
	static struct net_fixture net;
	struct net_plan plan;

	(void)state;
	net_fixture_begin(&net, 1);
	net_fixture_add(&net, 0, "eth0", "veth");
	net_fixture_finish(&net);
	net.facts[0].parts[NET_PART_INTERFACES].is_cut = true;
	build(&plan, &net);
	assert_int_equal(count_rows(&plan.boxes[0], NET_ROW_TEXT), 2);
	assert_string_equal(plan.boxes[0].rows[2].text, "has more interfaces, which were not read");
	end(&net, &plan);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_bridge),
	        cmocka_unit_test(test_unknown),
	        cmocka_unit_test(test_one_sided),
	        cmocka_unit_test(test_of_a_snapshot),
	        cmocka_unit_test(test_random),
	        cmocka_unit_test(test_chain),
	        cmocka_unit_test(test_equal_indexes),
	        cmocka_unit_test(test_more_interfaces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
