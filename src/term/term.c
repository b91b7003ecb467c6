/* SPDX-License-Identifier: Apache-2.0 */
#include "term/term.h"

#include "base/base64.h"
#include "base/memory.h"
#include "term/keys.h"
#include "term/output.h"
#include "term/theme.h"

#include <curses.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>

/* Modes that terminfo(5) does not have. Bracketed paste marks pasted text. 1002 reports the
 * buttons, the wheel, and moves with a button down; 1006 reports them in decimal numbers. */
#define PASTE_ON  "\033[?2004h"
#define PASTE_OFF "\033[?2004l"
#define MOUSE_ON  "\033[?1002h\033[?1006h"
#define MOUSE_OFF "\033[?1006l\033[?1002l"

/* A style as ncurses draws it. */
struct drawn_look {
	attr_t attributes;
	short pair;
};

struct term {
	SCREEN *screen;
	FILE *in; /* ncurses never reads it */
	FILE *out;
	int terminal;
	struct termios before; /* modes to return to */
	const char *modes_on;  /* PASTE_ON, MOUSE_ON; NULL: none */
	const char *modes_off;
	bool is_taken;
	int colors; /* how many may be used */
	struct drawn_look looks[STYLES];
	int cursor_visibility; /* last argument of curs_set(3X); -1: unknown */
	struct keys_input input;
	struct output output;
};

/* --- taking the terminal and giving it back --------------------------------------------------- */

/* newterm(3X) replaces default signal handlers by its own, which call exit(3). */
static SCREEN *take_screen(FILE *out, FILE *in)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGTSTP, SIGWINCH};
	struct sigaction actions[ARRAY_SIZE(signals)];

	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		sigaction(signals[i], NULL, &actions[i]);
	/* newterm(3X) fails if LINES or COLUMNS is large: term_size reads them. With use_tioctl an
	 * entry without a size has one of 24 rows (the output is no terminal); in ncurses 6.5 only
	 * with use_env, which then limits what it reads. */
	use_env(FALSE);
	use_tioctl(TRUE);
	SCREEN *screen = newterm(NULL, out, in);
	if (!screen) {
		use_env(TRUE);
		use_tioctl(FALSE);
		screen = newterm(NULL, out, in);
	}
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		sigaction(signals[i], &actions[i], NULL);
	return screen;
}

static void put(struct term *term, const char *capability)
{
	char bytes[128];

	output_add(&term->output, bytes, output_unpadded(capability, bytes, sizeof(bytes)));
}

/* Delivers each key at once, unchanged, except C-c, C-\ and C-z, which make signals; and passes
 * output on unchanged. Set here because ncurses writes to a file and not to a terminal. */
static void take(struct term *term)
{
	struct termios modes = term->before;

	modes.c_iflag &= ~(tcflag_t)(ISTRIP | IXON | IXOFF | ICRNL | INLCR | IGNCR);
	modes.c_oflag &= ~(tcflag_t)(ONLCR | OCRNL | TABDLY);
	modes.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ECHONL | IEXTEN);
	modes.c_cc[VMIN] = 1;
	modes.c_cc[VTIME] = 0;
	output_arm_restore(term->output.fd, &term->before, term->modes_off);
	term->is_taken = true;
	tcsetattr(term->terminal, TCSANOW, &modes);
	put(term, output_capability("smkx"));
	put(term, term->modes_on);
}

/* Drops what is queued if the terminal does not read. Some terminals (libvterm, in Vim and Neovim)
 * restore, with the main screen, the attributes and the cursor that ncurses saved last, for a
 * scroll: sgr0 and cnorm after endwin(3X) reset them. */
