/* SPDX-License-Identifier: Apache-2.0 */
#include "privsep/helper_protocol.h"

#include "base/descriptors.h"

#include <fcntl.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

int helper_protocol_send(int socket, const void *bytes, size_t len, const int *fds, size_t n_fds)
{
	alignas(struct cmsghdr) char control[CMSG_SPACE(HELPER_PROTOCOL_FDS_MAX * sizeof(int))] = {
	        0};
	const size_t size = n_fds * sizeof(int);
	/* sendmsg(2) does not change the bytes, but struct iovec has no const. */
	struct iovec part = {.iov_base = (void *)(uintptr_t)bytes, .iov_len = len};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};

	if (n_fds) {
		message.msg_control = control;
		message.msg_controllen = (socklen_t)CMSG_SPACE(size); /* as in POSIX */
		*CMSG_FIRSTHDR(&message) = (struct cmsghdr){
		        .cmsg_level = SOL_SOCKET,
		        .cmsg_type = SCM_RIGHTS,
		        .cmsg_len = (socklen_t)CMSG_LEN(size),
		};
		memcpy(CMSG_DATA(CMSG_FIRSTHDR(&message)), fds, size);
	}
	while (sendmsg(socket, &message, MSG_NOSIGNAL) < 0) {
		if (errno != EINTR)
			return errno == ECONNRESET ? -EPIPE : -errno;
	}
	return 0;
}

ssize_t helper_protocol_receive(int socket, void *bytes, size_t size, struct passed_fds *ret)
{
	struct iovec part = {.iov_base = bytes, .iov_len = size};
	alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(ret->fds))];
	struct msghdr message = {
	        .msg_iov = &part,
	        .msg_iovlen = 1,
	        .msg_control = control,
	        .msg_controllen =
	                CMSG_LEN(sizeof(ret->fds)), /* the padding would hold one more descriptor */
	};
	const ssize_t n = recvmsg(socket, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

	if (n < 0)
		return -errno;
	ret->n = 0;
	ret->is_cut = (message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&message); c; c = CMSG_NXTHDR(&message, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		/* msg_controllen bounds this to the room in ret->fds. */
		const size_t length = c->cmsg_len - CMSG_LEN(0);
		memcpy(ret->fds + ret->n, CMSG_DATA(c), length);
		ret->n += length / sizeof(int);
	}
	/* A message without bytes means the same as a closed end, which brings no descriptors. */
	while (n == 0 && ret->n > 0)
		close(ret->fds[--ret->n]);
	return n;
}

int helper_protocol_open_stat(pid_t child)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)child);
	return open(path, O_RDONLY | O_CLOEXEC);
}

bool helper_protocol_is_runnable(int stat)
{
	char text[512], state;
	int parent;
	const ssize_t n = stat < 0 ? -1 : pread(stat, text, sizeof(text) - 1, 0);

	if (n <= 0)
		return false;
	text[n] = '\0';
	const char *const name_end = strrchr(text, ')');
	/* If /proc shows another PID namespace, that PID is another process there. */
	return name_end && sscanf(name_end, ") %c %d", &state, &parent) == 2 &&
	       strchr("Rt", state) && parent == getpid();
}
