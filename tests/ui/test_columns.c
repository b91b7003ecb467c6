/* SPDX-License-Identifier: Apache-2.0 */
#include "base/attributes.h"
#include "base/text.h"
#include "tests/unit.h"
#include "tests/view/fixture.h"
#include "ui/list/columns.h"
#include "ui/list/marks.h"

#include <locale.h>
#include <string.h>

/* The columns of a view of the model, in a row of `limit` columns. */
static struct columns place_with(
        const struct model *model, enum view_kind view, int limit, bool with_cmdlines)
{
	const struct marks marks = {0};
	struct names *names = names_new();
	const struct tree_source source = {
	        .model = model, .marks = &marks, .names = names, .with_cmdlines = with_cmdlines};
	struct column_widths widths = {0};
	struct columns columns;
	struct hierarchy hierarchy;

	names_add_model(names, model);
	hierarchy_build(&hierarchy, model, NULL, &(struct view_options){.kind = view});
	column_widths_measure(&widths, 0, &hierarchy, &source);
	hierarchy_release(&hierarchy);
	names_free(names);
	columns_place(&columns, &widths, 0, view, limit);
	return columns;
}

static struct columns place(const struct model *model, enum view_kind view, int limit)
{
	return place_with(model, view, limit, false);
}

static void test_titles_of_views(void **state)
{
	static const struct {
		enum view_kind view;
		const char *titles[5];
	} wanted[] = {
	        {VIEW_USER, {"NAMESPACE", "OWNER", "PROCS", "LEADER"}},
	        {VIEW_NET, {"NAMESPACE", "OWNER", "PROCS", "LEADER"}},
	        {VIEW_ALL, {"NAMESPACE", "OWNER", "PROCS", "LEADER"}},
	        {VIEW_PROCESSES, {"PROCESS", "USER", "INSIDE", "DIFFERS FROM PARENT"}},
	        {VIEW_CONTAINERS, {"CONTAINER", "TYPES", "PROCS", "USERS", "LEADER"}},
	};
	const struct model *model = fixture_rich();

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++) {
		const struct columns columns = place(model, wanted[i].view, 80);

		assert_int_equal(columns.n, wanted[i].view == VIEW_CONTAINERS ? 5 : 4);
		for (size_t k = 0; k < columns.n; k++)
			assert_string_equal(columns.all[k].column->title, wanted[i].titles[k]);
	}
	model_unref(model);
}

/* `user:[4026531837]` on two levels below the top, `foobar`, `1`. The last one has the rest. */
static void test_places(void **state)
{
	static const struct {
		int start, width;
	} wanted[] = {
	        {3, 2 + 17 + 2 * 2},
	        {3 + 23 + 1, 8},
	        {27 + 8 + 1, 5},
	        {36 + 5 + 2, 80 - 43},
	};
	const struct model *model = fixture_users();
	const struct columns columns = place(model, VIEW_USER, 80);

	(void)state;
	assert_int_equal(columns.levels, 2);
	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++) {
		assert_int_equal(columns.all[i].start, wanted[i].start);
		assert_int_equal(columns.all[i].width, wanted[i].width);
	}
	model_unref(model);
}

/* A long name is cut only if other columns need the room. */
static void test_long_owner_is_cut(void **state)
{
	static const struct {
		int limit, width;
	} wanted[] = {{80, 30}, {70, 27}, {60, 17}, {50, 8}, {45, 6}};
	struct builder *b = builder_new();

	(void)state;
	const struct ns *top =
	        fixture_user(b, FIXTURE_INITIAL_USER, NULL, 0, "an-owner-with-a-very-long-name");
	fixture_process(b, 4, "a-leader", top);
	const struct model *model = fixture_freeze(b, NULL);
	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++)
		assert_int_equal(
		        place(model, VIEW_USER, wanted[i].limit).all[1].width, wanted[i].width);
	model_unref(model);
}

