/* SPDX-License-Identifier: Apache-2.0 */
#include "base/attributes.h"
#include "base/text.h"
#include "tests/unit.h"
#include "tests/view/fixture.h"
#include "view/words_container.h"
#include "view/words_sharing.h"

#include <string.h>

/* Network namespaces: that of the host, of pod web with two containers and their sandbox, and one
 * of a container alone. The container `host` has the host's. */
enum { NET_HOST = 4026531840, NET_POD = 4026532100, NET_OWN, UTS_NESTED = 4026532300 };
#define PID_INITIAL FIXTURE_INITIAL_PID

struct making {
	struct builder *builder;
	struct ns *user, *pid, *host, *pod, *own, *nested;
	struct process *init;
};

static struct process *add(struct making *m, pid_t pid, const char *id, const char *pod,
        const struct ns *net, const struct container *outer)
{
	struct process *process = fixture_process(m->builder, pid, "sh", m->user);

	process->state = 'S';
	process->started = (uint64_t)pid;
	process->ns[NS_NET] = net;
	if (!id)
		return process;
	struct container *container = builder_container(m->builder,
	        &(struct container){.kind = CONTAINER_DOCKER, .id = id, .outer = outer}, NULL);
	container->pod = container->pod_id = pod;
	container->name = container->id;
	if (outer) {
		process->container = outer;
		process->claim = container;
	} else {
		process->container = container;
	}
	return process;
}

static struct making begin(bool is_init_known)
{
	struct making m = {.builder = builder_new()};

	m.user = fixture_user(m.builder, FIXTURE_INITIAL_USER, NULL, 0, "root");
	m.pid = fixture_pid(m.builder, PID_INITIAL, NULL, m.user);
	m.host = fixture_owned(m.builder, NS_NET, NET_HOST, m.user);
	m.pod = fixture_owned(m.builder, NS_NET, NET_POD, m.user);
	m.own = fixture_owned(m.builder, NS_NET, NET_OWN, m.user);
	m.nested = fixture_owned(m.builder, NS_UTS, UTS_NESTED, m.user);
	m.init = add(&m, 1, NULL, NULL, m.host, NULL);
	m.init->ns[NS_PID] = is_init_known ? m.pid : NULL;
	return m;
}

static const struct model *make(bool is_init_known)
{
	struct making m = begin(is_init_known);

	add(&m, 10, "pause", "web", m.pod, NULL);
	add(&m, 11, "nginx", "web", m.pod, NULL);
	add(&m, 12, "nginx", "web", m.pod, NULL);
	add(&m, 13, "fluent", "web", m.pod, NULL);
	add(&m, 20, "alone", NULL, m.own, NULL);
	/* Inside it, by its own word: in the same network namespace, and in a UTS namespace of its
	 * own. */
	const struct container *alone = builder_find_process(m.builder, 20)->container;
	struct process *inner = add(&m, 21, "inner", NULL, m.own, alone);
	inner->ns[NS_UTS] = m.nested;
	add(&m, 30, "host", NULL, m.host, NULL);
	add(&m, 40, "lost", NULL, NULL, NULL);
	/* A process of no container in the namespace of a pod. */
	add(&m, 50, NULL, NULL, m.pod, NULL);
	return fixture_freeze(m.builder, NULL);
}

static const struct container *find(const struct model *model, const char *id)
{
	for (size_t i = 0; i < model->n_containers; i++) {
		if (strcmp(model->containers[i]->id, id) == 0)
			return model->containers[i];
	}
	fail_msg("no container %s", id);
	return NULL;
}

static void test_own_host_others(void **state)
{
	const struct model *model = make(true);

	(void)state;
	assert_int_equal(sharing_of(model, find(model, "alone"), NS_NET), SHARING_OWN);
	assert_int_equal(sharing_of(model, find(model, "host"), NS_NET), SHARING_HOST);
	assert_int_equal(sharing_of(model, find(model, "nginx"), NS_NET), SHARING_OTHERS);
	assert_int_equal(sharing_of(model, find(model, "lost"), NS_NET), SHARING_UNKNOWN);
	assert_int_equal(sharing_of(model, find(model, "alone"), NS_USER), SHARING_HOST);
	assert_true(sharing_host(model, NS_NET)->inode == NET_HOST);
	assert_null(sharing_host(model, NS_TIME));
	model_unref(model);
}

/* PID 1 of the model may be that of a container, or its links not readable. */
static void test_without_the_init_of_the_host(void **state)
{
	const struct model *model = make(false);

	(void)state;
	assert_int_equal(sharing_of(model, find(model, "alone"), NS_USER), SHARING_HOST);
	assert_int_equal(sharing_of(model, find(model, "inner"), NS_UTS), SHARING_OWN);
	/* NET_HOST is no fixed number. */
	assert_null(sharing_host(model, NS_NET));
	assert_int_equal(sharing_of(model, find(model, "alone"), NS_NET), SHARING_UNKNOWN);
	assert_int_equal(sharing_of(model, find(model, "nginx"), NS_NET), SHARING_UNKNOWN);
	model_unref(model);
}

