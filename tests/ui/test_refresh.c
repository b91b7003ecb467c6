/* SPDX-License-Identifier: Apache-2.0 */

/* Random hosts that change, with fixed seeds: the selection follows its rule, and marks theirs. */

#include "base/attributes.h"
#include "base/memory.h"
#include "tests/ui/frame_text.h"
#include "tests/ui/model_text.h"
#include "tests/ui/world.h"
#include "tests/unit.h"
#include "ui/app/app.h"
#include "ui/app/screens.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

/* --- the rule, said once more and in another way ---------------------------------------- */

/* Who is to be selected when slot `gone` (in `before`) has gone in `now`. What is in the slot then
 * has the same number. */
static uint64_t heir(const struct world *before, const struct world *now, size_t gone)
{
	const size_t parent = before->parents[gone];
	size_t last = 0;

	if (!now->exists[parent] || now->generations[parent] != before->generations[parent])
		return heir(before, now, parent);
	for (size_t i = 1; i < WORLD_SLOTS; i++) {
		if (!now->exists[i] || now->parents[i] != parent || i == gone)
			continue;
		if (i > gone)
			return world_tag(now, i);
		last = i;
	}
	return world_tag(now, last ? last : parent);
}

/* --- the app -------------------------------------------------------------------------------- */

static void send(struct app *app, struct event event, uint64_t now)
{
	event.now_ms = now;
	app_handle(app, &event);
}

static void send_model(struct app *app, const struct world *world, uint64_t now)
{
	send(app,
	        (struct event){.kind = EVENT_MODEL,
	                .scan = {.model = world_model(world), .is_whole = true}},
	        now);
}

static void send_key(struct app *app, uint32_t key, uint64_t now)
{
	send(app, (struct event){.kind = EVENT_KEY, .key = key}, now);
}

static void assert_frame(const struct app *app, bool is_ascii)
{
	struct frame frame;

	app_render(app, &frame);
	const char *fault = frame_fault(&frame, is_ascii);
	if (fault) {
		_cleanup_free_ char *text = frame_text(&frame);

		fail_msg("%s\n%s", fault, text);
	}
	frame_release(&frame);
}

/* What is selected and what is first in view, and how far apart they are. */
struct look {
	uint64_t selected;
	uint64_t top;
	bool is_gone;
};

static struct look look_at(const struct app *app)
{
	const struct tree *tree = &app->tree;
	const struct node *node = tree_selected(tree);

	return (struct look){
	        .selected = node_tag(node),
	        .top = node_tag(&tree->hierarchy.nodes[tree->rows.all[tree->scroller.top].node]),
	        .is_gone = node->mark == MARK_GONE,
	};
}

static bool is_row(const struct app *app, uint64_t tag)
{
	for (size_t i = 0; i < app->tree.rows.n; i++) {
		if (node_tag(&app->tree.hierarchy.nodes[app->tree.rows.all[i].node]) == tag)
			return true;
	}
	return false;
}

/* What is closed before a refresh is closed after it, unless it hid what is now selected. */
static void assert_folds(const struct app *app, const struct u64_set *before)
{
	const struct tree *tree = &app->tree;
	const struct u64_set *closed =
	        tree->filtered ? &tree->toggled_filtered : &tree->toggled[tree->view.kind];
	const struct hierarchy *hierarchy = &tree->hierarchy;
	const size_t selected = tree->rows.all[tree->scroller.selected].node;

	for (size_t i = 0; i < before->n; i++) {
		const size_t index = hierarchy_find(hierarchy, before->items[i]);
		const bool hid = index != NODE_NO_PARENT && index < selected &&
		                 selected < hierarchy->nodes[index].end;

		assert_true(hid || u64_set_has(closed, before->items[i]));
	}
	for (size_t i = 0; i < closed->n; i++)
		assert_true(u64_set_has(before, closed->items[i]));
}

/* The row of the first namespace that was in view, and still is a row, is where it was, as far as
 * the selection and the ends of the list let it. True if it is known to be. */
static bool assert_scroll(const struct app *app, const struct look *was, const struct look *is)
{
	const struct tree *tree = &app->tree;

	if (was->selected != is->selected || !is_row(app, was->top) ||
	        tree->scroller.top + tree->scroller.page >= tree->rows.n ||
	        tree->scroller.selected + 1 >= tree->scroller.top + tree->scroller.page ||
	        tree->scroller.selected == tree->scroller.top)
		return false;
	assert_int_equal(is->top, was->top);
	return true;
}

