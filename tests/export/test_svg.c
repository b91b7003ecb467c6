/* SPDX-License-Identifier: Apache-2.0 */
#include "base/attributes.h"
#include "base/memory.h"
#include "export/export.h"
#include "export/label.h"
#include "export/svg_plan.h"
#include "tests/export/svg_checks.h"
#include "tests/unit.h"
#include "tests/view/fixture.h"
#include "view/partial.h"

#include <inttypes.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

static char *export_view(const struct model *model, const struct view_options *view)
{
	const struct export_request request = {.model = model, .view = *view};
	struct fixture_text text;

	fixture_text_begin(&text);
	assert_int_equal(export_svg(text.file, &request), 0);
	return fixture_text_end(&text);
}

/* All details: a box for each owned namespace. */
static char *export(const struct model *model, bool with_details)
{
	return export_view(model, &(struct view_options){.with_details = with_details,
	                                  .with_all_details = with_details});
}

static void parse(struct xml *xml, const struct model *model, bool with_details)
{
	xml_parse(xml, export(model, with_details));
	assert_string_equal(xml->elements[0].name, "svg");
}

static size_t count(const struct xml *xml, const char *name, const char *class)
{
	size_t n = 0;

	for (size_t i = 0; i < xml->n; i++)
		n += xml_is_named(&xml->elements[i], name) &&
		     xml_has(&xml->elements[i], "class", class);
	return n;
}

/* Paths of which the first class is that one; a blank follows. */
static size_t count_kind(const struct xml *xml, const char *kind)
{
	size_t n = 0;

	for (size_t i = 0; i < xml->n; i++) {
		const char *classes = xml_get(&xml->elements[i], "class");

		n += xml_is_named(&xml->elements[i], "path") && classes &&
		     strncmp(classes, kind, strlen(kind)) == 0;
	}
	return n;
}

/* A PID namespace has the name of its owner where a line shows which one it is, and if it is the
 * initial one. */
static bool is_owner_named(const struct xml *xml, const struct ns *ns)
{
	return ns->type == NS_PID && ns->owner.ns &&
	       (ns->owner.ns->parent.state == REL_INITIAL || count_kind(xml, "tip ") > 0);
}

static void assert_label(const struct xml *xml, const struct model *model, const struct ns *ns)
{
	struct label label;
	size_t line = 0;
	const size_t group = svg_checks_find_group(xml, ns);
	const struct xml_element *title = &xml->elements[group + 1];
	struct fixture_text expected;

	label_init(&label, model, NULL);
	fixture_text_begin(&expected);
	label_write_tooltip(expected.file, &label, &(struct node){.ns = ns});
	assert_string_equal(title->name, "title");
	assert_string_equal(title->text, fixture_text_end(&expected));
	free(expected.text);
	for (size_t i = group + 1; i < xml->n; i++) {
		const struct xml_element *text = &xml->elements[i];
		const bool is_inside =
		        text->parent == group || xml->elements[text->parent].parent == group;

		if (!is_inside || !xml_is_named(text, "text"))
			continue;
		fixture_text_begin(&expected);
		if (line == LABEL_OWNER && is_owner_named(xml, ns))
			label_write_owner_name(expected.file, &label, &(struct node){.ns = ns});
		else
			label_write(expected.file, &label, &(struct node){.ns = ns},
			        (enum label_line)line);
		line++;
		assert_string_equal(text->text, fixture_text_end(&expected));
		free(expected.text);
	}
	assert_int_equal(line, nstype_is_hierarchical(ns->type) ? LABEL_LINES : LABEL_OWNER);
	label_release(&label);
}

/* What must be true of the picture of any model. */
static void assert_sound(const struct model *model, bool with_details)
{
	struct xml xml;
	size_t shown = 0, groups = 0;

	parse(&xml, model, with_details);
	svg_checks_all(&xml);
	for (size_t i = 0; i < model->n_namespaces; i++) {
		const struct ns *ns = model->namespaces[i];

		if (!nstype_is_hierarchical(ns->type) && (!with_details || !ns->owner.ns))
			continue;
		assert_label(&xml, model, ns);
		shown++;
	}
	for (size_t i = svg_checks_next_group(&xml, 0); i < xml.n;
	        i = svg_checks_next_group(&xml, i + 1))
		groups++;
	assert_int_equal(groups, shown);
	xml_release(&xml);
}

