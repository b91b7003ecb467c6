/* SPDX-License-Identifier: Apache-2.0 */
#include "base/descriptors.h"
#include "base/memory.h"
#include "base/monotonic.h"
#include "cmd/jobs/jobs.h"

#include <poll.h>
#include <pwd.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

enum {
	USERS_MAX = 64, /* of one job */
	QUICK_MS = 100,
};

/* What a job does. */
enum pass {
	PASS_QUICK, /* all of its users, until one takes too long */
	PASS_SLOW,  /* a single user */
	PASSES,
};

struct request {
	enum pass pass;
	uid_t uids[USERS_MAX];
};

/* A reply: one for each user, at once when it is known. */
struct answer {
	uid_t uid;
	enum { ANSWER_NAME, ANSWER_NO_NAME, ANSWER_FAILED } kind;
	char name[256];
};

/* --- the look-ups ---------------------------------------------------------------------------- */

struct look_up {
	struct helper_pending pending; /* replies: negative if this one does not run */
	struct request request;
	size_t n; /* UIDs of the request */
};

struct queue {
	uid_t *uids;
	size_t first, n, capacity;
};

struct user_names {
	struct helper *helper;
	user_names_fn *take;
	void *data;
	struct queue queues[PASSES];
	struct look_up look_ups[USER_NAMES_AT_ONCE];
	bool is_unread; /* a job could not be started: it has not read /etc/passwd */
};

struct user_names *user_names_new(struct helper *helper, user_names_fn *take, void *data)
{
	struct user_names *users = memory_new(sizeof(*users));

	*users = (struct user_names){.helper = helper, .take = take, .data = data};
	for (size_t i = 0; i < USER_NAMES_AT_ONCE; i++)
		users->look_ups[i].pending.replies = -EBADF;
	return users;
}

void user_names_free(struct user_names *users)
{
	if (!users)
		return;
	for (size_t i = 0; i < USER_NAMES_AT_ONCE; i++)
		close_fd(&users->look_ups[i].pending.replies);
	for (size_t i = 0; i < ARRAY_SIZE(users->queues); i++)
		free(users->queues[i].uids);
	free(users);
}

static void push(struct queue *queue, uid_t uid)
{
	MEMORY_APPEND(queue->uids, queue->n, queue->capacity) = uid;
}

/* Takes up to `most` UIDs from the queue; returns their number. */
static size_t pop(struct queue *queue, uid_t *ret_uids, size_t most)
{
	const size_t left = queue->n - queue->first;
	const size_t n = left < most ? left : most;

	if (n)
		memcpy(ret_uids, queue->uids + queue->first, n * sizeof(*ret_uids));
	queue->first += n;
	if (queue->first == queue->n)
		queue->first = queue->n = 0;
	return n;
}

void user_names_add(struct user_names *users, uid_t uid)
{
	push(&users->queues[PASS_QUICK], uid);
}

/* Takes UIDs from the queues into the request; false if there are none. */
static bool fill_request(struct user_names *users, struct look_up *look_up)
{
	struct request *request = &look_up->request;

	request->pass = PASS_QUICK;
	look_up->n = pop(&users->queues[PASS_QUICK], request->uids, USERS_MAX);
	if (look_up->n)
		return true;
	request->pass = PASS_SLOW;
	look_up->n = pop(&users->queues[PASS_SLOW], request->uids, 1);
	return look_up->n > 0;
}

static void fail(struct user_names *users, const uid_t *uids, size_t n)
{
	for (size_t i = 0; i < n; i++)
		users->take(users->data, uids[i], NULL, true);
}

/* All that have not been started have failed. */
static void fail_queued(struct user_names *users)
{
	for (size_t i = 0; i < ARRAY_SIZE(users->queues); i++) {
		struct queue *queue = &users->queues[i];

		/* An empty queue may have no array. */
		if (queue->n > queue->first)
			fail(users, queue->uids + queue->first, queue->n - queue->first);
		queue->first = queue->n = 0;
	}
}