/* After a refresh: the selection stays or moves by the rule, with a word about it. */
static void assert_selection(const struct app *app, const struct look *was,
        const struct world *before, const struct world *now)
{
	const struct look is = look_at(app);

	if (was->is_gone) {
		assert_true(is.selected == was->selected || world_has(now, is.selected));
	} else if (world_has(now, was->selected)) {
		assert_int_equal(is.selected, was->selected);
		assert_null(app->message);
	} else {
		assert_int_equal(is.selected, heir(before, now, world_slot(was->selected)));
		assert_non_null(strstr(app->message, "is gone"));
	}
	assert_true(app->tree.scroller.selected >= app->tree.scroller.top);
	assert_true(app->tree.scroller.selected < app->tree.scroller.top + app->tree.scroller.page);
}

/* What was closed is closed; the selection's own ancestors may have been opened. */
static void press_some(struct app *app, struct world *world, uint64_t now)
{
	static const char *const words[] = {"Up", "Down", "Down", "Down", "Down", "Down", "Left",
	        "Right", "Right", "Space", "PgDn", "PgUp", "End", "C-d", "C-d", "Backspace", "d"};

	for (unsigned n = world_below(world, 4); n > 0; n--) {
		const char *word = words[world_below(world, ARRAY_SIZE(words))];

		send_key(app, keys_from_word(word, strlen(word)), now);
	}
	/* Seldom, since they lead back to the top. */
	if (!world_below(world, 20))
		send_key(app, "*gtt"[world_below(world, 4)], now);
	while (app->tree.view.kind != VIEW_USER)
		send_key(app, 't', now);
	/* A message of an earlier refresh ends with a key. */
	send_key(app, 'x', now);
}

static struct app *open_app(const struct app_options *options)
{
	struct app_options all = *options;

	settings_init(&all.settings);
	return app_new(&all);
}

/* What is selected goes more often than others, and often another one has its number and parent at
 * once: true then. */
static bool end_selected(struct world *world, uint64_t selected)
{
	const size_t slot = world_slot(selected);

	if (world_below(world, 4) || !world_has(world, selected) || world_has_child(world, slot))
		return false;
	world->exists[slot] = slot > 0 && world_below(world, 2);
	world->generations[slot] += world->exists[slot];
	return world->exists[slot];
}

static void test_selection(void **state)
{
	const struct app_options options = {.is_live = true, .save_stem = "x"};
	unsigned moved = 0, scrolled = 0, reused = 0;

	(void)state;
	for (uint32_t seed = 1; seed <= 10; seed++) {
		struct app *app = open_app(&options);
		struct world world;
		uint64_t now = 1000;

		world_init(&world, seed * 7919);
		send_model(app, &world, now);
		for (int i = 0; i < 100; i++) {
			now += 200 + world_below(&world, 3000);
			press_some(app, &world, now);
			const struct look was = look_at(app);
			const struct world before = world;
			struct tree_place place = {0};
			tree_leave(&app->tree, &place);
			world_change(&world);
			reused += end_selected(&world, was.selected);
			send_model(app, &world, now);
			assert_selection(app, &was, &before, &world);
			assert_folds(app, &place.toggled);
			tree_place_release(&place);
			const struct look is = look_at(app);
			scrolled += assert_scroll(app, &was, &is);
			assert_frame(app, false);
			moved += !world_has(&world, was.selected) && !was.is_gone;
		}
		app_free(app);
	}
	print_message(
	        "1000 refreshes, %u times the selected one went, %u times another one had its "
	        "number at once, %u times the place is sure\n",
	        moved, reused, scrolled);
	assert_true(reused > 20);
	assert_true(moved > 50);
	assert_true(scrolled > 50);
}

