/* SPDX-License-Identifier: Apache-2.0 */
#include "base/attributes.h"
#include "export/label.h"
#include "tests/unit.h"
#include "tests/view/fixture.h"

#include <stdlib.h>
#include <string.h>

static char *line(const struct model *model, const struct ns *ns, enum label_line which)
{
	struct label label;
	struct fixture_text out;

	label_init(&label, model, NULL);
	fixture_text_begin(&out);
	label_write(out.file, &label, &(struct node){.ns = ns}, which);
	label_release(&label);
	return fixture_text_end(&out);
}

static void assert_label(const struct model *model, enum nstype type, uint64_t inode,
        const char *leader, const char *number, const char *owner)
{
	const char *const expected[LABEL_LINES] = {leader, number, owner};

	for (int i = 0; i < LABEL_LINES; i++) {
		char *text = line(model, model_find(model, type, inode), (enum label_line)i);

		assert_string_equal(text, expected[i]);
		free(text);
	}
}

static void test_labels(void **state)
{
	(void)state;
	const struct model *model = fixture_rich();

	assert_label(model, NS_USER, 4026532583, "bash (1468)", "user:[4026532583]",
	        "owner 4711 (4711)");
	assert_label(model, NS_USER, 4026532582, "held by fd 7 of bash (1468)", "user:[4026532582]",
	        "owner harald (1000)");
	assert_label(model, NS_PID, 4026532938, "xdg-desktop-portal-gtk-with-a-very-long-… (17300)",
	        "pid:[4026532938]", "owner user:[4026531837]");
	model_unref(model);

	model = fixture_hostile("");
	assert_label(model, NS_PID, FIXTURE_INITIAL_PID, "? (2)", "pid:[4026531836]",
	        "owner user:[4026531837]");
	assert_label(
	        model, NS_USER, FIXTURE_INITIAL_USER, "? (1)", "user:[4026531837]", "owner 0 (0)");
	model_unref(model);
}

static void assert_tooltip(const struct model *model, const struct ns *ns, const char *expected)
{
	struct label label;
	struct fixture_text out;

	label_init(&label, model, NULL);
	fixture_text_begin(&out);
	label_write_tooltip(out.file, &label, &(struct node){.ns = ns});
	assert_string_equal(fixture_text_end(&out), expected);
	free(out.text);
	label_release(&label);
}

static void test_tooltips(void **state)
{
	(void)state;
	const struct model *model = fixture_rich();

	assert_tooltip(model, model_find(model, NS_USER, 4026532936),
	        "user:[4026532936] process \"podman\" owner inge (1001); held by 1 process; "
	        "2 owned namespaces (mnt 1, pid 1)");
	assert_tooltip(model, model_find(model, NS_NET, 4026532002),
	        "net:[4026532002]; held by mount /run/netns/blue");
	model_unref(model);
}

static void test_where_and_when(void **state)
{
	(void)state;
	const struct model *model = fixture_rich();
	struct label label;
	struct fixture_text out;

	label_init(&label, model, NULL);
	fixture_text_begin(&out);
	label_write_title(out.file, &label);
	fputs("|", out.file);
	label_write_subtitle(out.file, &label, &(struct view_options){0});
	assert_string_equal(fixture_text_end(&out),
	        "Linux namespaces of db7|Linux 6.18.44, 2026-11-23 15:04:00 UTC, "
	        "5 user and 6 PID namespaces");
	free(out.text);
	label_release(&label);
	model_unref(model);
}

static void assert_subtitle(
        const struct model *model, const struct view_options *view, const char *counts)
{
	struct label label;
	struct fixture_text out;

	label_init(&label, model, NULL);
	fixture_text_begin(&out);
	label_write_subtitle(out.file, &label, view);
	assert_string_equal(strstr(fixture_text_end(&out), "UTC, ") + 5, counts);
	free(out.text);
	label_release(&label);
}

/* They have no box, and not all that are covered have no process. */
static void test_namespaces_without_a_number(void **state)
{
	static const char *const paths[] = {"/a", "/b", "/c"};
	struct builder *const builder = builder_new();
	const struct model *model;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		builder_pin(builder, &(struct ns_pin){.type = NS_PID,
		                             .state = i ? PIN_NO_PROCESS : PIN_COVERED,
		                             .by = PIN_BY_PROC_MOUNT,
		                             .path = paths[i],
		                             .mnt = 9,
		                             .minor = (unsigned)i + 40,
		                             .n_mounts = 1});
	assert_int_equal(builder_freeze(builder, &model, NULL), 0);
	assert_subtitle(model, &(struct view_options){0},
	        "0 user and 0 PID namespaces, 2 PID namespaces without a number");
	assert_subtitle(model, &(struct view_options){.is_single = true, .kind = VIEW_PID},
	        "0 PID namespaces, 2 PID namespaces without a number");
	assert_subtitle(model, &(struct view_options){.is_single = true, .kind = VIEW_USER},
	        "0 user namespaces");
	model_unref(model);
}