static void test_long_user_is_cut(void **state)
{
	struct builder *b = builder_new();

	(void)state;
	const struct ns *top =
	        fixture_user(b, FIXTURE_INITIAL_USER, NULL, 1000, "a-user-with-a-long-name");
	struct process *process = fixture_process(b, 12, "sh", top);
	process->uid = 1000;
	process->uid_state = REL_KNOWN;
	const struct model *model = fixture_freeze(b, NULL);
	assert_int_equal(place(model, VIEW_PROCESSES, 80).all[1].width, 23);
	/* DIFFERS FROM PARENT is cut before. */
	assert_int_equal(place(model, VIEW_PROCESSES, 50).all[1].width, 20);
	assert_int_equal(place(model, VIEW_PROCESSES, 46).all[1].width, 16);
	model_unref(model);
}

/* As wide as they are written: escaped, and in columns. */
static void test_names_of_processes(void **state)
{
	static const struct {
		const char *name;
		int width;
	} wanted[] = {
	        {"plain~name!", 11},
	        {"back\\slash", 11},
	        {"tab\tname", 11},
	        {"gr\u00f6\u00dfte-datei", 12},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++) {
		struct builder *b = builder_new();
		const struct ns *top = fixture_user(b, FIXTURE_INITIAL_USER, NULL, 0, "root");

		fixture_process(b, 12, wanted[i].name, top);
		const struct model *model = fixture_freeze(b, NULL);
		assert_int_equal(place(model, VIEW_PROCESSES, 80).all[0].width,
		        2 + wanted[i].width + (int)strlen(" (12)"));
		model_unref(model);
	}
}

/* A user without a name is a number, which may be wider than the column at first; so may be the
 * number of processes. */
static void test_numbers(void **state)
{
	struct builder *b = builder_new();

	(void)state;
	struct ns *top = fixture_user(b, FIXTURE_INITIAL_USER, NULL, 4294967294, NULL);
	const struct model *model = fixture_freeze(b, NULL);
	assert_int_equal(place(model, VIEW_USER, 80).all[2].width, 5);
	top->n_processes = 4194304;
	const struct columns columns = place(model, VIEW_USER, 80);
	assert_int_equal(columns.all[1].width, 10);
	assert_int_equal(columns.all[2].width, 7);
	top->n_processes = 0;
	model_unref(model);
}

/* The process that held it may have gone with it: its name is in the model before. */
static void test_leader_of_what_is_gone(void **state)
{
	struct builder *b = builder_new();

	(void)state;
	struct ns *top = fixture_user(b, FIXTURE_INITIAL_USER, NULL, 0, "root");
	const struct ns *held = fixture_user(b, 50, top, 0, "root");
	fixture_process(b, 12, "bash", top);
	fixture_hold_fd(b, held, 12, 7);
	const struct model *before = fixture_freeze(b, NULL);
	const struct model *now = fixture_freeze(builder_new(), NULL);
	const struct marks marks = {.baseline = before};
	const struct tree_source source = {.model = now, .marks = &marks};
	const struct node node = {.ns = held, .mark = MARK_GONE};
	const struct columns columns = place(before, VIEW_USER, 80);
	_cleanup_text_ struct text text;

	text_init(&text);
	const struct column_source texts = column_widths_source(&source);
	columns.all[3].column->write(text.out, &texts, &node);
	assert_string_equal(text_get(&text), "held by fd 7 of bash (12)");
	model_unref(now);
	model_unref(before);
}

/* Levels that have no room are not drawn, but have all that the other columns do not need. */
static void test_deep_tree(void **state)
{
	const struct model *model = fixture_chain(32);
	const struct columns columns = place(model, VIEW_USER, 80);

	(void)state;
	const struct column_place *last = &columns.all[3];
	assert_string_equal(last->column->title, "LEADER");
	assert_int_equal(last->width, 16);
	assert_int_equal(columns.levels, (columns.all[0].width - 2 - 17) / 2);
	assert_int_equal(columns.all[0].width, 80 - 3 - (1 + 6) - (1 + 5) - (2 + 16));
	model_unref(model);
}

/* On each width LEADER is there while two columns are, and columns never overlap or pass the end.
 */
