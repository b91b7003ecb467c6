/* SPDX-License-Identifier: Apache-2.0 */
#include "base/attributes.h"
#include "base/text.h"
#include "tests/unit.h"
#include "tests/view/fixture.h"
#include "view/pair_plan.h"
#include "view/pair_words.h"

#include <stdlib.h>
#include <string.h>

/* A host with a user namespace of harald below the initial one. */
struct sample {
	struct builder *builder;
	struct ns *initial, *user;
	const struct model *model;
	struct pair_plan plan;
	const struct node *node; /* in the user hierarchy */
	bool is_ascii;
};

static void begin(struct sample *sample)
{
	*sample = (struct sample){.builder = builder_new()};
	sample->initial = fixture_user(sample->builder, FIXTURE_INITIAL_USER, NULL, 0, "root");
	sample->user = fixture_user(sample->builder, 100, sample->initial, 1000, "harald");
}

static void build(
        struct sample *sample, const struct view_options *view, const struct filter *filter)
{
	if (!sample->model)
		sample->model = fixture_freeze(sample->builder, NULL);
	pair_plan_release(&sample->plan);
	pair_plan_build(&sample->plan,
	        &(struct pair_options){.model = sample->model, .view = *view, .filter = filter});
	sample->node = &sample->plan.trees[PAIR_USER].hierarchy.nodes[1];
	while (sample->node->is_owned)
		sample->node++;
}

static void end(struct sample *sample)
{
	pair_plan_release(&sample->plan);
	model_unref(sample->model);
}

enum what { GROUP, MEMBERS, COUNTS, OWNED };

static void assert_words(const struct sample *sample, enum what what, const char *expected)
{
	const struct pair_words words = {.model = sample->model, .is_ascii = sample->is_ascii};
	_cleanup_text_ struct text text;

	text_init(&text);
	if (what == GROUP)
		pair_words_group(text.out, &words, sample->node);
	else if (what == MEMBERS)
		pair_words_members(text.out, &words, sample->node);
	else if (what == COUNTS)
		pair_words_owned_counts(text.out, &words, sample->node);
	for (size_t i = 0; what == OWNED && i < pair_words_count_owned(sample->node); i++) {
		fputs(i ? "|" : "", text.out);
		pair_words_owned(text.out, &words, sample->node, i);
	}
	assert_string_equal(text_get(&text), expected);
}

static const struct view_options details = {.with_details = true};
static const struct view_options collapsed = {.is_collapsed = true};
static const struct view_options collapsed_details = {.is_collapsed = true, .with_details = true};

/* `n` namespaces of harald's with a process of that name. */
static void add_members(struct sample *sample, unsigned first, unsigned n, const char *name)
{
	for (unsigned i = first; i < first + n; i++)
		fixture_process(sample->builder, (pid_t)i, name,
		        fixture_user(sample->builder, i, sample->initial, 1000, "harald"));
}

static void test_a_group_names_the_most_frequent(void **state)
{
	(void)state;
	struct sample sample;

	begin(&sample);
	fixture_process(sample.builder, 1, "sh", sample.user);
	add_members(&sample, 1000, 3, "nginx");
	add_members(&sample, 1100, 5, "java");
	add_members(&sample, 1200, 2, "cron");
	add_members(&sample, 1300, 9, "postgres");
	build(&sample, &collapsed, NULL);
	assert_words(&sample, GROUP, "20 × user, owner harald");
	assert_words(&sample, MEMBERS, "postgres 9, java 5, nginx 3, …");
	sample.is_ascii = true;
	assert_words(&sample, GROUP, "20 x user, owner harald");
	assert_words(&sample, MEMBERS, "postgres 9, java 5, nginx 3, ~");
	end(&sample);
}

