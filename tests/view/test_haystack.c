/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"
#include "base/attributes.h"
#include "base/memory.h"
#include "tests/unit.h"
#include "tests/view/fixture.h"
#include "tests/view/mount_fixture.h"
#include "view/filter.h"
#include "view/hierarchy.h"

#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

static const struct view_options users = {.kind = VIEW_USER};
static const struct view_options all = {.kind = VIEW_ALL};
static const struct view_options processes = {.kind = VIEW_PROCESSES};

/* A model, its hierarchy, and what is found in it. */
struct world {
	const struct model *model;
	const struct model *baseline;
	struct names *names;
	struct hierarchy hierarchy;
	struct haystack *haystack;
};

static void open_world(
        struct world *world, const struct model *model, const struct view_options *options)
{
	*world = (struct world){.model = model, .names = names_new()};
	names_add_model(world->names, model);
	hierarchy_build(&world->hierarchy, model, NULL, options);
	world->haystack = haystack_new(model, NULL, world->names, true);
}

static void close_world(struct world *world)
{
	haystack_free(world->haystack);
	hierarchy_release(&world->hierarchy);
	names_free(world->names);
	model_unref(world->model);
	model_unref(world->baseline);
}

/* The last three digits of what is found, or the PID of a process, with blanks between. */
static void assert_nodes(
        const struct world *world, const char *what, const bool *hits, const char *expected)
{
	struct fixture_text text;
	const char *separator = "";

	fixture_text_begin(&text);
	for (size_t i = 0; i < world->hierarchy.n; i++) {
		const struct node *node = &world->hierarchy.nodes[i];

		if (!hits[i])
			continue;
		fprintf(text.file, "%s%u", separator,
		        node->process ? (unsigned)node->process->pid
		        : node->ns    ? (unsigned)(node->ns->inode % 1000)
		                      : 0);
		separator = " ";
	}
	char *found = fixture_text_end(&text);
	if (strcmp(found, expected) != 0)
		fail_msg("%s: found \"%s\", not \"%s\"", what, found, expected);
	free(found);
}

static void assert_found(const struct world *world, const char *query, const char *expected)
{
	_cleanup_free_ bool *hits = memory_new(world->hierarchy.n + 1);

	haystack_find(world->haystack, &world->hierarchy, query, hits);
	assert_nodes(world, query, hits, expected);
}

/* A host with a bit of all that can be found. */
static const struct model *findable(void)
{
	struct builder *b = builder_new();
	struct ns *top = fixture_user(b, 4026531837, NULL, 0, "root");
	struct ns *mine = fixture_user(b, 4026532500, top, 1000, "harald");
	struct ns *held = fixture_user(b, 4026532600, top, 112, "\xc3\x84rger");
	struct ns *net = fixture_owned(b, NS_NET, 4026532700, mine);
	struct process *init = fixture_process(b, 1, "systemd", top);
	struct process *web = fixture_process(b, 1374, "Web Content", mine);
	pid_t *pids = arena_array(builder_arena(b), 2, sizeof(*pids));

	pids[0] = 1374;
	pids[1] = 17;
	web->nspid = pids;
	web->n_nspid = 2;
	web->ppid = 1;
	web->started = 10;
	web->cgroup = "/user.slice/App";
	web->uid_state = REL_KNOWN;
	web->uid = 1001;
	web->ns[NS_NET] = net;
	init->uid_state = REL_KNOWN;
	fixture_hold_fd(b, held, 1374, 7);
	fixture_hold_mount(b, net, "/run/netns/a\nb");
	return fixture_freeze(b, NULL);
}

