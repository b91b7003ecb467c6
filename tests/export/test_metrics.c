/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"
#include "export/export.h"
#include "model/limits.h"
#include "model/ns_facts.h"
#include "tests/export/prom.h"
#include "tests/unit.h"
#include "tests/view/fixture.h"

#include <stdlib.h>
#include <string.h>

enum { TAKEN = 1795446240 }; /* of fixture_freeze */

/* Takes the reference of the model. The caller frees. */
static char *export(const struct model *model, int64_t now)
{
	struct fixture_text text;

	fixture_text_begin(&text);
	assert_int_equal(
	        export_metrics(text.file, &(struct export_request){.model = model, .now = now}), 0);
	char *const ret = fixture_text_end(&text);
	prom_check(ret);
	model_unref(model);
	return ret;
}

static void assert_value(const char *text, const char *sample, int value)
{
	if ((int)prom_value(text, sample) != value)
		fail_msg("%s is not %d in\n%s", sample, value, text);
}

static void counts(void **state)
{
	(void)state;
	char *const text = export(fixture_rich(), 0);

	assert_value(text, "nsbrowse_namespaces{type=\"user\",owner=\"harald\"}", 2);
	assert_value(text, "nsbrowse_namespaces{type=\"net\",owner=\"root\"}", 2);
	/* User 4711 has no name. */
	assert_value(text, "nsbrowse_namespaces{type=\"pid\",owner=\"\"}", 2);
	assert_value(text, "nsbrowse_namespaces_held{type=\"net\",by=\"process\"}", 1);
	assert_value(text, "nsbrowse_namespaces_held{type=\"net\",by=\"mount\"}", 1);
	assert_value(text, "nsbrowse_namespaces_held{type=\"uts\",by=\"none\"}", 1);
	/* Three descriptors of one namespace. */
	assert_value(text, "nsbrowse_namespaces_held{type=\"mnt\",by=\"fd\"}", 1);
	assert_value(text, "nsbrowse_namespaces_leaked{type=\"net\"}", 1);
	assert_value(text, "nsbrowse_namespaces_leaked{type=\"mnt\"}", 1);
	assert_value(text, "nsbrowse_namespaces_leaked{type=\"user\"}", 0);
	assert_value(text, "nsbrowse_containers{kind=\"docker\"}", 0);
	assert_null(strstr(text, "4711"));
	assert_null(strstr(text, "40265"));
	free(text);
}

/* What the kernel lists, and of which no holder is known, is leaked too. */
static void listed(void **state)
{
	struct builder *const b = builder_new();
	struct ns *const top = fixture_user(b, FIXTURE_INITIAL_USER, NULL, 0, "root");

	(void)state;
	fixture_owned(b, NS_NET, 300, top)->is_listed_only = true;
	fixture_owned(b, NS_NET, 301, top);
	char *const text = export(fixture_freeze(b, NULL), 0);

	assert_value(text, "nsbrowse_namespaces_held{type=\"net\",by=\"listed\"}", 1);
	assert_value(text, "nsbrowse_namespaces_held{type=\"net\",by=\"none\"}", 1);
	assert_value(text, "nsbrowse_namespaces_leaked{type=\"net\"}", 2);
	free(text);
}

/* What is not known has no sample. */
static void unknown_is_left_out(void **state)
{
	(void)state;
	char *const text = export(fixture_users(), 0);

	assert_value(text, "nsbrowse_namespaces_limit_known{type=\"net\"}", 0);
	assert_null(strstr(text, "nsbrowse_namespaces_limit{"));
	assert_null(strstr(text, "nsbrowse_namespaces_counted"));
	free(text);
}

static const struct model *own_below(uint32_t partial)
{
	struct builder *const b = builder_new();
	struct ns *const initial = fixture_user(b, FIXTURE_INITIAL_USER, NULL, 0, "root");
	struct ns *const own = fixture_user(b, 4026532582, initial, 1000, "harald");
	struct ns *const below = fixture_user(b, 4026532583, own, 1000, "harald");
	struct host *const host = builder_host(b);

	fixture_process(b, 1, "init", initial);
	fixture_process(b, 7, "nsbrowse", own)->is_self = true;
	fixture_owned(b, NS_NET, 4026532000, initial);
	fixture_owned(b, NS_NET, 4026532001, own);
	fixture_owned(b, NS_NET, 4026532002, below);
	host->ns_limits[NS_NET] = (struct ns_limit){.is_known = true, .max = 63000};
	host->ns_limits[NS_TIME] = (struct ns_limit){.error = ENOENT};
	host->partial = partial;
	return fixture_freeze(b, NULL);
}