void user_names_start(struct user_names *users)
{
	for (size_t i = 0; i < USER_NAMES_AT_ONCE; i++) {
		struct look_up *look_up = &users->look_ups[i];

		if (look_up->pending.replies >= 0)
			continue;
		if (!fill_request(users, look_up))
			return;
		const size_t len = offsetof(struct request, uids) + look_up->n * sizeof(uid_t);
		const struct helper_request request = {.bytes = &look_up->request, .len = len};
		if (helper_start_job(users->helper, &user_names_job, &request, &look_up->pending) ==
		        0)
			continue;
		/* The helper has ended, or does not respond: another try takes a second. */
		users->is_unread = true;
		look_up->pending.replies = -EBADF;
		fail(users, look_up->request.uids, look_up->n);
		fail_queued(users);
		return;
	}
}

/* Takes the UID of an answer off the request; false if it is not there. */
static bool remove_uid(struct look_up *look_up, uid_t uid)
{
	uid_t *uids = look_up->request.uids;
	size_t i = 0;

	while (i < look_up->n && uids[i] != uid)
		i++;
	if (i == look_up->n)
		return false;
	look_up->n--;
	memmove(&uids[i], &uids[i + 1], (look_up->n - i) * sizeof(*uids));
	return true;
}

/* Takes the answers that have come. */
static void receive(struct user_names *users, struct look_up *look_up)
{
	struct answer answer;

	while (recv(look_up->pending.replies, &answer, sizeof(answer), 0) == sizeof(answer)) {
		const bool has_name = answer.kind == ANSWER_NAME;

		answer.name[sizeof(answer.name) - 1] = '\0';
		if (remove_uid(look_up, answer.uid))
			users->take(users->data, answer.uid, has_name ? answer.name : NULL,
			        answer.kind == ANSWER_FAILED);
	}
}

/* Users without an answer of the quick pass are looked up one by one. */
static void finish(
        struct user_names *users, struct look_up *look_up, const struct helper_exit *notice)
{
	char none;

	receive(users, look_up);
	users->is_unread |=
	        helper_finish_job(notice, &look_up->pending, &none, sizeof(none), NULL) == -EAGAIN;
	if (look_up->request.pass == PASS_SLOW)
		fail(users, look_up->request.uids, look_up->n);
	for (size_t i = 0; look_up->request.pass == PASS_QUICK && i < look_up->n; i++)
		push(&users->queues[PASS_SLOW], look_up->request.uids[i]);
}

void user_names_handle_exit(struct user_names *users, const struct helper_exit *notice)
{
	bool is_ours = false;

	for (size_t i = 0; i < USER_NAMES_AT_ONCE; i++) {
		struct look_up *look_up = &users->look_ups[i];

		if (look_up->pending.replies < 0 || !helper_is_exit_of(notice, &look_up->pending))
			continue;
		finish(users, look_up, notice);
		is_ours = true;
	}
	if (is_ours)
		user_names_start(users);
}

bool user_names_is_running(const struct user_names *users)
{
	for (size_t i = 0; i < USER_NAMES_AT_ONCE; i++) {
		if (users->look_ups[i].pending.replies >= 0)
			return true;
	}
	return false;
}

/* --- /etc/passwd ----------------------------------------------------------------------------- */

/* Calls `take` for the users that are in the file, moves them to the end, and returns the number of
 * the others. If a UID has several lines, the first one counts, as for getpwuid(3). `+` and `-`
 * begin lines that refer to NIS (nsswitch.conf(5)). */
static size_t look_in_file(uid_t *uids, size_t n, user_names_fn *take, void *data)
{
	_cleanup_fclose_ FILE *file = fopen("/etc/passwd", "re");
	const struct passwd *user;

	while (n && file && (user = fgetpwent(file))) {
		for (size_t i = 0; i < n; i++) {
			if (user->pw_uid != uids[i] || !*user->pw_name ||
			        strchr("+-", *user->pw_name))
				continue;
			take(data, uids[i], user->pw_name, false);
			uids[i] = uids[--n];
			break;
		}
	}
	return n;
}

/* --- and wait -------------------------------------------------------------------------------- */

static void store(void *names, uid_t uid, const char *name, bool is_failed)
{
	if (is_failed)
		names_fail(names, uid);
	else
		names_add(names, uid, name);
}

/* So often a helper that is stopped is noticed. */
enum { CHECK_MS = 100 };

