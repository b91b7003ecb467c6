/* SPDX-License-Identifier: Apache-2.0 */
/* The words for containers. */
#include "base/text.h"
#include "tests/unit.h"
#include "view/words_container.h"

#include <string.h>

#define ID   "9e1987cf07ac0123456789abcdef0123456789abcdef0123456789abcdef0123"
#define UUID "8f1c2d3e-4a5b-4c6d-8e7f-901a2b3c4d5e"

static void assert_words(const struct container *container, const char *expected)
{
	_cleanup_text_ struct text text;

	text_init(&text);
	words_container(text.out, container);
	assert_string_equal(text_get(&text), expected);
}

static void assert_trust(const struct container *container, const char *expected)
{
	_cleanup_text_ struct text text;

	text_init(&text);
	words_container_trust(text.out, container, NULL);
	assert_string_equal(text_get(&text), expected);
}

static void test_name_or_id(void **state)
{
	struct container docker = {.kind = CONTAINER_DOCKER, .kind_name = "docker", .id = ID};
	const struct container lxc = {.kind = CONTAINER_LXC, .kind_name = "lxc", .id = "web"};
	const struct container unit = {
	        .kind = CONTAINER_UNIT, .kind_name = "unit", .id = "nginx.service"};

	(void)state;
	assert_words(&docker, "docker 9e1987cf07ac");
	docker.name = "";
	assert_words(&docker, "docker 9e1987cf07ac");
	docker.name = "w\033eb";
	assert_words(&docker, "w\\x1beb");
	docker.is_unverified = true;
	assert_words(&docker, "w\\x1beb (unverified)");
	assert_words(&lxc, "lxc web");
	assert_words(&unit, "nginx.service");
}

static void test_pods(void **state)
{
	struct container web = {
	        .kind = CONTAINER_KUBERNETES, .kind_name = "kubernetes", .id = ID, .pod_id = UUID};

	(void)state;
	assert_words(&web, "kubernetes 9e1987cf07ac in pod 8f1c2d3e");
	web.pod = "shop";
	web.name = "web";
	assert_words(&web, "web in shop (pod)");
	web.is_sandbox = true;
	assert_words(&web, "sandbox of shop (pod)");
}

static void test_trust(void **state)
{
	const struct container outer = {
	        .kind = CONTAINER_DOCKER, .kind_name = "docker", .id = ID, .name = "dind"};
	struct container container = {.kind = CONTAINER_DOCKER, .kind_name = "docker", .id = ID};

	(void)state;
	assert_trust(&container, "root");
	container.trust = TRUST_USER;
	container.trust_uid = 1000;
	assert_trust(&container, "user 1000 says");
	container.trust = TRUST_CONTAINER;
	container.outer = &outer;
	assert_trust(&container, "inside dind says");
	container.is_unverified = true;
	assert_trust(&container, "unverified");
	container = (struct container){.trust = TRUST_UNKNOWN};
	assert_trust(&container, "unknown");
}

static void test_unread(void **state)
{
	const struct {
		int error;
		const char *text;
	} table[] = {
	        {0, ""},
	        {EACCES, "no permission"},
	        {EREMOTE, "not on a local file system"},
	        {ETIMEDOUT, "access to the file hung"},
	        {EMFILE, strerror(EMFILE)},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		const struct container container = {.name_error = table[i].error};
		_cleanup_text_ struct text text;

		text_init(&text);
		words_container_unread(text.out, &container);
		assert_string_equal(text_get(&text), table[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_name_or_id),
	        cmocka_unit_test(test_pods),
	        cmocka_unit_test(test_trust),
	        cmocka_unit_test(test_unread),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
