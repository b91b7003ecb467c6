/* SPDX-License-Identifier: Apache-2.0 */

/* How an SVG looks where a renderer knows no style sheets, or dark ones; what it says of itself. */

#include "base/attributes.h"
#include "export/export.h"
#include "tests/export/xml.h"
#include "tests/unit.h"
#include "tests/view/fixture.h"

#include <stdlib.h>
#include <string.h>

static char *export(const struct export_request *request)
{
	struct fixture_text text;

	fixture_text_begin(&text);
	assert_int_equal(export_svg(text.file, request), 0);
	return fixture_text_end(&text);
}

static void parse(struct xml *xml, const struct export_request *request)
{
	xml_parse(xml, export(request));
}

/* --- themes ---------------------------------------------------------------------------------- */

/* Every shape has its colours without a style sheet; every class of a colour is simple. */
static void test_attributes(void **state)
{
	(void)state;
	const struct model *model = fixture_rich();
	struct xml xml;

	parse(&xml, &(struct export_request){.model = model, .view.with_details = true});
	assert_non_null(xml_get(&xml.elements[0], "fill"));
	assert_non_null(xml_get(&xml.elements[0], "font-family"));
	assert_string_equal(xml_get(&xml.elements[0], "font-size"), "12");
	for (size_t i = 0; i < xml.n; i++) {
		const struct xml_element *element = &xml.elements[i];
		const struct xml_element *around = &xml.elements[element->parent];
		const bool is_shape =
		        xml_is_named(element, "rect") || xml_is_named(element, "path");

		if (is_shape && !xml_get(element, "fill") && !xml_get(around, "fill"))
			fail_msg("%s without a colour", element->name);
		if (i > 0)
			assert_null(xml_get(element, "style"));
	}
	xml_release(&xml);
	model_unref(model);
}

/* The value that the dark style sheet gives a property of a class; NULL if there is none. */
static const char *dark_value(const char *svg, const char *class, const char *property)
{
	static char value[8];
	char selector[64];

	snprintf(selector, sizeof(selector), "\n.%s{", class);
	const char *sheet = strstr(svg, "@media (prefers-color-scheme: dark)");
	assert_non_null(sheet);
	const char *rule = strstr(sheet, selector);
	if (!rule)
		return NULL;
	rule += strlen(selector) - 1;
	for (const char *at = rule; at < strchr(rule, '}'); at = strpbrk(at + 1, ";}")) {
		const size_t len = strlen(property);

		if (strncmp(at + 1, property, len) != 0 || at[1 + len] != ':')
			continue;
		memcpy(value, at + 2 + len, 7);
		return value;
	}
	return NULL;
}

static void assert_dark_attribute(const char *svg, const struct xml_element *light,
        const struct xml_element *dark, const char *name)
{
	const char *value = xml_get(light, name);
	const char *class = xml_get(light, "class");

	if (!value || strcmp(value, "none") == 0)
		return;
	assert_non_null(class);
	const char *last = strrchr(class, ' ');
	const char *seen = dark_value(svg, last ? last + 1 : class, name);
	if (!seen)
		fail_msg("no dark %s for %s", name, class);
	assert_string_equal(seen, xml_get(dark, name));
}

/* The theme auto is that of light, with style sheets that make of it the theme dark. */
static void test_auto(void **state)
{
	(void)state;
	const struct model *model = fixture_rich();
	struct export_request request = {.model = model, .view.with_details = true};
	char *svg = export(&request);
	struct xml seen, light, dark;

	parse(&seen, &request);
	request.theme = EXPORT_THEME_LIGHT;
	parse(&light, &request);
	request.theme = EXPORT_THEME_DARK;
	parse(&dark, &request);
	assert_int_equal(seen.n, light.n + 1);
	assert_int_equal(dark.n, light.n);
	for (size_t i = 0, l = 0; i < seen.n; i++) {
		const struct xml_element *element = &seen.elements[i];
		const char *media = xml_get(element, "media");

		if (media && strncmp(media, "(prefers", 8) == 0)
			continue;
		assert_string_equal(element->name, light.elements[l].name);
		assert_int_equal(element->n_attributes, light.elements[l].n_attributes);
		for (size_t a = 0; a < element->n_attributes; a++)
			assert_string_equal(element->attributes[a].value,
			        light.elements[l].attributes[a].value);
		assert_dark_attribute(svg, element, &dark.elements[l], "fill");
		assert_dark_attribute(svg, element, &dark.elements[l], "stroke");
		l++;
	}
	free(svg);
	xml_release(&seen);
	xml_release(&light);
	xml_release(&dark);
	model_unref(model);
}

