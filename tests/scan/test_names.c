/* SPDX-License-Identifier: Apache-2.0 */
#include "model/builder.h"
#include "scan/facts.h"
#include "scan/scan.h"
#include "tests/model/check_model.h"
#include "tests/scan/fake_kernel.h"
#include "tests/scan/sample.h"
#include "tests/unit.h"

#include <errno.h>
#include <string.h>

/* Command lines that cannot be read in time, and processes with another mount over their directory:
 * the rest is read, and notes tell what is missing. */

enum { WORKER = 41, BOX = 40, STOPPED = 62 };

static const struct scan_options OPTIONS = {.sources = 1u << SOURCE_PROCESS,
        .with_cmdlines = true,
        .n_threads = 2,
        .program = "test 1"};

struct scene {
	const struct model *sample;
	struct fake_kernel *fake;
};

static int set_up(void **state)
{
	static struct scene scene;

	scene.sample = sample_new(true);
	scene.fake = fake_kernel_new(scene.sample);
	*state = &scene;
	return 0;
}

static int tear_down(void **state)
{
	const struct scene *const scene = *state;

	kernel_free(fake_kernel(scene->fake));
	model_unref(scene->sample);
	return 0;
}

static const struct model *scan(
        const struct scene *scene, const struct model *previous, scan_quick_fn *quick, void *data)
{
	const struct model *model = NULL;

	assert_int_equal(
	        scan_run(fake_kernel(scene->fake), &OPTIONS, previous, quick, data, &model), 0);
	assert_int_equal(check_model(model), 0);
	assert_int_equal(model->n_processes, SAMPLE_PROCESSES);
	assert_int_equal(fake_kernel_open_handles(scene->fake), 0);
	return model;
}

static size_t count_notes(const struct model *model, pid_t pid, const char *what, int error)
{
	size_t n = 0;

	for (size_t i = 0; i < model->n_notes; i++) {
		const struct note *const note = &model->notes[i];

		n += (pid == 0 || note->pid == pid) && note->error == error &&
		     strcmp(note->what, what) == 0;
	}
	return n;
}

/* How many command lines could not be read because of that error. */
static size_t count_errors(const struct model *model, int error)
{
	size_t n = 0;

	for (size_t i = 0; i < model->n_processes; i++)
		n += model->processes[i]->cmdline_error == error;
	return n;
}

static const char *name_of(const struct model *model, pid_t pid)
{
	return model_find_process(model, pid)->name;
}

static void assert_worker_waits(const struct model *model)
{
	assert_string_equal(name_of(model, WORKER), model_find_process(model, WORKER)->comm);
	assert_int_equal(count_notes(model, WORKER, NOTE_CMDLINE, ETIMEDOUT), 1);
	assert_int_equal(count_notes(model, 0, NOTE_CMDLINE, ETIMEDOUT), 1);
	assert_true(model_is_partial_by(model, PARTIAL_WAITING));
	assert_int_equal(model->host.unreadable, 1);
	assert_null(model_find_process(model, WORKER)->cmdline);
	assert_int_equal(model_find_process(model, WORKER)->cmdline_error, ETIMEDOUT);
	/* Those after it are read all the same. */
	assert_string_equal(name_of(model, 4194304), "last");
	assert_string_equal(name_of(model, 50), "\"q\\N<&\xff");
}

static void a_read_that_waits_is_given_up(void **state)
{
	const struct model *model;

	fake_kernel_fail(((struct scene *)*state)->fake, FAKE_CMDLINE, WORKER, NULL, ETIMEDOUT);
	model = scan(*state, NULL, NULL, NULL);
	assert_worker_waits(model);
	model_unref(model);
}

