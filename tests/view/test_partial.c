/* SPDX-License-Identifier: Apache-2.0 */
#include "base/memory.h"
#include "tests/unit.h"
#include "tests/view/fixture.h"
#include "view/partial.h"
#include "view/words.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A user namespace and two PID namespaces, one below the other; `reasons`: 1 << PARTIAL_*. */
static const struct model *make(uint32_t reasons)
{
	struct builder *b = builder_new();
	struct ns *user = fixture_user(b, 100, NULL, 0, "root");
	struct ns *top = fixture_pid(b, 300, NULL, user);
	fixture_user(b, 101, user, 0, "root");
	struct ns *below = fixture_pid(b, 400, top, user);

	fixture_process(b, 1, "init", top);
	fixture_process(b, 2, "sh", below);
	fixture_hold_fd(b, top, 2, 5);
	fixture_hold_fd(b, below, 2, 6);
	builder_host(b)->euid = 1000;
	builder_host(b)->unreadable = 7;
	builder_host(b)->partial = reasons;
	return fixture_freeze(b, NULL);
}

struct lines {
	size_t n;
	char first[200];
};

static void count(void *data, const char *line)
{
	struct lines *lines = data;

	if (!lines->n++)
		snprintf(lines->first, sizeof(lines->first), "%s", line);
}

static void each_reason_has_a_line(void **state)
{
	(void)state;
	for (enum partial reason = 0; reason < PARTIALS; reason++) {
		const struct model *model = make(UINT32_C(1) << reason);
		struct lines lines = {0};

		partial_lines(model, partial_reasons(model, NULL), count, &lines);
		assert_int_equal(lines.n, 1);
		assert_int_equal(strncmp(lines.first, "partial view: ", 14), 0);
		assert_true(strlen(lines.first) > 30);
		assert_null(strstr(lines.first, "null"));
		model_unref(model);
	}
	const struct model *model = make((UINT32_C(1) << PARTIALS) - 1);
	struct lines lines = {0};

	partial_lines(model, partial_reasons(model, NULL), count, &lines);
	assert_int_equal(lines.n, PARTIALS);
	model_unref(model);
}

