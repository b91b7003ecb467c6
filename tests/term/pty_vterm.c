/* SPDX-License-Identifier: Apache-2.0 */
#include "base/memory.h"
#include "base/monotonic.h"
#include "term/term.h"
#include "tests/term/pty_internal.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>

/* How long a wait lasts: counted in its turns, not by a clock. A virtual machine that is paused or
 * moved has no time for the program either, but its clock may go on. */
enum { TURN_MS = 20, TURNS = 1000, OUTPUTS = 100000, CELL_MAX = 32 };

static _noreturn_ void failed(const char *what)
{
	fprintf(stderr, "pty: %s: %s\n", what, strerror(errno));
	abort();
}

/* --- starting ------------------------------------------------------------------------ */

static int on_property(VTermProp property, VTermValue *value, void *user)
{
	struct pty *pty = user;

	if (property == VTERM_PROP_ALTSCREEN)
		pty->is_alternate = value->boolean;
	else if (property == VTERM_PROP_CURSORVISIBLE)
		pty->is_cursor_visible = value->boolean;
	else if (property == VTERM_PROP_MOUSE)
		pty->mouse = value->number;
	return 1;
}

static int on_cursor(VTermPos position, VTermPos before, int is_visible, void *user)
{
	struct pty *pty = user;

	(void)before;
	(void)is_visible;
	pty->cursor = position;
	return 1;
}

/* UTF-8 and the alternate screen first: libvterm 0.1.4 crashes in another order. */
static void start_vterm(struct pty *pty)
{
	static const VTermScreenCallbacks callbacks = {
	        .settermprop = on_property,
	        .movecursor = on_cursor,
	};

	pty->vterm = vterm_new(pty->rows, pty->columns);
	if (!pty->vterm)
		failed("vterm_new");
	vterm_set_utf8(pty->vterm, 1);
	pty->screen = vterm_obtain_screen(pty->vterm);
	vterm_screen_enable_altscreen(pty->screen, 1);
	vterm_screen_set_callbacks(pty->screen, &callbacks, pty);
	vterm_screen_reset(pty->screen, 1);
	pty->is_cursor_visible = true;
}

static void open_pair(struct pty *pty)
{
	char path[64];

	pty->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (pty->master < 0 || grantpt(pty->master) != 0 || unlockpt(pty->master) != 0 ||
	        ptsname_r(pty->master, path, sizeof(path)) != 0)
		failed("pty");
	pty->slave = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (pty->slave < 0 || tcgetattr(pty->slave, &pty->before) != 0)
		failed(path);
}

static void set_size(const struct pty *pty)
{
	const struct winsize size = {
	        .ws_row = (unsigned short)pty->rows,
	        .ws_col = (unsigned short)pty->columns,
	};

	if (ioctl(pty->slave, TIOCSWINSZ, &size) != 0)
		failed("TIOCSWINSZ");
}

static void set_environment(const struct pty_options *options)
{
	setenv("TERM", options->term ? options->term : "xterm-256color", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("NSBROWSE_TEST_SYNC", "1", 1);
	unsetenv("COLUMNS");
	unsetenv("LINES");
	unsetenv("NO_COLOR");
	unsetenv("ESCDELAY");
	unsetenv("COLORFGBG");
	setenv("XDG_CONFIG_HOME", "/dev/null", 1); /* nobody's options */
	for (const char *const *word = options->environment; word && *word; word++) {
		char *name = memory_strdup(*word);
		char *equals = strchr(name, '=');

		if (equals)
			*equals = '\0';
		if (equals)
			setenv(name, equals + 1, 1);
		else
			unsetenv(name);
		free(name);
	}
}

/* execvp(3) has parameters without const, but does not write to them. */
static char *const *as_argv(const char *const *argv)
{
	union {
		const char *const *in;
		char *const *out;
	} pointer = {.in = argv};

	return pointer.out;
}

static _noreturn_ void run_child(const struct pty *pty, const struct pty_options *options)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setsid();
	if (ioctl(pty->slave, TIOCSCTTY, 0) != 0)
		failed("TIOCSCTTY");
	for (int fd = 0; fd < 3; fd++) {
		if (dup2(pty->slave, fd) < 0)
			_exit(126);
	}
	set_environment(options);
	execvp(options->argv[0], as_argv(options->argv));
	failed(options->argv[0]);
}

