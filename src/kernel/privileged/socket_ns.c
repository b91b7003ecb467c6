/* SPDX-License-Identifier: Apache-2.0 */
/* Opens the network namespaces of sockets of other processes (Linux 5.6). */
#include "base/memory.h"
#include "kernel/kernel_internal.h"
#include "kernel/privileged/privileged.h"
#include "privsep/pidfd_uapi.h"
#include "privsep/request_check.h"

#include <linux/capability.h>
#include <linux/sockios.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

/* Items of a request. */
struct wanted_socket {
	int32_t pid;
	int32_t fd;
};

/* The result for one socket. The first of each namespace is a reply of its own, with a descriptor
 * of the namespace; of the others many are in one reply. */
struct socket_reply {
	uint32_t index;
	int32_t error; /* 0 or a negative errno */
	uint32_t has_ns;
	uint32_t unused;
	struct nsrel_key key;
};

struct sockets_call {
	struct kernel *k;
	struct kernel_socket *items;
	size_t n;
};

/* Returns true if the descriptor `ns` (negative: none) is the item's now. */
static bool receive_one(const struct sockets_call *call, const struct socket_reply *content, int ns)
{
	struct kernel_socket *item;

	/* A second reply for an item is ignored. */
	if (content->index >= call->n || call->items[content->index].error != -ETIMEDOUT)
		return false;
	item = &call->items[content->index];
	/* A descriptor that this process may not have any more is not received. */
	item->error = content->error;
	if (item->error == 0 && content->has_ns && ns < 0)
		item->error = -EMFILE;
	if (item->error < 0)
		return false;
	item->key = kernel_internal_key(call->k, &content->key);
	item->ns = ns;
	return ns >= 0;
}

static void receive_sockets(void *data, _unused_ size_t request, const struct helper_reply *reply)
{
	const struct sockets_call *const call = data;
	const char *const bytes = reply->bytes;
	struct socket_reply content;
	bool is_taken = false;

	for (size_t at = 0; at + sizeof(content) <= reply->len; at += sizeof(content)) {
		memcpy(&content, bytes + at, sizeof(content));
		is_taken |= receive_one(
		        call, &content, reply->n_fds == 1 && !is_taken ? reply->fds[0] : -EBADF);
	}
	if (!is_taken)
		privileged_close_fds(reply);
}

/* The job finds a process by its PID alone. If the directory of the process is still valid after
 * that, the PID has been that of the process all the time; else the results are dropped. */
static void drop_if_gone(struct kernel *k, struct kernel_socket *items, size_t first, size_t n)
{
	struct kernel_file file;

	if (kernel_file_stat(items[first].process, "stat", &file) == 0)
		return;
	for (size_t i = first; i < n && items[i].process == items[first].process; i++) {
		if (items[i].ns >= 0)
			k->ops->close(k, items[i].ns);
		items[i].ns = -EBADF;
		items[i].error = -ESRCH;
	}
}

int socket_ns_read(struct kernel *k, struct kernel_socket *items, size_t n)
{
	struct wanted_socket wanted[KERNEL_SOCKETS_MAX];
	struct sockets_call call = {k, items, n};

	if (!privileged_has(linux_of(k)->privileged, &socket_ns_job))
		return -EOPNOTSUPP;
	if (n > KERNEL_SOCKETS_MAX)
		return -E2BIG;
	for (size_t i = 0; i < n; i++) {
		items[i].error = -ETIMEDOUT;
		items[i].ns = -EBADF;
		items[i].key = (struct nsrel_key){0};
		wanted[i] = (struct wanted_socket){items[i].pid, items[i].fd};
	}
	if (n == 0)
		return 0;
	const struct helper_request request = {.bytes = wanted, .len = n * sizeof(*wanted)};
	const int r = privileged_call(
	        linux_of(k)->privileged, &socket_ns_job, &request, receive_sockets, &call);
	for (size_t i = 0; i < n; i++) {
		if (items[i].error == -ETIMEDOUT && r != -ETIMEDOUT)
			items[i].error = r < 0 ? r : -EIO;
		if (i == 0 || items[i].process != items[i - 1].process)
			drop_if_gone(k, items, i, n);
	}
	return 0;
}

/* --- the job --------------------------------------------------------------------------------- */

#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE 71 /* Linux 5.14 */
#endif

/* A namespace that was sent. */
struct known_ns {
	uint64_t cookie; /* 0: this kernel has none */
	struct nsrel_key key;
};

struct sockets {
	struct job_records records;
	pid_t pid;
	int process; /* a pidfd of `pid`, or a negative errno */
	struct known_ns known[KERNEL_SOCKETS_MAX];
	size_t n_known;
};

static const struct known_ns *find_cookie(const struct sockets *sockets, uint64_t cookie)
{
	for (size_t i = sockets->n_known; cookie != 0 && i > 0; i--) {
		if (sockets->known[i - 1].cookie == cookie)
			return &sockets->known[i - 1];
	}
	return NULL;
}

