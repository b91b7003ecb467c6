/* SPDX-License-Identifier: Apache-2.0 */
/* Records of processes that begin, end, and change their namespaces or names: perf_event_open(2) on
 * each CPU. A job opens them; this process maps their rings, and reads those. With them changes of
 * our own mounts, which poll(2) reports (proc_pid_mountinfo(5)). */
#include "base/memory.h"
#include "kernel/kernel_internal.h"
#include "kernel/privileged/event_records.h"
#include "kernel/privileged/privileged.h"
#include "privsep/capabilities.h"
#include "privsep/request_check.h"

#include <linux/capability.h>
#include <linux/perf_event.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

/* How many CPUs one request names, and the number that none reaches. */
enum { CPUS_MAX = 256, CPU_END = 8192 };

/* What an ordinary user may map for each CPU (perf_event_mlock_kb of proc_sys_kernel(5)), but for
 * one page. */
enum { RING_SIZE = 512 * 1024 };

/* The event of one CPU. */
struct cpu_event {
	uint32_t cpu;
	int fd;
	bool is_gone; /* the CPU went offline: no record comes any more */
	struct perf_event_mmap_page *page;
	size_t size; /* of the ring, which is behind that page */
};

struct cpu_events {
	struct cpu_event *cpus; /* ascending */
	size_t n, capacity;
	uint32_t end; /* no CPU from this number on is opened */
	int epoll;
	/* Our own mountinfo, in `epoll` and not: each open file reports a change once, and the
	 * first one makes `epoll` readable. Negative: not open. */
	int mounts_wake, mounts;
	size_t page_size;
	struct event_own own;
};

/* --- the rings ------------------------------------------------------------------------------- */

/* A smaller ring if this user may not lock that much memory. Returns 0 or a negative errno. */
static int map_ring(struct cpu_event *event, size_t page_size)
{
	void *map = MAP_FAILED;
	size_t size = RING_SIZE;

	for (; map == MAP_FAILED && size >= page_size; size /= 2) {
		event->size = size;
		map = mmap(
		        NULL, page_size + size, PROT_READ | PROT_WRITE, MAP_SHARED, event->fd, 0);
		if (map == MAP_FAILED && errno != EPERM && errno != ENOMEM)
			break;
	}
	if (map == MAP_FAILED)
		return -errno;
	event->page = map;
	return 0;
}

static void close_cpu(struct cpu_event *event, size_t page_size)
{
	if (event->page)
		munmap(event->page, page_size + event->size);
	close_fd(&event->fd);
}

/* Takes the descriptor `fd`. */
static int add_cpu(struct cpu_events *events, uint32_t cpu, int fd)
{
	/* Edge-triggered, as the event itself: it is readable once. */
	struct epoll_event wanted = {.events = EPOLLIN | EPOLLET};
	struct cpu_event event = {.cpu = cpu, .fd = fd};
	int r = map_ring(&event, events->page_size);
	size_t at = events->n;

	if (r == 0 && epoll_ctl(events->epoll, EPOLL_CTL_ADD, fd, &wanted) < 0)
		r = -errno;
	if (r < 0) {
		close_cpu(&event, events->page_size);
		return r;
	}
	events->cpus =
	        memory_grow(events->cpus, &events->capacity, events->n + 1, sizeof(*events->cpus));
	for (; at > 0 && events->cpus[at - 1].cpu > cpu; at--)
		events->cpus[at] = events->cpus[at - 1];
	events->cpus[at] = event;
	events->n++;
	return 0;
}

static void read_ring(
        const struct cpu_events *events, const struct cpu_event *event, struct kernel_events *ret)
{
	struct perf_event_mmap_page *const page = event->page;
	const struct event_ring ring = {
	        .bytes = (const unsigned char *)page + events->page_size,
	        .size = event->size,
	        .tail = page->data_tail,
	        .head = __atomic_load_n(&page->data_head, __ATOMIC_ACQUIRE),
	};

	if (ring.head == ring.tail)
		return;
	event_records_parse(&ring, &events->own, ret);
	__atomic_store_n(&page->data_tail, ring.head, __ATOMIC_RELEASE);
}

