/* SPDX-License-Identifier: Apache-2.0 */
/* The helper's own side: takes requests, forks a job for each, says how it ended. Never waits
 * for anything but poll. */
#include "base/descriptors.h"
#include "base/memory.h"
#include "base/monotonic.h"
#include "privsep/helper_protocol.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>

enum running_state {
	RUNNING,
	KILLED,    /* past its deadline: sent SIGKILL */
	ABANDONED, /* did not die of it: its word has been given, it is only reaped if ever it ends
	            */
};

/* A way to ask us, for one thread there. */
struct channel {
	int socket; /* -EBADF: nobody asks here any more */
	struct helper_word *words;
	size_t n_words, words_capacity; /* that the socket would not take yet */
};

struct running {
	struct running *next;
	struct channel *channel;
	pid_t pid; /* and its process group */
	uint32_t ticket;
	int64_t deadline; /* for the state to change, ... */
	int64_t busy_end; /* or that of one that only lacks a CPU */
	enum running_state state;
};

struct server {
	const struct helper_job *jobs;
	size_t n_jobs;
	pid_t pid; /* our own */
	int signals;
	struct channel channels[HELPER_CHANNELS]; /* our life hangs on the first */
	struct running *running;
	size_t n_running; /* without the abandoned */
	bool is_over;
};

/* A request as it came. */
struct parcel {
	struct helper_message message;
	size_t len;                  /* of its bytes */
	struct helper_rights rights; /* the answer's socket first */
};

static void say(struct channel *channel, const struct helper_word *word)
{
	if (channel->socket < 0)
		return;
	channel->words = memory_grow(channel->words, &channel->words_capacity, channel->n_words + 1,
	        sizeof(*channel->words));
	channel->words[channel->n_words++] = *word;
}

/* Hands out as many words as the socket takes. That there is no one left is seen by poll. */
static void send_words(struct channel *channel)
{
	size_t n = 0;

	while (n < channel->n_words &&
	        send(channel->socket, &channel->words[n], sizeof(*channel->words),
	                MSG_DONTWAIT | MSG_NOSIGNAL) >= 0)
		n++;
	channel->n_words -= n;
	if (n && channel->n_words)
		memmove(channel->words, channel->words + n,
		        channel->n_words * sizeof(*channel->words));
}

/* Nobody asks there any more. Its jobs go on to their ends. */
static void close_channel(struct server *server, struct channel *channel)
{
	close_fd(&channel->socket);
	channel->n_words = 0;
	server->is_over |= channel == server->channels;
}

/* --- a job, in its own process ------------------------------------------------ */

_noreturn_ static void run_job(const struct server *server, const struct parcel *parcel)
{
	const struct helper_job *job = &server->jobs[parcel->message.job];
	const struct helper_request request = {
	        .bytes = parcel->message.bytes,
	        .len = parcel->len,
	        .fds = parcel->rights.fds + 1,
	        .n_fds = parcel->rights.n - 1,
	};
	sigset_t none;

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != server->pid)
		_exit(EXIT_FAILURE);
	prctl(PR_SET_NAME, job->name);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	descriptors_close_except(parcel->rights.fds, parcel->rights.n);
	_exit(job->run(&request, parcel->rights.fds[0]) & 0xff);
}

/* --- requests ----------------------------------------------------------------- */

/* Returns 1 and a request, 0 if there is none now, or -EPIPE: there will be none any more.
 * Whoever sent it has no say in what we read: a request that is not as it should be is -EBADMSG. */
static int take_request(
        const struct server *server, const struct channel *channel, struct parcel *ret)
{
	const ssize_t n = helper_receive_rights(
	        channel->socket, &ret->message, sizeof(ret->message), &ret->rights);

	if (n == -EAGAIN || n == -EINTR)
		return 0;
	if (n <= 0)
		return -EPIPE;
	if ((size_t)n < HELPER_MESSAGE_HEAD)
		ret->message.ticket = 0;
	else
		ret->len = (size_t)n - HELPER_MESSAGE_HEAD;
	const bool is_bad = (size_t)n < HELPER_MESSAGE_HEAD || ret->rights.is_cut ||
	                    ret->rights.n == 0 || ret->message.job >= server->n_jobs;
	return is_bad ? -EBADMSG : 1;
}

static void refuse(struct channel *channel, uint32_t ticket)
{
	const struct helper_word word = {ticket, HELPER_ENDED, HELPER_COULD_NOT_START};

	say(channel, &word);
}

