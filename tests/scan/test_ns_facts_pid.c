/* SPDX-License-Identifier: Apache-2.0 */
/* The init process of the initial PID namespace, whose links may not be read. */
#include "model/builder.h"
#include "scan/ns_facts.h"
#include "tests/scan/fake_kernel.h"
#include "tests/unit.h"

/* PID 1, of which no namespace is known, and PID 5 in a PID namespace. */
static const struct model *make_model(enum rel_state parent, uint32_t partial)
{
	static const pid_t one[] = {1}, five[] = {5};
	struct builder *const builder = builder_new();
	struct ns *const ns = builder_ns(builder, NS_PID, 4, 4026531836, NULL);
	struct process *process = builder_process(builder, 1);
	const struct model *model;

	process->nspid = one;
	process->n_nspid = 1;
	process->state = 'S';
	process = builder_process(builder, 5);
	process->nspid = five;
	process->n_nspid = 1;
	process->state = 'S';
	process->ns[NS_PID] = ns;
	ns->parent.state = parent;
	builder_host(builder)->partial = partial;
	assert_int_equal(builder_freeze(builder, &model, NULL), 0);
	return model;
}

static void check_init(enum rel_state parent, uint32_t partial, pid_t init)
{
	const struct model *const model = make_model(parent, partial);
	struct fake_kernel *const fake = fake_kernel_new(model);
	const struct ns_facts *facts;

	assert_int_equal(
	        ns_facts_read(fake_kernel(fake), model, model->namespaces[0], 0, &facts), 0);
	assert_int_equal(facts->error, 0);
	assert_int_equal(facts->pid.init, init);
	assert_int_equal(facts->pid.dying, init ? NS_FACTS_ALIVE : NS_FACTS_DYING_UNKNOWN);
	assert_int_equal(facts->pid.error, init ? 0 : ESRCH);
	assert_int_equal(facts->pid.n_members, 1);
	ns_facts_unref(facts);
	assert_int_equal(fake_kernel_open_handles(fake), 0);
	kernel_free(fake_kernel(fake));
	model_unref(model);
}

static void init_of_the_initial_namespace(void **state)
{
	(void)state;
	check_init(REL_INITIAL, 0, 1);
	check_init(REL_HIDDEN, 0, 0);
	/* There PID 1 is that of another namespace. */
	check_init(REL_INITIAL, UINT32_C(1) << PARTIAL_PID_NAMESPACE, 0);
	check_init(REL_INITIAL, UINT32_C(1) << PARTIAL_FOREIGN_PROC, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(init_of_the_initial_namespace),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
