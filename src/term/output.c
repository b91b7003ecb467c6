/* SPDX-License-Identifier: Apache-2.0 */
#include "term/output.h"

#include "base/memory.h"
#include "base/monotonic.h"

#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

static bool is_same_terminal(int a, int b)
{
	unsigned device_a, device_b;

	return ioctl(a, TIOCGDEV, &device_a) == 0 && ioctl(b, TIOCGDEV, &device_b) == 0 &&
	       device_a == device_b;
}

/* A description of its own, since O_NONBLOCK on the one we were given would be the shell's too. The
 * terminal of somebody else (su) may not be opened by its name, but still as /dev/tty. */
static int open_waitless(int terminal)
{
	const int flags = O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
	char name[128];
	_cleanup_close_ int fd = -EBADF;

	if (ttyname_r(terminal, name, sizeof(name)) == 0)
		fd = open(name, flags);
	if (fd < 0)
		fd = open("/dev/tty", flags);
	return fd >= 0 && is_same_terminal(fd, terminal) ? take_fd(&fd) : -EBADF;
}

int output_open(struct output *output, int fd)
{
	*output = (struct output){.fd = -EBADF, .canvas = -EBADF};
	output->fd = open_waitless(fd);
	output->is_waitless = output->fd >= 0;
	if (!output->is_waitless)
		output->fd = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	output->canvas = output->fd < 0 ? -EBADF : memfd_create("screen", MFD_CLOEXEC);
	if (output->canvas < 0) {
		const int error = errno;

		output_close(output);
		return -error;
	}
	return 0;
}

void output_close(struct output *output)
{
	close_fd(&output->fd);
	close_fd(&output->canvas);
	free(output->bytes);
	output->bytes = NULL;
}

FILE *output_stream(const struct output *output, const char *mode)
{
	/* It shares its place in the file with the canvas. */
	const int fd = fcntl(output->canvas, F_DUPFD_CLOEXEC, 3);

	return fd < 0 ? NULL : fdopen(fd, mode);
}

static char *reserve(struct output *output, size_t len)
{
	if (output->at == output->n)
		output->at = output->n = 0;
	output->bytes = memory_grow(output->bytes, &output->capacity, output->n + len, 1);
	return output->bytes + output->n;
}

void output_collect(struct output *output)
{
	const off_t len = lseek(output->canvas, 0, SEEK_CUR);

	if (len <= 0)
		return;
	const ssize_t n = pread(output->canvas, reserve(output, (size_t)len), (size_t)len, 0);
	output->n += n > 0 ? (size_t)n : 0;
	lseek(output->canvas, 0, SEEK_SET);
}

void output_add(struct output *output, const char *bytes, size_t len)
{
	memcpy(reserve(output, len), bytes, len);
	output->n += len;
}

void output_drop(struct output *output)
{
	output->at = output->n = 0;
}

bool output_is_busy(const struct output *output)
{
	return output->at < output->n;
}

static bool is_ready(const struct output *output, int milliseconds)
{
	struct pollfd poll_fd = {.fd = output->fd, .events = POLLOUT};

	return poll(&poll_fd, 1, milliseconds) == 1;
}

int output_flush(struct output *output)
{
	while (output_is_busy(output)) {
		const size_t len = output->is_waitless ? output->n - output->at : 1;

		if (!output->is_waitless && !is_ready(output, 0))
			return 0;
		const ssize_t n = write(output->fd, output->bytes + output->at, len);
		if (n < 0 && errno == EAGAIN)
			return 0;
		if (n < 0 && errno != EINTR)
			return -EIO;
		output->at += n > 0 ? (size_t)n : 0;
	}
	return 0;
}

bool output_drain(struct output *output, int milliseconds)
{
	const int64_t end = monotonic_ms() + milliseconds;

	for (;;) {
		if (output_flush(output) < 0)
			return false;
		const int64_t left = end - monotonic_ms();
		if (!output_is_busy(output))
			return true;
		if (left <= 0 || !is_ready(output, (int)left))
			return false;
	}
}
