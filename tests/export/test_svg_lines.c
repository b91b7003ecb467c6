/* SPDX-License-Identifier: Apache-2.0 */

/* Lines from PID namespaces to their owners, and boxes in grids: random hosts, and what a reader of
 * the picture needs to follow a line. */

#include "base/attributes.h"
#include "base/memory.h"
#include "export/export.h"
#include "export/svg_route.h"
#include "tests/base/random.h"
#include "tests/pictures/geometry.h"
#include "tests/unit.h"
#include "tests/view/fixture.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static void draw(struct drawing *ret, const struct model *model, const struct view_options *view)
{
	const struct export_request request = {.model = model, .view = *view};
	struct fixture_text text;

	fixture_text_begin(&text);
	assert_int_equal(export_svg(text.file, &request), 0);
	drawing_read(ret, fixture_text_end(&text));
}

static size_t count_lines(const struct drawing *drawing)
{
	size_t n = 0;

	for (size_t i = 0; i < drawing->n_owners; i++)
		n += !drawing->owners[i].is_sample;
	return n;
}

/* Words outside of boxes, not in the legend. */
static bool has_label(const struct drawing *drawing, const char *text)
{
	for (size_t i = 0; i < drawing->n_words; i++)
		if (drawing->words[i].box == DRAWING_NONE &&
		        strcmp(drawing->words[i].text, text) == 0)
			return true;
	return false;
}

/* The checker knows the initial user namespace, to which no lines lead, because it is a root. */
static void assert_sound(const struct drawing *drawing, const char *name)
{
	struct geometry found;
	bool has_outside = false;

	for (size_t i = 0; i < drawing->n_boxes; i++)
		has_outside = has_outside || drawing_has_class(drawing->boxes[i].class, "outside");
	geometry_check(&found, drawing, name, has_outside ? NULL : stderr);
	assert_int_equal(found.n_all - (has_outside ? found.n[GEOMETRY_LINE_OWNER] : 0), 0);
}

/* --- random hosts ---------------------------------------------------------------------------- */

enum { NODES = 64, HOSTS = 300 };

static const char *const process_names[] = {
        "sh", "systemd", "redis-server", "a-name-of-30-characters-and-more", "java"};

static void add_leader(struct builder *b, uint64_t *state, const struct ns *ns, pid_t pid)
{
	if (random_below(state, 8) > 0)
		fixture_process(
		        b, pid, process_names[random_below(state, ARRAY_SIZE(process_names))], ns);
}

/* A parent of the ones before: the first one often, so that there are long runs of leaves, or one
 * of the last, so that there are deep trees. */
static uint32_t random_parent(uint64_t *state, uint32_t n)
{
	if (random_below(state, 3) > 0)
		return 0;
	return n > 4 && random_below(state, 2) ? n - 1 - random_below(state, 4)
	                                       : random_below(state, n);
}

static const struct model *random_host(uint64_t *state)
{
	struct builder *b = builder_new();
	struct ns *users[NODES], *pids[NODES];
	const uint32_t n_users = 1 + random_below(state, NODES);
	const uint32_t n_pids = 1 + random_below(state, NODES);
	const uint32_t n_owners = 1 + random_below(state, n_users);

	for (uint32_t i = 0; i < n_users; i++) {
		struct ns *parent = i ? users[random_parent(state, i)] : NULL;

		users[i] = fixture_user(b, i ? 5000 + i : FIXTURE_INITIAL_USER, parent,
		        i ? 1000 + random_below(state, 3) : 0, i % 2 ? "harald" : NULL);
		add_leader(b, state, users[i], (pid_t)(100 + i));
		for (uint32_t k = random_below(state, 4); k > 1; k--)
			fixture_owned(b, k == 2 ? NS_NET : NS_MNT, 7000 + 10 * i + k, users[i]);
	}
	for (uint32_t i = 0; i < n_pids; i++) {
		struct ns *parent = i ? pids[random_parent(state, i)] : NULL;
		const uint32_t owner = random_below(state, 3) ? random_below(state, n_owners) : 0;

		pids[i] = fixture_pid(
		        b, i ? 4000 + i : FIXTURE_INITIAL_PID, parent, users[i ? owner : 0]);
		add_leader(b, state, pids[i], (pid_t)(200 + i));
	}
	/* Then the initial one is not a root of the picture. */
	if (n_users > 2 && random_below(state, 8) == 0)
		users[1]->parent = (struct relation){.state = REL_HIDDEN};
	return fixture_freeze(b, NULL);
}

