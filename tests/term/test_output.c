/* SPDX-License-Identifier: Apache-2.0 */

/* What is left out of the bytes of ncurses, and what is not. */

#include "term/output.h"
#include "tests/unit.h"

#include <fcntl.h>
#include <string.h>

struct stage {
	struct output output;
	FILE *out;
};

static void open_stage(struct stage *stage)
{
	_cleanup_close_ int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(output_open(&stage->output, fd), 0);
	stage->output.is_ansi = true;
	stage->out = output_stream_out(&stage->output);
	assert_non_null(stage->out);
}

static void close_stage(struct stage *stage)
{
	assert_int_equal(fclose(stage->out), 0);
	output_close(&stage->output);
}

static void assert_queues(struct stage *stage, const char *written, const char *queued)
{
	struct output *const output = &stage->output;

	output_drop(output);
	fputs(written, stage->out);
	assert_int_equal(fflush(stage->out), 0);
	output_collect(output);
	assert_int_equal(output->n - output->at, strlen(queued));
	assert_memory_equal(output->bytes + output->at, queued, strlen(queued));
}

static void test_needless_attributes(void **state)
{
	static const struct {
		const char *written;
		const char *queued;
	} rows[] = {
	        {"\033[35mtype\033[39m\033[m mnt", "\033[35mtype\033[m mnt"},
	        {"a\033[39m\033[0;7mb", "a\033[0;7mb"},
	        {"a\033[1m\033[39m\033[0mb", "a\033[0mb"},
	        /* These two work together, or there is something in between. */
	        {"a\033[0;1m\033[31mb", "a\033[0;1m\033[31mb"},
	        {"a\033[39m\033[1mb", "a\033[39m\033[1mb"},
	        {"a\033[39m\033[07mb", "a\033[39m\033[07mb"},
	        {"a\033[7m \033[mb", "a\033[7m \033[mb"},
	        {"a\033[7m\033[K\033[mb", "a\033[7m\033[K\033[mb"},
	        /* Other sequences, and parts of one. */
	        {"\033[1;30r\033[m", "\033[1;30r\033[m"},
	        {"\033[?25h\033[m\033[", "\033[?25h\033[m\033["},
	        {"\033[m\033[39", "\033[m\033[39"},
	};
	struct stage stage;

	(void)state;
	open_stage(&stage);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_queues(&stage, rows[i].written, rows[i].queued);
	close_stage(&stage);
}

static void test_chosen_charset(void **state)
{
	struct stage stage;

	(void)state;
	open_stage(&stage);
	assert_queues(&stage, "a\033[39m\033(B\033[mb", "a\033[39m\033(B\033[mb");
	assert_queues(&stage, "a\033[39m\033(B\033[mb", "a\033[mb");
	assert_queues(&stage, "\033(0q\033(Ba\033(B", "\033(0q\033(Ba");
	output_forget_charset(&stage.output);
	assert_queues(&stage, "\033(Ba\033(B", "\033(Ba");
	close_stage(&stage);
}

static void test_other_terminal(void **state)
{
	struct stage stage;

	(void)state;
	open_stage(&stage);
	stage.output.is_ansi = false;
	assert_queues(&stage, "\033(B\033[39m\033(B\033[m", "\033(B\033[39m\033(B\033[m");
	close_stage(&stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_needless_attributes),
	        cmocka_unit_test(test_chosen_charset),
	        cmocka_unit_test(test_other_terminal),
	};

	return cmocka_run_group_tests_name("bytes for the terminal", tests, NULL, NULL);
}
