/* SPDX-License-Identifier: Apache-2.0 */

/* Views that were built before: with them, and with what app_prepare does ahead of keys, all
 * screens are those of an app that has nothing built. */

#include "base/attributes.h"
#include "tests/ui/frame_text.h"
#include "tests/unit.h"
#include "tests/view/fixture.h"
#include "ui/app/app.h"
#include "ui/input/keys.h"
#include "ui/list/tree.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

enum { NAMESPACES = 12000 }; /* and as many processes: enough for app_prepare */

static void send(struct app *app, const struct event *event)
{
	app_handle(app, event);
}

static struct app *open_app(const struct model *model)
{
	struct app_options options = {.is_live = false};

	settings_init(&options.settings);
	struct app *app = app_new(&options);
	send(app, &(struct event){.kind = EVENT_RESIZE, .size = {.rows = 40, .columns = 140}});
	send(app, &(struct event){.kind = EVENT_MODEL,
	                  .scan = {.model = model_ref(model), .is_whole = true}});
	return app;
}

static char *screen_of(const struct app *app)
{
	struct frame frame;

	app_render(app, &frame);
	char *text = frame_text(&frame);
	frame_release(&frame);
	return text;
}

/* Presses a key in both; only the first is prepared. */
static void press(struct app *const apps[2], const char *word, size_t len)
{
	const uint32_t key = len == 1 ? (uint32_t)*word : keys_from_word(word, len);

	assert_true(key);
	for (size_t i = 0; i < 2; i++)
		send(apps[i], &(struct event){.kind = EVENT_KEY, .key = key});
	while (app_prepare(apps[0]))
		;
	_cleanup_free_ char *prepared = screen_of(apps[0]);
	_cleanup_free_ char *plain = screen_of(apps[1]);
	if (strcmp(prepared, plain) != 0)
		fail_msg("after %.*s:\n%s\ninstead of\n%s", (int)len, word, prepared, plain);
}

static void test_screens_are_the_same(void **state)
{
	static const char keys[] = "d Down d F5 Down F5 End F5 I F5 F5 F5 I d F6 Down Enter F5 F5 "
	                           "F5 d V End Enter V Home Enter V PgDn Up Up Enter * Space F4 1 "
	                           "2 Enter F5 F5 Esc Esc F5 / 3 1 Enter n N F5 n F6 Home Enter F5";
	const struct model *model = fixture_many(NAMESPACES);
	struct app *const apps[] = {open_app(model), open_app(model)};

	(void)state;
	assert_false(app_prepare(apps[0]));
	for (const char *word = keys; *word;) {
		const size_t len = strcspn(word, " ");

		press(apps, word, len);
		word += len + (word[len] == ' ');
	}
	app_free(apps[0]);
	app_free(apps[1]);
	model_unref(model);
}

/* --- the views that are kept ---------------------------------------------------------------- */

struct setup {
	struct kept_views kept;
	struct marks marks;
	struct tree_source source;
};

static void take(struct setup *setup, const struct view_options *options, struct kept_view *ret)
{
	kept_views_keep(&setup->kept, &setup->source);
	kept_views_take(&setup->kept, &setup->source, options, ret);
}

static void test_another_model(void **state)
{
	const struct view_options users = {.kind = VIEW_USER};
	const struct model *one = fixture_users(), *other = fixture_rich();
	struct setup setup = {.source = {.model = one, .names = NULL}};
	struct kept_view view;

	(void)state;
	setup.source.marks = &setup.marks;
	take(&setup, &users, &view);
	const struct node *nodes = view.hierarchy.nodes;
	kept_views_put(&setup.kept, &view);
	take(&setup, &users, &view);
	assert_ptr_equal(view.hierarchy.nodes, nodes);
	kept_views_put(&setup.kept, &view);

	setup.source.model = other;
	assert_false(kept_views_is_of(&setup.kept, &setup.source));
	take(&setup, &users, &view);
	assert_ptr_equal(
	        view.hierarchy.nodes[0].ns, model_find_tag(other, node_tag(view.hierarchy.nodes)));
	kept_views_put(&setup.kept, &view);
	kept_views_release(&setup.kept);
	model_unref(one);
	model_unref(other);
}

/* Two orders of the same lines are kept, with the same widths; and only so many views. */
static void test_orders(void **state)
{
	const struct model *model = fixture_rich();
	struct setup setup = {.source = {.model = model}};
	struct view_options options = {.kind = VIEW_USER};
	struct kept_view view;

	(void)state;
	setup.source.marks = &setup.marks;
	for (enum view_sort sort = 0; sort < VIEW_SORTS; sort++) {
		options.sort = sort;
		take(&setup, &options, &view);
		assert_int_equal(view.is_measured, sort > 0);
		assert_int_equal(view.widths.depth, sort > 0 ? 4711 : 0);
		view.is_measured = true;
		view.widths.depth = 4711;
		kept_views_put(&setup.kept, &view);
	}
	assert_int_equal(setup.kept.n, 2);
	kept_views_forget_widths(&setup.kept);
	take(&setup, &options, &view);
	assert_false(view.is_measured);
	kept_views_put(&setup.kept, &view);
	for (unsigned i = 0; i < 2 * KEPT_VIEWS_MAX; i++) {
		options.kind = i % VIEW_KINDS;
		options.with_details = i / VIEW_KINDS;
		take(&setup, &options, &view);
		kept_views_put(&setup.kept, &view);
	}
	assert_int_equal(setup.kept.n, KEPT_VIEWS_MAX);
	kept_views_release(&setup.kept);
	model_unref(model);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_screens_are_the_same),
	        cmocka_unit_test(test_another_model),
	        cmocka_unit_test(test_orders),
	};

	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		return 77;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
