/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/errands.h"

#include "base/memory.h"
#include "cmd/clock.h"
#include "cmd/job_complete.h"
#include "cmd/jobs.h"
#include "cmd/output.h"

#include <string.h>

void errands_init(struct errands *errands, struct helper *helper, struct app *app)
{
	*errands = (struct errands){
	        .helper = helper,
	        .app = app,
	        .drawing.answer = -EBADF,
	        .saving.answer = -EBADF,
	        .completing.answer = -EBADF,
	        .naming.answer = -EBADF,
	        .configuring.answer = -EBADF,
	};
}

void errands_release(struct errands *errands)
{
	close_fd(&errands->drawing.answer);
	close_fd(&errands->saving.answer);
	close_fd(&errands->completing.answer);
	close_fd(&errands->naming.answer);
	close_fd(&errands->configuring.answer);
}

int errands_fd(const struct errands *errands)
{
	return errands->is_lost ? -1 : helper_fd(errands->helper);
}

bool errands_is_awaited(const struct errands *errands)
{
	return !errands->is_lost &&
	       (errands->drawing.answer >= 0 || errands->saving.answer >= 0 ||
	               errands->completing.answer >= 0 || errands->configuring.answer >= 0);
}

static void tell(struct errands *errands, struct event event)
{
	event.now_ms = clock_monotonic_ms();
	errands->effects |= app_handle(errands->app, &event);
}

static unsigned take_effects(struct errands *errands)
{
	const unsigned effects = errands->effects;

	errands->effects = 0;
	return effects;
}

/* --- saving --------------------------------------------------------------------------------- */

static void answer_save(struct errands *errands, const struct saved *saved)
{
	tell(errands, (struct event){.kind = EVENT_SAVED,
	                      .saved = {.path = saved->path,
	                              .error = saved->is_done       ? NULL
	                                       : saved->is_existing ? "file exists"
	                                                            : saved->error,
	                              .is_existing = saved->is_existing,
	                              .size = saved->size,
	                              .age = saved->age}});
}

static void refuse_save(struct errands *errands, const char *why)
{
	struct saved saved = {0};

	snprintf(saved.path, sizeof(saved.path), "%s", errands->path);
	snprintf(saved.error, sizeof(saved.error), "%s", why);
	answer_save(errands, &saved);
}

static void write_file(struct errands *errands, int content)
{
	const int r = content < 0 ? content
	                          : job_write_file(errands->helper, errands->path, content,
	                                    errands->is_replacing, &errands->saving.ticket,
	                                    &errands->saving.answer);

	if (r < 0)
		refuse_save(errands, strerror(-r));
}

static void draw(struct errands *errands, const struct output_request *request)
{
	struct drawn drawn;
	_cleanup_close_ int graph = output_for_dot(request, &drawn);

	if (graph < 0) {
		refuse_save(errands, drawn.error);
		return;
	}
	const int r = job_draw(
	        errands->helper, graph, &errands->drawing.ticket, &errands->drawing.answer);
	if (r < 0)
		refuse_save(errands, strerror(-r));
}

static void drawn(struct errands *errands, const struct helper_word *word)
{
	struct drawn answer;
	_cleanup_close_ int picture = job_drawn(errands->drawing.answer, word->end, &answer);

	close_fd(&errands->drawing.answer);
	if (picture < 0)
		refuse_save(errands, answer.error);
	else
		write_file(errands, picture);
}

static void start_save(struct errands *errands)
{
	struct output_request request = {
	        .model = app_model(errands->app),
	        .names = app_names(errands->app),
	        .view = app_view(errands->app),
	        .is_ascii = app_is_ascii(errands->app),
	};

	if (errands->saving.answer >= 0 || errands->drawing.answer >= 0) {
		refuse_save(errands, strerror(EBUSY));
		return;
	}
	snprintf(errands->path, sizeof(errands->path), "%s", app_save_path(errands->app));
	errands->is_replacing = app_save_replaces(errands->app);
	if (!form_from_suffix(errands->path, &request.form)) {
		refuse_save(errands, "the suffix must be one of .txt .json .dot .gv .svg");
	} else if (!request.model) {
		refuse_save(errands, strerror(ENODATA));
	} else if (request.form == FORM_SVG && app_save_is_by_dot(errands->app)) {
		draw(errands, &request);
	} else {
		_cleanup_close_ int content = output_to_memory(&request);

		write_file(errands, content);
	}
}

/* Its job sees that nobody waits any more. What is being written is not torn. */
unsigned errands_give_up(struct errands *errands)
{
	if (errands->drawing.answer >= 0) {
		close_fd(&errands->drawing.answer);
		refuse_save(errands, "given up");
	}
	return take_effects(errands);
}

