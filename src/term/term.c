/* SPDX-License-Identifier: Apache-2.0 */
#include "term/term.h"

#include "base/base64.h"
#include "base/memory.h"
#include "term/draw.h"
#include "term/input.h"
#include "term/restore.h"

#include <curses.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>

enum { ESC_DELAY_MS = 25 };

struct term {
	SCREEN *screen;
	FILE *in;
	FILE *out;
	int output;
	struct termios before; /* the modes when we came */
	struct termios ours;
	struct draw draw;
	struct input input;
};

/* curses closes and buffers these: never the caller's own. */
static FILE *own_stream(int fd, const char *mode)
{
	const int own = fcntl(fd, F_DUPFD_CLOEXEC, 3);

	return own < 0 ? NULL : fdopen(own, mode);
}

/* newterm puts handlers of its own (which call exit) where the default ones are. */
static SCREEN *take_screen(FILE *out, FILE *in)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGTSTP, SIGWINCH};
	struct sigaction actions[ARRAY_SIZE(signals)];

	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		sigaction(signals[i], NULL, &actions[i]);
	SCREEN *screen = newterm(NULL, out, in);
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		sigaction(signals[i], &actions[i], NULL);
	return screen;
}

/* Every key but C-c, C-\ and C-z comes as itself, at once. */
static void set_modes(struct term *term)
{
	cbreak();
	noecho();
	nonl();
	if (tcgetattr(term->output, &term->ours) == 0) {
		term->ours.c_iflag &= ~(tcflag_t)(IXON | IXOFF | ICRNL | INLCR);
		term->ours.c_lflag &= ~(tcflag_t)IEXTEN;
		tcsetattr(term->output, TCSANOW, &term->ours);
	}
	/* So that curses comes back to these after a suspension. */
	def_prog_mode();
	if (!getenv("ESCDELAY"))
		set_escdelay(ESC_DELAY_MS);
	/* Drawing is not broken off for a key: the caller draws when none is waiting. */
	typeahead(-1);
	idlok(stdscr, TRUE);
}

static void release(struct term *term)
{
	if (term->in)
		fclose(term->in);
	if (term->out)
		fclose(term->out);
	free(term);
}

int term_open(int input, int output, const struct term_options *options, struct term **ret)
{
	if (!isatty(input) || !isatty(output))
		return -ENOTTY;
	if (!restore_is_usable(output))
		return -EINVAL;
	struct term *term = memory_new(sizeof(*term));
	term->in = own_stream(input, "r");
	term->out = own_stream(output, "w");
	term->output = output;
	if (!term->in || !term->out || tcgetattr(output, &term->before) != 0) {
		const int error = errno;

		release(term);
		return -error;
	}
	term->screen = take_screen(term->out, term->in);
	if (!term->screen) {
		release(term);
		return -EINVAL;
	}
	restore_arm(output, &term->before);
	set_modes(term);
	input_init(&term->input, input);
	draw_init(&term->draw, options->is_color);
	int rows, columns;
	term_size(term, &rows, &columns);
	*ret = term;
	return 0;
}

void term_close(struct term *term)
{
	if (!term)
		return;
	draw_release(&term->draw);
	input_release(&term->input);
	endwin();
	tcsetattr(term->output, TCSANOW, &term->before);
	restore_disarm();
	delscreen(term->screen);
	release(term);
}

void term_suspend(struct term *term)
{
	endwin();
	tcsetattr(term->output, TCSANOW, &term->before);
	restore_disarm();
}

void term_resume(struct term *term)
{
	/* The shell may have left other modes than those we came to. */
	tcgetattr(term->output, &term->before);
	restore_arm(term->output, &term->before);
	tcsetattr(term->output, TCSANOW, &term->ours);
	draw_forget(&term->draw);
}

void term_size(struct term *term, int *ret_rows, int *ret_columns)
{
	struct winsize size = {0};

	if (ioctl(term->output, TIOCGWINSZ, &size) == 0 && size.ws_row && size.ws_col &&
	        (size.ws_row != LINES || size.ws_col != COLS))
		resizeterm(size.ws_row, size.ws_col);
	*ret_rows = LINES;
	*ret_columns = COLS;
}

void term_draw(struct term *term, const struct frame *frame)
{
	draw_frame(&term->draw, frame);
}

void term_repaint(struct term *term)
{
	draw_forget(&term->draw);
}

int term_next_key(struct term *term, uint32_t *ret_key)
{
	return input_next(&term->input, ret_key);
}

static void write_all(const struct term *term, const char *bytes, size_t len)
{
	/* curses has written all it had to: refresh() leaves nothing in its buffer. */
	for (size_t done = 0; done < len;) {
		const ssize_t n = write(term->output, bytes + done, len - done);

		if (n < 0 && errno != EINTR)
			return;
		done += n > 0 ? (size_t)n : 0;
	}
}

void term_answer_sync(struct term *term)
{
	static const char marker[] = TERM_SYNC_MARKER;

	write_all(term, marker, sizeof(marker) - 1);
}

void term_copy(struct term *term, const char *text)
{
	const size_t len = strlen(text);
	_cleanup_free_ char *coded = memory_new((len + 2) / 3 * 4 + 1);
	const char *tmux = getenv("TMUX");
	char *end = coded;

	for (size_t i = 0; i < len; i += 3, end += 4)
		base64_encode((const unsigned char *)text + i, len - i, end);
	_cleanup_free_ char *plain = memory_printf("\033]52;c;%s\a", coded);
	write_all(term, plain, strlen(plain));
	if (!tmux || !*tmux)
		return;
	/* tmux takes the plain form only with `set-clipboard on`, and lets the other one through
	 * only with `allow-passthrough on`. */
	_cleanup_free_ char *through = memory_printf("\033Ptmux;\033%s\033\\", plain);
	write_all(term, through, strlen(through));
}