static void start_job(struct server *server, struct channel *channel, const struct parcel *parcel)
{
	const struct helper_message *message = &parcel->message;
	const pid_t pid = fork();

	if (pid == 0)
		run_job(server, parcel);
	if (pid < 0) {
		refuse(channel, message->ticket);
		return;
	}
	setpgid(pid, pid); /* as it does itself: whoever comes first */
	struct running *running = memory_new(sizeof(*running));
	const int64_t deadline = monotonic_ms() + server->jobs[message->job].deadline_ms;
	*running = (struct running){
	        .next = server->running,
	        .channel = channel,
	        .pid = pid,
	        .ticket = message->ticket,
	        .deadline = deadline,
	        .busy_end = deadline + HELPER_BUSY_MS,
	};
	server->running = running;
	server->n_running++;
}

static void take_requests(struct server *server, struct channel *channel)
{
	struct parcel parcel;

	while (server->n_running < HELPER_RUNNING_MAX) {
		const int r = take_request(server, channel, &parcel);

		if (r == -EPIPE)
			close_channel(server, channel);
		if (r == 0 || r == -EPIPE)
			return;
		if (r > 0)
			start_job(server, channel, &parcel);
		else
			refuse(channel, parcel.message.ticket);
		for (size_t i = 0; i < parcel.rights.n; i++)
			close_fd(&parcel.rights.fds[i]);
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
	say(running->channel,
	        &(struct helper_word){
	                .ticket = running->ticket,
	                .end = info.si_code == CLD_EXITED ? HELPER_ENDED : HELPER_KILLED,
	                .status = info.si_status,
	        });
	return true;
}

static void expire(struct server *server, struct running *running, int64_t now)
{
	if (running->state == RUNNING && now < running->busy_end &&
	        helper_is_running(running->pid)) {
		running->deadline = now + HELPER_BUSY_STEP_MS;
		return;
	}
	if (running->state == RUNNING) {
		kill_group(running);
		running->state = KILLED;
		running->deadline = now + HELPER_GRACE_MS;
		return;
	}
	running->state = ABANDONED;
	server->n_running--;
	say(running->channel,
	        &(struct helper_word){.ticket = running->ticket, .end = HELPER_STUCK});
}

/* Milliseconds until something has to be done about a job; -1: nothing. */
static int mind_deadlines(struct server *server)
{
	const int64_t now = monotonic_ms();
	int64_t next = -1;

	for (struct running *running = server->running; running; running = running->next) {
		if (running->state != ABANDONED && running->deadline <= now)
			expire(server, running, now);
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

static void serve_channel(struct server *server, struct channel *channel, short events)
{
	if (events & (POLLHUP | POLLRDHUP | POLLERR))
		close_channel(server, channel);
	else if (events & POLLIN)
		take_requests(server, channel);
}

static void serve_once(struct server *server)
{
	const int timeout = mind_deadlines(server);
	const int requests = server->n_running < HELPER_RUNNING_MAX ? POLLIN : 0;
	struct pollfd polls[HELPER_CHANNELS + 1];

	for (size_t i = 0; i < HELPER_CHANNELS; i++) {
		struct channel *channel = &server->channels[i];

		send_words(channel);
		polls[i] = (struct pollfd){
		        .fd = channel->socket,
		        .events = (short)(POLLRDHUP | requests | (channel->n_words ? POLLOUT : 0)),
		};
	}
	polls[HELPER_CHANNELS] = (struct pollfd){.fd = server->signals, .events = POLLIN};
	if (poll(polls, ARRAY_SIZE(polls), timeout) < 0 && errno != EINTR)
		server->is_over = true;
	take_signals(server);
	while (reap_one(server))
		continue;
	for (size_t i = 0; i < HELPER_CHANNELS; i++)
		serve_channel(server, &server->channels[i], polls[i].revents);
}

/* Takes its jobs along, and waits a moment so that whoever waits for us finds them gone. */
static void end_jobs(struct server *server)
{
	const int64_t end = monotonic_ms() + HELPER_GRACE_MS;
	struct pollfd poll_fd = {.fd = server->signals, .events = POLLIN};

	for (const struct running *running = server->running; running; running = running->next)
		kill_group(running);
	for (;;) {
		while (reap_one(server))
			continue;
		const int64_t left = end - monotonic_ms();
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

void helper_serve(
        const int sockets[static HELPER_CHANNELS], const struct helper_job *jobs, size_t n_jobs)
{
	struct server server = {.jobs = jobs, .n_jobs = n_jobs, .pid = getpid()};

	for (size_t i = 0; i < HELPER_CHANNELS; i++)
		server.channels[i] = (struct channel){.socket = sockets[i]};
	memory_set_last_words(NULL);
	prctl(PR_SET_NAME, "nsbrowse-helper");
	/* That our socket closes is what ends us; this is for the case that it was inherited. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	descriptors_close_except(sockets, HELPER_CHANNELS);
	leave_terminal();
	server.signals = prepare_signals();
	while (server.signals >= 0 && !server.is_over)
		serve_once(&server);
	end_jobs(&server);
	_exit(EXIT_SUCCESS);
}