struct pty *pty_start(const struct pty_options *options)
{
	struct pty *pty = memory_new(sizeof(*pty));

	pty->rows = options->rows;
	pty->columns = options->columns;
	open_pair(pty);
	set_size(pty);
	start_vterm(pty);
	pty->pid = fork();
	if (pty->pid < 0)
		failed("fork");
	if (pty->pid == 0)
		run_child(pty, options);
	return pty;
}

/* --- listening -------------------------------------------------------------------------- */

/* Removes the markers from the output, and counts them. */
static void drop_markers(struct pty *pty)
{
	static const char marker[] = TERM_SYNC_MARKER;
	const size_t len = sizeof(marker) - 1;
	char *found;

	while ((found = memmem(pty->output, pty->n_output, marker, len))) {
		pty->markers++;
		pty->n_output -= len;
		memmove(found, found + len, (size_t)(pty->output + pty->n_output - found));
	}
}

static void take(struct pty *pty, const char *bytes, size_t n)
{
	pty_feed(pty, bytes, n);
	pty->output = memory_grow(pty->output, &pty->capacity, pty->n_output + n, 1);
	memcpy(pty->output + pty->n_output, bytes, n);
	pty->n_output += n;
	drop_markers(pty);
}

static void reap(struct pty *pty)
{
	if (!pty->has_ended && waitpid(pty->pid, &pty->status, WNOHANG) == pty->pid)
		pty->has_ended = true;
}

/* Reads the available output, after waiting at most this long. Returns false if there is none. */
static bool listen_once(struct pty *pty, int milliseconds)
{
	char bytes[8192];
	struct pollfd poll_fd = {.fd = pty->master, .events = POLLIN};

	/* poll(2) waits also without a terminal: it ignores a negative descriptor. */
	if (poll(&poll_fd, 1, milliseconds) <= 0)
		return false;
	const ssize_t n = read(pty->master, bytes, sizeof(bytes));
	if (n <= 0)
		return false;
	take(pty, bytes, (size_t)n);
	return true;
}

/* Reads output until is_done returns true. Returns false if the program ended or took too long. */
static bool listen_until(
        struct pty *pty, bool (*is_done)(struct pty *, const void *), const void *data)
{
	int turns = 0, outputs = 0;

	while (!is_done(pty, data)) {
		if (listen_once(pty, TURN_MS)) {
			if (++outputs > OUTPUTS)
				return false;
			continue;
		}
		reap(pty);
		if (pty->has_ended) {
			while (listen_once(pty, 0))
				;
			return is_done(pty, data);
		}
		if (++turns > TURNS)
			return false;
	}
	return true;
}

void pty_listen(struct pty *pty, int milliseconds)
{
	const int64_t end = monotonic_ms() + milliseconds;

	for (int64_t left = milliseconds; left > 0; left = end - monotonic_ms())
		listen_once(pty, (int)left);
}

static bool is_answered(struct pty *pty, const void *data)
{
	(void)data;
	return pty->markers >= pty->syncs;
}

static bool is_shown(struct pty *pty, const void *text)
{
	return pty_shows(pty, text);
}

static bool is_not_shown(struct pty *pty, const void *text)
{
	return !pty_shows(pty, text);
}

static bool has_ended(struct pty *pty, const void *data)
{
	(void)data;
	reap(pty);
	return pty->has_ended;
}

static bool has_stopped(struct pty *pty, const void *data)
{
	siginfo_t info = {0};

	(void)data;
	return waitid(P_PID, (id_t)pty->pid, &info, WSTOPPED | WNOHANG | WNOWAIT) == 0 &&
	       info.si_pid == pty->pid;
}

bool pty_sync(struct pty *pty)
{
	static const char key = TERM_SYNC_KEY;

	pty->syncs++;
	pty_send(pty, &key, 1);
	return listen_until(pty, is_answered, NULL);
}

