/* SPDX-License-Identifier: Apache-2.0 */
#include "base/memory.h"
#include "base/u64.h"
#include "kernel/proc/proc_net.h"
#include "scan/net_draft.h"
#include "scan/ns_open.h"

#include <string.h>
#include <sys/socket.h>

/* --- sockets --------------------------------------------------------------------------------- */

struct sockets {
	enum net_protocol protocol; /* of the file that is read */
	bool is_6;
	struct net_socket *items;
	size_t n, capacity;
};

/* In tcp and tcp6 the listening sockets come first, before Linux 4.4 among those in SYN_RECV: any
 * other state ends them. */
static int take_socket(_unused_ struct net_draft *draft, const char *line, size_t len, void *data)
{
	struct sockets *const sockets = data;
	struct proc_net_socket entry;
	const int r = proc_net_socket_parse(line, len, sockets->is_6, &entry);
	const bool is_tcp = sockets->protocol == NET_TCP;

	if (r < 0)
		return r;
	if (entry.state != (is_tcp ? PROC_NET_LISTEN : PROC_NET_CLOSE))
		return is_tcp && entry.state != PROC_NET_SYN_RECV ? 1 : 0;
	if (sockets->n == NET_SOCKETS_MAX)
		return 2;
	MEMORY_APPEND(sockets->items, sockets->n, sockets->capacity) = (struct net_socket){
	        .protocol = sockets->protocol,
	        .address = {.family = sockets->is_6 ? AF_INET6 : AF_INET, .prefix = -1},
	        .port = entry.port,
	        .uid = entry.uid,
	        .inode = entry.inode,
	};
	memcpy(sockets->items[sockets->n - 1].address.bytes, entry.address, sizeof(entry.address));
	return 0;
}

static int compare_sockets(const void *a, const void *b)
{
	const struct net_socket *const x = a, *const y = b;
	const int by[] = {
	        COMPARE(x->protocol, y->protocol),
	        COMPARE(x->port, y->port),
	        COMPARE(x->address.family == AF_INET6, y->address.family == AF_INET6),
	        memcmp(x->address.bytes, y->address.bytes, sizeof(x->address.bytes)),
	        COMPARE(x->inode, y->inode),
	};

	for (size_t i = 0; i < ARRAY_SIZE(by); i++) {
		if (by[i])
			return by[i];
	}
	return 0;
}

/* A socket may come twice if others are made or closed while the file is read. */
static size_t drop_repeated(struct net_socket *items, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		if (kept == 0 || compare_sockets(&items[kept - 1], &items[i]) != 0)
			items[kept++] = items[i];
	}
	return kept;
}

static void read_sockets(struct net_draft *draft, struct sockets *sockets)
{
	static const struct {
		enum kernel_net_file file;
		enum net_protocol protocol;
		bool is_6;
	} STEPS[] = {
	        {KERNEL_NET_TCP, NET_TCP, false},
	        {KERNEL_NET_TCP6, NET_TCP, true},
	        {KERNEL_NET_UDP, NET_UDP, false},
	        {KERNEL_NET_UDP6, NET_UDP, true},
	};

	for (size_t i = 0; i < ARRAY_SIZE(STEPS); i++) {
		sockets->protocol = STEPS[i].protocol;
		sockets->is_6 = STEPS[i].is_6;
		net_draft_note(draft, NET_PART_SOCKETS,
		        net_proc_lines(draft, STEPS[i].file, take_socket, sockets));
	}
	if (sockets->n > 0)
		qsort(sockets->items, sockets->n, sizeof(*sockets->items), compare_sockets);
	sockets->n = drop_repeated(sockets->items, sockets->n);
}

/* --- processes ------------------------------------------------------------------------------- */

/* At most so many descriptors are looked at for one namespace. */
enum { DESCRIPTORS_MAX = 64 * 1024 };

struct found {
	uint64_t inode;
	struct net_socket_process process;
};

struct search {
	struct u64_set inodes; /* of the sockets */
	struct found *found;
	size_t n, capacity;
	size_t n_descriptors;
	bool is_cut;
	int error; /* of the first process that could not be read */
};

