/* SPDX-License-Identifier: Apache-2.0 */
/* The client side of the helper. */
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

struct helper {
	const struct helper_job **jobs;
	size_t n_jobs;
	pid_t pid;
	int stat; /* helper_protocol_open_stat */
	int socket;
	uint32_t last_id;
	uint32_t n_stuck; /* of helper_set_stuck */
	bool is_lost;
	struct helper *second; /* the second channel; NULL in that one */
};

/* --- start and stop -------------------------------------------------------------------------- */

/* Fills in both ends of all channels. The caller closes the open ones, also after an error. */
static int make_channels(int ours[static HELPER_CHANNELS], int its[static HELPER_CHANNELS])
{
	const struct timeval timeout = {.tv_sec = HELPER_RESPONSE_MS / 1000};

	for (size_t i = 0; i < HELPER_CHANNELS; i++) {
		int sockets[2];
		const int r = descriptors_pair(sockets);

		if (r < 0)
			return r;
		ours[i] = sockets[0];
		its[i] = sockets[1];
		if (setsockopt(ours[i], SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout)) < 0)
			return -errno;
	}
	return 0;
}

static void close_all(int fds[static HELPER_CHANNELS])
{
	for (size_t i = 0; i < HELPER_CHANNELS; i++)
		close_fd(&fds[i]);
}

/* Both channels; `sockets` and `pid` become theirs. */
static struct helper *make_helper(const struct helper_job *const *jobs, size_t n_jobs, pid_t pid,
        const int sockets[static HELPER_CHANNELS])
{
	struct helper *helper = memory_new(sizeof(*helper));

	*helper = (struct helper){
	        .jobs = memory_new((n_jobs + 1) * sizeof(*jobs)),
	        .n_jobs = n_jobs,
	        .pid = pid,
	        .stat = pid == 0 ? -EBADF : helper_protocol_open_stat(pid),
	        .socket = sockets[0],
	        .is_lost = pid == 0,
	        .second = memory_new(sizeof(*helper)),
	};
	if (n_jobs)
		memcpy(helper->jobs, jobs, n_jobs * sizeof(*jobs));
	*helper->second = *helper;
	helper->second->socket = sockets[1];
	helper->second->second = NULL;
	return helper;
}

int helper_start(const struct helper_job *const *jobs, size_t n_jobs,
        const struct helper_setup *setup, struct helper **ret)
{
	static const struct helper_setup none;
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
		helper_serve(its, jobs, n_jobs, setup ? setup : &none);
	close_all(its);
	if (r < 0) {
		close_all(ours);
		return r;
	}
	*ret = make_helper(jobs, n_jobs, pid, ours);
	return 0;
}

struct helper *helper_none(const struct helper_job *const *jobs, size_t n_jobs)
{
	return make_helper(jobs, n_jobs, 0, (const int[]){-EBADF, -EBADF});
}

struct helper *helper_channel(struct helper *helper)
{
	return helper->second;
}

bool helper_is_stopped(const struct helper *helper)
{
	siginfo_t info = {0};

	if (helper->is_lost)
		return true;
	/* WNOWAIT: it can be asked again. */
	return waitid(P_PID, (id_t)helper->pid, &info, WSTOPPED | WEXITED | WNOHANG | WNOWAIT) ==
	               0 &&
	       info.si_pid == helper->pid;
}

bool helper_is_runnable(const struct helper *helper)
{
	return helper_protocol_is_runnable(helper->stat);
}

/* Waits until the helper closes its end, up to HELPER_RESPONSE_MS. */
static bool has_left(const struct helper *helper)
{
	struct pollfd poll_fd = {.fd = helper->socket, .events = POLLIN};
	const int64_t end = monotonic_ms() + HELPER_RESPONSE_MS;
	struct helper_exit notice;

	for (;;) {
		const int64_t left = end - monotonic_ms();

		if (left <= 0 || helper_is_stopped(helper))
			return false;
		if (poll(&poll_fd, 1, (int)MIN(left, (int64_t)HELPER_CHECK_MS)) == 0)
			continue;
		const ssize_t n = recv(helper->socket, &notice, sizeof(notice), MSG_DONTWAIT);
		if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN))
			return true;
	}
}

