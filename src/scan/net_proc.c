/* SPDX-License-Identifier: Apache-2.0 */
#include "base/memory.h"
#include "kernel/proc/proc_net.h"
#include "scan/net_draft.h"

#include <string.h>
#include <sys/socket.h>

/* --- files ----------------------------------------------------------------------------------- */

/* The files that each part needs. */
static unsigned wanted_files(const struct net_draft *draft)
{
	enum {
		INTERFACES = 1u << KERNEL_NET_DEV | 1u << KERNEL_NET_DEV_MCAST |
		             1u << KERNEL_NET_IF_INET6,
	};
	static const unsigned FILES[NET_PARTS] = {
	        [NET_PART_INTERFACES] = INTERFACES,
	        [NET_PART_LOCAL] = 1u << KERNEL_NET_FIB_TRIE | 1u << KERNEL_NET_ROUTE,
	        [NET_PART_ROUTES] = 1u << KERNEL_NET_ROUTE | 1u << KERNEL_NET_IPV6_ROUTE,
	        [NET_PART_SOCKETS] = 1u << KERNEL_NET_TCP | 1u << KERNEL_NET_TCP6 |
	                             1u << KERNEL_NET_UDP | 1u << KERNEL_NET_UDP6,
	        [NET_PART_ADDRESSES] = INTERFACES, /* the names to ask for */
	};
	unsigned files = 0;

	for (enum net_part part = 0; part < NET_PARTS; part++)
		files |= net_draft_wants(draft, part) ? FILES[part] : 0;
	return files;
}

/* The inode of the namespace of the process, or 0 and *ret_error. */
static uint64_t ns_of_process(const struct net_draft *draft, int *ret_error)
{
	const struct kernel_ops *const ops = draft->k->ops;
	const int dir = ops->ns_dir_open(draft->k, draft->process);
	char text[64];
	struct proc_link link;

	if (dir < 0) {
		*ret_error = dir;
		return 0;
	}
	const ssize_t n = ops->ns_link(draft->k, dir, "net", text, sizeof(text));
	ops->close(draft->k, dir);
	*ret_error = n < 0 ? (int)n : proc_link_parse(text, (size_t)n, &link);
	return *ret_error == 0 ? link.inode : 0;
}

/* A process may leave its network namespace (setns(2)). */
static int open_of_process(struct net_draft *draft, unsigned files)
{
	const uint64_t inode = draft->ns->inode;
	int error;

	if (ns_of_process(draft, &error) != inode)
		return error < 0 ? error : -ESRCH;
	for (enum kernel_net_file i = 0; i < KERNEL_NET_FILES; i++) {
		if (files & 1u << i)
			draft->files[i] = draft->k->ops->file_open(
			        draft->k, draft->process, kernel_net_path(i));
	}
	if (ns_of_process(draft, &error) == inode || error < 0)
		return 0;
	net_proc_close(draft);
	return -ESRCH;
}

void net_proc_open(struct net_draft *draft)
{
	const struct kernel_ops *const ops = draft->k->ops;
	const unsigned files = wanted_files(draft);
	int r = draft->process;

	for (size_t i = 0; i < KERNEL_NET_FILES; i++)
		draft->files[i] = -EBADF;
	if (files == 0)
		return;
	if (draft->process >= 0)
		r = open_of_process(draft, files);
	if (r < 0 && draft->handle_error == 0 && ops->net_files_open) {
		const int entered =
		        ops->net_files_open(draft->k, draft->handle, files, draft->files);

		r = entered == -EOPNOTSUPP && draft->process >= 0 ? r : entered;
	}
	for (size_t i = 0; i < KERNEL_NET_FILES && r < 0; i++)
		draft->files[i] = r;
}

void net_proc_close(struct net_draft *draft)
{
	for (size_t i = 0; i < KERNEL_NET_FILES; i++) {
		kernel_close(draft->k, draft->files[i]);
		draft->files[i] = -EBADF;
	}
}

