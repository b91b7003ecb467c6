/* SPDX-License-Identifier: Apache-2.0 */
/* The helper's own side: takes requests, forks a job for each, says how it ended. Never waits
 * for anything but poll. */
#include "base/descriptors.h"
#include "base/helper_protocol.h"
#include "base/memory.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdalign.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>

enum running_state {
	RUNNING,
	KILLED,    /* past its deadline: sent SIGKILL */
	ABANDONED, /* did not die of it: its word has been given, it is only reaped if ever it ends
	            */
};

struct running {
	struct running *next;
	pid_t pid; /* and its process group */
	uint32_t ticket;
	int64_t deadline; /* for the state to change */
	enum running_state state;
};

struct server {
	const struct helper_job *jobs;
	size_t n_jobs;
	pid_t pid; /* our own */
	int socket, signals;
	struct running *running;
	size_t n_running; /* without the abandoned */
	struct helper_word *words;
	size_t n_words, words_capacity; /* that the socket would not take yet */
	bool is_over;
};

/* A request as it came. */
struct parcel {
	struct helper_message message;
	size_t len;                  /* of its bytes */
	int fds[HELPER_FDS_MAX + 1]; /* the answer's socket first */
	size_t n_fds;
};

static void say(struct server *server, const struct helper_word *word)
{
	server->words = memory_grow(server->words, &server->words_capacity, server->n_words + 1,
	        sizeof(*server->words));
	server->words[server->n_words++] = *word;
}

/* Hands out as many words as the socket takes. That there is no one left is seen by poll. */
static void send_words(struct server *server)
{
	size_t n = 0;

	while (n < server->n_words &&
	        send(server->socket, &server->words[n], sizeof(*server->words),
	                MSG_DONTWAIT | MSG_NOSIGNAL) >= 0)
		n++;
	server->n_words -= n;
	if (n && server->n_words)
		memmove(server->words, server->words + n, server->n_words * sizeof(*server->words));
}

/* --- a job, in its own process ------------------------------------------------ */

_noreturn_ static void run_job(const struct server *server, const struct parcel *parcel)
{
	const struct helper_job *job = &server->jobs[parcel->message.job];
	const struct helper_request request = {
	        .bytes = parcel->message.bytes,
	        .len = parcel->len,
	        .fds = parcel->fds + 1,
	        .n_fds = parcel->n_fds - 1,
	};
	sigset_t none;

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != server->pid)
		_exit(EXIT_FAILURE);
	prctl(PR_SET_NAME, job->name);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	descriptors_close_except(parcel->fds, parcel->n_fds);
	_exit(job->run(&request, parcel->fds[0]) & 0xff);
}

/* --- requests ----------------------------------------------------------------- */

static void take_rights(struct msghdr *message, struct parcel *ret)
{
	ret->n_fds = 0;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c; c = CMSG_NXTHDR(message, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		/* The kernel was told of room for no more than the parcel holds. */
		const size_t size = c->cmsg_len - CMSG_LEN(0);
		memcpy(ret->fds + ret->n_fds, CMSG_DATA(c), size);
		ret->n_fds += size / sizeof(int);
	}
}

/* Returns 1 and a request, 0 if there is none now, or -EPIPE: there will be none any more.
 * Whoever sent it has no say in what we read: a request that is not as it should be is -EBADMSG. */
static int take_request(struct server *server, struct parcel *ret)
{
	alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(ret->fds))];
	struct iovec part = {.iov_base = &ret->message, .iov_len = sizeof(ret->message)};
	struct msghdr message = {
	        .msg_iov = &part,
	        .msg_iovlen = 1,
	        .msg_control = control,
	        .msg_controllen =
	                CMSG_LEN(sizeof(ret->fds)), /* without padding: it would hold one more */
	};
	const ssize_t n = recvmsg(server->socket, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (n <= 0)
		return -EPIPE;
	take_rights(&message, ret);
	if ((size_t)n < HELPER_MESSAGE_HEAD)
		ret->message.ticket = 0;
	else
		ret->len = (size_t)n - HELPER_MESSAGE_HEAD;
	const bool is_bad = (size_t)n < HELPER_MESSAGE_HEAD ||
	                    message.msg_flags & (MSG_TRUNC | MSG_CTRUNC) || ret->n_fds == 0 ||
	                    ret->message.job >= server->n_jobs;
	return is_bad ? -EBADMSG : 1;
}

static void refuse(struct server *server, uint32_t ticket)
{
	const struct helper_word word = {ticket, HELPER_ENDED, HELPER_COULD_NOT_START};

	say(server, &word);
}

static void start_job(struct server *server, const struct parcel *parcel)
{
	const struct helper_message *message = &parcel->message;
	const pid_t pid = fork();

	if (pid == 0)
		run_job(server, parcel);
	if (pid < 0) {
		refuse(server, message->ticket);
		return;
	}
	setpgid(pid, pid); /* as it does itself: whoever comes first */
	struct running *running = memory_new(sizeof(*running));
	*running = (struct running){
	        .next = server->running,
	        .pid = pid,
	        .ticket = message->ticket,
	        .deadline = helper_now_ms() + server->jobs[message->job].deadline_ms,
	};
	server->running = running;
	server->n_running++;
}

static void take_requests(struct server *server)
{
	struct parcel parcel;

	while (server->n_running < HELPER_RUNNING_MAX) {
		const int r = take_request(server, &parcel);

		if (r == -EPIPE)
			server->is_over = true;
		if (r == 0 || r == -EPIPE)
			return;
		if (r > 0)
			start_job(server, &parcel);
		else
			refuse(server, parcel.message.ticket);
		for (size_t i = 0; i < parcel.n_fds; i++)
			close_fd(&parcel.fds[i]);
	}
}

