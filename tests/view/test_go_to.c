/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"
#include "base/attributes.h"
#include "tests/unit.h"
#include "tests/view/fixture.h"
#include "view/go_to.h"

#include <string.h>

/* Two containers, each with a user and a PID namespace, and one inside the second. */
static const struct {
	pid_t pid;
	pid_t levels[3];
	size_t n;
	const char *name;
	uint64_t user, pid_ns;
} processes[] = {
        {1, {1}, 1, "systemd", 4026531837, 4026531836},
        {2, {2}, 1, "[kthreadd]", 4026531837, 4026531836},
        {93, {93}, 1, "sshd", 4026531837, 4026531836},
        {200, {200, 1}, 2, "tini", 4026532100, 4026532101},
        {201, {201, 2}, 2, "nginx", 4026532100, 4026532101},
        {300, {300, 1}, 2, "tini", 4026532200, 4026532201},
        {301, {301, 2}, 2, "redis", 4026532200, 4026532201},
        {302, {302, 93}, 2, "redis", 4026532200, 4026532201},
        {310, {310, 4, 2}, 3, "sh", 4026532200, 4026532302},
};

static const struct ns *find_in(struct ns *const *all, size_t n, uint64_t inode)
{
	for (size_t i = 0; i < n; i++) {
		if (all[i]->inode == inode)
			return all[i];
	}
	return NULL;
}

static const struct model *containers(void)
{
	struct builder *b = builder_new();
	struct ns *user = fixture_user(b, 4026531837, NULL, 0, "root");
	struct ns *first = fixture_user(b, 4026532100, user, 0, "root");
	struct ns *second = fixture_user(b, 4026532200, user, 0, "root");
	struct ns *host = fixture_pid(b, 4026531836, NULL, user);
	struct ns *below = fixture_pid(b, 4026532201, host, second);
	struct ns *const all[] = {user, first, second, host,
	        fixture_pid(b, 4026532101, host, first), below,
	        fixture_pid(b, 4026532302, below, second)};

	for (size_t i = 0; i < ARRAY_SIZE(processes); i++) {
		struct process *process = fixture_process(b, processes[i].pid, processes[i].name,
		        find_in(all, ARRAY_SIZE(all), processes[i].user));
		pid_t *levels = arena_array(builder_arena(b), 3, sizeof(*levels));

		memcpy(levels, processes[i].levels, sizeof(processes[i].levels));
		process->nspid = levels;
		process->n_nspid = processes[i].n;
		process->ns[NS_PID] = find_in(all, ARRAY_SIZE(all), processes[i].pid_ns);
		process->state = 'S';
		if (processes[i].pid >= 200)
			process->container = builder_container(b,
			        &(struct container){.kind = CONTAINER_DOCKER,
			                .id = processes[i].pid < 300 ? "first" : "second"},
			        NULL);
	}
	return fixture_freeze(b, NULL);
}

/* The PIDs, or last three digits of namespaces, that `digits` may mean when the namespace
 * `selected` or, if there is none, the process is selected; 0: nothing is. */
static void assert_candidates(
        enum view_kind view, uint64_t selected, const char *digits, const char *expected)
{
	const struct view_options options = {.kind = view};
	const struct model *model = containers();
	const struct node *from = NULL;
	struct hierarchy hierarchy;
	struct go_to_list list;
	struct fixture_text text;

	hierarchy_build(&hierarchy, model, NULL, &options);
	for (size_t i = 0; i < hierarchy.n; i++) {
		const struct node *node = &hierarchy.nodes[i];

		if (selected == (node->ns ? node->ns->inode : (uint64_t)node->process->pid))
			from = node;
	}
	go_to_find(&list, &hierarchy, model, from, digits, NULL);
	fixture_text_begin(&text);
	for (size_t i = 0; i < list.n; i++) {
		const struct node *node = &hierarchy.nodes[list.all[i].node];
		const struct process *process = list.all[i].process;

		fprintf(text.file, "%s%u", i ? " " : "",
		        process ? (unsigned)process->pid : (unsigned)(node->ns->inode % 1000));
		if (process && node->process)
			assert_ptr_equal(node->process, process);
		else if (process)
			assert_ptr_equal(node->ns, process->ns[node->ns->type]);
	}
	char *found = fixture_text_end(&text);
	assert_string_equal(found, expected);
	free(found);
	go_to_release(&list);
	hierarchy_release(&hierarchy);
	model_unref(model);
}

static void test_inside_comes_first(void **state)
{
	(void)state;
	assert_candidates(VIEW_USER, 0, "2", "2 201 301 310");
	assert_candidates(VIEW_USER, 4026531837, "2", "2 201 301 310");
	assert_candidates(VIEW_USER, 4026532100, "2", "201 2 301 310");
	assert_candidates(VIEW_USER, 4026532200, "2", "301 310 2 201");
	assert_candidates(VIEW_USER, 4026532200, "93", "302 93");
	assert_candidates(VIEW_USER, 4026532100, "93", "93 302");
}

