/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/ui_jobs.h"

#include "base/monotonic.h"
#include "cmd/jobs/jobs.h"
#include "cmd/output.h"

#include <string.h>

/* Before failed look-ups of names begin again; it doubles each time, until one succeeds. */
enum { NAMES_PAUSE_MS = 5 * 1000, NAMES_PAUSE_MAX_MS = 320 * 1000 };

/* So often it is checked, while a job runs, whether the helper was stopped. */
enum { CHECK_MS = 500 };

static user_names_fn take_name;

void ui_jobs_init(
        struct ui_jobs *jobs, struct helper *helper, struct helper *writer, struct app *app)
{
	*jobs = (struct ui_jobs){.helper.helper = helper,
	        .writer.helper = writer,
	        .app = app,
	        .pause = NAMES_PAUSE_MS};
	jobs->users = user_names_new(helper, take_name, jobs);
	for (enum ui_job job = 0; job < UI_JOBS; job++)
		jobs->pending[job].replies = -EBADF;
}

void ui_jobs_release(struct ui_jobs *jobs)
{
	for (enum ui_job job = 0; job < UI_JOBS; job++)
		close_fd(&jobs->pending[job].replies);
	user_names_free(jobs->users);
}

int ui_jobs_fd(const struct ui_jobs *jobs)
{
	return jobs->helper.is_lost ? -1 : helper_fd(jobs->helper.helper);
}

/* True if root views a snapshot: then only new files are written, in one directory. */
static bool has_other_writer(const struct ui_jobs *jobs)
{
	return jobs->writer.helper != jobs->helper.helper;
}

int ui_jobs_writer_fd(const struct ui_jobs *jobs)
{
	return has_other_writer(jobs) && !jobs->writer.is_lost ? helper_fd(jobs->writer.helper)
	                                                       : -1;
}

static bool is_pending(const struct ui_jobs *jobs, enum ui_job job)
{
	return jobs->pending[job].replies >= 0;
}

/* The helper that runs jobs of that kind. */
static const struct ui_helper *helper_of(const struct ui_jobs *jobs, enum ui_job job)
{
	return job == UI_JOB_SAVE && has_other_writer(jobs) ? &jobs->writer : &jobs->helper;
}

bool ui_jobs_is_awaited(const struct ui_jobs *jobs)
{
	for (enum ui_job job = 0; job < UI_JOBS; job++) {
		if (is_pending(jobs, job) && !helper_of(jobs, job)->is_lost)
			return true;
	}
	return false;
}

static void send_event(struct ui_jobs *jobs, struct event event)
{
	event.now_ms = (uint64_t)monotonic_ms();
	jobs->effects |= app_handle(jobs->app, &event);
}

static unsigned pop_effects(struct ui_jobs *jobs)
{
	const unsigned effects = jobs->effects;

	jobs->effects = 0;
	return effects;
}

/* --- save ------------------------------------------------------------------------------------ */

static void fail_save(struct ui_jobs *jobs, const char *why)
{
	send_event(jobs,
	        (struct event){.kind = EVENT_SAVED, .saved = {.path = jobs->path, .error = why}});
}

/* Why a job could not be started. */
static const char *start_error(int error)
{
	return error == -EPIPE ? "the helper process is gone" : strerror(-error);
}

static void write_file(struct ui_jobs *jobs, int content)
{
	const int r = content < 0 ? content
	                          : save_start(jobs->writer.helper, jobs->path, content,
	                                    jobs->is_replacing, &jobs->pending[UI_JOB_SAVE]);

	if (r < 0)
		fail_save(jobs, start_error(r));
}

static void finish_save(struct ui_jobs *jobs, const struct helper_exit *notice)
{
	struct saved saved;
	const char *error = NULL;

	save_finish(notice, &jobs->pending[UI_JOB_SAVE], &saved);
	if (!saved.is_done)
		error = saved.is_existing ? "file exists" : saved.error;
	send_event(jobs, (struct event){.kind = EVENT_SAVED,
	                         .saved = {.path = *saved.path ? saved.path : jobs->path,
	                                 .error = error,
	                                 .is_existing = saved.is_existing,
	                                 .size = saved.size,
	                                 .age = saved.age}});
}

static void draw(struct ui_jobs *jobs, const struct output_request *request)
{
	struct drawn drawn;
	_cleanup_close_ int graph = output_for_dot(request, &drawn);

	if (graph < 0) {
		fail_save(jobs, drawn.error);
		return;
	}
	const int r = draw_start(jobs->helper.helper, graph, &jobs->pending[UI_JOB_DRAW]);
	if (r < 0)
		fail_save(jobs, start_error(r));
}

static void finish_draw(struct ui_jobs *jobs, const struct helper_exit *notice)
{
	struct drawn drawn;
	_cleanup_close_ int svg = draw_finish(notice, &jobs->pending[UI_JOB_DRAW], &drawn);

	if (svg < 0)
		fail_save(jobs, drawn.error);
	else
		write_file(jobs, svg);
}