/* --- the end of jobs ---------------------------------------------------------- */

static void kill_group(const struct running *running)
{
	kill(running->pid, SIGKILL);
	kill(-running->pid, SIGKILL);
}

static struct running *take_running(struct server *server, pid_t pid)
{
	struct running **place = &server->running;

	while (*place && (*place)->pid != pid)
		place = &(*place)->next;
	struct running *running = *place;
	if (running)
		*place = running->next;
	return running;
}

/* Takes a child that has ended and says so; false if there is none. */
static bool reap_one(struct server *server)
{
	siginfo_t info = {0};

	/* Its number stays taken until the second wait: what it started is killed in between. */
	if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) < 0 || info.si_pid == 0)
		return false;
	_cleanup_free_ struct running *running = take_running(server, info.si_pid);
	if (running)
		kill_group(running);
	waitid(P_PID, (id_t)info.si_pid, &info, WEXITED);
	if (!running || running->state == ABANDONED)
		return true;
	server->n_running--;
	say(server, &(struct helper_word){
	                    .ticket = running->ticket,
	                    .end = info.si_code == CLD_EXITED ? HELPER_ENDED : HELPER_KILLED,
	                    .status = info.si_status,
	            });
	return true;
}

static void expire(struct server *server, struct running *running)
{
	if (running->state == RUNNING) {
		kill_group(running);
		running->state = KILLED;
		running->deadline = helper_now_ms() + HELPER_GRACE_MS;
		return;
	}
	running->state = ABANDONED;
	server->n_running--;
	say(server, &(struct helper_word){.ticket = running->ticket, .end = HELPER_STUCK});
}

/* Milliseconds until something has to be done about a job; -1: nothing. */
static int mind_deadlines(struct server *server)
{
	const int64_t now = helper_now_ms();
	int64_t next = -1;

	for (struct running *running = server->running; running; running = running->next) {
		if (running->state != ABANDONED && running->deadline <= now)
			expire(server, running);
		if (running->state != ABANDONED && (next < 0 || running->deadline - now < next))
			next = running->deadline - now;
	}
	return next > 60 * 1000 ? 60 * 1000 : (int)next;
}

/* --- the helper's life -------------------------------------------------------- */

static void take_signals(struct server *server)
{
	struct signalfd_siginfo info;

	while (read(server->signals, &info, sizeof(info)) == sizeof(info))
		server->is_over |= info.ssi_signo == SIGTERM;
}

static void serve_once(struct server *server)
{
	const int timeout = mind_deadlines(server);
	const int requests = server->n_running < HELPER_RUNNING_MAX ? POLLIN : 0;

	send_words(server);
	struct pollfd polls[] = {
	        {.fd = server->socket, .events = (short)(POLLRDHUP | requests)},
	        {.fd = server->signals, .events = POLLIN},
	};
	if (server->n_words)
		polls[0].events |= POLLOUT;
	if (poll(polls, ARRAY_SIZE(polls), timeout) < 0 && errno != EINTR)
		server->is_over = true;
	take_signals(server);
	while (reap_one(server))
		continue;
	if (polls[0].revents & (POLLHUP | POLLRDHUP | POLLERR))
		server->is_over = true;
	else if (polls[0].revents & POLLIN)
		take_requests(server);
}

/* Takes its jobs along, and waits a moment so that whoever waits for us finds them gone. */
static void end_jobs(struct server *server)
{
	const int64_t end = helper_now_ms() + HELPER_GRACE_MS;
	struct pollfd poll_fd = {.fd = server->signals, .events = POLLIN};

	for (const struct running *running = server->running; running; running = running->next)
		kill_group(running);
	for (;;) {
		while (reap_one(server))
			continue;
		const int64_t left = end - helper_now_ms();
		if (server->n_running == 0 || left <= 0)
			return;
		poll(&poll_fd, 1, (int)left);
		take_signals(server);
	}
}

/* Signals as a new program finds them, but the two that are read from the descriptor returned. */
static int prepare_signals(void)
{
	sigset_t signals;

	for (int signal_number = 1; signal_number < NSIG; signal_number++)
		signal(signal_number, SIG_DFL);
	sigemptyset(&signals);
	sigaddset(&signals, SIGCHLD);
	sigaddset(&signals, SIGTERM);
	sigprocmask(SIG_SETMASK, &signals, NULL);
	return signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* No part in the terminal: neither its signals, nor its input, nor an end of it that a stuck job
 * would keep open. */
static void leave_terminal(void)
{
	const int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	setsid();
	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	if (isatty(STDERR_FILENO))
		dup2(null, STDERR_FILENO);
	close(null);
}

void helper_serve(int socket, const struct helper_job *jobs, size_t n_jobs)
{
	struct server server = {.jobs = jobs, .n_jobs = n_jobs, .pid = getpid(), .socket = socket};

	memory_set_last_words(NULL);
	prctl(PR_SET_NAME, "nsbrowse-helper");
	/* That our socket closes is what ends us; this is for the case that it was inherited. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	descriptors_close_except(&socket, 1);
	leave_terminal();
	server.signals = prepare_signals();
	while (server.signals >= 0 && !server.is_over)
		serve_once(&server);
	end_jobs(&server);
	_exit(EXIT_SUCCESS);
}