static void it_is_not_tried_again_while_the_process_lives(void **state)
{
	const struct scene *const scene = *state;
	const struct model *before, *model;

	fake_kernel_fail(scene->fake, FAKE_CMDLINE, WORKER, NULL, ETIMEDOUT);
	before = scan(scene, NULL, NULL, NULL);
	for (int i = 0; i < 3; i++) {
		model = scan(scene, before, NULL, NULL);
		assert_worker_waits(model);
		assert_int_equal(fake_kernel_count(scene->fake, FAKE_CMDLINE, WORKER, NULL), 1);
		model_unref(before);
		before = model;
	}
	model_unref(before);
}

/* A model with the same PID, but a process that began at another time. */
static const struct model *make_other(void)
{
	struct builder *const builder = builder_new();
	const struct model *model;

	builder_process(builder, WORKER)->started = 7;
	builder_note(builder, WORKER, NOTE_CMDLINE, ETIMEDOUT);
	assert_int_equal(builder_freeze(builder, &model, NULL), 0);
	return model;
}

static void another_process_with_that_pid_is_tried(void **state)
{
	const struct model *const before = make_other();
	const struct model *const model = scan(*state, before, NULL, NULL);

	assert_string_equal(name_of(model, WORKER), "wor\nker");
	assert_false(model_is_partial_by(model, PARTIAL_WAITING));
	model_unref(before);
	model_unref(model);
}

static void a_refusal_is_kept(void **state)
{
	const struct model *model;

	fake_kernel_fail(((struct scene *)*state)->fake, FAKE_CMDLINE, WORKER, NULL, EXDEV);
	model = scan(*state, NULL, NULL, NULL);
	assert_null(model_find_process(model, WORKER)->cmdline);
	assert_int_equal(model_find_process(model, WORKER)->cmdline_error, EXDEV);
	assert_non_null(model_find_process(model, BOX)->cmdline);
	model_unref(model);
}

static void keep_model(void *data, const struct model *model)
{
	*(const struct model **)data = model;
}

static void the_quick_model_reads_no_command_lines(void **state)
{
	const struct scene *const scene = *state;
	const struct model *quick = NULL, *model;

	fake_kernel_fail(scene->fake, FAKE_CMDLINE, BOX, NULL, ETIMEDOUT);
	model = scan(scene, NULL, keep_model, &quick);
	assert_int_equal(count_notes(quick, BOX, NOTE_CMDLINE, ETIMEDOUT), 0);
	assert_string_equal(name_of(quick, WORKER), "worker) R 1 (x");
	assert_string_equal(name_of(quick, 2), "[kthreadd]");
	assert_int_equal(count_notes(model, BOX, NOTE_CMDLINE, ETIMEDOUT), 1);
	assert_true(model_is_partial_by(model, PARTIAL_WAITING));
	assert_int_equal(fake_kernel_count(scene->fake, FAKE_CMDLINE, BOX, NULL), 1);
	assert_string_equal(name_of(model, WORKER), "wor\nker");
	model_unref(quick);
	model_unref(model);
}

static void at_most_four_are_given_up(void **state)
{
	const struct scene *const scene = *state;
	const struct model *model, *next;

	fake_kernel_fail(scene->fake, FAKE_CMDLINE, 0, NULL, ETIMEDOUT);
	model = scan(scene, NULL, NULL, NULL);
	assert_int_equal(count_notes(model, 0, NOTE_CMDLINE, ETIMEDOUT), FACTS_GIVEN_UP_MAX);
	assert_true(model_is_partial_by(model, PARTIAL_WAITING));
	assert_int_equal(fake_kernel_count(scene->fake, FAKE_CMDLINE, 0, NULL), FACTS_GIVEN_UP_MAX);
	assert_int_equal(count_errors(model, ETIMEDOUT), FACTS_GIVEN_UP_MAX);
	assert_true(count_errors(model, ECANCELED) > 0);
	/* The next scan goes on where this one ended. */
	next = scan(scene, model, NULL, NULL);
	assert_int_equal(count_notes(next, 0, NOTE_CMDLINE, ETIMEDOUT), 2 * FACTS_GIVEN_UP_MAX);
	model_unref(model);
	model_unref(next);
}

