/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"
#include "base/attributes.h"
#include "base/text.h"
#include "tests/unit.h"
#include "tests/view/fixture.h"
#include "view/sentence.h"

#include <string.h>

/* A host with one engine: its shim starts a container with a network namespace of its own, which a
 * descriptor of the engine holds, too. */
struct making {
	struct builder *builder;
	struct ns *user, *pid, *net, *own;
	struct container *web;
};

static struct process *add(struct making *m, pid_t pid, pid_t ppid, const char *name)
{
	struct process *process = fixture_process(m->builder, pid, name, m->user);

	process->ppid = ppid;
	process->started = (uint64_t)pid * 100;
	process->state = 'S';
	process->ns[NS_PID] = m->pid;
	process->ns[NS_NET] = m->net;
	return process;
}

static struct process *add_inside(struct making *m, pid_t pid, pid_t ppid, const char *name)
{
	struct process *process = add(m, pid, ppid, name);
	pid_t *levels = arena_array(builder_arena(m->builder), 2, sizeof(*levels));

	levels[0] = pid;
	levels[1] = pid - 799;
	process->nspid = levels;
	process->n_nspid = 2;
	process->ns[NS_NET] = m->own;
	process->container = m->web;
	return process;
}

static struct making begin(void)
{
	struct making m = {.builder = builder_new()};
	struct host *host = builder_host(m.builder);

	host->name = "db7";
	host->taken = 1795446240; /* 2026-11-23 15:04 UTC */
	host->booted = host->taken - 15 * 3600;
	host->hertz = 100;
	m.user = fixture_user(m.builder, FIXTURE_INITIAL_USER, NULL, 0, "root");
	m.pid = fixture_pid(m.builder, FIXTURE_INITIAL_PID, NULL, m.user);
	m.net = fixture_owned(m.builder, NS_NET, 4026531840, m.user);
	m.own = fixture_owned(m.builder, NS_NET, 4026532100, m.user);
	m.web = builder_container(m.builder,
	        &(struct container){.kind = CONTAINER_DOCKER, .id = "9e1987cf07ac"}, NULL);
	m.web->name = "web";
	m.web->image = "nginx:1.27";
	add(&m, 1, 0, "systemd");
	add(&m, 611, 1, "dockerd");
	add(&m, 702, 1, "containerd-shim");
	return m;
}

static const char *of_ns(struct text *text, const struct model *model, uint64_t inode)
{
	sentence_ns(text_restart(text), model, model_find(model, NS_NET, inode), 0);
	return text_get(text);
}

static void test_namespace_of_a_container(void **state)
{
	struct making m = begin();
	_cleanup_text_ struct text text;

	(void)state;
	text_init(&text);
	add_inside(&m, 800, 702, "nginx");
	add_inside(&m, 801, 800, "nginx");
	fixture_hold_fd(m.builder, m.own, 611, 9);
	const struct model *model = fixture_freeze(m.builder, NULL);
	assert_string_equal(of_ns(&text, model, 4026532100),
	        "network namespace of docker web: 2 processes, started 00:17 by containerd-shim "
	        "(702); also held by fd 9 of dockerd (611)");
	assert_string_equal(of_ns(&text, model, 4026531840),
	        "the host's network namespace: 3 processes, started 00:04");
	model_unref(model);
}

/* A container with the host's network, and a process of no container in that of a container. */
static void test_mixed_members(void **state)
{
	struct making m = begin();
	_cleanup_text_ struct text text;

	(void)state;
	text_init(&text);
	add_inside(&m, 800, 702, "nginx");
	add(&m, 900, 702, "tcpdump")->ns[NS_NET] = m.own;
	struct process *other = add_inside(&m, 950, 702, "node");
	other->container = builder_container(
	        m.builder, &(struct container){.kind = CONTAINER_DOCKER, .id = "abc"}, NULL);
	other->ns[NS_NET] = m.net;
	const struct model *model = fixture_freeze(m.builder, NULL);
	assert_string_equal(of_ns(&text, model, 4026532100),
	        "network namespace of docker web: 2 processes, 1 of them in no container, started "
	        "00:17 by containerd-shim (702)");
	assert_string_equal(of_ns(&text, model, 4026531840),
	        "the host's network namespace: 4 processes, among them those of 1 container, "
	        "started 00:04");
	model_unref(model);
}

