/* SPDX-License-Identifier: Apache-2.0 */
/* The jobs of the screen with a real helper: cancelled, refused while one is pending, and lost. */
#include "base/attributes.h"
#include "cmd/jobs/jobs.h"
#include "cmd/output.h"
#include "cmd/ui_jobs.h"
#include "tests/cmd/directory.h"
#include "tests/unit.h"
#include "tests/view/fixture.h"

#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

static const struct helper_job *const all[] = {&save_job, &draw_job, &user_names_job};

struct scene {
	struct helper *helper;
	struct app *app;
	struct ui_jobs jobs;
	unsigned effects; /* of look_up */
};

static unsigned send_key(struct scene *scene, uint32_t key)
{
	return app_handle(scene->app, &(struct event){.kind = EVENT_KEY, .key = key});
}

/* Its owner is only in the directory. */
static const struct model *make_model(void)
{
	struct builder *b = builder_new();

	fixture_user(b, FIXTURE_INITIAL_USER, NULL, DIRECTORY_UIDS, NULL);
	return fixture_freeze(b, NULL);
}

static void begin_in(struct scene *scene, enum view_kind kind)
{
	struct app_options options = {.is_live = true, .is_by_dot = true, .save_stem = "stem"};

	*scene = (struct scene){0};
	directory_open();
	const struct jobs_fixed fixed = {
	        .caller = {.uid = geteuid(), .gid = getegid()}, .suffixes = FORM_SUFFIXES};
	const struct helper_setup setup = {.fixed = &fixed};
	assert_int_equal(helper_start(all, ARRAY_SIZE(all), &setup, &scene->helper), 0);
	settings_init(&options.settings);
	options.settings.values[SETTING_VIEW] = kind;
	scene->app = app_new(&options);
	ui_jobs_init(&scene->jobs, scene->helper, scene->helper, scene->app);
	scene->jobs.cmdlines = EXPORT_NO_CMDLINES;
	scene->jobs.theme = EXPORT_THEME_DARK;
	app_handle(scene->app, &(struct event){.kind = EVENT_MODEL,
	                               .scan = {.model = make_model(), .is_whole = true}});
}

static void begin(struct scene *scene)
{
	begin_in(scene, VIEW_USER);
}

static void end(struct scene *scene)
{
	ui_jobs_release(&scene->jobs);
	app_free(scene->app);
	helper_stop(scene->helper);
	directory_close();
}

static bool is_pending(const struct scene *scene, enum ui_job job)
{
	return scene->jobs.pending[job].replies >= 0;
}

/* Types the path into the prompt and starts to save; nothing can be written there. */
static void start_to_save(struct scene *scene, const char *path)
{
	const uint32_t clear = 'U' - '@';

	send_key(scene, 's');
	send_key(scene, clear);
	for (; *path; path++)
		send_key(scene, (unsigned char)*path);
	const unsigned effects = send_key(scene, '\r');
	assert_true(effects & EFFECT_SAVE);
	ui_jobs_handle_effects(&scene->jobs, effects);
}

static void assert_on_screen(const struct scene *scene, const char *text)
{
	struct frame frame;
	bool is_there = false;

	app_render(scene->app, &frame);
	for (int i = 0; i < frame.rows; i++)
		is_there |= strstr(frame.lines[i].text, text) != NULL;
	frame_release(&frame);
	if (!is_there)
		fail_msg("\"%s\" is not on the screen", text);
}

static void escape_cancels_dot(void **state)
{
	struct scene scene;

	begin(&scene);
	start_to_save(&scene, "/proc/x.svg");
	assert_true(is_pending(&scene, UI_JOB_DRAW));
	assert_true(ui_jobs_is_awaited(&scene.jobs));
	const unsigned effects = send_key(&scene, 27);
	assert_true(effects & EFFECT_GIVE_UP);
	ui_jobs_handle_effects(&scene.jobs, effects);
	assert_false(is_pending(&scene, UI_JOB_DRAW));
	assert_false(ui_jobs_is_awaited(&scene.jobs));
	assert_on_screen(&scene, "cancelled");
	end(&scene);
	(void)state;
}

static void one_file_at_a_time(void **state)
{
	struct scene scene;

	begin(&scene);
	start_to_save(&scene, "/proc/x.svg");
	const struct helper_pending first = scene.jobs.pending[UI_JOB_DRAW];
	ui_jobs_handle_effects(&scene.jobs, EFFECT_SAVE);
	assert_memory_equal(&scene.jobs.pending[UI_JOB_DRAW], &first, sizeof(first));
	assert_false(is_pending(&scene, UI_JOB_SAVE));
	assert_on_screen(&scene, strerror(EBUSY));
	end(&scene);
	(void)state;
}

/* The user did not start that job: nothing waits for it. */
static void names_are_not_awaited(void **state)
{
	struct scene scene;

	begin(&scene);
	ui_jobs_handle_effects(&scene.jobs, EFFECT_NAMES);
	assert_true(user_names_is_running(scene.jobs.users));
	assert_false(ui_jobs_is_awaited(&scene.jobs));
	end(&scene);
	(void)state;
}

