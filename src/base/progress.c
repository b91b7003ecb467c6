/* SPDX-License-Identifier: Apache-2.0 */
#include "base/progress.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

int progress_init(struct progress *progress, bool has_waits)
{
	atomic_init(&progress->done, 0);
	atomic_init(&progress->total, 0);
	atomic_init(&progress->is_cancelled, false);
	progress->event = has_waits ? eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK) : -EBADF;
	return has_waits && progress->event < 0 ? -errno : 0;
}

void progress_release(struct progress *progress)
{
	close_fd(&progress->event);
}

void progress_set(struct progress *progress, size_t done, size_t total)
{
	atomic_store_explicit(&progress->done, done, memory_order_relaxed);
	atomic_store_explicit(&progress->total, total, memory_order_relaxed);
}

unsigned progress_percent(const struct progress *progress)
{
	const size_t total = atomic_load_explicit(&progress->total, memory_order_relaxed);
	const size_t done = atomic_load_explicit(&progress->done, memory_order_relaxed);

	if (total == 0)
		return 0;
	return done >= total ? 100 : (unsigned)((uint64_t)done * 100 / total);
}

void progress_cancel(struct progress *progress)
{
	const uint64_t one = 1;

	atomic_store(&progress->is_cancelled, true);
	/* The write fails only if the event is readable already (EAGAIN). */
	if (progress->event >= 0 && write(progress->event, &one, sizeof(one)) < 0)
		return;
}

int progress_wait(const struct progress *progress, int fd)
{
	struct pollfd fds[] = {
	        {.fd = fd, .events = POLLIN},
	        {.fd = progress->event, .events = POLLIN},
	};

	while (poll(fds, ARRAY_SIZE(fds), -1) < 0 && errno == EINTR)
		;
	return fds[1].revents ? -ECANCELED : 0;
}