/* As in gVisor. */
static void without_relations_nothing_is_counted(void **state)
{
	(void)state;
	char *const text = export(own_below(1u << PARTIAL_NO_RELATIONS), 0);

	assert_value(text, "nsbrowse_partial{reason=\"no-relations\"}", 1);
	assert_value(text, "nsbrowse_namespaces_held{type=\"user\",by=\"process\"}", 2);
	assert_null(strstr(text, "by=\"child\""));
	assert_null(strstr(text, "by=\"owns\""));
	assert_null(strstr(text, "nsbrowse_namespaces_counted"));
	free(text);
}

static void limits_are_those_of_our_own_user_namespace(void **state)
{
	(void)state;
	char *const text = export(own_below(1u << PARTIAL_HIDEPID), TAKEN + 60);

	assert_value(text, "nsbrowse_namespaces_limit{type=\"net\"}", 63000);
	assert_value(text, "nsbrowse_namespaces_limit_known{type=\"net\"}", 1);
	assert_value(text, "nsbrowse_namespaces_limit_known{type=\"time\"}", 0);
	assert_null(strstr(text, "nsbrowse_namespaces_limit{type=\"time\"}"));
	assert_value(text, "nsbrowse_namespaces_counted{type=\"net\"}", 2);
	assert_value(text, "nsbrowse_namespaces_counted{type=\"user\"}", 1);
	assert_value(text, "nsbrowse_scan_timestamp_seconds", TAKEN);
	assert_value(text, "nsbrowse_scan_age_seconds", 60);
	assert_value(text, "nsbrowse_partial{reason=\"hidepid\"}", 1);
	assert_value(text, "nsbrowse_partial{reason=\"names\"}", 0);
	free(text);
}

/* The limits of `user`: `type` lowered to `max`, the others as of a new user namespace. */
static void set_limit(struct builder *b, struct ns *user, enum nstype type, uint64_t max)
{
	struct arena *const arena = builder_arena(b);
	struct ns_limit *const limits = arena_array(arena, NS_TYPES, sizeof(*limits));
	struct ns_facts *const facts = ns_facts_new_in(arena, NS_USER);

	for (enum nstype other = 0; other < NS_TYPES; other++)
		limits[other] = (struct ns_limit){.is_known = true, .max = LIMITS_DEFAULT};
	limits[type].max = max;
	facts->user.limits = limits;
	user->facts = facts;
}

static void limits_of_user_namespaces(void **state)
{
	struct builder *const b = builder_new();
	struct ns *const initial = fixture_user(b, FIXTURE_INITIAL_USER, NULL, 0, "root");
	struct ns *const outer = fixture_user(b, 4026532582, initial, 1000, "harald");
	struct ns *const inner = fixture_user(b, 4026532583, outer, 1001, NULL);

	(void)state;
	fixture_owned(b, NS_NET, 4026532001, outer);
	fixture_owned(b, NS_NET, 4026532002, inner);
	set_limit(b, outer, NS_NET, 5);
	set_limit(b, inner, NS_NET, LIMITS_DEFAULT);
	char *const text = export(fixture_freeze(b, NULL), 0);

	assert_value(text, "nsbrowse_user_namespaces_limits{state=\"lowered\"}", 1);
	assert_value(text, "nsbrowse_user_namespaces_limits{state=\"none\"}", 1);
	assert_value(text, "nsbrowse_user_namespaces_limits{state=\"unknown\"}", 1);
	assert_value(text,
	        "nsbrowse_user_namespace_limit{user_namespace=\"4026532582\",type=\"net\"}", 5);
	assert_value(text,
	        "nsbrowse_user_namespace_counted_at_least{user_namespace=\"4026532582\","
	        "type=\"net\",uid=\"1001\"}",
	        1);
	assert_value(text,
	        "nsbrowse_user_namespace_creator_unknown{user_namespace=\"4026532582\","
	        "type=\"net\"}",
	        1);
	assert_null(strstr(text, "4026532583"));
	assert_null(strstr(text, "\"4026532582\",type=\"user\""));
	free(text);
}

static size_t count_lines(const char *text, const char *start)
{
	size_t n = 0;

	for (const char *at = text; (at = strstr(at, start)); at++)
		n += at == text || at[-1] == '\n';
	return n;
}

