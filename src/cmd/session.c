/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/session.h"

#include "base/escape.h"
#include "base/memory.h"
#include "base/message.h"
#include "base/monotonic.h"
#include "cmd/output.h"
#include "cmd/signals.h"
#include "cmd/source.h"
#include "cmd/ui_jobs.h"
#include "cmd/ui_models.h"
#include "term/term.h"
#include "ui/app/app.h"

#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/signalfd.h>

enum { WORKER_TIMEOUT_MS = 300, KEYS_MS = 50, LOAD_MS = 10, REST_MS = 150 };

struct session {
	const struct session_options *options;
	struct app *app;
	struct term *term;
	struct scan_options scan_options;
	struct settings settings; /* that are applied */
	int keyboard;             /* /dev/tty if standard input is no terminal, else negative */
	int input;
	int signals;
	struct ui_jobs jobs;
	struct ui_models models;
	uint64_t rested_at; /* time of the next EVENT_RESTED; 0: none */
	unsigned effects;   /* of the app, not handled yet */
	bool has_sync;      /* the test protocol is on (term.h) */
	bool is_sync_wanted;
	char *snapshot_host; /* the name of the host in the snapshot; NULL: this host */
	int signal;          /* that ends the loop; 0: none */
	int error;           /* negative errno that ends the loop; 0: none */
	int load_error;      /* the same of the snapshot, with the problem: */
	struct snapshot_problem problem;
	struct rights_list rights; /* for the help */
};

/* The time of events. */
static uint64_t now_ms(void)
{
	return (uint64_t)monotonic_ms();
}

static void send_event(struct session *s, struct event event)
{
	event.now_ms = now_ms();
	s->effects |= app_handle(s->app, &event);
}

/* --- signals --------------------------------------------------------------------------------- */

static void resize(struct session *s)
{
	struct event event = {.kind = EVENT_RESIZE};

	term_size(s->term, &event.size.rows, &event.size.columns);
	send_event(s, event);
}

static bool is_in_background(const struct session *s)
{
	const pid_t group = tcgetpgrp(s->input);

	return group >= 0 && group != getpgrp();
}

/* After SIGCONT in the background the process stops again, until it is in the foreground: the
 * terminal belongs to the shell. If a signal that ends it is pending too (kill(1) of a stopped
 * job), it does not touch the terminal. If it was not stopped, since its process group is orphaned
 * (setpgid(2)), it goes on. */
static void stop_and_continue(struct session *s)
{
	term_suspend(s->term);
	do
		signals_raise(SIGTSTP);
	while (signals_has(SIGCONT) && !signals_has_end() && is_in_background(s));
	if (signals_has_end())
		return;
	term_resume(s->term);
	resize(s);
	s->effects |= EFFECT_REPAINT;
}