static bool has_ended(const struct helper *helper)
{
	siginfo_t info = {0};

	return waitid(P_PID, (id_t)helper->pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
	       info.si_pid == helper->pid;
}

static void end_process(const struct helper *helper)
{
	shutdown(helper->socket, SHUT_WR);
	/* Without rights this process may not kill it: then the helper is left to end by itself. */
	if (!has_left(helper) && !has_ended(helper) && kill(helper->pid, SIGKILL) < 0)
		return;
	while (waitpid(helper->pid, NULL, 0) < 0 && errno == EINTR)
		continue;
}

void helper_stop(struct helper *helper)
{
	if (!helper)
		return;
	if (helper->pid != 0)
		end_process(helper);
	close_fd(&helper->second->socket);
	free(helper->second);
	close_fd(&helper->socket);
	close_fd(&helper->stat);
	free(helper->jobs);
	free(helper);
}

pid_t helper_pid(const struct helper *helper)
{
	return helper->pid;
}

/* The index of the job in the table; n_jobs: it is not there. */
static size_t find_job(const struct helper *helper, const struct helper_job *job)
{
	size_t i = 0;

	while (i < helper->n_jobs && helper->jobs[i] != job)
		i++;
	return i;
}

bool helper_has_job(const struct helper *helper, const struct helper_job *job)
{
	return find_job(helper, job) < helper->n_jobs;
}

void helper_set_lost(struct helper *helper)
{
	helper->is_lost = true;
}

void helper_set_stuck(struct helper *helper, size_t n)
{
	helper->n_stuck = (uint32_t)MIN(n, (size_t)HELPER_STUCK_MAX);
}

/* --- start and poll -------------------------------------------------------------------------- */

static int send_request(const struct helper *helper, uint32_t id, size_t job,
        const struct helper_request *request, int replies)
{
	struct helper_message message = {
	        .request_id = id, .job = (uint32_t)job, .n_stuck = helper->n_stuck};
	int fds[HELPER_PROTOCOL_FDS_MAX] = {replies};

	if (request->len)
		memcpy(message.bytes, request->bytes, request->len);
	if (request->n_fds)
		memcpy(fds + 1, request->fds, request->n_fds * sizeof(int));
	return helper_protocol_send(helper->socket, &message, HELPER_MESSAGE_HEAD + request->len,
	        fds, request->n_fds + 1);
}

int helper_start_job(struct helper *helper, const struct helper_job *job,
        const struct helper_request *request, struct helper_pending *ret)
{
	const uint32_t id = helper->last_id + 1;
	const size_t index = find_job(helper, job);
	int sockets[2];
	int r;

	if (helper_is_stopped(helper))
		return -EPIPE;
	if (index == helper->n_jobs)
		return -EOPNOTSUPP;
	if (request->n_fds > HELPER_FDS_MAX)
		return -EINVAL;
	if (request->len > HELPER_REQUEST_MAX)
		return -EMSGSIZE;
	r = descriptors_pair(sockets);
	if (r < 0)
		return r;
	_cleanup_close_ int ours = sockets[0];
	_cleanup_close_ int its = sockets[1];
	if (fcntl(ours, F_SETFL, O_NONBLOCK) < 0)
		return -errno;
	r = send_request(helper, id, index, request, its);
	if (r < 0) {
		helper->is_lost |= r == -EPIPE;
		return r;
	}
	helper->last_id = id;
	*ret = (struct helper_pending){.request_id = id, .replies = take_fd(&ours)};
	return 0;
}

int helper_fd(const struct helper *helper)
{
	return helper->socket;
}

int helper_poll(struct helper *helper, struct helper_exit *ret)
{
	ssize_t n;

	do
		n = recv(helper->socket, ret, sizeof(*ret), MSG_DONTWAIT);
	while (n < 0 && errno == EINTR);
	if (n == sizeof(*ret))
		return 1;
	if (n < 0 && errno == EAGAIN && !helper->is_lost)
		return 0;
	helper->is_lost = true;
	*ret = (struct helper_exit){.end = HELPER_LOST};
	return 1;
}

bool helper_is_exit_of(const struct helper_exit *notice, const struct helper_pending *pending)
{
	return notice->end == HELPER_LOST || notice->request_id == pending->request_id;
}

int helper_result(const struct helper_exit *notice)
{
	if (notice->end == HELPER_LOST)
		return -EPIPE;
	if (notice->end == HELPER_REFUSED)
		return -EBUSY;
	if (notice->end == HELPER_EXITED && notice->status == HELPER_COULD_NOT_START)
		return -EAGAIN;
	if (notice->end == HELPER_STUCK ||
	        (notice->end == HELPER_KILLED && notice->status == SIGKILL))
		return -ETIMEDOUT;
	return notice->end == HELPER_EXITED && notice->status == 0 ? 0 : -EIO;
}

/* Receives the next reply without waiting. Returns its length, 0 if none will come any more, or a
 * negative errno (-EAGAIN: none has come). */
static ssize_t receive_reply(int replies, void *bytes, size_t size, int *ret_fd)
{
	struct passed_fds passed;
	ssize_t n;

	do
		n = helper_protocol_receive(replies, bytes, size, &passed);
	while (n == -EINTR);
	if (n < 0)
		return n;
	*ret_fd = passed.n > 0 ? passed.fds[0] : -EBADF;
	for (size_t i = 1; i < passed.n; i++)
		close(passed.fds[i]);
	return n;
}

ssize_t helper_finish_job(const struct helper_exit *notice, struct helper_pending *pending,
        void *reply, size_t size, int *ret_fd)
{
	_cleanup_close_ int fd = -EBADF;
	const ssize_t n = receive_reply(pending->replies, reply, size, &fd);

	close_fd(&pending->replies);
	if (ret_fd)
		*ret_fd = take_fd(&fd);
	return n > 0 ? n : helper_result(notice);
}

/* --- in a job -------------------------------------------------------------------------------- */

int helper_send_reply(int replies, const struct helper_reply *reply)
{
	if (reply->n_fds > HELPER_FDS_MAX)
		return -EINVAL;
	if (reply->len > HELPER_REPLY_MAX)
		return -EMSGSIZE;
	return helper_protocol_send(replies, reply->bytes, reply->len, reply->fds, reply->n_fds);
}
