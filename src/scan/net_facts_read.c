/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/net_facts_read.h"

#include "base/memory.h"
#include "scan/net_draft.h"

#include <net/if.h>
#include <string.h>
#include <sys/socket.h>

/* --- what the kernel tells inside the namespace ---------------------------------------------- */

static enum net_state state_of(uint32_t flags)
{
	if (!(flags & IFF_UP))
		return NET_STATE_DOWN;
	return flags & IFF_RUNNING ? NET_STATE_UP : NET_STATE_LOWER_DOWN;
}

static void set_peer(struct net_interface *interface, const struct kernel_net_link *link)
{
	/* Some interfaces name themselves (the physical ones do). */
	const bool is_self = link->nsid == KERNEL_NSID_OWN && link->link == link->ifindex;

	interface->peer = (struct net_peer){.state = NET_PEER_NONE, .nsid = -1};
	if (link->link == 0 || is_self)
		return;
	interface->peer.ifindex = link->link;
	interface->peer.state = link->nsid == KERNEL_NSID_OWN ? NET_PEER_HERE : NET_PEER_OUTSIDE;
	if (link->nsid >= 0)
		interface->peer.nsid = link->nsid;
}

static void take_link(struct net_draft *draft, const struct kernel_net_link *link)
{
	struct net_interface *const interface =
	        net_proc_interface(draft, link->name, strnlen(link->name, sizeof(link->name) - 1));

	if (!interface) {
		net_draft_note(draft, NET_PART_INTERFACES, 1);
		return;
	}
	interface->ifindex = link->ifindex;
	interface->state = state_of(link->flags);
	if (link->kind[0])
		interface->kind = arena_strdup(draft->arena, link->kind);
	interface->has_mac = link->has_mac;
	memcpy(interface->mac, link->mac, sizeof(interface->mac));
	if (!link->has_links)
		return;
	interface->master = link->master;
	set_peer(interface, link);
}

/* They replace those of /proc/PID/net. */
static void take_addresses(struct net_draft *draft, const struct kernel_net *net)
{
	draft->n_addresses = 0;
	for (size_t i = 0; i < net->n_addresses; i++) {
		const struct kernel_net_address *const from = &net->addresses[i];
		struct net_draft_address to = {
		        .address = {.family = from->family, .prefix = from->prefix},
		        .ifindex = from->ifindex,
		};

		memcpy(to.address.bytes, from->bytes, sizeof(from->bytes));
		MEMORY_APPEND(draft->addresses, draft->n_addresses, draft->addresses_capacity) = to;
	}
}

static void note_both(struct net_draft *draft, int r)
{
	if (net_draft_wants(draft, NET_PART_ADDRESSES))
		net_draft_note(draft, NET_PART_ADDRESSES, r);
	if (net_draft_wants(draft, NET_PART_LINKS))
		net_draft_note(draft, NET_PART_LINKS, r);
}

/* Asks for the interfaces of the draft, or with NET_PART_LINKS for all. */
static void ask_inside(struct net_draft *draft)
{
	const bool is_dump = net_draft_wants(draft, NET_PART_LINKS);
	_cleanup_free_ char(*names)[16] = memory_new((draft->n_interfaces + 1) * sizeof(*names));
	struct kernel_net net;
	int r = draft->handle_error;

	for (size_t i = 0; i < draft->n_interfaces; i++)
		memcpy(names[i], draft->interfaces[i].name, strlen(draft->interfaces[i].name));
	if (r == 0)
		r = draft->k->ops->net_links
		            ? draft->k->ops->net_links(draft->k, draft->handle,
		                      (const char(*)[16])names, draft->n_interfaces, is_dump, &net)
		            : -EOPNOTSUPP;
	note_both(draft, r);
	if (r < 0)
		return;
	for (size_t i = 0; i < net.n_links; i++)
		take_link(draft, &net.links[i]);
	if (net.addresses_error == 0)
		take_addresses(draft, &net);
	note_both(draft, net.links_error);
	note_both(draft, net.is_links_cut);
	if (net_draft_wants(draft, NET_PART_ADDRESSES)) {
		net_draft_note(draft, NET_PART_ADDRESSES, net.addresses_error);
		net_draft_note(draft, NET_PART_ADDRESSES, net.is_addresses_cut);
	}
	free(net.links);
	free(net.addresses);
}

/* --- the namespaces of peers ----------------------------------------------------------------- */

/* Namespaces that are open at one time. */
enum { PEERS_AT_ONCE = 48 };

/* Gives each interface whose peer is in the namespace number `nsid` that namespace. */
static void identify(struct net_draft *draft, int nsid, const struct ns *ns)
{
	for (size_t i = 0; i < draft->n_interfaces && nsid >= 0; i++) {
		struct net_peer *const peer = &draft->interfaces[i].peer;

		if (peer->state != NET_PEER_OUTSIDE || peer->nsid != nsid)
			continue;
		peer->state = NET_PEER_THERE;
		peer->ns_inode = ns->inode;
		peer->ns_tag = ns->tag;
	}
}

