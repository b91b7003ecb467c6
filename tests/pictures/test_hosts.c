/* SPDX-License-Identifier: Apache-2.0 */
#include "base/attributes.h"
#include "export/export.h"
#include "tests/pictures/geometry.h"
#include "tests/pictures/hosts.h"
#include "tests/unit.h"
#include "tests/view/fixture.h"

#include <string.h>

/* Members of struct view_options. */
#define DETAILS    .with_details = true
#define ALL        DETAILS, .with_all_details = true
#define FOLDED     .is_collapsed = true
#define ONLY(type) .is_single = true, .kind = VIEW_##type

/* The pictures of each host, without a renderer: make check-pictures draws them too. */
static const struct {
	const char *options;
	struct view_options view;
	enum export_theme theme;
} pictures[] = {
        {"", {.kind = VIEW_USER}, EXPORT_THEME_AUTO},
        {" -d", {DETAILS}, EXPORT_THEME_AUTO},
        {" -dd", {ALL}, EXPORT_THEME_AUTO},
        {" --collapse", {FOLDED}, EXPORT_THEME_AUTO},
        {" --collapse -d", {FOLDED, DETAILS}, EXPORT_THEME_AUTO},
        {" --collapse -dd", {FOLDED, ALL}, EXPORT_THEME_AUTO},
        {" --theme=mono", {.kind = VIEW_USER}, EXPORT_THEME_MONO},
        {" -t user", {ONLY(USER)}, EXPORT_THEME_AUTO},
        {" -t pid", {ONLY(PID)}, EXPORT_THEME_AUTO},
        {" -t net", {ONLY(NET)}, EXPORT_THEME_AUTO},
        {" -t all --collapse", {ONLY(ALL), FOLDED}, EXPORT_THEME_AUTO},
};

/* Pictures whose text must be legible on a landscape A4 page: at least 7 points. */
static const char *const for_a_page[] = {
        "demo",
        "containers --collapse",
        "containers-users --collapse",
};

/* A picture that is higher than renderers take: a box for all that 500 user namespaces own, on a
 * level of its own. */
static const char *const too_high[] = {"thousand -t all --collapse"};

static bool is_listed(const char *name, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(name, list[i]) == 0)
			return true;
	return false;
}

/* Each namespace has a box, unless it is in a group or of a hierarchy that is not shown. */
static void assert_complete(
        const struct drawing *drawing, const struct model *model, const struct view_options *view)
{
	const size_t wanted = view->with_all_details
	                              ? model->n_namespaces
	                              : model_count(model, NS_USER) + model_count(model, NS_PID);
	size_t n = 0;

	for (size_t i = 0; i < drawing->n_boxes; i++)
		n += drawing->boxes[i].id != NULL;
	if (!view->is_collapsed && !view->is_single)
		assert_int_equal(n, wanted);
}

static size_t draw(const struct model *model, const char *name, const struct view_options *view,
        enum export_theme theme)
{
	const struct export_request request = {.model = model, .view = *view, .theme = theme};
	struct fixture_text text;
	struct drawing drawing;
	struct geometry found;

	fixture_text_begin(&text);
	assert_int_equal(export_svg(text.file, &request), 0);
	drawing_read(&drawing, fixture_text_end(&text));
	geometry_check(&found, &drawing, name, stderr);
	assert_complete(&drawing, model, view);
	if (is_listed(name, too_high, ARRAY_SIZE(too_high)))
		found.n_all -= found.n[GEOMETRY_SIZE];
	if (is_listed(name, for_a_page, ARRAY_SIZE(for_a_page)) && geometry_points(&drawing) < 7) {
		print_error("%s: text has %.1f pt on A4\n", name, geometry_points(&drawing));
		found.n_all++;
	}
	drawing_release(&drawing);
	return found.n_all;
}

static void test_geometry(void **state)
{
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < PICTURE_HOSTS; i++) {
		const struct model *model = picture_hosts[i].make();

		for (size_t k = 0; k < ARRAY_SIZE(pictures); k++) {
			char name[128];

			snprintf(name, sizeof(name), "%s%s", picture_hosts[i].name,
			        pictures[k].options);
			n += draw(model, name, &pictures[k].view, pictures[k].theme);
		}
		model_unref(model);
	}
	assert_int_equal(n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_geometry),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
