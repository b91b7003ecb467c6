/* SPDX-License-Identifier: Apache-2.0 */

/* The graph screen beside its app: which nodes the arrow keys reach, and where owner lines run. */

#include "base/attributes.h"
#include "base/memory.h"
#include "tests/ui/frame_text.h"
#include "tests/ui/model_text.h"
#include "tests/unit.h"
#include "ui/graph/graph.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const models[] = {"graph12.model", "graph300.model", "graph-alike.model",
        "containers.model", "deep.model", "picture.model", "unknown.model", "userns.model",
        "lone.model"};

/* A random host: each namespace has a parent, and each PID namespace an owner, among those before
 * it. All have a process with a short name. */
static const struct model *random_model(unsigned seed)
{
	enum { USERS = 12, PIDS = 20 };
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	srand(seed);
	fputs("host name=db7\nuser 100 owner=0\npid 200 owner=100\n", out);
	for (int i = 1; i < USERS; i++)
		fprintf(out, "user %d parent=%d owner=%d\n", 100 + i, 100 + rand() % i, i);
	for (int i = 1; i < PIDS; i++)
		fprintf(out, "pid %d parent=%d owner=%d\n", 200 + i, 200 + rand() % i,
		        100 + rand() % USERS);
	for (int i = 0; i < PIDS; i++)
		fprintf(out, "proc %d name=a uid=0 started=1 user=%d pid=%d\n", 1 + i,
		        100 + i % USERS, 200 + i);
	assert_int_equal(fclose(out), 0);
	const struct model *model = model_from_text(text);
	free(text);
	return model;
}

struct shown {
	struct marks marks;
	struct graph graph;
	const struct model *model;
};

static void show(struct shown *ret, const struct model *model, enum graph_zoom zoom)
{
	*ret = (struct shown){.model = model};
	const struct graph_look look = {.model = model, .marks = &ret->marks, .is_whole = true};

	ret->graph.zoom = zoom;
	graph_set_size(&ret->graph, 22, 80);
	graph_open(&ret->graph, &look, NULL, 0);
}

static void hide(struct shown *shown)
{
	graph_release(&shown->graph);
	model_unref(shown->model);
}

static char *draw(const struct graph *graph)
{
	const struct rect rect = {0, 0, (int)graph->rows.page, (int)graph->columns.page};
	struct frame frame;

	frame_init(&frame, rect.rows, rect.columns);
	graph_draw(graph, &frame, &rect);
	char *text = frame_text(&frame);
	frame_release(&frame);
	return text;
}

/* --- arrow keys --------------------------------------------------------------------------- */

static size_t count(const struct graph *graph)
{
	return graph_plan_hierarchy(&graph->plan, PAIR_PID)->n +
	       graph_plan_hierarchy(&graph->plan, PAIR_USER)->n;
}

/* All nodes are one list, the PID hierarchy first. */
static size_t number_of(const struct graph *graph, struct graph_at at)
{
	return at.node +
	       (at.part == PAIR_USER ? graph_plan_hierarchy(&graph->plan, PAIR_PID)->n : 0);
}

/* From each node that was reached, a step in each direction. */
static void assert_all_reached(struct graph *graph)
{
	const size_t n = count(graph);
	_cleanup_free_ struct graph_at *queue = memory_new((n + 1) * sizeof(*queue));
	_cleanup_free_ bool *is_reached = memory_new(n + 1);
	size_t n_reached = 1;

	queue[0] = graph->selected;
	is_reached[number_of(graph, graph->selected)] = true;
	for (size_t i = 0; i < n_reached; i++) {
		for (enum graph_step step = STEP_UP; step <= STEP_CHILD; step++) {
			graph->selected = queue[i];
			graph_step(graph, step);
			const size_t number = number_of(graph, graph->selected);

			if (is_reached[number])
				continue;
			is_reached[number] = true;
			queue[n_reached++] = graph->selected;
		}
	}
	assert_int_equal(n_reached, n);
}