/* --- lines ----------------------------------------------------------------------------------- */

/* A line is much shorter. The limit of a file is about 30,000 sockets. */
enum { BUFFER_SIZE = 64 * 1024, FILE_MAX = 4 * 1024 * 1024 };

struct lines {
	struct net_draft *draft;
	net_proc_line_fn *take;
	void *data;
	char *buffer;
	size_t len;
	bool is_malformed, is_at_end;
	int stopped; /* what `take` returned: 1 or 2 */
};

static void take_line(struct lines *lines, const char *line, size_t len)
{
	const int r = lines->take(lines->draft, line, len, lines->data);

	if (r > 0)
		lines->stopped = r;
	else if (r < 0 && r != -ENODATA)
		lines->is_malformed = true;
}

/* Takes the complete lines of the buffer, at the end of the file also the last one. What is left
 * moves to the start. */
static void take_lines(struct lines *lines)
{
	const char *const end = lines->buffer + lines->len;
	const char *line = lines->buffer;

	while (line < end && !lines->stopped) {
		const char *newline = memchr(line, '\n', (size_t)(end - line));

		if (!newline && !lines->is_at_end)
			break;
		newline = newline ? newline : end;
		take_line(lines, line, (size_t)(newline - line));
		line = newline < end ? newline + 1 : end;
	}
	lines->len = (size_t)(end - line);
	memmove(lines->buffer, line, lines->len);
}

static bool is_of_ipv6(enum kernel_net_file file)
{
	return file == KERNEL_NET_IF_INET6 || file == KERNEL_NET_IPV6_ROUTE ||
	       file == KERNEL_NET_TCP6 || file == KERNEL_NET_UDP6;
}

int net_proc_lines(
        struct net_draft *draft, enum kernel_net_file file, net_proc_line_fn *take, void *data)
{
	_cleanup_free_ char *buffer = memory_new(BUFFER_SIZE);
	struct lines lines = {.draft = draft, .take = take, .data = data, .buffer = buffer};
	size_t total = 0;

	if (draft->files[file] == -ENOENT && is_of_ipv6(file))
		return 0;
	if (draft->files[file] < 0)
		return draft->files[file];
	while (!lines.is_at_end && !lines.stopped) {
		if (total >= FILE_MAX || lines.len == BUFFER_SIZE)
			return 1;
		const ssize_t n = draft->k->ops->file_read(
		        draft->k, draft->files[file], buffer + lines.len, BUFFER_SIZE - lines.len);
		if (n < 0)
			return (int)n;
		total += (size_t)n;
		lines.len += (size_t)n;
		lines.is_at_end = n == 0;
		take_lines(&lines);
	}
	return lines.is_malformed ? -EBADMSG : lines.stopped == 2;
}

/* --- interfaces ------------------------------------------------------------------------------ */

/* Consecutive lines often have the same name: the search begins at that of the line before. */
struct net_interface *net_proc_interface(struct net_draft *draft, const char *name, size_t len)
{
	for (size_t n = 0; n < draft->n_interfaces; n++) {
		const size_t i = (draft->last_interface + n) % draft->n_interfaces;
		struct net_interface *const interface = &draft->interfaces[i];

		if (strlen(interface->name) == len && memcmp(interface->name, name, len) == 0) {
			draft->last_interface = i;
			return interface;
		}
	}
	if (draft->n_interfaces == NET_INTERFACES_MAX)
		return NULL;
	MEMORY_APPEND(draft->interfaces, draft->n_interfaces, draft->interfaces_capacity) =
	        (struct net_interface){
	                .name = arena_copy(draft->arena, name, len),
	                .master = -1,
	                .peer = {.nsid = -1},
	        };
	return &draft->interfaces[draft->n_interfaces - 1];
}

static int add_address(struct net_draft *draft, const struct net_draft_address *address)
{
	if (draft->n_addresses == NET_ADDRESSES_MAX)
		return 2;
	MEMORY_APPEND(draft->addresses, draft->n_addresses, draft->addresses_capacity) = *address;
	return 0;
}