static void test_pid_1_of_a_container(void **state)
{
	struct making m = begin(true);

	(void)state;
	m.pid->parent = (struct relation){.state = REL_HIDDEN};
	m.pid->inode = 4026532400;
	add(&m, 20, "alone", NULL, m.host, NULL);
	const struct model *model = fixture_freeze(m.builder, NULL);
	assert_null(sharing_host(model, NS_NET));
	assert_int_equal(sharing_of(model, find(model, "alone"), NS_NET), SHARING_UNKNOWN);
	model_unref(model);
}

/* From Linux 6.17 the initial network namespace has a fixed number. */
static void test_fixed_number(void **state)
{
	struct making m = begin(false);

	(void)state;
	struct ns *fixed = fixture_owned(m.builder, NS_NET, 4026531833, m.user);
	add(&m, 20, "alone", NULL, m.own, NULL);
	add(&m, 30, "host", NULL, fixed, NULL);
	const struct model *model = fixture_freeze(m.builder, NULL);
	assert_int_equal(sharing_of(model, find(model, "alone"), NS_NET), SHARING_OWN);
	assert_int_equal(sharing_of(model, find(model, "host"), NS_NET), SHARING_HOST);
	model_unref(model);
}

/* NULL: the line of the host. */
static void assert_sign(const struct model *model, const struct container *container,
        enum nstype type, char sign, const char *users)
{
	const struct node node = {.container = container, .group = container ? 0 : GROUP_HOST};
	_cleanup_text_ struct text text;

	text_init(&text);
	words_container_types(text.out, model, &node);
	assert_int_equal(text_get(&text)[type], sign);
	words_container_users(text_restart(&text), model, &node);
	assert_string_equal(text_get(&text), users);
}

static void assert_whose(const struct model *model, const struct container *container,
        enum nstype type, const char *words)
{
	_cleanup_text_ struct text text;

	text_init(&text);
	words_sharing(text.out, model, container, type);
	assert_string_equal(text_get(&text), words);
}

/* Linux before 5.6 has no time namespaces. Of `lost` no link could be read. */
static void test_lacking_types(void **state)
{
	struct making m = begin(true);
	struct process *const full = add(&m, 20, "full", NULL, m.own, NULL);

	(void)state;
	add(&m, 30, "lost", NULL, NULL, NULL);
	m.init->ns[NS_UTS] = m.nested;
	full->ns[NS_MNT] = fixture_owned(m.builder, NS_MNT, 4026532500, m.user);
	const struct model *const model = fixture_freeze(m.builder, NULL);
	assert_true(sharing_lacks(model, NS_TIME));
	assert_int_equal(sharing_of(model, find(model, "full"), NS_TIME), SHARING_NONE);
	assert_sign(model, find(model, "full"), NS_TIME, '-', "host");
	assert_whose(model, find(model, "full"), NS_TIME, "this kernel has none");
	assert_sign(model, find(model, "lost"), NS_TIME, '-', "host");
	assert_sign(model, NULL, NS_TIME, '-', "host");
	/* Another process has such a namespace. */
	assert_false(sharing_lacks(model, NS_UTS));
	assert_int_equal(sharing_of(model, find(model, "full"), NS_UTS), SHARING_UNKNOWN);
	model_unref(model);
}

/* A mount namespace that only a descriptor keeps tells nothing of other types. */
static void test_links_were_not_read(void **state)
{
	struct making m = begin(true);

	(void)state;
	add(&m, 20, "alone", NULL, m.own, NULL);
	fixture_owned(m.builder, NS_MNT, 4026532500, m.user);
	const struct model *const model = fixture_freeze(m.builder, NULL);
	assert_false(sharing_lacks(model, NS_TIME));
	assert_sign(model, find(model, "alone"), NS_TIME, '?', "host");
	assert_whose(model, find(model, "alone"), NS_TIME, "unknown");
	assert_sign(model, NULL, NS_TIME, '?', "host");
	model_unref(model);
}

/* A snapshot may say so, and a descriptor of another kernel's namespace is none. */
static void test_no_user_namespaces(void **state)
{
	struct making m = begin(true);
	struct process *const alone = add(&m, 20, "alone", NULL, m.own, NULL);

	(void)state;
	alone->ns[NS_USER] = NULL;
	builder_host(m.builder)->partial = 1u << PARTIAL_NO_USER_NS;
	const struct model *const model = fixture_freeze(m.builder, NULL);
	assert_int_equal(sharing_of(model, find(model, "alone"), NS_USER), SHARING_NONE);
	assert_sign(model, find(model, "alone"), NS_USER, '-', "host");
	model_unref(model);
}

static void check_others(
        const struct model *model, const char *id, const char *const *wanted, size_t n)
{
	const struct container *container = find(model, id);
	struct sharing_list list;

	sharing_others(&list, sharing_ns(container, NS_NET), container);
	assert_int_equal(list.n, n);
	for (size_t i = 0; i < n; i++)
		assert_string_equal(list.all[i]->id, wanted[i]);
	sharing_release(&list);
}

