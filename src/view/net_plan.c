/* SPDX-License-Identifier: Apache-2.0 */
#include "view/net_plan.h"

#include "base/arena.h"
#include "base/escape.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/u64.h"
#include "base/utf8.h"
#include "model/ns_facts.h"
#include "view/sharing.h"
#include "view/words.h"
#include "view/words_container.h"

#include <stdlib.h>
#include <string.h>

struct builder_of_plan {
	const struct net_plan_options *options;
	struct net_plan *plan;
	struct u64_map by_tag;
	struct text text;
	size_t lines_capacity;
};

/* --- lines ----------------------------------------------------------------------------------- */

static size_t find_box(const struct builder_of_plan *b, uint64_t tag)
{
	size_t i;

	return u64_map_find(&b->by_tag, tag, &i) ? i : NET_PLAN_NONE;
}

/* The box of the other end, in another namespace. */
static size_t box_of_peer(const struct builder_of_plan *b, const struct net_peer *peer)
{
	const struct ns *ns = facts_store_peer(b->options->model, peer);

	return ns ? find_box(b, ns->tag) : NET_PLAN_NONE;
}

static bool has_links(const struct net_facts *facts)
{
	return facts && facts->parts[NET_PART_LINKS].state == NET_KNOWN;
}

/* The interface at the other end; NULL if it is not known. */
static const struct net_interface *other_end(
        const struct builder_of_plan *b, size_t box, const struct net_interface *interface)
{
	const struct net_facts *facts = b->plan->boxes[box].facts;

	return facts && interface->peer.ifindex ? net_facts_find(facts, interface->peer.ifindex)
	                                        : NULL;
}

/* Both ends of a veth name each other: the line is added for one of them. */
static bool is_second_end(size_t from, const struct net_interface *interface, size_t to,
        const struct net_interface *other)
{
	if (!other || other->peer.ifindex != interface->ifindex || !interface->ifindex)
		return false;
	if (other->peer.state != NET_PEER_THERE && other->peer.state != NET_PEER_HERE)
		return false;
	return to < from || (to == from && other->ifindex < interface->ifindex);
}

static void add_line(struct builder_of_plan *b, size_t from, const struct net_interface *interface)
{
	const bool is_here = interface->peer.state == NET_PEER_HERE;
	const size_t to = is_here ? from : box_of_peer(b, &interface->peer);
	const struct net_interface *other;

	if (interface->peer.state == NET_PEER_OUTSIDE ||
	        (interface->peer.state == NET_PEER_THERE && to == NET_PLAN_NONE)) {
		b->plan->n_outside++;
		return;
	}
	if (!is_here && interface->peer.state != NET_PEER_THERE)
		return;
	other = other_end(b, to, interface);
	/* A VLAN or the like is no line to another box. */
	if (is_second_end(from, interface, to, other) || (is_here && !other) ||
	        (is_here && other->peer.ifindex != interface->ifindex))
		return;
	MEMORY_APPEND(b->plan->lines, b->plan->n_lines, b->lines_capacity) =
	        (struct net_line){.ends = {{from, 0, interface}, {to, 0, other}}};
	b->plan->boxes[from].n_lines++;
	if (!is_here)
		b->plan->boxes[to].n_lines++;
}

/* Gives each box the list of its lines. They are added in the order of boxes and interfaces. */
static void list_lines(struct net_plan *plan)
{
	for (size_t i = 0; i < plan->n_boxes; i++) {
		struct net_box *const box = &plan->boxes[i];

		box->lines = arena_array(plan->arena, box->n_lines, sizeof(*box->lines));
		box->n_lines = 0;
	}
	for (size_t i = 0; i < plan->n_lines; i++) {
		const struct net_line *line = &plan->lines[i];

		for (size_t end = 0; end < 2; end++) {
			struct net_box *const box = &plan->boxes[line->ends[end].box];

			if (end == 0 || line->ends[0].box != line->ends[1].box)
				box->lines[box->n_lines++] = i;
		}
	}
}

/* --- layers ---------------------------------------------------------------------------------- */

struct root {
	size_t box;
	size_t rank; /* the highest first */
};

static int by_rank(const void *a, const void *b)
{
	const struct root *left = a, *right = b;

	return left->rank != right->rank ? COMPARE(right->rank, left->rank)
	                                 : COMPARE(left->box, right->box);
}

