/* SPDX-License-Identifier: Apache-2.0 */

/* How the SVG uses a page, and whose names are in the boxes. */

#include "base/attributes.h"
#include "export/export.h"
#include "export/svg_measures.h"
#include "tests/pictures/geometry.h"
#include "tests/unit.h"
#include "tests/view/fixture.h"

#include <stdlib.h>
#include <string.h>

static void draw(struct drawing *ret, const struct export_request *request)
{
	struct geometry found;
	struct fixture_text text;

	fixture_text_begin(&text);
	assert_int_equal(export_svg(text.file, request), 0);
	drawing_read(ret, fixture_text_end(&text));
	geometry_check(&found, ret, "picture", stderr);
	assert_int_equal(found.n_all, 0);
}

/* `n` containers, each with a PID namespace, and with `has_users` a user namespace that owns it. */
static const struct model *containers(unsigned n, bool has_users)
{
	static const char *const images[] = {"postgres", "nginx", "redis-server", "java"};
	struct builder *b = builder_new();
	struct ns *top = fixture_user(b, FIXTURE_INITIAL_USER, NULL, 0, "root");
	struct ns *root = fixture_pid(b, FIXTURE_INITIAL_PID, NULL, top);

	for (unsigned i = 0; i < n; i++) {
		struct ns *owner =
		        has_users ? fixture_user(b, 4026540000 + i, top, 1000, "harald") : top;
		struct ns *pid = fixture_pid(b, 4026532000 + i, root, owner);

		fixture_process(b, 1000 + (pid_t)i, images[i % ARRAY_SIZE(images)], pid);
	}
	return fixture_freeze(b, NULL);
}

static size_t count_columns(const struct drawing *drawing, const char *type)
{
	int seen[64];
	size_t n = 0;

	for (size_t i = 0; i < drawing->n_boxes; i++) {
		const struct box *box = &drawing->boxes[i];
		size_t k = 0;

		while (k < n && seen[k] != box->area.left)
			k++;
		if (k == n && drawing_has_class(box->class, type))
			seen[n++] = box->area.left;
	}
	return n;
}

/* The title is in the picture also if nothing below it is as wide. */
static void test_title_is_wider_than_the_panels(void **state)
{
	const struct filter filter = {.text = (char[]){"nothing"}};
	struct builder *b = builder_new();
	struct drawing drawing;

	(void)state;
	builder_host(b)->name = "a-host-with-a-name-of-forty-characters-..";
	fixture_user(b, FIXTURE_INITIAL_USER, NULL, 0, "root");
	const struct model *model = fixture_freeze(b, NULL);
	draw(&drawing, &(struct export_request){.model = model, .filter = &filter});
	drawing_release(&drawing);
	model_unref(model);
}

/* In rows of their own they would have 2 points. */
static void test_sixty_leaves_fill_a_page(void **state)
{
	const struct model *model = containers(60, false);
	struct drawing drawing;

	(void)state;
	draw(&drawing, &(struct export_request){.model = model});
	assert_true(count_columns(&drawing, "pid") > 3);
	assert_true(geometry_points(&drawing) > 5.5);
	/* A page is 1.45 times as wide as high. */
	assert_in_range(100 * drawing.width / drawing.height, 110, 180);
	drawing_release(&drawing);
	model_unref(model);
}

static void test_few_leaves_are_not_wrapped(void **state)
{
	const struct model *model = containers(5, false);
	struct drawing drawing;

	(void)state;
	draw(&drawing, &(struct export_request){.model = model});
	assert_int_equal(count_columns(&drawing, "pid"), 2);
	assert_true(geometry_points(&drawing) >= 8);
	drawing_release(&drawing);
	model_unref(model);
}

static void test_collapsed_containers_are_readable(void **state)
{
	(void)state;
	for (unsigned has_users = 0; has_users < 2; has_users++) {
		const struct model *model = containers(60, has_users);
		struct drawing drawing;

		draw(&drawing, &(struct export_request){.model = model, .view.is_collapsed = true});
		assert_true(geometry_points(&drawing) >= 7);
		drawing_release(&drawing);
		model_unref(model);
	}
}

/* With few boxes the panels, and the lane at their right, are as wide as the legend above them. */
static void test_panels_are_as_wide_as_the_legend(void **state)
{
	const struct model *model = containers(20, true);

	(void)state;
	for (enum view_kind kind = VIEW_USER; kind <= VIEW_PID; kind++) {
		struct drawing drawing;

		draw(&drawing, &(struct export_request){.model = model,
		                       .view = {.kind = kind,
		                               .is_collapsed = true,
		                               .is_single = kind == VIEW_PID}});
		assert_int_equal(drawing.n_panels, kind == VIEW_PID ? 1 : 2);
		for (size_t i = 0; i < drawing.n_words; i++)
			assert_true(
			        drawing.words[i].area.right <= drawing.panels[0].area.right + 10);
		drawing_release(&drawing);
	}
	model_unref(model);
}