static void test_pictures(void **state)
{
	(void)state;
	const struct model *(*const fixtures[])(void) = {fixture_users, fixture_pids, fixture_rich};

	for (size_t i = 0; i < ARRAY_SIZE(fixtures); i++) {
		const struct model *model = fixtures[i]();

		assert_sound(model, false);
		assert_sound(model, true);
		model_unref(model);
	}
	const struct model *chain = fixture_chain(33);
	assert_sound(chain, false);
	model_unref(chain);
	const struct model *nothing = fixture_freeze(builder_new(), NULL);
	assert_sound(nothing, true);
	model_unref(nothing);
}

static char *golden_path(const char *name)
{
	const char *top = getenv("top_srcdir");
	char *path;

	assert_true(asprintf(&path, "%s/tests/export/golden/%s.svg", top ? top : ".", name) > 0);
	return path;
}

/* The golden file itself, or with UPDATE_GOLDEN=1 what is to be it from now on. */
static char *golden(const char *name, const char *seen)
{
	_cleanup_free_ char *path = golden_path(name);
	const bool is_update = getenv("UPDATE_GOLDEN") != NULL;
	_cleanup_fclose_ FILE *file = fopen(path, is_update ? "we" : "re");
	struct fixture_text text;

	assert_non_null(file);
	if (is_update)
		assert_true(fputs(seen, file) >= 0);
	fixture_text_begin(&text);
	if (is_update)
		fputs(seen, text.file);
	for (int c; !is_update && (c = fgetc(file)) != EOF;)
		fputc(c, text.file);
	return fixture_text_end(&text);
}

/* Look at the pictures before you commit what UPDATE_GOLDEN=1 made of them. */
static void test_golden(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		const struct model *(*model)(void);
		struct view_options view;
	} pictures[] = {
	        {"users", fixture_users, {0}},
	        {"pids", fixture_pids, {0}},
	        {"rich", fixture_rich, {0}},
	        {"rich-details", fixture_rich, {.with_details = true}},
	        {"rich-all", fixture_rich, {.with_details = true, .with_all_details = true}},
	        {"rich-net", fixture_rich, {.is_single = true, .kind = VIEW_NET}},
	};

	for (size_t i = 0; i < ARRAY_SIZE(pictures); i++) {
		const struct model *model = pictures[i].model();
		_cleanup_free_ char *seen = export_view(model, &pictures[i].view);
		_cleanup_free_ char *wanted = golden(pictures[i].name, seen);

		assert_string_equal(seen, wanted);
		model_unref(model);
	}
}

/* The box of the owner lists what it owns. */
static void test_a_compartment(void **state)
{
	(void)state;
	const struct model *model = fixture_rich();
	struct xml xml;
	size_t n = 0;

	xml_parse(&xml, export_view(model, &(struct view_options){.with_details = true}));
	svg_checks_all(&xml);
	const size_t group =
	        svg_checks_find_group(&xml, model_find(model, NS_USER, FIXTURE_INITIAL_USER));
	for (size_t i = group + 1; i < xml.n && xml.elements[i].parent == group; i++)
		n += strcmp(xml.elements[i].text, "net 2: sh, /run/netns/blue") == 0 ||
		     strcmp(xml.elements[i].text, "uts 1: 4026531838") == 0;
	assert_int_equal(n, 2);
	assert_int_equal(count(&xml, "path", "edge"), 4 + 5 + 1);
	xml_release(&xml);
	model_unref(model);
}

/* How many lines of text the box of a namespace has. */
static size_t count_texts(const struct xml *xml, const struct ns *ns)
{
	const size_t group = svg_checks_find_group(xml, ns);
	size_t n = 0;

	for (size_t i = group + 1; i < xml->n; i++) {
		const size_t parent = xml->elements[i].parent;
		const bool is_inside = parent == group || xml->elements[parent].parent == group;

		n += is_inside && xml_is_named(&xml->elements[i], "text");
	}
	return n;
}

