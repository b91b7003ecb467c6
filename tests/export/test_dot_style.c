/* SPDX-License-Identifier: Apache-2.0 */

/* How nodes and edges of DOT look, and the legend that explains it. */

#include "base/attributes.h"
#include "export/export.h"
#include "tests/export/gv.h"
#include "tests/unit.h"
#include "tests/view/fixture.h"

#include <stdlib.h>
#include <string.h>

/* The part of the graph that stands on the left. */
static Agraph_t *find_rank(Agraph_t *graph)
{
	for (Agraph_t *sub = agfstsubg(graph); sub; sub = agnxtsubg(sub))
		if (strcmp(agget(sub, gv_string("rank")), "max") == 0)
			return sub;
	fail_msg("no rank=max");
	return NULL;
}

static void test_looks(void **state)
{
	(void)state;
	const struct model *model = fixture_rich();
	Agraph_t *graph = gv_parse(model, GV_NO_DETAILS);
	Agnode_t *user = gv_find(graph, model_find(model, NS_USER, FIXTURE_INITIAL_USER));
	Agnode_t *pid = gv_find(graph, model_find(model, NS_PID, FIXTURE_INITIAL_PID));
	Agraph_t *roots = find_rank(graph);

	gv_assert(graph, "charset", "UTF-8");
	gv_assert(graph, "rankdir", "RL");
	gv_assert(graph, "newrank", "true");
	assert_int_equal(gv_count_nodes(roots), 2);
	assert_non_null(agsubnode(roots, user, 0));
	assert_non_null(agsubnode(roots, pid, 0));
	gv_assert(user, "class", "ns user");
	gv_assert(user, "label", "systemd (1)\\nuser:[4026531837]\\nowner root (0)");
	gv_assert(user, "penwidth", "2");
	gv_assert(pid, "class", "ns pid");
	gv_assert(pid, "label", "systemd (3)\\npid:[4026531836]");
	gv_assert(pid, "style", "rounded,filled");
	gv_assert(gv_find(graph, model_find(model, NS_USER, 4026532582)), "label",
	        "held by fd 7 of bash (1468)\\nuser:[4026532582]\\nowner harald (1000)");
	agclose(graph);
	model_unref(model);
}

static bool has_key(Agraph_t *graph, const char *name)
{
	Agnode_t *key = agnode(graph, gv_string(name), 0);

	return key && gv_is_legend(key) &&
	       agsubnode(agsubg(graph, gv_string("cluster_legend"), 0), key, 0);
}

/* The legend lists what is drawn, and no more. */
static void test_legend(void **state)
{
	(void)state;
	const struct model *model = fixture_rich();
	Agraph_t *graph = gv_parse(model, GV_NO_DETAILS);
	Agnode_t *tail = agnode(graph, gv_string("legend-child"), 0);

	assert_non_null(tail);
	assert_true(has_key(graph, "legend-pid"));
	assert_true(has_key(graph, "legend-user"));
	assert_true(has_key(graph, "legend-root"));
	assert_true(has_key(graph, "legend-owner"));
	assert_true(has_key(graph, "legend-initial"));
	assert_false(has_key(graph, "legend-owned"));
	assert_false(has_key(graph, "legend-details"));
	assert_false(has_key(graph, "legend-group"));
	assert_false(has_key(graph, "legend-above"));
	assert_false(has_key(graph, "legend-plus"));
	gv_assert(gv_find_edge(graph, tail, agnode(graph, gv_string("legend-parent"), 0)), "class",
	        "legend");
	agclose(graph);
	model_unref(model);

	model = fixture_rich();
	graph = gv_parse_view(model, &(struct view_options){.kind = VIEW_USER,
	                                     .is_single = true,
	                                     .with_details = true,
	                                     .with_all_details = true});
	assert_true(has_key(graph, "legend-below-owner"));
	assert_true(has_key(graph, "legend-folder"));
	agclose(graph);
	model_unref(model);

	model = fixture_users();
	graph = gv_parse(model, GV_DETAILS);
	assert_false(has_key(graph, "legend-pid"));
	assert_false(has_key(graph, "legend-owner"));
	assert_false(has_key(graph, "legend-initial"));
	assert_true(has_key(graph, "legend-parent"));
	agclose(graph);
	model_unref(model);
}

static void test_themes(void **state)
{
	(void)state;
	const struct model *model = fixture_rich();
	static const char *const grounds[] = {
	        [EXPORT_THEME_AUTO] = "#ffffff",
	        [EXPORT_THEME_LIGHT] = "#ffffff",
	        [EXPORT_THEME_DARK] = "#0d1117",
	        [EXPORT_THEME_MONO] = "#ffffff",
	};

	for (enum export_theme theme = 0; theme < ARRAY_SIZE(grounds); theme++) {
		const struct export_request request = {.model = model, .theme = theme};
		struct fixture_text text;

		fixture_text_begin(&text);
		assert_int_equal(export_dot(text.file, &request), 0);
		char *dot = fixture_text_end(&text);
		Agraph_t *graph = agmemread(dot);
		assert_non_null(graph);
		gv_assert(graph, "bgcolor", grounds[theme]);
		for (const char *c = dot; theme == EXPORT_THEME_MONO && (c = strchr(c, '#')); c++) {
			if (strspn(c, "#0123456789abcdef") == 7)
				assert_true(strncmp(c, "#000000", 7) == 0 ||
				            strncmp(c, "#ffffff", 7) == 0);
		}
		agclose(graph);
		free(dot);
	}
	model_unref(model);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_looks),
	        cmocka_unit_test(test_legend),
	        cmocka_unit_test(test_themes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