static void test_users_that_are_not_mapped(void **state)
{
	struct builder *b = builder_new();
	struct world world;

	(void)state;
	struct ns *top = fixture_user(b, 4026531837, NULL, 0, "root");
	fixture_user(b, 4026532500, top, 0, NULL)->owner_uid_state = REL_UNMAPPED;
	fixture_user(b, 4026532600, top, 65534, NULL)->owner_uid_state = REL_AMBIGUOUS;
	fixture_user(b, 4026532700, top, 65534, NULL)->owner_uid_state = REL_FAILED;
	open_world(&world, fixture_freeze(b, NULL), &users);
	assert_found(&world, "not mapped", "500 600");
	assert_found(&world, "65534 or not mapped here", "600");
	close_world(&world);
}

/* As it is shown, and only if it is. */
static void test_command_lines_are_found(void **state)
{
	static const char *const arguments[] = {
	        "/usr/bin/Web", "--title=it's\tHERE", "", "plain", NULL};
	struct builder *b = builder_new();
	struct ns *top = fixture_user(b, 4026531837, NULL, 0, "root");
	struct process *web = fixture_process(b, 40, "web", top);
	struct world world;

	(void)state;
	fixture_process(b, 41, "other", top)->cmdline_error = EACCES;
	web->cmdline = arguments;
	web->is_cmdline_cut = true;
	open_world(&world, fixture_freeze(b, NULL), &(struct view_options){.kind = VIEW_PROCESSES});
	assert_found(&world, "/usr/bin/web '--title=it'\\''s\\x09here' '' plain (cut)", "40");
	assert_found(&world, "HERE", "40");
	assert_found(&world, "Here", "");
	assert_found(&world, "plain --title", "");
	haystack_free(world.haystack);
	world.haystack = haystack_new(world.model, NULL, world.names, false);
	assert_found(&world, "here", "");
	assert_found(&world, "web", "40");
	close_world(&world);
}

static void test_what_is_found(void **state)
{
	struct world world;

	(void)state;
	open_world(&world, findable(), &users);
	assert_found(&world, "", "837 500 600");
	assert_found(&world, "4026532", "500 600");
	assert_found(&world, "user:[40265325", "500");
	assert_found(&world, "harald", "500");
	assert_found(&world, "(1000)", "500");
	assert_found(&world, "(1374)", "500 600");
	assert_found(&world, "17", "500");
	assert_found(&world, "web content", "500 600");
	assert_found(&world, "user.slice/app", "500");
	assert_found(&world, "fd 7 of web", "600");
	assert_found(&world, "systemd", "837");
	/* Owned ones are found as themselves only. */
	assert_found(&world, "netns", "");
	/* Nor is the user of a process in it its own. */
	assert_found(&world, "1001", "");
	close_world(&world);
}

/* The count without a hierarchy is that of lines in the view of all types. */
static void test_count(void **state)
{
	static const char *const queries[] = {"4026532", "harald", "1374", "Web", "no such", "1"};
	struct world world;

	(void)state;
	open_world(&world, findable(), &all);
	for (size_t i = 0; i < ARRAY_SIZE(queries); i++) {
		_cleanup_free_ bool *hits = memory_new(world.hierarchy.n + 1);
		size_t n = 0;

		haystack_find(world.haystack, &world.hierarchy, queries[i], hits);
		for (size_t k = 0; k < world.hierarchy.n; k++)
			n += hits[k];
		assert_int_equal(haystack_count(world.haystack, queries[i]), n);
	}
	close_world(&world);
}

/* Text that was written ahead, part by part, is that of a search. */
static void test_prepared(void **state)
{
	struct world world;
	unsigned parts = 0;

	(void)state;
	open_world(&world, findable(), &all);
	while (haystack_prepare(world.haystack))
		parts++;
	assert_int_equal(parts, NS_TYPES + 2);
	assert_found(&world, "web content", "500 700 600");
	assert_found(&world, "user:[40265325", "500");
	close_world(&world);
}

/* Shows another view of the same model, with its mounts. */
static void show_mounts(struct world *world, enum view_kind kind)
{
	hierarchy_release(&world->hierarchy);
	hierarchy_build(&world->hierarchy, world->model, NULL,
	        &(struct view_options){.kind = kind, .mounts = world->model->mounts});
	haystack_set_facts(world->haystack, NULL);
}

