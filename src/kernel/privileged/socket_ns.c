/* SPDX-License-Identifier: Apache-2.0 */
/* Opens the network namespaces of sockets of other processes (Linux 5.6). */
#include "base/u64.h"
#include "kernel/kernel_internal.h"
#include "kernel/privileged/privileged.h"

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

/* A reply; the first for each namespace comes with a descriptor of it. */
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

static void receive_socket(void *data, _unused_ size_t request, const struct helper_reply *reply)
{
	const struct sockets_call *const call = data;
	struct socket_reply content = {.index = UINT32_MAX};
	struct kernel_socket *item = NULL;

	if (reply->len == sizeof(content))
		memcpy(&content, reply->bytes, sizeof(content));
	/* A second reply for an item is ignored. */
	if (content.index < call->n && call->items[content.index].error == -ETIMEDOUT)
		item = &call->items[content.index];
	if (!item || content.error < 0 || reply->n_fds > 1) {
		privileged_close_fds(reply);
		if (item)
			item->error = content.error < 0 ? content.error : -EIO;
		return;
	}
	/* A descriptor that this process may not have any more is not received. */
	item->error = content.has_ns && reply->n_fds == 0 ? -EMFILE : 0;
	if (item->error < 0)
		return;
	item->key = kernel_internal_key(call->k, &content.key);
	item->ns = reply->n_fds == 1 ? reply->fds[0] : -EBADF;
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
	        linux_of(k)->privileged, &socket_ns_job, &request, receive_socket, &call);
	for (size_t i = 0; i < n; i++) {
		if (items[i].error == -ETIMEDOUT && r != -ETIMEDOUT)
			items[i].error = r < 0 ? r : -EIO;
		if (i == 0 || items[i].process != items[i - 1].process)
			drop_if_gone(k, items, i, n);
	}
	return 0;
}

/* --- the job --------------------------------------------------------------------------------- */

/* In headers since Linux 5.3 and 5.6; the same numbers on every architecture but alpha. */
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438
#endif
#ifndef PIDFD_THREAD
#define PIDFD_THREAD O_EXCL
#endif
#ifndef SIOCGSKNS
#define SIOCGSKNS 0x894C
#endif

struct sockets {
	int replies;
	pid_t pid;
	int process;         /* a pidfd of `pid`, or a negative errno */
	struct u64_set sent; /* inode numbers of the namespaces that were sent */
};

/* The descriptor may be another file by now: no call must reach a file system or a device. */
static int open_socket_ns(int process, int number)
{
	_cleanup_close_ int fd = (int)syscall(SYS_pidfd_getfd, process, number, 0);
	socklen_t size = sizeof(int);
	int type, ns;

	if (fd < 0)
		return errno == ENOSYS ? -EOPNOTSUPP : -errno;
	/* getsockopt(2) fails with ENOTSOCK before anything else sees it. */
	if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) < 0)
		return -ENOTSOCK;
	ns = ioctl(fd, SIOCGSKNS);
	return ns < 0 ? -errno : ns;
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
		sockets->process = errno == ENOSYS ? -EOPNOTSUPP : -errno;
}

static int reply_for(struct sockets *sockets, uint32_t index, const struct wanted_socket *wanted)
{
	struct socket_reply content = {.index = index};
	_cleanup_close_ int ns = -EBADF;

	open_process(sockets, wanted->pid);
	ns = sockets->process < 0 ? sockets->process : open_socket_ns(sockets->process, wanted->fd);
	content.error = ns < 0 ? ns : nsrel_key(ns, &content.key);
	const bool is_first = content.error == 0 && !u64_set_has(&sockets->sent, content.key.ino);
	content.has_ns = is_first;
	if (is_first)
		u64_set_add(&sockets->sent, content.key.ino);
	return helper_send_reply(sockets->replies,
	        &(const struct helper_reply){
	                .bytes = &content, .len = sizeof(content), .fds = &ns, .n_fds = is_first});
}

static int run(const struct helper_request *request, int replies)
{
	struct sockets sockets = {.replies = replies, .process = -EBADF};
	const int r = privileged_keep_capabilities((const int[]){CAP_SYS_PTRACE, CAP_NET_ADMIN}, 2);

	if (r < 0)
		return EXIT_FAILURE;
	for (size_t i = 0; i < request->len / sizeof(struct wanted_socket); i++) {
		struct wanted_socket wanted;

		memcpy(&wanted, (const char *)request->bytes + i * sizeof(wanted), sizeof(wanted));
		if (reply_for(&sockets, (uint32_t)i, &wanted) < 0)
			return EXIT_FAILURE;
	}
	return EXIT_SUCCESS; /* the exit closes what is open */
}

const struct helper_job socket_ns_job = {"ns-sockets", JOB_DEADLINE_MS, run};