/* Waits until none runs or the time has come; then those that still run have failed. */
static void wait_until(struct user_names *users, int64_t end)
{
	struct pollfd poll_fd = {.fd = helper_fd(users->helper), .events = POLLIN};
	struct helper_exit notice;

	while (user_names_is_running(users)) {
		const int64_t left = end - monotonic_ms();

		if (left <= 0 || helper_is_stopped(users->helper))
			break;
		poll(&poll_fd, 1, (int)MIN(left, (int64_t)CHECK_MS));
		while (user_names_is_running(users) && helper_poll(users->helper, &notice) > 0)
			user_names_handle_exit(users, &notice);
	}
	for (size_t i = 0; i < USER_NAMES_AT_ONCE; i++) {
		struct look_up *look_up = &users->look_ups[i];

		if (look_up->pending.replies < 0)
			continue;
		receive(users, look_up);
		fail(users, look_up->request.uids, look_up->n);
	}
	fail_queued(users);
}

/* A job that could not be started has not read the file: this process does. If one was started and
 * did not answer, the file may be what it waits for. (getpwuid(3) may always wait for ever.) */
static void look_up_failed(const uid_t *uids, size_t n, struct names *names)
{
	_cleanup_free_ uid_t *failed = memory_new((n + 1) * sizeof(*failed));
	size_t n_failed = 0;

	for (size_t i = 0; i < n; i++) {
		if (!names_is_settled(names, uids[i]))
			failed[n_failed++] = uids[i];
	}
	look_in_file(failed, n_failed, store, names);
}

void user_names_now(
        struct helper *helper, const uid_t *uids, size_t n, int64_t wait_ms, struct names *names)
{
	struct user_names *users = user_names_new(helper, store, names);
	const int64_t end = monotonic_ms() + wait_ms;

	for (size_t i = 0; i < n; i++)
		user_names_add(users, uids[i]);
	user_names_start(users);
	wait_until(users, end);
	if (users->is_unread)
		look_up_failed(uids, n, names);
	user_names_free(users);
}

/* --- the job --------------------------------------------------------------------------------- */

/* An empty name, or one that is too long for a user, is none. */
static void send_answer(int replies, uid_t uid, const char *name, bool is_failed)
{
	const size_t len = name ? strlen(name) : 0;
	struct answer answer = {.uid = uid};

	if (len > 0 && len < sizeof(answer.name))
		memcpy(answer.name, name, len);
	else
		answer.kind = is_failed ? ANSWER_FAILED : ANSWER_NO_NAME;
	if (helper_send_reply(replies,
	            &(const struct helper_reply){.bytes = &answer, .len = sizeof(answer)}) < 0)
		_exit(EXIT_FAILURE);
}

/* The errors with which getpwuid(3) says that there is no such user. */
static bool is_not_found(int error)
{
	static const int errors[] = {0, ENOENT, ESRCH, EBADF, EPERM};

	for (size_t i = 0; i < ARRAY_SIZE(errors); i++) {
		if (error == errors[i])
			return true;
	}
	return false;
}

static void send_found(void *replies, uid_t uid, const char *name, bool is_failed)
{
	send_answer(*(const int *)replies, uid, name, is_failed);
}

static void look_everywhere(uid_t uid, int replies)
{
	errno = 0;
	const struct passwd *user = getpwuid(uid);
	const bool is_failed = !user && !is_not_found(errno);

	send_answer(replies, uid, user ? user->pw_name : NULL, is_failed);
}

static int run(const struct helper_request *helper_request, int replies)
{
	const struct itimerval limit = {.it_value.tv_usec = QUICK_MS * 1000};
	const size_t head = offsetof(struct request, uids);
	struct request request;

	if (helper_request->len < head || helper_request->len > sizeof(request))
		return EXIT_FAILURE;
	memcpy(&request, helper_request->bytes, helper_request->len);
	size_t n = (helper_request->len - head) / sizeof(uid_t);
	if (helper_request->len != head + n * sizeof(uid_t) || n == 0 ||
	        helper_request->n_fds != 0 || request.pass >= PASSES ||
	        (request.pass == PASS_SLOW && n != 1))
		return EXIT_FAILURE;
	if (request.pass == PASS_QUICK) {
		n = look_in_file(request.uids, n, send_found, &replies);
		setitimer(ITIMER_REAL, &limit, NULL); /* SIGALRM ends the process */
	}
	for (size_t i = 0; i < n; i++)
		look_everywhere(request.uids[i], replies);
	return EXIT_SUCCESS;
}

const struct helper_job user_names_job = {
        .name = "names of users",
        .deadline_ms = USER_NAMES_LIMIT_MS,
        .run = run,
        .calls = SANDBOX_READ | SANDBOX_NSS,
};
