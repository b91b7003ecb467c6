/* SPDX-License-Identifier: Apache-2.0 */

/* Random hosts that change, random keys, random sizes, with fixed seeds: the selection follows its
 * rule, marks theirs, and each frame is one. */

#include "base/arena.h"
#include "base/attributes.h"
#include "base/memory.h"
#include "model/builder.h"
#include "tests/ui/frame_text.h"
#include "tests/unit.h"
#include "ui/app_internal.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS = 60, DEV = 4, TOP = 100 };

/* A host whose user namespaces come and go: slot i is a namespace with number TOP + i, below slot
 * parents[i]; a new one in the same slot has another tag. */
struct world {
	uint32_t seed;
	bool is_alive[SLOTS];
	unsigned births[SLOTS];
	size_t parents[SLOTS];
};

static uint32_t next_random(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

static unsigned below(struct world *world, unsigned n)
{
	return next_random(&world->seed) % n;
}

static uint64_t tag_of(const struct world *world, size_t slot)
{
	return 1000 + slot * 100000 + world->births[slot];
}

static bool has_living_child(const struct world *world, size_t slot)
{
	for (size_t i = slot + 1; i < SLOTS; i++) {
		if (world->is_alive[i] && world->parents[i] == slot)
			return true;
	}
	return false;
}

static void bear(struct world *world, size_t slot)
{
	do
		world->parents[slot] = below(world, (unsigned)slot);
	while (!world->is_alive[world->parents[slot]]);
	world->is_alive[slot] = true;
	world->births[slot]++;
}

/* A child keeps its parent alive, so that only those without one go. */
static void change(struct world *world)
{
	for (unsigned n = below(world, 6); n > 0; n--) {
		const size_t slot = 1 + below(world, SLOTS - 1);

		if (!world->is_alive[slot])
			bear(world, slot);
		else if (!has_living_child(world, slot))
			world->is_alive[slot] = false;
	}
}

static void world_init(struct world *world, uint32_t seed)
{
	*world = (struct world){.seed = seed, .is_alive = {true}};
	for (size_t i = 1; i < SLOTS; i++) {
		if (below(world, 2))
			bear(world, i);
	}
}

/* In two of three there is one, a child of the one in the parent. */
static void add_process(
        struct builder *builder, const struct world *world, size_t slot, const struct ns *ns)
{
	struct process *process = builder_process(builder, TOP + (pid_t)slot);
	pid_t *pids = arena_array(builder_arena(builder), 2, sizeof(*pids));

	pids[0] = process->pid;
	pids[1] = (pid_t)slot;
	process->nspid = pids;
	process->n_nspid = 2;
	process->ppid = TOP + (pid_t)world->parents[slot];
	process->started = 10 * slot + world->births[slot];
	process->name = slot % 2 ? "bash" : "\x1b[2J";
	process->comm = process->name;
	process->ns[NS_USER] = ns;
	process->is_uid_known = slot % 4;
	process->uid = (uid_t)(slot % 5);
}

static const struct model *model_of(const struct world *world)
{
	struct builder *builder = builder_new();
	const struct model *model;

	builder_host(builder)->name = "random";
	builder_host(builder)->is_complete = true;
	for (size_t i = 0; i < SLOTS; i++) {
		if (!world->is_alive[i])
			continue;
		struct ns *ns = builder_ns(builder, NS_USER, DEV, TOP + i, NULL);
		ns->id = tag_of(world, i);
		ns->owner_uid_state = REL_KNOWN;
		ns->owner_uid = (uid_t)(i % 5);
		ns->parent.state = i ? REL_KNOWN : REL_INITIAL;
		ns->parent.ns =
		        i ? builder_ns(builder, NS_USER, DEV, TOP + world->parents[i], NULL) : NULL;
		ns->owner = ns->parent;
		if (i % 3)
			add_process(builder, world, i, ns);
	}
	assert_int_equal(builder_freeze(builder, NULL, &model, NULL), 0);
	return model;
}

/* --- the rule, said once more and in another way ---------------------------------------- */

/* Who is to be selected when slot `gone` (in `before`) has gone in `now`. */
static uint64_t heir(const struct world *before, const struct world *now, size_t gone)
{
	const size_t parent = before->parents[gone];
	size_t last = 0;

	if (!now->is_alive[parent] || now->births[parent] != before->births[parent])
		return heir(before, now, parent);
	for (size_t i = 1; i < SLOTS; i++) {
		if (!now->is_alive[i] || now->parents[i] != parent)
			continue;
		if (i >= gone)
			return tag_of(now, i);
		last = i;
	}
	return tag_of(now, last ? last : parent);
}

static size_t slot_of(uint64_t tag)
{
	return (size_t)((tag - 1000) / 100000);
}

static bool lives(const struct world *world, uint64_t tag)
{
	const size_t slot = slot_of(tag);

	return world->is_alive[slot] && tag_of(world, slot) == tag;
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
	        (struct event){
	                .kind = EVENT_MODEL, .scan = {.model = model_of(world), .is_whole = true}},
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
	        .top = node_tag(&tree->hierarchy.nodes[tree->rows.all[tree->top].node]),
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
static void assert_folds(const struct app *app, const struct tags *before)
{
	const struct tree *tree = &app->tree;
	const struct tags *closed = tree_rule(tree, NULL).closed;
	const struct hierarchy *hierarchy = &tree->hierarchy;
	const size_t selected = tree->rows.all[tree->selected].node;

	for (size_t i = 0; i < before->n; i++) {
		const size_t index = hierarchy_find(hierarchy, before->all[i]);
		const bool hid = index != NODE_NO_PARENT && index < selected &&
		                 selected < hierarchy->nodes[index].end;

		assert_true(hid || tags_has(closed, before->all[i]));
	}
	for (size_t i = 0; i < closed->n; i++)
		assert_true(tags_has(before, closed->all[i]));
}

/* The row of the first namespace that was in view, and still is a row, is where it was, as far as
 * the selection and the ends of the list let it. True if it is known to be. */
static bool assert_scroll(const struct app *app, const struct look *was, const struct look *is)
{
	const struct tree *tree = &app->tree;

	if (was->selected != is->selected || !is_row(app, was->top) ||
	        tree->top + tree->page >= tree->rows.n ||
	        tree->selected + 1 >= tree->top + tree->page || tree->selected == tree->top)
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
		assert_true(is.selected == was->selected || lives(now, is.selected));
	} else if (lives(now, was->selected)) {
		assert_int_equal(is.selected, was->selected);
		assert_null(app->message);
	} else {
		assert_int_equal(is.selected, heir(before, now, slot_of(was->selected)));
		assert_non_null(strstr(app->message, "is gone"));
	}
	assert_true(app->tree.selected >= app->tree.top);
	assert_true(app->tree.selected < app->tree.top + app->tree.page);
}

/* What was closed is closed; the selection's own ancestors may have been opened. */
static void press_some(struct app *app, struct world *world, uint64_t now)
{
	static const char *const words[] = {"Up", "Down", "Down", "Down", "Down", "Down", "Left",
	        "Right", "Right", "Space", "PgDn", "PgUp", "End", "C-d", "C-d", "Backspace", "d"};

	for (unsigned n = below(world, 4); n > 0; n--) {
		const char *word = words[below(world, ARRAY_SIZE(words))];

		send_key(app, key_from_word(word, strlen(word)), now);
	}
	/* Seldom, since they lead back to the top. */
	if (!below(world, 20))
		send_key(app, "*gtt"[below(world, 4)], now);
	if (app->tree.view.kind != VIEW_USER)
		send_key(app, 't', now);
	/* A message of an earlier refresh ends with a key. */
	send_key(app, 'x', now);
}

static void test_selection(void **state)
{
	const struct app_options options = {.is_live = true, .save_stem = "x"};
	unsigned moved = 0, scrolled = 0;

	(void)state;
	for (uint32_t seed = 1; seed <= 10; seed++) {
		struct app *app = app_new(&options);
		struct world world;
		uint64_t now = 1000;

		world_init(&world, seed * 7919);
		send_model(app, &world, now);
		for (int i = 0; i < 100; i++) {
			now += 200 + below(&world, 3000);
			press_some(app, &world, now);
			const struct look was = look_at(app);
			const struct world before = world;
			struct tree_place place = {0};
			tree_leave(&app->tree, &place);
			change(&world);
			/* What is selected goes more often than others. */
			if (!below(&world, 4) && lives(&world, was.selected) &&
			        !has_living_child(&world, slot_of(was.selected)))
				world.is_alive[slot_of(was.selected)] = false;
			send_model(app, &world, now);
			assert_selection(app, &was, &before, &world);
			assert_folds(app, &place.closed);
			tree_place_release(&place);
			const struct look is = look_at(app);
			scrolled += assert_scroll(app, &was, &is);
			assert_frame(app, false);
			moved += !lives(&world, was.selected) && !was.is_gone;
		}
		app_free(app);
	}
	print_message(
	        "1000 refreshes, %u times the selected one went, %u times the place is sure\n",
	        moved, scrolled);
	assert_true(moved > 50);
	assert_true(scrolled > 50);
}

static void test_nothing_jumps(void **state)
{
	const struct app_options options = {.is_live = true, .save_stem = "x"};
	struct app *app = app_new(&options);
	struct world world;
	unsigned kept = 0;

	(void)state;
	world_init(&world, 4242);
	send_model(app, &world, 1);
	send_key(app, NSB_KEY_PAGE_DOWN, 1);
	for (uint64_t now = 2000; now < 600000; now += 2000) {
		const struct look was = look_at(app);

		change(&world);
		send_model(app, &world, now);
		if (!lives(&world, was.top) || !lives(&world, was.selected))
			continue;
		/* Unless what came between would push the selection out, or the list has become
		 * too short. */
		if (app->tree.top + app->tree.page < app->tree.rows.n &&
		        app->tree.selected + 1 < app->tree.top + app->tree.page &&
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
	struct app *app = app_new(&options);
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
		change(&world);
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
		if (tag && lives(&world, tag) && is_row(app, tag)) {
			assert_int_equal(node_tag(tree_selected(&app->tree)), tag);
			kept++;
		}
		send_key(app, "jkVt"[below(&world, 4)], now);
		send_key(app, '\r', now);
		if (app->is_detail_focused)
			send_key(app, '\t', now);
		if (app->tree.view.kind != VIEW_USER)
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
	struct app *app = app_new(&options);
	struct world world;

	(void)state;
	world_init(&world, 4711);
	send_model(app, &world, 1);
	send_key(app, 'm', 1);
	const struct world marked = world;
	for (uint64_t now = 2000; now < 200000; now += 2000) {
		size_t n_new = 0, n_gone = 0;

		change(&world);
		send_model(app, &world, now);
		for (size_t i = 0; i < SLOTS; i++) {
			const bool is_same = world.births[i] == marked.births[i];

			n_new += world.is_alive[i] && (!marked.is_alive[i] || !is_same);
			n_gone += marked.is_alive[i] && (!world.is_alive[i] || !is_same);
		}
		assert_int_equal(app->tree.n_new, n_new);
		assert_int_equal(app->tree.n_gone, n_gone);
		assert_frame(app, false);
	}
	send_key(app, 'm', 300000);
	send_key(app, 'm', 300000);
	assert_int_equal(app->marks.n, 0);
	assert_null(app->marks.baseline);
	app_free(app);
}

/* --- marks --------------------------------------------------------------------------------------
 */

struct times {
	uint64_t born[SLOTS];
	uint64_t died[SLOTS];
};

/* Each mark lasts until the first refresh that is 5 s later, not shorter and not longer. */
static void assert_marks(
        const struct app *app, const struct world *world, const struct times *times, uint64_t now)
{
	for (size_t i = 1; i < SLOTS; i++) {
		if (!world->births[i])
			continue;
		const uint64_t since = world->is_alive[i] ? times->born[i] : times->died[i];
		const bool is_young = since && now - since < MARKS_MS;
		const enum node_mark mark = marks_get(&app->marks, tag_of(world, i));

		if (world->is_alive[i])
			assert_int_equal(mark, is_young ? MARK_NEW : MARK_NONE);
		else if (mark != MARK_NONE)
			assert_true(is_young && mark == MARK_GONE);
		/* What went is to be seen as long as its mark. */
		if (mark == MARK_GONE)
			assert_true(is_row(app, tag_of(world, i)));
	}
}

static void test_marks(void **state)
{
	const struct app_options options = {.is_live = true, .save_stem = "x"};
	struct app *app = app_new(&options);
	struct times times = {0};
	struct world world;
	unsigned seen = 0;

	(void)state;
	world_init(&world, 31337);
	send_model(app, &world, 1);
	assert_int_equal(app->marks.n, 0);
	for (uint64_t now = 2000; now < 400000; now += 500 + below(&world, 3000)) {
		const struct world before = world;

		change(&world);
		for (size_t i = 1; i < SLOTS; i++) {
			if (world.births[i] != before.births[i])
				times.born[i] = now;
			if (before.is_alive[i] && !world.is_alive[i])
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
	struct app *app = app_new(&options);
	struct world world;

	(void)state;
	world_init(&world, 99);
	send(app, (struct event){.kind = EVENT_MODEL, .scan = {.model = model_of(&world)}}, 1);
	bear(&world, 7);
	send_model(app, &world, 2);
	assert_int_equal(app->marks.n, 0);
	/* One that leaves things out does not take the place of a whole one. */
	const struct model *whole = app_model(app);
	world.is_alive[7] = false;
	send(app, (struct event){.kind = EVENT_MODEL, .scan = {.model = model_of(&world)}}, 3);
	assert_ptr_equal(app_model(app), whole);
	app_free(app);
}

/* --- anything at all
 * ------------------------------------------------------------------------------ */

static uint32_t random_key(struct world *world)
{
	static const char keys[] =
	        "jkhlgGtdsr q?+-*/\\nNVTuLmZI.y<>! \033\r\t\177\001\002\004\005\006\013\014\016\020"
	        "\025\02705";

	switch (below(world, 3)) {
	case 0:
		return NSB_KEY_UP + below(world, NSB_KEY_F_LAST - NSB_KEY_UP + 1);
	case 1:
		return below(world, 50) ? 0x20 + below(world, 0x60) : below(world, 0x110000);
	default:
		return (unsigned char)keys[below(world, sizeof(keys) - 1)];
	}
}

static void random_event(struct app *app, struct world *world, uint64_t now)
{
	static const char *const names[] = {"harald", "日本語", "\xff\x1b[2J", NULL, ""};
	struct event event = {.kind = EVENT_KEY, .key = random_key(world)};

	switch (below(world, 12)) {
	case 0:
		event = (struct event){.kind = EVENT_RESIZE,
		        .size = {1 + (int)below(world, 40), 1 + (int)below(world, 130)}};
		break;
	case 1:
		change(world);
		send_model(app, world, now);
		return;
	case 2:
		event = (struct event){.kind = EVENT_NAME,
		        .user = {below(world, 6), names[below(world, ARRAY_SIZE(names))]}};
		break;
	case 3:
		event = (struct event){.kind = EVENT_SAVED,
		        .saved = {.path = "/tmp/\x1b.svg",
		                .error = below(world, 2) ? "no space left" : NULL}};
		break;
	default:
		break;
	}
	send(app, event, now);
}

static void test_anything(void **state)
{
	(void)state;
	for (uint32_t seed = 1; seed <= 4; seed++) {
		const struct app_options options = {
		        .is_live = seed % 2, .is_ascii = seed > 2, .save_stem = "\xffx"};
		struct app *app = app_new(&options);
		struct world world;
		uid_t uid;

		world_init(&world, seed * 104729);
		for (uint64_t i = 1; i <= 2500; i++) {
			random_event(app, &world, i * 300);
			assert_frame(app, options.is_ascii);
			while (app_next_uid(app, &uid))
				assert_true(options.is_live);
		}
		app_free(app);
	}
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
	        cmocka_unit_test(test_anything),
	};

	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		return 77;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
