/* SPDX-License-Identifier: Apache-2.0 */
#include "term/output.h"

#include "base/memory.h"
#include "base/monotonic.h"

/* clang-format off: term.h needs curses.h */
#include <curses.h>
#include <term.h>
/* clang-format on */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

/* Opens the terminal again: O_NONBLOCK is a flag of the open file description, and that of the
 * descriptor given is shared with the shell. After su(1) the name belongs to another user and
 * cannot be opened; /dev/tty can. */
static int open_nonblocking(int terminal)
{
	const int flags = O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
	char name[128];
	unsigned device, wanted;
	_cleanup_close_ int fd = -EBADF;

	if (ttyname_r(terminal, name, sizeof(name)) == 0)
		fd = open(name, flags);
	if (fd < 0)
		fd = open("/dev/tty", flags);
	if (fd < 0 || ioctl(fd, TIOCGDEV, &device) != 0 ||
	        ioctl(terminal, TIOCGDEV, &wanted) != 0 || device != wanted)
		return -EBADF;
	return take_fd(&fd);
}

static int duplicate(int fd)
{
	const int copy = fcntl(fd, F_DUPFD_CLOEXEC, 3);

	return copy < 0 ? -errno : copy;
}

/* The writer is a duplicate: it shares its file offset with the canvas. */
static int open_memory_file(struct output *output)
{
	output->room = SIZE_MAX;
	output->canvas = memfd_create("screen", MFD_CLOEXEC);
	if (output->canvas < 0)
		return -errno;
	output->writer = duplicate(output->canvas);
	return output->writer < 0 ? output->writer : 0;
}

/* A pipe keeps short writes in pages of their own, so it may be full when it has half of the bytes.
 * A user with many pipes gets only small ones (pipe(7)), and one that is too small for a frame
 * would block ncurses for ever. */
static int open_pipe(struct output *output)
{
	enum { PIPE_SIZE = 256 * 1024, PIPE_SIZE_MIN = 64 * 1024 };
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) < 0)
		return -errno;
	output->canvas = fds[0];
	output->writer = fds[1];
	fcntl(output->writer, F_SETPIPE_SZ, PIPE_SIZE);
	const int size = fcntl(output->writer, F_GETPIPE_SZ);
	output->room = size > 0 ? (size_t)size / 3 : 0;
	return size < PIPE_SIZE_MIN ? -EFBIG : 0;
}

/* RLIMIT_FSIZE (setrlimit(2)) counts for memory files too. */
static bool is_file_size_limited(void)
{
	const rlim_t frame_max = 16 * 1024 * 1024;
	struct rlimit limit;

	return getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur < frame_max;
}

int output_open(struct output *output, int fd)
{
	int r;

	*output = (struct output){.fd = -EBADF, .canvas = -EBADF, .writer = -EBADF};
	output->fd = open_nonblocking(fd);
	output->is_nonblocking = output->fd >= 0;
	output->is_pipe = is_file_size_limited();
	if (!output->is_nonblocking)
		output->fd = duplicate(fd);
	r = output->fd < 0    ? output->fd
	    : output->is_pipe ? open_pipe(output)
	                      : open_memory_file(output);
	if (r < 0)
		output_close(output);
	return r;
}

void output_close(struct output *output)
{
	close_fd(&output->fd);
	close_fd(&output->canvas);
	close_fd(&output->writer);
	free(output->bytes);
	output->bytes = NULL;
}

FILE *output_stream_in(const struct output *output)
{
	int fd = duplicate(output->canvas);
	FILE *stream = fd < 0 ? NULL : fdopen(fd, "r");

	if (!stream)
		close_fd(&fd);
	return stream;
}

FILE *output_stream_out(struct output *output)
{
	FILE *stream = fdopen(output->writer, "w");

	if (stream)
		output->writer = -EBADF;
	return stream;
}

static char *reserve(struct output *output, size_t len)
{
	if (output->at == output->n)
		output->at = output->n = 0;
	output->bytes = memory_grow(output->bytes, &output->capacity, output->n + len, 1);
	return output->bytes + output->n;
}

static size_t bytes_in_canvas(const struct output *output)
{
	int in_pipe = 0;
	const off_t in_file = output->is_pipe ? 0 : lseek(output->canvas, 0, SEEK_CUR);

	if (output->is_pipe && ioctl(output->canvas, FIONREAD, &in_pipe) < 0)
		return 0;
	return output->is_pipe ? (size_t)in_pipe : in_file > 0 ? (size_t)in_file : 0;
}

/* The length of a sequence that sets attributes (ESC [ numbers m) at `bytes`; 0: there is none. */
static size_t attributes_len(const char *bytes, size_t len)
{
	size_t n = 2;

	if (len < 3 || bytes[0] != '\033' || bytes[1] != '[')
		return 0;
	while (n < len && bytes[n] && strchr("0123456789;:", bytes[n]))
		n++;
	return n < len && bytes[n] == 'm' ? n + 1 : 0;
}

/* Without a number, or with 0 as the first one, it resets all attributes before. */
static bool is_reset(const char *attributes)
{
	const char *const number = attributes + 2;

	return *number == 'm' || (*number == '0' && (number[1] == 'm' || number[1] == ';'));
}

