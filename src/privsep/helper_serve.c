/* SPDX-License-Identifier: Apache-2.0 */
/* The helper process: receives requests, forks a job for each, sends exit notices. It waits for
 * nothing but poll(2). */
#include "base/descriptors.h"
#include "base/memory.h"
#include "base/monotonic.h"
#include "privsep/capabilities.h"
#include "privsep/helper_protocol.h"
#include "privsep/sandbox.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>

enum running_state {
	RUNNING,
	KILLED,    /* SIGKILL was sent at the deadline */
	ABANDONED, /* not ended after HELPER_GRACE_MS: its exit notice was sent, it is only reaped
	            */
};

/* A connection to one thread of the client. */
struct channel {
	int socket;                /* -EBADF: closed */
	struct helper_exit *exits; /* queued: the socket is full */
	size_t n_exits, exits_capacity;
};

struct running {
	struct running *next;
	struct channel *channel;
	pid_t pid; /* and its process group */
	uint32_t request_id;
	int64_t deadline; /* of this state, in the time of monotonic_ms() */
	int64_t busy_end; /* until then a runnable job gets more time */
	enum running_state state;
	bool may_get_stuck;
};

struct server {
	const struct helper_job *const *jobs;
	size_t n_jobs;
	const struct helper_setup *setup;
	struct sandbox_filter *filters; /* of jobs, made when one is first started: find_filter */
	pid_t pid;                      /* of the helper */
	int signals;
	int filter_error;                         /* why a filter could not be made */
	struct channel channels[HELPER_CHANNELS]; /* the helper ends when the first is closed */
	struct running *running;
	size_t n_running;       /* without the abandoned ones */
	size_t n_may_get_stuck; /* with the abandoned ones */
	bool is_over;
};

/* A request as it was received. */
struct received {
	struct helper_message message;
	size_t len;               /* of message.bytes */
	struct passed_fds passed; /* the socket for replies first */
};

/* --- exit notices ---------------------------------------------------------------------------- */

static void queue_exit(struct channel *channel, const struct helper_exit *notice)
{
	if (channel->socket < 0)
		return;
	MEMORY_APPEND(channel->exits, channel->n_exits, channel->exits_capacity) = *notice;
}

/* Sends as many as the socket takes. A closed socket is found by poll. */
static void send_exits(struct channel *channel)
{
	size_t n = 0;

	while (n < channel->n_exits &&
	        send(channel->socket, &channel->exits[n], sizeof(*channel->exits),
	                MSG_DONTWAIT | MSG_NOSIGNAL) >= 0)
		n++;
	channel->n_exits -= n;
	if (n && channel->n_exits)
		memmove(channel->exits, channel->exits + n,
		        channel->n_exits * sizeof(*channel->exits));
}

/* Jobs that were started from it run on. */
static void close_channel(struct server *server, struct channel *channel)
{
	close_fd(&channel->socket);
	channel->n_exits = 0;
	server->is_over |= channel == server->channels;
}

/* --- requests -------------------------------------------------------------------------------- */

/* Returns 1 and a request, 0 if there is none now, -EPIPE if there will be none any more, or
 * -EBADMSG if it is malformed: the client is not trusted. */
static int receive_request(
        const struct server *server, const struct channel *channel, struct received *ret)
{
	const ssize_t n = helper_protocol_receive(
	        channel->socket, &ret->message, sizeof(ret->message), &ret->passed);

	if (n == -EAGAIN || n == -EINTR)
		return 0;
	if (n <= 0)
		return -EPIPE;
	if ((size_t)n < HELPER_MESSAGE_HEAD)
		ret->message.request_id = 0;
	else
		ret->len = (size_t)n - HELPER_MESSAGE_HEAD;
	const bool is_bad = (size_t)n < HELPER_MESSAGE_HEAD || ret->passed.is_cut ||
	                    ret->passed.n == 0 || ret->message.job >= server->n_jobs;
	return is_bad ? -EBADMSG : 1;
}

/* Closes all descriptors but these. */
static void close_others(const int *sockets, size_t n_sockets, const struct helper_setup *setup)
{
	_cleanup_free_ int *kept = memory_new((n_sockets + setup->n_fds) * sizeof(*kept));

	memcpy(kept, sockets, n_sockets * sizeof(*kept));
	if (setup->n_fds)
		memcpy(kept + n_sockets, setup->fds, setup->n_fds * sizeof(*kept));
	descriptors_close_except(kept, n_sockets + setup->n_fds);
}

/* The filter of that job, or that of another one with the same calls, which is made. */
static struct sandbox_filter *find_filter(const struct server *server, uint32_t job)
{
	for (size_t i = 0; i < server->n_jobs; i++) {
		if (server->filters[i].instructions &&
		        server->jobs[i]->calls == server->jobs[job]->calls)
			return &server->filters[i];
	}
	return &server->filters[job];
}