static const char ONLY_A_NAME[] =
        "a snapshot is not trusted: root saves only where nsbrowse was started (no /)";

static void start_save(struct ui_jobs *jobs)
{
	struct save_request save;

	if (is_pending(jobs, UI_JOB_SAVE) || is_pending(jobs, UI_JOB_DRAW)) {
		fail_save(jobs, strerror(EBUSY));
		return;
	}
	save_request(jobs->app, &save);
	struct output_request request = {
	        .model = save.model,
	        .names = save.names,
	        .view = save.view,
	        .cmdlines = jobs->cmdlines,
	        .theme = jobs->theme,
	        .filter = save.filter,
	        .store = save.store,
	        .text = save.text,
	        .is_ascii = save.is_ascii,
	        .with_reasons = true,
	};
	snprintf(jobs->path, sizeof(jobs->path), "%s", save.path);
	jobs->is_replacing = save.is_replacing;
	if (!output_form_from_suffix(jobs->path, &request.form)) {
		fail_save(jobs, FORM_BAD_SUFFIX);
	} else if (has_other_writer(jobs) && strchr(jobs->path, '/')) {
		fail_save(jobs, ONLY_A_NAME);
	} else if (save.text && request.form != FORM_TEXT) {
		fail_save(jobs, "a page is saved as text: the suffix must be .txt");
	} else if (!request.model) {
		fail_save(jobs, strerror(ENODATA));
	} else if (request.form == FORM_SVG && save.is_by_dot) {
		draw(jobs, &request);
	} else {
		_cleanup_close_ int content = output_to_memory(&request);

		write_file(jobs, content);
	}
}

/* Stops dot: its job ends when the socket for replies is closed. A file that is being written is
 * finished. */
static void cancel_draw(struct ui_jobs *jobs)
{
	if (!is_pending(jobs, UI_JOB_DRAW))
		return;
	close_fd(&jobs->pending[UI_JOB_DRAW].replies);
	fail_save(jobs, "cancelled");
}

/* --- complete a file name -------------------------------------------------------------------- */

/* A new request replaces one that is pending. */
static void start_complete(struct ui_jobs *jobs)
{
	struct helper_pending *pending = &jobs->pending[UI_JOB_COMPLETE];

	close_fd(&pending->replies);
	if (complete_start(jobs->helper.helper, app_complete_prefix(jobs->app), pending) < 0)
		pending->replies = -EBADF;
}

static void finish_complete(struct ui_jobs *jobs, const struct helper_exit *notice)
{
	const char *names[COMPLETED_NAMES];
	struct completed completed;

	complete_finish(notice, &jobs->pending[UI_JOB_COMPLETE], &completed);
	for (size_t i = 0, at = 0; i < completed.n; i++) {
		names[i] = completed.names + at;
		at += strlen(names[i]) + 1;
	}
	send_event(jobs,
	        (struct event){.kind = EVENT_COMPLETED,
	                .completed = {.prefix = *completed.error ? app_complete_prefix(jobs->app)
	                                                         : completed.prefix,
	                        .text = completed.text,
	                        .names = names,
	                        .n = completed.n,
	                        .n_all = completed.n_all,
	                        .error = *completed.error ? completed.error : NULL}});
}

/* --- names of users -------------------------------------------------------------------------- */

static void take_name(void *data, uid_t uid, const char *name, bool is_failed)
{
	struct ui_jobs *jobs = data;

	if (is_failed)
		jobs->has_failed = true;
	else
		jobs->pause = NAMES_PAUSE_MS;
	send_event(jobs, (struct event){.kind = EVENT_NAME,
	                         .user = {.uid = uid, .name = name, .is_failed = is_failed}});
}

/* When all look-ups have ended, those that failed wait for the next attempt. */
static void plan_retry(struct ui_jobs *jobs)
{
	if (user_names_is_running(jobs->users) || !jobs->has_failed || jobs->helper.is_lost)
		return;
	jobs->has_failed = false;
	if (jobs->retry_at)
		return;
	jobs->retry_at = (uint64_t)monotonic_ms() + jobs->pause;
	jobs->pause = MIN(2 * jobs->pause, (uint64_t)NAMES_PAUSE_MAX_MS);
}

static void start_names(struct ui_jobs *jobs)
{
	uid_t uid;

	while (app_next_uid(jobs->app, &uid))
		user_names_add(jobs->users, uid);
	user_names_start(jobs->users);
	plan_retry(jobs);
}

/* --- the config file ------------------------------------------------------------------------- */

static void send_config(struct ui_jobs *jobs, const char *path, const char *error)
{
	send_event(jobs,
	        (struct event){.kind = EVENT_CONFIG, .saved = {.path = path, .error = error}});
}