/* --- mounts over /proc/PID -------------------------------------------------------------------- */

static void assert_covered(const struct model *model, const char *what)
{
	const struct process *const process = model_find_process(model, STOPPED);

	assert_int_equal(count_notes(model, STOPPED, what, EXDEV), 1);
	assert_true(model_is_partial_by(model, PARTIAL_REPLACED_PROC));
	assert_int_equal(model->host.unreadable, 2);
	for (enum nstype type = 0; type < NS_TYPES; type++)
		assert_null(process->ns[type]);
}

static void a_covered_directory_is_not_believed(void **state)
{
	const struct model *model;

	fake_kernel_fail(((struct scene *)*state)->fake, FAKE_PROCESS_STAT, STOPPED, NULL, EXDEV);
	model = scan(*state, NULL, NULL, NULL);
	assert_covered(model, "process");
	assert_int_equal(model_find_process(model, STOPPED)->uid_state, REL_FAILED);
	assert_string_equal(name_of(model, STOPPED), "");
	model_unref(model);
}

static void the_directory_of_another_process_is_not_believed(void **state)
{
	const struct model *model;

	fake_kernel_cover_stat(((struct scene *)*state)->fake, STOPPED, 1);
	model = scan(*state, NULL, NULL, NULL);
	assert_covered(model, "stat");
	assert_int_equal(model_find_process(model, STOPPED)->uid_state, REL_FAILED);
	assert_string_equal(name_of(model, STOPPED), "");
	model_unref(model);
}

static void a_covered_ns_directory_is_not_believed(void **state)
{
	const struct model *model;

	fake_kernel_fail(((struct scene *)*state)->fake, FAKE_NS_DIR_OPEN, STOPPED, NULL, EXDEV);
	model = scan(*state, NULL, NULL, NULL);
	assert_covered(model, "ns");
	assert_string_equal(name_of(model, STOPPED), "stopped");
	model_unref(model);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

/* What was read before has its name; nothing else was given up for lack of time. */
static void assert_ends_at_worker(const struct scene *scene, int error, enum partial reason)
{
	fake_kernel_fail(scene->fake, FAKE_CMDLINE, WORKER, NULL, error);
	const struct model *model = scan(scene, NULL, NULL, NULL);

	assert_string_equal(name_of(model, WORKER), model_find_process(model, WORKER)->comm);
	assert_string_equal(name_of(model, BOX), name_of(scene->sample, BOX));
	assert_int_equal(count_notes(model, 0, NOTE_CMDLINE, error), 1);
	assert_true(model_is_partial_by(model, reason));
	assert_false(model_is_partial_by(model, PARTIAL_WAITING));
	assert_int_equal(
	        model_is_partial_by(model, PARTIAL_NO_HELPER), reason == PARTIAL_NO_HELPER);
	model_unref(model);
}

static void without_a_helper_the_view_is_partial(void **state)
{
	assert_ends_at_worker(*state, EPIPE, PARTIAL_NO_HELPER);
}

static void a_helper_that_starts_no_process_is_none(void **state)
{
	assert_ends_at_worker(*state, EAGAIN, PARTIAL_NO_HELPER);
}

static void another_error_is_no_lack_of_time(void **state)
{
	assert_ends_at_worker(*state, EFBIG, PARTIAL_FAILED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        TEST(a_read_that_waits_is_given_up),
	        TEST(a_refusal_is_kept),
	        TEST(it_is_not_tried_again_while_the_process_lives),
	        TEST(another_process_with_that_pid_is_tried),
	        TEST(the_quick_model_reads_no_command_lines),
	        TEST(at_most_four_are_given_up),
	        TEST(a_covered_directory_is_not_believed),
	        TEST(the_directory_of_another_process_is_not_believed),
	        TEST(a_covered_ns_directory_is_not_believed),
	        TEST(without_a_helper_the_view_is_partial),
	        TEST(a_helper_that_starts_no_process_is_none),
	        TEST(another_error_is_no_lack_of_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