static void look_at(struct search *search, struct kernel *k, pid_t pid, int fds, int fd)
{
	char text[64];
	const ssize_t n = k->ops->fd_link(k, fds, fd, text, sizeof(text));
	uint64_t inode;

	search->n_descriptors++;
	if (n < 0 || proc_net_socket_link_parse(text, (size_t)n, &inode) < 0 ||
	        !u64_set_has(&search->inodes, inode))
		return;
	if (search->n == NET_SOCKET_PROCESSES_MAX)
		search->is_cut = true;
	else
		MEMORY_APPEND(search->found, search->n, search->capacity) =
		        (struct found){inode, {pid, fd}};
}

/* Looks at the descriptors of a process. Returns 0, also if it has ended, or a negative errno. */
static int search_process(struct search *search, struct kernel *k, const struct process *member)
{
	enum { MANY = 256 };
	const int process = ns_open_process(k, member);
	const int fds = process < 0 ? process : k->ops->fds_open(k, process);
	int numbers[MANY];
	ssize_t n = fds;

	while (fds >= 0 && !search->is_cut && (n = k->ops->fds_next(k, fds, numbers, MANY)) > 0) {
		for (ssize_t i = 0; i < n; i++)
			look_at(search, k, member->pid, fds, numbers[i]);
		if (search->n_descriptors > DESCRIPTORS_MAX)
			search->is_cut = true;
	}
	kernel_close(k, fds);
	kernel_close(k, process);
	return n < 0 && n != -ENOENT && n != -ESRCH ? (int)n : 0;
}

static void search_members(struct search *search, struct net_draft *draft)
{
	const struct ns *const ns = draft->ns;

	for (size_t i = 0; i < ns->n_processes && !search->is_cut; i++) {
		const struct process *const process = ns->processes[i];
		const int r = process->is_kernel ? 0 : search_process(search, draft->k, process);

		if (r < 0 && search->error == 0)
			search->error = r;
	}
}

static int compare_found(const void *a, const void *b)
{
	const struct found *const x = a, *const y = b;
	const int inode = COMPARE(x->inode, y->inode);
	const int pid = inode ? inode : COMPARE(x->process.pid, y->process.pid);

	return pid ? pid : COMPARE(x->process.fd, y->process.fd);
}

/* Gives each socket its processes. Returns how many have none. */
static size_t assign(const struct search *search, struct arena *arena, struct net_socket *sockets,
        size_t n_sockets)
{
	struct net_socket_process *const list = arena_array(arena, search->n, sizeof(*list));
	size_t n_without = 0;

	for (size_t i = 0; i < search->n; i++)
		list[i] = search->found[i].process;
	for (size_t i = 0; i < n_sockets; i++) {
		const uint64_t inode = sockets[i].inode;
		const size_t first = LOWER_BOUND(search->n, at, search->found[at].inode < inode);
		size_t end = first;

		while (end < search->n && search->found[end].inode == inode)
			end++;
		sockets[i].processes = &list[first];
		sockets[i].n_processes = end - first;
		n_without += end == first;
	}
	return n_without;
}

static void find_processes(struct net_draft *draft, struct net_socket *sockets, size_t n)
{
	struct search search = {.n = 0};

	for (size_t i = 0; i < n; i++)
		u64_set_push(&search.inodes, sockets[i].inode);
	u64_set_sort_unique(&search.inodes);
	if (n > 0)
		search_members(&search, draft);
	if (search.n > 0)
		qsort(search.found, search.n, sizeof(*search.found), compare_found);
	const size_t n_without = assign(&search, draft->arena, sockets, n);
	/* A process that is not readable, or whose namespaces are not, matters only if a socket may
	 * be its. */
	if (search.error == 0)
		search.error = draft->unseen;
	net_draft_note(draft, NET_PART_PROCESSES, search.is_cut);
	net_draft_note(draft, NET_PART_PROCESSES, n_without > 0 ? search.error : 0);
	net_draft_note(draft, NET_PART_PROCESSES, -draft->facts->parts[NET_PART_SOCKETS].error);
	free(search.found);
	u64_set_release(&search.inodes);
}

void net_sockets_read(struct net_draft *draft)
{
	struct sockets sockets = {.n = 0};

	read_sockets(draft, &sockets);
	struct net_socket *const list = arena_array(draft->arena, sockets.n, sizeof(*list));
	if (sockets.n > 0)
		memcpy(list, sockets.items, sockets.n * sizeof(*list));
	free(sockets.items);
	if (net_draft_wants(draft, NET_PART_PROCESSES))
		find_processes(draft, list, sockets.n);
	draft->facts->sockets = list;
	draft->facts->n_sockets = sockets.n;
}