static void print_file(pid_t pid, const char *name)
{
	_cleanup_free_ char *path = memory_printf("/proc/%d/%s", pid, name);
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	char text[1024];
	const ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text));

	fprintf(stderr, "pty: %s: %.*s\n", path, n < 0 ? 0 : (int)n, text);
}

/* Tells an answer that was lost from a program that waits: prints in which calls its processes
 * are, and whether the keys were read. */
static void print_processes(const struct pty *pty)
{
	static const char *const files[] = {"stat", "wchan", "syscall", "stack"};
	DIR *proc = opendir("/proc");

	fprintf(stderr, "pty: %zu bytes not read by the program; %u of %u answers\n",
	        pty_typed_ahead(pty), pty->markers, pty->syncs);
	for (struct dirent *entry; proc && (entry = readdir(proc));) {
		const pid_t pid = atoi(entry->d_name);

		for (size_t i = 0; pid > 0 && getsid(pid) == pty->pid && i < ARRAY_SIZE(files); i++)
			print_file(pid, files[i]);
	}
	if (proc)
		closedir(proc);
}

void pty_press(struct pty *pty, const char *keys)
{
	pty_type(pty, keys);
	if (!pty_sync(pty)) {
		fprintf(stderr, "%s", pty_screen(pty));
		if (pty->has_ended)
			fprintf(stderr, "pty: the program ended: wait status %#x\n",
			        (unsigned)pty->status);
		print_processes(pty);
		failed("no answer");
	}
}

bool pty_wait_for(struct pty *pty, const char *text)
{
	return listen_until(pty, is_shown, text);
}

bool pty_wait_without(struct pty *pty, const char *text)
{
	return listen_until(pty, is_not_shown, text);
}

bool pty_wait_stopped(struct pty *pty)
{
	return listen_until(pty, has_stopped, NULL);
}

bool pty_wait_end(struct pty *pty, int *ret_status)
{
	if (!listen_until(pty, has_ended, NULL))
		return false;
	while (listen_once(pty, 0))
		;
	*ret_status = pty->status;
	return true;
}

/* --- acting ------------------------------------------------------------------------------- */

void pty_send(struct pty *pty, const void *bytes, size_t len)
{
	for (size_t done = 0; done < len;) {
		const ssize_t n = write(pty->master, (const char *)bytes + done, len - done);

		if (n < 0)
			failed("write");
		done += (size_t)n;
	}
}

void pty_type(struct pty *pty, const char *keys)
{
	pty_send(pty, keys, strlen(keys));
}

void pty_put(struct pty *pty, const char *bytes)
{
	take(pty, bytes, strlen(bytes));
}

size_t pty_typed_ahead(const struct pty *pty)
{
	int n = 0;

	return ioctl(pty->slave, FIONREAD, &n) == 0 && n > 0 ? (size_t)n : 0;
}

/* The state S in /proc/PID/stat, of the main thread: `PID (NAME) S`; the name may hold anything. A
 * program that has read keys and not handled them yet does not sleep. */
static bool is_asleep(const struct pty *pty)
{
	_cleanup_free_ char *path = memory_printf("/proc/%d/stat", pty->pid);
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	char text[256] = "";

	if (fd < 0 || read(fd, text, sizeof(text) - 1) <= 0)
		return false;
	const char *end = strrchr(text, ')');
	return end && strncmp(end, ") S", 3) == 0;
}

bool pty_wait_idle(struct pty *pty)
{
	for (int turns = 0; pty_typed_ahead(pty) > 0 || !is_asleep(pty); turns++) {
		if (turns > TURNS * TURN_MS)
			return false;
		poll(NULL, 0, 1);
	}
	return true;
}

bool pty_is_full(const struct pty *pty)
{
	struct pollfd poll_fd = {.fd = pty->slave, .events = POLLOUT};

	return poll(&poll_fd, 1, 0) == 0;
}

void pty_drop_unread(struct pty *pty)
{
	if (tcflush(pty->slave, TCOFLUSH) != 0)
		failed("tcflush");
}