/* Distances, ends, arrow heads, overlap, connectors: tests/pictures/geometry.h. */
static void test_random_hosts(void **state)
{
	uint64_t random = 20261128;
	size_t n_lines = 0;

	(void)state;
	for (unsigned i = 0; i < HOSTS; i++) {
		const struct model *model = random_host(&random);
		const struct view_options view = {.with_details = random_below(&random, 2),
		        .with_all_details = random_below(&random, 4) == 0,
		        .is_collapsed = random_below(&random, 4) == 0};
		struct drawing drawing;
		char name[32];

		snprintf(name, sizeof(name), "host %u", i);
		draw(&drawing, model, &view);
		assert_sound(&drawing, name);
		assert_true(count_lines(&drawing) <= SVG_OWNERS_MAX);
		n_lines += count_lines(&drawing);
		drawing_release(&drawing);
		model_unref(model);
	}
	print_message("%zu lines\n", n_lines);
	assert_true(n_lines > 5 * HOSTS);
}

/* --- hosts with many owners ------------------------------------------------------------------ */

/* User namespaces below the initial one; each owns `n_each` PID namespaces and is the parent of
 * `n_below` others, in a chain. */
static struct builder *add_owners(unsigned n, unsigned n_each, unsigned n_below)
{
	struct builder *b = builder_new();
	struct ns *top = fixture_user(b, FIXTURE_INITIAL_USER, NULL, 0, "root");
	struct ns *root = fixture_pid(b, FIXTURE_INITIAL_PID, NULL, top);

	for (unsigned i = 0; i < n; i++) {
		struct ns *user = fixture_user(b, 5000 + i, top, 1000, "harald");
		struct ns *below = user;

		fixture_process(b, 100 + (pid_t)i, "podman", user);
		for (unsigned k = 0; k < n_each; k++)
			fixture_pid(b, 4000 + n_each * i + k, root, user);
		for (unsigned k = 0; k < n_below; k++)
			below = fixture_user(b, 6000 + n_below * i + k, below, 1000, "harald");
	}
	return b;
}

static const struct model *owners(unsigned n, unsigned n_each, unsigned n_below)
{
	return fixture_freeze(add_owners(n, n_each, n_below), NULL);
}

static void test_many_owners(void **state)
{
	static const struct {
		unsigned n, n_each, n_below;
	} hosts[] = {{30, 1, 0}, {30, 1, 2}, {10, 4, 1}, {SVG_OWNERS_MAX, 1, 0}, {1, 40, 3}};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(hosts); i++) {
		const struct model *model = owners(hosts[i].n, hosts[i].n_each, hosts[i].n_below);
		struct drawing drawing;

		draw(&drawing, model, &(struct view_options){0});
		assert_sound(&drawing, "owners");
		assert_int_equal(count_lines(&drawing), hosts[i].n * hosts[i].n_each);
		drawing_release(&drawing);
		model_unref(model);
	}
}

static int y_of(const struct drawing *drawing, const char *type, uint64_t inode)
{
	char id[64];

	snprintf(id, sizeof(id), "ns-%" PRIu64, inode);
	for (size_t i = 0; i < drawing->n_boxes; i++)
		if (drawing->boxes[i].id && strcmp(drawing->boxes[i].id, id) == 0 &&
		        drawing_has_class(drawing->boxes[i].class, type))
			return drawing->boxes[i].area.top;
	fail_msg("no box %s", id);
	return 0;
}