/* Makes the filter of the job, if there is none: that takes as long as two jobs. */
static void make_filter(struct server *server, uint32_t job)
{
	struct sandbox_filter *const filter = find_filter(server, job);

	if (server->setup->has_sandbox && !filter->instructions)
		server->filter_error = sandbox_make(
		        server->jobs[job]->calls | SANDBOX_WORK | SANDBOX_NARROW, filter);
}

/* Gives up what the job does not need. Returns 0 or a negative errno. */
static int confine_job(const struct server *server, uint32_t job)
{
	const struct sandbox_filter *const filter = find_filter(server, job);
	int r;

	if (!server->setup->has_sandbox)
		return 0;
	r = capabilities_keep_set(server->jobs[job]->capabilities);
	if (r == 0)
		r = filter->instructions ? sandbox_install(filter) : server->filter_error;
	return r == -EOPNOTSUPP ? 0 : r;
}

/* In the process of the job. */
_noreturn_ static void run_job(const struct server *server, const struct received *received)
{
	const struct helper_job *job = server->jobs[received->message.job];
	const struct helper_request request = {
	        .bytes = received->message.bytes,
	        .len = received->len,
	        .fds = received->passed.fds + 1,
	        .n_fds = received->passed.n - 1,
	        .fixed = server->setup->fixed,
	};
	sigset_t none;

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != server->pid)
		_exit(EXIT_FAILURE);
	prctl(PR_SET_NAME, job->name);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	close_others(received->passed.fds, received->passed.n, server->setup);
	if (confine_job(server, received->message.job) < 0)
		_exit(HELPER_COULD_NOT_START);
	_exit(job->run(&request, received->passed.fds[0]) & 0xff);
}

static void refuse(struct channel *channel, uint32_t request_id)
{
	queue_exit(channel,
	        &(const struct helper_exit){request_id, HELPER_EXITED, HELPER_COULD_NOT_START});
}

/* One more of these jobs could make more than HELPER_STUCK_MAX processes on this host that nothing
 * can end. */
static bool is_one_too_many(const struct server *server, const struct helper_message *message)
{
	return server->jobs[message->job]->may_get_stuck &&
	       (message->n_stuck >= HELPER_STUCK_MAX ||
	               server->n_may_get_stuck >= HELPER_STUCK_MAX - message->n_stuck);
}

static void start_job(
        struct server *server, struct channel *channel, const struct received *received)
{
	const struct helper_message *message = &received->message;
	pid_t pid;

	if (is_one_too_many(server, message)) {
		queue_exit(channel, &(const struct helper_exit){.request_id = message->request_id,
		                            .end = HELPER_REFUSED});
		return;
	}
	make_filter(server, message->job);
	pid = fork();
	if (pid == 0)
		run_job(server, received);
	if (pid < 0) {
		refuse(channel, message->request_id);
		return;
	}
	setpgid(pid, pid); /* the job does it too: either may be first */
	struct running *running = memory_new(sizeof(*running));
	const int64_t deadline = monotonic_ms() + server->jobs[message->job]->deadline_ms;
	*running = (struct running){
	        .next = server->running,
	        .channel = channel,
	        .pid = pid,
	        .request_id = message->request_id,
	        .deadline = deadline,
	        .busy_end = deadline + HELPER_BUSY_MS,
	        .may_get_stuck = server->jobs[message->job]->may_get_stuck,
	};
	server->running = running;
	server->n_running++;
	server->n_may_get_stuck += running->may_get_stuck;
}

static void receive_requests(struct server *server, struct channel *channel)
{
	struct received received;

	while (server->n_running < HELPER_RUNNING_MAX) {
		const int r = receive_request(server, channel, &received);

		if (r == -EPIPE)
			close_channel(server, channel);
		if (r == 0 || r == -EPIPE)
			return;
		if (r > 0)
			start_job(server, channel, &received);
		else
			refuse(channel, received.message.request_id);
		for (size_t i = 0; i < received.passed.n; i++)
			close_fd(&received.passed.fds[i]);
	}
}

/* --- the end of jobs ------------------------------------------------------------------------- */

static void kill_group(const struct running *running)
{
	kill(running->pid, SIGKILL);
	kill(-running->pid, SIGKILL);
}

/* Takes the job of that process off the list; NULL: it is not there. */
static struct running *unlink_running(struct server *server, pid_t pid)
{
	struct running **link = &server->running;

	while (*link && (*link)->pid != pid)
		link = &(*link)->next;
	struct running *running = *link;
	if (running)
		*link = running->next;
	return running;
}

/* Reaps a child and queues its exit notice; false if no child has ended. */
static bool reap_one(struct server *server)
{
	siginfo_t info = {0};

	/* WNOWAIT: the PID stays in use until its group has been killed. */
	if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) < 0 || info.si_pid == 0)
		return false;
	_cleanup_free_ struct running *running = unlink_running(server, info.si_pid);
	if (running) {
		kill_group(running);
		server->n_may_get_stuck -= running->may_get_stuck;
	}
	waitid(P_PID, (id_t)info.si_pid, &info, WEXITED);
	if (!running || running->state == ABANDONED)
		return true;
	server->n_running--;
	queue_exit(running->channel,
	        &(const struct helper_exit){
	                .request_id = running->request_id,
	                .end = info.si_code == CLD_EXITED ? HELPER_EXITED : HELPER_KILLED,
	                .status = info.si_status,
	        });
	return true;
}