/* Inkscape ignores the attribute, LibreOffice the rule inside: both must stand. LibreOffice knows
 * only selectors of one class. */
static void test_dark_sheet(void **state)
{
	(void)state;
	static const char begin[] = "<style media=\"(prefers-color-scheme: dark)\">\n"
	                            "@media (prefers-color-scheme: dark){\n";
	const struct model *model = fixture_rich();
	char *svg = export(&(struct export_request){.model = model});
	const char *at = strstr(svg, begin);

	assert_non_null(at);
	at += strlen(begin);
	for (; strncmp(at, "}\n</style>", 10) != 0; at = strchr(at, '\n') + 1) {
		const size_t name = strspn(at + 1, "abcdefghijklmnopqrstuvwxyz0123456789-");

		assert_int_equal(*at, '.');
		assert_true(name > 0 && at[1 + name] == '{');
	}
	free(svg);
	svg = export(&(struct export_request){.model = model, .theme = EXPORT_THEME_DARK});
	assert_null(strstr(svg, "prefers-color-scheme"));
	free(svg);
	model_unref(model);
}

/* A picture is as wide as its window or page, but no wider than in pixels. */
static void test_size(void **state)
{
	(void)state;
	const struct model *model = fixture_rich();
	struct xml xml;
	int width, height, widest;

	parse(&xml, &(struct export_request){.model = model});
	const struct xml_element *root = &xml.elements[0];
	assert_string_equal(xml_get(root, "width"), "100%");
	assert_null(xml_get(root, "height"));
	assert_int_equal(sscanf(xml_get(root, "viewBox"), "0 0 %d %d", &width, &height), 2);
	assert_int_equal(sscanf(xml_get(root, "style"), "max-width:%dpx;", &widest), 1);
	assert_non_null(strstr(xml_get(root, "style"), "height:auto"));
	assert_int_equal(widest, width);
	xml_release(&xml);
	model_unref(model);
}

/* A browser prints on one page what is readable there. */
static void test_print(void **state)
{
	(void)state;
	static const char sheet[] = "<style media=\"print\">\n.ink{max-height:100vh}\n</style>";
	const struct model *rich = fixture_rich(), *large = fixture_large();
	char *svg = export(&(struct export_request){.model = rich});

	assert_non_null(strstr(svg, sheet));
	free(svg);
	svg = export(&(struct export_request){.model = large});
	assert_null(strstr(svg, sheet));
	free(svg);
	model_unref(rich);
	model_unref(large);
}

/* --- legend and description ------------------------------------------------------------------ */

static bool has_key(const struct xml *xml, const char *meaning)
{
	for (size_t i = 0; i < xml->n; i++) {
		const struct xml_element *element = &xml->elements[i];
		const char *around = xml_get(&xml->elements[element->parent], "class");

		if (xml_is_named(element, "text") && around && strcmp(around, "legend") == 0 &&
		        strcmp(element->text, meaning) == 0)
			return true;
	}
	return false;
}

static size_t count_keys(const struct xml *xml)
{
	size_t n = 0;

	for (size_t i = 0; i < xml->n; i++) {
		const struct xml_element *element = &xml->elements[i];
		const char *around = xml_get(&xml->elements[element->parent], "class");

		n += xml_is_named(element, "text") && around && strcmp(around, "legend") == 0;
	}
	return n;
}