/* Leaves out what has no effect. Returns the new length. */
static size_t thin_out(struct output *output, char *bytes, size_t len)
{
	size_t end = 0, attributes = SIZE_MAX; /* where those that end the result begin */

	for (size_t i = 0, n; i < len; i += n) {
		const bool is_charset = len - i >= 3 && strncmp(bytes + i, "\033(", 2) == 0;

		n = attributes_len(bytes + i, len - i);
		if (n) {
			attributes = MIN(attributes, end);
			end = is_reset(bytes + i) ? attributes : end;
		} else if (is_charset) {
			const bool was_ascii = output->is_ascii;

			n = 3;
			output->is_ascii = bytes[i + 2] == 'B';
			if (was_ascii && output->is_ascii)
				continue;
			attributes = SIZE_MAX;
		} else {
			n = 1;
			attributes = SIZE_MAX;
		}
		memmove(bytes + end, bytes + i, n);
		end += n;
	}
	return end;
}

void output_collect(struct output *output)
{
	const size_t len = bytes_in_canvas(output);

	if (len == 0)
		return;
	char *const bytes = reserve(output, len);
	const ssize_t n = output->is_pipe ? read(output->canvas, bytes, len)
	                                  : pread(output->canvas, bytes, len, 0);
	if (n > 0)
		output->n += output->is_ansi ? thin_out(output, bytes, (size_t)n) : (size_t)n;
	if (!output->is_pipe)
		lseek(output->canvas, 0, SEEK_SET);
}

void output_forget_charset(struct output *output)
{
	output->is_ascii = false;
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
		const size_t len = output->is_nonblocking ? output->n - output->at : 1;

		if (!output->is_nonblocking && !is_ready(output, 0))
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

/* --- terminfo(5) ------------------------------------------------------------------------------ */

/* tigetstr(3X) has a parameter without const, but does not write to it. */
const char *output_capability(const char *name)
{
	union {
		const char *in;
		char *out;
	} pointer = {.in = name};
	const char *value = tigetstr(pointer.out);

	return value == (const char *)-1 ? NULL : value;
}

const char *output_scroll_region(int rows)
{
	const char *region = output_capability("csr");

	return region ? tiparm(region, 0, rows - 1) : NULL;
}

/* Why setupterm(3X) failed; its `error` is 1 for a printer. It does not tell if it could not open
 * the entry. */
static int reason_without_entry(int error)
{
	_cleanup_close_ int fd = open("/", O_PATH | O_CLOEXEC);

	if (fd < 0 && (errno == EMFILE || errno == ENFILE))
		return -errno;
	return error == 1 ? -EOPNOTSUPP : -EINVAL;
}

int output_check_type(int fd)
{
	int error;

	if (setupterm(NULL, fd, &error) != OK)
		return reason_without_entry(error);
	const bool has_address = output_capability("cup");
	del_curterm(cur_term);
	return has_address ? 0 : -EOPNOTSUPP;
}

size_t output_unpadded(const char *capability, char *ret, size_t size)
{
	size_t n = 0;

	while (capability && *capability && n < size) {
		const char *end =
		        strncmp(capability, "$<", 2) == 0 ? strchr(capability, '>') : NULL;

		if (end)
			capability = end + 1;
		else
			ret[n++] = *capability++;
	}
	return n;
}

bool output_is_ansi(void)
{
	const char *address = output_capability("cup");

	return address && strncmp(address, "\033[", 2) == 0;
}

/* --- giving the terminal back ----------------------------------------------------------------- */

/* Static because signal handlers get no argument: the only terminal of the process. Written only
 * while is_armed is 0. */
static struct {
	volatile sig_atomic_t is_armed;
	int fd;
	struct termios modes;
	size_t len;
	char bytes[256];
} saved = {.fd = -EBADF};

static void save_bytes(const char *string)
{
	saved.len +=
	        output_unpadded(string, saved.bytes + saved.len, sizeof(saved.bytes) - saved.len);
}

void output_arm_restore(int fd, const struct termios *modes, const char *also)
{
	static const char *const names[] = {"rmkx", "rmcup", "sgr0", "op", "cnorm"};

	output_disarm_restore();
	saved.fd = fd;
	saved.modes = *modes;
	saved.len = 0;
	save_bytes(also);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		save_bytes(output_capability(names[i]));
	saved.is_armed = 1;
}

void output_disarm_restore(void)
{
	saved.is_armed = 0;
}

void output_restore(void)
{
	const int error = errno;
	size_t done = 0;

	if (!saved.is_armed)
		return;
	saved.is_armed = 0;
	/* Drops the bytes that a stalled terminal has not read: the stored ones would wait for
	 * them. */
	tcflush(saved.fd, TCOFLUSH);
	while (done < saved.len) {
		const ssize_t n = write(saved.fd, saved.bytes + done, saved.len - done);

		if (n <= 0)
			break;
		done += (size_t)n;
	}
	tcsetattr(saved.fd, TCSANOW, &saved.modes);
	errno = error;
}