static void test_without_a_process(void **state)
{
	struct making m = begin();
	_cleanup_text_ struct text text;

	(void)state;
	text_init(&text);
	fixture_hold_mount(m.builder, m.own, "/run/netns/blue");
	fixture_hold_fd(m.builder, m.own, 611, 9);
	fixture_hold_fd(m.builder, m.own, 702, 3);
	const struct model *model = fixture_freeze(m.builder, NULL);
	assert_string_equal(of_ns(&text, model, 4026532100),
	        "network namespace: no process; held by fd 9 of dockerd (611) and 2 more");
	model_unref(model);
}

/* An orphan becomes the child of an init process: of the host, of its PID namespace, or of its
 * user's systemd. A parent that is younger is another process with that PID. */
static void test_starter(void **state)
{
	static const struct {
		pid_t ppid;
		const char *wanted;
	} rows[] = {
	        {702, "process sh: started 00:24 by containerd-shim (702)"},
	        {1, "process sh: started 00:24"},
	        {800, "process sh: started 00:24"},
	        {810, "process sh: started 00:24"},
	        {999, "process sh: started 00:24"},
	        {5000, "process sh: started 00:24"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct making m = begin();
		_cleanup_text_ struct text text;

		text_init(&text);
		add_inside(&m, 800, 702, "tini");
		add(&m, 810, 1, "systemd")->cgroup =
		        "/user.slice/user-1000.slice/user@1000.service/init.scope";
		add(&m, 820, 1, "x");
		add(&m, 999, 1, "young")->started = 500000;
		add(&m, 830, rows[i].ppid, "sh")->started = 120000;
		const struct model *model = fixture_freeze(m.builder, NULL);
		sentence_process(text.out, model, model_find_process(model, 830), 0);
		assert_string_equal(text_get(&text), rows[i].wanted);
		model_unref(model);
	}
}

static void test_process(void **state)
{
	struct making m = begin();
	_cleanup_text_ struct text text;

	(void)state;
	text_init(&text);
	add_inside(&m, 800, 702, "nginx");
	add_inside(&m, 805, 800, "sh")->state = 'Z';
	struct process *unread = add(&m, 900, 702, "sshd");
	unread->state = 0;
	unread->label = builder_container(
	        m.builder, &(struct container){.kind = CONTAINER_UNIT, .id = "sshd.service"}, NULL);
	const struct model *model = fixture_freeze(m.builder, NULL);
	sentence_process(text.out, model, model_find_process(model, 805), 0);
	assert_string_equal(text_get(&text), "zombie sh of docker web, PID 6 inside: started "
	                                     "00:17; has exited, its parent nginx "
	                                     "(800) has not waited for it");
	sentence_process(text_restart(&text), model, model_find_process(model, 900), 0);
	assert_string_equal(text_get(&text), "process sshd of unit sshd.service");
	model_unref(model);
}

static void test_container(void **state)
{
	struct making m = begin();
	_cleanup_text_ struct text text;

	(void)state;
	text_init(&text);
	add_inside(&m, 800, 702, "nginx");
	add(&m, 950, 702, "unread")->container_state = REL_FAILED;
	const struct model *model = fixture_freeze(m.builder, NULL);
	sentence_container(text.out, model, model->containers[0], 0);
	assert_string_equal(text_get(&text),
	        "docker web, image nginx:1.27: 1 process, started 00:17 by containerd-shim (702); "
	        "in the host's pid and user namespaces");
	sentence_host(text_restart(&text), model);
	assert_string_equal(text_get(&text),
	        "host db7: 4 processes in no container (of 1 that is not known), 1 container");
	model_unref(model);
}

/* All text of others is escaped. */
static void test_hostile(void **state)
{
	(void)state;
	for (size_t i = 0; fixture_hostile_names[i]; i++) {
		struct making m = begin();
		_cleanup_text_ struct text text;

		text_init(&text);
		m.web->name = m.web->image = m.web->pod = m.web->pod_id = m.web->pod_namespace =
		        fixture_hostile_names[i];
		add_inside(&m, 800, 702, fixture_hostile_names[i]);
		const struct model *model = fixture_freeze(m.builder, NULL);
		sentence_container(text.out, model, model->containers[0], 0);
		sentence_pod(text.out, model, model->containers[0]);
		sentence_ns(text.out, model, model_find(model, NS_NET, 4026532100), 0);
		for (const char *c = text_get(&text); *c; c++)
			assert_true((unsigned char)*c >= ' ' && *c != 127);
		model_unref(model);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_namespace_of_a_container),
	        cmocka_unit_test(test_mixed_members),
	        cmocka_unit_test(test_without_a_process),
	        cmocka_unit_test(test_starter),
	        cmocka_unit_test(test_process),
	        cmocka_unit_test(test_container),
	        cmocka_unit_test(test_hostile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
