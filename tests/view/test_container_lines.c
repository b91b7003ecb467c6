/* SPDX-License-Identifier: Apache-2.0 */
/* Which line of the view of containers a namespace, process or container stands below. */
#include "base/text.h"
#include "tests/unit.h"
#include "tests/view/fixture.h"
#include "view/hierarchy.h"
#include "view/words.h"
#include "view/words_container.h"

#include <string.h>

/* `0:host 1:user:[N] 2:name (PID)`: depth and words of each line. */
static void assert_lines(const struct model *model, const char *expected)
{
	const struct view_options options = {.kind = VIEW_CONTAINERS};
	_cleanup_text_ struct text text;
	struct hierarchy h;

	text_init(&text);
	hierarchy_build(&h, model, NULL, &options);
	for (size_t i = 0; i < h.n; i++) {
		const struct node *node = &h.nodes[i];

		fprintf(text.out, "%s%u:", i ? " " : "", node->depth);
		if (node->process)
			words_process(text.out, node->process);
		else if (node->ns)
			words_ns(text.out, node->ns);
		else
			words_container_line(text.out, node);
		for (size_t k = 0; k < i; k++)
			assert_int_not_equal(node_tag(&h.nodes[k]), node_tag(node));
	}
	assert_string_equal(text_get(&text), expected);
	hierarchy_release(&h);
	model_unref(model);
}

static void assert_types(
        const struct model *model, const struct container *container, const char *expected)
{
	const struct node node = {.container = container};
	_cleanup_text_ struct text text;

	text_init(&text);
	words_container_types(text.out, model, &node);
	assert_string_equal(text_get(&text), expected);
}

struct world {
	struct builder *builder;
	struct ns *user, *pid, *net;
};

static void begin(struct world *ret)
{
	ret->builder = builder_new();
	ret->user = fixture_user(ret->builder, FIXTURE_INITIAL_USER, NULL, 0, "root");
	ret->pid = fixture_pid(ret->builder, FIXTURE_INITIAL_PID, NULL, ret->user);
	ret->net = fixture_owned(ret->builder, NS_NET, 4026531840, ret->user);
}

/* A process of the host, but in `ns` if that is not NULL. */
static struct process *add(struct world *world, pid_t pid, const char *name, const struct ns *ns)
{
	struct process *process = fixture_process(world->builder, pid, name, world->user);

	process->state = 'S';
	process->ns[NS_PID] = world->pid;
	process->ns[NS_NET] = world->net;
	if (ns)
		process->ns[ns->type] = ns;
	return process;
}

static struct container *new_container(
        struct world *world, const char *id, const struct container *outer)
{
	return builder_container(world->builder,
	        &(const struct container){.kind = CONTAINER_LXC,
	                .id = id,
	                .trust = outer ? TRUST_CONTAINER : TRUST_ROOT,
	                .outer = outer},
	        NULL);
}

static struct container *new_unit(struct world *world, const char *id)
{
	return builder_container(
	        world->builder, &(const struct container){.kind = CONTAINER_UNIT, .id = id}, NULL);
}

#define HOST "0:host 1:net:[4026531840] 1:pid:[4026531836] "

static void test_own_and_host(void **state)
{
	struct world world;
	const struct model *model;

	(void)state;
	begin(&world);
	const struct ns *pid = fixture_pid(world.builder, 20, world.pid, world.user);
	struct container *web = new_container(&world, "web", NULL);
	add(&world, 1, "init", NULL);
	add(&world, 30, "nginx", pid)->container = web;
	fixture_owned(world.builder, NS_NET, 40, world.user); /* without a process */
	model = fixture_freeze(world.builder, NULL);
	assert_types(model, web,
	        "??"
	        "?-P?-?");
	assert_lines(model, "0:host 1:net:[40] 1:net:[4026531840] 1:pid:[4026531836] 2:init (1) "
	                    "1:user:[4026531837] 0:lxc web 1:pid:[20] 2:nginx (30)");
}

/* A namespace that containers of one pod share stands below its sandbox, or the pod if there is
 * none; another one below the container of its leader. */
static void check_shared(bool has_sandbox, const char *expected)
{
	struct world world;
	const struct model *model;

	begin(&world);
	const struct ns *of_pod = fixture_owned(world.builder, NS_NET, 50, world.user);
	const struct ns *of_two = fixture_owned(world.builder, NS_NET, 60, world.user);
	struct container *all[4];
	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		static const char *const ids[] = {"a", "b", "c", "d"};

		all[i] = new_container(&world, ids[i], NULL);
		if (i < 2)
			all[i]->pod = "shop";
		add(&world, (pid_t)(100 + i), ids[i], i < 2 ? of_pod : of_two)->container = all[i];
	}
	all[1]->is_sandbox = has_sandbox;
	add(&world, 1, "init", NULL);
	model = fixture_freeze(world.builder, NULL);
	assert_types(model, all[0], "???n-?-?");
	assert_lines(model, expected);
}