static void start_config(struct ui_jobs *jobs)
{
	const struct settings settings = app_settings(jobs->app);
	struct helper *const helper = jobs->helper.helper;
	int r = -EBUSY;

	if (has_other_writer(jobs)) {
		send_config(jobs, "options",
		        "not written: a snapshot is not trusted, and root is nobody while it is "
		        "shown");
		return;
	}
	if (!is_pending(jobs, UI_JOB_CONFIG))
		r = config_file_start_write(helper, &settings, &jobs->pending[UI_JOB_CONFIG]);
	if (r < 0)
		send_config(jobs, "config file", start_error(r));
}

static void finish_config(struct ui_jobs *jobs, const struct helper_exit *notice)
{
	struct saved saved;

	save_finish(notice, &jobs->pending[UI_JOB_CONFIG], &saved);
	send_config(
	        jobs, *saved.path ? saved.path : "config file", saved.is_done ? NULL : saved.error);
}

/* --- the table ------------------------------------------------------------------------------- */

static const struct {
	unsigned effect; /* of the app */
	void (*handle)(struct ui_jobs *jobs);
	/* Handles the exit notice, closes the socket for replies, and sends an event. */
	void (*finish)(struct ui_jobs *jobs, const struct helper_exit *notice);
} rows[UI_JOBS] = {
        [UI_JOB_DRAW] = {EFFECT_GIVE_UP, cancel_draw, finish_draw},
        [UI_JOB_SAVE] = {EFFECT_SAVE, start_save, finish_save},
        [UI_JOB_COMPLETE] = {EFFECT_COMPLETE, start_complete, finish_complete},
        [UI_JOB_CONFIG] = {EFFECT_CONFIG, start_config, finish_config},
};

static void finish_all(
        struct ui_jobs *jobs, const struct ui_helper *from, const struct helper_exit *notice)
{
	for (enum ui_job job = 0; job < UI_JOBS; job++) {
		if (is_pending(jobs, job) && helper_of(jobs, job) == from &&
		        helper_is_exit_of(notice, &jobs->pending[job]))
			rows[job].finish(jobs, notice);
	}
	if (from != &jobs->helper)
		return;
	user_names_handle_exit(jobs->users, notice);
	plan_retry(jobs);
}

static void plan_check(struct ui_jobs *jobs)
{
	const bool is_running = ui_jobs_is_awaited(jobs) ||
	                        (user_names_is_running(jobs->users) && !jobs->helper.is_lost);

	if (!is_running)
		jobs->check_at = 0;
	else if (!jobs->check_at)
		jobs->check_at = (uint64_t)monotonic_ms() + CHECK_MS;
}

uint64_t ui_jobs_wakes_at(const struct ui_jobs *jobs)
{
	if (!jobs->retry_at || !jobs->check_at)
		return MAX(jobs->retry_at, jobs->check_at);
	return MIN(jobs->retry_at, jobs->check_at);
}

static void fail_if_stopped(struct ui_jobs *jobs, const struct ui_helper *helper)
{
	if (helper_is_stopped(helper->helper))
		finish_all(jobs, helper, &(const struct helper_exit){.end = HELPER_LOST});
}

unsigned ui_jobs_handle_time(struct ui_jobs *jobs, uint64_t now_ms)
{
	if (jobs->check_at && now_ms >= jobs->check_at) {
		jobs->check_at = 0;
		fail_if_stopped(jobs, &jobs->helper);
		fail_if_stopped(jobs, &jobs->writer);
		plan_check(jobs);
	}
	if (jobs->retry_at && now_ms >= jobs->retry_at) {
		jobs->retry_at = 0;
		send_event(jobs, (struct event){.kind = EVENT_RETRY});
	}
	return pop_effects(jobs);
}

unsigned ui_jobs_handle_effects(struct ui_jobs *jobs, unsigned effects)
{
	for (enum ui_job job = 0; job < UI_JOBS; job++) {
		if (rows[job].effect & effects)
			rows[job].handle(jobs);
	}
	if (effects & EFFECT_NAMES)
		start_names(jobs);
	plan_check(jobs);
	return pop_effects(jobs);
}

/* Each helper has request ids of its own. */
static void handle_exits(struct ui_jobs *jobs, struct ui_helper *from)
{
	struct helper_exit notice;

	while (!from->is_lost && helper_poll(from->helper, &notice) > 0) {
		from->is_lost = notice.end == HELPER_LOST;
		finish_all(jobs, from, &notice);
	}
}

unsigned ui_jobs_handle_exits(struct ui_jobs *jobs)
{
	handle_exits(jobs, &jobs->helper);
	if (has_other_writer(jobs))
		handle_exits(jobs, &jobs->writer);
	plan_check(jobs);
	return pop_effects(jobs);
}
