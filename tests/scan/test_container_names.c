/* SPDX-License-Identifier: Apache-2.0 */
/* What a scan asks the files of container engines, and what of the answers it takes. */
#include "tests/scan/store_scene.h"

#include <errno.h>

#define A       "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define B       "b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1"
#define POD_UID "11111111-2222-3333-4444-555555555555"

/* --- whose stores ----------------------------------------------------------------------------- */

static const struct store_row docker_row[] = {{.cgroup = "/"}, {.cgroup = "/docker/" A}};

static void root_and_users_have_their_own(void **state)
{
	static const struct store_entry both[] = {
	        {.store = KERNEL_STORE_DOCKER,
	                .uid = 0,
	                .id = A,
	                .text = {.path = "/r", .name = "of-root", .pid = 2}},
	        {.store = KERNEL_STORE_DOCKER,
	                .uid = 1000,
	                .id = A,
	                .text = {.path = "/u", .name = "of-user", .pid = 2}},
	};
	(void)state;
	for (uid_t owner = 0; owner <= 1000; owner += 1000) {
		struct store_scene scene;
		const struct model *model;

		store_scene_make(&scene, docker_row, ARRAY_SIZE(docker_row), 0);
		fake_kernel_set_owner(scene.fake, "/docker", owner);
		store_scene_set(both, ARRAY_SIZE(both));
		model = store_scene_scan(&scene, NULL, NULL);
		const struct container *const container = store_scene_container(model, 2);
		store_scene_check_text(container->name, owner ? "of-user" : "of-root");
		store_scene_check_text(container->source, owner ? "/u" : "/r");
		assert_false(container->is_unverified);
		assert_false(store_scene_was_asked(KERNEL_STORE_DOCKER, owner ? 0 : 1000));
		model_unref(model);
		store_scene_release(&scene);
	}
}

/* A container of which a process in another one says the name. */
static void nested_ones_have_none(void **state)
{
	static const struct store_row rows[] = {
	        {.cgroup = "/"}, {.cgroup = "/docker/" A "/docker/" B}, {.cgroup = "/docker/" A}};
	static const struct store_entry stored[] = {{.store = KERNEL_STORE_DOCKER,
	        .id = B,
	        .text = {.path = "/r", .name = "db-of-root", .pid = 2}}};
	struct store_scene scene;
	const struct model *model;

	(void)state;
	store_scene_make(&scene, rows, ARRAY_SIZE(rows), 0);
	store_scene_set(stored, 1);
	model = store_scene_scan(&scene, NULL, NULL);
	assert_int_equal(store_log.n_asked, 1);
	assert_string_equal(store_log.asked[0].id, A);
	assert_non_null(model_find_process(model, 2)->claim);
	store_scene_check_text(model_find_process(model, 2)->claim->name, NULL);
	model_unref(model);
	store_scene_release(&scene);
}

/* The owner of its control group is not known: a plain user can make one with the name of a
 * container of root, in a path that is too long to be looked up. */
static void those_of_an_unknown_user_have_none(void **state)
{
	static const struct store_entry stored[] = {{.store = KERNEL_STORE_DOCKER,
	        .id = A,
	        .text = {.path = "/r", .name = "of-root", .pid = 2}}};
	struct store_scene scene;
	const struct model *model;

	(void)state;
	store_scene_make(&scene, docker_row, ARRAY_SIZE(docker_row), 0);
	fake_kernel_fail(scene.fake, FAKE_CGROUP_OWNER, 0, NULL, ENAMETOOLONG);
	store_scene_set(stored, 1);
	model = store_scene_scan(&scene, NULL, NULL);
	assert_int_equal(store_log.n_asked, 0);
	assert_int_equal(store_scene_container(model, 2)->trust, TRUST_UNKNOWN);
	store_scene_check_text(store_scene_container(model, 2)->name, NULL);
	model_unref(model);
	store_scene_release(&scene);
}

/* --- proofs ----------------------------------------------------------------------------------- */

