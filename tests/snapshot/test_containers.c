/* SPDX-License-Identifier: Apache-2.0 */
/* Containers in snapshots. */
#include "model/builder.h"
#include "tests/snapshot/text.h"

static struct process *add_process(struct builder *builder, pid_t pid)
{
	static const pid_t inside[] = {7, 1};
	struct process *const process = builder_process(builder, pid);

	process->comm = process->name = "sh";
	process->nspid = inside;
	process->n_nspid = ARRAY_SIZE(inside);
	return process;
}

static struct container *add(struct builder *builder, enum container_kind kind, const char *id,
        enum trust trust, const struct container *outer)
{
	return builder_container(builder,
	        &(const struct container){.kind = kind,
	                .kind_name = "later",
	                .id = id,
	                .trust = trust,
	                .trust_uid = 1000,
	                .outer = outer},
	        NULL);
}

static const struct model *freeze(struct builder *builder)
{
	const struct model *model = NULL;

	assert_int_equal(builder_freeze(builder, &model, NULL), 0);
	assert_int_equal(check_model(model), 0);
	return model;
}

/* `name` is in each text. */
static const struct model *make(const char *name)
{
	struct builder *const builder = builder_new();
	struct container *const web = add(builder, CONTAINER_DOCKER, name, TRUST_USER, NULL);
	struct container *const inner = add(builder, CONTAINER_LXC, name, TRUST_CONTAINER, web);
	struct container *const later = add(builder, CONTAINER_OTHER, "x", TRUST_CONTAINER, inner);
	struct process *process = add_process(builder, 7);

	web->name = web->image = web->pod = web->pod_namespace = web->pod_id = name;
	web->unit = web->source = name;
	web->name_error = ELOOP;
	web->is_unverified = web->is_sandbox = true;
	process->container = web;
	process->claim = later;
	process = add_process(builder, 8);
	process->container = web;
	process = add_process(builder, 9); /* outside of the cgroup namespace */
	process->claim = add(builder, CONTAINER_PODMAN, name, TRUST_UNKNOWN, NULL);
	process->container_state = REL_HIDDEN;
	process = add_process(builder, 10);
	process->label = add(builder, CONTAINER_UNIT, name, TRUST_ROOT, NULL);
	process->container_state = REL_FAILED;
	return freeze(builder);
}

static void all_of_it_comes_back(void **state _unused_)
{
	static const char *const names[] = {
	        "web", "", "\x1b]0;x\a\xff\xfe", "a\"b\\c\n", "\xe2\x80\xae", "null", "{}"};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		_cleanup_model_ const struct model *model = make(names[i]);
		assert_round_trip(model);
		_cleanup_bytes_ struct bytes text = save(model, NULL);
		_cleanup_model_ const struct model *again = load(text.bytes, text.len);
		const struct process *const process = again->processes[0];
		const struct container *const web = process->container;

		assert_int_equal(again->n_containers, model->n_containers);
		for (size_t c = 0; c < again->n_containers; c++)
			assert_true(again->containers[c]->tag == model->containers[c]->tag);
		assert_int_equal(web->kind, CONTAINER_DOCKER);
		assert_int_equal(web->trust, TRUST_USER);
		assert_int_equal(web->trust_uid, 1000);
		assert_string_equal(web->id, names[i]);
		assert_string_equal(web->name, names[i]);
		assert_string_equal(web->image, names[i]);
		assert_string_equal(web->pod, names[i]);
		assert_string_equal(web->pod_namespace, names[i]);
		assert_string_equal(web->pod_id, names[i]);
		assert_string_equal(web->unit, names[i]);
		assert_string_equal(web->source, names[i]);
		assert_true(web->is_unverified);
		assert_true(web->is_sandbox);
		assert_int_equal(web->n_processes, 2);
		assert_string_equal(process->claim->kind_name, "later");
		assert_int_equal(process->claim->outer->kind, CONTAINER_LXC);
		assert_ptr_equal(process->claim->outer->outer, web);
		assert_ptr_equal(again->processes[1]->container, web);
		assert_null(again->processes[2]->container);
		assert_int_equal(again->processes[2]->claim->trust, TRUST_UNKNOWN);
		assert_int_equal(again->processes[1]->container_state, REL_KNOWN);
		assert_int_equal(again->processes[2]->container_state, REL_HIDDEN);
		assert_int_equal(again->processes[3]->container_state, REL_FAILED);
		assert_int_equal(again->processes[3]->label->kind, CONTAINER_UNIT);
	}
}