static bool is_runnable(pid_t child)
{
	_cleanup_close_ int stat = helper_protocol_open_stat(child);

	return helper_protocol_is_runnable(stat);
}

static void expire(struct server *server, struct running *running, int64_t now)
{
	if (now < running->busy_end && is_runnable(running->pid)) {
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
	queue_exit(running->channel, &(const struct helper_exit){.request_id = running->request_id,
	                                     .end = HELPER_STUCK});
}

/* Milliseconds until the next deadline; -1: there is none. */
static int check_deadlines(struct server *server)
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

/* --- the loop -------------------------------------------------------------------------------- */

static void read_signals(struct server *server)
{
	struct signalfd_siginfo info;

	while (read(server->signals, &info, sizeof(info)) == sizeof(info))
		server->is_over |= info.ssi_signo == SIGTERM;
}

static void reap_all(struct server *server)
{
	read_signals(server);
	while (reap_one(server))
		continue;
}

static void serve_once(struct server *server)
{
	reap_all(server); /* what has ended is not stuck */
	const int timeout = check_deadlines(server);
	const int requests = server->n_running < HELPER_RUNNING_MAX ? POLLIN : 0;
	struct pollfd polls[HELPER_CHANNELS + 1];

	for (size_t i = 0; i < HELPER_CHANNELS; i++) {
		struct channel *channel = &server->channels[i];

		send_exits(channel);
		polls[i] = (struct pollfd){
		        .fd = channel->socket,
		        .events = (short)(POLLRDHUP | requests | (channel->n_exits ? POLLOUT : 0)),
		};
	}
	polls[HELPER_CHANNELS] = (struct pollfd){.fd = server->signals, .events = POLLIN};
	if (poll(polls, ARRAY_SIZE(polls), timeout) < 0 && errno != EINTR)
		server->is_over = true;
	reap_all(server);
	for (size_t i = 0; i < HELPER_CHANNELS; i++) {
		if (polls[i].revents & (POLLHUP | POLLRDHUP | POLLERR))
			close_channel(server, &server->channels[i]);
		else if (polls[i].revents & POLLIN)
			receive_requests(server, &server->channels[i]);
	}
}

/* Kills all jobs, and waits up to HELPER_GRACE_MS, so that they have ended when the helper has. */
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
		read_signals(server);
	}
}

/* Resets all signals; SIGCHLD and SIGTERM are read from the descriptor that is returned. */
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

/* A session of its own gets no signals from the terminal; and a stuck job keeps no descriptor of
 * the terminal open. */
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

/* Gives up what neither the helper nor one of its jobs needs. It must be able to kill jobs that
 * have changed their user. Returns 0 or a negative errno. */
static int confine(const struct server *server)
{
	static const uint64_t CHANGES_USER = CAPABILITIES_BIT(CAP_SETUID);
	uint32_t calls = SANDBOX_WORK | SANDBOX_READ | SANDBOX_NARROW | SANDBOX_CHILDREN;
	uint64_t capabilities = 0;
	int r;

	for (size_t i = 0; i < server->n_jobs; i++) {
		calls |= server->jobs[i]->calls;
		capabilities |= server->jobs[i]->capabilities;
	}
	if (capabilities & CHANGES_USER)
		capabilities |= CAPABILITIES_BIT(CAP_KILL);
	r = capabilities_clear_bounding();
	if (r == 0)
		r = capabilities_keep_set(capabilities);
	if (r == 0 && (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	                      prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0))
		r = -errno;
	if (r == 0)
		r = sandbox_enter(calls);
	return r == -EOPNOTSUPP ? 0 : r;
}

void helper_serve(const int sockets[static HELPER_CHANNELS], const struct helper_job *const *jobs,
        size_t n_jobs, const struct helper_setup *setup)
{
	struct server server = {.jobs = jobs, .n_jobs = n_jobs, .setup = setup, .pid = getpid()};

	for (size_t i = 0; i < HELPER_CHANNELS; i++)
		server.channels[i] = (struct channel){.socket = sockets[i]};
	memory_set_exit_handler(NULL);
	prctl(PR_SET_NAME, "nsbrowse-helper");
	/* The helper ends when its first channel is closed. If another process has inherited the
	 * other end, or the helper was stopped (SIGSTOP), this signal ends it; its jobs end with
	 * it. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	close_others(sockets, HELPER_CHANNELS, setup);
	leave_terminal();
	server.signals = prepare_signals();
	server.filters = memory_new((n_jobs + 1) * sizeof(*server.filters));
	if (setup->has_sandbox && confine(&server) < 0)
		_exit(EXIT_FAILURE);
	while (server.signals >= 0 && !server.is_over)
		serve_once(&server);
	end_jobs(&server);
	_exit(EXIT_SUCCESS);
}