/* A PID namespace sees the processes of those below it. */
static void test_inside_of_a_pid_namespace(void **state)
{
	(void)state;
	assert_candidates(VIEW_PID, 4026532302, "2", "310 2 201 301 302");
	assert_candidates(VIEW_PID, 4026532201, "2", "301 2 201 310 302");
	assert_candidates(VIEW_PID, 4026532201, "4", "310");
	assert_candidates(VIEW_PID, 4026532101, "4", "310");
	assert_candidates(VIEW_PID, 4026532101, "310", "310");
}

/* A process, those of its own PID namespace. */
static void test_beside_a_process(void **state)
{
	(void)state;
	assert_candidates(VIEW_PROCESSES, 310, "2", "310 2 201 301");
	assert_candidates(VIEW_PROCESSES, 302, "2", "301 2 201 310");
	assert_candidates(VIEW_PROCESSES, 93, "2", "2 201 301 310");
}

/* After the PIDs, numbers that end in the digits. */
static void test_numbers_of_namespaces(void **state)
{
	(void)state;
	assert_candidates(VIEW_USER, 0, "1", "1 200 300");
	assert_candidates(VIEW_PID, 0, "1", "1 200 300 101 201");
	assert_candidates(VIEW_PID, 0, "01", "101 201"); /* no PID */
	assert_candidates(VIEW_USER, 0, "00", "100 200");
	assert_candidates(VIEW_USER, 0, "4026532200", "200");
	assert_candidates(VIEW_PROCESSES, 0, "4026532200", "");
	assert_candidates(VIEW_USER, 0, "31", "");
	assert_candidates(VIEW_USER, 0, "", "");
	assert_candidates(VIEW_USER, 0, "-1", "");
	assert_candidates(VIEW_USER, 0, "4294967297", ""); /* not PID 1 */
	assert_candidates(VIEW_USER, 0, "99999999999999999999999", "");
}

static void assert_first(const struct hierarchy *hierarchy, const struct model *model,
        const char *container, const char *digits, pid_t expected)
{
	const struct node *from = NULL;
	struct go_to_list list;

	for (size_t i = 0; i < hierarchy->n; i++) {
		const struct node *node = &hierarchy->nodes[i];

		if (node->container && strcmp(node->container->id, container) == 0)
			from = node;
	}
	assert_non_null(from);
	go_to_find(&list, hierarchy, model, from, digits, NULL);
	assert_true(list.n > 0);
	assert_int_equal(list.all[0].process->pid, expected);
	go_to_release(&list);
}

static void test_inside_of_a_container(void **state)
{
	const struct model *model = containers();
	struct hierarchy hierarchy;

	(void)state;
	hierarchy_build(&hierarchy, model, NULL, &(struct view_options){.kind = VIEW_CONTAINERS});
	assert_first(&hierarchy, model, "first", "2", 201);
	assert_first(&hierarchy, model, "second", "2", 301);
	assert_first(&hierarchy, model, "second", "93", 302);
	assert_first(&hierarchy, model, "first", "93", 93);
	assert_first(&hierarchy, model, "first", "310", 310);
	hierarchy_release(&hierarchy);
	model_unref(model);
}

static void test_only_what_is_shown(void **state)
{
	const struct view_options options = {.kind = VIEW_USER};
	const unsigned char shown[] = {1, 0, 1};
	const struct model *model = containers();
	struct hierarchy hierarchy;
	struct go_to_list list;

	(void)state;
	hierarchy_build(&hierarchy, model, NULL, &options);
	go_to_find(&list, &hierarchy, model, &hierarchy.nodes[2], "2", shown);
	assert_int_equal(list.n, 3);
	assert_int_equal(list.all[0].process->pid, 301);
	go_to_release(&list);
	go_to_find(&list, &hierarchy, model, NULL, "201", shown);
	assert_int_equal(list.n, 0);
	go_to_release(&list);
	go_to_find(&list, &hierarchy, model, NULL, "00", shown);
	assert_int_equal(list.n, 1);
	assert_int_equal(list.all[0].node, 2);
	assert_null(list.all[0].process);
	go_to_release(&list);
	hierarchy_release(&hierarchy);
	model_unref(model);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_inside_comes_first),
	        cmocka_unit_test(test_inside_of_a_pid_namespace),
	        cmocka_unit_test(test_beside_a_process),
	        cmocka_unit_test(test_numbers_of_namespaces),
	        cmocka_unit_test(test_inside_of_a_container),
	        cmocka_unit_test(test_only_what_is_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