/* A path or a device is searched for among mounts in all views, other text in that of mount
 * namespaces. */
static void test_mounts(void **state)
{
	struct haystack_place place;
	struct world world;

	(void)state;
	open_world(&world, mount_fixture(), &all);
	assert_found(&world, "/srv", "");
	show_mounts(&world, VIEW_ALL);
	assert_found(&world, "/srv", "832 301");
	assert_found(&world, "8:17", "832 301");
	assert_found(&world, "0:71", "302");
	assert_found(&world, "0:7", "");
	assert_found(&world, "08:17", "");
	assert_found(&world, "sshfs", "");
	assert_int_equal(haystack_count(world.haystack, "/srv"), 2);
	assert_int_equal(haystack_count(world.haystack, "sshfs"), 0);
	assert_int_equal(haystack_count_mounts(world.haystack, "sshfs"), 1);
	show_mounts(&world, VIEW_MNT);
	assert_found(&world, "sshfs", "301");
	assert_found(&world, "/dev/sdb1", "832 301");
	assert_true(haystack_explain(world.haystack, &world.hierarchy, 1, "/srv", &place));
	assert_int_equal(place.field, HAYSTACK_MOUNT);
	assert_null(place.process);
	assert_string_equal(place.text, "/srv (xfs): mounted there, and 1 more");
	free(place.text);
	show_mounts(&world, VIEW_PROCESSES);
	assert_found(&world, "/srv", "1 300");
	assert_found(&world, "sshfs", "");
	show_mounts(&world, VIEW_MOUNTS);
	assert_found(&world, "noquota", "0 0");
	close_world(&world);
}

static void test_capitals_count_if_there_are_any(void **state)
{
	struct world world;

	(void)state;
	open_world(&world, findable(), &users);
	assert_found(&world, "Web", "500 600");
	assert_found(&world, "WEB", "");
	assert_found(&world, "user.slice/App", "500");
	assert_found(&world, "\xc3\xa4rger", "600");
	assert_found(&world, "\xc3\x84rger", "600");
	assert_found(&world, "\xc3\x84RGER", "");
	close_world(&world);
}

static void test_processes_are_found(void **state)
{
	struct world world;

	(void)state;
	open_world(&world, findable(), &processes);
	assert_found(&world, "", "1 1374");
	assert_found(&world, "web", "1374");
	assert_found(&world, "17", "1374");
	assert_found(&world, "1001", "1374");
	assert_found(&world, "4026532700", "1374");
	assert_found(&world, "4026531837", "1");
	close_world(&world);
}

/* As on the screen: a name with a newline is found by what stands for it. */
static void test_text_is_what_is_seen(void **state)
{
	struct world world;

	(void)state;
	open_world(&world, findable(), &all);
	assert_found(&world, "netns/a\\x0ab", "700");
	close_world(&world);
	for (size_t i = 0; fixture_hostile_names[i]; i++) {
		open_world(&world, fixture_hostile(fixture_hostile_names[i]), &all);
		assert_found(&world, "nobody is called so", "");
		close_world(&world);
	}
}

static void test_what_went_is_found_too(void **state)
{
	struct world world = {.names = names_new()};

	(void)state;
	world.baseline = findable();
	world.model = fixture_freeze(builder_new(), world.baseline);
	hierarchy_build(&world.hierarchy, world.model, world.baseline, &users);
	world.haystack = haystack_new(world.model, world.baseline, world.names, true);
	assert_found(&world, "fd 7 of web content", "600");
	assert_found(&world, "1374", "500 600");
	close_world(&world);
}

/* The field and text that matches in the node whose number ends in `end`, and the PID of a process:
 * `4 17 1374`. */