/* Both ends of a line that does not fit on a screen have the number of the other end; those that
 * are near have none. */
static void test_far_ends_have_labels(void **state)
{
	enum { N = 30 };
	const struct model *model = owners(N, 1, 2);
	struct drawing drawing;
	size_t n_far = 0;

	(void)state;
	draw(&drawing, model, &(struct view_options){.with_details = true});
	for (unsigned i = 0; i < N; i++) {
		const int distance =
		        abs(y_of(&drawing, "pid", 4000 + i) - y_of(&drawing, "user", 5000 + i));
		char pid[64], user[64];

		snprintf(pid, sizeof(pid), "pid:[%u]", 4000 + i);
		snprintf(user, sizeof(user), "user:[%u]", 5000 + i);
		assert_int_equal(has_label(&drawing, pid), has_label(&drawing, user));
		if (distance > SVG_SCREEN + 50)
			assert_true(has_label(&drawing, pid));
		n_far += has_label(&drawing, pid);
	}
	assert_true(n_far > 0 && n_far < N);
	drawing_release(&drawing);
	model_unref(model);
}

/* The owner of several has their number, not one of them. The last user namespace owns the
 * first PID namespaces. */
static void test_far_owner_of_several(void **state)
{
	struct builder *b = builder_new();
	struct ns *top = fixture_user(b, FIXTURE_INITIAL_USER, NULL, 0, "root");
	struct ns *root = fixture_pid(b, FIXTURE_INITIAL_PID, NULL, top), *last = NULL;
	struct drawing drawing;

	(void)state;
	/* Chains of two do not form a grid. */
	for (unsigned i = 0; i < 30; i++) {
		last = fixture_user(b, 5000 + i, top, 1000, "harald");
		fixture_user(b, 6000 + i, last, 1000, "harald");
	}
	for (unsigned i = 0; i < 20; i++)
		fixture_pid(b, 3000 + i, fixture_pid(b, 2000 + i, root, top), i < 3 ? last : top);
	const struct model *model = fixture_freeze(b, NULL);

	draw(&drawing, model, &(struct view_options){0});
	assert_sound(&drawing, "several");
	assert_int_equal(count_lines(&drawing), 3);
	assert_true(has_label(&drawing, "3 pid"));
	assert_true(has_label(&drawing, "user:[5029]"));
	assert_false(has_label(&drawing, "pid:[3000]"));
	drawing_release(&drawing);
	model_unref(model);
}

/* Only the second line to the owner is long. */
static void test_near_and_far(void **state)
{
	struct builder *b = builder_new();
	struct ns *top = fixture_user(b, FIXTURE_INITIAL_USER, NULL, 0, "root");
	struct ns *root = fixture_pid(b, FIXTURE_INITIAL_PID, NULL, top), *first = NULL;
	struct drawing drawing;

	(void)state;
	/* Chains of two do not form a grid. */
	for (unsigned i = 0; i < 30; i++) {
		struct ns *user = fixture_user(b, 5000 + i, top, 1000, "harald");
		first = first ? first : user;
		fixture_user(b, 6000 + i, user, 1000, "harald");
		fixture_pid(b, 3000 + i, fixture_pid(b, 2000 + i, root, top), top);
	}
	fixture_pid(b, 1999, root, first);
	fixture_pid(b, 2030, root, first);
	const struct model *model = fixture_freeze(b, NULL);

	draw(&drawing, model, &(struct view_options){0});
	assert_int_equal(count_lines(&drawing), 2);
	assert_true(has_label(&drawing, "user:[5000]"));
	assert_true(has_label(&drawing, "2 pid"));
	drawing_release(&drawing);
	model_unref(model);
}