static void test_shared(void **state)
{
	(void)state;
	check_shared(true, HOST "2:init (1) 1:user:[4026531837] 0:lxc c 1:net:[60] 2:c (102) "
	                        "0:lxc d 1:d (103) 0:shop (pod) 1:sandbox 2:net:[50] 3:b (101) "
	                        "1:lxc a 2:a (100)");
	check_shared(false, HOST "2:init (1) 1:user:[4026531837] 0:lxc c 1:net:[60] 2:c (102) "
	                         "0:lxc d 1:d (103) 0:shop (pod) 1:lxc a 2:a (100) 1:lxc b "
	                         "2:b (101) 1:net:[50]");
}

static void test_nested(void **state)
{
	struct world world;
	const struct model *model;

	(void)state;
	begin(&world);
	const struct ns *outer_net = fixture_owned(world.builder, NS_NET, 50, world.user);
	const struct ns *inner_net = fixture_owned(world.builder, NS_NET, 60, world.user);
	struct container *outer = new_container(&world, "outer", NULL);
	struct container *inner = new_container(&world, "inner", outer);
	add(&world, 1, "init", NULL);
	add(&world, 10, "x", outer_net)->container = outer;
	for (pid_t pid = 20; pid < 22; pid++) {
		struct process *process = add(&world, pid, "y", pid == 20 ? outer_net : inner_net);

		process->container = outer;
		process->claim = inner;
	}
	model = fixture_freeze(world.builder, NULL);
	assert_lines(model, HOST "2:init (1) 1:user:[4026531837] 0:lxc outer "
	                         "1:lxc inner (claimed) 2:net:[60] 3:y (21) 2:y (20) 1:net:[50] "
	                         "2:x (10)");
}

/* Only units with namespaces of their own are listed. */
static void test_units(void **state)
{
	struct world world;
	const struct model *model;

	(void)state;
	begin(&world);
	const struct ns *own = fixture_owned(world.builder, NS_MNT, 50, world.user);
	const struct ns *both = fixture_owned(world.builder, NS_MNT, 60, world.user);
	struct container *a = new_unit(&world, "a.service"), *b = new_unit(&world, "b.service");
	struct container *c = new_unit(&world, "c.service");
	add(&world, 1, "init", fixture_owned(world.builder, NS_MNT, 40, world.user));
	add(&world, 10, "a", own)->label = a;
	add(&world, 20, "b", both)->label = b;
	add(&world, 30, "c", both)->label = c;
	model = fixture_freeze(world.builder, NULL);
	assert_lines(model,
	        "0:host 1:mnt:[40] 1:mnt:[60] 1:net:[4026531840] 1:pid:[4026531836] 2:init (1) "
	        "2:b (20) 2:c (30) 1:user:[4026531837] 0:1 unit 1:a.service "
	        "2:mnt:[50] 3:a (10)");
}

/* Without PID 1 and a fixed number it is not known which network namespace is the host's: one with
 * processes in no container may be. */
static void test_unknown_host(void **state)
{
	struct world world;
	const struct model *model;

	(void)state;
	begin(&world);
	struct container *web = new_container(&world, "web", NULL);
	add(&world, 30, "nginx", NULL)->container = web;
	add(&world, 40, "bash", NULL);
	model = fixture_freeze(world.builder, NULL);
	assert_types(model, web,
	        "???"
	        "?-?-?");
	assert_lines(model, HOST "2:bash (40) 1:user:[4026531837] 0:lxc web 1:nginx (30)");
}

static void test_pods_of_others(void **state)
{
	struct container a = {.kind_name = "podman", .id = "a", .pod_id = "p"}, b = a;

	(void)state;
	b.id = "b";
	assert_int_equal(container_pod_hash(&a), container_pod_hash(&b));
	b.trust = TRUST_USER;
	b.trust_uid = 1000;
	assert_int_not_equal(container_pod_hash(&a), container_pod_hash(&b));
	b.pod_id = NULL;
	assert_int_equal(container_pod_hash(&b), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_own_and_host),
	        cmocka_unit_test(test_shared),
	        cmocka_unit_test(test_nested),
	        cmocka_unit_test(test_units),
	        cmocka_unit_test(test_unknown_host),
	        cmocka_unit_test(test_pods_of_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