/* Breadth first, so that a line never passes over a layer. Returns the end of the queue. */
static size_t spread(struct net_plan *plan, size_t *queue, bool *is_seen, size_t end)
{
	for (size_t at = end - 1; at < end; at++) {
		const struct net_box *const box = &plan->boxes[queue[at]];

		for (size_t i = 0; i < box->n_lines; i++) {
			const size_t next = net_layout_other(plan, queue[at], box->lines[i]);

			if (is_seen[next])
				continue;
			is_seen[next] = true;
			plan->boxes[next].up = box->lines[i];
			plan->boxes[next].layer = box->layer + 1;
			queue[end++] = next;
		}
	}
	return end;
}

/* Returns the boxes in the order in which they are reached, which the caller frees: those without
 * any connection come last. */
static size_t *set_layers(struct builder_of_plan *b)
{
	struct net_plan *const plan = b->plan;
	const size_t n = plan->n_boxes;
	const struct ns *const host = sharing_host(b->options->model, NS_NET);
	size_t *const queue = memory_new((n + 1) * sizeof(*queue));
	_cleanup_free_ struct root *roots = memory_new((n + 1) * sizeof(*roots));
	_cleanup_free_ bool *is_seen = memory_new(n + 1);
	size_t end = 0;

	for (size_t i = 0; i < n; i++) {
		plan->boxes[i].up = NET_PLAN_NONE;
		roots[i] = (struct root){
		        i, plan->boxes[i].ns == host ? SIZE_MAX : plan->boxes[i].n_lines};
	}
	qsort(roots, n, sizeof(*roots), by_rank);
	for (size_t i = 0; i < n; i++) {
		if (is_seen[roots[i].box])
			continue;
		is_seen[roots[i].box] = true;
		queue[end] = roots[i].box;
		end = spread(plan, queue, is_seen, end + 1);
	}
	return queue;
}

/* --- the rows of a box ----------------------------------------------------------------------- */

/* The text that was written, cut. */
static void take_text(struct builder_of_plan *b, struct net_row *row, int more)
{
	const int most = b->options->columns ? MAX(b->options->columns - more, 8) : 1 << 20;
	const char *text = text_get(&b->text);
	const int columns = utf8_columns(text, b->text.len);

	if (columns <= most) {
		row->text = arena_copy(b->plan->arena, text, b->text.len);
		row->columns = columns;
		return;
	}
	const char *const ellipsis = b->options->is_ascii ? "..." : "…";
	const int room = most - utf8_columns(ellipsis, strlen(ellipsis));
	const size_t len = utf8_clip(text, b->text.len, room, &row->columns);
	_cleanup_free_ char *cut = memory_printf("%.*s%s", (int)len, text, ellipsis);

	row->columns += most - room;
	row->text = arena_strdup(b->plan->arena, cut);
}

static struct net_row *add_row(
        struct builder_of_plan *b, struct net_box *box, enum net_row_kind kind, bool is_bridged)
{
	struct net_row *const row = &box->rows[box->n_rows++];

	row->kind = kind;
	row->is_bridged = is_bridged;
	if (kind == NET_ROW_END)
		row->text = "";
	else
		take_text(b, row, net_layout_frame(row));
	return row;
}

static void write_addresses(FILE *out, const struct net_interface *interface)
{
	char buffer[NET_FACTS_ADDRESS_SIZE];

	if (interface->n_addresses == 0)
		return;
	fprintf(out, " %s", net_facts_address_text(&interface->addresses[0], buffer));
	if (interface->n_addresses > 1)
		fprintf(out, " +%zu", interface->n_addresses - 1);
}

/* `eth0 10.0.0.2/24 +1`, `eth1 down`, `veth3 (other end not found)` */
static void write_interface(struct builder_of_plan *b, const struct net_interface *interface)
{
	FILE *out = text_restart(&b->text);
	_cleanup_free_ char *name = escape_name(interface->name ? interface->name : "?");
	const struct net_peer *peer = &interface->peer;

	fputs(name, out);
	write_addresses(out, interface);
	if (interface->state == NET_STATE_DOWN || interface->state == NET_STATE_LOWER_DOWN)
		fprintf(out, " %s", net_facts_state_name(interface->state));
	if (peer->state == NET_PEER_OUTSIDE ||
	        (peer->state == NET_PEER_THERE && box_of_peer(b, peer) == NET_PLAN_NONE))
		fputs(" (other end not found)", out);
}