/* `keys` ends with NULL; a key with a text as sample counts twice. */
static void assert_keys(const struct export_request *request, const char *const *keys, size_t n)
{
	struct xml xml;

	parse(&xml, request);
	for (; *keys; keys++)
		if (!has_key(&xml, *keys))
			fail_msg("the legend has no \"%s\"", *keys);
	assert_int_equal(count_keys(&xml), n);
	xml_release(&xml);
}

static const struct model *many_alike(void)
{
	struct builder *b = builder_new();
	struct ns *top = fixture_user(b, FIXTURE_INITIAL_USER, NULL, 0, "root");

	fixture_pid(b, FIXTURE_INITIAL_PID, NULL, top);
	for (unsigned i = 0; i < 9; i++)
		fixture_user(b, 6000000000 + i, top, 1000, NULL);
	builder_host(b)->partial = UINT32_C(1) << PARTIAL_UNREADABLE;
	return fixture_freeze(b, NULL);
}

/* A user namespace, and one of which the parent is not known. */
static const struct model *unknown_parent(void)
{
	struct builder *b = builder_new();

	fixture_user(b, 100, NULL, 0, NULL);
	fixture_user(b, 200, NULL, 0, NULL)->parent.state = REL_FAILED;
	return fixture_freeze(b, NULL);
}

/* A PID namespace, of which the owner is not the initial user namespace. */
static const struct model *other_owner(void)
{
	struct builder *b = builder_new();
	struct ns *user = fixture_user(b, 100, NULL, 0, NULL);

	user->parent.state = user->owner.state = REL_HIDDEN;
	fixture_pid(b, 300, NULL, user);
	return fixture_freeze(b, NULL);
}

/* The legend explains what is in the picture, and nothing else. */
static void test_legend(void **state)
{
	(void)state;
	char sleep[] = "sleep";
	const struct filter filter = {.text = sleep};
	const struct model *rich = fixture_rich(), *alike = many_alike(),
	                   *unknown = unknown_parent();
	const struct model *nothing = fixture_freeze(builder_new(), NULL), *other = other_owner();

	assert_keys(&(struct export_request){.model = nothing}, (const char *const[]){NULL}, 0);
	assert_keys(&(struct export_request){.model = unknown},
	        (const char *const[]){"user namespace", "root of this view", "held by",
	                "no process found in it", "parent or owner not known",
	                "from parent to child", NULL},
	        6);
	assert_keys(&(struct export_request){.model = other},
	        (const char *const[]){"PID namespace", "user namespace", "to the owner", NULL}, 6);
	assert_keys(&(struct export_request){.model = rich},
	        (const char *const[]){"PID namespace", "user namespace", "root of this view",
	                "no process found in it", "from parent to child",
	                "to the owner, if not the initial one", NULL},
	        7);
	assert_keys(&(struct export_request){.model = rich, .view.with_details = true},
	        (const char *const[]){"what it owns", "from parent to child", NULL}, 8);
	assert_keys(
	        &(struct export_request){
	                .model = rich, .view.with_details = true, .view.with_all_details = true},
	        (const char *const[]){
	                "other namespace", "from parent to child, from owner to owned", NULL},
	        8);
	assert_keys(
	        &(struct export_request){
	                .model = rich, .view.kind = VIEW_NET, .view.is_single = true},
	        (const char *const[]){"user namespace", "network namespace",
	                "from parent to child, from owner to owned", NULL},
	        6);
	assert_keys(&(struct export_request){.model = rich,
	                    .view = {.kind = VIEW_USER,
	                            .is_single = true,
	                            .with_details = true,
	                            .with_all_details = true}},
	        (const char *const[]){"PID namespace", "user namespace", "other namespace",
	                "from parent to child, from owner to owned", NULL},
	        7);
	assert_keys(&(struct export_request){.model = rich, .filter = &filter},
	        (const char *const[]){"PID namespace", "user namespace", "root of this view",
	                "only above a match", "from parent to child",
	                "to the owner, if not the initial one", NULL},
	        6);
	assert_keys(&(struct export_request){.model = alike, .view.is_collapsed = true},
	        (const char *const[]){"similar namespaces", "3+", "at least 3", NULL}, 9);
	model_unref(rich);
	model_unref(alike);
	model_unref(unknown);
	model_unref(nothing);
	model_unref(other);
}

