/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/ui_jobs.h"

#include "base/memory.h"
#include "cmd/clock.h"
#include "cmd/jobs/job_complete.h"
#include "cmd/jobs/jobs.h"
#include "cmd/output.h"

#include <string.h>

void ui_jobs_init(struct ui_jobs *jobs, struct helper *helper, struct app *app)
{
	*jobs = (struct ui_jobs){
	        .helper = helper,
	        .app = app,
	        .drawing.replies = -EBADF,
	        .saving.replies = -EBADF,
	        .completing.replies = -EBADF,
	        .naming.replies = -EBADF,
	        .configuring.replies = -EBADF,
	};
}

void ui_jobs_release(struct ui_jobs *jobs)
{
	close_fd(&jobs->drawing.replies);
	close_fd(&jobs->saving.replies);
	close_fd(&jobs->completing.replies);
	close_fd(&jobs->naming.replies);
	close_fd(&jobs->configuring.replies);
}

int ui_jobs_fd(const struct ui_jobs *jobs)
{
	return jobs->is_lost ? -1 : helper_fd(jobs->helper);
}

bool ui_jobs_is_awaited(const struct ui_jobs *jobs)
{
	return !jobs->is_lost &&
	       (jobs->drawing.replies >= 0 || jobs->saving.replies >= 0 ||
	               jobs->completing.replies >= 0 || jobs->configuring.replies >= 0);
}

static void tell(struct ui_jobs *jobs, struct event event)
{
	event.now_ms = clock_monotonic_ms();
	jobs->effects |= app_handle(jobs->app, &event);
}

static unsigned take_effects(struct ui_jobs *jobs)
{
	const unsigned effects = jobs->effects;

	jobs->effects = 0;
	return effects;
}

/* --- saving --------------------------------------------------------------------------------- */

static void answer_save(struct ui_jobs *jobs, const struct saved *saved)
{
	tell(jobs, (struct event){.kind = EVENT_SAVED,
	                   .saved = {.path = saved->path,
	                           .error = saved->is_done       ? NULL
	                                    : saved->is_existing ? "file exists"
	                                                         : saved->error,
	                           .is_existing = saved->is_existing,
	                           .size = saved->size,
	                           .age = saved->age}});
}

static void refuse_save(struct ui_jobs *jobs, const char *why)
{
	struct saved saved = {0};

	snprintf(saved.path, sizeof(saved.path), "%s", jobs->path);
	snprintf(saved.error, sizeof(saved.error), "%s", why);
	answer_save(jobs, &saved);
}

static void write_file(struct ui_jobs *jobs, int content)
{
	const int r = content < 0 ? content
	                          : job_write_file(jobs->helper, jobs->path, content,
	                                    jobs->is_replacing, &jobs->saving);

	if (r < 0)
		refuse_save(jobs, strerror(-r));
}

static void draw(struct ui_jobs *jobs, const struct output_request *request)
{
	struct drawn drawn;
	_cleanup_close_ int graph = output_for_dot(request, &drawn);

	if (graph < 0) {
		refuse_save(jobs, drawn.error);
		return;
	}
	const int r = job_draw(jobs->helper, graph, &jobs->drawing);
	if (r < 0)
		refuse_save(jobs, strerror(-r));
}

static void drawn(struct ui_jobs *jobs, const struct helper_exit *notice)
{
	struct drawn answer;
	_cleanup_close_ int picture = job_drawn(jobs->drawing.replies, notice->end, &answer);

	close_fd(&jobs->drawing.replies);
	if (picture < 0)
		refuse_save(jobs, answer.error);
	else
		write_file(jobs, picture);
}

static void start_save(struct ui_jobs *jobs)
{
	struct app_save save;

	app_save(jobs->app, &save);
	struct output_request request = {
	        .model = save.model,
	        .names = save.names,
	        .view = save.view,
	        .is_ascii = save.is_ascii,
	};

	if (jobs->saving.replies >= 0 || jobs->drawing.replies >= 0) {
		refuse_save(jobs, strerror(EBUSY));
		return;
	}
	snprintf(jobs->path, sizeof(jobs->path), "%s", save.path);
	jobs->is_replacing = save.is_replacing;
	if (!form_from_suffix(jobs->path, &request.form)) {
		refuse_save(jobs, FORM_BAD_SUFFIX);
	} else if (!request.model) {
		refuse_save(jobs, strerror(ENODATA));
	} else if (request.form == FORM_SVG && save.is_by_dot) {
		draw(jobs, &request);
	} else {
		_cleanup_close_ int content = output_to_memory(&request);

		write_file(jobs, content);
	}
}

/* Its job sees that nobody waits any more. What is being written is not torn. */
unsigned ui_jobs_give_up(struct ui_jobs *jobs)
{
	if (jobs->drawing.replies >= 0) {
		close_fd(&jobs->drawing.replies);
		refuse_save(jobs, "cancelled");
	}
	return take_effects(jobs);
}

