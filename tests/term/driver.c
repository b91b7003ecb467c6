/* SPDX-License-Identifier: Apache-2.0 */

/* The terminal and the ui without scans: shows the models of tests/ui/models in its arguments, the
 * first at once, the next one at each `M`. `X` aborts. Options come first: --ascii, --color,
 * --theme=NAME, --mouse. Answers the sync key (term.h). */

#include "base/attributes.h"
#include "base/monotonic.h"
#include "term/term.h"
#include "tests/ui/model_text.h"
#include "ui/app/app.h"

#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>

struct driver {
	struct app *app;
	struct term *term;
	char **models;
	uint64_t now;
	int signals;
	bool is_dirty;
	bool is_sync_wanted;
	bool is_done;
};

static void on_crash(int signal)
{
	term_emergency_restore();
	raise(signal);
}

/* SA_RESETHAND: raising the signal again in the handler ends the program. */
static void catch_crashes(void)
{
	const struct sigaction action = {
	        .sa_handler = on_crash, .sa_flags = (int)SA_RESETHAND | SA_NODEFER};
	static const int all[] = {SIGABRT, SIGSEGV, SIGTERM, SIGHUP, SIGQUIT, SIGINT};

	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		sigaction(all[i], &action, NULL);
}

static int open_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGWINCH);
	sigaddset(&set, SIGTSTP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void send(struct driver *driver, struct event event)
{
	event.now_ms = driver->now += 10;
	const unsigned effects = app_handle(driver->app, &event);

	if (effects & EFFECT_REDRAW)
		driver->is_dirty = true;
	if (effects & EFFECT_REPAINT)
		term_repaint(driver->term);
	if (effects & EFFECT_COPY)
		term_copy(driver->term, app_copy_text(driver->app));
	if (effects & EFFECT_QUIT)
		driver->is_done = true;
	if (effects & EFFECT_SAVE) {
		struct save_request save;

		save_request(driver->app, &save);
		send(driver, (struct event){.kind = EVENT_SAVED,
		                     .saved = {.path = save.path, .error = "not here"}});
	}
}

static void send_size(struct driver *driver)
{
	struct event event = {.kind = EVENT_RESIZE};

	term_size(driver->term, &event.size.rows, &event.size.columns);
	send(driver, event);
}

static void send_model(struct driver *driver)
{
	if (!*driver->models)
		return;
	driver->now += 1000;
	send(driver,
	        (struct event){.kind = EVENT_MODEL,
	                .scan = {.model = model_from_file(*driver->models++), .is_whole = true}});
}

static void take_event(struct driver *driver, const struct event *event)
{
	const uint32_t key = event->kind == EVENT_KEY ? event->key : 0;

	if (key == TERM_SYNC_KEY)
		driver->is_sync_wanted = true;
	else if (key == 'M')
		send_model(driver);
	else if (key == 'X')
		abort();
	else
		send(driver, *event);
}

static void take_signals(struct driver *driver)
{
	struct signalfd_siginfo info;

	while (read(driver->signals, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGTSTP) {
			term_suspend(driver->term);
			raise(SIGSTOP);
			term_resume(driver->term);
		}
		send_size(driver);
	}
}

static int take_keys(struct driver *driver)
{
	struct event event;
	int r;

	while ((r = term_next_event(driver->term, (uint64_t)monotonic_ms(), &event)) > 0)
		take_event(driver, &event);
	return r;
}

static void draw(struct driver *driver)
{
	struct frame frame;

	if (!driver->is_dirty)
		return;
	app_render(driver->app, &frame);
	term_draw(driver->term, &frame);
	frame_release(&frame);
	driver->is_dirty = false;
}

/* Milliseconds until an ESC is the Esc key, or -1. */
static int wait_ms(const struct driver *driver)
{
	const uint64_t at = term_wakes_at(driver->term), now = (uint64_t)monotonic_ms();

	return !at ? -1 : at > now ? (int)(at - now) : 0;
}

/* Draws, then answers; returns true if the terminal has not read all of it. */
static bool show(struct driver *driver)
{
	if (term_flush(driver->term) < 0)
		driver->is_done = true;
	if (!term_is_busy(driver->term)) {
		draw(driver);
		if (driver->is_sync_wanted) {
			/* Input that came while drawing is older than the answer. */
			take_signals(driver);
			draw(driver);
			term_answer_sync(driver->term);
			driver->is_sync_wanted = false;
		}
	}
	if (term_flush(driver->term) < 0)
		driver->is_done = true;
	return term_is_busy(driver->term);
}

static int run(struct driver *driver)
{
	struct pollfd polls[] = {
	        {.fd = STDIN_FILENO, .events = POLLIN},
	        {.fd = driver->signals, .events = POLLIN},
	        {.events = POLLOUT},
	};

	while (!driver->is_done) {
		polls[2].fd = show(driver) ? term_output_fd(driver->term) : -1;
		if (poll(polls, ARRAY_SIZE(polls), wait_ms(driver)) < 0)
			continue;
		take_signals(driver);
		if (take_keys(driver) < 0)
			return 3;
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct driver driver = {.models = argv + 1, .signals = open_signals()};
	struct app_options options = {.is_live = true, .save_stem = "stem"};
	struct term_options term_options = {0};
	uint64_t value;

	(void)argc;
	settings_init(&options.settings);
	for (; *driver.models && **driver.models == '-'; driver.models++) {
		const char *theme = strchr(*driver.models, '=');

		if (theme && settings_parse(SETTING_THEME, theme + 1, &value) == 0)
			term_options.theme = (enum theme)value;
		options.is_ascii |= strcmp(*driver.models, "--ascii") == 0;
		term_options.is_color |= strcmp(*driver.models, "--color") == 0;
		term_options.has_mouse |= strcmp(*driver.models, "--mouse") == 0;
	}
	setlocale(LC_CTYPE, "");
	catch_crashes();
	const int error = term_open(STDIN_FILENO, STDOUT_FILENO, &term_options, &driver.term);
	if (error) {
		fprintf(stderr, "driver: %s\n", strerror(-error));
		return 2;
	}
	driver.app = app_new(&options);
	send_size(&driver);
	show(&driver);
	send_model(&driver);
	const int status = run(&driver);
	term_close(driver.term);
	app_free(driver.app);
	return status;
}