/* A line between two groups says how many namespaces it stands for. */
static void test_line_of_a_group_has_a_count(void **state)
{
	enum { N = 12 };
	const struct model *model = owners(N, 1, 0);
	struct drawing drawing;

	(void)state;
	draw(&drawing, model, &(struct view_options){.is_collapsed = true});
	assert_sound(&drawing, "groups");
	assert_int_equal(count_lines(&drawing), 1);
	assert_true(has_label(&drawing, "12 pid"));
	drawing_release(&drawing);
	model_unref(model);
}

/* Where processes could not be read, there may be more. */
static void test_count_of_a_partial_view(void **state)
{
	struct builder *b = add_owners(12, 1, 0);
	struct drawing drawing;

	(void)state;
	builder_host(b)->partial = UINT32_C(1) << PARTIAL_UNREADABLE;
	const struct model *model = fixture_freeze(b, NULL);
	draw(&drawing, model, &(struct view_options){.is_collapsed = true});
	assert_true(has_label(&drawing, "12+ pid"));
	assert_false(has_label(&drawing, "12 pid"));
	drawing_release(&drawing);
	model_unref(model);
}

/* Neighbours differ in colour and in dashes; the lines of one owner do not. */
static void test_colours(void **state)
{
	const struct model *model = owners(12, 2, 0);
	struct drawing drawing;
	const char *stroke = NULL, *dashes = NULL, *class = NULL;
	size_t n = 0;

	(void)state;
	draw(&drawing, model, &(struct view_options){0});
	for (size_t i = 0; i < drawing.xml.n; i++) {
		const struct xml_element *line = &drawing.xml.elements[i];
		const char *classes = xml_get(line, "class");

		/* The sample in the legend has no arrow head. */
		if (!drawing_has_class(classes, "owner") ||
		        drawing_has_class(
		                xml_get(&drawing.xml.elements[line->parent], "class"), "legend"))
			continue;
		if (n % 2 == 1) {
			assert_string_equal(classes, class);
		} else if (n > 0) {
			assert_string_not_equal(xml_get(line, "stroke"), stroke);
			assert_string_not_equal(xml_get(line, "stroke-dasharray"), dashes);
		}
		class = classes;
		stroke = xml_get(line, "stroke");
		dashes = xml_get(line, "stroke-dasharray");
		n++;
	}
	assert_int_equal(n, 24);
	drawing_release(&drawing);
	model_unref(model);
}

/* No two owners have the same colour and dashes. */
static void test_owners_differ(void **state)
{
	enum { N = SVG_OWNERS_MAX };
	const struct model *model = owners(N, 1, 0);
	const char *looks[N][2];
	struct drawing drawing;
	size_t n = 0;

	(void)state;
	draw(&drawing, model, &(struct view_options){0});
	for (size_t i = 0; i < drawing.xml.n; i++) {
		const struct xml_element *line = &drawing.xml.elements[i];

		if (!drawing_has_class(xml_get(line, "class"), "owner") ||
		        drawing_has_class(
		                xml_get(&drawing.xml.elements[line->parent], "class"), "legend"))
			continue;
		assert_true(n < N);
		looks[n][0] = xml_get(line, "stroke");
		looks[n][1] = xml_get(line, "stroke-dasharray");
		for (size_t k = 0; k < n; k++)
			assert_false(strcmp(looks[k][0], looks[n][0]) == 0 &&
			             strcmp(looks[k][1], looks[n][1]) == 0);
		n++;
	}
	assert_int_equal(n, N);
	drawing_release(&drawing);
	model_unref(model);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_random_hosts),
	        cmocka_unit_test(test_many_owners),
	        cmocka_unit_test(test_far_ends_have_labels),
	        cmocka_unit_test(test_far_owner_of_several),
	        cmocka_unit_test(test_near_and_far),
	        cmocka_unit_test(test_line_of_a_group_has_a_count),
	        cmocka_unit_test(test_count_of_a_partial_view),
	        cmocka_unit_test(test_colours),
	        cmocka_unit_test(test_owners_differ),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