/* One hierarchy: one panel, no lines to owners, and the boxes of that view alone. */
static void test_one_hierarchy(void **state)
{
	(void)state;
	static const struct {
		enum view_kind kind;
		const char *heading;
		bool has[NS_TYPES];
	} views[] = {
	        {VIEW_USER, "User namespaces", {[NS_USER] = true}},
	        {VIEW_PID, "PID namespaces", {[NS_PID] = true}},
	        {VIEW_NET, "Network namespaces by owner", {[NS_NET] = true}},
	        {VIEW_ALL, "All namespaces by owner",
	                {[NS_USER] = true,
	                        [NS_PID] = true,
	                        [NS_NET] = true,
	                        [NS_MNT] = true,
	                        [NS_UTS] = true}},
	};
	const struct model *model = fixture_rich();

	for (size_t v = 0; v < ARRAY_SIZE(views); v++) {
		const struct view_options view = {.kind = views[v].kind, .is_single = true};
		_cleanup_free_ char *svg = export_view(model, &view);
		struct xml xml;

		assert_non_null(strstr(svg, views[v].heading));
		for (size_t i = 0; i < model->n_namespaces; i++) {
			const struct ns *ns = model->namespaces[i];
			_cleanup_free_ char *id =
			        memory_printf("<g id=\"ns-%" PRIu64 "\"", ns->inode);

			if (views[v].has[ns->type])
				assert_non_null(strstr(svg, id));
			else if (ns->type != NS_USER)
				assert_null(strstr(svg, id));
		}
		xml_parse(&xml, export_view(model, &view));
		svg_checks_all(&xml);
		assert_int_equal(count(&xml, "rect", "panel pid-panel") +
		                         count(&xml, "rect", "panel user-panel"),
		        1);
		/* Below its owner, a PID namespace does not name it again. */
		for (size_t i = 0; i < model->n_namespaces && views[v].kind == VIEW_ALL; i++) {
			if (model->namespaces[i]->type == NS_PID)
				assert_int_equal(
				        count_texts(&xml, model->namespaces[i]), LABEL_OWNER);
		}
		xml_release(&xml);
	}
	model_unref(model);
}

static void test_edges(void **state)
{
	(void)state;
	const struct model *model = fixture_rich();
	struct xml xml;

	parse(&xml, model, false);
	/* One is in the legend. */
	assert_int_equal(count(&xml, "path", "edge"), 4 + 5 + 1);
	/* Those to the initial user namespace are not drawn; one is in the legend. */
	assert_int_equal(count_kind(&xml, "owner "), 4 + 1);
	xml_release(&xml);
	parse(&xml, model, true);
	assert_int_equal(count(&xml, "path", "edge"), 4 + 5 + 4 + 1);
	xml_release(&xml);
	model_unref(model);
}

static void test_links_lead_to_owners(void **state)
{
	(void)state;
	const struct model *model = fixture_rich();
	struct xml xml;
	size_t links = 0;

	parse(&xml, model, false);
	for (size_t i = 0; i < xml.n; i++) {
		if (!xml_is_named(&xml.elements[i], "a"))
			continue;
		const char *id = xml_get(&xml.elements[xml.elements[i].parent], "id");
		const struct ns *ns = model_find(model, NS_PID, strtoull(id + 3, NULL, 10));
		char link[64];

		snprintf(link, sizeof(link), "#ns-%" PRIu64, ns->owner.ns->inode);
		assert_string_equal(xml_get(&xml.elements[i], "href"), link);
		links++;
	}
	assert_int_equal(links, 6);
	xml_release(&xml);
	model_unref(model);
}

/* `n` PID namespaces, each owned by a user namespace of its own. */
static const struct model *many_owners(unsigned n)
{
	struct builder *b = builder_new();
	struct ns *top = fixture_user(b, FIXTURE_INITIAL_USER, NULL, 0, "root");
	struct ns *pids = fixture_pid(b, FIXTURE_INITIAL_PID, NULL, top);

	for (unsigned i = 0; i < n; i++)
		fixture_pid(
		        b, 5000000000 + i, pids, fixture_user(b, 6000000000 + i, top, 1000, NULL));
	return fixture_freeze(b, NULL);
}