static void test_arrows_reach_all(void **state)
{
	struct shown shown;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(models); i++) {
		show(&shown, model_from_file(models[i]), GRAPH_NAMES);
		assert_all_reached(&shown.graph);
		hide(&shown);
	}
	for (unsigned seed = 1; seed < 200; seed++) {
		show(&shown, random_model(seed), GRAPH_NAMES);
		assert_all_reached(&shown.graph);
		hide(&shown);
	}
}

static void test_arrows_without_selection(void **state)
{
	struct shown shown;

	(void)state;
	for (enum graph_step step = STEP_UP; step <= STEP_CHILD; step++) {
		show(&shown, model_from_file(models[0]), GRAPH_NAMES);
		shown.graph.selected.node = NODE_NO_PARENT;
		graph_step(&shown.graph, step);
		assert_ptr_equal(graph_selected(&shown.graph),
		        &graph_plan_hierarchy(&shown.graph.plan, PAIR_PID)->nodes[0]);
		hide(&shown);
	}
}

/* --- the end of a search ------------------------------------------------------------------ */

/* From each node, also from those without a namespace; to the same picture. */
static void assert_search_comes_back(struct graph *graph)
{
	graph_search_find(graph, "1", false, false);
	for (size_t i = count(graph); i > 0; i--) {
		struct graph_place place;

		graph_walk(graph, false);
		const struct graph_at from = graph->selected;
		_cleanup_free_ char *before = draw(graph);

		graph_leave(graph, &place);
		for (size_t k = 0; k < graph->all[PAIR_PID].n; k++)
			graph_search_select(graph, k);
		graph_return(graph, &place);
		_cleanup_free_ char *after = draw(graph);

		assert_int_equal(graph->selected.part, from.part);
		assert_int_equal(graph->selected.node, from.node);
		assert_string_equal(after, before);
	}
}

static void show_details(struct graph *graph)
{
	struct graph_look look = graph->look;
	struct node gone;

	look.view.with_details = true;
	graph_update(graph, &look, &gone);
}

static void test_search_comes_back(void **state)
{
	static const char *const headings[] = {"unknown-details.model", "partial.model"};
	struct shown shown;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(headings); i++) {
		show(&shown, model_from_file(headings[i]), GRAPH_NAMES);
		show_details(&shown.graph);
		assert_search_comes_back(&shown.graph);
		hide(&shown);
	}
}

/* Twelve PID namespaces in a group, and a user namespace with more words than there is room for. A
 * member outside the group has as many, and stands further right. */
static const struct model *wide_model(void)
{
	static const char path[] = "/run/a/long/path/to/a/namespace/that/is/longer/than/the/window";
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	fputs("host name=db7\nuser 100 owner=0\npid 200 owner=100\n", out);
	for (int i = 0; i < 12; i++)
		fprintf(out, "pid %d parent=200 owner=100\n", 201 + i);
	for (int i = 0; i < 13; i++)
		fprintf(out, "proc %d name=a uid=0 started=1 user=100 pid=%d\n", 1 + i, 200 + i);
	fprintf(out, "hold 100 mount=%s\nhold 205 mount=%s\n", path, path);
	assert_int_equal(fclose(out), 0);
	const struct model *model = model_from_text(text);
	free(text);
	return model;
}

static void test_search_restores_names(void **state)
{
	struct shown shown;

	(void)state;
	show(&shown, wide_model(), GRAPH_BOXES);
	graph_set_zoom(&shown.graph, GRAPH_BOXES);
	assert_search_comes_back(&shown.graph);
	hide(&shown);
}

/* --- owner lines -------------------------------------------------------------------------- */

/* No box of any part is in these cells of the row. */
static void assert_free(const struct graph *graph, int row, int from, int end)
{
	for (enum pair_part part = 0; part < PAIR_PARTS; part++) {
		const struct pair_tree *tree = &graph->plan.pair.trees[part];

		for (size_t i = 0; i < tree->hierarchy.n; i++) {
			const struct pair_box *box = &tree->boxes[i];

			assert_false(row >= box->y && row < box->y + box->height &&
			             from < box->x + box->width && end > box->x);
		}
	}
}

