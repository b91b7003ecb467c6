/* SPDX-License-Identifier: Apache-2.0 */
/* What is in a network namespace, by the text of files: in pieces of any size, malformed, missing,
 * too long; and by operations that fail or hang. */
#include "base/arena.h"
#include "base/attributes.h"
#include "base/memory.h"
#include "scan/net_facts_read.h"
#include "tests/unit.h"

#include <linux/if.h>
#include <string.h>
#include <sys/socket.h>

enum { INODE = 77, PROCESS = 5, HANDLE = 6, PEER_HANDLE = 7, FILES = 100, MAX = 2 * 1024 * 1024 };

/* A kernel that has only these files. */
struct files {
	struct kernel base;
	const char *texts[KERNEL_NET_FILES]; /* NULL: not there */
	size_t at[KERNEL_NET_FILES];
	size_t piece; /* bytes of each read */
	int is_moved; /* the process is in another namespace after so many looks */
	int read_error;
	int links_error, nsids_error, nsid;
	int n_open, n_nsids;
	size_t n_unreadable; /* processes of the host */
};

static struct files *files_of(struct kernel *k)
{
	return (struct files *)k;
}

static int ns_dir_open(struct kernel *k, int process)
{
	assert_int_equal(process, PROCESS);
	files_of(k)->n_open++;
	return 3;
}

static ssize_t ns_link(
        struct kernel *k, _unused_ int dir, const char *link, char *buffer, size_t size)
{
	struct files *const files = files_of(k);

	assert_string_equal(link, "net");
	return snprintf(buffer, size, "net:[%d]", files->is_moved-- == 1 ? INODE + 1 : INODE);
}

static int file_open(struct kernel *k, int process, const char *file)
{
	assert_int_equal(process, PROCESS);
	for (enum kernel_net_file i = 0; i < KERNEL_NET_FILES; i++) {
		if (strcmp(file, kernel_net_path(i)) != 0)
			continue;
		files_of(k)->at[i] = 0;
		files_of(k)->n_open += files_of(k)->texts[i] != NULL;
		return files_of(k)->texts[i] ? FILES + (int)i : -ENOENT;
	}
	return -ENOENT;
}

static ssize_t file_read(struct kernel *k, int file, char *buffer, size_t size)
{
	struct files *const files = files_of(k);
	const char *const text = files->texts[file - FILES] + files->at[file - FILES];
	const size_t most = MIN(files->piece, size), n = strnlen(text, most);

	if (files->read_error)
		return files->read_error;
	memcpy(buffer, text, n);
	files->at[file - FILES] += n;
	return (ssize_t)n;
}

static int ns_key(_unused_ struct kernel *k, int ns, struct nsrel_key *ret)
{
	*ret = (struct nsrel_key){.ino = ns == HANDLE ? INODE : INODE + 1};
	return 0;
}

/* One veth, whose peer is in the namespace number 3. */
static int net_links(struct kernel *k, int ns, _unused_ const char (*names)[16], _unused_ size_t n,
        bool is_dump, struct kernel_net *ret)
{
	struct files *const files = files_of(k);

	assert_int_equal(ns, HANDLE);
	*ret = (struct kernel_net){.links_error = files->links_error};
	ret->links = memory_new(sizeof(*ret->links));
	ret->n_links = 1;
	ret->links[0] = (struct kernel_net_link){.name = "eth0",
	        .ifindex = 2,
	        .flags = IFF_UP,
	        .has_links = is_dump,
	        .link = 9,
	        .nsid = 3};
	return 0;
}

static int net_nsids(struct kernel *k, int ns, const int *others, size_t n, int *ret_nsids)
{
	struct files *const files = files_of(k);

	assert_int_equal(ns, HANDLE);
	files->n_nsids++;
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(others[i], PEER_HANDLE);
		ret_nsids[i] = files->nsid;
	}
	return files->nsids_error;
}

static void close_handle(struct kernel *k, _unused_ int handle)
{
	files_of(k)->n_open--;
}

