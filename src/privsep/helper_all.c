/* SPDX-License-Identifier: Apache-2.0 */
/* Many jobs at once, and their answers. */
#include "base/memory.h"
#include "base/monotonic.h"
#include "privsep/helper_protocol.h"

#include <poll.h>
#include <signal.h>

struct call {
	uint32_t ticket;
	int answer; /* -EBADF: nothing more comes */
	bool is_waiting, has_word;
};

struct calls {
	struct helper *helper;
	struct call *calls;
	size_t n, n_waiting;
	int *ends;
	helper_take_fn *take;
	void *data;
	char *bytes; /* HELPER_REQUEST_MAX, for an answer */
};

static void ask_all(struct calls *all, unsigned job, const struct helper_request *requests)
{
	int r = 0;

	for (size_t i = 0; i < all->n; i++) {
		struct call *call = &all->calls[i];

		*call = (struct call){.answer = -EBADF};
		/* One that takes no more after a second is not tried again. */
		if (r != -EAGAIN)
			r = helper_ask(
			        all->helper, job, &requests[i], &call->ticket, &call->answer);
		call->is_waiting = r == 0;
		all->n_waiting += r == 0;
		all->ends[i] = r;
	}
}

static int end_of(const struct helper_word *word)
{
	if (word->end == HELPER_LOST)
		return -EPIPE;
	if (word->end == HELPER_STUCK || (word->end == HELPER_KILLED && word->status == SIGKILL))
		return -ETIMEDOUT;
	return word->end == HELPER_ENDED && word->status == 0 ? 0 : -EIO;
}

static void take_words(struct calls *all)
{
	struct helper_word word;

	while (helper_next_word(all->helper, &word) == 1) {
		for (size_t i = 0; i < all->n; i++) {
			struct call *call = &all->calls[i];

			if (!call->is_waiting ||
			        (word.end != HELPER_LOST && word.ticket != call->ticket))
				continue;
			call->has_word = true;
			all->ends[i] = end_of(&word);
		}
		if (word.end == HELPER_LOST)
			return;
	}
}

static void take_answers(struct calls *all, size_t i)
{
	struct call *call = &all->calls[i];

	while (call->answer >= 0) {
		struct helper_rights rights;
		const ssize_t n = helper_receive_rights(
		        call->answer, all->bytes, HELPER_REQUEST_MAX, &rights);

		if (n == -EINTR)
			continue;
		if (n == -EAGAIN)
			return;
		if (n <= 0) {
			close_fd(&call->answer);
			return;
		}
		all->take(all->data, i,
		        &(const struct helper_request){
		                .bytes = all->bytes,
		                .len = (size_t)n,
		                .fds = rights.fds,
		                .n_fds = rights.n,
		        });
	}
}

/* What the job has to say is there when the word of its end is. */
static void take_what_came(struct calls *all)
{
	take_words(all);
	for (size_t i = 0; i < all->n; i++) {
		struct call *call = &all->calls[i];

		if (!call->is_waiting)
			continue;
		take_answers(all, i);
		if (!call->has_word)
			continue;
		call->is_waiting = false;
		all->n_waiting--;
		close_fd(&call->answer);
	}
}

static bool wait_for_more(const struct calls *all, struct pollfd *polls, int64_t end)
{
	const int64_t left = end - monotonic_ms();

	if (left <= 0)
		return false;
	polls[0] = (struct pollfd){.fd = helper_fd(all->helper), .events = POLLIN};
	for (size_t i = 0; i < all->n; i++)
		polls[i + 1] = (struct pollfd){.fd = all->calls[i].answer, .events = POLLIN};
	return poll(polls, (nfds_t)all->n + 1, (int)left) >= 0 || errno == EINTR;
}

void helper_call_all(struct helper *helper, unsigned job, const struct helper_request *requests,
        size_t n, helper_take_fn *take, void *data, int *ret_ends)
{
	_cleanup_free_ struct call *calls = memory_new((n + 1) * sizeof(*calls));
	_cleanup_free_ struct pollfd *polls = memory_new((n + 1) * sizeof(*polls));
	_cleanup_free_ char *bytes = memory_new(HELPER_REQUEST_MAX);
	struct calls all = {
	        .helper = helper,
	        .calls = calls,
	        .n = n,
	        .ends = ret_ends,
	        .take = take,
	        .data = data,
	        .bytes = bytes,
	};

	ask_all(&all, job, requests);
	const int64_t end = helper_last_moment(helper, job);
	while (all.n_waiting > 0 && wait_for_more(&all, polls, end))
		take_what_came(&all);
	for (size_t i = 0; i < n; i++) {
		if (calls[i].is_waiting)
			ret_ends[i] = -ETIMEDOUT;
		close_fd(&calls[i].answer);
	}
}

ssize_t helper_take_answer(int answer, void *bytes, size_t size, int *ret_fd)
{
	struct helper_rights rights;
	const ssize_t n = helper_receive_rights(answer, bytes, size, &rights);

	if (n < 0)
		return n;
	*ret_fd = rights.n > 0 ? rights.fds[0] : -EBADF;
	for (size_t i = 1; i < rights.n; i++)
		close(rights.fds[i]);
	return n;
}

int helper_answer(int socket, const struct helper_request *answer)
{
	if (answer->n_fds > HELPER_FDS_MAX)
		return -EINVAL;
	return helper_send_rights(socket, answer->bytes, answer->len, answer->fds, answer->n_fds);
}