/* Both hierarchies are filtered; the title of the picture says so. */
static void test_filter(void **state)
{
	static const char said[] =
	        "filter &quot;sleep&quot;: 2 of 11 match, those above them are pale";
	char sleep[] = "sleep";
	const struct filter filter = {.text = sleep};
	const struct model *model = fixture_rich();
	const struct export_request request = {.model = model, .filter = &filter};
	struct fixture_text text;
	struct xml xml;

	(void)state;
	fixture_text_begin(&text);
	assert_int_equal(export_svg(text.file, &request), 0);
	char *svg = fixture_text_end(&text);
	const char *const title = strstr(svg, said);
	assert_non_null(title);
	assert_non_null(strstr(title + 1, said));
	assert_non_null(strstr(svg, "id=\"ns-4026532217\""));
	assert_non_null(strstr(svg, "id=\"ns-4026532218\""));
	assert_null(strstr(svg, "id=\"ns-4026532582\""));
	xml_parse(&xml, svg);
	svg_checks_inert(&xml);
	/* One is in the legend. */
	assert_int_equal(count(&xml, "rect", "pale-box"), 2 + 1);
	xml_release(&xml);
	model_unref(model);
}

static bool has_text(const struct xml *xml, const char *text)
{
	for (size_t i = 0; i < xml->n; i++) {
		if (xml_is_named(&xml->elements[i], "text") &&
		        strcmp(xml->elements[i].text, text) == 0)
			return true;
	}
	return false;
}

static void test_too_many_owner_lines(void **state)
{
	(void)state;
	const struct model *model = many_owners(SVG_OWNERS_MAX);
	struct xml xml;

	assert_sound(model, false);
	parse(&xml, model, false);
	assert_int_equal(count_kind(&xml, "owner "), SVG_OWNERS_MAX + 1);
	xml_release(&xml);
	model_unref(model);

	model = many_owners(SVG_OWNERS_MAX + 1);
	parse(&xml, model, false);
	assert_int_equal(count_kind(&xml, "owner "), 0);
	assert_int_equal(count_kind(&xml, "tip "), 0);
	/* What the legend says is true on paper, too. */
	assert_true(has_text(&xml, "in the boxes, as lines would be too many"));
	assert_true(has_text(&xml, "owner user:[6000000000]"));
	xml_release(&xml);
	model_unref(model);
}

static void test_several_tops(void **state)
{
	(void)state;
	struct builder *b = builder_new();
	struct ns *user = fixture_user(b, 100, NULL, 0, NULL);

	user->parent.state = user->owner.state = REL_HIDDEN;
	fixture_user(b, 200, NULL, 0, NULL)->parent.state = REL_HIDDEN;
	fixture_pid(b, 300, NULL, NULL);
	fixture_pid(b, 400, NULL, user);
	const struct model *model = fixture_freeze(b, NULL);
	struct xml xml;

	assert_sound(model, false);
	parse(&xml, model, false);
	assert_int_equal(count(&xml, "g", "outside"), 2);
	/* It is the top of what can be seen, but not the initial one. */
	assert_int_equal(count_kind(&xml, "owner "), 1 + 1);
	xml_release(&xml);
	model_unref(model);
}

/* The text of a header line must be in the title too. */
static void assert_in_title(void *data, const char *line)
{
	assert_non_null(strstr(data, line));
}

/* The lines of a partial view stand above the legend and the panels, none over another. */
static void assert_header(const struct xml *xml, size_t n_reasons)
{
	size_t n = 0;
	int y = 0;

	for (size_t i = 0; i < xml->n; i++) {
		const struct xml_element *element = &xml->elements[i];
		const char *class = xml_get(element, "class");
		const bool is_reason = xml_is_named(element, "text") &&
		                       strncmp(element->text, "partial view: ", 14) == 0;
		const bool is_below =
		        class && xml_is_named(element, "rect") && strcmp(class, "ground") != 0;

		if (is_reason) {
			assert_true(xml_number(element, "y", 0) >= y + SVG_TEXT_SIZE);
			y = xml_number(element, "y", 0);
			n++;
		}
		if (is_below)
			assert_true(xml_number(element, "y", 0) > y);
	}
	assert_int_equal(n, n_reasons);
}