/* From its box to the right end of the picture. */
static void assert_line_free(const struct graph *graph, enum pair_part part, size_t node)
{
	const struct pair_box *box = &graph->plan.pair.trees[part].boxes[node];
	const int row = graph->plan.parts[part].line[node];
	const bool is_below = row >= box->y + box->height;

	assert_true(is_below || row == graph_plan_anchor(box));
	assert_free(graph, row, is_below ? box->x : box->x + box->width, graph->plan.columns);
	for (int y = box->y + box->height; y <= row; y++)
		assert_free(graph, y, box->x + 1, box->x + 2);
}

/* If all are drawn, also no two in one row that have different owners. */
static void assert_lines(const struct graph *graph)
{
	const struct pair_plan *pair = &graph->plan.pair;
	const int *pids = graph->plan.parts[PAIR_PID].line;
	const int *users = graph->plan.parts[PAIR_USER].line;

	for (size_t i = 0; i < pair->n_drawn; i++) {
		assert_line_free(graph, PAIR_PID, pair->lines[i].pid);
		assert_line_free(graph, PAIR_USER, pair->lines[i].user);
		for (size_t k = 0; graph->with_all_owners && k < i; k++) {
			if (pair->lines[k].user == pair->lines[i].user)
				continue;
			assert_int_not_equal(pids[pair->lines[k].pid], pids[pair->lines[i].pid]);
			assert_int_not_equal(
			        users[pair->lines[k].user], users[pair->lines[i].user]);
		}
	}
}

static void test_lines_are_free(void **state)
{
	struct shown shown;

	(void)state;
	for (enum graph_zoom zoom = 0; zoom < GRAPH_ZOOMS; zoom++) {
		for (size_t i = 0; i < ARRAY_SIZE(models); i++) {
			show(&shown, model_from_file(models[i]), zoom);
			assert_lines(&shown.graph);
			graph_toggle_owners(&shown.graph);
			assert_lines(&shown.graph);
			hide(&shown);
		}
		for (unsigned seed = 1; seed < 100; seed++) {
			show(&shown, random_model(seed), zoom);
			assert_lines(&shown.graph);
			graph_toggle_owners(&shown.graph);
			assert_lines(&shown.graph);
			hide(&shown);
		}
	}
}

/* Each character that is there without lines to owners is there with them. */
static void assert_hides_nothing(struct graph *graph)
{
	const size_t n_drawn = graph->plan.pair.n_drawn;
	_cleanup_free_ char *with = draw(graph);

	graph->plan.pair.n_drawn = 0;
	_cleanup_free_ char *without = draw(graph);
	graph->plan.pair.n_drawn = n_drawn;

	const char *at = with;
	for (const char *c = without; *c; c++) {
		if (*c == '\n')
			at = strchr(at, '\n');
		else if (*c != ' ')
			assert_int_equal(*at, *c);
		at++;
	}
}

/* The character in that cell of the picture, 0 if it is out of view. */
static char cell(const struct graph *graph, const char *drawn, int row, int column)
{
	const char *c = drawn;

	row -= (int)graph->rows.top;
	column -= (int)graph->columns.top;
	if (row < 0 || row >= (int)graph->rows.page || column < 0 ||
	        column >= (int)graph->columns.page)
		return 0;
	for (; row > 0 && c; row--)
		c = strchr(c, '\n') ? strchr(c, '\n') + 1 : NULL;
	if (!c)
		return ' ';
	const size_t len = strcspn(c, "\n");
	return (size_t)column + 1 < len ? c[column + 1] : ' '; /* behind the bar */
}

