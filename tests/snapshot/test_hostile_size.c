/* SPDX-License-Identifier: Apache-2.0 */
/* Snapshots that are long or deep: beyond a limit they are cut or refused. */
#include "tests/snapshot/hostile.h"

/* A reader keeps 64 KiB, and says that there is more. */
static void long_command_lines_are_cut(void **state _unused_)
{
	enum { HALF = 40 * 1024 };
	_cleanup_free_ char *argument = memory_new(HALF + 1);
	const struct process *process;
	const struct model *model;
	struct snapshot_problem problem;

	memset(argument, 'x', HALF);
	_cleanup_free_ char *text = memory_printf("%s%s\", \"%s\", \"last%s",
	        HEAD
	        "\"namespaces\": [],\n\"processes\": [{\"pid\": 1, \"ppid\": 0, \"started\": 3, "
	        "\"uid\": 0, \"state\": \"S\", \"kernel\": false, \"comm\": \"c\", "
	        "\"name\": \"n\", \"nspid\": [1], \"namespaces\": {}, \"cmdline\": [\"",
	        argument, argument, "\"]}],\n\"notes\": []}\n");
	assert_int_equal(snapshot_parse(text, strlen(text), NULL, &model, &problem), 0);
	process = model->processes[0];
	assert_string_equal(process->cmdline[0], argument);
	assert_null(process->cmdline[1]);
	assert_true(process->is_cmdline_cut);
	model_unref(model);
}

static void assert_deep(unsigned n, bool is_taken)
{
	struct bytes text = {0};
	struct snapshot_problem problem = {0};
	FILE *out = open_memstream(&text.bytes, &text.len);

	assert_non_null(out);
	fputs(HEAD "\"namespaces\": [" USER("1", FIRST), out);
	for (unsigned i = 2; i <= n; i++)
		fprintf(out,
		        ",\n{\"type\": \"pid\", \"inode\": %u, \"dev\": 4, \"id\": null, "
		        "\"parent\": %u, \"parent_state\": \"%s\", "
		        "\"owner\": 1, \"owner_state\": \"known\", " NO_UID "}",
		        i, i - 1, "known");
	fputs(",\n{\"type\": \"pid\", \"inode\": 1, \"dev\": 4, \"id\": null, "
	      "\"parent\": null, \"parent_state\": \"initial\", "
	      "\"owner\": 1, \"owner_state\": \"known\", " NO_UID "}],\n"
	      "\"processes\": [], \"notes\": []}",
	        out);
	assert_int_equal(fclose(out), 0);
	const int r = refuse(text.bytes, text.len, &problem);
	bytes_release(&text);
	assert_int_equal(r, is_taken ? 0 : -EBADMSG);
	if (!is_taken)
		assert_non_null(strstr(problem.what, "has more than 1,000"));
}

static void chains(void **state _unused_)
{
	assert_deep(1001, true);
	assert_deep(1002, false);
	assert_deep(20000, false);
}

static void nested_deep(void **state _unused_)
{
	static const struct {
		const char *before, *after;
	} places[] = {
	        {"", ""},
	        {"{\"x\": ", "}"},
	        {HEAD "\"x\": ", "}"},
	        {HEAD "\"namespaces\": [{\"x\": ", "}]}"},
	};
	enum { DEPTH = 1000000 };
	_cleanup_free_ char *deep = memory_new(DEPTH + 1);

	memset(deep, '[', DEPTH);
	for (size_t i = 1; i < ARRAY_SIZE(places); i++) {
		_cleanup_free_ char *text =
		        memory_printf("%s%s%s", places[i].before, deep, places[i].after);
		struct snapshot_problem problem = {0};

		assert_int_equal(refuse(text, strlen(text), &problem), -EBADMSG);
		assert_non_null(strstr(problem.what, ": nested deeper than 64"));
	}
	for (int depth = 64; depth <= 65; depth++) {
		char text[256], closed[80];
		struct snapshot_problem problem = {0};

		memset(closed, ']', sizeof(closed));
		snprintf(text, sizeof(text), "{\"x\": %.*s%.*s}", depth, deep, depth, closed);
		assert_int_equal(refuse(text, strlen(text), &problem), -EBADMSG);
		assert_int_equal(
		        strstr(problem.what, ": nested deeper than 64") != NULL, depth > 64);
	}
}

#define NO_PART "\"addresses\": [], \"routes\": [], \"sockets\": []"

static int read_interfaces(size_t n, struct snapshot_problem *ret_problem)
{
	struct bytes text = {0};
	FILE *const out = open_memstream(&text.bytes, &text.len);

	assert_non_null(out);
	fputs(HEAD "\"namespaces\": [{\"type\": \"net\", \"inode\": 9, \"dev\": 4, \"id\": null, "
	           "\"parent\": null, \"parent_state\": \"none\", \"owner\": null, "
	           "\"owner_state\": \"hidden\", " NO_UID ", \"facts\": {\"parts\": {}, " NO_PART
	           ", \"interfaces\": [",
	        out);
	for (size_t i = 0; i < n; i++)
		fprintf(out,
		        "%s{\"name\": null, \"ifindex\": 1, \"state\": \"up\", \"kind\": null, "
		        "\"mac\": null, \"master\": 1, \"addresses\": []}",
		        i ? ", " : "");
	fputs("]}}],\n\"processes\": [], \"notes\": []}", out);
	assert_int_equal(fclose(out), 0);
	const int r = refuse(text.bytes, text.len, ret_problem);
	bytes_release(&text);
	return r;
}

/* As many as are read of a namespace: what is made of them takes longer than their number. */
static void many_interfaces(void **state _unused_)
{
	struct snapshot_problem problem = {0};

	assert_int_equal(read_interfaces(1000, &problem), 0);
	assert_int_equal(read_interfaces(1001, &problem), -EBADMSG);
	assert_non_null(strstr(problem.what, "\"interfaces\" has too many elements"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(long_command_lines_are_cut),
	        cmocka_unit_test(chains),
	        cmocka_unit_test(nested_deep),
	        cmocka_unit_test(many_interfaces),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
