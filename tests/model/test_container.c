/* SPDX-License-Identifier: Apache-2.0 */
/* Containers of a model: which are the same, and what is derived of them. */
#include "model/builder.h"
#include "tests/unit.h"

static struct process *new_process(struct builder *builder, pid_t pid, uint64_t started, char state)
{
	struct process *process = builder_process(builder, pid);

	process->comm = process->name = "x";
	process->started = started;
	process->state = state;
	return process;
}

static struct container *get(
        struct builder *builder, const char *id, enum trust trust, const struct container *outer)
{
	return builder_container(builder,
	        &(const struct container){
	                .kind = CONTAINER_DOCKER, .id = id, .trust = trust, .outer = outer},
	        NULL);
}

static void test_identity(void **state)
{
	struct builder *builder = builder_new();
	bool is_new;

	(void)state;
	struct container *const a = get(builder, "a", TRUST_ROOT, NULL);
	assert_ptr_equal(get(builder, "a", TRUST_ROOT, NULL), a);
	assert_ptr_not_equal(get(builder, "a", TRUST_CONTAINER, a), a);
	assert_ptr_not_equal(get(builder, "b", TRUST_ROOT, NULL), a);
	struct container user = {
	        .kind = CONTAINER_DOCKER, .id = "a", .trust = TRUST_USER, .trust_uid = 1000};
	struct container *const of_1000 = builder_container(builder, &user, &is_new);
	assert_true(is_new);
	assert_ptr_not_equal(of_1000, a);
	user.trust_uid = 1001;
	user.name = "web";
	assert_ptr_not_equal(builder_container(builder, &user, &is_new), of_1000);
	assert_string_equal(builder_container(builder, &user, NULL)->name, "web");
	user.name = "other";
	assert_string_equal(builder_container(builder, &user, NULL)->name, "web");
	assert_string_equal(a->kind_name, "docker");
	builder_free(builder);
}

static void test_derived(void **state)
{
	struct builder *builder = builder_new();
	const struct model *model;

	(void)state;
	struct container *const outer = get(builder, "a", TRUST_ROOT, NULL);
	struct container *const inner = get(builder, "b", TRUST_CONTAINER, outer);
	new_process(builder, 30, 5, 'S')->container = outer;
	new_process(builder, 10, 1, 'Z')->container = outer;
	struct process *const third = new_process(builder, 20, 9, 'S');
	third->container = outer;
	third->claim = inner;
	assert_int_equal(builder_freeze(builder, &model, NULL), 0);
	assert_int_equal(model->n_containers, 2);
	assert_int_equal(outer->n_processes, 3);
	assert_int_equal(outer->processes[0]->pid, 10);
	assert_int_equal(outer->leader->pid, 30);
	assert_int_equal(inner->n_processes, 1);
	assert_int_equal(inner->leader->pid, 20);
	assert_ptr_equal(model_find_container(model, outer->tag), outer);
	assert_ptr_equal(model_find_container(model, inner->tag), inner);
	assert_null(model_find_container(model, 1));
	model_unref(model);
}

/* A process in the mount namespace of the host is not the leader, however old it is, if there is
 * another one. The namespace is that of PID 1, or has the fixed number. */
static void test_leader_is_inside(void **state)
{
	static const uint64_t numbers[] = {4026531841, 0xeffffff8};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct builder *builder = builder_new();
		const struct model *model;
		struct ns *const host = builder_ns(builder, NS_MNT, 4, numbers[i], NULL);
		struct ns *const own = builder_ns(builder, NS_MNT, 4, 4026532100, NULL);
		struct ns *const pids = builder_ns(builder, NS_PID, 4, 4026531836, NULL);
		struct process *const init = new_process(builder, 1, 0, 'S');
		struct container *const app = get(builder, "app", TRUST_ROOT, NULL);
		struct container *const bare = get(builder, "bare", TRUST_ROOT, NULL);

		init->ns[NS_MNT] = host;
		init->ns[NS_PID] = i == 0 ? pids : NULL;
		struct process *const monitor = new_process(builder, 10, 1, 'S');
		struct process *const first = new_process(builder, 11, 2, 'S');
		struct process *const second = new_process(builder, 12, 3, 'S');
		struct process *const other = new_process(builder, 20, 4, 'S');
		monitor->container = first->container = second->container = app;
		other->container = bare;
		monitor->ns[NS_MNT] = other->ns[NS_MNT] = host;
		first->ns[NS_MNT] = second->ns[NS_MNT] = own;
		assert_int_equal(builder_freeze(builder, &model, NULL), 0);
		assert_int_equal(app->leader->pid, 11);
		assert_int_equal(bare->leader->pid, 20);
		model_unref(model);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_identity),
	        cmocka_unit_test(test_derived),
	        cmocka_unit_test(test_leader_is_inside),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