static void look_up(struct scene *scene)
{
	ui_jobs_handle_effects(&scene->jobs, EFFECT_NAMES);
	while (user_names_is_running(scene->jobs.users)) {
		struct pollfd poll_fd = {.fd = ui_jobs_fd(&scene->jobs), .events = POLLIN};

		assert_int_equal(poll(&poll_fd, 1, 20 * 1000), 1);
		scene->effects |= ui_jobs_handle_exits(&scene->jobs);
	}
}

/* The pauses grow; nothing is drawn that was drawn before; and after an answer nothing wakes the
 * program. */
static void a_name_is_looked_up_until_it_is_known(void **state)
{
	struct scene scene;
	uint64_t pause = 0;

	begin(&scene);
	assert_int_equal(ui_jobs_wakes_at(&scene.jobs), 0);
	directory_answer(DIRECTORY_UIDS, "!");
	for (int i = 0; i < 10; i++) {
		scene.effects = 0;
		look_up(&scene);
		assert_int_equal(scene.effects & EFFECT_REDRAW, i == 0 ? EFFECT_REDRAW : 0);
		assert_on_screen(&scene, "partial");
		const uint64_t at = ui_jobs_wakes_at(&scene.jobs);
		assert_true(at > 0);
		assert_true(scene.jobs.pause > pause || i > 5);
		pause = scene.jobs.pause;
		assert_int_equal(ui_jobs_handle_time(&scene.jobs, at - 1), 0);
		assert_int_equal(ui_jobs_handle_time(&scene.jobs, at), EFFECT_NAMES);
		assert_int_equal(ui_jobs_wakes_at(&scene.jobs), 0);
	}
	directory_answer(DIRECTORY_UIDS, "harald");
	look_up(&scene);
	assert_on_screen(&scene, "harald");
	assert_int_equal(ui_jobs_wakes_at(&scene.jobs), 0);
	end(&scene);
	(void)state;
}

/* True if a snapshot that is saved now has mounts. */
static bool saves_mounts(const struct scene *scene)
{
	struct save_request save;
	char text[8192] = "";

	save_request(scene->app, &save);
	const struct output_request request = {
	        .form = FORM_JSON, .model = save.model, .names = save.names, .view = save.view};
	_cleanup_close_ int fd = output_to_memory(&request);
	assert_true(fd >= 0);
	assert_true(pread(fd, text, sizeof(text) - 1, 0) > 0);
	return strstr(text, "\"mounts\": [\n    {\"mnt\": 77, \"complete\": true") != NULL;
}

/* In another view what was read may be old. */
static void a_snapshot_has_the_mounts_that_are_shown(void **state)
{
	struct mounts_builder *const builder = mounts_builder_new();
	struct scene scene;

	mounts_builder_end(builder, 77, 0, false);
	const struct mounts *const mounts = mounts_builder_finish(builder);
	begin_in(&scene, VIEW_MOUNTS);
	assert_false(saves_mounts(&scene));
	app_handle(scene.app, &(struct event){.kind = EVENT_MOUNTS, .mounts = mounts});
	mounts_unref(mounts);
	assert_true(saves_mounts(&scene));
	send_key(&scene, 't');
	assert_false(saves_mounts(&scene));
	end(&scene);
	(void)state;
}

/* Requests to a stopped helper fail at once; when it has ended, there is nothing to wait for. */
static void a_helper_that_is_lost_ends_the_jobs(void **state)
{
	struct scene scene;
	siginfo_t info;

	begin(&scene);
	const pid_t pid = helper_pid(scene.helper);
	assert_int_equal(kill(pid, SIGSTOP), 0);
	assert_int_equal(waitid(P_PID, (id_t)pid, &info, WSTOPPED | WNOWAIT), 0);
	start_to_save(&scene, "/proc/x.json");
	assert_false(is_pending(&scene, UI_JOB_SAVE));
	assert_false(ui_jobs_is_awaited(&scene.jobs));
	assert_on_screen(&scene, "/proc/x.json: the helper process");
	assert_int_equal(kill(pid, SIGKILL), 0);
	struct pollfd poll_fd = {.fd = ui_jobs_fd(&scene.jobs), .events = POLLIN};
	assert_int_equal(poll(&poll_fd, 1, 20 * 1000), 1);
	ui_jobs_handle_exits(&scene.jobs);
	assert_int_equal(ui_jobs_fd(&scene.jobs), -1);
	assert_false(ui_jobs_is_awaited(&scene.jobs));
	end(&scene);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(escape_cancels_dot),
	        cmocka_unit_test(one_file_at_a_time),
	        cmocka_unit_test(names_are_not_awaited),
	        cmocka_unit_test(a_name_is_looked_up_until_it_is_known),
	        cmocka_unit_test(a_snapshot_has_the_mounts_that_are_shown),
	        cmocka_unit_test(a_helper_that_is_lost_ends_the_jobs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