static void close_gone(struct cpu_events *events)
{
	size_t n = 0;

	for (size_t i = 0; i < events->n; i++) {
		if (events->cpus[i].is_gone)
			close_cpu(&events->cpus[i], events->page_size);
		else
			events->cpus[n++] = events->cpus[i];
	}
	events->n = n;
}

static void free_events(struct cpu_events *events)
{
	for (size_t i = 0; i < events->n; i++)
		close_cpu(&events->cpus[i], events->page_size);
	close_fd(&events->epoll);
	close_fd(&events->mounts_wake);
	close_fd(&events->mounts);
	free(events->cpus);
	free(events);
}

/* --- our own mounts -------------------------------------------------------------------------- */

static int open_mountinfo(const struct kernel_linux *l)
{
	char path[64];

	snprintf(path, sizeof(path), "%ld/mountinfo", (long)getpid());
	return kernel_file_open_uncovered(l->proc, path, O_RDONLY);
}

/* If they cannot be opened, rounds find what has changed. */
static void watch_mounts(const struct kernel_linux *l, struct cpu_events *events)
{
	struct epoll_event wanted = {.events = EPOLLPRI | EPOLLET};

	events->mounts = open_mountinfo(l);
	events->mounts_wake = open_mountinfo(l);
	if (events->mounts_wake >= 0)
		(void)epoll_ctl(events->epoll, EPOLL_CTL_ADD, events->mounts_wake, &wanted);
}

static bool have_mounts_changed(const struct cpu_events *events)
{
	struct pollfd changed = {.fd = events->mounts, .events = POLLPRI};

	return poll(&changed, 1, 0) > 0 && (changed.revents & POLLPRI);
}

/* --- the call of the job --------------------------------------------------------------------- */

/* A request, and what came for each of its CPUs: a descriptor, or a negative errno. */
struct cpus_call {
	uint32_t cpus[CPUS_MAX];
	int fds[CPUS_MAX];
	size_t n;
};

static void receive_cpu(void *data, _unused_ size_t request, const struct helper_reply *reply)
{
	struct cpus_call *const call = data;
	size_t i;

	if (privileged_item_index(reply, call->n, &i) == 0 && call->fds[i] == -ETIMEDOUT)
		call->fds[i] = privileged_item_fd(reply);
	else
		privileged_close_fds(reply);
}

/* Returns the first CPU that was not considered. */
static uint32_t name_missing(const struct cpu_events *events, uint32_t first, struct cpus_call *ret)
{
	uint32_t cpu = first;
	size_t at = 0;

	ret->n = 0;
	for (; cpu < events->end && ret->n < CPUS_MAX; cpu++) {
		while (at < events->n && (events->cpus[at].cpu < cpu || events->cpus[at].is_gone))
			at++;
		if (at < events->n && events->cpus[at].cpu == cpu)
			continue;
		ret->fds[ret->n] = -ETIMEDOUT;
		ret->cpus[ret->n++] = cpu;
	}
	return cpu;
}

static int call_job(struct kernel *k, struct cpus_call *call)
{
	const struct helper_request request = {
	        .bytes = call->cpus, .len = call->n * sizeof(*call->cpus)};

	return privileged_call(linux_of(k)->privileged, &events_job, &request, receive_cpu, call);
}

/* Takes the descriptors of a call. ENODEV: that CPU is not online. EINVAL: the kernel has no CPU of
 * that number; the job has tried none after it. Returns 0 or a negative errno. */
static int take_cpus(struct cpu_events *events, const struct cpus_call *call)
{
	int r = 0;

	for (size_t i = 0; i < call->n; i++) {
		if (call->fds[i] >= 0) {
			const int error = add_cpu(events, call->cpus[i], call->fds[i]);

			r = r ? r : error;
		} else if (call->fds[i] == -EINVAL && call->cpus[i] > 0) {
			events->end = call->cpus[i];
			break;
		} else if (call->fds[i] != -ENODEV) {
			r = r ? r : call->fds[i];
		}
	}
	return r;
}