unsigned errands_save(struct errands *errands)
{
	start_save(errands);
	return take_effects(errands);
}

/* --- completing ----------------------------------------------------------------------------- */

/* The last wish counts: who presses again before the answer is there asks again. */
unsigned errands_complete(struct errands *errands)
{
	close_fd(&errands->completing.answer);
	if (job_complete(errands->helper, app_complete_prefix(errands->app),
	            &errands->completing.ticket, &errands->completing.answer) < 0)
		errands->completing.answer = -EBADF;
	return take_effects(errands);
}

static void answer_completion(struct errands *errands)
{
	const char *names[COMPLETED_NAMES];
	struct completed completed;

	job_completed(errands->completing.answer, &completed);
	close_fd(&errands->completing.answer);
	for (size_t i = 0, at = 0; i < completed.n; i++) {
		names[i] = completed.names + at;
		at += strlen(names[i]) + 1;
	}
	tell(errands,
	        (struct event){.kind = EVENT_COMPLETED,
	                .completed = {.prefix = *completed.error ? app_complete_prefix(errands->app)
	                                                         : completed.prefix,
	                        .text = completed.text,
	                        .names = names,
	                        .n = completed.n,
	                        .n_all = completed.n_all,
	                        .error = *completed.error ? completed.error : NULL}});
}

/* --- names ---------------------------------------------------------------------------------- */

/* One job at a time; the app says again who is left. */
static void ask_names(struct errands *errands)
{
	uid_t uids[NAMES_AT_ONCE];
	size_t n = 0;

	if (errands->naming.answer >= 0 || errands->is_lost)
		return;
	while (n < NAMES_AT_ONCE && app_next_uid(errands->app, &uids[n]))
		n++;
	if (n && job_names(errands->helper, uids, n, &errands->naming.ticket,
	                 &errands->naming.answer) < 0)
		errands->naming.answer = -EBADF;
}

unsigned errands_ask_names(struct errands *errands)
{
	ask_names(errands);
	return take_effects(errands);
}

static void tell_name(void *data, uid_t uid, const char *name)
{
	tell(data, (struct event){.kind = EVENT_NAME, .user = {.uid = uid, .name = name}});
}

/* --- the config file ------------------------------------------------------------------------ */

static void answer_config(struct errands *errands, const char *path, const char *error)
{
	tell(errands,
	        (struct event){.kind = EVENT_CONFIG, .saved = {.path = path, .error = error}});
}

unsigned errands_write_config(struct errands *errands)
{
	struct settings settings;
	int r = -EBUSY;

	app_settings(errands->app, &settings);
	if (errands->configuring.answer < 0)
		r = job_write_config(errands->helper, &settings, &errands->configuring.ticket,
		        &errands->configuring.answer);
	if (r < 0)
		answer_config(errands, "config file", strerror(-r));
	return take_effects(errands);
}

static void config_written(struct errands *errands, const struct helper_word *word)
{
	struct saved saved;

	job_written(errands->configuring.answer, word->end, &saved);
	close_fd(&errands->configuring.answer);
	answer_config(errands, *saved.path ? saved.path : "config file",
	        saved.is_done ? NULL : saved.error);
}

/* --- the helper's words --------------------------------------------------------------------- */

static bool has_ended(const struct errand *errand, const struct helper_word *word)
{
	return errand->answer >= 0 && (word->end == HELPER_LOST || word->ticket == errand->ticket);
}

static void job_ended(struct errands *errands, const struct helper_word *word)
{
	struct saved saved;

	if (has_ended(&errands->drawing, word))
		drawn(errands, word);
	if (has_ended(&errands->saving, word)) {
		job_written(errands->saving.answer, word->end, &saved);
		if (!*saved.path)
			snprintf(saved.path, sizeof(saved.path), "%s", errands->path);
		close_fd(&errands->saving.answer);
		answer_save(errands, &saved);
	}
	if (has_ended(&errands->completing, word))
		answer_completion(errands);
	if (has_ended(&errands->configuring, word))
		config_written(errands, word);
	if (has_ended(&errands->naming, word)) {
		job_named(errands->naming.answer, tell_name, errands);
		close_fd(&errands->naming.answer);
		ask_names(errands);
	}
}

unsigned errands_take_words(struct errands *errands)
{
	struct helper_word word;

	while (!errands->is_lost && helper_next_word(errands->helper, &word) > 0) {
		errands->is_lost = word.end == HELPER_LOST;
		job_ended(errands, &word);
	}
	return take_effects(errands);
}
