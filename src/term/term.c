/* SPDX-License-Identifier: Apache-2.0 */
#include "term/term.h"

#include "base/base64.h"
#include "base/memory.h"
#include "term/draw.h"
#include "term/input.h"
#include "term/output.h"
#include "term/restore.h"
#include "term/terminfo.h"

#include <curses.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>

/* What is asked of a terminal beyond its terminfo: that it tells what was pasted from what was
 * typed, and where the first button is pressed and moved, and the wheel; in decimal numbers. */
#define PASTE_ON  "\033[?2004h"
#define PASTE_OFF "\033[?2004l"
#define MOUSE_ON  "\033[?1002h\033[?1006h"
#define MOUSE_OFF "\033[?1006l\033[?1002l"

struct term {
	SCREEN *screen;
	FILE *in; /* curses reads nothing from there */
	FILE *out;
	int terminal;
	struct termios before; /* the modes when we came */
	struct termios ours;
	const char *ask; /* PASTE_ON, MOUSE_ON */
	const char *take_back;
	bool is_taken;
	struct draw draw;
	struct input input;
	struct output output;
};

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

/* Every key but C-c, C-\ and C-z comes as itself, at once; what is written arrives as it is. Curses
 * cannot do that: what it writes to is no terminal. */
static struct termios modes_from(const struct termios *before)
{
	struct termios ours = *before;

	ours.c_iflag &= ~(tcflag_t)(ISTRIP | IXON | IXOFF | ICRNL | INLCR | IGNCR);
	ours.c_oflag &= ~(tcflag_t)(ONLCR | OCRNL | TABDLY);
	ours.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ECHONL | IEXTEN);
	ours.c_cc[VMIN] = 1;
	ours.c_cc[VTIME] = 0;
	return ours;
}

static void put(struct term *term, const char *string)
{
	char bytes[128];

	output_add(&term->output, bytes, terminfo_bytes(string, bytes, sizeof(bytes)));
}

static void take(struct term *term)
{
	term->ours = modes_from(&term->before);
	restore_arm(term->output.fd, &term->before, term->take_back);
	term->is_taken = true;
	tcsetattr(term->terminal, TCSANOW, &term->ours);
	put(term, terminfo_string("smkx"));
	put(term, term->ask);
}

/* What stands in the way of a terminal that takes nothing is thrown away. Some terminals, libvterm
 * (in vim and neovim) is one, give back with the screen the look and the cursor that curses saved
 * last, for a scroll: they are made plain and visible once more. */
static void give_back(struct term *term)
{
	if (!term->is_taken)
		return;
	term->is_taken = false;
	put(term, terminfo_string("rmkx"));
	put(term, term->take_back);
	endwin();
	output_collect(&term->output);
	put(term, terminfo_string("sgr0"));
	put(term, terminfo_string("cnorm"));
	if (!output_drain(&term->output, TERM_PATIENCE_MS)) {
		output_drop(&term->output);
		term_emergency_restore();
	}
	tcsetattr(term->terminal, TCSANOW, &term->before);
	restore_disarm();
}

static void release(struct term *term)
{
	if (term->in)
		fclose(term->in);
	if (term->out)
		fclose(term->out);
	output_close(&term->output);
	free(term);
}

static int open_screen(struct term *term)
{
	int r = output_open(&term->output, term->terminal);

	if (r < 0)
		return r;
	term->in = output_stream(&term->output, "r");
	term->out = output_stream(&term->output, "w");
	if (!term->in || !term->out || tcgetattr(term->terminal, &term->before) != 0)
		return -errno;
	term->screen = take_screen(term->out, term->in);
	return term->screen ? 0 : -EINVAL;
}

static void choose_questions(struct term *term, bool has_mouse)
{
	if (!terminfo_is_ansi())
		return;
	term->ask = has_mouse ? PASTE_ON MOUSE_ON : PASTE_ON;
	term->take_back = has_mouse ? MOUSE_OFF PASTE_OFF : PASTE_OFF;
}

static void set_up_curses(void)
{
	/* No newline moves to the first column by itself. */
	nonl();
	/* Drawing is not broken off for a key: the caller draws when none is waiting. */
	typeahead(-1);
	idlok(stdscr, TRUE);
}

int term_open(int input, int output, const struct term_options *options, struct term **ret)
{
	int r;

	if (!isatty(input) || !isatty(output))
		return -ENOTTY;
	if (!terminfo_is_usable(output))
		return -EINVAL;
	struct term *term = memory_new(sizeof(*term));
	term->terminal = output;
	r = open_screen(term);
	if (r < 0) {
		release(term);
		return r;
	}
	choose_questions(term, options->has_mouse);
	set_up_curses();
	take(term);
	input_init(&term->input, input, options->has_mouse);
	draw_init(&term->draw, options->is_color, options->theme);
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
	give_back(term);
	delscreen(term->screen);
	release(term);
}

void term_suspend(struct term *term)
{
	give_back(term);
}

void term_resume(struct term *term)
{
	/* The shell may have left other modes than those we came to. */
	tcgetattr(term->terminal, &term->before);
	take(term);
	draw_forget(&term->draw);
}

/* Curses set what scrolls for the size that newterm found, which is that of the terminfo entry,
 * since what it was given is no terminal; for another one it is left to us. That moves the cursor,
 * but after resizeterm(3) all is drawn anew. */
static void set_region(struct term *term)
{
	delay_output(0); /* writes what curses had not yet */
	output_collect(&term->output);
	put(term, terminfo_region(LINES));
}

void term_size(struct term *term, int *ret_rows, int *ret_columns)
{
	struct winsize size = {0};

	if (ioctl(term->terminal, TIOCGWINSZ, &size) == 0 && size.ws_row && size.ws_col &&
	        (size.ws_row != LINES || size.ws_col != COLS)) {
		resizeterm(size.ws_row, size.ws_col);
		set_region(term);
	}
	*ret_rows = LINES;
	*ret_columns = COLS;
}

void term_draw(struct term *term, const struct frame *frame)
{
	draw_frame(&term->draw, frame);
	output_collect(&term->output);
}

bool term_is_busy(const struct term *term)
{
	return output_is_busy(&term->output);
}

int term_output_fd(const struct term *term)
{
	return term->output.fd;
}

int term_flush(struct term *term)
{
	return output_flush(&term->output);
}

void term_set_theme(struct term *term, enum theme theme)
{
	draw_set_theme(&term->draw, theme);
}

void term_set_mouse(struct term *term, bool has_mouse)
{
	put(term, term->take_back);
	choose_questions(term, has_mouse);
	restore_arm(term->output.fd, &term->before, term->take_back);
	put(term, term->ask);
	input_set_mouse(&term->input, has_mouse);
}

void term_repaint(struct term *term)
{
	draw_forget(&term->draw);
}

int term_next_event(struct term *term, uint64_t now_ms, struct event *ret)
{
	const int r = input_next(&term->input, now_ms, ret);

	ret->now_ms = now_ms;
	return r;
}

uint64_t term_wakes_at(const struct term *term)
{
	return input_wakes_at(&term->input);
}

void term_answer_sync(struct term *term)
{
	static const char marker[] = TERM_SYNC_MARKER;

	output_add(&term->output, marker, sizeof(marker) - 1);
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
	output_add(&term->output, plain, strlen(plain));
	if (!tmux || !*tmux)
		return;
	/* tmux takes the plain form only with `set-clipboard on`, and lets the other one through
	 * only with `allow-passthrough on`. */
	_cleanup_free_ char *through = memory_printf("\033Ptmux;\033%s\033\\", plain);
	output_add(&term->output, through, strlen(through));
}