static void test_nothing_jumps(void **state)
{
	const struct app_options options = {.is_live = true, .save_stem = "x"};
	struct app *app = open_app(&options);
	struct world world;
	unsigned kept = 0;

	(void)state;
	world_init(&world, 4242);
	send_model(app, &world, 1);
	send_key(app, NSB_KEY_PAGE_DOWN, 1);
	for (uint64_t now = 2000; now < 600000; now += 2000) {
		const struct look was = look_at(app);

		world_change(&world);
		send_model(app, &world, now);
		if (!world_has(&world, was.top) || !world_has(&world, was.selected))
			continue;
		/* Unless what came between would push the selection out, or the list has become
		 * too short. */
		if (app->tree.scroller.top + app->tree.scroller.page < app->tree.rows.n &&
		        app->tree.scroller.selected + 1 <
		                app->tree.scroller.top + app->tree.scroller.page &&
		        is_row(app, was.top)) {
			assert_int_equal(look_at(app).top, was.top);
			kept++;
		}
	}
	assert_true(kept > 50);
	app_free(app);
}

/* Under a filter, in each view: what is selected stays while it is in it, only what matches and
 * what stands above it is shown, and the filter ends as it began. */
static void test_filter_outlives_refreshes(void **state)
{
	const struct app_options options = {.is_live = true, .save_stem = "x"};
	struct app *app = open_app(&options);
	struct world world;
	unsigned kept = 0;

	(void)state;
	world_init(&world, 777);
	send_model(app, &world, 1);
	for (const char *key = "\\(3)\r"; *key; key++)
		send_key(app, (unsigned char)*key, 1);
	for (uint64_t now = 2000; now < 400000; now += 2000) {
		const struct node *node = tree_selected(&app->tree);
		const uint64_t tag = node ? node_tag(node) : 0;

		assert_true(filter_is_on(&app->filter));
		world_change(&world);
		send_model(app, &world, now);
		assert_frame(app, false);
		for (size_t i = 0; i < app->tree.rows.n; i++) {
			const size_t index = app->tree.rows.all[i].node;
			const struct ns *ns = app->tree.hierarchy.nodes[index].ns;

			if (app->tree.filtered[index] == FILTERED_IN)
				assert_int_equal(ns->owner_uid, 3);
			else
				assert_true(app->tree.hierarchy.nodes[index].has_children);
		}
		if (tag && world_has(&world, tag) && is_row(app, tag)) {
			assert_int_equal(node_tag(tree_selected(&app->tree)), tag);
			kept++;
		}
		send_key(app, "jkVt"[world_below(&world, 4)], now);
		send_key(app, '\r', now);
		if (app->panes.is_detail_focused)
			send_key(app, '\t', now);
		while (app->tree.view.kind != VIEW_USER)
			send_key(app, 't', now);
	}
	assert_true(kept > 50);
	send_key(app, 27, 500000);
	send_key(app, 27, 500000);
	assert_false(filter_is_on(&app->filter));
	assert_null(app->tree.filtered);
	app_free(app);
}

/* Against the user's mark everything counts, for as long as it stands. */
static void test_fixed_mark(void **state)
{
	const struct app_options options = {.is_live = true, .save_stem = "x"};
	struct app *app = open_app(&options);
	struct world world;

	(void)state;
	world_init(&world, 4711);
	send_model(app, &world, 1);
	send_key(app, 'm', 1);
	const struct world marked = world;
	for (uint64_t now = 2000; now < 200000; now += 2000) {
		size_t n_new = 0, n_gone = 0;

		world_change(&world);
		send_model(app, &world, now);
		for (size_t i = 0; i < WORLD_SLOTS; i++) {
			const bool is_same = world.generations[i] == marked.generations[i];

			n_new += world.exists[i] && (!marked.exists[i] || !is_same);
			n_gone += marked.exists[i] && (!world.exists[i] || !is_same);
		}
		assert_int_equal(app->marks.namespaces.n_new, n_new);
		assert_int_equal(app->marks.namespaces.n_gone, n_gone);
		assert_frame(app, false);
	}
	send_key(app, 'm', 300000);
	send_key(app, 'm', 300000);
	assert_int_equal(app->marks.n, 0);
	assert_null(app->marks.baseline);
	app_free(app);
}

/* --- marks ------------------------------------------------------------------------------------ */

struct times {
	uint64_t born[WORLD_SLOTS];
	uint64_t died[WORLD_SLOTS];
};

