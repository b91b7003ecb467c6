/* SPDX-License-Identifier: Apache-2.0 */
/* The main process's side of the helper. */
#include "privsep/helper.h"

#include "base/descriptors.h"
#include "base/memory.h"
#include "base/monotonic.h"
#include "privsep/helper_protocol.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>

/* How long a helper that does not answer (it was stopped) is borne with. */
enum { PATIENCE_MS = 1000 };

struct helper {
	const struct helper_job *jobs;
	size_t n_jobs;
	pid_t pid;
	int socket;
	uint32_t last_ticket;
	bool is_lost;
	struct helper *second; /* the other channel; NULL in that one */
};

static int make_sockets(int sockets[static 2])
{
	return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets) < 0 ? -errno : 0;
}

/* Fills both ends of all channels; what is open of them is the caller's, also on failure. */
static int make_channels(int ours[static HELPER_CHANNELS], int its[static HELPER_CHANNELS])
{
	const struct timeval patience = {.tv_sec = PATIENCE_MS / 1000};

	for (size_t i = 0; i < HELPER_CHANNELS; i++) {
		int sockets[2];
		const int r = make_sockets(sockets);

		if (r < 0)
			return r;
		ours[i] = sockets[0];
		its[i] = sockets[1];
		if (setsockopt(ours[i], SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience)) < 0)
			return -errno;
	}
	return 0;
}

static void close_all(int fds[static HELPER_CHANNELS])
{
	for (size_t i = 0; i < HELPER_CHANNELS; i++)
		close_fd(&fds[i]);
}

int helper_start(const struct helper_job *jobs, size_t n_jobs, struct helper **ret)
{
	int ours[] = {-EBADF, -EBADF}, its[] = {-EBADF, -EBADF};
	pid_t pid = -1;
	int r = descriptors_fill_standard();

	_Static_assert(ARRAY_SIZE(ours) == HELPER_CHANNELS, "one socket for each channel");
	if (r == 0)
		r = make_channels(ours, its);
	if (r == 0) {
		pid = fork();
		r = pid < 0 ? -errno : 0;
	}
	if (pid == 0)
		helper_serve(its, jobs, n_jobs);
	close_all(its);
	if (r < 0) {
		close_all(ours);
		return r;
	}

	struct helper *helper = memory_new(sizeof(*helper));
	helper->second = memory_new(sizeof(*helper));
	*helper->second =
	        (struct helper){.jobs = jobs, .n_jobs = n_jobs, .pid = pid, .socket = ours[1]};
	*helper = (struct helper){.jobs = jobs,
	        .n_jobs = n_jobs,
	        .pid = pid,
	        .socket = ours[0],
	        .second = helper->second};
	*ret = helper;
	return 0;
}

struct helper *helper_channel(struct helper *helper)
{
	return helper->second;
}

/* Waits for the helper to close its end, for a while. */
static bool has_left(const struct helper *helper)
{
	struct pollfd poll_fd = {.fd = helper->socket, .events = POLLIN};
	const int64_t end = monotonic_ms() + PATIENCE_MS;
	struct helper_word word;

	for (;;) {
		const int64_t left = end - monotonic_ms();

		if (left <= 0 || poll(&poll_fd, 1, (int)left) == 0)
			return false;
		const ssize_t n = recv(helper->socket, &word, sizeof(word), MSG_DONTWAIT);
		if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN))
			return true;
	}
}

void helper_stop(struct helper *helper)
{
	if (!helper)
		return;
	shutdown(helper->socket, SHUT_WR);
	/* Who has given up rights may not kill it: then it is left to end when it can. */
	if (has_left(helper) || kill(helper->pid, SIGKILL) == 0) {
		while (waitpid(helper->pid, NULL, 0) < 0 && errno == EINTR)
			continue;
	}
	close_fd(&helper->second->socket);
	free(helper->second);
	close_fd(&helper->socket);
	free(helper);
}

pid_t helper_pid(const struct helper *helper)
{
	return helper->pid;
}

int helper_fd(const struct helper *helper)
{
	return helper->socket;
}

/* The helper keeps to the deadline; this is for one that is stopped or overrun. */
int64_t helper_last_moment(const struct helper *helper, unsigned job)
{
	const unsigned deadline = job < helper->n_jobs ? helper->jobs[job].deadline_ms : 0;

	return monotonic_ms() + deadline + HELPER_BUSY_MS + HELPER_GRACE_MS + 2 * PATIENCE_MS;
}

