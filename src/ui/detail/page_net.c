/* SPDX-License-Identifier: Apache-2.0 */

/* The part of a page about what is in a network namespace: interfaces, default routes and
 * listening sockets (model/net_facts.h). */

#include "base/escape.h"
#include "base/memory.h"
#include "base/text.h"
#include "ui/detail/detail.h"
#include "view/words.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
	/* Unless the rest is unfolded: so that processes are in view. */
	INTERFACES_MAX = 8,
	SOCKETS_MAX = 16,
	PROCESSES_MAX = 8, /* of a socket: servers may share it with hundreds of children */
	STATE_COLUMN = DETAIL_INDENT + 16,
	ADDRESS_COLUMN = STATE_COLUMN + 5,
	PROCESS_COLUMN = DETAIL_INDENT + 26,
};

static void new_line(struct detail *detail)
{
	line_pad(page_add(&detail->facts), DETAIL_INDENT);
}

static const struct net_part_result *part_of(const struct net_facts *net, enum net_part part)
{
	return &net->parts[part];
}

/* Adds why a part is not known; returns false if it is known, or nothing is to be said. */
static bool add_failure(
        struct detail *detail, const struct net_facts *net, enum net_part part, const char *words)
{
	const struct net_part_result *result = part_of(net, part);

	if (result->state != NET_FAILED)
		return false;
	detail_add(detail, 0, words, words_error(&detail->source.model->host, result->error));
	return true;
}

/* Begins the line that says how many more there are, which it folds; true if they are shown. */
static bool add_more(struct detail *detail, uint64_t tag, size_t n, size_t most, bool is_cut)
{
	char text[64] = "fewer";

	if (n > most && !detail_is_unfolded(detail, tag))
		snprintf(text, sizeof(text), "and %zu%s more", n - most, is_cut ? "+" : "");
	return n > most && detail_add_fold(detail, tag, text);
}

/* --- interfaces --------------------------------------------------------------------------- */

/* `veth12`, `interface 7`; names are foreign text. */
static void write_interface(FILE *out, const struct net_interface *interface, int ifindex)
{
	if (interface && interface->name)
		escape_write_name(out, interface->name, 0);
	else if (ifindex > 0)
		fprintf(out, "interface %d", ifindex);
	else
		fputs("an interface", out);
}

/* The name of the other end is among the facts of its own namespace, if those were read. */
static const struct net_interface *interface_there(
        const struct detail *detail, const struct ns *ns, int ifindex)
{
	const struct ns_facts *facts = ns ? facts_store_get(detail->source.inside, ns) : NULL;

	return facts && facts->net ? net_facts_find(facts->net, ifindex) : NULL;
}

/* `vethab12 in net:[4026531840]`, and the container that is in it, else a process. */
static void add_peer(
        struct detail *detail, const struct net_facts *net, const struct net_interface *interface)
{
	const struct net_peer *peer = &interface->peer;
	const bool is_veth = interface->kind && strcmp(interface->kind, "veth") == 0;
	const struct model *model = detail->source.model;
	const struct ns *ns = NULL;
	_cleanup_text_ struct text text = {0};

	if (peer->state == NET_PEER_UNKNOWN || peer->state == NET_PEER_NONE)
		return;
	text_init_within(&text, DETAIL_TEXT_MAX);
	if (peer->state == NET_PEER_HERE) {
		write_interface(text.out, net_facts_find(net, peer->ifindex), peer->ifindex);
	} else {
		ns = facts_store_peer(model, peer);
		write_interface(
		        text.out, interface_there(detail, ns, peer->ifindex), peer->ifindex);
		fputs(" in ", text.out);
		if (ns)
			words_ns(text.out, ns);
		else if (peer->ns_inode)
			fprintf(text.out, "net:[%" PRIu64 "], which is gone", peer->ns_inode);
		else
			fputs("a namespace that was not found", text.out);
	}
	detail_add_ref(detail, 0, DETAIL_GAP, is_veth ? "peer " : "on ", text_get(&text),
	        detail_to_ns(ns));
	if (peer->state != NET_PEER_HERE && peer->nsid >= 0)
		detail_add_number(detail, 0, "nsid ", "%d", peer->nsid);
	if (ns && ns->leader && ns->leader->container)
		detail_add_container(detail, 0, "container ", ns->leader->container);
	else if (ns && ns->leader)
		detail_add_process(detail, 0, "", ns->leader);
}