/* Each mark lasts until the first refresh that is 5 s later, not shorter and not longer. */
static void assert_marks(
        const struct app *app, const struct world *world, const struct times *times, uint64_t now)
{
	for (size_t i = 1; i < WORLD_SLOTS; i++) {
		if (!world->generations[i])
			continue;
		const uint64_t since = world->exists[i] ? times->born[i] : times->died[i];
		const bool is_young = since && now - since < MARKS_MS;
		const enum node_mark mark = marks_get(&app->marks, world_tag(world, i));

		if (world->exists[i])
			assert_int_equal(mark, is_young ? MARK_NEW : MARK_NONE);
		else if (mark != MARK_NONE)
			assert_true(is_young && mark == MARK_GONE);
		/* What went is to be seen as long as its mark. */
		if (mark == MARK_GONE)
			assert_true(is_row(app, world_tag(world, i)));
	}
}

static void test_marks(void **state)
{
	const struct app_options options = {.is_live = true, .save_stem = "x"};
	struct app *app = open_app(&options);
	struct times times = {0};
	struct world world;
	unsigned seen = 0;

	(void)state;
	world_init(&world, 31337);
	send_model(app, &world, 1);
	assert_int_equal(app->marks.n, 0);
	for (uint64_t now = 2000; now < 400000; now += 500 + world_below(&world, 3000)) {
		const struct world before = world;

		world_change(&world);
		for (size_t i = 1; i < WORLD_SLOTS; i++) {
			if (world.generations[i] != before.generations[i])
				times.born[i] = now;
			if (before.exists[i] && !world.exists[i])
				times.died[i] = now;
		}
		send_model(app, &world, now);
		assert_marks(app, &world, &times, now);
		seen += (unsigned)app->marks.n;
	}
	assert_true(seen > 100);
	/* It ends with the first refresh after 5 s, and with it the model before. */
	send_model(app, &world, 500000);
	assert_int_equal(app->marks.n, 0);
	assert_null(app->marks.baseline);
	app_free(app);
}

static void test_quick_models_mark_nothing(void **state)
{
	const struct app_options options = {.is_live = true, .save_stem = "x"};
	struct app *app = open_app(&options);
	struct world world;

	(void)state;
	world_init(&world, 99);
	send(app, (struct event){.kind = EVENT_MODEL, .scan = {.model = world_model(&world)}}, 1);
	world_create(&world, 7);
	send_model(app, &world, 2);
	assert_int_equal(app->marks.n, 0);
	/* One that leaves things out does not take the place of a whole one. */
	const struct model *whole = app->current;
	world.exists[7] = false;
	send(app, (struct event){.kind = EVENT_MODEL, .scan = {.model = world_model(&world)}}, 3);
	assert_ptr_equal(app->current, whole);
	app_free(app);
}

/* --- names ---------------------------------------------------------------------------------- */

/* Each process has another user. The name of the user of the host is requested too. */
static void test_names_of_the_users_in_view(void **state)
{
	enum { PROCESSES = 100, ROWS = 6 };
	char text[PROCESSES * 64] = "user 100 owner=0\n";
	struct app_options options = {.is_live = true};
	struct settings *settings = &options.settings;
	uid_t uid;
	size_t n = 0;

	(void)state;
	settings_init(settings);
	settings->values[SETTING_VIEW] = VIEW_PROCESSES;
	for (int i = 1; i <= PROCESSES; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text),
		        "proc %d name=a uid=%d started=1 user=100\n", i, 1000 + i);
	struct app *app = app_new(&options);
	send(app, (struct event){.kind = EVENT_RESIZE, .size = {.rows = ROWS, .columns = 80}}, 1);
	send(app,
	        (struct event){.kind = EVENT_MODEL,
	                .scan = {.model = model_from_text(text), .is_whole = true}},
	        1);
	while (app_next_uid(app, &uid))
		n++;
	assert_in_range(n, 2, ROWS);
	send_key(app, 'G', 1);
	assert_true(app_next_uid(app, &uid));
	app_free(app);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_selection),
	        cmocka_unit_test(test_nothing_jumps),
	        cmocka_unit_test(test_filter_outlives_refreshes),
	        cmocka_unit_test(test_fixed_mark),
	        cmocka_unit_test(test_marks),
	        cmocka_unit_test(test_quick_models_mark_nothing),
	        cmocka_unit_test(test_names_of_the_users_in_view),
	};

	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		return 77;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