static bool has_key(const struct sockets *sockets, const struct nsrel_key *key)
{
	for (size_t i = 0; i < sockets->n_known; i++) {
		if (sockets->known[i].key.ino == key->ino)
			return true;
	}
	return false;
}

/* Fills in the reply for a socket. If it is the first of its namespace, returns a descriptor of
 * that; else a negative value. The cookie of a network namespace, which takes one system call, is
 * unique until the next boot. The descriptor may be another file by now: no call must reach a file
 * system or a device. */
static int open_socket_ns(struct sockets *sockets, int number, struct socket_reply *reply)
{
	_cleanup_close_ int fd = (int)syscall(SYS_pidfd_getfd, sockets->process, number, 0);
	_cleanup_close_ int ns = -EBADF;
	struct known_ns found = {.cookie = 0};
	socklen_t size = sizeof(found.cookie);
	const struct known_ns *known;

	if (fd < 0) {
		reply->error = errno == ENOSYS ? -EOPNOTSUPP : -errno;
		return -EBADF;
	}
	/* getsockopt(2) fails for other files (ENOTSOCK, EBADF) before anything else sees them. */
	if (getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, &found.cookie, &size) < 0 &&
	        errno != ENOPROTOOPT) {
		reply->error = -errno;
		return -EBADF;
	}
	known = find_cookie(sockets, found.cookie);
	if (known) {
		reply->key = known->key;
		return -EBADF;
	}
	ns = ioctl(fd, SIOCGSKNS);
	reply->error = ns < 0 ? -errno : nsrel_key(ns, &reply->key);
	reply->has_ns = reply->error == 0 && !has_key(sockets, &reply->key);
	if (!reply->has_ns)
		return -EBADF;
	found.key = reply->key;
	sockets->known[sockets->n_known++] = found;
	return take_fd(&ns);
}

static void open_process(struct sockets *sockets, pid_t pid)
{
	if (sockets->pid == pid)
		return;
	close_fd(&sockets->process);
	sockets->pid = pid;
	sockets->process = (int)syscall(SYS_pidfd_open, pid, 0);
	/* A thread with a descriptor table of its own (PIDFD_THREAD: Linux 6.9). */
	if (sockets->process < 0 && (errno == EINVAL || errno == ENOENT))
		sockets->process = (int)syscall(SYS_pidfd_open, pid, PIDFD_THREAD);
	if (sockets->process < 0)
		sockets->process = errno == ENOSYS || errno == EINVAL ? -EOPNOTSUPP : -errno;
}

static int reply_for(struct sockets *sockets, uint32_t index, const struct wanted_socket *wanted)
{
	struct socket_reply content = {.index = index};
	_cleanup_close_ int ns = -EBADF;

	if (wanted->pid > 0)
		open_process(sockets, wanted->pid);
	if (wanted->pid <= 0 || wanted->fd < 0)
		content.error = -EBADF;
	else if (sockets->process < 0)
		content.error = sockets->process;
	else
		ns = open_socket_ns(sockets, wanted->fd, &content);
	if (ns < 0)
		return privileged_records_add(
		        &sockets->records, &content, sizeof(content), NULL, 0);
	return helper_send_reply(sockets->records.replies,
	        &(const struct helper_reply){
	                .bytes = &content, .len = sizeof(content), .fds = &ns, .n_fds = 1});
}

static int run(const struct helper_request *request, int replies)
{
	_cleanup_free_ struct sockets *sockets = memory_new(sizeof(*sockets));
	const int r = privileged_keep_capabilities((const int[]){CAP_SYS_PTRACE, CAP_NET_ADMIN}, 2);
	const size_t n = request->len / sizeof(struct wanted_socket);

	if (r < 0 || n > KERNEL_SOCKETS_MAX ||
	        !request_check_size(request, n * sizeof(struct wanted_socket), 0))
		return EXIT_FAILURE;
	sockets->records.replies = replies;
	sockets->process = -EBADF;
	for (size_t i = 0; i < n; i++) {
		struct wanted_socket wanted;

		memcpy(&wanted, (const char *)request->bytes + i * sizeof(wanted), sizeof(wanted));
		if (reply_for(sockets, (uint32_t)i, &wanted) < 0)
			return EXIT_FAILURE;
	}
	return privileged_records_finish(&sockets->records, 0);
}

const struct helper_job socket_ns_job = {
        .name = "ns-sockets",
        .deadline_ms = JOB_DEADLINE_MS,
        .run = run,
        .capabilities = CAPABILITIES_BIT(CAP_SYS_PTRACE) | CAPABILITIES_BIT(CAP_NET_ADMIN),
        .calls = SANDBOX_NAMESPACES | SANDBOX_SOCKETS,
};