static void assert_explained(
        const struct world *world, unsigned end, const char *query, const char *expected)
{
	const struct hierarchy *hierarchy = &world->hierarchy;
	struct haystack_place place;
	char found[256] = "nothing";

	for (size_t i = 0; i < hierarchy->n; i++) {
		const struct node *node = &hierarchy->nodes[i];
		const unsigned number = node->process ? (unsigned)node->process->pid
		                                      : (unsigned)(node->ns->inode % 1000);

		if (number != end ||
		        !haystack_explain(world->haystack, hierarchy, i, query, &place))
			continue;
		snprintf(found, sizeof(found), "%d %s %d", (int)place.field, place.text,
		        place.process ? (int)place.process->pid : 0);
		free(place.text);
	}
	assert_string_equal(found, expected);
}

static void test_where_it_is_found(void **state)
{
	static const struct {
		unsigned end;
		const char *query;
		enum haystack_field field;
		const char *text;
		int pid;
	} rows[] = {
	        {500, "25", HAYSTACK_NUMBER, "user:[4026532500]", 0},
	        {500, "harald", HAYSTACK_OWNER, "harald (1000)", 0},
	        {600, "fd 7", HAYSTACK_HOLDER, "fd 7 of Web Content (1374)", 0},
	        {500, "web", HAYSTACK_PROCESS, "Web Content (1374)", 1374},
	        {500, "17", HAYSTACK_INSIDE, "17", 1374},
	        {500, "/APP", 0, NULL, 0},
	        {500, "/app", HAYSTACK_CGROUP, "/user.slice/App", 1374},
	        {837, "systemd", HAYSTACK_PROCESS, "systemd (1)", 1},
	};
	struct world world;
	char expected[64];

	(void)state;
	open_world(&world, findable(), &all);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		snprintf(expected, sizeof(expected), "%d %s %d", (int)rows[i].field, rows[i].text,
		        rows[i].pid);
		assert_explained(
		        &world, rows[i].end, rows[i].query, rows[i].text ? expected : "nothing");
	}
	close_world(&world);
}

static void test_where_a_process_is_found(void **state)
{
	struct world world;
	char expected[64];

	(void)state;
	open_world(&world, findable(), &processes);
	snprintf(expected, sizeof(expected), "%d  (1001) 1374", (int)HAYSTACK_USER);
	assert_explained(&world, 1374, "1001", expected);
	snprintf(expected, sizeof(expected), "%d 4026532700 1374", (int)HAYSTACK_NAMESPACE);
	assert_explained(&world, 1374, "2700", expected);
	snprintf(expected, sizeof(expected), "%d 17 1374", (int)HAYSTACK_INSIDE);
	assert_explained(&world, 1374, "17", expected);
	assert_explained(&world, 1, "1374", "nothing");
	close_world(&world);
}

/* --- filters --------------------------------------------------------------------------------- */

static void assert_filter(const struct world *world, struct filter filter, size_t n, const char *in,
        const char *above)
{
	_cleanup_free_ unsigned char *filtered = memory_new(world->hierarchy.n + 1);
	_cleanup_free_ bool *hits = memory_new(world->hierarchy.n + 1);
	const struct filter_count count =
	        filter_apply(&filter, &world->hierarchy, world->haystack, NULL, filtered);

	assert_true(filter_is_on(&filter));
	for (size_t i = 0; i < world->hierarchy.n; i++)
		hits[i] = filtered[i] == FILTERED_IN;
	assert_nodes(world, "in", hits, in);
	for (size_t i = 0; i < world->hierarchy.n; i++)
		hits[i] = filtered[i] == FILTERED_ABOVE;
	assert_nodes(world, "above", hits, above);
	assert_int_equal(count.n, n);
}