static void give_back(struct term *term)
{
	if (!term->is_taken)
		return;
	term->is_taken = false;
	put(term, output_capability("rmkx"));
	put(term, term->modes_off);
	endwin();
	output_collect(&term->output);
	put(term, output_capability("sgr0"));
	put(term, output_capability("cnorm"));
	/* Without an alternate screen the cursor is in the last row, where a message or the prompt
	 * of the shell follows. */
	if (!output_capability("rmcup"))
		put(term, output_capability("el"));
	if (!output_drain(&term->output, TERM_PATIENCE_MS)) {
		output_drop(&term->output);
		output_restore();
	}
	tcsetattr(term->terminal, TCSANOW, &term->before);
	output_disarm_restore();
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
	term->in = output_stream_in(&term->output);
	term->out = term->in ? output_stream_out(&term->output) : NULL;
	if (!term->out || tcgetattr(term->terminal, &term->before) != 0)
		return -errno;
	/* newterm(3X) reads the entry again, and allocates the screen. */
	r = output_check_type(term->terminal);
	if (r < 0)
		return r;
	term->screen = take_screen(term->out, term->in);
	return term->screen ? 0 : -ENOMEM;
}

static void choose_modes(struct term *term, bool has_mouse)
{
	if (!output_is_ansi())
		return;
	term->modes_on = has_mouse ? PASTE_ON MOUSE_ON : PASTE_ON;
	term->modes_off = has_mouse ? MOUSE_OFF PASTE_OFF : PASTE_OFF;
}

int term_open(int input, int output, const struct term_options *options, struct term **ret)
{
	int r;

	if (!isatty(input) || !isatty(output))
		return -ENOTTY;
	struct term *term = memory_new(sizeof(*term));
	term->terminal = output;
	r = open_screen(term);
	if (r < 0) {
		release(term);
		return r;
	}
	choose_modes(term, options->has_mouse);
	term->output.is_ansi = output_is_ansi();
	/* The terminal does not move to the first column at a newline. */
	nonl();
	/* A key does not interrupt drawing: the caller draws when no key is waiting. */
	typeahead(-1);
	idlok(stdscr, TRUE);
	take(term);
	keys_input_init(&term->input, input, options->has_mouse);
	if (options->is_color && has_colors() && start_color() != ERR &&
	        use_default_colors() != ERR)
		term->colors = COLORS;
	term->cursor_visibility = -1;
	term_set_theme(term, options->theme);
	int rows, columns;
	term_size(term, &rows, &columns);
	*ret = term;
	return 0;
}

void term_close(struct term *term)
{
	if (!term)
		return;
	keys_input_release(&term->input);
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
	/* The shell may have changed the modes. */
	tcgetattr(term->terminal, &term->before);
	take(term);
	term_repaint(term);
}

void term_emergency_restore(void)
{
	output_restore();
}

/* One direction: what the terminal tells, else the environment, else `otherwise`. */
static int choose_size(unsigned short told, const char *variable, int otherwise)
{
	const char *text = getenv(variable);
	const long number = text ? strtol(text, NULL, 10) : 0;

	if (told)
		return MIN(told, TERM_SIZE_MAX);
	return number > 0 && number <= TERM_SIZE_MAX ? (int)number : otherwise;
}

void term_size(struct term *term, int *ret_rows, int *ret_columns)
{
	struct winsize size = {0};

	ioctl(term->terminal, TIOCGWINSZ, &size);
	const int rows = choose_size(size.ws_row, "LINES", LINES);
	const int columns = choose_size(size.ws_col, "COLUMNS", COLS);
	if (rows != LINES || columns != COLS) {
		resizeterm(rows, columns);
		erase();         /* as in term_repaint */
		delay_output(0); /* flushes the buffer of ncurses */
		output_collect(&term->output);
		/* ncurses set the scrolling region for the size of the terminfo entry, because
		 * newterm(3X) got a file and not a terminal, and does not set it for another size.
		 * The string moves the cursor, but now everything is drawn again. */
		put(term, output_scroll_region(LINES));
	}
	*ret_rows = LINES;
	*ret_columns = COLS;
}

/* --- drawing ---------------------------------------------------------------------------------- */