static void a_name_needs_a_proof(void **state)
{
	static const struct store_row rows[] = {{.cgroup = "/"},
	        {.cgroup = "/docker/" A, .pid_ns = STORE_SCENE_OTHER_PID_NS},
	        {.cgroup = "/elsewhere", .pid_ns = STORE_SCENE_OTHER_PID_NS},
	        {.cgroup = "/elsewhere"}};
	static const struct {
		pid_t pid;
		bool is_unverified;
	} table[] = {
	        {2, false}, /* in the group */
	        {3, false}, /* in its PID namespace */
	        {4, true},
	        {1, true},
	        {0, true},
	        {99, true},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		const struct store_entry stored[] = {{.store = KERNEL_STORE_DOCKER,
		        .id = A,
		        .text = {.path = "/r", .name = "web", .pid = table[i].pid}}};
		struct store_scene scene;
		const struct model *model;

		store_scene_make(&scene, rows, ARRAY_SIZE(rows), 0);
		store_scene_set(stored, 1);
		model = store_scene_scan(&scene, NULL, NULL);
		store_scene_check_text(store_scene_container(model, 2)->name, "web");
		assert_int_equal(
		        store_scene_container(model, 2)->is_unverified, table[i].is_unverified);
		model_unref(model);
		store_scene_release(&scene);
	}
}

/* A process in the PID namespace of the host proves nothing about another one there, also if it
 * is not known which that is. */
static void the_host_is_no_proof(void **state)
{
	static const struct store_row rows[] = {
	        {.cgroup = "/"}, {.cgroup = "/docker/" A}, {.cgroup = "/elsewhere"}};
	static const struct store_entry stored[] = {{.store = KERNEL_STORE_DOCKER,
	        .id = A,
	        .text = {.path = "/r", .name = "web", .pid = 3}}};

	(void)state;
	for (int is_hidden = 0; is_hidden < 2; is_hidden++) {
		struct store_scene scene;
		const struct model *model;

		store_scene_make(&scene, rows, ARRAY_SIZE(rows), 0);
		if (is_hidden)
			fake_kernel_fail(scene.fake, FAKE_NS_LINK, 1, "pid", EACCES);
		store_scene_set(stored, 1);
		model = store_scene_scan(&scene, NULL, NULL);
		assert_true(store_scene_container(model, 2)->is_unverified);
		model_unref(model);
		store_scene_release(&scene);
	}
}

/* The first store that fits is taken, not the first that has a file. */
static void what_fits_comes_first(void **state)
{
	static const struct store_row rows[] = {
	        {.cgroup = "/"}, {.cgroup = "/system.slice/nerdctl-" A ".scope"}};
	static const struct store_entry stored[] = {
	        {.store = KERNEL_STORE_CONTAINERD,
	                .id = A,
	                .space = "default",
	                .text = {.path = "/1", .name = "one", .pid = 1}},
	        {.store = KERNEL_STORE_CONTAINERD,
	                .id = A,
	                .space = "k8s.io",
	                .text = {.path = "/2", .name = "two", .pid = 2}},
	};
	struct store_scene scene;
	const struct model *model;

	(void)state;
	store_scene_make(&scene, rows, ARRAY_SIZE(rows), 0);
	store_scene_set(stored, ARRAY_SIZE(stored));
	model = store_scene_scan(&scene, NULL, NULL);
	store_scene_check_text(store_scene_container(model, 2)->name, "two");
	assert_false(store_scene_container(model, 2)->is_unverified);
	model_unref(model);
	store_scene_release(&scene);
}

static void docker_with_mapped_users(void **state)
{
	static const struct store_row rows[] = {
	        {.cgroup = "/"}, {.cgroup = "/docker/" A, .user_ns = STORE_SCENE_OWN_USER_NS}};
	struct store_scene scene;
	const struct model *model;

	(void)state;
	store_scene_make(&scene, rows, ARRAY_SIZE(rows), 0);
	store_scene_set(NULL, 0);
	model = store_scene_scan(&scene, NULL, NULL);
	assert_int_equal(store_log.n_asked, 2);
	assert_int_equal(store_log.asked[1].store, KERNEL_STORE_DOCKER_MAPPED);
	assert_int_equal(store_log.asked[1].map_uid, 100000);
	assert_int_equal(store_log.asked[1].map_gid, 100000);
	model_unref(model);
	store_scene_release(&scene);
}

/* --- pods and other names --------------------------------------------------------------------- */

#define PODS "/kubepods/besteffort/pod" POD_UID