static int take_dev(struct net_draft *draft, const char *line, size_t len, _unused_ void *data)
{
	struct proc_slice name;
	const int r = proc_net_dev_parse(line, len, &name);

	if (r < 0)
		return r;
	return net_proc_interface(draft, name.bytes, name.len) ? 0 : 2;
}

static int take_dev_mcast(
        struct net_draft *draft, const char *line, size_t len, _unused_ void *data)
{
	struct proc_slice name;
	unsigned ifindex;
	const int r = proc_net_dev_mcast_parse(line, len, &name, &ifindex);
	struct net_interface *const interface =
	        r == 0 ? net_proc_interface(draft, name.bytes, name.len) : NULL;

	if (r < 0)
		return r;
	if (!interface)
		return 2;
	interface->ifindex = (int)ifindex;
	return 0;
}

static int take_inet6(struct net_draft *draft, const char *line, size_t len, _unused_ void *data)
{
	struct proc_net_inet6 entry;
	const int r = proc_net_inet6_parse(line, len, &entry);
	struct net_interface *const interface =
	        r == 0 ? net_proc_interface(draft, entry.name.bytes, entry.name.len) : NULL;
	struct net_draft_address address = {
	        .address = {.family = AF_INET6, .prefix = (int)entry.prefix},
	        .ifindex = (int)entry.ifindex,
	};

	if (r < 0)
		return r;
	if (!interface)
		return 2;
	interface->ifindex = (int)entry.ifindex;
	memcpy(address.address.bytes, entry.address, sizeof(entry.address));
	return add_address(draft, &address);
}

void net_proc_interfaces(struct net_draft *draft)
{
	static const struct {
		enum kernel_net_file file;
		net_proc_line_fn *take;
	} STEPS[] = {
	        {KERNEL_NET_DEV, take_dev},
	        {KERNEL_NET_DEV_MCAST, take_dev_mcast},
	        {KERNEL_NET_IF_INET6, take_inet6},
	};

	for (size_t i = 0; i < ARRAY_SIZE(STEPS); i++)
		net_draft_note(draft, NET_PART_INTERFACES,
		        net_proc_lines(draft, STEPS[i].file, STEPS[i].take, NULL));
}

/* --- routes ---------------------------------------------------------------------------------- */

/* What is kept of route and ipv6_route. */
struct routes {
	struct proc_net_route *items; /* the names are in the arena */
	size_t n, capacity, most;
};

struct tables {
	struct routes direct;   /* to networks that are reached directly, of IPv4 */
	struct routes defaults; /* of IPv4, then of IPv6 */
	size_t n_ipv4;          /* default routes */
};

static int keep(struct net_draft *draft, struct routes *routes, struct proc_net_route *route)
{
	if (routes->n == routes->most)
		return 2;
	route->name.bytes = arena_copy(draft->arena, route->name.bytes, route->name.len);
	MEMORY_APPEND(routes->items, routes->n, routes->capacity) = *route;
	return 0;
}

static int take_route(struct net_draft *draft, const char *line, size_t len, void *data)
{
	struct tables *const tables = data;
	struct proc_net_route route;
	const int r = proc_net_route_parse(line, len, &route);

	if (r < 0 || route.is_reject)
		return r;
	if (route.prefix == 0)
		return keep(draft, &tables->defaults, &route);
	return route.has_gateway || route.prefix == 32 ? 0 : keep(draft, &tables->direct, &route);
}

static int take_ipv6_route(struct net_draft *draft, const char *line, size_t len, void *data)
{
	struct tables *const tables = data;
	struct proc_net_route route;
	const int r = proc_net_ipv6_route_parse(line, len, &route);

	if (r < 0 || route.is_reject || route.prefix != 0)
		return r;
	return keep(draft, &tables->defaults, &route);
}