static void add_master(
        struct detail *detail, const struct net_facts *net, const struct net_interface *interface)
{
	const struct net_interface *master = net_facts_find(net, interface->master);
	const char *kind = master && master->kind ? master->kind : "master";
	_cleanup_text_ struct text text = {0};

	if (interface->master <= 0)
		return;
	text_init_within(&text, DETAIL_TEXT_MAX);
	escape_write_name(text.out, kind, 0);
	fputc(' ', text.out);
	_cleanup_free_ char *name = memory_strdup(text_get(&text));
	write_interface(text_restart(&text), master, interface->master);
	detail_add(detail, 0, name, text_get(&text));
}

/* Of an address that only a route connects with its interface, that is said. */
static void add_address(struct detail *detail, int stop, const struct net_address *address)
{
	char buffer[NET_FACTS_ADDRESS_SIZE];
	_cleanup_free_ char *text = memory_printf("%s%s", net_facts_address_text(address, buffer),
	        address->is_by_route ? " (by its route)" : "");

	detail_add_ref(detail, stop, 2, "", text, detail_nowhere);
}

static void add_interface(
        struct detail *detail, const struct net_facts *net, const struct net_interface *interface)
{
	char mac[18];
	_cleanup_text_ struct text text;

	text_init_within(&text, DETAIL_TEXT_MAX);
	write_interface(text.out, interface, interface->ifindex);
	detail_add(detail, 0, "", text_get(&text));
	if (interface->state != NET_STATE_UNKNOWN)
		detail_add_ref(detail, STATE_COLUMN, 1, "", net_facts_state_name(interface->state),
		        detail_nowhere);
	for (size_t i = 0; i < interface->n_addresses; i++)
		add_address(detail, i ? 0 : ADDRESS_COLUMN, &interface->addresses[i]);
	add_master(detail, net, interface);
	if (interface->kind)
		detail_add_name(detail, 0, "", interface->kind);
	if (interface->has_mac)
		detail_add(detail, 0, "", net_facts_mac_text(interface->mac, mac));
	add_peer(detail, net, interface);
}

static void add_loose_addresses(struct detail *detail, const struct net_facts *net)
{
	if (!net->n_addresses)
		return;
	new_line(detail);
	for (size_t i = 0; i < net->n_addresses; i++)
		add_address(detail, 0, &net->addresses[i]);
	detail_add(detail, 0, "", "(interface not known)");
}

/* The links, if they were not requested or not read; no line if there is only the loopback. */
static void add_unasked(struct detail *detail, const struct net_facts *net)
{
	const enum net_part_state links = part_of(net, NET_PART_LINKS)->state;

	if (part_of(net, NET_PART_ADDRESSES)->state == NET_FAILED) {
		new_line(detail);
		add_failure(detail, net, NET_PART_ADDRESSES, "states: ");
	}
	if (links == NET_FAILED) {
		new_line(detail);
		add_failure(detail, net, NET_PART_LINKS, "kinds, bridges and peers: ");
	} else if (links == NET_NOT_ASKED && net->n_interfaces > 1 && detail->source.can_ask) {
		new_line(detail);
		detail_add(detail, 0, "", "key W reads kinds, bridges and peers, too");
	}
}

static void write_links(struct detail *detail, const struct net_facts *net)
{
	const struct net_part_result *result = part_of(net, NET_PART_INTERFACES);
	bool is_first = true;

	detail_new_fact(detail, "links");
	if (!add_failure(detail, net, NET_PART_INTERFACES, "") && !net->n_interfaces)
		detail_add(detail, 0, "", result->state == NET_KNOWN ? "none" : "not read");
	for (size_t i = 0; i < net->n_interfaces; i++) {
		if (i == INTERFACES_MAX && !add_more(detail, DETAIL_FOLD_LINKS, net->n_interfaces,
		                                   INTERFACES_MAX, result->is_cut))
			break;
		if (!is_first || result->state == NET_FAILED)
			new_line(detail);
		is_first = false;
		add_interface(detail, net, &net->interfaces[i]);
	}
	add_loose_addresses(detail, net);
	add_unasked(detail, net);
}