static void test_all_widths(void **state)
{
	static const enum view_kind views[] = {VIEW_USER, VIEW_ALL, VIEW_PROCESSES};
	const struct model *models[] = {fixture_rich(), fixture_chain(20), fixture_users()};

	(void)state;
	for (size_t m = 0; m < ARRAY_SIZE(models); m++) {
		for (size_t v = 0; v < ARRAY_SIZE(views); v++) {
			for (int limit = 10; limit < 220; limit++) {
				const struct columns columns = place(models[m], views[v], limit);
				const char *last = columns.all[columns.n - 1].column->title;

				for (size_t i = 0; i + 1 < columns.n; i++)
					assert_true(columns.all[i].start + columns.all[i].width <
					            columns.all[i + 1].start);
				assert_true(columns.all[columns.n - 1].start +
				                    columns.all[columns.n - 1].width <=
				            limit);
				if (columns.n > 1)
					assert_string_equal(last, views[v] == VIEW_PROCESSES
					                                  ? "DIFFERS FROM PARENT"
					                                  : "LEADER");
				if (limit >= 38)
					assert_true(columns.n >= 2);
			}
		}
		model_unref(models[m]);
	}
}

static bool has_title(const struct columns *columns, const char *title)
{
	for (size_t i = 0; i < columns->n; i++) {
		if (strcmp(columns->all[i].column->title, title) == 0)
			return true;
	}
	return false;
}

/* The command line comes first, the start and the number only on wide rows. */
static void test_columns_are_added(void **state)
{
	static const char *const arguments[] = {"/sbin/init", NULL};
	static const struct {
		int limit;
		bool cmdline, started, id;
	} wanted[] = {
	        {72, false, false, false},
	        {73, true, false, false},
	        {99, true, false, false},
	        {100, true, true, false},
	        {103, true, true, true},
	        {180, true, true, true},
	};
	struct builder *b = builder_new();

	(void)state;
	struct ns *top = fixture_user(b, FIXTURE_INITIAL_USER, NULL, 0, "root");
	top->id = 7;
	struct process *process = fixture_process(b, 1, "init", top);
	process->state = 'S';
	process->started = 500;
	process->cmdline = arguments;
	builder_host(b)->booted = 1795186800;
	builder_host(b)->hertz = 100;
	const struct model *model = fixture_freeze(b, NULL);
	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++) {
		const struct columns columns = place_with(model, VIEW_USER, wanted[i].limit, true);

		assert_int_equal(has_title(&columns, "COMMAND LINE"), wanted[i].cmdline);
		assert_int_equal(has_title(&columns, "STARTED"), wanted[i].started);
		assert_int_equal(has_title(&columns, "ID"), wanted[i].id);
		assert_true(has_title(&columns, "LEADER"));
	}
	model_unref(model);
}

/* A long holder may leave room for them only. */
static void test_short_columns_instead_of_the_command_line(void **state)
{
	static const char *const arguments[] = {"/sbin/init", NULL};
	struct builder *b = builder_new();

	(void)state;
	struct ns *top = fixture_user(b, FIXTURE_INITIAL_USER, NULL, 0, "root");
	top->id = 7;
	struct process *process =
	        fixture_process(b, 1, "a-name-that-needs-forty-four-columns-in-it", top);
	process->state = 'S';
	process->started = 500;
	process->cmdline = arguments;
	builder_host(b)->booted = 1795186800;
	builder_host(b)->hertz = 100;
	const struct model *model = fixture_freeze(b, NULL);
	const struct columns columns = place_with(model, VIEW_USER, 105, true);
	assert_false(has_title(&columns, "COMMAND LINE"));
	assert_true(has_title(&columns, "STARTED"));
	model_unref(model);
}