/* Opens what is not open. Returns how many, or a negative errno. */
static int open_missing(struct kernel *k, struct cpu_events *events)
{
	const size_t before = events->n;
	uint32_t cpu = 0;

	while (cpu < events->end) {
		struct cpus_call call;
		int r, taken;

		cpu = name_missing(events, cpu, &call);
		if (call.n == 0)
			break;
		r = call_job(k, &call);
		taken = take_cpus(events, &call);
		if (r < 0 || taken < 0)
			return r < 0 ? r : taken;
	}
	return (int)(events->n - before);
}

/* --- operations ------------------------------------------------------------------------------ */

int events_open(struct kernel *k)
{
	struct kernel_linux *const l = linux_of(k);
	struct cpu_events *events;
	int r;

	if (l->is_foreign)
		return -EXDEV;
	if (!privileged_has(l->privileged, &events_job))
		return -EOPNOTSUPP;
	events = memory_new(sizeof(*events));
	events->end = l->events_end ? l->events_end : CPU_END;
	events->page_size = (size_t)sysconf(_SC_PAGESIZE);
	events->own.self = getpid();
	events->own.helper = helper_pid(l->privileged->channel);
	events->mounts = events->mounts_wake = -EBADF;
	events->epoll = epoll_create1(EPOLL_CLOEXEC);
	r = events->epoll < 0 ? -errno : open_missing(k, events);
	if (r <= 0) {
		free_events(events);
		return r < 0 ? r : -ENODEV;
	}
	watch_mounts(l, events);
	l->events = events;
	return 0;
}

int events_fd(struct kernel *k)
{
	return linux_of(k)->events ? linux_of(k)->events->epoll : -EBADF;
}

/* What is written from now on makes it readable again. At most once for each CPU: the others may
 * write meanwhile. */
static void forget_readable(const struct cpu_events *events)
{
	enum { MAX = 64 };
	struct epoll_event ready[MAX];

	for (size_t i = 0; i < events->n; i += MAX) {
		if (epoll_wait(events->epoll, ready, MAX, 0) < MAX)
			return;
	}
}

int events_read(struct kernel *k, struct kernel_events *ret)
{
	struct cpu_events *const events = linux_of(k)->events;

	if (!events)
		return -EBADF;
	*ret = (struct kernel_events){.events = ret->events, .capacity = ret->capacity};
	forget_readable(events);
	ret->has_new_mounts = have_mounts_changed(events);
	for (size_t i = 0; i < events->n; i++)
		read_ring(events, &events->cpus[i], ret);
	close_gone(events);
	event_records_finish(&events->own, ret);
	return 0;
}

/* How long it has been enabled; 0: not known. */
static uint64_t read_enabled_ns(const struct cpu_event *event)
{
	uint64_t values[2] = {0}; /* of PERF_FORMAT_TOTAL_TIME_ENABLED: the second */

	return read(event->fd, values, sizeof(values)) == sizeof(values) ? values[1] : 0;
}

/* When a CPU goes offline the kernel disables its event for good: the time for which it was enabled
 * stands still, also after the CPU is online again. */
static void find_gone(struct cpu_events *events)
{
	for (size_t i = 0; i < events->n; i++) {
		struct cpu_event *const event = &events->cpus[i];

		event->is_gone = read_enabled_ns(event) == read_enabled_ns(event);
	}
}

int events_update(struct kernel *k)
{
	struct cpu_events *const events = linux_of(k)->events;

	if (!events)
		return -EBADF;
	find_gone(events);
	return open_missing(k, events);
}

void events_close(struct kernel *k)
{
	if (linux_of(k)->events)
		free_events(linux_of(k)->events);
	linux_of(k)->events = NULL;
}