static const struct kernel_ops OPS = {
        .ns_dir_open = ns_dir_open,
        .ns_link = ns_link,
        .ns_key = ns_key,
        .file_open = file_open,
        .file_read = file_read,
        .net_links = net_links,
        .net_nsids = net_nsids,
        .close = close_handle,
};

static int open_peer(void *data, _unused_ const struct ns *ns)
{
	files_of(data)->n_open++;
	return PEER_HANDLE;
}

static struct net_facts read_files(struct files *files, struct arena *arena, unsigned parts)
{
	static const struct ns ns = {.type = NS_NET, .inode = INODE},
	                       peer = {.type = NS_NET, .inode = INODE + 1, .tag = 12};
	static const struct ns *const list[] = {&ns, &peer};
	const struct model model = {
	        .namespaces = list, .n_namespaces = 2, .host.unreadable = files->n_unreadable};
	const struct net_facts_request request = {
	        .model = &model,
	        .ns = &ns,
	        .process = PROCESS,
	        .handle = HANDLE,
	        .parts = parts,
	        .open_ns = open_peer,
	        .data = files,
	};
	struct net_facts facts;

	files->base.ops = &OPS;
	files->piece = files->piece ? files->piece : SIZE_MAX;
	net_facts_read(&files->base, &request, arena, &facts);
	assert_int_equal(files->n_open, 0);
	return facts;
}

/* Parts that files show, without what is asked inside. */
#define BY_FILES                                                                                   \
	(1u << NET_PART_INTERFACES | 1u << NET_PART_LOCAL | 1u << NET_PART_ROUTES |                \
	        1u << NET_PART_SOCKETS)

static const struct files SAMPLE = {
        .texts = {
                [KERNEL_NET_DEV] = "Inter-|   Receive  |  Transmit\n face |bytes |bytes\n"
                                   "    lo:       0       0\n  eth0: 0 0\n",
                [KERNEL_NET_DEV_MCAST] = "2    eth0            1     0     333300000001\n",
                [KERNEL_NET_IF_INET6] = "00000000000000000000000000000001 01 80 10 80       lo\n",
                [KERNEL_NET_ROUTE] = "Iface\tDestination\tGateway \tFlags\n"
                                     "eth0\t00000000\t01010101\t0003\t0\t0\t7\t00000000\t0\n"
                                     "eth0\tFFFFFFFF\t00000000\t0001\t0\t0\t0\tFFFFFFFF\t0\n",
                [KERNEL_NET_FIB_TRIE] = "Main:\n  |-- 10.0.0.1\n    /32 host LOCAL\nLocal:\n"
                                        "  |-- 10.0.0.1\n    /32 host LOCAL\n",
                [KERNEL_NET_TCP] = "  sl  local_address\n"
                                   "   0: 00000000:0050 00000000:0000 0A 0:0 00:0 0  33 0 4711\n"
                                   "   1: 00000000:0051 00000000:0000 03 0:0 00:0 0  33 0 4712\n"
                                   "   2: 00000000:0052 00000000:0000 0A 0:0 00:0 0  33 0 4713\n"
                                   "   3: 00000000:0053 00000000:0000 01 0:0 00:0 0  33 0 4714\n",
                [KERNEL_NET_UDP] = "  sl  local_address\n"
                                   "   0: 00000000:0035 00000000:0000 07 0:0 00:0 0  0 0 4715 2",
        }};