static void test_choice(void **state)
{
	static const struct {
		const char *text, *written;
	} wanted[] = {
	        {"auto", "auto"},
	        {"id", "ns,process,name,id,path"},
	        {"leader,ns,id", "ns,process,name,id,leader,path"},
	        {"+id,-procs",
	                "ns,process,name,types,id,owner,user,users,inside,leader,differs,path,"
	                "fstype,source,device,propagation,peers,covered,options"},
	        {"-ns", "ns,process,name,types,owner,user,procs,users,inside,leader,differs,path,"
	                "fstype,source,device,propagation,peers,covered,options"},
	};
	uint64_t choice;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++) {
		_cleanup_text_ struct text text;

		text_init(&text);
		assert_int_equal(column_choice_parse(wanted[i].text, &choice), 0);
		column_choice_write(text.out, choice);
		assert_string_equal(text_get(&text), wanted[i].written);
	}
	assert_int_equal(column_choice_parse("", &choice), -EINVAL);
	assert_int_equal(column_choice_parse("ns,x", &choice), -EINVAL);
	assert_int_equal(column_choice_parse("auto,ns", &choice), -EINVAL);
}

/* Mounts as of a container: paths of 40 columns on 3 levels, and sources of 23. */
static struct columns place_mounts(uint64_t choice, int limit)
{
	const struct column_widths widths = {
	        .depth = 3,
	        .tree = 2 * 4 + 40,
	        .widths = {[COLUMN_PATH] = 40,
	                [COLUMN_FSTYPE] = 8,
	                [COLUMN_SOURCE] = 23,
	                [COLUMN_DEVICE] = 5,
	                [COLUMN_PROPAGATION] = 24,
	                [COLUMN_PEERS] = 1,
	                [COLUMN_OPTIONS] = 24},
	};
	struct columns columns;

	columns_place(&columns, &widths, choice, VIEW_MOUNTS, limit);
	return columns;
}

/* Other texts are cut and columns left out before paths, unless these need more than half a row. */
static void test_paths_of_mounts(void **state)
{
	static const struct {
		int limit;
		size_t n;
		int width, levels, source;
	} wanted[] = {{160, 7, 48, 3, 23}, {120, 6, 48, 3, 23}, {100, 4, 48, 3, 23},
	        {80, 4, 48, 3, 12}, {60, 4, 34, 3, 8}, {40, 2, 26, 2, 10}};
	uint64_t choice;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++) {
		const struct columns columns = place_mounts(0, wanted[i].limit);

		assert_int_equal(columns.n, wanted[i].n);
		assert_int_equal(columns.all[0].width, wanted[i].width);
		assert_int_equal(columns.levels, wanted[i].levels);
		const size_t source = columns.n > 2 ? 2 : 1;
		assert_int_equal(columns.all[source].width, wanted[i].source);
	}
	/* Columns that were chosen are not left out for a path. */
	assert_int_equal(column_choice_parse("path,source,peers,covered,options", &choice), 0);
	assert_int_equal(place_mounts(choice, 80).n, 5);
}

static void test_widths_only_grow(void **state)
{
	const struct model *model = fixture_users();
	const struct marks marks = {0};
	struct names *names = names_new();
	const struct tree_source source = {.model = model, .marks = &marks, .names = names};
	struct column_widths widths = {0}, before;
	struct hierarchy hierarchy;

	(void)state;
	hierarchy_build(&hierarchy, model, NULL, &(struct view_options){.kind = VIEW_USER});
	column_widths_measure(&widths, 0, &hierarchy, &source);
	before = widths;
	hierarchy.n = 1;
	column_widths_measure(&widths, 0, &hierarchy, &source);
	assert_memory_equal(&widths, &before, sizeof(widths));
	hierarchy_release(&hierarchy);
	names_free(names);
	model_unref(model);
}

int main(void)
{
	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		return 77;
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_titles_of_views),
	        cmocka_unit_test(test_places),
	        cmocka_unit_test(test_long_owner_is_cut),
	        cmocka_unit_test(test_long_user_is_cut),
	        cmocka_unit_test(test_names_of_processes),
	        cmocka_unit_test(test_numbers),
	        cmocka_unit_test(test_leader_of_what_is_gone),
	        cmocka_unit_test(test_deep_tree),
	        cmocka_unit_test(test_all_widths),
	        cmocka_unit_test(test_columns_are_added),
	        cmocka_unit_test(test_short_columns_instead_of_the_command_line),
	        cmocka_unit_test(test_choice),
	        cmocka_unit_test(test_paths_of_mounts),
	        cmocka_unit_test(test_widths_only_grow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
