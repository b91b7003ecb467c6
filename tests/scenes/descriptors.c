/* SPDX-License-Identifier: Apache-2.0 */
/* Namespaces that only descriptors and sockets hold. */
#include "nsrel/nsrel.h"
#include "tests/scenes/hung.h"
#include "tests/scenes/scene.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/wait.h>

/* --- fd: each type, by one descriptor; a second process has one more of the first ------------- */

struct table {
	int fds[ARRAY_SIZE(stage_types)];
	pid_t heir;
};

static int open_table(struct stage *stage, void *arg)
{
	struct table *const table = arg;

	for (size_t i = 0; i < ARRAY_SIZE(stage_types); i++) {
		table->fds[i] = stage_new(stage, stage_types[i], 0);
		if (table->fds[i] < 0)
			return table->fds[i];
	}
	return 0;
}

/* Has a copy of the first descriptor alone. */
static int inherit(struct stage *stage, void *arg)
{
	const struct table *const table = arg;

	(void)stage;
	for (size_t i = 1; i < ARRAY_SIZE(stage_types); i++)
		close(table->fds[i]);
	return 0;
}

static int open_and_share(struct stage *stage, void *arg)
{
	struct table *const table = arg;
	const struct actor heir = {.setup = inherit, .arg = table};

	const int r = open_table(stage, table);
	if (r < 0)
		return r;
	table->heir = stage_start(stage, &heir);
	return table->heir < 0 ? table->heir : 0;
}

static int build_fd(struct stage *stage)
{
	struct table *const table = stage_shared(sizeof(*table));
	const struct actor actor = {.setup = open_and_share, .arg = table};
	const pid_t pid = stage_start(stage, &actor);
	int r = pid < 0 ? pid : truth_fd(stage->truth, table->heir, table->fds[0]);

	for (size_t i = 0; i < ARRAY_SIZE(stage_types) && r == 0; i++)
		r = truth_fd(stage->truth, pid, table->fds[i]);
	return r;
}

/* --- fd-thread: in the table of a thread that shares it with no other ------------------------ */

struct thread_table {
	struct stage *stage;
	pthread_barrier_t ready;
	pid_t tid;
	int fd; /* or an error */
};

static void *open_in_thread(void *arg)
{
	struct thread_table *const table = arg;

	table->tid = stage_thread_self();
	table->fd = unshare(CLONE_FILES) < 0 ? stage_fail("CLONE_FILES", errno)
	                                     : stage_new(table->stage, CLONE_NEWNET, 0);
	pthread_barrier_wait(&table->ready);
	stage_wait();
}

/* `arg` begins with a struct thread_table. */
static int start_thread(struct stage *stage, void *arg, void *(*function)(void *arg))
{
	struct thread_table *const table = arg;
	pthread_t thread;

	table->stage = stage;
	pthread_barrier_init(&table->ready, NULL, 2);
	const int r = pthread_create(&thread, NULL, function, arg);
	if (r != 0)
		return stage_fail("thread", r);
	pthread_barrier_wait(&table->ready);
	return table->fd < 0 ? table->fd : 0;
}

static int start_table_thread(struct stage *stage, void *arg)
{
	return start_thread(stage, arg, open_in_thread);
}

static int build_fd_thread(struct stage *stage)
{
	struct thread_table *const table = stage_shared(sizeof(*table));
	const struct actor actor = {.setup = start_table_thread, .arg = table};
	char path[96], detail[64];
	const pid_t pid = stage_start(stage, &actor);

	if (pid < 0)
		return pid;
	snprintf(
	        path, sizeof(path), "/proc/%d/task/%d/fd/%d", (int)pid, (int)table->tid, table->fd);
	snprintf(detail, sizeof(detail), "%d/%d/%d", (int)pid, (int)table->tid, table->fd);
	_cleanup_close_ int ns = open(path, O_RDONLY | O_CLOEXEC);
	return ns < 0 ? stage_fail(path, errno) : truth_add(stage->truth, ns, "fd", detail);
}

/* --- manyfds: 20,000 descriptors of which eight are namespaces -------------------------------- */

enum { MANY = 20000 };

/* The limit is one above the highest number there may be. */
static int allow_many(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return stage_fail("limit of descriptors", errno);
	if (limit.rlim_max < MANY)
		limit.rlim_max = MANY;
	limit.rlim_cur = MANY;
	return setrlimit(RLIMIT_NOFILE, &limit) < 0 ? stage_fail("20,000 descriptors", errno) : 0;
}

/* Puts the namespaces at even distances and something else between them. */
static int open_many(struct stage *stage, void *arg)
{
	struct table *const table = arg;
	const int between = MANY / (int)ARRAY_SIZE(stage_types);

	int r = allow_many();
	if (r == 0)
		r = open_table(stage, table);
	for (size_t i = 0; i < ARRAY_SIZE(stage_types) && r == 0; i++) {
		const int fd = between * ((int)i + 1) - 1;

		if (dup3(table->fds[i], fd, O_CLOEXEC) < 0)
			r = stage_fail("dup", errno);
		close(table->fds[i]);
		table->fds[i] = fd;
	}
	if (r < 0)
		return r;
	const int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	while (fcntl(null, F_DUPFD_CLOEXEC, 0) >= 0)
		;
	return errno == EMFILE ? 0 : stage_fail("dup", errno);
}

