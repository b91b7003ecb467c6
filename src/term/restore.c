/* SPDX-License-Identifier: Apache-2.0 */
#include "term/restore.h"

#include "term/term.h"
#include "term/terminfo.h"

#include <signal.h>
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

static void save_bytes(const char *string)
{
	saved.len +=
	        terminfo_bytes(string, saved.bytes + saved.len, sizeof(saved.bytes) - saved.len);
}

void restore_arm(int fd, const struct termios *modes, const char *also)
{
	static const char *const names[] = {"rmkx", "rmcup", "sgr0", "op", "cnorm"};

	restore_disarm();
	saved.fd = fd;
	saved.modes = *modes;
	saved.len = 0;
	save_bytes(also);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		save_bytes(terminfo_string(names[i]));
	saved.is_armed = 1;
}

void restore_disarm(void)
{
	saved.is_armed = 0;
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