static void check_sample(const struct net_facts *facts)
{
	for (enum net_part i = 0; i < NET_PARTS; i++)
		assert_int_equal(
		        facts->parts[i].state, BY_FILES >> i & 1 ? NET_KNOWN : NET_NOT_ASKED);
	assert_int_equal(facts->n_interfaces, 2);
	assert_string_equal(facts->interfaces[0].name, "lo");
	assert_string_equal(facts->interfaces[1].name, "eth0");
	assert_int_equal(facts->interfaces[1].ifindex, 2);
	assert_int_equal(facts->interfaces[0].n_addresses, 1);
	assert_int_equal(facts->n_addresses, 1);
	assert_int_equal(facts->n_routes, 1);
	assert_int_equal(facts->routes[0].metric, 7);
	/* Two listening in tcp, before the first that is connected; in udp the last line has no
	 * newline. */
	assert_int_equal(facts->n_sockets, 3);
	assert_int_equal(facts->sockets[0].port, 80);
	assert_int_equal(facts->sockets[1].port, 82);
	assert_int_equal(facts->sockets[2].port, 53);
	assert_int_equal(facts->sockets[2].protocol, NET_UDP);
	assert_int_equal(facts->sockets[0].uid, 33);
}

static void pieces_of_any_size(void **state)
{
	for (size_t piece = 1; piece < 300; piece++) {
		struct arena *const arena = arena_new();
		struct files files = SAMPLE;

		files.piece = piece;
		const struct net_facts facts = read_files(&files, arena, BY_FILES);
		check_sample(&facts);
		arena_free(arena);
	}
	(void)state;
}

/* Without IPv6 its files are missing; without the others something is wrong. */
static void missing_files(void **state)
{
	struct arena *const arena = arena_new();
	struct files files = SAMPLE;

	files.texts[KERNEL_NET_IF_INET6] = files.texts[KERNEL_NET_DEV] = NULL;
	const struct net_facts facts = read_files(&files, arena, BY_FILES);
	assert_int_equal(facts.parts[NET_PART_SOCKETS].state, NET_KNOWN);
	assert_int_equal(facts.parts[NET_PART_ROUTES].state, NET_KNOWN);
	assert_int_equal(facts.parts[NET_PART_ADDRESSES].state, NET_NOT_ASKED);
	assert_int_equal(facts.parts[NET_PART_INTERFACES].state, NET_FAILED);
	assert_int_equal(facts.parts[NET_PART_INTERFACES].error, ENOENT);
	/* What the other file shows. */
	assert_int_equal(facts.n_interfaces, 1);
	arena_free(arena);
	(void)state;
}

static void malformed_lines(void **state)
{
	struct arena *const arena = arena_new();
	struct files files = SAMPLE;

	files.texts[KERNEL_NET_UDP] = "   0: 00000000:0035 00000000:0000 07 x\n"
	                              "   0: 00000000:0036 00000000:0000 07 0:0 00:0 0 0 0 4715\n";
	files.texts[KERNEL_NET_ROUTE] = "\n";
	const struct net_facts facts = read_files(&files, arena, BY_FILES);
	assert_int_equal(facts.parts[NET_PART_SOCKETS].state, NET_FAILED);
	assert_int_equal(facts.parts[NET_PART_SOCKETS].error, EBADMSG);
	assert_int_equal(facts.n_sockets, 3);
	assert_int_equal(facts.parts[NET_PART_ROUTES].error, EBADMSG);
	assert_int_equal(facts.parts[NET_PART_INTERFACES].state, NET_KNOWN);
	arena_free(arena);
	(void)state;
}

static void too_much(void **state)
{
	struct arena *const arena = arena_new();
	_cleanup_free_ char *line = memory_new(MAX), *lines = memory_new(8 * MAX);
	struct files files = SAMPLE;

	memset(line, 'x', MAX - 1);
	for (size_t at = 0; at < 5 * MAX;) {
		static const char one[] = "   1: 00000000:0051 00000000:0000 03 0:0 00:0 0 3 0 4\n";

		memcpy(lines + at, one, sizeof(one) - 1);
		at += sizeof(one) - 1;
	}
	files.texts[KERNEL_NET_DEV] = line;
	files.texts[KERNEL_NET_TCP] = lines;
	const struct net_facts facts = read_files(&files, arena, BY_FILES);
	assert_true(facts.parts[NET_PART_INTERFACES].is_cut);
	assert_true(facts.parts[NET_PART_SOCKETS].is_cut);
	assert_false(facts.parts[NET_PART_ROUTES].is_cut);
	assert_int_equal(facts.parts[NET_PART_SOCKETS].state, NET_KNOWN);
	assert_true(files.at[KERNEL_NET_TCP] < 3 * MAX);
	arena_free(arena);
	(void)state;
}