/* All lines are drawn: each lane is seen in all of its rows. */
static void assert_lanes(const struct graph *graph)
{
	const struct pair_plan *pair = &graph->plan.pair;
	const int first = (int)graph_lines_columns(graph) - GRAPH_LANE * (int)pair->n_lanes + 1;
	_cleanup_free_ char *drawn = draw(graph);

	for (size_t i = 0; i < pair->n_drawn; i++) {
		const struct pair_line *line = &pair->lines[i];

		for (int row = graph->plan.parts[PAIR_PID].line[line->pid];
		        row <= graph->plan.parts[PAIR_USER].line[line->user]; row++) {
			const char c =
			        cell(graph, drawn, row, first + GRAPH_LANE * (int)line->lane);

			assert_true(!c || strchr(":.+", c));
		}
	}
}

/* The window has fewer rows than the picture, so that there are words on lines; if all lines are
 * drawn, also without room for them. In a window with fewer columns than the picture they may hide
 * lines between parent and child. */
static void test_lines_hide_nothing(void **state)
{
	struct shown shown;

	(void)state;
	for (unsigned seed = 1; seed < 100; seed++) {
		show(&shown, random_model(seed), GRAPH_NAMES);
		shown.graph.look.is_ascii = true;
		graph_set_size(&shown.graph, 12, 300);
		for (size_t i = count(&shown.graph); i > 0; i--) {
			graph_walk(&shown.graph, false);
			assert_hides_nothing(&shown.graph);
		}
		graph_toggle_owners(&shown.graph);
		for (int columns = 60; columns <= 100; columns += 20) {
			graph_set_size(&shown.graph, 12, columns);
			for (size_t i = count(&shown.graph); i > 0; i--) {
				graph_walk(&shown.graph, false);
				assert_lanes(&shown.graph);
				if (graph_lines_columns(&shown.graph) <= (size_t)columns)
					assert_hides_nothing(&shown.graph);
			}
		}
		hide(&shown);
	}
}

/* --- refresh ------------------------------------------------------------------------------ */

/* What a key does that changes the picture. */
static void change(struct graph *graph)
{
	switch (rand() % 6) {
	case 0:
		graph_toggle_owners(graph);
		break;
	case 1:
		graph_toggle_group(graph);
		break;
	case 2:
		graph_set_zoom(graph, (enum graph_zoom)(rand() % GRAPH_ZOOMS));
		break;
	case 3:
		graph_set_size(graph, 5 + rand() % 40, 20 + rand() % 120);
		break;
	default:
		for (int i = rand() % 9; i >= 0; i--)
			graph_walk(graph, false);
	}
}

/* The same model again does not change the picture. */
static void assert_refresh_moves_nothing(struct shown *shown)
{
	const struct graph_look look = {
	        .model = shown->model, .marks = &shown->marks, .is_whole = true};
	struct node gone;

	for (int i = 0; i < 300; i++) {
		change(&shown->graph);
		_cleanup_free_ char *before = draw(&shown->graph);

		assert_false(graph_update(&shown->graph, &look, &gone));
		_cleanup_free_ char *after = draw(&shown->graph);
		assert_string_equal(after, before);
	}
}

static void test_refresh_moves_nothing(void **state)
{
	static const char *const others[] = {"graph-groups.model", "graph44.model"};
	struct shown shown;

	(void)state;
	srand(1);
	for (size_t i = 0; i < ARRAY_SIZE(models); i++) {
		show(&shown, model_from_file(models[i]), GRAPH_NAMES);
		assert_refresh_moves_nothing(&shown);
		hide(&shown);
	}
	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		show(&shown, model_from_file(others[i]), GRAPH_NAMES);
		assert_refresh_moves_nothing(&shown);
		hide(&shown);
	}
	for (unsigned seed = 1; seed < 5; seed++) {
		show(&shown, random_model(seed), GRAPH_NAMES);
		srand(seed);
		assert_refresh_moves_nothing(&shown);
		hide(&shown);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_arrows_reach_all),
	        cmocka_unit_test(test_arrows_without_selection),
	        cmocka_unit_test(test_search_comes_back),
	        cmocka_unit_test(test_search_restores_names),
	        cmocka_unit_test(test_lines_are_free),
	        cmocka_unit_test(test_lines_hide_nothing),
	        cmocka_unit_test(test_refresh_moves_nothing),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests_name("the graph", tests, NULL, NULL);
}