static void test_filters(void **state)
{
	char web[] = "web", blue[] = "blue";
	struct world world;

	(void)state;
	assert_false(filter_is_on(&(struct filter){0}));
	open_world(&world, findable(), &all);
	assert_filter(&world, (struct filter){.text = web}, 3, "500 700 600", "837");
	assert_filter(&world, (struct filter){.text = blue}, 0, "", "");
	assert_filter(&world, (struct filter){.types = 1u << NS_NET}, 1, "700", "837 500");
	assert_filter(&world, (struct filter){.only_leaked = true}, 1, "600", "837");
	assert_filter(&world, (struct filter){.owner_rule = FILTER_ONLY, .owner = 1000}, 2,
	        "500 700", "837");
	assert_filter(
	        &world, (struct filter){.owner_rule = FILTER_NOT, .owner = 1000}, 2, "837 600", "");
	assert_filter(&world, (struct filter){.text = web, .owner_rule = FILTER_NOT, .owner = 1000},
	        1, "600", "837");
	close_world(&world);

	/* A user namespace that only groups others is never in by itself. */
	open_world(&world, findable(), &(struct view_options){.kind = VIEW_NET});
	assert_filter(&world, (struct filter){.owner_rule = FILTER_ONLY, .owner = 1000}, 1, "700",
	        "837 500");
	close_world(&world);

	open_world(&world, findable(), &processes);
	assert_filter(&world, (struct filter){.types = 1u << NS_USER}, 1, "1374", "1");
	assert_filter(
	        &world, (struct filter){.owner_rule = FILTER_ONLY, .owner = 1001}, 1, "1374", "1");
	assert_filter(&world, (struct filter){.only_leaked = true}, 0, "", "");
	close_world(&world);
}

static void test_filters_in_words(void **state)
{
	char text_of[] = "a\x1b";
	const struct filter filter = {
	        .text = text_of,
	        .owner_rule = FILTER_NOT,
	        .owner = 4711,
	        .types = 1u << NS_NET | 1u << NS_MNT,
	        .only_leaked = true,
	};
	struct fixture_text text;

	(void)state;
	fixture_text_begin(&text);
	filter_write(text.file, &filter, NULL);
	char *words = fixture_text_end(&text);
	assert_string_equal(words, "\"a\\x1b\", not 4711, mnt net, leaked");
	free(words);
}

/* --- how long it takes ------------------------------------------------------------------------ */

static void print_times(const char *name, const struct view_options *options)
{
	static const char *const queries[] = {"n", "nginx", "no such thing", "40265", "BASH"};
	struct world world;

	open_world(&world, fixture_large(), options);
	_cleanup_free_ unsigned char *filtered = memory_new(world.hierarchy.n + 1);
	haystack_free(world.haystack);
	double start = fixture_cpu_ms();
	world.haystack = haystack_new(world.model, NULL, world.names, true);
	print_message("%s, %zu lines, %zu processes: text %.2f ms", name, world.hierarchy.n,
	        world.model->n_processes, fixture_cpu_ms() - start);
	for (size_t i = 0; i < ARRAY_SIZE(queries); i++) {
		_cleanup_free_ char *text = memory_strdup(queries[i]);
		const struct filter filter = {.text = text};

		start = fixture_cpu_ms();
		filter_apply(&filter, &world.hierarchy, world.haystack, NULL, filtered);
		print_message(", \"%s\" %.2f ms", text, fixture_cpu_ms() - start);
	}
	print_message("\n");
	close_world(&world);
}

static void test_many(void **state)
{
	(void)state;
	print_times("user", &users);
	print_times("all", &all);
	print_times("processes", &processes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_command_lines_are_found),
	        cmocka_unit_test(test_what_is_found),
	        cmocka_unit_test(test_users_that_are_not_mapped),
	        cmocka_unit_test(test_count),
	        cmocka_unit_test(test_mounts),
	        cmocka_unit_test(test_prepared),
	        cmocka_unit_test(test_capitals_count_if_there_are_any),
	        cmocka_unit_test(test_processes_are_found),
	        cmocka_unit_test(test_text_is_what_is_seen),
	        cmocka_unit_test(test_what_went_is_found_too),
	        cmocka_unit_test(test_where_it_is_found),
	        cmocka_unit_test(test_where_a_process_is_found),
	        cmocka_unit_test(test_filters),
	        cmocka_unit_test(test_filters_in_words),
	        cmocka_unit_test(test_many),
	};

	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		return 77;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