static void pods(void **state)
{
	static const struct {
		const char *cgroup;
		struct store_entry stored;
		const char *name, *pod, *pod_namespace;
		bool is_sandbox;
	} table[] = {
	        {PODS "/cri-containerd-" A,
	                {.store = KERNEL_STORE_CONTAINERD,
	                        .id = A,
	                        .space = "k8s.io",
	                        .text = {.path = "/1",
	                                .name = "web",
	                                .pod = "shop-0",
	                                .pod_namespace = "prod",
	                                .pid = 2}},
	                "web", "shop-0", "prod", false},
	        {PODS "/docker-" A ".scope",
	                {.store = KERNEL_STORE_DOCKER,
	                        .id = A,
	                        .text = {.path = "/1",
	                                .name = "k8s_web_shop-0_prod_" POD_UID "_0",
	                                .pid = 2}},
	                "web", "shop-0", "prod", false},
	        {PODS "/docker-" A ".scope",
	                {.store = KERNEL_STORE_DOCKER,
	                        .id = A,
	                        .text = {.path = "/1",
	                                .name = "k8s_POD_shop-0_prod_" POD_UID "_0",
	                                .pid = 2}},
	                NULL, "shop-0", "prod", true},
	        {PODS "/crio-" A,
	                {.store = KERNEL_STORE_STORAGE,
	                        .id = A,
	                        .text = {.path = "/1",
	                                .name = "k8s_web_shop-0_prod_" POD_UID "_0",
	                                .pod = "k8s_shop-0_prod_" POD_UID "_0",
	                                .pid = 2}},
	                "web", "shop-0", "prod", false},
	        {"/k8s.io/" A,
	                {.store = KERNEL_STORE_CONTAINERD,
	                        .id = A,
	                        .space = "k8s.io",
	                        .text = {.path = "/1",
	                                .pod = "shop-0",
	                                .pod_namespace = "prod",
	                                .is_sandbox = true,
	                                .pid = 2}},
	                NULL, "shop-0", "prod", true},
	        /* Anyone may give a container such a name or annotation. */
	        {"/docker/" A,
	                {.store = KERNEL_STORE_DOCKER,
	                        .id = A,
	                        .text = {.path = "/1",
	                                .name = "k8s_web_shop-0_prod_u_0",
	                                .pid = 2}},
	                "k8s_web_shop-0_prod_u_0", NULL, NULL, false},
	        {"/system.slice/nerdctl-" A ".scope",
	                {.store = KERNEL_STORE_CONTAINERD,
	                        .id = A,
	                        .space = "default",
	                        .text = {.path = "/1", .name = "web", .pod = "x", .pid = 2}},
	                "web", NULL, NULL, false},
	        {"/machine.slice/libpod-" A ".scope",
	                {.store = KERNEL_STORE_STORAGE,
	                        .id = A,
	                        .text = {.path = "/1",
	                                .name = "web",
	                                .pod = "kube-system",
	                                .pod_namespace = "x",
	                                .is_sandbox = true,
	                                .pid = 2}},
	                "web", NULL, NULL, false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		const struct store_row rows[] = {{.cgroup = "/"}, {.cgroup = table[i].cgroup}};
		struct store_scene scene;
		const struct model *model;

		store_scene_make(&scene, rows, ARRAY_SIZE(rows), 0);
		store_scene_set(&table[i].stored, 1);
		model = store_scene_scan(&scene, NULL, NULL);
		const struct container *const container = store_scene_container(model, 2);
		store_scene_check_text(container->name, table[i].name);
		store_scene_check_text(container->pod, table[i].pod);
		store_scene_check_text(container->pod_namespace, table[i].pod_namespace);
		assert_int_equal(container->is_sandbox, table[i].is_sandbox);
		assert_false(container->is_unverified);
		model_unref(model);
		store_scene_release(&scene);
	}
}

/* `web-1` is the container of that name, or a second try for `web`. */
static void lxc_names(void **state)
{
	static const struct store_row rows[] = {{.cgroup = "/"}, {.cgroup = "/lxc.payload.web-1"}};
	static const struct store_entry stored[] = {
	        {.store = KERNEL_STORE_LXC, .id = "web", .text = {.path = "/web"}},
	        {.store = KERNEL_STORE_LXC, .id = "web-1", .text = {.path = "/web-1"}},
	};

	(void)state;
	for (size_t n = 0; n <= 2; n++) {
		struct store_scene scene;
		const struct model *model;

		store_scene_make(&scene, rows, ARRAY_SIZE(rows), 0);
		store_scene_set(stored, n);
		model = store_scene_scan(&scene, NULL, NULL);
		store_scene_check_text(
		        store_scene_container(model, 2)->name, n == 1 ? "web" : "web-1");
		store_scene_check_text(store_scene_container(model, 2)->source, n == 0 ? "cgroup"
		                                                                : n == 1
		                                                                        ? "/web"
		                                                                        : "/web-1");
		assert_false(store_scene_container(model, 2)->is_unverified);
		model_unref(model);
		store_scene_release(&scene);
	}
}

/* --- once ------------------------------------------------------------------------------------- */

static const struct store_entry web[] = {{.store = KERNEL_STORE_DOCKER,
        .id = A,
        .text = {.path = "/r", .name = "web", .image = "nginx", .pid = 2}}};

static void asked_once(void **state)
{
	struct store_scene scene, later;
	/* With a namespace of its own, so that the quick model has its container. */
	const struct store_row rows[] = {docker_row[0],
	        {.cgroup = docker_row[1].cgroup, .pid_ns = STORE_SCENE_OTHER_PID_NS}};
	const struct model *quick = NULL, *first, *second, *third;

	(void)state;
	store_scene_make(&scene, rows, ARRAY_SIZE(rows), 0);
	store_scene_set(web, 1);
	first = store_scene_scan(&scene, NULL, &quick);
	assert_int_equal(store_log.n_calls, 1);
	store_scene_check_text(store_scene_container(first, 2)->name, "web");
	/* The quick model does not wait for it. */
	store_scene_check_text(store_scene_container(quick, 2)->name, NULL);
	model_unref(quick);
	quick = NULL;
	second = store_scene_scan(&scene, first, &quick);
	assert_int_equal(store_log.n_calls, 1);
	store_scene_check_text(store_scene_container(second, 2)->name, "web");
	store_scene_check_text(store_scene_container(second, 2)->image, "nginx");
	store_scene_check_text(store_scene_container(second, 2)->source, "/r");
	store_scene_check_text(store_scene_container(quick, 2)->name, "web");
	/* Another process with that PID: it may be another container with that ID. */
	store_scene_make(&later, rows, ARRAY_SIZE(rows), 1000);
	third = store_scene_scan(&later, second, NULL);
	assert_int_equal(store_log.n_calls, 2);
	store_scene_check_text(store_scene_container(third, 2)->name, "web");
	model_unref(quick);
	model_unref(first);
	model_unref(second);
	model_unref(third);
	store_scene_release(&scene);
	store_scene_release(&later);
}

static void nothing_found_is_kept_too(void **state)
{
	static const struct {
		int error, kept;
		size_t n_calls;
	} table[] = {
	        {-ENOENT, 0, 1}, {-ETIMEDOUT, ETIMEDOUT, 1}, {-EPERM, EPERM, 1},
	        {-EAGAIN, EAGAIN, 2}, /* no process could be started: the next scan tries again */
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		const struct store_entry stored[] = {
		        {.store = KERNEL_STORE_DOCKER, .id = A, .error = table[i].error}};
		struct store_scene scene;
		const struct model *first, *second;

		store_scene_make(&scene, docker_row, ARRAY_SIZE(docker_row), 0);
		store_scene_set(stored, 1);
		first = store_scene_scan(&scene, NULL, NULL);
		second = store_scene_scan(&scene, first, NULL);
		assert_int_equal(store_log.n_calls, table[i].n_calls);
		store_scene_check_text(store_scene_container(second, 2)->name, NULL);
		assert_int_equal(store_scene_container(second, 2)->name_error, table[i].kept);
		model_unref(first);
		model_unref(second);
		store_scene_release(&scene);
	}
}

static void only_if_wanted(void **state)
{
	const struct scan_options options = {
	        .sources = 1u << SOURCE_PROCESS, .n_threads = 1, .program = "test 1"};
	struct store_scene scene;
	const struct model *model;

	(void)state;
	store_scene_make(&scene, docker_row, ARRAY_SIZE(docker_row), 0);
	store_scene_set(web, 1);
	model = checked_scan(scene.fake, &options, NULL, NULL, NULL);
	assert_int_equal(store_log.n_calls, 0);
	store_scene_check_text(store_scene_container(model, 2)->name, NULL);
	model_unref(model);
	store_scene_release(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(root_and_users_have_their_own),
	        cmocka_unit_test(nested_ones_have_none),
	        cmocka_unit_test(those_of_an_unknown_user_have_none),
	        cmocka_unit_test(a_name_needs_a_proof),
	        cmocka_unit_test(the_host_is_no_proof),
	        cmocka_unit_test(what_fits_comes_first),
	        cmocka_unit_test(docker_with_mapped_users),
	        cmocka_unit_test(pods),
	        cmocka_unit_test(lxc_names),
	        cmocka_unit_test(asked_once),
	        cmocka_unit_test(nothing_found_is_kept_too),
	        cmocka_unit_test(only_if_wanted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