void pty_resize(struct pty *pty, int rows, int columns)
{
	pty->rows = rows;
	pty->columns = columns;
	vterm_set_size(pty->vterm, rows, columns);
	set_size(pty);
}

void pty_hang_up(struct pty *pty)
{
	close_fd(&pty->slave);
	close_fd(&pty->master);
}

pid_t pty_pid(const struct pty *pty)
{
	return pty->pid;
}

void pty_free(struct pty *pty)
{
	if (!pty->has_ended) {
		kill(pty->pid, SIGKILL);
		waitpid(pty->pid, &pty->status, 0);
	}
	close_fd(&pty->master);
	close_fd(&pty->slave);
	vterm_free(pty->vterm);
	free(pty->output);
	free(pty->text);
	free(pty);
}

/* --- looking -------------------------------------------------------------------------------- */

/* Appends a row without trailing blanks. Does not read beyond the width: libvterm 0.1.4 crashes
 * then. */
static void write_row(const struct pty *pty, FILE *out, int row)
{
	const VTermRect rect = {row, row + 1, 0, pty->columns};
	const size_t size = (size_t)pty->columns * CELL_MAX + 1;
	char *text = memory_new(size);
	size_t n = vterm_screen_get_text(pty->screen, text, size - 1, rect);

	while (n && text[n - 1] == ' ')
		n--;
	fwrite(text, 1, n, out);
	free(text);
}

static FILE *new_text(struct pty *pty, size_t *size)
{
	free(pty->text);
	pty->text = NULL;
	FILE *out = open_memstream(&pty->text, size);
	if (!out)
		failed("open_memstream");
	return out;
}

const char *pty_row(struct pty *pty, int row)
{
	size_t size;
	FILE *out = new_text(pty, &size);

	write_row(pty, out, row);
	if (fclose(out) != 0)
		failed("row");
	return pty->text;
}

const char *pty_screen(struct pty *pty)
{
	size_t size;
	FILE *out = new_text(pty, &size);

	for (int row = 0; row < pty->rows; row++) {
		fputc('|', out);
		write_row(pty, out, row);
		fputc('\n', out);
	}
	if (fclose(out) != 0)
		failed("screen");
	return pty->text;
}

bool pty_shows(struct pty *pty, const char *text)
{
	return strstr(pty_screen(pty), text);
}

void pty_cursor(const struct pty *pty, int *ret_row, int *ret_column)
{
	*ret_row = pty->cursor.row;
	*ret_column = pty->cursor.col;
}

bool pty_is_cursor_visible(const struct pty *pty)
{
	return pty->is_cursor_visible;
}

bool pty_is_alternate(const struct pty *pty)
{
	return pty->is_alternate;
}

static VTermScreenCell cell_at(const struct pty *pty, int row, int column)
{
	const VTermPos position = {row, column};
	VTermScreenCell cell = {0};

	vterm_screen_get_cell(pty->screen, position, &cell);
	return cell;
}

void pty_look(const struct pty *pty, int row, int column, struct pty_look *ret)
{
	const VTermScreenCell cell = cell_at(pty, row, column);
	const bool is_blank = cell.chars[0] == 0 || cell.chars[0] == ' ';
	const bool has_ink = !is_blank || cell.attrs.underline || cell.attrs.reverse;

	*ret = (struct pty_look){
	        .is_bold = has_ink && cell.attrs.bold,
	        .is_underlined = cell.attrs.underline,
	        .is_reverse = cell.attrs.reverse,
	        .foreground =
	                !has_ink || VTERM_COLOR_IS_DEFAULT_FG(&cell.fg) ? -1 : cell.fg.indexed.idx,
	        .background = VTERM_COLOR_IS_DEFAULT_BG(&cell.bg) ? -1 : cell.bg.indexed.idx,
	};
}

void pty_size(const struct pty *pty, int *ret_rows, int *ret_columns)
{
	*ret_rows = pty->rows;
	*ret_columns = pty->columns;
}

const char *pty_output(const struct pty *pty, size_t *ret_len)
{
	*ret_len = pty->n_output;
	return pty->output ? pty->output : "";
}

int pty_mouse_mode(const struct pty *pty)
{
	return pty->mouse;
}