unsigned ui_jobs_save(struct ui_jobs *jobs)
{
	start_save(jobs);
	return take_effects(jobs);
}

/* --- completing ----------------------------------------------------------------------------- */

/* The last wish counts: who presses again before the answer is there asks again. */
unsigned ui_jobs_complete(struct ui_jobs *jobs)
{
	close_fd(&jobs->completing.replies);
	if (job_complete(jobs->helper, app_complete_prefix(jobs->app), &jobs->completing) < 0)
		jobs->completing.replies = -EBADF;
	return take_effects(jobs);
}

static void answer_completion(struct ui_jobs *jobs)
{
	const char *names[COMPLETED_NAMES];
	struct completed completed;

	job_completed(jobs->completing.replies, &completed);
	close_fd(&jobs->completing.replies);
	for (size_t i = 0, at = 0; i < completed.n; i++) {
		names[i] = completed.names + at;
		at += strlen(names[i]) + 1;
	}
	tell(jobs, (struct event){.kind = EVENT_COMPLETED,
	                   .completed = {.prefix = *completed.error ? app_complete_prefix(jobs->app)
	                                                            : completed.prefix,
	                           .text = completed.text,
	                           .names = names,
	                           .n = completed.n,
	                           .n_all = completed.n_all,
	                           .error = *completed.error ? completed.error : NULL}});
}

/* --- names ---------------------------------------------------------------------------------- */

/* One job at a time; the app says again who is left. */
static void ask_names(struct ui_jobs *jobs)
{
	uid_t uids[NAMES_AT_ONCE];
	size_t n = 0;

	if (jobs->naming.replies >= 0 || jobs->is_lost)
		return;
	while (n < NAMES_AT_ONCE && app_next_uid(jobs->app, &uids[n]))
		n++;
	if (n && job_names(jobs->helper, uids, n, &jobs->naming) < 0)
		jobs->naming.replies = -EBADF;
}

unsigned ui_jobs_ask_names(struct ui_jobs *jobs)
{
	ask_names(jobs);
	return take_effects(jobs);
}

static void tell_name(void *data, uid_t uid, const char *name)
{
	tell(data, (struct event){.kind = EVENT_NAME, .user = {.uid = uid, .name = name}});
}

/* --- the config file ------------------------------------------------------------------------ */

static void answer_config(struct ui_jobs *jobs, const char *path, const char *error)
{
	tell(jobs, (struct event){.kind = EVENT_CONFIG, .saved = {.path = path, .error = error}});
}

unsigned ui_jobs_write_config(struct ui_jobs *jobs)
{
	struct settings settings;
	int r = -EBUSY;

	app_settings(jobs->app, &settings);
	if (jobs->configuring.replies < 0)
		r = job_write_config(jobs->helper, &settings, &jobs->configuring);
	if (r < 0)
		answer_config(jobs, "config file", strerror(-r));
	return take_effects(jobs);
}

static void config_written(struct ui_jobs *jobs, const struct helper_exit *notice)
{
	struct saved saved;

	job_written(jobs->configuring.replies, notice->end, &saved);
	close_fd(&jobs->configuring.replies);
	answer_config(
	        jobs, *saved.path ? saved.path : "config file", saved.is_done ? NULL : saved.error);
}

/* --- the helper's words --------------------------------------------------------------------- */

static bool has_ended(const struct helper_pending *job, const struct helper_exit *notice)
{
	return job->replies >= 0 && helper_is_exit_of(notice, job);
}

static void job_ended(struct ui_jobs *jobs, const struct helper_exit *notice)
{
	struct saved saved;

	if (has_ended(&jobs->drawing, notice))
		drawn(jobs, notice);
	if (has_ended(&jobs->saving, notice)) {
		job_written(jobs->saving.replies, notice->end, &saved);
		if (!*saved.path)
			snprintf(saved.path, sizeof(saved.path), "%s", jobs->path);
		close_fd(&jobs->saving.replies);
		answer_save(jobs, &saved);
	}
	if (has_ended(&jobs->completing, notice))
		answer_completion(jobs);
	if (has_ended(&jobs->configuring, notice))
		config_written(jobs, notice);
	if (has_ended(&jobs->naming, notice)) {
		job_named(jobs->naming.replies, tell_name, jobs);
		close_fd(&jobs->naming.replies);
		ask_names(jobs);
	}
}

unsigned ui_jobs_take_words(struct ui_jobs *jobs)
{
	struct helper_exit notice;

	while (!jobs->is_lost && helper_poll(jobs->helper, &notice) > 0) {
		jobs->is_lost = notice.end == HELPER_LOST;
		job_ended(jobs, &notice);
	}
	return take_effects(jobs);
}
