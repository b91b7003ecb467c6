/* SPDX-License-Identifier: Apache-2.0 */
/* Jobs that are waited for. */
#include "base/memory.h"
#include "base/monotonic.h"
#include "privsep/helper.h"
#include "privsep/helper_protocol.h"

#include <poll.h>
#include <string.h>

/* How much longer to wait for a helper that gets no CPU. */
enum { BUSY_MAX_MS = 15 * 1000 };

/* --- many ------------------------------------------------------------------------------------ */

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
	           2 * HELPER_RESPONSE_MS;
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
	const int result = helper_result(notice);

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
	if (!helper_is_runnable(all->helper))
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

	polls[n++] = (struct pollfd){.fd = helper_fd(all->helper), .events = POLLIN};
	for (size_t i = 0; i < all->n; i++) {
		if (all->calls[i].state == CALL_WAITING)
			polls[n++] = (struct pollfd){
			        .fd = all->calls[i].pending.replies, .events = POLLIN};
	}
	/* If this process got no CPU either, what it waits for may be there at the limit. */
	r = poll(polls, (nfds_t)n, left < 0 ? 0 : (int)MIN(left, (int64_t)HELPER_CHECK_MS));
	if (r == 0) {
		give_time(all);
		return monotonic_ms() < all->end && !helper_is_stopped(all->helper);
	}
	return (r > 0 || errno == EINTR) && monotonic_ms() < all->busy_end;
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
		helper_set_lost(helper);
	end_calls(&all);
}

/* --- one ------------------------------------------------------------------------------------- */

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
