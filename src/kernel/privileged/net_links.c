/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses and interfaces of a network namespace, and the numbers of other namespaces there. The
 * kernel tells them by rtnetlink(7) and netdevice(7), of the namespace in which the socket was
 * made: a job enters it, gives up all capabilities, and asks. */
#include "base/memory.h"
#include "kernel/kernel_internal.h"
#include "kernel/privileged/net_messages.h"
#include "kernel/privileged/privileged.h"
#include "privsep/request_check.h"

#include <linux/if.h>
#include <linux/if_arp.h>
#include <linux/if_link.h>
#include <linux/net_namespace.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/ioctl.h>

/* What net_links_job and net_dump_job send; the last one is RECORD_END. */
enum record_kind { RECORD_LINK, RECORD_ADDRESS, RECORD_END };

/* How a job has ended. */
struct ending {
	int32_t links_error, addresses_error;
	bool is_links_cut, is_addresses_cut;
};

struct record {
	enum record_kind kind;
	union {
		struct kernel_net_link link;
		struct kernel_net_address address;
		struct ending ending;
	};
};

/* --- the client: links and addresses --------------------------------------------------------- */

struct links_call {
	struct kernel_net *net;
	size_t links_capacity, addresses_capacity;
	bool has_ended;
};

static void take_record(struct links_call *call, const struct record *record)
{
	struct kernel_net *const net = call->net;

	switch (record->kind) {
	case RECORD_LINK:
		if (net->n_links == KERNEL_NET_LINKS_MAX)
			break;
		MEMORY_APPEND(net->links, net->n_links, call->links_capacity) = record->link;
		break;
	case RECORD_ADDRESS:
		if (net->n_addresses == KERNEL_NET_ADDRESSES_MAX)
			break;
		MEMORY_APPEND(net->addresses, net->n_addresses, call->addresses_capacity) =
		        record->address;
		break;
	case RECORD_END:
		net->links_error = record->ending.links_error;
		net->addresses_error = record->ending.addresses_error;
		net->is_links_cut = record->ending.is_links_cut;
		net->is_addresses_cut = record->ending.is_addresses_cut;
		call->has_ended = true;
		break;
	}
}

static void receive_records(void *data, _unused_ size_t request, const struct helper_reply *reply)
{
	struct record record;

	privileged_close_fds(reply);
	for (size_t at = 0; at + sizeof(record) <= reply->len; at += sizeof(record)) {
		memcpy(&record, (const char *)reply->bytes + at, sizeof(record));
		take_record(data, &record);
	}
}

int net_links_read(struct kernel *k, int ns, const char (*names)[16], size_t n, bool is_dump,
        struct kernel_net *ret)
{
	struct links_call call = {.net = ret};
	const size_t kept = MIN(n, (size_t)KERNEL_NET_LINKS_MAX);
	const struct helper_request request = {
	        .bytes = names, .len = is_dump ? 0 : kept * sizeof(*names), .fds = &ns, .n_fds = 1};

	*ret = (struct kernel_net){.links = NULL};
	if (!privileged_has(linux_of(k)->privileged, &net_links_job))
		return -EOPNOTSUPP;
	const int r = privileged_call(linux_of(k)->privileged,
	        is_dump ? &net_dump_job : &net_links_job, &request, receive_records, &call);
	if (!call.has_ended)
		ret->links_error = ret->addresses_error = r < 0 ? r : -EIO;
	if (n > kept)
		ret->is_links_cut = true;
	return 0;
}

/* --- the client: numbers of namespaces ------------------------------------------------------- */

/* Namespaces in a request, beside the one to ask in, and requests at a time. */
enum { NSIDS_PER_JOB = HELPER_FDS_MAX - 1, NSIDS_JOBS = 16 };

struct nsids_call {
	int *nsids; /* of the first item of the first request */
	size_t n;
};

static void receive_nsids(void *data, size_t request, const struct helper_reply *reply)
{
	const struct nsids_call *const call = data;
	const size_t first = request * NSIDS_PER_JOB, n = reply->len / sizeof(int32_t);

	privileged_close_fds(reply);
	for (size_t i = 0; i < n && i < NSIDS_PER_JOB && first + i < call->n; i++) {
		int32_t nsid;

		memcpy(&nsid, (const char *)reply->bytes + i * sizeof(nsid), sizeof(nsid));
		call->nsids[first + i] = nsid;
	}
}

/* Runs the jobs for at most NSIDS_JOBS * NSIDS_PER_JOB namespaces. Returns 0, or -ETIMEDOUT if one
 * of them hung. */
