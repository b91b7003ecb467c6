/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/term/pty_internal.h"

#include <stdlib.h>
#include <string.h>

/* libvterm 0.1.4 wraps the line one column too early after REP (ESC [ N b, ECMA-48 8.3.103) that
 * ends in the last column but one, where xterm writes on in the last. So it gets the character N
 * times instead. ncurses repeats only single bytes. */

/* `held` is the beginning of a sequence, or all of it: ESC, [, digits, the last byte. */
static bool may_be_rep(const char *held, size_t n)
{
	static const char start[] = "\033[";

	for (size_t i = 0; i < n; i++) {
		const bool is_wanted =
		        i < 2 ? held[i] == start[i] : held[i] >= '0' && held[i] <= '9';

		if (!is_wanted && !(i == n - 1 && i > 2 && held[i] == 'b'))
			return false;
	}
	return true;
}

static void repeat(struct pty *pty)
{
	for (long n = strtol(pty->held + 2, NULL, 10); n > 0; n--)
		vterm_input_write(pty->vterm, &pty->last, 1);
}

void pty_feed(struct pty *pty, const char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		pty->held[pty->n_held++] = bytes[i];
		const bool is_whole = pty->n_held == sizeof(pty->held) - 1;

		if (!is_whole && may_be_rep(pty->held, pty->n_held)) {
			if (bytes[i] != 'b')
				continue;
			repeat(pty);
		} else {
			vterm_input_write(pty->vterm, pty->held, pty->n_held);
			pty->last = bytes[i];
		}
		memset(pty->held, 0, sizeof(pty->held));
		pty->n_held = 0;
	}
}
