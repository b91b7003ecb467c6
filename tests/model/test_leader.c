/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"
#include "model/builder.h"
#include "tests/unit.h"

#include <string.h>

struct row {
	pid_t pid, ppid;
	uint64_t started;
	bool is_kernel;
	pid_t inside; /* in the PID namespace below, 0: only in the top one */
	bool is_member;
};

/* Builds processes from rows; members are in user:[2] and, with a PID inside, in pid:[3]. */
static const struct model *model_of(const struct row *rows, size_t n)
{
	struct builder *builder = builder_new();
	struct ns *user = builder_ns(builder, NS_USER, 4, 2, NULL);
	struct ns *top = builder_ns(builder, NS_PID, 4, 1, NULL);
	struct ns *below = builder_ns(builder, NS_PID, 4, 3, NULL);
	const struct model *model = NULL;

	below->parent = (struct relation){.state = REL_KNOWN, .ns = top};
	for (size_t i = 0; i < n; i++) {
		struct process *p = builder_process(builder, rows[i].pid);
		pid_t *nspid = arena_array(builder_arena(builder), 2, sizeof(*nspid));

		p->ppid = rows[i].ppid;
		p->started = rows[i].started;
		p->is_kernel = rows[i].is_kernel;
		nspid[0] = rows[i].pid;
		nspid[1] = rows[i].inside;
		p->nspid = nspid;
		p->n_nspid = rows[i].inside ? 2 : 1;
		p->ns[NS_PID] = rows[i].inside ? below : top;
		if (rows[i].is_member)
			p->ns[NS_USER] = user;
	}
	assert_int_equal(builder_freeze(builder, &model, NULL), 0);
	return model;
}

static pid_t leader_of(const struct model *model, enum nstype type, uint64_t inode)
{
	return model_find(model, type, inode)->leader->pid;
}

static void test_parent_outside_then_oldest_then_lowest(void **state)
{
	(void)state;
	const struct row rows[] = {
	        {.pid = 10, .ppid = 1, .started = 50, .is_member = true},
	        {.pid = 11, .ppid = 10, .started = 1, .is_member = true}, /* parent inside */
	        {.pid = 12, .ppid = 1, .started = 40, .is_member = true},
	        {.pid = 13, .ppid = 1, .started = 40, .is_member = true},
	};
	const struct model *model = model_of(rows, 4);

	assert_int_equal(leader_of(model, NS_USER, 2), 12);
	model_unref(model);
}

static void test_kernel_threads_come_last(void **state)
{
	(void)state;
	const struct row rows[] = {
	        {.pid = 2, .ppid = 0, .started = 1, .is_kernel = true, .is_member = true},
	        {.pid = 500, .ppid = 0, .started = 900, .is_member = true},
	};
	const struct model *model = model_of(rows, 2);

	assert_int_equal(leader_of(model, NS_USER, 2), 500);
	model_unref(model);
}

static void test_init_leads_its_pid_namespace(void **state)
{
	(void)state;
	const struct row rows[] = {
	        {.pid = 30, .ppid = 1, .started = 1, .inside = 7}, /* entered by nsenter, older */
	        {.pid = 40, .ppid = 1, .started = 9, .inside = 1},
	        {.pid = 50, .ppid = 1, .started = 2, .inside = 8},
	};
	const struct model *model = model_of(rows, 3);

	assert_int_equal(leader_of(model, NS_PID, 3), 40);
	model_unref(model);
}

static void test_somebody_leads_even_a_circle(void **state)
{
	(void)state;
	const struct row rows[] = {
	        {.pid = 5, .ppid = 6, .is_member = true},
	        {.pid = 6, .ppid = 5, .is_member = true},
	};
	const struct model *model = model_of(rows, 2);

	assert_int_equal(leader_of(model, NS_USER, 2), 5);
	model_unref(model);
}

static void test_pid_inside(void **state)
{
	(void)state;
	const struct row rows[] = {{.pid = 40, .ppid = 1, .inside = 6}};
	const struct model *model = model_of(rows, 1);
	const struct process *p = model_find_process(model, 40);

	assert_int_equal(model_pid_inside(p, model_find(model, NS_PID, 3)), 6);
	assert_int_equal(model_pid_inside(p, model_find(model, NS_PID, 1)), 40);
	assert_int_equal(model_pid_inside(p, model_find(model, NS_USER, 2)), 0);
	model_unref(model);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_parent_outside_then_oldest_then_lowest),
	        cmocka_unit_test(test_kernel_threads_come_last),
	        cmocka_unit_test(test_init_leads_its_pid_namespace),
	        cmocka_unit_test(test_somebody_leads_even_a_circle),
	        cmocka_unit_test(test_pid_inside),
	};

	return cmocka_run_group_tests_name("model/leader", tests, NULL, NULL);
}