static void a_process_that_moves(void **state)
{
	for (int look = 1; look <= 2; look++) {
		struct arena *const arena = arena_new();
		struct files files = SAMPLE;

		files.is_moved = look;
		const struct net_facts facts = read_files(&files, arena, BY_FILES);
		assert_int_equal(facts.n_interfaces + facts.n_sockets + facts.n_addresses, 0);
		for (enum net_part i = 0; i < NET_PARTS; i++)
			assert_int_equal(facts.parts[i].error, BY_FILES >> i & 1 ? ESRCH : 0);
		arena_free(arena);
	}
	(void)state;
}

/* A socket without a process, among processes that are all readable, or not. */
static void unreadable_processes(void **state)
{
	for (size_t n = 0; n < 2; n++) {
		struct arena *const arena = arena_new();
		struct files files = SAMPLE;

		files.n_unreadable = n;
		const struct net_facts facts = read_files(
		        &files, arena, 1u << NET_PART_SOCKETS | 1u << NET_PART_PROCESSES);
		assert_int_equal(facts.n_sockets, 3);
		assert_int_equal(facts.parts[NET_PART_PROCESSES].state, n ? NET_FAILED : NET_KNOWN);
		assert_int_equal(facts.parts[NET_PART_PROCESSES].error, n ? EACCES : 0);
		arena_free(arena);
	}
	(void)state;
}

/* --- asked inside ---------------------------------------------------------------------------- */

static void peers(void **state)
{
	static const struct {
		int links_error, nsids_error, nsid;
		enum net_part_state state;
		enum net_peer_state peer;
		int error;
	} rows[] = {
	        {0, 0, 3, NET_KNOWN, NET_PEER_THERE, 0},
	        {0, 0, 4, NET_KNOWN, NET_PEER_OUTSIDE, 0},
	        {0, 0, -ENODATA, NET_KNOWN, NET_PEER_OUTSIDE, 0},
	        {0, 0, -ETIMEDOUT, NET_FAILED, NET_PEER_OUTSIDE, ETIMEDOUT},
	        {0, -EOPNOTSUPP, 3, NET_FAILED, NET_PEER_OUTSIDE, EOPNOTSUPP},
	        {-ETIMEDOUT, 0, 3, NET_FAILED, NET_PEER_THERE, ETIMEDOUT},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct arena *const arena = arena_new();
		struct files files = SAMPLE;

		files.links_error = rows[i].links_error;
		files.nsids_error = rows[i].nsids_error;
		files.nsid = rows[i].nsid;
		const struct net_facts facts =
		        read_files(&files, arena, BY_FILES | NET_FACTS_LINKS);
		const struct net_interface *const eth0 = net_facts_find(&facts, 2);
		assert_non_null(eth0);
		assert_int_equal(facts.parts[NET_PART_LINKS].state, rows[i].state);
		assert_int_equal(facts.parts[NET_PART_LINKS].error, rows[i].error);
		assert_int_equal(eth0->state, NET_STATE_LOWER_DOWN);
		assert_int_equal(eth0->peer.state, rows[i].peer);
		assert_int_equal(eth0->peer.ifindex, 9);
		assert_int_equal(eth0->peer.nsid, 3);
		assert_true(eth0->peer.ns_tag == (rows[i].peer == NET_PEER_THERE ? 12 : 0));
		/* The one other namespace is asked for once. */
		assert_int_equal(files.n_nsids, 1);
		arena_free(arena);
	}
	(void)state;
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	        cmocka_unit_test(pieces_of_any_size),
	        cmocka_unit_test(missing_files),
	        cmocka_unit_test(malformed_lines),
	        cmocka_unit_test(too_much),
	        cmocka_unit_test(a_process_that_moves),
	        cmocka_unit_test(unreadable_processes),
	        cmocka_unit_test(peers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