/* Root of a user namespace may not read what is outside. */
static void root_is_advised_where_it_helps(void **state)
{
	const uint32_t unreadable = UINT32_C(1) << PARTIAL_UNREADABLE;
	const struct {
		uint32_t reasons;
		uid_t euid;
		const char *line, *error;
	} views[] = {
	        {unreadable, 1000,
	                "partial view: 7 of 2 processes could not be read (run as root to see all)",
	                "permission denied (run as root)"},
	        {unreadable, 0, "partial view: 7 of 2 processes could not be read",
	                "permission denied"},
	        {unreadable | UINT32_C(1) << PARTIAL_USER_NAMESPACE, 65534,
	                "partial view: 7 of 2 processes could not be read", "permission denied"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(views) / sizeof(*views); i++) {
		const struct model *model = make(views[i].reasons);
		struct model by_user = *model;
		struct lines lines = {0};

		by_user.host.euid = views[i].euid;
		assert_string_equal(words_error(&by_user.host, EACCES), views[i].error);
		assert_string_equal(words_error(&by_user.host, EPERM), views[i].error);
		partial_lines(&by_user, views[i].reasons, count, &lines);
		assert_string_equal(lines.first, views[i].line);
		model_unref(model);
	}
}

static void a_complete_view_has_no_line(void **state)
{
	(void)state;
	const struct model *model = make(0);
	struct lines lines = {0};

	partial_lines(model, partial_reasons(model, NULL), count, &lines);
	assert_int_equal(lines.n, 0);
	assert_string_equal(partial_plus(model, NULL), "");
	assert_string_equal(partial_plus(NULL, NULL), "");
	model_unref(model);
}

/* On the screen a name that is looked up is not missing yet; in a file it is. */
static void missing_names_are_a_reason(void **state)
{
	const uint32_t hidepid = UINT32_C(1) << PARTIAL_HIDEPID;
	const uint32_t both = hidepid | UINT32_C(1) << PARTIAL_NAMES;
	const struct model *model = make(hidepid);
	struct names *names = names_new();

	(void)state;
	assert_int_equal(partial_reasons(model, names), hidepid);
	assert_int_equal(partial_reasons_of_file(model, NULL), hidepid);
	names_request(names, 7);
	assert_int_equal(partial_reasons(model, names), hidepid);
	assert_int_equal(partial_reasons_of_file(model, names), both);
	names_fail(names, 7);
	assert_int_equal(partial_reasons(model, names), both);
	assert_int_equal(partial_reasons_of_file(model, names), both);
	names_add(names, 7, NULL);
	assert_int_equal(partial_reasons(model, names), hidepid);
	assert_int_equal(partial_reasons_of_file(model, names), hidepid);
	names_free(names);
	model_unref(model);
}

/* Which counts may be too low: of the host, of a user namespace and of one below it, of the PID
 * namespace of the scan and of one below it. */
static void counts_that_may_be_too_low(void **state)
{
	(void)state;
	static const struct {
		enum partial reason;
		const char *plus[5];
	} rows[] = {
	        {PARTIAL_UNREADABLE, {"+", "+", "+", "+", "+"}},
	        {PARTIAL_HIDEPID, {"+", "+", "+", "+", "+"}},
	        {PARTIAL_PID_NAMESPACE, {"+", "+", "+", "+", ""}},
	        {PARTIAL_USER_NAMESPACE, {"", "", "", "", ""}},
	        {PARTIAL_FAILED, {"", "", "", "", ""}},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct model *model = make(UINT32_C(1) << rows[i].reason);
		const struct ns *of[] = {NULL, model_find(model, NS_USER, 100),
		        model_find(model, NS_USER, 101), model_find(model, NS_PID, 300),
		        model_find(model, NS_PID, 400)};

		for (size_t k = 0; k < 5; k++)
			assert_string_equal(partial_plus(model, of[k]), rows[i].plus[k]);
		model_unref(model);
	}
}

static char *long_words(const struct model *model, uint64_t pid_ns)
{
	struct fixture_text text;

	fixture_text_begin(&text);
	words_long(text.file, model, model_find(model, NS_PID, pid_ns), false);
	fputc(';', text.file);
	words_held_by(text.file, model, model_find(model, NS_PID, pid_ns), 0);
	return fixture_text_end(&text);
}

static void words_of_counts(void **state)
{
	(void)state;
	const struct model *model = make(UINT32_C(1) << PARTIAL_PID_NAMESPACE);
	char *top = long_words(model, 300), *below = long_words(model, 400);

	assert_string_equal(top, " pid 1/1 processes 1+ held by 1+ fds, 1+ children;"
	                         "1+ processes and 1+ more; child pid:[400]");
	/* Processes outside may have descriptors of it too. */
	assert_string_equal(below, " pid 2/2 processes 1 held by 1+ fds;1 process and 1+ more");
	free(top);
	free(below);
	model_unref(model);
}

/* A process that could not be read may be in it. */
static void words_without_processes(void **state)
{
	const struct {
		uint32_t reasons;
		const char *words;
	} views[] = {
	        {0, "no process"},
	        {UINT32_C(1) << PARTIAL_FAILED, "no process"},
	        {UINT32_C(1) << PARTIAL_UNREADABLE, "no process known"},
	        {UINT32_C(1) << PARTIAL_HIDEPID, "no process known"},
	        {UINT32_C(1) << PARTIAL_PID_NAMESPACE, "no process known"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(views) / sizeof(*views); i++) {
		const struct model *model = make(views[i].reasons);
		const struct ns *ns = model_find(model, NS_USER, 101);
		struct fixture_text text;

		fixture_text_begin(&text);
		words_leader(text.file, model, ns);
		fputs(", ", text.file);
		words_holders_alike(text.file, model, ns);
		char *words = fixture_text_end(&text);
		char *expected = memory_printf("%s, %s", views[i].words, views[i].words);
		assert_string_equal(words, expected);
		free(words);
		free(expected);
		model_unref(model);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(each_reason_has_a_line),
	        cmocka_unit_test(root_is_advised_where_it_helps),
	        cmocka_unit_test(a_complete_view_has_no_line),
	        cmocka_unit_test(missing_names_are_a_reason),
	        cmocka_unit_test(counts_that_may_be_too_low),
	        cmocka_unit_test(words_of_counts),
	        cmocka_unit_test(words_without_processes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
