/* SPDX-License-Identifier: Apache-2.0 */
/* Events of the fake kernel: what a test adds is what is read. */
#include "base/memory.h"
#include "tests/scan/fake_internal.h"

#include <sys/eventfd.h>

int fake_events_open(struct kernel *k)
{
	struct fake_kernel *fake = fake_of(k);
	int r = fake_begin(fake, FAKE_EVENTS_OPEN, 0, NULL);

	pthread_mutex_lock(&fake->mutex);
	if (fake->events_fd >= 0)
		abort(); /* opened twice */
	if (r == 0 && !fake->has_events)
		r = -EOPNOTSUPP;
	if (r == 0)
		fake->events_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (r == 0 && fake->events_fd < 0)
		r = -errno;
	pthread_mutex_unlock(&fake->mutex);
	return r;
}

int fake_events_fd(struct kernel *k)
{
	int fd;

	pthread_mutex_lock(&fake_of(k)->mutex);
	fd = fake_of(k)->events_fd;
	pthread_mutex_unlock(&fake_of(k)->mutex);
	return fd;
}

static int by_pid(const void *a, const void *b)
{
	return ((const struct kernel_event *)a)->pid - ((const struct kernel_event *)b)->pid;
}

/* Moves what came to *ret, and keeps the memory of both. */
static void take_events(struct kernel_events *from, struct kernel_events *ret)
{
	const struct kernel_events empty = {.events = ret->events, .capacity = ret->capacity};

	if (from->n)
		qsort(from->events, from->n, sizeof(*from->events), by_pid);
	*ret = *from;
	*from = empty;
}

int fake_events_read(struct kernel *k, struct kernel_events *ret)
{
	struct fake_kernel *fake = fake_of(k);
	int r = fake_begin(fake, FAKE_EVENTS_READ, 0, NULL);
	eventfd_t unused;

	pthread_mutex_lock(&fake->mutex);
	if (r == 0 && fake->events_fd < 0)
		r = -EBADF;
	if (r == 0) {
		(void)!eventfd_read(fake->events_fd, &unused);
		take_events(&fake->events, ret);
	}
	pthread_mutex_unlock(&fake->mutex);
	return r;
}

int fake_events_update(struct kernel *k)
{
	struct fake_kernel *fake = fake_of(k);
	int r = fake_begin(fake, FAKE_EVENTS_UPDATE, 0, NULL);

	pthread_mutex_lock(&fake->mutex);
	if (r == 0 && fake->events_fd < 0)
		r = -EBADF;
	if (r == 0) {
		r = fake->n_new_cpus;
		fake->n_new_cpus = 0;
	}
	pthread_mutex_unlock(&fake->mutex);
	return r;
}

void fake_events_release(struct fake_kernel *fake)
{
	close_fd(&fake->events_fd);
	fake->events_fd = -EBADF;
	free(fake->events.events);
	fake->events = (struct kernel_events){0};
}

void fake_events_close(struct kernel *k)
{
	struct fake_kernel *fake = fake_of(k);

	fake_begin(fake, FAKE_EVENTS_CLOSE, 0, NULL);
	pthread_mutex_lock(&fake->mutex);
	fake_events_release(fake);
	pthread_mutex_unlock(&fake->mutex);
}

void fake_kernel_allow_events(struct fake_kernel *fake)
{
	fake->has_events = true;
}

static void add_kinds(struct kernel_events *events, pid_t pid, unsigned kinds)
{
	for (size_t i = 0; i < events->n; i++) {
		if (events->events[i].pid == pid) {
			events->events[i].kinds |= kinds;
			return;
		}
	}
	events->events = memory_grow(
	        events->events, &events->capacity, events->n + 1, sizeof(*events->events));
	events->events[events->n++] = (struct kernel_event){.pid = pid, .kinds = kinds};
}

/* Nothing is recorded while they are closed. */
static void add(
        struct fake_kernel *fake, pid_t pid, unsigned kinds, uint64_t n_foreign, uint64_t n_lost)
{
	struct kernel_events *const events = &fake->events;

	pthread_mutex_lock(&fake->mutex);
	if (fake->events_fd >= 0) {
		if (pid)
			add_kinds(events, pid, kinds);
		events->n_records += n_foreign + (pid ? 1 : 0);
		events->n_foreign += n_foreign;
		events->n_lost += n_lost;
		(void)!eventfd_write(fake->events_fd, 1);
	}
	pthread_mutex_unlock(&fake->mutex);
}

void fake_kernel_add_event(struct fake_kernel *fake, pid_t pid, unsigned kinds)
{
	add(fake, pid, kinds, 0, 0);
}

void fake_kernel_add_foreign(struct fake_kernel *fake, uint64_t n)
{
	add(fake, 0, 0, n, 0);
}

void fake_kernel_add_lost(struct fake_kernel *fake, uint64_t n)
{
	add(fake, 0, 0, 0, n);
}

void fake_kernel_add_cpus(struct fake_kernel *fake, int n)
{
	pthread_mutex_lock(&fake->mutex);
	fake->n_new_cpus += n;
	pthread_mutex_unlock(&fake->mutex);
}

void fake_kernel_change_mounts(struct fake_kernel *fake)
{
	pthread_mutex_lock(&fake->mutex);
	if (fake->events_fd >= 0) {
		fake->events.has_new_mounts = true;
		(void)!eventfd_write(fake->events_fd, 1);
	}
	pthread_mutex_unlock(&fake->mutex);
}
