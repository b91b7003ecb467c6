/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"
#include "tests/unit.h"
#include "tests/view/fixture.h"
#include "view/pid_query.h"

#include <string.h>

#define ID_A "9e1987cf07ac2f3a9e1987cf07ac2f3a9e1987cf07ac2f3a9e1987cf07ac2f3a"
#define ID_B "9e1900000000000000000000000000000000000000000000000000000000000b"
#define ID_C "c0ffee00000000000000000000000000000000000000000000000000000000cc"

#define ID_D  "d0d0d0d0d0d000000000000000000000000000000000000000000000000000dd"
#define POD_D "8f1c2d3e-4a5b-4c6d-8e7f-901a2b3c4d5e"

enum { A = 4026532100, B, C, D, NONE };

/* A process with a PID of the host, and one inside of `ns`. */
static struct process *inside(struct builder *b, pid_t pid, pid_t pid_inside, const struct ns *ns,
        const struct container *container)
{
	struct process *const process = fixture_process(b, pid, "sh", ns);
	pid_t *const pids = arena_array(builder_arena(b), 2, sizeof(*pids));

	pids[0] = pid;
	pids[1] = pid_inside;
	process->nspid = pids;
	process->n_nspid = 2;
	process->started = (uint64_t)pid;
	process->state = 'S';
	process->container = container;
	return process;
}

static struct container *add(struct builder *b, const char *id, const char *name, const char *pod)
{
	struct container *const container =
	        builder_container(b, &(struct container){.kind = CONTAINER_DOCKER, .id = id}, NULL);

	container->name = name;
	container->pod = pod;
	return container;
}

/* Two containers of one pod, one of which has the name of that pod, one beside, and one of a pod
 * without a name. */
static const struct model *host(void)
{
	struct builder *const b = builder_new();
	struct ns *const user = fixture_user(b, FIXTURE_INITIAL_USER, NULL, 0, "root");
	struct ns *const initial = fixture_pid(b, FIXTURE_INITIAL_PID, NULL, user);
	const struct container *const web = add(b, ID_A, "web", "shop");
	const struct container *const db = add(b, ID_B, "db", "shop");
	const struct container *const other = add(b, ID_C, "9e19", NULL);

	fixture_process(b, 1, "init", initial);
	const struct ns *const a = fixture_pid(b, A, initial, user);
	inside(b, 101, 1, a, web);
	inside(b, 107, 7, a, web);
	inside(b, 201, 1, fixture_pid(b, B, initial, user), db);
	inside(b, 301, 1, fixture_pid(b, C, initial, user), other);
	struct container *const bare = add(b, ID_D, NULL, NULL);
	bare->pod_id = POD_D;
	inside(b, 501, 1, fixture_pid(b, D, initial, user), bare);
	/* A container whose namespaces could not be read. */
	struct process *const hidden = fixture_process(b, 401, "sh", user);
	hidden->container = add(b, "hidden", NULL, NULL);
	builder_container(
	        b, &(struct container){.kind = CONTAINER_UNIT, .id = "cron.service"}, NULL);
	return fixture_freeze(b, NULL);
}

static void assert_query(
        pid_t pid, const char *name, size_t n_places, size_t n_found, pid_t expected)
{
	const struct model *const model = host();
	struct pid_query query;

	pid_query_run(&query, model, pid, name);
	assert_int_equal(query.n_places, n_places);
	assert_int_equal(query.n_found, n_found);
	assert_int_equal(query.process ? query.process->pid : 0, expected);
	pid_query_release(&query);
	model_unref(model);
}

static void of_the_host(void **state)
{
	(void)state;
	assert_query(107, NULL, 0, 1, 107);
	assert_query(7, NULL, 0, 0, 0);
}

static void in_a_container(void **state)
{
	(void)state;
	assert_query(7, "web", 1, 1, 107);
	assert_query(1, "web", 1, 1, 101);
	assert_query(107, "web", 1, 0, 0);
	assert_query(1, ID_B, 1, 1, 201);
	assert_query(1, "9e1987", 1, 1, 101);
	assert_query(1, "c0ff", 1, 1, 301);
	/* Three digits are no beginning. */
	assert_query(1, "c0f", 0, 0, 0);
	assert_query(1, "cron.service", 0, 0, 0);
	assert_query(1, "", 0, 0, 0);
}

/* As other output names them. */
static void as_they_are_shown(void **state)
{
	(void)state;
	assert_query(7, "docker 9e1987cf07ac", 1, 1, 107);
	assert_query(7, "docker 9e1987", 1, 1, 107);
	assert_query(7, "docker " ID_A, 1, 1, 107);
	assert_query(7, "docker web", 1, 1, 107);
	assert_query(7, "web in shop (pod)", 1, 1, 107);
	assert_query(7, "pod shop", 2, 1, 107);
	assert_query(1, "docker d0d0d0d0d0d0 in pod 8f1c2d3e", 1, 1, 501);
	assert_query(1, "pod 8f1c2d3e", 1, 1, 501);
	assert_query(1, POD_D, 1, 1, 501);
	assert_query(1, "podman web", 0, 0, 0);
	assert_query(1, "docker 9e1", 0, 0, 0);
	assert_query(1, "pod 8f1", 0, 0, 0);
}

/* A name comes before the beginning of an id. */
static void names_before_ids(void **state)
{
	(void)state;
	assert_query(1, "9e19", 1, 1, 301);
}

static void in_a_pod(void **state)
{
	(void)state;
	assert_query(1, "shop", 2, 2, 0);
	assert_query(7, "shop", 2, 1, 107);
	assert_query(1, "9e190", 1, 1, 201);
}

static void in_a_namespace(void **state)
{
	(void)state;
	assert_query(7, "pid:[4026532100]", 1, 1, 107);
	assert_query(7, "4026532100", 1, 1, 107);
	assert_query(107, "pid:[4026531836]", 1, 1, 107);
	assert_query(7, "pid:[4026532999]", 0, 0, 0);
	assert_query(7, "user:[4026531837]", 0, 0, 0);
}

static void not_known(void **state)
{
	(void)state;
	assert_query(1, "hidden", 1, 0, 0);
}

static void levels(void **state)
{
	const struct model *const model = host();
	const struct process *const process = model_find_process(model, 107);

	(void)state;
	assert_int_equal(pid_query_level(process, 0)->inode, FIXTURE_INITIAL_PID);
	assert_int_equal(pid_query_level(process, 1)->inode, A);
	assert_null(pid_query_level(model_find_process(model, 401), 0));
	model_unref(model);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(of_the_host),
	        cmocka_unit_test(in_a_container),
	        cmocka_unit_test(as_they_are_shown),
	        cmocka_unit_test(names_before_ids),
	        cmocka_unit_test(in_a_pod),
	        cmocka_unit_test(in_a_namespace),
	        cmocka_unit_test(not_known),
	        cmocka_unit_test(levels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