static void test_three_names_are_all(void **state)
{
	(void)state;
	struct sample sample;

	begin(&sample);
	fixture_process(sample.builder, 1, "sh", sample.user);
	add_members(&sample, 1000, 5, "nginx");
	add_members(&sample, 1100, 5, "");
	build(&sample, &collapsed, NULL);
	assert_words(&sample, MEMBERS, "? 5, nginx 5, sh 1");
	end(&sample);
}

static void test_one_name_has_no_number(void **state)
{
	(void)state;
	struct sample sample;

	begin(&sample);
	fixture_process(sample.builder, 1, "nginx", sample.user);
	add_members(&sample, 1000, 11, "nginx");
	build(&sample, &collapsed, NULL);
	assert_words(&sample, GROUP, "12 × user, owner harald");
	assert_words(&sample, MEMBERS, "nginx");
	end(&sample);
}

static void test_a_group_without_processes(void **state)
{
	(void)state;
	struct sample sample;

	begin(&sample);
	fixture_hold_mount(sample.builder, sample.user, "/run/ns/a");
	for (unsigned i = 0; i < 9; i++)
		fixture_hold_mount(sample.builder,
		        fixture_user(sample.builder, 1000 + i, sample.initial, 1000, NULL),
		        "/run/ns");
	build(&sample, &collapsed, NULL);
	assert_words(&sample, GROUP, "10 × user, owner harald");
	assert_words(&sample, MEMBERS, "held by mounts");
	end(&sample);
}

static void test_counts_may_be_too_low(void **state)
{
	(void)state;
	struct sample sample;

	begin(&sample);
	fixture_process(sample.builder, 1, "sh", sample.user);
	add_members(&sample, 1000, 9, "nginx");
	fixture_owned(sample.builder, NS_NET, 5000, sample.initial);
	builder_host(sample.builder)->partial = 1u << PARTIAL_HIDEPID;
	build(&sample, &collapsed_details, NULL);
	assert_words(&sample, GROUP, "10+ × user, owner harald");
	assert_words(&sample, MEMBERS, "nginx 9+, sh 1+");
	sample.node = sample.plan.trees[PAIR_USER].hierarchy.nodes;
	assert_words(&sample, OWNED, "net 1+: 5000");
	assert_words(&sample, COUNTS, "net 1+");
	end(&sample);
}

static void add_owned(
        struct sample *sample, const struct ns *owner, uint64_t inode, const char *name)
{
	const struct ns *ns = fixture_owned(sample->builder, NS_NET, inode, owner);

	if (*name == '/')
		fixture_hold_mount(sample->builder, ns, name);
	else
		fixture_process(sample->builder, (pid_t)inode, name, ns);
}

static void test_a_compartment(void **state)
{
	(void)state;
	struct sample sample;

	begin(&sample);
	fixture_owned(sample.builder, NS_UTS, 700, sample.user);
	fixture_owned(sample.builder, NS_UTS, 701, sample.user);
	fixture_hold_fd(
	        sample.builder, fixture_owned(sample.builder, NS_IPC, 800, sample.user), 7, 3);
	fixture_owned(sample.builder, NS_PID, 900, sample.user);
	add_owned(&sample, sample.user, 600, "nginx");
	add_owned(&sample, sample.user, 601, "nginx");
	add_owned(&sample, sample.user, 602, "redis");
	add_owned(&sample, sample.user, 603, "/run/netns/blue");
	build(&sample, &details, NULL);
	assert_words(&sample, COUNTS, "ipc 1 net 4 uts 2");
	assert_words(&sample, OWNED,
	        "ipc 1: fd 3 of PID 7|net 4: nginx, redis, /run/netns/blue|uts 2: 700, 701");
	build(&sample, &(struct view_options){0}, NULL);
	assert_int_equal(pair_words_count_owned(sample.node), 0);
	end(&sample);
}

