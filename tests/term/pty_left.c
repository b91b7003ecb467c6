/* SPDX-License-Identifier: Apache-2.0 */
#include "base/attributes.h"
#include "base/memory.h"
#include "tests/term/pty_internal.h"

#include <string.h>

static bool modes_are_restored(const struct pty *pty)
{
	struct termios now = {0}; /* musl has more of c_cc than the kernel */

	return tcgetattr(pty->slave, &now) == 0 && now.c_iflag == pty->before.c_iflag &&
	       now.c_oflag == pty->before.c_oflag && now.c_cflag == pty->before.c_cflag &&
	       now.c_lflag == pty->before.c_lflag &&
	       memcmp(now.c_cc, pty->before.c_cc, sizeof(now.c_cc)) == 0;
}

/* Returns true if the private mode was set and not reset. */
static bool is_mode_on(const struct pty *pty, const char *mode)
{
	_cleanup_free_ char *on = memory_printf("\033[?%sh", mode);
	_cleanup_free_ char *off = memory_printf("\033[?%sl", mode);
	bool is_on = false;

	for (size_t i = 0; i + strlen(on) <= pty->n_output; i++) {
		if (memcmp(pty->output + i, on, strlen(on)) == 0)
			is_on = true;
		else if (memcmp(pty->output + i, off, strlen(off)) == 0)
			is_on = false;
	}
	return is_on;
}

/* Returns true if the last margins set (DECSTBM) are the whole screen. Current terminals reset them
 * at a new size. */
static bool is_all_scrolled(const struct pty *pty)
{
	int top = 1, bottom = pty->rows;

	for (size_t i = 0; i + 2 < pty->n_output; i++) {
		int first, last, end = 0;

		if (memcmp(pty->output + i, "\033[", 2) != 0)
			continue;
		_cleanup_free_ char *rest = memory_printf("%.*s",
		        (int)(pty->n_output - i < 16 ? pty->n_output - i : 16), pty->output + i);
		if (sscanf(rest, "\033[%d;%dr%n", &first, &last, &end) == 2 && end > 0) {
			top = first;
			bottom = last;
		}
	}
	return top == 1 && bottom == pty->rows;
}

/* The attributes of the text that would be written next. */
static bool is_pen_plain(const struct pty *pty)
{
	static const VTermAttr attributes[] = {
	        VTERM_ATTR_BOLD, VTERM_ATTR_UNDERLINE, VTERM_ATTR_REVERSE};
	VTermState *state = vterm_obtain_state(pty->vterm);
	VTermValue value;

	for (size_t i = 0; i < ARRAY_SIZE(attributes); i++) {
		vterm_state_get_penattr(state, attributes[i], &value);
		/* The underline is a number, the others are booleans of the same union. */
		if (attributes[i] == VTERM_ATTR_UNDERLINE ? value.number : value.boolean)
			return false;
	}
	vterm_state_get_penattr(state, VTERM_ATTR_FOREGROUND, &value);
	return VTERM_COLOR_IS_DEFAULT_FG(&value.color);
}

const char *pty_left_behind(const struct pty *pty)
{
	const struct {
		bool is_left;
		const char *what;
	} all[] = {
	        {!modes_are_restored(pty), "settings"},
	        {pty->is_alternate, "alternate screen"},
	        {!pty->is_cursor_visible, "cursor"},
	        {pty->mouse, "mouse"},
	        {is_mode_on(pty, "1006"), "mouse numbers"},
	        {is_mode_on(pty, "1"), "cursor keys"},
	        {is_mode_on(pty, "2004"), "paste brackets"},
	        {!is_pen_plain(pty), "attributes"},
	        {!is_all_scrolled(pty), "scroll region"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		if (all[i].is_left)
			return all[i].what;
	}
	return NULL;
}