static void test_partial(void **state)
{
	(void)state;
	struct builder *b = builder_new();
	const struct ns *user = fixture_user(b, 100, NULL, 0, NULL);
	struct xml xml;

	fixture_pid(b, 300, NULL, user)->owner = (struct relation){.state = REL_FAILED};
	fixture_pid(b, 400, NULL, user)->parent = (struct relation){.state = REL_FAILED};
	fixture_owned(b, NS_NET, 500, user)->owner = (struct relation){.state = REL_FAILED};
	builder_host(b)->partial = (UINT32_C(1) << PARTIALS) - 1;
	const struct model *model = fixture_freeze(b, NULL);

	parse(&xml, model, true);
	svg_checks_inert(&xml);
	svg_checks_columns(&xml);
	svg_checks_text(&xml);
	assert_header(&xml, PARTIALS);
	assert_true(xml_is_named(&xml.elements[1], "title"));
	partial_lines(model, model->host.partial, assert_in_title,
	        (void *)(uintptr_t)xml.elements[1].text);
	assert_int_equal(count(&xml, "g", "outside unknown"), 2);
	xml_release(&xml);
	model_unref(model);
}

static void test_same_number_twice(void **state)
{
	(void)state;
	struct builder *b = builder_new();
	struct ns *user = fixture_user(b, 7, NULL, 0, NULL);
	struct xml xml;

	fixture_pid(b, 7, NULL, user);
	const struct model *model = fixture_freeze(b, NULL);
	parse(&xml, model, false);
	svg_checks_inert(&xml);
	xml_release(&xml);
	model_unref(model);
}

/* Widths of wide characters and combining marks are not those of the locale. */
static void test_same_in_all_locales(void **state)
{
	(void)state;
	const struct view_options view = {.with_details = true};
	struct builder *b = builder_new();
	struct ns *user = fixture_user(b, 100, NULL, 0, "e\u0301\u0301\u0301");

	fixture_process(b, 1, "\u4e2d\u4e2d\u4e2d", user);
	for (unsigned i = 0; i < 4; i++)
		fixture_process(b, 2 + (pid_t)i, "\u4e2d\u4e2d\u4e2d\u4e2d\u4e2d\u4e2d\u4e2d\u4e2d",
		        fixture_owned(b, NS_NET, 200 + i, user));
	const struct model *model = fixture_freeze(b, NULL);
	char *texts[2];

	for (size_t i = 0; i < 2; i++) {
		struct fixture_text text;

		fixture_text_begin(&text);
		if (!setlocale(LC_CTYPE, i ? "C.UTF-8" : "C"))
			skip();
		assert_int_equal(export_svg(text.file,
		                         &(struct export_request){.model = model, .view = view}),
		        0);
		texts[i] = fixture_text_end(&text);
	}
	assert_string_equal(texts[0], texts[1]);
	free(texts[0]);
	free(texts[1]);
	model_unref(model);
}

static void test_hostile_names(void **state)
{
	unsigned n = 0;

	(void)state;
	for (const char *const *raw = fixture_hostile_names; *raw; raw++, n++) {
		const struct model *model = fixture_hostile(*raw);

		assert_sound(model, true);
		model_unref(model);
	}
	print_message("# R5: %u SVGs with hostile names: parsed as XML; 0 scripts, on*=, foreign "
	              "references, entities; boxes and edges are those of the model\n",
	        n);
}

static void test_many(void **state)
{
	(void)state;
	const struct model *model = fixture_large();
	const double start = fixture_cpu_ms();
	char *svg = export(model, false);
	struct xml xml;

	print_message("SVG of 10,000 namespaces: %.0f ms, %zu bytes\n", fixture_cpu_ms() - start,
	        strlen(svg));
	xml_parse(&xml, svg);
	svg_checks_inert(&xml);
	svg_checks_columns(&xml);
	assert_int_equal(count(&xml, "path", "edge"), 2 * 4999 + 1);
	xml_release(&xml);
	model_unref(model);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_pictures),
	        cmocka_unit_test(test_golden),
	        cmocka_unit_test(test_a_compartment),
	        cmocka_unit_test(test_one_hierarchy),
	        cmocka_unit_test(test_edges),
	        cmocka_unit_test(test_links_lead_to_owners),
	        cmocka_unit_test(test_filter),
	        cmocka_unit_test(test_too_many_owner_lines),
	        cmocka_unit_test(test_several_tops),
	        cmocka_unit_test(test_partial),
	        cmocka_unit_test(test_same_number_twice),
	        cmocka_unit_test(test_same_in_all_locales),
	        cmocka_unit_test(test_hostile_names),
	        cmocka_unit_test(test_many),
	};

	/* For the widths of the tests; those of the picture do not depend on it. */
	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