void term_set_theme(struct term *term, enum theme theme)
{
	static const struct {
		enum look_attribute look;
		attr_t curses;
	} rows[] = {{LOOK_BOLD, A_BOLD}, {LOOK_UNDERLINE, A_UNDERLINE}, {LOOK_REVERSE, A_REVERSE}};

	theme = theme_resolve(theme, getenv("COLORFGBG"));
	for (enum style style = 0; style < STYLES; style++) {
		const struct look look = theme_look(theme, style, term->colors);
		struct drawn_look *drawn = &term->looks[style];

		*drawn = (struct drawn_look){.attributes = A_NORMAL};
		for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
			drawn->attributes |= look.attributes & rows[i].look ? rows[i].curses : 0;
		if (look.foreground == LOOK_DEFAULT && look.background == LOOK_DEFAULT)
			continue;
		drawn->pair = (short)(style + 1);
		init_pair(drawn->pair, look.foreground, look.background);
	}
}

static void set_look(const struct term *term, enum style style)
{
	const struct drawn_look *look = &term->looks[style];

	attr_set(look->attributes, look->pair, NULL);
}

static void draw_text(const struct term *term, const char *text, size_t len, enum style style)
{
	if (!len)
		return;
	set_look(term, style);
	addnstr(text, (int)len);
}

static void draw_row(const struct term *term, int y, const struct frame_row *row)
{
	size_t at = 0;

	move(y, 0);
	clrtoeol();
	for (size_t i = 0; i < row->n_spans; i++) {
		const struct span *span = &row->spans[i];

		draw_text(term, row->text + at, span->start - at, STYLE_PLAIN);
		draw_text(term, row->text + span->start, span->len, span->style);
		at = span->start + span->len;
	}
	draw_text(term, row->text + at, row->len - at, STYLE_PLAIN);
	set_look(term, STYLE_PLAIN);
}

/* More bytes than ncurses writes for a row: its text, the styles, and blanks or the sequences that
 * move the cursor and clear (not every terminal can). */
static size_t bytes_of_row(const struct frame_row *row)
{
	enum { OF_STYLE = 64, OF_ROW = 64 };

	return row->len + (2 * row->n_spans + 1) * OF_STYLE + OF_ROW + (size_t)COLS;
}

static void refresh_and_collect(struct term *term)
{
	refresh();
	output_collect(&term->output);
}

/* ncurses writes only what differs from the frame before. Rows are replaced one by one, so that a
 * part of the frame writes nothing for the rows of the other parts. */
void term_draw(struct term *term, const struct frame *frame)
{
	const int visibility = frame->is_cursor_visible;
	size_t n = 0;

	for (int y = 0; y < frame->rows && y < LINES; y++) {
		const size_t of_row = bytes_of_row(&frame->lines[y]);

		if (n > 0 && n + of_row > term->output.room) {
			refresh_and_collect(term);
			n = 0;
		}
		n += of_row;
		draw_row(term, y, &frame->lines[y]);
	}
	if (frame->rows < LINES) {
		move(frame->rows, 0);
		clrtobot();
	}
	if (term->cursor_visibility != visibility)
		curs_set(visibility);
	term->cursor_visibility = visibility;
	move(MIN(frame->cursor_row, LINES - 1), MIN(frame->cursor_column, COLS - 1));
	refresh_and_collect(term);
}

void term_repaint(struct term *term)
{
	output_forget_charset(&term->output);
	clearok(curscr, TRUE);
	erase(); /* else the first part of the frame would write all rows */
	term->cursor_visibility = -1;
}

/* --- the queue, keys and modes ---------------------------------------------------------------- */

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

void term_set_mouse(struct term *term, bool has_mouse)
{
	put(term, term->modes_off);
	choose_modes(term, has_mouse);
	output_arm_restore(term->output.fd, &term->before, term->modes_off);
	put(term, term->modes_on);
	keys_input_set_mouse(&term->input, has_mouse);
}

int term_next_event(struct term *term, uint64_t now_ms, struct event *ret)
{
	const int r = keys_input_next(&term->input, now_ms, ret);

	ret->now_ms = now_ms;
	return r;
}

uint64_t term_wakes_at(const struct term *term)
{
	return keys_input_wakes_at(&term->input);
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
	/* tmux accepts OSC 52 only with `set-clipboard on`, and the passthrough form only with
	 * `allow-passthrough on`. */
	_cleanup_free_ char *through = memory_printf("\033Ptmux;\033%s\033\\", plain);
	output_add(&term->output, through, strlen(through));
}