static void keys_are_those_of_the_contract(void **state _unused_)
{
	_cleanup_model_ const struct model *model = make("n");
	_cleanup_bytes_ struct bytes text = save(model, NULL);

	assert_non_null(strstr(text.bytes,
	        "\"container\": {\"kind\": \"docker\", \"id\": \"n\", \"name\": \"n\", "
	        "\"image\": \"n\", \"pod\": \"n\", \"pod_namespace\": \"n\", \"pod_id\": \"n\", "
	        "\"unit\": \"n\", \"source\": \"n\", \"trust\": \"user\", \"uid\": 1000, "
	        "\"name_errno\": \"ELOOP\", \"unverified\": true, \"sandbox\": true, \"claim\": "
	        "{\"kind\": \"lxc\", "));
	assert_non_null(
	        strstr(text.bytes, "\"label\": {\"kind\": \"unit\", \"id\": \"n\", \"unit\": null, "
	                           "\"source\": null, \"trust\": \"root\"}"));
}

/* A snapshot with this member in its only process. */
static char *with(const char *member)
{
	return memory_printf(
	        "{\"format\": \"nsbrowse-snapshot\", \"version\": 1, \"program\": null,\n\"host\": "
	        "{\"name\": null, \"kernel\": null, \"boot_id\": null, \"taken\": null, "
	        "\"hertz\": null, \"booted\": null, \"euid\": 0, \"sources\": [], "
	        "\"processes\": 1, \"unreadable\": 0, \"complete\": true},\n\"namespaces\": [],\n"
	        "\"processes\": [{\"pid\": 7, \"ppid\": 1, \"started\": 1, \"uid\": 0, "
	        "\"state\": \"S\", \"kernel\": false, \"comm\": \"x\", \"name\": \"x\", "
	        "\"nspid\": [7], %s, \"namespaces\": {}}],\n\"notes\": []}\n",
	        member);
}

static void few_keys_are_enough(void **state _unused_)
{
	_cleanup_free_ char *text = with("\"container\": {\"kind\": \"pouch\", \"id\": \"a\", "
	                                 "\"trust\": \"oracle\", \"name\": null}");
	_cleanup_model_ const struct model *model = load(text, strlen(text));
	const struct container *const container = model->processes[0]->container;

	assert_int_equal(container->kind, CONTAINER_OTHER);
	assert_string_equal(container->kind_name, "pouch");
	assert_int_equal(container->trust, TRUST_UNKNOWN);
	assert_null(container->name);
	_cleanup_free_ char *none = with("\"container\": null, \"claim\": null, \"label\": null");
	_cleanup_model_ const struct model *empty = load(none, strlen(none));
	assert_null(empty->processes[0]->container);
}

/* The word of a process in another container needs one. */
static void inside_of_nothing_is_unknown(void **state _unused_)
{
	static const char *const members[] = {"\"container\"", "\"container\": null, \"claim\""};

	for (size_t i = 0; i < ARRAY_SIZE(members); i++) {
		_cleanup_free_ char *member = memory_printf("%s: {\"kind\": \"docker\", \"id\": "
		                                            "\"a\", \"trust\": \"container\"}",
		        members[i]);
		_cleanup_free_ char *text = with(member);
		_cleanup_model_ const struct model *model = load(text, strlen(text));

		assert_int_equal(model->n_containers, 1);
		assert_int_equal(model->containers[0]->trust, TRUST_UNKNOWN);
	}
}

#define DOCKER(more) "\"container\": {\"kind\": \"docker\", \"id\": \"a\", " more "}"

static void what_is_no_container_is_refused(void **state _unused_)
{
	static const char *const members[] = {"\"container\": 1", "\"container\": {}",
	        "\"container\": {\"kind\": \"docker\"}", "\"container\": {\"id\": \"a\"}",
	        "\"container\": {\"kind\": 1, \"id\": \"a\"}",
	        "\"container\": {\"kind\": \"docker\", \"id\": null}",
	        "\"container\": {\"kind\": \"unit\", \"id\": \"a\"}",
	        "\"label\": {\"kind\": \"docker\", \"id\": \"a\"}", DOCKER("\"trust\": 1"),
	        DOCKER("\"trust\": \"user\""), DOCKER("\"trust\": \"user\", \"uid\": 4294967296"),
	        DOCKER("\"claim\": 1"), DOCKER("\"unverified\": 1"), DOCKER("\"id\": \"b\""),
	        "\"claim\": []"};
	struct snapshot_problem problem;

	for (size_t i = 0; i < ARRAY_SIZE(members); i++) {
		_cleanup_free_ char *text = with(members[i]);

		if (refuse(text, strlen(text), &problem) == 0)
			fail_msg("%s", members[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(all_of_it_comes_back),
	        cmocka_unit_test(keys_are_those_of_the_contract),
	        cmocka_unit_test(few_keys_are_enough),
	        cmocka_unit_test(inside_of_nothing_is_unknown),
	        cmocka_unit_test(what_is_no_container_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