/* Namespaces whose numbers are asked for in one call. */
struct batch {
	const struct net_facts_request *request;
	const struct ns *list[PEERS_AT_ONCE];
	int handles[PEERS_AT_ONCE];
	size_t n;
	size_t n_opened; /* of all batches */
};

/* Adds a namespace, unless it cannot be opened. */
static void batch_add(struct batch *batch, const struct ns *ns)
{
	const struct net_facts_request *const request = batch->request;

	batch->handles[batch->n] = request->open_ns(request->data, ns);
	batch->list[batch->n] = ns;
	batch->n += batch->handles[batch->n] >= 0;
	batch->n_opened++;
}

/* Asks for the numbers of the namespaces of a batch, and empties it. Returns 0 or a negative
 * errno. */
static int batch_ask(struct net_draft *draft, struct batch *batch)
{
	int nsids[PEERS_AT_ONCE];
	int r = draft->k->ops->net_nsids(draft->k, draft->handle, batch->handles, batch->n, nsids);

	for (size_t i = 0; i < batch->n; i++) {
		draft->k->ops->close(draft->k, batch->handles[i]);
		if (r == 0 && nsids[i] == -ETIMEDOUT)
			r = -ETIMEDOUT;
		if (r == 0)
			identify(draft, nsids[i], batch->list[i]);
	}
	batch->n = 0;
	return r;
}

/* How many interfaces have a peer in another namespace that is not identified yet, but has a
 * number. */
static size_t count_outside(const struct net_draft *draft)
{
	size_t n = 0;

	for (size_t i = 0; i < draft->n_interfaces; i++)
		n += draft->interfaces[i].peer.state == NET_PEER_OUTSIDE &&
		     draft->interfaces[i].peer.nsid >= 0;
	return n;
}

/* The network namespace with the most processes: most containers are connected to it. */
static const struct ns *likely_peer(const struct net_facts_request *request)
{
	const struct ns *found = NULL;

	for (size_t i = 0; i < request->model->n_namespaces; i++) {
		const struct ns *const ns = request->model->namespaces[i];

		if (ns->type == NS_NET && ns != request->ns &&
		        (!found || ns->n_processes > found->n_processes))
			found = ns;
	}
	return found;
}

/* Asks for the numbers of the other network namespaces of the model until each peer has its
 * namespace. Returns 0, 1 if there are too many, or a negative errno. */
static int identify_peers(struct net_draft *draft, const struct net_facts_request *request)
{
	const struct model *const model = request->model;
	const struct ns *const likely = likely_peer(request);
	struct batch batch = {.request = request};
	int r = 0;

	if (!likely || count_outside(draft) == 0)
		return 0;
	batch_add(&batch, likely);
	r = batch_ask(draft, &batch);
	for (size_t i = 0; i < model->n_namespaces && r == 0 && count_outside(draft) > 0; i++) {
		const struct ns *const ns = model->namespaces[i];

		if (ns->type != NS_NET || ns == request->ns || ns == likely)
			continue;
		if (batch.n_opened == KERNEL_NSIDS_MAX) {
			r = batch_ask(draft, &batch);
			return r < 0 ? r : count_outside(draft) > 0;
		}
		batch_add(&batch, ns);
		if (batch.n == PEERS_AT_ONCE)
			r = batch_ask(draft, &batch);
	}
	return r == 0 && batch.n > 0 ? batch_ask(draft, &batch) : r;
}

/* --- the result ------------------------------------------------------------------------------ */

/* By index, then those without one, by name. */
static int compare_interfaces(const void *a, const void *b)
{
	const struct net_interface *const x = a, *const y = b;

	if (x->ifindex != y->ifindex)
		return COMPARE((unsigned)x->ifindex - 1, (unsigned)y->ifindex - 1);
	return x->name && y->name ? strcmp(x->name, y->name) : COMPARE(!x->name, !y->name);
}

/* The place of the interface of an address in the draft; -1: it is not known. */
static ssize_t place_of(const struct net_draft *draft, const struct net_draft_address *address)
{
	for (size_t i = 0; i < draft->n_interfaces; i++) {
		const struct net_interface *const interface = &draft->interfaces[i];

		if (address->ifindex > 0 ? interface->ifindex == address->ifindex
		                         : address->name && interface->name &&
		                                   strcmp(interface->name, address->name) == 0)
			return (ssize_t)i;
	}
	return -1;
}

/* An address with the place of its interface. */
struct placed {
	ssize_t place;
	struct net_address address;
};

static int compare_placed(const void *a, const void *b)
{
	const struct placed *const x = a, *const y = b;
	const int place = COMPARE(x->place, y->place);
	const int family =
	        place ? place
	              : COMPARE(x->address.family == AF_INET6, y->address.family == AF_INET6);

	return family ? family
	              : memcmp(x->address.bytes, y->address.bytes, sizeof(x->address.bytes));
}

