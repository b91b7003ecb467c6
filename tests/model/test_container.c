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
	assert_ptr_not_equal(builder_container(builder, &user, &is_new), of_1000);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_identity),
	        cmocka_unit_test(test_derived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