static void test_counts_of_one_hierarchy(void **state)
{
	(void)state;
	static const struct {
		enum view_kind kind;
		const char *counts;
	} views[] = {
	        {VIEW_USER, "5 user namespaces"},
	        {VIEW_PID, "6 PID namespaces"},
	        {VIEW_NET, "2 net namespaces"},
	        {VIEW_MNT, "1 mnt namespace"},
	        {VIEW_ALL, "15 namespaces"},
	};
	const struct model *model = fixture_rich();

	for (size_t i = 0; i < ARRAY_SIZE(views); i++)
		assert_subtitle(model,
		        &(struct view_options){.is_single = true, .kind = views[i].kind},
		        views[i].counts);
	model_unref(model);
}

static void assert_id(const struct label *label, const struct ns *ns, const char *expected)
{
	struct fixture_text out;

	fixture_text_begin(&out);
	label_write_id(out.file, label, &(struct node){.ns = ns}, false);
	fputc(' ', out.file);
	label_write_id(out.file, label, &(struct node){.ns = ns}, true);
	assert_string_equal(fixture_text_end(&out), expected);
	free(out.text);
}

/* The kernel gives a number once; a snapshot may say anything. */
static void test_ids_are_unique(void **state)
{
	(void)state;
	struct builder *b = builder_new();

	builder_ns(b, NS_USER, 4, 7, NULL);
	builder_ns(b, NS_USER, 5, 7, NULL);
	builder_ns(b, NS_PID, 4, 7, NULL);
	builder_ns(b, NS_PID, 4, 8, NULL);
	const struct model *model = fixture_freeze(b, NULL);
	struct label label;

	label_init(&label, model, NULL);
	assert_id(&label, model->namespaces[0], "ns-7 pid-7");
	assert_id(&label, model->namespaces[1], "ns-8 pid-8");
	assert_id(&label, model->namespaces[2], "ns-7-2 user-7-2");
	assert_id(&label, model->namespaces[3], "ns-7-3 user-7-3");
	label_release(&label);
	model_unref(model);
}

static void assert_ends(const char *text, const char *end)
{
	assert_true(strlen(text) > strlen(end));
	assert_string_equal(text + strlen(text) - strlen(end), end);
}

static char *subtitle(size_t n_user, size_t n_pid, uint32_t reasons)
{
	struct builder *b = builder_new();
	struct label label;
	struct fixture_text out;

	builder_host(b)->partial = reasons;
	for (size_t i = 0; i < n_user; i++)
		fixture_user(b, 100 + i, NULL, 0, "root");
	for (size_t i = 0; i < n_pid; i++)
		fixture_pid(b, 200 + i, NULL, NULL);
	const struct model *model = fixture_freeze(b, NULL);

	label_init(&label, model, NULL);
	fixture_text_begin(&out);
	label_write_subtitle(out.file, &label, &(struct view_options){0});
	label_release(&label);
	model_unref(model);
	return fixture_text_end(&out);
}

static void test_counts_of_the_host(void **state)
{
	static const uint32_t incomplete[] = {1u << PARTIAL_UNREADABLE, 1u << PARTIAL_HIDEPID,
	        1u << PARTIAL_PID_NAMESPACE, 1u << PARTIAL_FAILED | 1u << PARTIAL_UNREADABLE};
	static const uint32_t exact[] = {
	        0, 1u << PARTIAL_USER_NAMESPACE, 1u << PARTIAL_FAILED, 1u << PARTIAL_NAMES};
	static const struct {
		size_t n_user, n_pid;
		const char *exact, *incomplete;
	} rows[] = {
	        {0, 1, "0 user namespaces and 1 PID namespace", "0+ user and 1+ PID namespaces"},
	        {1, 0, "1 user namespace and 0 PID namespaces", "1+ user and 0+ PID namespaces"},
	        {1, 1, "1 user and 1 PID namespace", "1+ user and 1+ PID namespaces"},
	        {1, 2, "1 user namespace and 2 PID namespaces", "1+ user and 2+ PID namespaces"},
	        {2, 1, "2 user namespaces and 1 PID namespace", "2+ user and 1+ PID namespaces"},
	        {3, 4, "3 user and 4 PID namespaces", "3+ user and 4+ PID namespaces"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		for (size_t k = 0; k < 4; k++) {
			char *whole = subtitle(rows[i].n_user, rows[i].n_pid, exact[k]);
			char *part = subtitle(rows[i].n_user, rows[i].n_pid, incomplete[k]);

			assert_ends(whole, rows[i].exact);
			assert_ends(part, rows[i].incomplete);
			free(whole);
			free(part);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_labels),
	        cmocka_unit_test(test_tooltips),
	        cmocka_unit_test(test_where_and_when),
	        cmocka_unit_test(test_namespaces_without_a_number),
	        cmocka_unit_test(test_counts_of_one_hierarchy),
	        cmocka_unit_test(test_ids_are_unique),
	        cmocka_unit_test(test_counts_of_the_host),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