/* However many user namespaces and users there are; those that are nearest to a limit are there. */
static void as_many_samples_at_most(void **state)
{
	enum { NAMESPACES = 200, CHILDREN = 40 };
	struct builder *const b = builder_new();
	struct ns *const initial = fixture_user(b, FIXTURE_INITIAL_USER, NULL, 0, "root");

	(void)state;
	for (unsigned i = 0; i < NAMESPACES; i++)
		set_limit(b, fixture_user(b, 4026533000 + i, initial, 1000, NULL), NS_IPC, 10);
	struct ns *const full = fixture_user(b, 4026539000, initial, 1000, NULL);
	set_limit(b, full, NS_USER, CHILDREN);
	for (unsigned i = 0; i < CHILDREN; i++)
		fixture_user(b, 4026540000 + i, full, 2000 + i, NULL);
	fixture_user(b, 4026540000 + CHILDREN, full, 2000 + CHILDREN - 1, NULL);
	char *const text = export(fixture_freeze(b, NULL), 0);

	assert_value(text, "nsbrowse_user_namespaces_limits{state=\"lowered\"}", NAMESPACES + 1);
	assert_int_equal(count_lines(text, "nsbrowse_user_namespace_limit{"), 64);
	assert_int_equal(count_lines(text, "nsbrowse_user_namespace_counted_at_least{"), 16);
	assert_value(text,
	        "nsbrowse_user_namespace_counted_at_least{user_namespace=\"4026539000\","
	        "type=\"user\",uid=\"2039\"}",
	        2);
	free(text);
}

static void a_clock_that_was_set_back(void **state)
{
	(void)state;
	char *const text = export(own_below(0), TAKEN - 100);

	assert_value(text, "nsbrowse_scan_age_seconds", 0);
	free(text);
}

static void hostile_names(void **state)
{
	(void)state;
	for (size_t i = 0; fixture_hostile_names[i]; i++)
		free(export(fixture_hostile(fixture_hostile_names[i]), 0));
}

/* 126 bytes, and a character of 3. */
static void cut_at_a_character(void **state)
{
	char name[200];

	(void)state;
	memset(name, 'x', 126);
	snprintf(name + 126, sizeof(name) - 126, "…");
	char *const text = export(fixture_hostile(name), 0);
	assert_null(strstr(text, "\xe2"));
	free(text);
}

/* Names that are equal once they are cut are one sample. */
static void equal_labels_are_one_sample(void **state)
{
	struct builder *const b = builder_new();
	struct ns *const initial = fixture_user(b, FIXTURE_INITIAL_USER, NULL, 0, "root");
	char name[200], sample[256];

	(void)state;
	memset(name, 'x', 128);
	for (unsigned i = 0; i < 3; i++) {
		snprintf(name + 128, sizeof(name) - 128, "%u", i);
		fixture_user(b, 4026532582 + i, initial, 1000 + i, name);
	}
	char *const text = export(fixture_freeze(b, NULL), 0);
	snprintf(sample, sizeof(sample), "nsbrowse_namespaces{type=\"user\",owner=\"%.128s\"}",
	        name);
	assert_value(text, sample, 3);
	free(text);
}

static void containers_that_are_not_nested(void **state)
{
	struct builder *const b = builder_new();
	struct ns *const initial = fixture_user(b, FIXTURE_INITIAL_USER, NULL, 0, "root");
	struct process *const process = fixture_process(b, 1, "init", initial);
	struct container *const outer = builder_container(
	        b, &(struct container){.kind = CONTAINER_DOCKER, .id = "1"}, NULL);
	struct container *const inner = builder_container(
	        b, &(struct container){.kind = CONTAINER_DOCKER, .id = "2", .outer = outer}, NULL);

	(void)state;
	builder_container(b,
	        &(struct container){.kind = CONTAINER_OTHER, .kind_name = "new", .id = "3"}, NULL);
	process->container = outer;
	process->claim = inner;
	process->label =
	        builder_container(b, &(struct container){.kind = CONTAINER_UNIT, .id = "u"}, NULL);
	char *const text = export(fixture_freeze(b, NULL), 0);
	assert_value(text, "nsbrowse_containers{kind=\"docker\"}", 1);
	assert_value(text, "nsbrowse_containers{kind=\"other\"}", 1);
	assert_null(strstr(text, "kind=\"unit\""));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(counts),
	        cmocka_unit_test(listed),
	        cmocka_unit_test(unknown_is_left_out),
	        cmocka_unit_test(without_relations_nothing_is_counted),
	        cmocka_unit_test(limits_are_those_of_our_own_user_namespace),
	        cmocka_unit_test(limits_of_user_namespaces),
	        cmocka_unit_test(as_many_samples_at_most),
	        cmocka_unit_test(a_clock_that_was_set_back),
	        cmocka_unit_test(hostile_names),
	        cmocka_unit_test(cut_at_a_character),
	        cmocka_unit_test(equal_labels_are_one_sample),
	        cmocka_unit_test(containers_that_are_not_nested),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
