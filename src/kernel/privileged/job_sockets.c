/* SPDX-License-Identifier: Apache-2.0 */
/* The network namespaces of other processes' sockets. */
#include "base/memory.h"
#include "kernel/privileged/job_parts.h"
#include "kernel/privileged/privileged_jobs.h"
#include "kernel/privileged/privileged_wire.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/sockios.h>
#include <stdbool.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

/* Linux 5.3 and 5.6; the same numbers on every architecture but alpha, in headers since then. */
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
	int answer;
	pid_t pid;
	int process;      /* a pidfd of that, or a negative errno */
	uint64_t *inodes; /* of namespaces that were sent */
	size_t n_inodes, capacity;
};

/* What has become of the descriptor meanwhile may be anything: a file system or a device is asked
 * nothing. */
static int open_socket_ns(int process, int number)
{
	_cleanup_close_ int fd = (int)syscall(SYS_pidfd_getfd, process, number, 0);
	socklen_t size = sizeof(int);
	int type, ns;

	if (fd < 0)
		return errno == ENOSYS ? -EOPNOTSUPP : -errno;
	/* Of all calls on sockets this is one that no other file ever sees. */
	if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) < 0)
		return -ENOTSOCK;
	ns = ioctl(fd, SIOCGSKNS);
	return ns < 0 ? -errno : ns;
}

static bool is_new(struct sockets *sockets, uint64_t inode)
{
	for (size_t i = sockets->n_inodes; i > 0; i--) {
		if (sockets->inodes[i - 1] == inode)
			return false;
	}
	sockets->inodes = memory_grow(sockets->inodes, &sockets->capacity, sockets->n_inodes + 1,
	        sizeof(*sockets->inodes));
	sockets->inodes[sockets->n_inodes++] = inode;
	return true;
}

static void go_to(struct sockets *sockets, pid_t pid)
{
	if (sockets->pid == pid)
		return;
	close_fd(&sockets->process);
	sockets->pid = pid;
	sockets->process = (int)syscall(SYS_pidfd_open, pid, 0);
	/* A thread, with a descriptor table of its own (Linux 6.9). */
	if (sockets->process < 0 && (errno == EINVAL || errno == ENOENT))
		sockets->process = (int)syscall(SYS_pidfd_open, pid, PIDFD_THREAD);
	if (sockets->process < 0)
		sockets->process = errno == ENOSYS ? -EOPNOTSUPP : -errno;
}

static int ask(struct sockets *sockets, uint32_t index, const struct wire_socket *wanted)
{
	struct wire_socket_answer text = {.index = index};
	_cleanup_close_ int ns = -EBADF;

	go_to(sockets, wanted->pid);
	ns = sockets->process < 0 ? sockets->process : open_socket_ns(sockets->process, wanted->fd);
	text.error = ns < 0 ? ns : nsrel_key(ns, &text.key);
	return helper_send_reply(
	        sockets->answer, &(const struct helper_reply){
	                                 .bytes = &text,
	                                 .len = sizeof(text),
	                                 .fds = &ns,
	                                 .n_fds = text.error == 0 && is_new(sockets, text.key.ino),
	                         });
}

int privileged_job_sockets(const struct helper_request *request, int answer)
{
	struct sockets sockets = {.answer = answer, .process = -EBADF};
	const int r = job_strip(JOB_CAPABILITY(CAP_SYS_PTRACE) | JOB_CAPABILITY(CAP_NET_ADMIN));

	if (r < 0)
		return EXIT_FAILURE;
	for (size_t i = 0; i < request->len / sizeof(struct wire_socket); i++) {
		struct wire_socket wanted;

		memcpy(&wanted, (const char *)request->bytes + i * sizeof(wanted), sizeof(wanted));
		if (ask(&sockets, (uint32_t)i, &wanted) < 0)
			return EXIT_FAILURE;
	}
	return EXIT_SUCCESS; /* what is still open ends with us */
}