static void handle_signals(struct session *s)
{
	struct signalfd_siginfo info;

	while (read(s->signals, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		switch (info.ssi_signo) {
		case SIGWINCH:
			resize(s);
			break;
		case SIGTSTP:
			if (!s->signal)
				stop_and_continue(s);
			break;
		case SIGCONT:
			s->effects |= EFFECT_REPAINT;
			break;
		default:
			s->signal = (int)info.ssi_signo;
		}
	}
}

/* --- models ---------------------------------------------------------------------------------- */

/* What the prompt for a file proposes has the time of the key that opens it. */
static void set_save_stem(struct session *s)
{
	_cleanup_free_ char *stem = output_save_stem(s->snapshot_host);
	const bool is_home = !s->options->start->is_nobody;

	app_set_save_stem(s->app, is_home ? stem : strrchr(stem, '/') + 1);
}

/* Takes the reference. */
static void show_model(struct session *s, const struct model *model, enum worker_result result)
{
	if (!s->options->kernel) {
		free(s->snapshot_host);
		s->snapshot_host = memory_strdup(model->host.name ? model->host.name : "");
	}
	send_event(s, (struct event){.kind = EVENT_MODEL,
	                      .scan = {.model = model,
	                              .is_whole = result != WORKER_QUICK,
	                              .is_unrequested = result == WORKER_CHANGED}});
}

/* Handles the model that was loaded. It is the last: the thread ends. */
static void handle_loaded(struct session *s)
{
	const struct model *model;
	enum worker_result result;
	const int r = worker_take(s->models.worker, &model, &result);

	if (r == 0)
		return;
	if (r > 0)
		show_model(s, model, result);
	else
		s->load_error = s->error = r;
	ui_models_answered(&s->models);
	worker_free(s->models.worker);
	s->models.worker = NULL;
}

/* Handles what was read of this host. */
static void handle_scanned(struct session *s)
{
	struct worker *const worker = s->models.worker;
	enum worker_result result;
	const struct model *model;
	int r;

	while ((r = worker_take(worker, &model, &result)) != 0) {
		if (r > 0)
			show_model(s, model, result);
		if (r < 0 || result == WORKER_WHOLE)
			ui_models_answered(&s->models);
	}
	s->effects |= ui_models_handle_facts(&s->models);
}

/* --- settings -------------------------------------------------------------------------------- */

/* Applies the settings that have changed. */
static void apply_settings(struct session *s)
{
	const uint32_t sources = settings_sources(&s->settings);
	const uint64_t *before = s->settings.values;
	const struct settings settings = app_settings(s->app);
	const uint64_t *now = settings.values;

	if (now[SETTING_THEME] != before[SETTING_THEME])
		term_set_theme(s->term, (enum theme)now[SETTING_THEME]);
	if (now[SETTING_MOUSE] != before[SETTING_MOUSE])
		term_set_mouse(s->term, now[SETTING_MOUSE]);
	if (settings_sources(&settings) != sources)
		ui_models_set_sources(&s->models, settings_sources(&settings));
	s->settings = settings;
}

/* --- keys and the screen --------------------------------------------------------------------- */

/* Handles all keys that have come before it draws; but for at most KEYS_MS, so that the screen
 * changes also while keys keep coming. */
static void handle_keys(struct session *s)
{
	const uint64_t end = now_ms() + KEYS_MS;
	struct event event;
	uint64_t now;
	int r;

	set_save_stem(s);
	do {
		now = now_ms();
		r = term_next_event(s->term, now, &event);
		if (r > 0 && s->has_sync && event.kind == EVENT_KEY && event.key == TERM_SYNC_KEY)
			s->is_sync_wanted = true;
		else if (r > 0)
			s->effects |= app_handle(s->app, &event);
	} while (r > 0 && now < end);
	if (r < 0)
		s->error = r;
}

/* Effects that write to the terminal. They wait while the frame before is not written completely,
 * and then show the state of that time: on a slow line frames are left out, not queued. */
static const unsigned ON_SCREEN = EFFECT_REDRAW | EFFECT_REPAINT | EFFECT_COPY;

static void show(struct session *s)
{
	struct frame frame;

	if (term_is_busy(s->term))
		return;
	if (s->effects & EFFECT_REPAINT)
		term_repaint(s->term);
	if (s->effects & (EFFECT_REDRAW | EFFECT_REPAINT)) {
		app_render(s->app, &frame);
		term_draw(s->term, &frame);
		frame_release(&frame);
	}
	if (s->effects & EFFECT_COPY)
		term_copy(s->term, app_copy_text(s->app));
	s->effects &= ~ON_SCREEN;
	if (s->is_sync_wanted)
		term_answer_sync(s->term);
	s->is_sync_wanted = false;
}

static void flush(struct session *s)
{
	const int r = term_flush(s->term);

	if (r < 0)
		s->error = r;
}

/* A loop, since some of these cause new effects at once. It runs once without effects too: what the
 * worker is to do depends on the state of the app. */
static void do_work(struct session *s)
{
	do {
		const unsigned effects = s->effects;

		s->effects &= ON_SCREEN | EFFECT_QUIT;
		s->effects |= ui_jobs_handle_effects(&s->jobs, effects);
		s->effects |= ui_models_handle_effects(&s->models, effects);
		if (effects & EFFECT_REST)
			s->rested_at = now_ms() + REST_MS;
		if (effects & EFFECT_SETTINGS)
			apply_settings(s);
	} while (s->effects & ~ON_SCREEN & ~EFFECT_QUIT);
}

static void do_effects(struct session *s)
{
	do_work(s);
	flush(s);
	show(s);
	flush(s);
}

/* `at`: in monotonic ms; 0: never. */
static bool is_due(uint64_t at)
{
	return at && now_ms() >= at;
}

static void handle_timers(struct session *s)
{
	if (is_due(term_wakes_at(s->term)))
		handle_keys(s);
	s->effects |= ui_jobs_handle_time(&s->jobs, now_ms());
	if (is_due(ui_models_wakes_at(&s->models)))
		s->effects |= ui_models_handle_time(&s->models, now_ms());
	if (is_due(app_wakes_at(s->app)))
		send_event(s, (struct event){.kind = EVENT_TIME});
	if (is_due(s->rested_at)) {
		s->rested_at = 0;
		send_event(s, (struct event){.kind = EVENT_RESTED});
	}
}

static int wait_ms(const struct session *s)
{
	const uint64_t times[] = {
	        term_wakes_at(s->term),
	        app_wakes_at(s->app),
	        ui_models_wakes_at(&s->models),
	        ui_jobs_wakes_at(&s->jobs),
	        s->rested_at,
	};
	const uint64_t now = now_ms();
	uint64_t at = 0;

	for (size_t i = 0; i < ARRAY_SIZE(times); i++) {
		if (times[i] && (!at || times[i] < at))
			at = times[i];
	}
	if (!at)
		return -1;
	return at <= now ? 0 : (int)(at - now < 3600000 ? at - now : 3600000);
}

/* Waits up to `timeout` ms (-1: no limit) and handles all that has come. Returns false if nothing
 * has. */
static bool step(struct session *s, int timeout)
{
	struct pollfd fds[] = {
	        {.fd = s->input, .events = POLLIN},
	        {.fd = s->signals, .events = POLLIN},
	        {.fd = ui_jobs_fd(&s->jobs), .events = POLLIN},
	        {.fd = ui_jobs_writer_fd(&s->jobs), .events = POLLIN},
	        {.fd = s->models.worker ? worker_fd(s->models.worker) : -1, .events = POLLIN},
	        {.fd = term_is_busy(s->term) ? term_output_fd(s->term) : -1, .events = POLLOUT},
	};

	if (poll(fds, ARRAY_SIZE(fds), timeout) <= 0)
		return false;
	if (fds[1].revents)
		handle_signals(s);
	/* A signal that ends the process: the terminal may belong to another process group now. */
	if (s->signal)
		return true;
	if (fds[0].revents)
		handle_keys(s);
	if (fds[2].revents || fds[3].revents)
		s->effects |= ui_jobs_handle_exits(&s->jobs);
	if (fds[4].revents && s->options->kernel)
		handle_scanned(s);
	else if (fds[4].revents)
		handle_loaded(s);
	if (fds[5].revents)
		flush(s);
	return true;
}

static bool is_over(const struct session *s)
{
	return s->signal || s->error || (s->effects & EFFECT_QUIT);
}

static void loop(struct session *s)
{
	bool is_unprepared = true;

	while (!is_over(s)) {
		is_unprepared = step(s, is_unprepared ? 0 : wait_ms(s)) || app_prepare(s->app);
		if (!s->signal)
			handle_timers(s);
		/* For the test protocol: handles all that is there, and waits for the jobs that
		 * the user started. */
		if (s->is_sync_wanted) {
			do
				do_work(s);
			while (!is_over(s) && step(s, ui_jobs_is_awaited(&s->jobs) ? -1 : 0));
		}
		if (!s->signal)
			do_effects(s);
	}
}

/* --- beginning and end ----------------------------------------------------------------------- */

static int open_keyboard(struct session *s)
{
	s->keyboard = -EBADF;
	s->input = STDIN_FILENO;
	if (isatty(STDIN_FILENO))
		return 0;
	s->keyboard = open("/dev/tty", O_RDONLY | O_CLOEXEC | O_NOCTTY);
	s->input = s->keyboard;
	return s->keyboard < 0 ? -errno : 0;
}

/* Says why there is no screen. */
static void explain_terminal(int error)
{
	const char *const term = getenv("TERM");
	_cleanup_free_ char *type = escape_text(term ? term : "");

	if (!*type)
		message_line("TERM is not set: try TERM=xterm-256color");
	else if (error == -EINVAL)
		message_line("unknown terminal type \"%s\": try TERM=xterm-256color", type);
	else if (error == -EOPNOTSUPP)
		message_line("terminal type \"%s\" cannot address the cursor: try "
		             "TERM=xterm-256color",
		        type);
	else if (error == -EFBIG)
		message_error("terminal", "no screen, since files may not be large enough "
		                          "(RLIMIT_FSIZE)");
	else
		message_errno("terminal", error);
}

static int open_term(void *data)
{
	struct session *const s = data;
	const struct term_options options = {
	        .is_color = s->options->is_color,
	        .theme = (enum theme)s->settings.values[SETTING_THEME],
	        .has_mouse = s->settings.values[SETTING_MOUSE],
	};

	return term_open(s->input, STDOUT_FILENO, &options, &s->term);
}

/* With the rights of the caller: $TERMINFO (terminfo(5)) is a path of the user. */
static int open_terminal(struct session *s)
{
	int r = open_keyboard(s);

	if (r < 0) {
		message_errno("/dev/tty", r);
		return r;
	}
	r = caller_run(&s->options->start->fixed.caller, open_term, s);
	if (r < 0)
		explain_terminal(r);
	return r;
}

static void open_app(struct session *s)
{
	s->app = app_new(&(struct app_options){
	        .settings = s->settings,
	        .is_collapsed = s->options->options->view.is_collapsed,
	        .with_all_details = s->options->options->view.with_all_details,
	        .mnt = s->options->options->view.mnt,
	        .is_ascii = s->options->is_ascii,
	        .is_by_dot = s->options->options->is_by_dot,
	        .saves_cmdlines = options_cmdlines(s->options->options) == EXPORT_CMDLINES,
	        .is_graph = s->options->options->program == PROGRAM_GRAPHNS,
	        .is_live = s->options->kernel != NULL,
	        .reads_facts = s->options->options->facts != 0,
	        .reads_links = s->options->options->facts & SCAN_FACTS_LINKS,
	        .utc_offset = output_utc_offset(),
	        .self = s->options->kernel ? getpid() : 0,
	});
	ui_jobs_init(&s->jobs, s->options->start->helper, s->options->start->writer, s->app);
	s->jobs.cmdlines = options_cmdlines(s->options->options);
	s->jobs.theme = options_theme(s->options->options);
}

/* In the thread of the worker. */
static int load(void *data, struct progress *progress, const struct model **ret_model)
{
	struct session *const s = data;
	const int r = rights_confine_thread(s->options->plan);

	return r < 0 ? r
	             : snapshot_read(s->options->start->snapshot, progress, ret_model, &s->problem);
}

/* The terminal is open: to open it for writing is not permitted any more. The threads wait for
 * requests. */
static int confine(struct session *s)
{
	const struct session_options *const options = s->options;
	const int r = rights_confine(options->plan);

	if (r < 0) {
		term_close(s->term);
		s->term = NULL;
		message_errno("dropping privileges", r);
		return r;
	}
	rights_describe(options->start->helper, options->options->has_sandbox, &s->rights);
	app_set_rights(s->app, s->rights.rights, s->rights.n);
	return 0;
}

static int open_worker(struct session *s)
{
	const bool without_events = s->options->options->without_events;
	int r;

	s->models = (struct ui_models){
	        .app = s->app,
	        .is_live = s->options->kernel,
	        .wanted = without_events ? WATCHING_LIST : WATCHING_EVENTS,
	};
	if (s->options->model)
		return 0;
	source_scan_options(
	        s->options->options, helper_pid(s->options->start->helper), &s->scan_options);
	r = s->models.is_live ? worker_new(s->options->kernel, &s->scan_options, &s->models.worker)
	                      : worker_new_load(load, s, &s->models.worker);
	if (r < 0)
		message_errno("cannot start a thread", r);
	return r;
}

/* Restores the terminal first, since the user sees it. Returns false if the worker did not end in
 * time. */
static bool close_session(struct session *s)
{
	term_close(s->term);
	if (!worker_stop(s->models.worker, WORKER_TIMEOUT_MS))
		return false;
	worker_free(s->models.worker);
	app_free(s->app);
	free(s->snapshot_host);
	ui_jobs_release(&s->jobs);
	close_fd(&s->keyboard);
	close_fd(&s->signals);
	return true;
}

/* Draws the first frame: before the first scan, but after the snapshot is loaded if that takes less
 * than LOAD_MS, so that nothing is drawn twice. */
static void begin(struct session *s)
{
	const struct session_options *options = s->options;
	const char *const greeting = options->start->greeting;
	uint64_t end;

	resize(s);
	if (greeting)
		send_event(s, (struct event){.kind = EVENT_WARNING, .warning = greeting});
	if (options->model)
		show_model(s, model_ref(options->model), WORKER_WHOLE);
	if (options->kernel)
		do_effects(s);
	ui_models_request(&s->models);
	end = now_ms() + LOAD_MS;
	while (!options->kernel && s->models.worker && !is_over(s) && now_ms() < end)
		step(s, LOAD_MS);
	if (!is_over(s))
		do_effects(s);
}

int session_run(const struct session_options *options)
{
	const char *sync = getenv("NSBROWSE_TEST_SYNC");
	struct session s = {
	        .options = options,
	        .settings = options->options->settings,
	        .keyboard = -EBADF,
	        .has_sync = sync && strcmp(sync, "1") == 0,
	};
	sigset_t before;
	int r;

	open_app(&s);
	s.signals = signals_block(&before);
	if (s.signals < 0)
		message_errno("signals", s.signals);
	r = s.signals < 0 ? s.signals : open_worker(&s);
	if (r >= 0)
		r = open_terminal(&s);
	if (r >= 0)
		r = confine(&s);
	if (r >= 0) {
		memory_set_exit_handler(term_emergency_restore);
		signals_catch();
		begin(&s);
		loop(&s);
	}
	/* Ends by that signal, without waiting for the worker. The helper ends when its channel is
	 * closed. */
	if (s.signal) {
		term_close(s.term);
		signals_raise(s.signal);
		_exit(128 + s.signal); /* init of a PID namespace is not ended by a signal */
	}
	/* The worker still uses the memory: it must not be freed. */
	if (!close_session(&s))
		_exit(r < 0 || s.error ? EXIT_FAILURE : EXIT_SUCCESS);
	if (s.load_error)
		source_warn_unread(options->options->snapshot, s.load_error, &s.problem);
	memory_set_exit_handler(NULL);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return r < 0 ? r : s.error;
}