static int build_manyfds(struct stage *stage)
{
	struct table *const table = stage_shared(sizeof(*table));
	const struct actor actor = {.setup = open_many, .arg = table};
	const pid_t pid = stage_start(stage, &actor);
	int r = pid < 0 ? pid : 0;

	for (size_t i = 0; i < ARRAY_SIZE(stage_types) && r == 0; i++)
		r = truth_fd(stage->truth, pid, table->fds[i]);
	return r;
}

/* --- fdswap: a descriptor that is a namespace now and something that blocks then -------------- */

enum {
	SWAP_FIFO = 10, /* a namespace or a FIFO without a writer */
	SWAP_HUNG = 12, /* a namespace or a file of a file server that is silent */
	KEPT = 1,       /* the namespace itself, beside each of them */
	HALF_PERIOD_NS = 500 * 1000,
};

struct swap {
	int fifo;
	int hung; /* negative where there can be none */
};

static int take_place(struct stage *stage, int type, int fd)
{
	_cleanup_close_ int ns = stage_new(stage, type, 0);

	if (ns < 0)
		return ns;
	if (dup3(ns, fd, O_CLOEXEC) < 0 || dup3(ns, fd + KEPT, O_CLOEXEC) < 0)
		return stage_fail("dup", errno);
	return 0;
}

static int prepare_swap(struct stage *stage, void *arg)
{
	struct swap *const swap = arg;
	char path[64];

	int r = take_place(stage, CLONE_NEWNET, SWAP_FIFO);
	if (r == 0)
		r = take_place(stage, CLONE_NEWUTS, SWAP_HUNG);
	if (r < 0)
		return r;
	snprintf(path, sizeof(path), "%s/fifo", stage->dir);
	swap->fifo = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (swap->fifo < 0)
		return stage_fail(path, errno);
	snprintf(path, sizeof(path), "%s/hung/file", stage->dir);
	swap->hung = open(path, O_RDONLY | O_CLOEXEC);
	return 0;
}

static void swap_for_ever(struct stage *stage, void *arg)
{
	const struct swap *const swap = arg;
	const struct itimerspec period = {
	        .it_interval.tv_nsec = HALF_PERIOD_NS, .it_value.tv_nsec = HALF_PERIOD_NS};
	const int timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	uint64_t ticks;

	(void)stage;
	if (timer < 0 || timerfd_settime(timer, 0, &period, NULL) < 0)
		return;
	for (bool is_ns = false;; is_ns = !is_ns) {
		dup3(is_ns ? SWAP_FIFO + KEPT : swap->fifo, SWAP_FIFO, O_CLOEXEC);
		if (swap->hung >= 0)
			dup3(is_ns ? SWAP_HUNG + KEPT : swap->hung, SWAP_HUNG, O_CLOEXEC);
		if (read(timer, &ticks, sizeof(ticks)) < 0)
			return;
	}
}

static int tell_swap(struct stage *stage, pid_t pid, int fd)
{
	struct truth_ns ns;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)pid, fd + KEPT);
	_cleanup_close_ int kept = open(path, O_RDONLY | O_CLOEXEC);
	if (kept < 0)
		return stage_fail(path, errno);
	int r = truth_read(kept, &ns);
	if (r == 0)
		r = truth_fd(stage->truth, pid, fd + KEPT);
	if (r == 0)
		r = truth_line(stage->truth, "maybe\t%s\t%llu\tfd\t%d/%d", nsrel_type_name(ns.type),
		        (unsigned long long)ns.inode, (int)pid, fd);
	return r;
}

static int build_fdswap(struct stage *stage)
{
	struct swap *const swap = stage_shared(sizeof(*swap));
	const struct actor actor = {.setup = prepare_swap, .then = swap_for_ever, .arg = swap};
	struct hung *hung = NULL;
	char fifo[64];

	if (hung_start(stage, "hung", &hung) < 0)
		fprintf(stderr, "scene: fdswap: without the hung file\n");

	snprintf(fifo, sizeof(fifo), "%s/fifo", stage->dir);
	if (mkfifo(fifo, 0600) < 0)
		return stage_fail(fifo, errno);
	const pid_t pid = stage_start(stage, &actor);
	if (pid < 0)
		return pid;
	if (hung)
		hung_be_silent(hung);
	const int r = tell_swap(stage, pid, SWAP_FIFO);
	return r < 0 ? r : tell_swap(stage, pid, SWAP_HUNG);
}

/* --- socket: a network namespace that only a socket keeps ------------------------------------- */