/* --- routes ------------------------------------------------------------------------------- */

static void write_routes(struct detail *detail, const struct net_facts *net)
{
	char buffer[NET_FACTS_ADDRESS_SIZE];
	_cleanup_text_ struct text text;

	detail_new_fact(detail, "routes");
	if (!add_failure(detail, net, NET_PART_ROUTES, "") && !net->n_routes)
		detail_add(detail, 0, "",
		        part_of(net, NET_PART_ROUTES)->state == NET_KNOWN ? "no default route"
		                                                          : "not read");
	text_init_within(&text, DETAIL_TEXT_MAX);
	for (size_t i = 0; i < net->n_routes; i++) {
		const struct net_route *route = &net->routes[i];
		struct net_address gateway = {.family = route->family, .prefix = -1};

		memcpy(gateway.bytes, route->gateway, sizeof(gateway.bytes));
		fputs("default", text_restart(&text));
		if (route->has_gateway)
			fprintf(text.out, " via %s", net_facts_address_text(&gateway, buffer));
		if (route->interface) {
			fputs(" dev ", text.out);
			escape_write_name(text.out, route->interface, 0);
		}
		detail_add(detail, 0, "", text_get(&text));
	}
}

/* --- sockets ------------------------------------------------------------------------------ */

static void add_processes(
        struct detail *detail, const struct net_facts *net, const struct net_socket *socket)
{
	const struct model *model = detail->source.model;
	pid_t last = 0;
	size_t n = 0;

	for (size_t i = 0; i < socket->n_processes; i++) {
		const pid_t pid = socket->processes[i].pid;
		const struct process *process = model_find_process(model, pid);
		char text[32];

		if (pid == last)
			continue;
		last = pid;
		if (n++ >= PROCESSES_MAX)
			continue;
		if (process) {
			detail_add_process(detail, n > 1 ? 0 : PROCESS_COLUMN, "", process);
		} else {
			snprintf(text, sizeof(text), "PID %jd", (intmax_t)pid);
			detail_add(detail, n > 1 ? 0 : PROCESS_COLUMN, "", text);
		}
	}
	if (n > PROCESSES_MAX)
		detail_add_number(detail, 0, "and ", "%zu more", n - PROCESSES_MAX);
	const struct net_part_result *result = part_of(net, NET_PART_PROCESSES);

	if (!last && result->is_cut)
		detail_add(detail, PROCESS_COLUMN, "", "not all descriptors were read");
	else if (!last && result->state == NET_KNOWN)
		detail_add(detail, PROCESS_COLUMN, "", "no process found");
}

static void write_sockets(struct detail *detail, const struct net_facts *net)
{
	const struct net_part_result *result = part_of(net, NET_PART_SOCKETS);
	char buffer[NET_FACTS_PORT_SIZE];

	detail_new_fact(detail, "listens");
	if (!add_failure(detail, net, NET_PART_SOCKETS, "") && !net->n_sockets)
		detail_add(detail, 0, "", result->state == NET_KNOWN ? "no socket" : "not read");
	for (size_t i = 0; i < net->n_sockets; i++) {
		const struct net_socket *socket = &net->sockets[i];

		if (i == SOCKETS_MAX && !add_more(detail, DETAIL_FOLD_SOCKETS, net->n_sockets,
		                                SOCKETS_MAX, result->is_cut))
			break;
		if (i || result->state == NET_FAILED)
			new_line(detail);
		_cleanup_free_ char *text =
		        memory_printf("%s %s", net_facts_protocol_name(socket->protocol),
		                net_facts_socket_text(socket, buffer));
		detail_add(detail, 0, "", text);
		add_processes(detail, net, socket);
	}
	if (net->n_sockets && part_of(net, NET_PART_PROCESSES)->state == NET_FAILED) {
		new_line(detail);
		add_failure(detail, net, NET_PART_PROCESSES, "processes: ");
	}
}

void page_net_write(struct detail *detail, const struct net_facts *net)
{
	write_links(detail, net);
	write_routes(detail, net);
	write_sockets(detail, net);
}