static int call_for_nsids(
        struct privileged *privileged, int ns, const int *others, size_t n, int *ret_nsids)
{
	struct helper_request requests[NSIDS_JOBS];
	int fds[NSIDS_JOBS][HELPER_FDS_MAX], results[NSIDS_JOBS];
	const size_t n_jobs = (n + NSIDS_PER_JOB - 1) / NSIDS_PER_JOB;
	struct nsids_call call = {ret_nsids, n};
	int worst = 0;

	for (size_t i = 0; i < n_jobs; i++) {
		const size_t first = i * NSIDS_PER_JOB,
		             count = MIN(n - first, (size_t)NSIDS_PER_JOB);

		fds[i][0] = ns;
		memcpy(&fds[i][1], &others[first], count * sizeof(*others));
		requests[i] = (struct helper_request){.fds = fds[i], .n_fds = count + 1};
		for (size_t k = first; k < first + count; k++)
			ret_nsids[k] = -EIO;
	}
	pthread_mutex_lock(&privileged->mutex);
	privileged_call_all(
	        privileged, &net_nsids_job, requests, n_jobs, receive_nsids, &call, results);
	pthread_mutex_unlock(&privileged->mutex);
	for (size_t i = 0; i < n; i++) {
		const int result = results[i / NSIDS_PER_JOB];

		if (ret_nsids[i] == -EIO && result < 0)
			ret_nsids[i] = result;
		if (result == -ETIMEDOUT)
			worst = result;
	}
	return worst;
}

int net_links_nsids(struct kernel *k, int ns, const int *others, size_t n, int *ret_nsids)
{
	struct privileged *const privileged = linux_of(k)->privileged;
	int r = 0;

	if (!privileged_has(privileged, &net_nsids_job))
		return -EOPNOTSUPP;
	if (n > KERNEL_NSIDS_MAX)
		return -E2BIG;
	for (size_t i = 0; i < n;) {
		const size_t count = MIN(n - i, (size_t)NSIDS_JOBS * NSIDS_PER_JOB);

		if (r == 0)
			r = call_for_nsids(privileged, ns, &others[i], count, &ret_nsids[i]);
		else
			for (size_t j = i; j < i + count; j++)
				ret_nsids[j] = r;
		i += count;
	}
	return 0;
}

/* --- the jobs: rtnetlink --------------------------------------------------------------------- */

/* A dump that the kernel marks as interrupted by a change is tried again. */
enum { TRIES = 3 };

/* What a job has received. */
struct answers {
	struct record *records;
	size_t n, capacity;
	size_t most; /* records of this dump */
	bool is_cut;
};

/* A record for the callbacks to fill in; NULL: there are too many. */
static struct record *add(struct answers *answers, enum record_kind kind)
{
	if (answers->most == 0) {
		answers->is_cut = true;
		return NULL;
	}
	answers->most--;
	MEMORY_APPEND(answers->records, answers->n, answers->capacity) =
	        (struct record){.kind = kind};
	return &answers->records[answers->n - 1];
}

static int take_link(const struct nlmsghdr *message, void *data)
{
	struct kernel_net_link link;

	if (net_messages_link(message, &link) < 0)
		return MNL_CB_OK;
	struct record *const record = add(data, RECORD_LINK);
	if (!record)
		return MNL_CB_STOP;
	record->link = link;
	return MNL_CB_OK;
}

static int take_address(const struct nlmsghdr *message, void *data)
{
	struct kernel_net_address address;

	if (net_messages_address(message, &address) < 0)
		return MNL_CB_OK;
	struct record *const record = add(data, RECORD_ADDRESS);
	if (!record)
		return MNL_CB_STOP;
	record->address = address;
	return MNL_CB_OK;
}

/* Sends a message and calls `take` with each answer to it. Returns 0, or a negative errno; -EINTR:
 * what was dumped has changed meanwhile. */
static int exchange(struct mnl_socket *socket, struct nlmsghdr *message, mnl_cb_t take, void *data)
{
	static _Alignas(8) char buffer[64 * 1024];
	const unsigned port = mnl_socket_get_portid(socket);

	if (mnl_socket_sendto(socket, message, message->nlmsg_len) < 0)
		return -errno;
	for (;;) {
		const ssize_t n = mnl_socket_recvfrom(socket, buffer, sizeof(buffer));

		if (n < 0)
			return -errno;
		switch (mnl_cb_run(buffer, (size_t)n, message->nlmsg_seq, port, take, data)) {
		case MNL_CB_OK:
			continue;
		case MNL_CB_STOP:
			return 0;
		default:
			return -errno;
		}
	}
}