static void test_more_names_than_room(void **state)
{
	(void)state;
	struct sample sample;

	begin(&sample);
	add_owned(&sample, sample.user, 600, "a");
	add_owned(&sample, sample.user, 601, "b");
	add_owned(&sample, sample.user, 602, "c");
	add_owned(&sample, sample.user, 603, "d");
	build(&sample, &details, NULL);
	assert_words(&sample, OWNED, "net 4: a, b, c, …");
	sample.is_ascii = true;
	assert_words(&sample, OWNED, "net 4: a, b, c, ~");
	end(&sample);

	begin(&sample);
	add_owned(&sample, sample.user, 600, "a-name-of-twenty-two-ch");
	add_owned(&sample, sample.user, 601, "another-of-twenty-two-ch");
	add_owned(&sample, sample.user, 602, "a-third-of-twenty-two-ch");
	build(&sample, &details, NULL);
	assert_words(&sample, OWNED, "net 3: a-name-of-twenty-two-ch, …");
	end(&sample);
}

static void test_long_names_are_cut(void **state)
{
	(void)state;
	struct sample sample;

	begin(&sample);
	add_owned(&sample, sample.user, 600, "/a/path/of/more/than/32/characters\x1b");
	build(&sample, &details, NULL);
	assert_words(&sample, OWNED, "net 1: /a/path/of/more/than/32/characte…");
	end(&sample);

	begin(&sample);
	add_owned(&sample, sample.user, 600, "\x1b[m");
	build(&sample, &details, NULL);
	assert_words(&sample, OWNED, "net 1: \\x1b[m");
	end(&sample);
}

static void test_a_group_has_what_its_members_own(void **state)
{
	(void)state;
	static const char *const names[] = {"a", "b", "a"};
	struct sample sample;

	begin(&sample);
	fixture_process(sample.builder, 1, "sh", sample.user);
	add_owned(&sample, sample.user, 600, "/run/netns/blue");
	for (unsigned i = 0; i < 9; i++) {
		struct ns *user =
		        fixture_user(sample.builder, 1000 + i, sample.initial, 1000, NULL);

		fixture_process(sample.builder, 1000 + (pid_t)i, "sh", user);
		add_owned(&sample, user, 2000 + i, names[i % 3]);
	}
	build(&sample, &collapsed_details, NULL);
	assert_words(&sample, GROUP, "10 × user, owner harald");
	assert_words(&sample, OWNED, "net 10: /run/netns/blue, a, b");
	end(&sample);
}

static void test_owners_that_are_not_known(void **state)
{
	(void)state;
	struct sample sample;

	begin(&sample);
	fixture_owned(sample.builder, NS_NET, 600, sample.user)->owner =
	        (struct relation){.state = REL_FAILED};
	fixture_owned(sample.builder, NS_NET, 601, sample.user);
	build(&sample, &details, NULL);
	assert_words(&sample, OWNED, "net 1: 601");
	sample.node = &sample.plan.trees[PAIR_USER].hierarchy.nodes[2];
	while (!sample.node->is_unknown)
		sample.node++;
	assert_words(&sample, OWNED, "net 1: 600");
	end(&sample);
}

static void test_only_what_the_filter_matches(void **state)
{
	(void)state;
	struct sample sample;

	begin(&sample);
	add_owned(&sample, sample.user, 600, "nginx");
	add_owned(&sample, sample.user, 601, "redis");
	build(&sample, &details, &(struct filter){.text = (char[]){"redis"}});
	assert_words(&sample, OWNED, "net 1: redis");
	end(&sample);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_a_group_names_the_most_frequent),
	        cmocka_unit_test(test_three_names_are_all),
	        cmocka_unit_test(test_one_name_has_no_number),
	        cmocka_unit_test(test_a_group_without_processes),
	        cmocka_unit_test(test_counts_may_be_too_low),
	        cmocka_unit_test(test_a_compartment),
	        cmocka_unit_test(test_more_names_than_room),
	        cmocka_unit_test(test_long_names_are_cut),
	        cmocka_unit_test(test_a_group_has_what_its_members_own),
	        cmocka_unit_test(test_owners_that_are_not_known),
	        cmocka_unit_test(test_only_what_the_filter_matches),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