/* Not readable on one page: as wide as a page with text of 7 points. */
static void test_large_pictures_are_scrolled_down(void **state)
{
	(void)state;
	for (unsigned n = 300; n <= 1200; n *= 2) {
		const struct model *model = containers(n, n == 600);
		struct drawing drawing;

		draw(&drawing, &(struct export_request){.model = model});
		assert_in_range(drawing.width, 1000, SVG_PAGE_WIDTH);
		assert_true(drawing.height > 2 * SVG_PAGE_HEIGHT);
		drawing_release(&drawing);
		model_unref(model);
	}
}

/* Chains of two cannot be wrapped: one panel below the other, they are 40,000 pixels high, which
 * some renderers refuse. */
static void test_no_picture_is_refused(void **state)
{
	struct builder *b = builder_new();
	struct ns *top = fixture_user(b, FIXTURE_INITIAL_USER, NULL, 0, "root");
	struct ns *root = fixture_pid(b, FIXTURE_INITIAL_PID, NULL, top);
	struct drawing drawing;

	(void)state;
	for (unsigned i = 0; i < 370; i++) {
		fixture_user(b, 5000 + i, fixture_user(b, 4000 + i, top, 0, NULL), 0, NULL);
		fixture_pid(b, 7000 + i, fixture_pid(b, 6000 + i, root, top), top);
	}
	const struct model *model = fixture_freeze(b, NULL);

	draw(&drawing, &(struct export_request){.model = model});
	assert_in_range(drawing.height, 16000, SVG_MOST);
	drawing_release(&drawing);
	model_unref(model);
}

/* --- names ----------------------------------------------------------------------------------- */

static size_t count_words(const struct drawing *drawing, const char *text, const char *type)
{
	size_t n = 0;

	for (size_t i = 0; i < drawing->n_words; i++) {
		const struct words *words = &drawing->words[i];

		n += words->box != DRAWING_NONE && strcmp(words->text, text) == 0 &&
		     drawing_has_class(drawing->boxes[words->box].class, type);
	}
	return n;
}

/* Where a line leads to the owner, the box has its name; else the number, unless it is the initial
 * one. */
static void test_owner_in_a_box(void **state)
{
	static const struct {
		unsigned n;
		size_t n_names, n_numbers;
	} hosts[] = {{5, 5, 0}, {SVG_OWNERS_MAX, SVG_OWNERS_MAX, 0}, {SVG_OWNERS_MAX + 1, 0, 1}};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(hosts); i++) {
		const struct model *model = containers(hosts[i].n, true);
		struct drawing drawing;

		draw(&drawing, &(struct export_request){.model = model});
		assert_int_equal(count_words(&drawing, "owner root (0)", "pid"), 1);
		assert_int_equal(
		        count_words(&drawing, "owner harald (1000)", "pid"), hosts[i].n_names);
		assert_int_equal(count_words(&drawing, "owner user:[4026540000]", "pid"),
		        hosts[i].n_numbers);
		drawing_release(&drawing);
		model_unref(model);
	}
}

/* The user namespace that owns it is known, the user who made that one is not. */
static void test_owner_without_user(void **state)
{
	static const enum rel_state states[] = {REL_FAILED, REL_AMBIGUOUS};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(states); i++) {
		struct builder *b = builder_new();
		struct ns *top = fixture_user(b, FIXTURE_INITIAL_USER, NULL, 0, "root");
		struct ns *root = fixture_pid(b, FIXTURE_INITIAL_PID, NULL, top);
		struct ns *owner = fixture_user(b, 5000, top, 65534, NULL);
		struct drawing drawing;

		owner->owner_uid_state = states[i];
		fixture_pid(b, 4000, root, owner);
		const struct model *model = fixture_freeze(b, NULL);
		draw(&drawing, &(struct export_request){.model = model});
		assert_int_equal(count_words(&drawing, "owner user:[5000]", "pid"), 1);
		drawing_release(&drawing);
		model_unref(model);
	}
}

/* A picture of one hierarchy has no lines. */
static void test_owner_without_the_other_hierarchy(void **state)
{
	const struct model *model = containers(5, true);
	struct drawing drawing;

	(void)state;
	draw(&drawing, &(struct export_request){
	                       .model = model, .view = {.kind = VIEW_PID, .is_single = true}});
	assert_int_equal(drawing.n_panels, 1);
	assert_int_equal(count_words(&drawing, "owner user:[4026540000]", "pid"), 1);
	assert_int_equal(count_words(&drawing, "owner root (0)", "pid"), 1);
	drawing_release(&drawing);
	model_unref(model);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_title_is_wider_than_the_panels),
	        cmocka_unit_test(test_sixty_leaves_fill_a_page),
	        cmocka_unit_test(test_few_leaves_are_not_wrapped),
	        cmocka_unit_test(test_collapsed_containers_are_readable),
	        cmocka_unit_test(test_panels_are_as_wide_as_the_legend),
	        cmocka_unit_test(test_large_pictures_are_scrolled_down),
	        cmocka_unit_test(test_no_picture_is_refused),
	        cmocka_unit_test(test_owner_in_a_box),
	        cmocka_unit_test(test_owner_without_user),
	        cmocka_unit_test(test_owner_without_the_other_hierarchy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