void events_set_end(struct kernel *k, unsigned end)
{
	linux_of(k)->events_end = end;
	if (linux_of(k)->events)
		linux_of(k)->events->end = end;
}

/* --- the job --------------------------------------------------------------------------------- */

/* With `namespaces` alone the kernel (6.18) writes no record; with `comm` it also writes those of
 * tasks. These records do not count for wakeup_events. The size is that of the first version of the
 * struct, which all kernels take. */
static int open_event(uint32_t cpu)
{
	struct perf_event_attr attr = {
	        .type = PERF_TYPE_SOFTWARE,
	        .config = PERF_COUNT_SW_DUMMY,
	        .size = PERF_ATTR_SIZE_VER0,
	        .read_format = PERF_FORMAT_TOTAL_TIME_ENABLED,
	        .exclude_kernel = 1,
	        .exclude_hv = 1,
	        .comm = 1,
	        .comm_exec = 1,
	        .task = 1,
	        .namespaces = 1,
	        .watermark = 1,
	        .wakeup_watermark = 1,
	};
	const long fd = syscall(SYS_perf_event_open, &attr, -1, (int)cpu, -1, PERF_FLAG_FD_CLOEXEC);

	return fd < 0 ? -errno : (int)fd;
}

static bool is_end(uint32_t cpu, int fd)
{
	return fd == -EINVAL && cpu > 0;
}

/* The least right first. CAP_PERFMON is not enough if a kernel of Debian has 3 in
 * /proc/sys/kernel/perf_event_paranoid, its default, nor before Linux 5.8. */
static const int RIGHTS[] = {CAP_PERFMON, CAP_SYS_ADMIN};

int events_open_cpu(uint32_t cpu)
{
	int fd = -EACCES;

	for (size_t i = 0; i < ARRAY_SIZE(RIGHTS) && (fd == -EACCES || fd == -EPERM); i++) {
		const int r = capabilities_set_effective(CAPABILITIES_BIT(RIGHTS[i]));

		if (r < 0)
			return r;
		fd = open_event(cpu);
	}
	return fd;
}

int events_probe(void)
{
	int fd = -ENODEV;

	for (uint32_t cpu = 0; fd == -ENODEV && cpu < CPU_END; cpu++)
		fd = events_open_cpu(cpu);
	if (fd >= 0)
		close(fd);
	const int r = capabilities_set_effective(UINT64_MAX);
	return fd < 0 ? fd : r;
}

static int run(const struct helper_request *request, int replies)
{
	const uint32_t *const cpus = request->bytes;
	const size_t n = request->len / sizeof(*cpus);
	int fds[CPUS_MAX];
	size_t n_tried = 0;

	if (n > CPUS_MAX || !request_check_size(request, n * sizeof(*cpus), 0) ||
	        privileged_keep_capabilities(RIGHTS, ARRAY_SIZE(RIGHTS)) < 0)
		return EXIT_FAILURE;
	for (size_t i = 0; i < n; i++) {
		if (cpus[i] >= CPU_END)
			return EXIT_FAILURE;
	}
	while (n_tried < n) {
		fds[n_tried] = events_open_cpu(cpus[n_tried]);
		n_tried++;
		if (is_end(cpus[n_tried - 1], fds[n_tried - 1]))
			break;
	}
	if (privileged_keep_capabilities(NULL, 0) < 0)
		return EXIT_FAILURE;
	for (size_t i = 0; i < n_tried; i++) {
		if (privileged_reply(replies, i, fds[i]) < 0)
			return EXIT_FAILURE;
	}
	return EXIT_SUCCESS;
}

const struct helper_job events_job = {
        .name = "ns-events",
        .deadline_ms = JOB_LONG_DEADLINE_MS,
        .run = run,
        .capabilities = CAPABILITIES_BIT(CAP_PERFMON) | CAPABILITIES_BIT(CAP_SYS_ADMIN),
        .calls = SANDBOX_EVENTS,
};