/* A rule across the box is between its own lines and those of what it owns. */
static void test_rule(void **state)
{
	(void)state;
	const struct model *model = fixture_rich();
	struct xml xml;
	size_t n = 0;

	parse(&xml, &(struct export_request){.model = model, .view.with_details = true});
	for (size_t i = 0; i < xml.n; i++) {
		const struct xml_element *rule = &xml.elements[i];
		const struct xml_element *box = &xml.elements[rule->parent + 2];
		const char *class = xml_get(rule, "class");
		int x, y, width;

		if (!class || strcmp(class, "rule") != 0 || !xml_is_named(box, "rect"))
			continue;
		assert_int_equal(sscanf(xml_get(rule, "d"), "M%d %dh%d", &x, &y, &width), 3);
		assert_int_equal(x, xml_number(box, "x", 0));
		assert_int_equal(width, xml_number(box, "width", 0));
		assert_true(y > xml_number(&xml.elements[i - 1], "y", 0));
		assert_true(y < xml_number(&xml.elements[i + 1], "y", 0) - 8);
		n++;
	}
	assert_int_equal(n, 2);
	xml_release(&xml);
	model_unref(model);
}

static const char *text_of(const struct xml *xml, const char *id)
{
	for (size_t i = 0; i < xml->n; i++) {
		const char *seen = xml_get(&xml->elements[i], "id");

		if (seen && strcmp(seen, id) == 0)
			return xml->elements[i].text;
	}
	return NULL;
}

static void assert_description(const struct export_request *request, const char *expected)
{
	struct xml xml;

	parse(&xml, request);
	assert_string_equal(xml_get(&xml.elements[0], "role"), "img");
	assert_string_equal(xml_get(&xml.elements[0], "aria-labelledby"), "title desc");
	assert_non_null(text_of(&xml, "title"));
	assert_string_equal(text_of(&xml, "desc"), expected);
	xml_release(&xml);
}

static void test_description(void **state)
{
	(void)state;
	const struct model *rich = fixture_rich(), *alike = many_alike(),
	                   *unknown = unknown_parent();

	assert_description(&(struct export_request){.model = unknown},
	        "Drawn: 0 PID namespaces; 2 user namespaces (1 root of this view); 2 boxes of "
	        "namespaces without a known process; 1 box for what is not known here.");
	assert_description(&(struct export_request){.model = rich, .view.with_details = true},
	        "Drawn: 6 PID namespaces (1 root of this view); 5 user namespaces (1 root of this "
	        "view); 4 namespaces of other types in the boxes of their owners; 2 boxes of "
	        "namespaces without a known process; 4 lines from PID namespaces to their owners; "
	        "2 lines to the initial user namespace not drawn.");
	assert_description(&(struct export_request){.model = alike, .view.is_collapsed = true},
	        "Drawn: 1 PID namespace (1 root of this view); 10 user namespaces (1 root of this "
	        "view, 9 in 1 group of similar ones); 2 boxes of namespaces without a known "
	        "process; 1 line to the initial user namespace not drawn. partial view: 0 of 0 "
	        "processes could not be read.");
	model_unref(rich);
	model_unref(alike);
	model_unref(unknown);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_attributes),
	        cmocka_unit_test(test_auto),
	        cmocka_unit_test(test_dark_sheet),
	        cmocka_unit_test(test_size),
	        cmocka_unit_test(test_print),
	        cmocka_unit_test(test_legend),
	        cmocka_unit_test(test_rule),
	        cmocka_unit_test(test_description),
	};

	return cmocka_run_group_tests_name("style of SVG", tests, NULL, NULL);
}