/* An interface that only an address shows. */
static void add_nameless(struct net_draft *draft, int ifindex)
{
	MEMORY_APPEND(draft->interfaces, draft->n_interfaces, draft->interfaces_capacity) =
	        (struct net_interface){.ifindex = ifindex, .master = -1, .peer = {.nsid = -1}};
}

/* Sorts interfaces and addresses, and gives each interface its addresses. */
static void finish(struct net_draft *draft)
{
	struct net_facts *const facts = draft->facts;
	_cleanup_free_ struct placed *placed =
	        memory_new((draft->n_addresses + 1) * sizeof(*placed));
	size_t at = 0;

	for (size_t i = 0; i < draft->n_addresses; i++) {
		const struct net_draft_address *const address = &draft->addresses[i];

		if (address->ifindex > 0 && place_of(draft, address) < 0 &&
		        draft->n_interfaces < NET_INTERFACES_MAX)
			add_nameless(draft, address->ifindex);
	}
	struct net_interface *const interfaces =
	        arena_array(draft->arena, draft->n_interfaces, sizeof(*interfaces));
	struct net_address *const addresses =
	        arena_array(draft->arena, draft->n_addresses, sizeof(*addresses));
	if (draft->n_interfaces > 0)
		qsort(draft->interfaces, draft->n_interfaces, sizeof(*interfaces),
		        compare_interfaces);
	for (size_t i = 0; i < draft->n_addresses; i++)
		placed[i] = (struct placed){
		        place_of(draft, &draft->addresses[i]), draft->addresses[i].address};
	qsort(placed, draft->n_addresses, sizeof(*placed), compare_placed);
	for (size_t i = 0; i < draft->n_addresses; i++)
		addresses[i] = placed[i].address;
	while (at < draft->n_addresses && placed[at].place < 0)
		at++;
	facts->addresses = addresses;
	facts->n_addresses = at;
	for (size_t i = 0; i < draft->n_interfaces; i++) {
		interfaces[i] = draft->interfaces[i];
		interfaces[i].addresses = &addresses[at];
		while (at < draft->n_addresses && placed[at].place == (ssize_t)i) {
			at++;
			interfaces[i].n_addresses++;
		}
	}
	facts->interfaces = interfaces;
	facts->n_interfaces = draft->n_interfaces;
}

/* Whether the handle is of the namespace. */
static int check_handle(const struct net_draft *draft)
{
	struct nsrel_key key;

	if (draft->handle < 0)
		return draft->handle;
	const int r = draft->k->ops->ns_key(draft->k, draft->handle, &key);
	return r == 0 && key.ino != draft->ns->inode ? -ESTALE : r;
}

static void read_parts(struct net_draft *draft, const struct net_facts_request *request)
{
	const bool with_addresses = net_draft_wants(draft, NET_PART_ADDRESSES);
	const bool with_links = net_draft_wants(draft, NET_PART_LINKS);

	if (with_addresses || net_draft_wants(draft, NET_PART_INTERFACES))
		net_proc_interfaces(draft);
	if (with_addresses || with_links)
		ask_inside(draft);
	if (with_links && request->open_ns && draft->k->ops->net_nsids)
		net_draft_note(draft, NET_PART_LINKS, identify_peers(draft, request));
	const bool with_local = net_draft_wants(draft, NET_PART_LOCAL) &&
	                        draft->facts->parts[NET_PART_ADDRESSES].state != NET_KNOWN;
	if (with_local || net_draft_wants(draft, NET_PART_ROUTES))
		net_proc_routes(draft, with_local);
	if (net_draft_wants(draft, NET_PART_SOCKETS))
		net_sockets_read(draft);
}

/* Why a process that has a socket may not be a member of the namespace in the model: a negative
 * errno, or 0. */
static int why_unseen(const struct model *model)
{
	if (model->host.unreadable > 0 || model_is_partial_by(model, PARTIAL_HIDEPID))
		return -EACCES;
	return model_is_partial_by(model, PARTIAL_PID_NAMESPACE) ||
	                       model_is_partial_by(model, PARTIAL_FOREIGN_PROC)
	               ? -ENODATA
	               : 0;
}

void net_facts_read(struct kernel *k, const struct net_facts_request *request, struct arena *arena,
        struct net_facts *ret)
{
	struct net_draft draft = {
	        .k = k,
	        .ns = request->ns,
	        .process = request->process,
	        .handle = request->handle,
	        .parts = request->parts,
	        .unseen = why_unseen(request->model),
	        .arena = arena,
	        .facts = ret,
	};

	*ret = (struct net_facts){.n_interfaces = 0};
	draft.handle_error = check_handle(&draft);
	net_proc_open(&draft);
	read_parts(&draft, request);
	net_proc_close(&draft);
	finish(&draft);
	free(draft.interfaces);
	free(draft.addresses);
}