/* Opens an rtnetlink socket of the namespace of this process. */
static int open_rtnetlink(struct mnl_socket **ret)
{
	struct mnl_socket *const socket = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);

	if (!socket)
		return -errno;
	if (mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) < 0) {
		const int r = -errno;

		mnl_socket_close(socket);
		return r;
	}
	*ret = socket;
	return 0;
}

/* Dumps all links or addresses into `answers`, `most` at most. Each dump has a socket of its own:
 * one that was left in the middle has more to receive. */
static int dump_once(uint16_t type, unsigned seq, mnl_cb_t take, struct answers *answers)
{
	_Alignas(8) char buffer[256];
	struct nlmsghdr *const message = mnl_nlmsg_put_header(buffer);
	struct mnl_socket *socket;
	int r = open_rtnetlink(&socket);

	if (r < 0)
		return r;
	message->nlmsg_type = type;
	message->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	message->nlmsg_seq = seq;
	if (type == RTM_GETLINK) {
		mnl_nlmsg_put_extra_header(message, sizeof(struct ifinfomsg));
		mnl_attr_put_u32(message, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
	} else {
		mnl_nlmsg_put_extra_header(message, sizeof(struct ifaddrmsg));
	}
	r = exchange(socket, message, take, answers);
	mnl_socket_close(socket);
	return r;
}

static int dump(uint16_t type, size_t most, mnl_cb_t take, struct answers *answers)
{
	const size_t before = answers->n;
	int r = -EINTR;

	for (unsigned i = 0; i < TRIES && r == -EINTR; i++) {
		answers->n = before;
		answers->most = most;
		answers->is_cut = false;
		r = dump_once(type, i + 1, take, answers);
	}
	return r == -EINTR ? -EAGAIN : r;
}

/* --- the jobs: netdevice --------------------------------------------------------------------- */

/* The facts of one interface by its name. (For a name that does not exist the kernel loads a module
 * if the process has CAP_NET_ADMIN: this job has not. ethtool(8) would tell the driver, but wakes a
 * device that is suspended.) */
static int read_link(int socket, const char name[static 16], struct kernel_net_link *ret)
{
	struct ifreq request;

	memset(&request, 0, sizeof(request));
	memcpy(request.ifr_name, name, sizeof(ret->name) - 1);
	memcpy(ret->name, request.ifr_name, sizeof(ret->name));
	if (ioctl(socket, SIOCGIFINDEX, &request) < 0)
		return -errno;
	ret->ifindex = request.ifr_ifindex;
	if (ioctl(socket, SIOCGIFFLAGS, &request) < 0)
		return -errno;
	ret->flags = (uint16_t)request.ifr_flags;
	if (ioctl(socket, SIOCGIFHWADDR, &request) < 0)
		return -errno;
	if (request.ifr_hwaddr.sa_family == ARPHRD_LOOPBACK)
		memcpy(ret->kind, NET_MESSAGES_LOOPBACK, sizeof(NET_MESSAGES_LOOPBACK));
	ret->has_mac = request.ifr_hwaddr.sa_family == ARPHRD_ETHER;
	if (ret->has_mac)
		memcpy(ret->mac, request.ifr_hwaddr.sa_data, sizeof(ret->mac));
	return 0;
}

/* An interface that is gone by now is left out. */
static int read_links(const struct helper_request *request, struct answers *answers)
{
	_cleanup_close_ int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	answers->most = KERNEL_NET_LINKS_MAX;
	for (size_t i = 0; i < request->len / 16; i++) {
		struct kernel_net_link link = {.ifindex = 0};
		const int r = read_link(fd, (const char *)request->bytes + i * 16, &link);
		struct record *const record = r == 0 ? add(answers, RECORD_LINK) : NULL;

		if (r < 0 && r != -ENODEV)
			return r;
		if (record)
			record->link = link;
	}
	return 0;
}

/* --- the jobs -------------------------------------------------------------------------------- */

static int send_all(int replies, struct answers *answers, const struct ending *ending)
{
	_cleanup_free_ struct job_records *records = memory_new(sizeof(*records));
	int r = 0;

	MEMORY_APPEND(answers->records, answers->n, answers->capacity) =
	        (struct record){.kind = RECORD_END, .ending = *ending};
	records->replies = replies;
	for (size_t i = 0; i < answers->n && r == 0; i++)
		r = privileged_records_add(
		        records, &answers->records[i], sizeof(*answers->records), NULL, 0);
	return r < 0 ? EXIT_FAILURE : privileged_records_finish(records, 0);
}

/* A dump has no names. */
static bool are_names(const struct helper_request *request, bool is_dump)
{
	const size_t size = sizeof(((struct kernel_net_link *)NULL)->name);
	const char *const names = request->bytes;

	if (request->len % size != 0 || (is_dump && request->len > 0))
		return false;
	for (size_t i = 0; i < request->len; i += size) {
		if (!names[i] || !memchr(names + i, '\0', size))
			return false;
	}
	return true;
}

static int run_job(const struct helper_request *request, int replies, bool is_dump)
{
	struct answers answers = {.n = 0};
	struct ending ending = {.links_error = 0};

	if (request->n_fds != 1 || !are_names(request, is_dump))
		return EXIT_FAILURE;
	ending.links_error = ending.addresses_error = privileged_enter_net(request->fds[0]);
	if (ending.links_error == 0) {
		ending.addresses_error =
		        dump(RTM_GETADDR, KERNEL_NET_ADDRESSES_MAX, take_address, &answers);
		ending.is_addresses_cut = answers.is_cut;
		answers.is_cut = false;
		ending.links_error =
		        is_dump ? dump(RTM_GETLINK, KERNEL_NET_LINKS_MAX, take_link, &answers)
		                : read_links(request, &answers);
		ending.is_links_cut = answers.is_cut;
	}
	const int status = send_all(replies, &answers, &ending);
	free(answers.records);
	return status;
}

static int run_links(const struct helper_request *request, int replies)
{
	return run_job(request, replies, false);
}

static int run_dump(const struct helper_request *request, int replies)
{
	return run_job(request, replies, true);
}

/* The number in an answer to RTM_GETNSID; -1: none was given. */
static int take_nsid(const struct nlmsghdr *message, void *data)
{
	*(int *)data = net_messages_nsid(message);
	return MNL_CB_STOP;
}

static int read_nsid(struct mnl_socket *socket, unsigned seq, int other)
{
	_Alignas(8) char buffer[256];
	struct nlmsghdr *const message = mnl_nlmsg_put_header(buffer);
	int nsid = -1;

	message->nlmsg_type = RTM_GETNSID;
	message->nlmsg_flags = NLM_F_REQUEST;
	message->nlmsg_seq = seq;
	mnl_nlmsg_put_extra_header(message, sizeof(struct rtgenmsg));
	mnl_attr_put_u32(message, NETNSA_FD, (uint32_t)other);
	const int r = exchange(socket, message, take_nsid, &nsid);
	return r < 0 ? r : nsid < 0 ? -ENODATA : nsid;
}

static int run_nsids(const struct helper_request *request, int replies)
{
	struct mnl_socket *socket = NULL;
	int32_t nsids[NSIDS_PER_JOB];
	const size_t n = request->n_fds - 1;

	if (request->n_fds < 2 || request->len != 0)
		return EXIT_FAILURE;
	for (size_t i = 1; i <= n; i++) {
		if (privileged_check_ns(request->fds[i], CLONE_NEWNET) < 0)
			return EXIT_FAILURE;
	}
	int r = privileged_enter_net(request->fds[0]);
	if (r == 0)
		r = open_rtnetlink(&socket);
	for (size_t i = 0; i < n; i++)
		nsids[i] = r < 0 ? r : read_nsid(socket, (unsigned)i + 1, request->fds[i + 1]);
	if (socket)
		mnl_socket_close(socket);
	r = helper_send_reply(
	        replies, &(const struct helper_reply){.bytes = nsids, .len = n * sizeof(*nsids)});
	return r < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

const struct helper_job net_links_job = {
        .name = "ns-net-links",
        .deadline_ms = JOB_NET_DEADLINE_MS,
        .run = run_links,
        .capabilities = CAPABILITIES_BIT(CAP_SYS_ADMIN),
        .calls = SANDBOX_READ | SANDBOX_NAMESPACES | SANDBOX_ENTER | SANDBOX_NETWORK,
};
const struct helper_job net_dump_job = {
        .name = "ns-net-dump",
        .deadline_ms = JOB_NET_DEADLINE_MS,
        .run = run_dump,
        .capabilities = CAPABILITIES_BIT(CAP_SYS_ADMIN),
        .calls = SANDBOX_READ | SANDBOX_NAMESPACES | SANDBOX_ENTER | SANDBOX_NETWORK,
};
const struct helper_job net_nsids_job = {
        .name = "ns-net-nsids",
        .deadline_ms = JOB_NET_DEADLINE_MS,
        .run = run_nsids,
        .capabilities = CAPABILITIES_BIT(CAP_SYS_ADMIN),
        .calls = SANDBOX_READ | SANDBOX_NAMESPACES | SANDBOX_ENTER | SANDBOX_NETWORK,
};
