/* SPDX-License-Identifier: Apache-2.0 */
#include "term/restore.h"

#include "term/term.h"

/* clang-format off: term.h needs curses.h */
#include <curses.h>
#include <term.h>
/* clang-format on */

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

/* For handlers of signals, which get no argument: the one terminal of the process. Written only
 * while `is_armed` is 0. */
static struct {
	volatile sig_atomic_t is_armed;
	int fd;
	struct termios modes;
	size_t len;
	char bytes[256];
} saved = {.fd = -EBADF};

/* tigetstr takes a char * that it does not write to. */
static const char *capability(const char *name)
{
	union {
		const char *in;
		char *out;
	} pointer = {.in = name};
	const char *value = tigetstr(pointer.out);

	return value == (const char *)-1 ? NULL : value;
}

bool restore_is_usable(int output)
{
	int error;

	if (setupterm(NULL, output, &error) != OK)
		return false;
	const bool is_usable = capability("cup");
	del_curterm(cur_term);
	return is_usable;
}

/* Without the padding `$<5>` that a string may hold: only real old terminals want it. */
static void save_bytes(const char *bytes)
{
	while (bytes && *bytes) {
		const char *end = strncmp(bytes, "$<", 2) == 0 ? strchr(bytes, '>') : NULL;

		if (end)
			bytes = end + 1;
		else if (saved.len < sizeof(saved.bytes))
			saved.bytes[saved.len++] = *bytes++;
		else
			return;
	}
}

/* A way to the terminal that never waits, even when its reader does not read: a description of
 * its own, since O_NONBLOCK on ours would change the caller's too. */
static int open_own(int output)
{
	char path[128];
	int fd = -1;

	if (ttyname_r(output, path, sizeof(path)) == 0)
		fd = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	return fd >= 0 ? fd : fcntl(output, F_DUPFD_CLOEXEC, 3);
}

void restore_arm(int output, const struct termios *modes)
{
	static const char *const names[] = {"sgr0", "op", "rmkx", "cnorm", "rmcup"};

	restore_disarm();
	saved.modes = *modes;
	saved.len = 0;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		save_bytes(capability(names[i]));
	saved.fd = open_own(output);
	saved.is_armed = saved.fd >= 0;
}

void restore_disarm(void)
{
	saved.is_armed = 0;
	close_fd(&saved.fd);
}

void term_emergency_restore(void)
{
	const int error = errno;
	size_t done = 0;

	if (!saved.is_armed)
		return;
	saved.is_armed = 0;
	/* What a stalled terminal has not taken yet would stand in the way. */
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