static bool is_bridge(const struct net_interface *interface)
{
	return interface->kind && strcmp(interface->kind, "bridge") == 0;
}

static bool is_loopback(const struct net_interface *interface)
{
	return (interface->kind && strcmp(interface->kind, "loopback") == 0) ||
	       (interface->name && strcmp(interface->name, "lo") == 0);
}

static void add_port(struct builder_of_plan *b, struct net_box *box,
        const struct net_interface *interface, bool is_bridged)
{
	write_interface(b, interface);
	add_row(b, box, NET_ROW_PORT, is_bridged)->interface = interface;
}

static void add_bridge(struct builder_of_plan *b, struct net_box *box,
        const struct net_interface *bridge, const struct net_interface *first)
{
	const struct net_facts *const facts = box->facts;
	/* In a snapshot several may have one index. */
	const bool has_ports =
	        bridge->ifindex > 0 && net_facts_find(facts, bridge->ifindex) == bridge;

	write_interface(b, bridge);
	add_row(b, box, NET_ROW_BRIDGE, false)->interface = bridge;
	b->plan->n_bridges++;
	if (first)
		add_port(b, box, first, true);
	for (size_t i = 0; i < facts->n_interfaces; i++) {
		const struct net_interface *const port = &facts->interfaces[i];

		if (has_ports && port != first && port->master == bridge->ifindex &&
		        !is_bridge(port))
			add_port(b, box, port, true);
	}
	add_row(b, box, NET_ROW_END, false);
}

/* The bridge that an interface belongs to; NULL: none. */
static const struct net_interface *bridge_of(
        const struct net_facts *facts, const struct net_interface *interface)
{
	const struct net_interface *const master =
	        interface->master > 0 ? net_facts_find(facts, interface->master) : NULL;

	return master && master != interface && is_bridge(master) && !is_bridge(interface) ? master
	                                                                                   : NULL;
}

/* The interface that leads to the layer before comes first, so that the rows above it are few. */
static void add_interfaces(
        struct builder_of_plan *b, struct net_box *box, const struct net_interface *first)
{
	const struct net_facts *const facts = box->facts;
	const struct net_interface *const first_bridge = first ? bridge_of(facts, first) : NULL;

	if (first_bridge)
		add_bridge(b, box, first_bridge, first);
	else if (first && !is_bridge(first))
		add_port(b, box, first, false);
	for (size_t i = 0; i < facts->n_interfaces; i++) {
		const struct net_interface *const one = &facts->interfaces[i];

		if (is_bridge(one) && one != first_bridge)
			add_bridge(b, box, one, NULL);
	}
	for (size_t i = 0; i < facts->n_interfaces; i++) {
		const struct net_interface *const one = &facts->interfaces[i];

		if (one != first && !is_bridge(one) && !bridge_of(facts, one) &&
		        (!is_loopback(one) || one->peer.state == NET_PEER_THERE))
			add_port(b, box, one, false);
	}
}

/* The interface of a box by which it was reached. */
static const struct net_interface *first_interface(
        const struct net_plan *plan, const struct net_box *box)
{
	if (box->up == NET_PLAN_NONE)
		return NULL;
	return net_layout_end(plan, (size_t)(box - plan->boxes), box->up)->interface;
}

/* Finds the row of each end of a line. An end that has none is at the name of its namespace. */
static void join_rows(struct net_plan *plan, struct net_box *box)
{
	const size_t index = (size_t)(box - plan->boxes);
	_cleanup_free_ size_t *row_of = memory_new((box->n_rows + 1) * sizeof(size_t));
	struct u64_map rows = {.n = 0};
	bool is_new;
	size_t at;

	for (size_t i = 0; i < box->n_rows; i++) {
		if (box->rows[i].interface)
			row_of[u64_map_add(&rows, (uintptr_t)box->rows[i].interface, &is_new)] = i;
	}
	for (size_t i = 0; i < box->n_lines; i++) {
		for (size_t k = 0; k < 2; k++) {
			struct net_end *const end = &plan->lines[box->lines[i]].ends[k];

			if (end->box == index &&
			        u64_map_find(&rows, (uintptr_t)end->interface, &at))
				end->row = row_of[at];
		}
	}
	u64_map_release(&rows);
}