static int compare_routes(const void *a, const void *b)
{
	const struct net_route *const x = a, *const y = b;
	const int family = COMPARE(x->family == AF_INET6, y->family == AF_INET6);
	const int metric = family ? family : COMPARE(x->metric, y->metric);

	return metric ? metric : memcmp(x->gateway, y->gateway, sizeof(x->gateway));
}

static void finish_routes(struct net_draft *draft, const struct tables *tables)
{
	const size_t n = tables->defaults.n;
	struct net_route *const list = arena_array(draft->arena, n, sizeof(*list));

	for (size_t i = 0; i < n; i++) {
		const struct proc_net_route *const route = &tables->defaults.items[i];

		list[i] = (struct net_route){
		        .family = i < tables->n_ipv4 ? AF_INET : AF_INET6,
		        .has_gateway = route->has_gateway,
		        .interface = route->name.bytes,
		        .metric = route->metric,
		};
		memcpy(list[i].gateway, route->gateway, sizeof(list[i].gateway));
	}
	qsort(list, n, sizeof(*list), compare_routes);
	draft->facts->routes = list;
	draft->facts->n_routes = n;
}

/* --- IPv4 addresses -------------------------------------------------------------------------- */

static bool is_in(const uint8_t address[static 4], const struct proc_net_route *route)
{
	for (unsigned i = 0; i < route->prefix; i++) {
		if ((address[i / 8] ^ route->destination[i / 8]) & 0x80 >> i % 8)
			return false;
	}
	return true;
}

/* The interface and prefix of an address, if it is in the network of routes of one interface
 * only. */
static void join(const struct routes *direct, struct net_draft_address *address)
{
	const struct proc_net_route *found = NULL;

	for (size_t i = 0; i < direct->n; i++) {
		const struct proc_net_route *const route = &direct->items[i];

		if (!is_in(address->address.bytes, route))
			continue;
		if (found && strcmp(found->name.bytes, route->name.bytes) != 0)
			return;
		if (!found || route->prefix > found->prefix)
			found = route;
	}
	if (!found)
		return;
	address->name = found->name.bytes;
	address->address.prefix = (int)found->prefix;
	address->address.is_by_route = true;
}

struct local {
	struct proc_net_fib fib;
	const struct routes *direct;
	size_t first; /* address of the draft */
};

static int take_fib(struct net_draft *draft, const char *line, size_t len, void *data)
{
	struct local *const local = data;
	struct net_draft_address address = {.address = {.family = AF_INET, .prefix = -1}};
	const int r = proc_net_fib_parse(&local->fib, line, len, address.address.bytes);

	if (r < 0)
		return r;
	for (size_t i = local->first; i < draft->n_addresses; i++) {
		if (memcmp(draft->addresses[i].address.bytes, address.address.bytes, 4) == 0)
			return 0;
	}
	join(local->direct, &address);
	return add_address(draft, &address);
}

void net_proc_routes(struct net_draft *draft, bool with_local)
{
	enum { DIRECT_MAX = 4096 };
	struct tables tables = {.direct.most = DIRECT_MAX, .defaults.most = NET_ROUTES_MAX};
	struct local local = {.direct = &tables.direct, .first = draft->n_addresses};
	const int r = net_proc_lines(draft, KERNEL_NET_ROUTE, take_route, &tables);

	tables.n_ipv4 = tables.defaults.n;
	if (net_draft_wants(draft, NET_PART_ROUTES)) {
		net_draft_note(draft, NET_PART_ROUTES, r);
		net_draft_note(draft, NET_PART_ROUTES,
		        net_proc_lines(draft, KERNEL_NET_IPV6_ROUTE, take_ipv6_route, &tables));
		finish_routes(draft, &tables);
	}
	if (with_local) {
		net_draft_note(draft, NET_PART_LOCAL, r);
		net_draft_note(draft, NET_PART_LOCAL,
		        net_proc_lines(draft, KERNEL_NET_FIB_TRIE, take_fib, &local));
	}
	free(tables.direct.items);
	free(tables.defaults.items);
}