static void test_others_are_listed(void **state)
{
	static const char *const of_nginx[] = {"fluent", "pause"};
	static const char *const of_inner[] = {"alone"};
	const struct model *model = make(true);

	(void)state;
	check_others(model, "nginx", of_nginx, ARRAY_SIZE(of_nginx));
	/* What is nested in it is a part of it. */
	check_others(model, "alone", NULL, 0);
	check_others(model, "inner", of_inner, ARRAY_SIZE(of_inner));
	model_unref(model);
}

static void test_pod(void **state)
{
	const struct model *model = make(true);
	const struct container *nginx = find(model, "nginx"), *alone = find(model, "alone");
	const struct container *mixed[] = {nginx, alone};
	struct sharing_list list;

	(void)state;
	sharing_others(&list, sharing_ns(nginx, NS_NET), nginx);
	assert_string_equal(sharing_pod(&list)->pod, "web");
	sharing_release(&list);
	assert_null(sharing_pod(&(struct sharing_list){mixed, 2}));
	assert_null(sharing_pod(&(struct sharing_list){&alone, 1}));
	assert_null(sharing_pod(&(struct sharing_list){NULL, 0}));
	model_unref(model);
}

static void test_process(void **state)
{
	const struct model *model = make(true);

	(void)state;
	assert_int_equal(
	        sharing_of_process(model, model_find_process(model, 1), NS_NET), SHARING_HOST);
	assert_int_equal(
	        sharing_of_process(model, model_find_process(model, 21), NS_NET), SHARING_OWN);
	assert_int_equal(
	        sharing_of_process(model, model_find_process(model, 50), NS_NET), SHARING_OTHERS);
	model_unref(model);
}

/* A unit has namespaces of its own, with processes of no other unit and no container. */
static void test_label(void **state)
{
	struct making m = begin(true);
	struct process *first = add(&m, 60, NULL, NULL, m.own, NULL);
	struct process *second = add(&m, 61, NULL, NULL, m.pod, NULL);
	struct process *third = add(&m, 62, NULL, NULL, m.pod, NULL);

	(void)state;
	first->label = builder_container(
	        m.builder, &(struct container){.kind = CONTAINER_UNIT, .id = "a.service"}, NULL);
	second->label = builder_container(
	        m.builder, &(struct container){.kind = CONTAINER_UNIT, .id = "b.service"}, NULL);
	third->label = builder_container(
	        m.builder, &(struct container){.kind = CONTAINER_UNIT, .id = "c.service"}, NULL);
	const struct model *model = fixture_freeze(m.builder, NULL);
	assert_int_equal(sharing_of(model, find(model, "a.service"), NS_NET), SHARING_OWN);
	assert_int_equal(sharing_of(model, find(model, "b.service"), NS_NET), SHARING_OTHERS);
	model_unref(model);
}

static void check_words(const struct model *model, const char *id, const char *wanted)
{
	_cleanup_text_ struct text text;

	text_init(&text);
	words_sharing(text.out, model, find(model, id), NS_NET);
	assert_string_equal(text_get(&text), wanted);
}

static void test_words(void **state)
{
	const struct model *model = make(true);
	_cleanup_text_ struct text text;

	(void)state;
	text_init(&text);
	check_words(model, "alone", "own");
	check_words(model, "host", "the host's");
	check_words(model, "lost", "unknown");
	check_words(model, "nginx", "shared with 2 containers of pod web");
	check_words(model, "inner", "shared with alone");
	words_sharing_process(text.out, model, model_find_process(model, 50), NS_NET);
	assert_string_equal(text_get(&text), "shared with 3 containers of pod web");
	model_unref(model);
	model = make(false);
	check_words(model, "alone", "unknown whether the host's");
	check_words(
	        model, "nginx", "unknown whether the host's; shared with 2 containers of pod web");
	model_unref(model);
}

static void test_certain(void **state)
{
	struct making m = begin(true);

	(void)state;
	builder_host(m.builder)->partial = UINT32_C(1) << PARTIAL_UNREADABLE;
	add(&m, 20, "alone", NULL, m.own, NULL);
	const struct model *model = fixture_freeze(m.builder, NULL);
	assert_false(sharing_is_certain(model, sharing_host(model, NS_NET)));
	check_words(model, "alone", "own, as far as visible");
	model_unref(model);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_own_host_others),
	        cmocka_unit_test(test_without_the_init_of_the_host),
	        cmocka_unit_test(test_pid_1_of_a_container),
	        cmocka_unit_test(test_fixed_number),
	        cmocka_unit_test(test_lacking_types),
	        cmocka_unit_test(test_links_were_not_read),
	        cmocka_unit_test(test_no_user_namespaces),
	        cmocka_unit_test(test_others_are_listed),
	        cmocka_unit_test(test_pod),
	        cmocka_unit_test(test_process),
	        cmocka_unit_test(test_label),
	        cmocka_unit_test(test_words),
	        cmocka_unit_test(test_certain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
