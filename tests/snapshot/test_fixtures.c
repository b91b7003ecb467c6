/* SPDX-License-Identifier: Apache-2.0 */
/* The snapshots in the tree: each loads, is a consistent model, and is written again as it is. */
#include "tests/snapshot/text.h"

#define FIXTURES "tests/snapshot/fixtures/"

static void assert_canonical(const char *name)
{
	_cleanup_bytes_ struct bytes text = read_source(name);
	_cleanup_model_ const struct model *model = load(text.bytes, text.len);
	_cleanup_bytes_ struct bytes saved = save(model, NULL);

	assert_int_equal(saved.len, text.len);
	assert_memory_equal(saved.bytes, text.bytes, text.len);
}

static void all_are_canonical(void **state _unused_)
{
	assert_canonical("data/demo.json");
	assert_canonical(FIXTURES "small.json");
	assert_canonical(FIXTURES "partial.json");
	assert_canonical(FIXTURES "hostile.json");
}

static const struct model *load_source(const char *name)
{
	_cleanup_bytes_ struct bytes text = read_source(name);

	return load(text.bytes, text.len);
}

static size_t count_holders(const struct model *model, enum holder_kind kind)
{
	size_t n = 0;

	for (size_t i = 0; i < model->n_namespaces; i++) {
		for (size_t j = 0; j < model->namespaces[i]->n_holders; j++)
			n += model->namespaces[i]->holders[j].kind == kind;
	}
	return n;
}

/* The fixture has the cases that it is made for. */
static void demo_has_everything(void **state _unused_)
{
	_cleanup_model_ const struct model *model = load_source("data/demo.json");
	unsigned deepest = 0;
	size_t hidden = 0;

	assert_string_equal(model->host.name, "db7");
	for (enum nstype type = 0; type < NS_TYPES; type++)
		assert_true(model_count(model, type) > 1);
	for (enum holder_kind kind = 0; kind < HOLDER_KINDS; kind++)
		assert_true(kind == HOLDER_OTHER || count_holders(model, kind) > 0);
	for (size_t i = 0; i < model->n_namespaces; i++) {
		const struct ns *ns = model->namespaces[i];

		if (ns->type == NS_USER && ns->depth > deepest)
			deepest = ns->depth;
		hidden += ns->type == NS_USER && ns->n_processes == 0;
		/* Each namespace has a process or a holder. */
		assert_true(ns->n_processes > 0 || ns->n_holders > 0);
	}
	assert_true(deepest >= 3);
	assert_int_equal(hidden, 2);
	assert_int_equal(model->host.partial, 0);
	assert_int_equal(model->n_notes, 0);
}

static void demo_has_one_number_for_each(void **state _unused_)
{
	_cleanup_model_ const struct model *model = load_source("data/demo.json");

	for (size_t i = 0; i < model->n_namespaces; i++) {
		for (size_t j = 0; j < i; j++)
			assert_true(model->namespaces[i]->inode != model->namespaces[j]->inode);
	}
}

static void partial_keeps_its_states(void **state _unused_)
{
	_cleanup_model_ const struct model *model = load_source(FIXTURES "partial.json");
	const struct ns *top = model_find(model, NS_USER, 4026532710);
	const struct ns *other = model_find(model, NS_USER, 4026532740);

	assert_non_null(top);
	assert_int_equal(top->parent.state, REL_HIDDEN);
	assert_int_equal(top->n_children, 2);
	assert_int_equal(top->owner_uid, 65534);
	assert_non_null(other);
	assert_int_equal(other->owner_uid_state, REL_UNSUPPORTED);
	assert_int_equal(other->maps_state, REL_FAILED);
	assert_null(model_find_process(model, 1)->ns[NS_USER]);
	assert_int_equal(model_find_process(model, 81)->uid_state, REL_FAILED);
	assert_int_equal(model_find_process(model, 81)->state, 0);
	assert_true(model_is_partial_by(model, PARTIAL_USER_NAMESPACE));
	assert_true(model_is_partial_by(model, PARTIAL_HIDEPID));
}

/* A file that has its reasons as notes, as it was written before `partial`. */
static void reasons_of_an_earlier_file(void **state _unused_)
{
	_cleanup_model_ const struct model *model = load_source("tests/snapshot/earlier.json");

	assert_int_equal(model->host.partial,
	        1u << PARTIAL_UNREADABLE | 1u << PARTIAL_HIDEPID | 1u << PARTIAL_USER_NAMESPACE);
	assert_int_equal(model->n_notes, 2);
	assert_round_trip(model);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(all_are_canonical),
	        cmocka_unit_test(reasons_of_an_earlier_file),
	        cmocka_unit_test(demo_has_everything),
	        cmocka_unit_test(demo_has_one_number_for_each),
	        cmocka_unit_test(partial_keeps_its_states),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