static const struct {
	int family, type, protocol;
} sockets[] = {{AF_INET, SOCK_DGRAM, 0}, {AF_INET6, SOCK_STREAM, 0}, {AF_UNIX, SOCK_DGRAM, 0},
        {AF_NETLINK, SOCK_RAW, NETLINK_ROUTE}};

struct socket_table {
	int fds[ARRAY_SIZE(sockets)];
	int ns[ARRAY_SIZE(sockets)];
};

/* In a child that shares our descriptor table and has a network namespace of its own. */
static void open_socket(struct socket_table *table, size_t i)
{
	table->ns[i] = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	table->fds[i] =
	        socket(sockets[i].family, sockets[i].type | SOCK_CLOEXEC, sockets[i].protocol);
	_exit(0);
}

static int open_sockets(struct stage *stage, void *arg)
{
	struct socket_table *const table = arg;
	char detail[32];
	int r = 0;

	/* One where the process is itself, which says nothing of it. */
	if (socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0) < 0)
		return stage_fail("socket", errno);
	for (size_t i = 0; i < ARRAY_SIZE(sockets) && r == 0; i++) {
		const pid_t pid = stage_clone(CLONE_FILES | CLONE_NEWNET);
		if (pid == 0)
			open_socket(table, i);
		if (pid < 0 || waitpid(pid, NULL, 0) < 0)
			return stage_fail("child", errno);
		if (table->ns[i] < 0 || table->fds[i] < 0)
			return stage_fail("socket", EOPNOTSUPP);
		snprintf(detail, sizeof(detail), "%d/%d", (int)getpid(), table->fds[i]);
		r = truth_add(stage->truth, table->ns[i], "socket", detail);
		close(table->ns[i]);
	}
	return r;
}

static int build_socket(struct stage *stage)
{
	const struct actor actor = {
	        .setup = open_sockets, .arg = stage_shared(sizeof(struct socket_table))};
	const pid_t pid = stage_start(stage, &actor);

	return pid < 0 ? pid : 0;
}

/* --- socket-thread: the same in the table of a thread ----------------------------------------- */

struct thread_socket {
	struct thread_table thread;
	struct socket_table sockets;
};

static int open_elsewhere(struct thread_socket *own)
{
	struct socket_table *const table = &own->sockets;
	char detail[64];

	const pid_t pid = unshare(CLONE_FILES) < 0 ? -1 : stage_clone(CLONE_FILES | CLONE_NEWNET);
	if (pid == 0)
		open_socket(table, 0);
	if (pid < 0 || waitpid(pid, NULL, 0) < 0)
		return stage_fail("child", errno);
	if (table->ns[0] < 0 || table->fds[0] < 0)
		return stage_fail("socket", EOPNOTSUPP);
	snprintf(detail, sizeof(detail), "%d/%d/%d", (int)getpid(), (int)own->thread.tid,
	        table->fds[0]);
	const int r = truth_add(own->thread.stage->truth, table->ns[0], "socket", detail);
	close(table->ns[0]);
	return r;
}

static void *open_socket_in_thread(void *arg)
{
	struct thread_socket *const own = arg;

	own->thread.tid = stage_thread_self();
	own->thread.fd = open_elsewhere(own);
	pthread_barrier_wait(&own->thread.ready);
	stage_wait();
}

static int start_socket_thread(struct stage *stage, void *arg)
{
	return start_thread(stage, arg, open_socket_in_thread);
}

static int build_socket_thread(struct stage *stage)
{
	const struct actor actor = {
	        .setup = start_socket_thread, .arg = stage_shared(sizeof(struct thread_socket))};
	const pid_t pid = stage_start(stage, &actor);

	return pid < 0 ? pid : 0;
}

/* --- scm: a descriptor in a message that was not received ------------------------------------- */

static int send_all(struct stage *stage, void *arg)
{
	int pair[2];

	(void)arg;
	int r = stage_socketpair(pair);
	for (size_t i = 0; i < ARRAY_SIZE(stage_types) && r == 0; i++) {
		_cleanup_close_ int ns = stage_new(stage, stage_types[i], 0);
		r = ns < 0 ? ns : stage_send(stage, pair, ns);
	}
	return r;
}

static int build_scm(struct stage *stage)
{
	const struct actor actor = {.setup = send_all};
	const pid_t pid = stage_start(stage, &actor);

	return pid < 0 ? pid : 0;
}

const struct scene scenes_descriptors[] = {
        {"fd", "each type, held by descriptors only", build_fd, NULL, NULL},
        {"fd-thread", "a descriptor in a thread's own table", build_fd_thread, NULL, NULL},
        {"manyfds", "20,000 descriptors in one process, 8 of them namespaces", build_manyfds, NULL,
                NULL},
        {"fdswap", "descriptors swapped 1,000 times a second for a FIFO and a hung file",
                build_fdswap, NULL, NULL},
        {"socket", "network namespaces held by a socket only", build_socket, NULL, NULL},
        {"socket-thread", "a socket in a thread's own table", build_socket_thread, NULL, NULL},
        {"scm", "each type, held by a message nobody has read", build_scm, NULL, NULL},
        {0},
};