static int check_request(
        const struct helper *helper, unsigned job, const struct helper_request *request)
{
	if (helper->is_lost)
		return -EPIPE;
	if (job >= helper->n_jobs || request->n_fds > HELPER_FDS_MAX)
		return -EINVAL;
	return request->len > HELPER_REQUEST_MAX ? -EMSGSIZE : 0;
}

static int send_request(
        int socket, uint32_t ticket, unsigned job, const struct helper_request *request, int answer)
{
	struct helper_message text = {.ticket = ticket, .job = job};
	int fds[HELPER_RIGHTS_MAX] = {answer};

	if (request->len)
		memcpy(text.bytes, request->bytes, request->len);
	if (request->n_fds)
		memcpy(fds + 1, request->fds, request->n_fds * sizeof(int));
	return helper_send_rights(
	        socket, &text, HELPER_MESSAGE_HEAD + request->len, fds, request->n_fds + 1);
}

int helper_ask(struct helper *helper, unsigned job, const struct helper_request *request,
        uint32_t *ret_ticket, int *ret_answer)
{
	const uint32_t ticket = helper->last_ticket + 1;
	int sockets[2];
	int r = check_request(helper, job, request);

	if (r == 0)
		r = make_sockets(sockets);
	if (r < 0)
		return r;
	_cleanup_close_ int ours = sockets[0];
	_cleanup_close_ int its = sockets[1];
	if (fcntl(ours, F_SETFL, O_NONBLOCK) < 0)
		return -errno;
	r = send_request(helper->socket, ticket, job, request, its);
	if (r < 0) {
		helper->is_lost |= r == -EPIPE;
		return r;
	}
	*ret_ticket = helper->last_ticket = ticket;
	*ret_answer = take_fd(&ours);
	return 0;
}

int helper_next_word(struct helper *helper, struct helper_word *ret)
{
	ssize_t n;

	do
		n = recv(helper->socket, ret, sizeof(*ret), MSG_DONTWAIT);
	while (n < 0 && errno == EINTR);
	if (n == sizeof(*ret))
		return 1;
	if (n < 0 && errno == EAGAIN)
		return 0;
	helper->is_lost = true;
	*ret = (struct helper_word){.end = HELPER_LOST};
	return 1;
}

/* Looks for the word of `ticket` among those that have come. Returns 1 and the word (or
 * HELPER_LOST), or 0. */
static int find_word(struct helper *helper, uint32_t ticket, struct helper_word *ret)
{
	while (helper_next_word(helper, ret) == 1) {
		if (ret->end == HELPER_LOST || ret->ticket == ticket)
			return 1;
	}
	return 0;
}

static ssize_t wait_for_answer(
        struct helper *helper, uint32_t ticket, int64_t end, int from, void *answer, size_t size)
{
	struct pollfd polls[] = {
	        {.fd = helper->socket, .events = POLLIN},
	        {.fd = from, .events = POLLIN},
	};

	for (;;) {
		struct helper_word word;
		const int64_t left = end - monotonic_ms();

		if (left <= 0)
			return -ETIMEDOUT;
		if (poll(polls, ARRAY_SIZE(polls), (int)left) < 0 && errno != EINTR)
			return -errno;
		/* First the word: an answer that is there when it comes is all there will be. */
		const bool has_word = find_word(helper, ticket, &word);
		const ssize_t n = recv(from, answer, size, 0);
		if (n > 0)
			return n;
		if (n == 0)
			polls[1].fd = -1; /* the job closed its end; its word will come */
		if (has_word)
			return word.end == HELPER_ENDED  ? 0
			       : word.end == HELPER_LOST ? -EPIPE
			                                 : -ETIMEDOUT;
	}
}

ssize_t helper_call(struct helper *helper, unsigned job, const struct helper_request *request,
        void *answer, size_t size)
{
	_cleanup_close_ int from = -EBADF;
	uint32_t ticket;
	const int r = helper_ask(helper, job, request, &ticket, &from);

	if (r < 0)
		return r;
	return wait_for_answer(helper, ticket, helper_last_moment(helper, job), from, answer, size);
}
