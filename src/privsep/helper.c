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

/* How long to wait for a helper that does not respond, for example since it was stopped. */
enum { TIMEOUT_MS = 1000 };

/* How long to wait for the next reply or notice until it is checked whether the helper was stopped.
 */
enum { CHECK_MS = 100 };

/* How much longer to wait for a helper that gets no CPU. */
enum { BUSY_MAX_MS = 15 * 1000 };

struct helper {
	const struct helper_job **jobs;
	size_t n_jobs;
	pid_t pid;
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
	const struct timeval timeout = {.tv_sec = TIMEOUT_MS / 1000};

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

/* Waits until the helper closes its end, up to TIMEOUT_MS. */
static bool has_left(const struct helper *helper)
{
	struct pollfd poll_fd = {.fd = helper->socket, .events = POLLIN};
	const int64_t end = monotonic_ms() + TIMEOUT_MS;
	struct helper_exit notice;

	for (;;) {
		const int64_t left = end - monotonic_ms();

		if (left <= 0 || helper_is_stopped(helper))
			return false;
		if (poll(&poll_fd, 1, (int)MIN(left, (int64_t)CHECK_MS)) == 0)
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

/* The result of a job (helper.h). */
static int exit_error(const struct helper_exit *notice)
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
	return n > 0 ? n : exit_error(notice);
}

/* --- call ------------------------------------------------------------------------------------ */

enum call_state {
	CALL_NEW,
	CALL_WAITING,
	CALL_DONE,
};

struct call {
	struct helper_pending pending; /* replies: -EBADF after the last one */
	enum call_state state;
	bool has_exited;
};

struct calls {
	struct helper *helper;
	const struct helper_job *job;
	const struct helper_request *requests;
	struct call *calls;
	size_t n, n_waiting;
	size_t at_once;   /* so many may wait; 0: no more are started */
	int64_t end;      /* limit for those that wait, in the time of monotonic_ms() */
	int64_t busy_end; /* it is never later than that */
	int *results;
	helper_reply_fn *receive;
	void *data;
	char *bytes; /* HELPER_REPLY_MAX, for one reply */
};

/* The helper kills jobs at their deadline; this limit is for a helper that does not respond. */
static void set_end(struct calls *all)
{
	all->end = monotonic_ms() + all->job->deadline_ms + HELPER_BUSY_MS + HELPER_GRACE_MS +
	           2 * TIMEOUT_MS;
}

static void start_one(struct calls *all, size_t i)
{
	struct call *const call = &all->calls[i];
	const int r = helper_start_job(all->helper, all->job, &all->requests[i], &call->pending);

	all->results[i] = r;
	call->state = r == 0 ? CALL_WAITING : CALL_DONE;
	all->n_waiting += r == 0;
	set_end(all);
	all->busy_end = all->end + BUSY_MAX_MS;
}

static void start_more(struct calls *all)
{
	int failed = 0;

	for (size_t i = 0; i < all->n && all->n_waiting < all->at_once; i++) {
		struct call *const call = &all->calls[i];

		if (call->state != CALL_NEW)
			continue;
		if (failed) {
			call->state = CALL_DONE;
			all->results[i] = failed;
			continue;
		}
		start_one(all, i);
		/* Each try with a full queue takes a second: there is only one. */
		if (all->results[i] == -EAGAIN)
			failed = -EAGAIN;
	}
}

/* A job that the helper refused is tried again when another one has ended. If there is none, stuck
 * jobs are in the way. */
static void finish_call(struct calls *all, size_t i, const struct helper_exit *notice)
{
	const int result = exit_error(notice);

	all->calls[i].has_exited = true;
	all->results[i] = result;
	if (result == -EBUSY)
		all->at_once = MIN(all->at_once, all->n_waiting - 1);
	if (result == -ETIMEDOUT && all->job->may_get_stuck)
		all->at_once = 0;
}

static void receive_exits(struct calls *all)
{
	struct helper_exit notice;

	while (helper_poll(all->helper, &notice) == 1) {
		for (size_t i = 0; i < all->n; i++) {
			const struct call *const call = &all->calls[i];

			if (call->state == CALL_WAITING && !call->has_exited &&
			        helper_is_exit_of(&notice, &call->pending))
				finish_call(all, i, &notice);
		}
		if (notice.end == HELPER_LOST)
			return;
	}
}

static void receive_replies(struct calls *all, size_t i)
{
	struct call *call = &all->calls[i];

	while (call->pending.replies >= 0) {
		struct passed_fds passed;
		const ssize_t n = helper_protocol_receive(
		        call->pending.replies, all->bytes, HELPER_REPLY_MAX, &passed);

		if (n == -EINTR)
			continue;
		if (n == -EAGAIN)
			return;
		if (n <= 0) {
			close_fd(&call->pending.replies);
			return;
		}
		all->receive(all->data, i,
		        &(const struct helper_reply){
		                .bytes = all->bytes,
		                .len = (size_t)n,
		                .fds = passed.fds,
		                .n_fds = passed.n,
		        });
	}
}

/* Exit notices first: after one has come, no more replies of its job come. */
static void receive_all(struct calls *all)
{
	receive_exits(all);
	for (size_t i = 0; i < all->n; i++) {
		struct call *call = &all->calls[i];

		if (call->state != CALL_WAITING)
			continue;
		receive_replies(all, i);
		if (!call->has_exited)
			continue;
		close_fd(&call->pending.replies);
		call->state = all->results[i] == -EBUSY ? CALL_NEW : CALL_DONE;
		call->has_exited = false;
		all->n_waiting--;
	}
}

/* On a busy machine the helper may take seconds to start its jobs: it is not lost while it waits
 * for nothing but a CPU. */
static void give_time(struct calls *all)
{
	if (!helper_protocol_is_runnable(all->helper->pid))
		return;
	set_end(all);
	all->end = MIN(all->end, all->busy_end);
}

/* False if there is no time left, or no helper any more. */
static bool wait_for_more(struct calls *all, struct pollfd *polls)
{
	const int64_t left = all->end - monotonic_ms();
	size_t n = 0;
	int r;

	polls[n++] = (struct pollfd){.fd = all->helper->socket, .events = POLLIN};
	for (size_t i = 0; i < all->n; i++) {
		if (all->calls[i].state == CALL_WAITING)
			polls[n++] = (struct pollfd){
			        .fd = all->calls[i].pending.replies, .events = POLLIN};
	}
	/* If this process got no CPU either, what it waits for may be there at the limit. */
	r = poll(polls, (nfds_t)n, left < 0 ? 0 : (int)MIN(left, (int64_t)CHECK_MS));
	if (r == 0) {
		give_time(all);
		return monotonic_ms() < all->end && !helper_is_stopped(all->helper);
	}
	return r > 0 || errno == EINTR;
}

/* The jobs that were not done, or not started, when the call ended. */
static void end_calls(struct calls *all)
{
	for (size_t i = 0; i < all->n; i++) {
		struct call *const call = &all->calls[i];

		if (call->state == CALL_WAITING)
			all->results[i] = -EPIPE;
		else if (call->state == CALL_NEW)
			all->results[i] = -EBUSY;
		close_fd(&call->pending.replies);
	}
}

void helper_call_all(struct helper *helper, const struct helper_job *job,
        const struct helper_request *requests, size_t n, helper_reply_fn *receive, void *data,
        int *ret_results)
{
	_cleanup_free_ struct call *calls = memory_new((n + 1) * sizeof(*calls));
	_cleanup_free_ struct pollfd *polls = memory_new((n + 1) * sizeof(*polls));
	_cleanup_free_ char *bytes = memory_new(HELPER_REPLY_MAX);
	struct calls all = {
	        .helper = helper,
	        .job = job,
	        .requests = requests,
	        .calls = calls,
	        .n = n,
	        .at_once = job->may_get_stuck ? HELPER_STUCK_MAX : n,
	        .results = ret_results,
	        .receive = receive,
	        .data = data,
	        .bytes = bytes,
	};

	for (size_t i = 0; i < n; i++)
		calls[i] = (struct call){.pending.replies = -EBADF};
	start_more(&all);
	while (all.n_waiting > 0 && wait_for_more(&all, polls)) {
		receive_all(&all);
		start_more(&all);
	}
	/* It does not work: no later call waits for it again. */
	if (all.n_waiting > 0 && !helper_is_stopped(helper))
		helper->is_lost = true;
	end_calls(&all);
}

struct first_reply {
	void *bytes;
	size_t size;
	ssize_t len;
	int fd;
	bool is_there;
};

static void keep_first(void *data, _unused_ size_t request, const struct helper_reply *reply)
{
	struct first_reply *const first = data;
	size_t n_kept = 0;

	if (!first->is_there) {
		first->is_there = true;
		first->len = (ssize_t)(reply->len < first->size ? reply->len : first->size);
		if (first->len)
			memcpy(first->bytes, reply->bytes, (size_t)first->len);
		if (reply->n_fds > 0)
			first->fd = reply->fds[n_kept++];
	}
	for (size_t i = n_kept; i < reply->n_fds; i++)
		close(reply->fds[i]);
}

ssize_t helper_call(struct helper *helper, const struct helper_job *job,
        const struct helper_request *request, void *reply, size_t size, int *ret_fd)
{
	struct first_reply first = {.bytes = reply, .size = size, .fd = -EBADF};
	int result;

	helper_call_all(helper, job, request, 1, keep_first, &first, &result);
	if (ret_fd)
		*ret_fd = first.fd;
	else
		close_fd(&first.fd);
	return first.is_there ? first.len : result;
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
