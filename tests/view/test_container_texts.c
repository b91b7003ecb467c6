/* SPDX-License-Identifier: Apache-2.0 */
/* By what containers, and with them namespaces and processes, are found. */
#include "base/attributes.h"
#include "tests/unit.h"
#include "tests/view/fixture.h"
#include "view/container_texts.h"
#include "view/filter.h"

#include <string.h>

#define ID "9e1987cf07ac0123456789abcdef0123456789abcdef0123456789abcdef0123"

static void assert_found(const struct container *container, const char *query, const char *line)
{
	struct container_texts *texts = container_texts_new();
	_cleanup_free_ char *text = NULL;
	const size_t number = container_texts_add(texts, container);

	assert_int_equal(container_texts_find(texts, number, query, NULL), line != NULL);
	container_texts_find(texts, number, query, &text);
	if (line)
		assert_string_equal(text, line);
	container_texts_free(texts);
}

static void test_fields(void **state)
{
	const struct container web = {.kind = CONTAINER_KUBERNETES,
	        .kind_name = "kubernetes",
	        .id = ID,
	        .name = "Web",
	        .image = "nginx:1.27",
	        .pod = "shop",
	        .pod_namespace = "prod"};

	(void)state;
	assert_found(&web, "web", "Web");
	assert_found(&web, "wEb", NULL);
	assert_found(&web, "nginx", "nginx:1.27");
	assert_found(&web, "shop", "shop");
	assert_found(&web, "rod", "prod");
	assert_found(&web, "web in shop", "Web in shop (pod)");
	assert_found(&web, "cart", NULL);
}

/* An id is found by its beginning, not by any digits in it. */
static void test_ids(void **state)
{
	const struct container docker = {.kind = CONTAINER_DOCKER, .kind_name = "docker", .id = ID};
	const struct container lxc = {.kind = CONTAINER_LXC, .kind_name = "lxc", .id = "ci"};

	(void)state;
	assert_found(&docker, "9e1", NULL);
	assert_found(&docker, "9e19", "docker " ID);
	assert_found(&docker, "docker 9e1987cf07ac", "docker " ID);
	assert_found(&docker, ID, "docker " ID);
	assert_found(&docker, "e198", NULL);
	assert_found(&docker, ID "0", NULL);
	assert_found(&docker, "docker", "docker");
	assert_found(&lxc, "ci", "lxc ci");
	assert_found(&lxc, "c", "lxc");
}

static void test_hostile_text_is_escaped(void **state)
{
	const struct container web = {
	        .kind = CONTAINER_DOCKER, .kind_name = "docker", .id = ID, .name = "a\nb\033"};

	(void)state;
	assert_found(&web, "\\x1b", "a\\x0ab\\x1b");
}

/* Whether a query is found in the lines of a view, one digit each. */
static void assert_hits(
        const struct model *model, enum view_kind kind, const char *query, const char *expected)
{
	const struct view_options options = {.kind = kind};
	struct hierarchy h;

	hierarchy_build(&h, model, NULL, &options);
	struct haystack *haystack = haystack_new(model, NULL, NULL, false);
	_cleanup_free_ bool *hits = calloc(h.n + 1, sizeof(*hits));
	_cleanup_free_ char *text = calloc(h.n + 1, 1);
	haystack_find(haystack, &h, query, hits);
	for (size_t i = 0; i < h.n; i++) {
		struct haystack_place place;

		text[i] = hits[i] ? '1' : '0';
		assert_int_equal(haystack_explain(haystack, &h, i, query, &place), hits[i]);
		free(place.text);
	}
	assert_string_equal(text, expected);
	haystack_free(haystack);
	hierarchy_release(&h);
}

static const struct model *make(void)
{
	struct builder *builder = builder_new();
	struct ns *user = fixture_user(builder, FIXTURE_INITIAL_USER, NULL, 0, "root");
	struct ns *own = fixture_user(builder, 300, user, 1000, "harald");
	struct container *web = builder_container(
	        builder, &(const struct container){.kind = CONTAINER_DOCKER, .id = ID}, NULL);
	struct container *inner = builder_container(builder,
	        &(const struct container){.kind = CONTAINER_LXC,
	                .id = "inner",
	                .outer = web,
	                .trust = TRUST_CONTAINER},
	        NULL);

	web->name = "web";
	fixture_process(builder, 1, "init", user)->state = 'S';
	fixture_process(builder, 30, "nginx", own)->container = web;
	struct process *process = fixture_process(builder, 40, "sh", own);
	process->container = web;
	process->claim = inner;
	return fixture_freeze(builder, NULL);
}

static void test_views(void **state)
{
	const struct model *model = make();

	(void)state;
	assert_hits(model, VIEW_USER, "web", "01");
	assert_hits(model, VIEW_USER, "9e19", "01");
	assert_hits(model, VIEW_USER, "inner", "01");
	assert_hits(model, VIEW_PROCESSES, "web", "011");
	assert_hits(model, VIEW_PROCESSES, "inner", "001");
	/* host, user, init; web, inner, sh, user, nginx */
	assert_hits(model, VIEW_CONTAINERS, "web", "00011111");
	assert_hits(model, VIEW_CONTAINERS, "inner", "00011110");
	assert_hits(model, VIEW_CONTAINERS, "nginx", "00010011");
	model_unref(model);
}

/* The namespaces of the host have processes of containers, but are not found by these. */
static void test_shared_with_the_host(void **state)
{
	struct builder *builder = builder_new();
	struct ns *user = fixture_user(builder, FIXTURE_INITIAL_USER, NULL, 0, "root");
	struct container *web = builder_container(
	        builder, &(const struct container){.kind = CONTAINER_DOCKER, .id = ID}, NULL);

	(void)state;
	web->name = "web";
	fixture_process(builder, 1, "init", user)->state = 'S';
	fixture_process(builder, 30, "nginx", user)->container = web;
	const struct model *model = fixture_freeze(builder, NULL);
	assert_hits(model, VIEW_USER, "web", "0");
	assert_hits(model, VIEW_USER, "nginx", "1");
	assert_hits(model, VIEW_PROCESSES, "web", "01");
	/* host, user, init; web, nginx */
	assert_hits(model, VIEW_CONTAINERS, "web", "00011");
	model_unref(model);
}

static void test_filter(void **state)
{
	const struct model *model = make();
	const struct view_options options = {.kind = VIEW_CONTAINERS};
	const struct filter filter = {.types = 1u << NS_USER};
	struct hierarchy h;

	(void)state;
	hierarchy_build(&h, model, NULL, &options);
	const struct filter_count count = filter_drop(&filter, &h, model, NULL);
	assert_int_equal(count.n, 2);
	assert_int_equal(h.n, 4);
	assert_true(h.nodes[0].is_above);
	assert_ptr_equal(
	        h.nodes[2].container, model_find_container(model, h.nodes[2].container->tag));
	assert_true(h.nodes[2].is_above);
	hierarchy_release(&h);
	model_unref(model);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_fields),
	        cmocka_unit_test(test_ids),
	        cmocka_unit_test(test_hostile_text_is_escaped),
	        cmocka_unit_test(test_views),
	        cmocka_unit_test(test_shared_with_the_host),
	        cmocka_unit_test(test_filter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