static const char *why_no_links(const struct builder_of_plan *b, const struct net_box *box)
{
	const struct host *const host = &b->options->model->host;
	const struct ns_facts *const facts = facts_store_get(b->options->store, box->ns);
	const struct net_part_result *const links =
	        box->facts ? &box->facts->parts[NET_PART_LINKS] : NULL;

	if (facts && facts->error)
		return words_error(host, facts->error);
	return links && links->state == NET_FAILED ? words_error(host, links->error) : "not asked";
}

static void make_rows(struct builder_of_plan *b, struct net_box *box)
{
	const size_t n = box->facts ? box->facts->n_interfaces : 0;
	const struct process *const leader = box->ns->leader;

	box->rows = arena_array(b->plan->arena, 2 * n + 5, sizeof(*box->rows));
	words_leader(text_restart(&b->text), b->options->model, box->ns);
	add_row(b, box, NET_ROW_NAME, false);
	words_ns(text_restart(&b->text), box->ns);
	add_row(b, box, NET_ROW_TEXT, false);
	if (leader && leader->container) {
		fputs("container ", text_restart(&b->text));
		words_container_of_ns(b->text.out, box->ns);
		add_row(b, box, NET_ROW_TEXT, false);
	}
	if (!has_links(box->facts)) {
		fprintf(text_restart(&b->text), "links: %s", why_no_links(b, box));
		add_row(b, box, NET_ROW_TEXT, false);
		b->plan->n_unknown++;
	}
	if (box->facts && box->facts->parts[NET_PART_INTERFACES].is_cut) {
		fputs("has more interfaces, which were not read", text_restart(&b->text));
		add_row(b, box, NET_ROW_TEXT, false);
	}
	if (box->facts)
		add_interfaces(b, box, first_interface(b->plan, box));
	join_rows(b->plan, box);
}

/* --- the picture ----------------------------------------------------------------------------- */

static void make_boxes(struct builder_of_plan *b)
{
	const struct model *const model = b->options->model;
	struct net_plan *const plan = b->plan;
	bool is_new;

	plan->boxes = arena_array(plan->arena, model_count(model, NS_NET), sizeof(*plan->boxes));
	for (size_t i = 0; i < model->n_namespaces; i++) {
		const struct ns *const ns = model->namespaces[i];

		if (ns->type != NS_NET)
			continue;
		plan->boxes[plan->n_boxes++] =
		        (struct net_box){.ns = ns, .facts = facts_store_net(b->options->store, ns)};
		u64_map_add(&b->by_tag, ns->tag, &is_new);
	}
}

static void make_lines(struct builder_of_plan *b)
{
	for (size_t i = 0; i < b->plan->n_boxes; i++) {
		const struct net_facts *const facts = b->plan->boxes[i].facts;

		for (size_t k = 0; facts && k < facts->n_interfaces; k++)
			add_line(b, i, &facts->interfaces[k]);
	}
	list_lines(b->plan);
}

void net_plan_build(struct net_plan *ret, const struct net_plan_options *options)
{
	struct builder_of_plan b = {.options = options, .plan = ret};

	*ret = (struct net_plan){.arena = arena_new()};
	text_init(&b.text);
	make_boxes(&b);
	make_lines(&b);
	_cleanup_free_ size_t *queue = set_layers(&b);
	for (size_t i = 0; i < ret->n_boxes; i++)
		make_rows(&b, &ret->boxes[i]);
	net_layout_place(ret, queue);
	u64_map_release(&b.by_tag);
	text_release(&b.text);
}

void net_plan_release(struct net_plan *plan)
{
	arena_free(plan->arena);
	free(plan->lines);
	*plan = (struct net_plan){.n_boxes = 0};
}

size_t net_plan_bridge_end(const struct net_box *box, size_t first)
{
	size_t end = first + 1;

	while (box->rows[end].kind != NET_ROW_END)
		end++;
	return end;
}

static void write_number(FILE *out, size_t n, const char *what)
{
	fprintf(out, "%zu %s%s", n, what, n == 1 ? "" : "s");
}

void net_plan_write_count(FILE *out, const struct net_plan *plan)
{
	write_number(out, plan->n_boxes, "network namespace");
	fputs(", ", out);
	write_number(out, plan->n_bridges, "bridge");
	fputs(", ", out);
	write_number(out, plan->n_lines, "connection");
	if (plan->n_unknown)
		fprintf(out, "; links of %zu unknown", plan->n_unknown);
	if (plan->n_outside)
		fprintf(out, "; other end of %zu not found", plan->n_outside);
}
