/* SPDX-License-Identifier: Apache-2.0 */
/* What a scan asks the files of container engines, and what of the answers it takes. */
#include "base/arena.h"
#include "base/memory.h"
#include "model/builder.h"
#include "tests/scan/checked_scan.h"

#include <errno.h>
#include <string.h>

#define A       "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define B       "b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1"
#define POD_UID "11111111-2222-3333-4444-555555555555"
#define ME      "/user.slice/user-1000.slice/user@1000.service"

enum {
	PID_NS = 4026531836,
	OTHER_PID_NS = 4026532000,
	USER_NS = 4026531837,
	OWN_USER_NS = 4026532001
};

/* A process: its PID is its place in the list, from 1 on. */
struct row {
	const char *cgroup;
	uint64_t pid_ns, user_ns; /* 0: those of the host */
};

/* What a store has of a container. */
struct stored {
	enum kernel_store store;
	uid_t uid;
	const char *id, *space;
	int error;
	struct kernel_container_text text;
};

/* A kernel whose stores have these, and which keeps what was asked. */
static struct {
	const struct stored *stored;
	size_t n_stored;
	int result;
	size_t n_calls, n_asked;
	struct kernel_container asked[32];
} engine;

static bool is_same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static int containers(struct kernel *k, struct kernel_container *items, size_t n,
        kernel_container_fn *take, void *data)
{
	(void)k;
	engine.n_calls++;
	for (size_t i = 0; i < n; i++) {
		assert_true(engine.n_asked < ARRAY_SIZE(engine.asked));
		engine.asked[engine.n_asked++] = items[i];
		items[i].error = -ENOENT;
		for (size_t s = 0; s < engine.n_stored; s++) {
			const struct stored *const has = &engine.stored[s];

			if (has->store != items[i].store || has->uid != items[i].uid ||
			        strcmp(has->id, items[i].id) != 0 ||
			        !is_same(has->space, items[i].space))
				continue;
			items[i].error = has->error;
			if (has->error == 0)
				take(data, i, &has->text);
		}
	}
	return engine.result;
}

static bool was_asked(enum kernel_store store, uid_t uid)
{
	for (size_t i = 0; i < engine.n_asked; i++) {
		if (engine.asked[i].store == store && engine.asked[i].uid == uid)
			return true;
	}
	return false;
}

/* --- scenes ----------------------------------------------------------------------------------- */

struct scene {
	const struct model *truth;
	struct fake_kernel *fake;
	struct kernel_ops ops;
};

static struct ns *add_ns(struct builder *builder, enum nstype type, uint64_t ino, uint64_t first)
{
	bool is_new;
	struct ns *const ns = builder_ns(builder, type, 4, ino, &is_new);

	if (!is_new)
		return ns;
	if (ino == first) {
		ns->parent.state = ns->owner.state = REL_INITIAL;
		return ns;
	}
	ns->id = ino + 1;
	ns->parent = ns->owner =
	        (struct relation){REL_KNOWN, builder_ns(builder, type, 4, first, NULL)};
	if (type == NS_PID)
		ns->owner = (struct relation){
		        REL_KNOWN, builder_ns(builder, NS_USER, 4, USER_NS, NULL)};
	return ns;
}

static void add_map(struct builder *builder, struct ns *ns)
{
	struct id_range *const range = arena_alloc(builder_arena(builder), sizeof(*range));

	*range = (struct id_range){0, 100000, 65536};
	ns->uid_map = ns->gid_map = (struct id_map){range, 1};
	ns->maps_state = REL_KNOWN;
}

static void make(struct scene *ret, const struct row *rows, size_t n, uint64_t started)
{
	struct builder *const builder = builder_new();

	*ret = (struct scene){.truth = NULL};
	add_ns(builder, NS_USER, USER_NS, USER_NS);
	add_ns(builder, NS_PID, PID_NS, PID_NS)->owner =
	        (struct relation){REL_KNOWN, builder_ns(builder, NS_USER, 4, USER_NS, NULL)};
	builder_host(builder)->name = "h";
	for (size_t i = 0; i < n; i++) {
		const pid_t pid = (pid_t)i + 1;
		struct process *const process = builder_process(builder, pid);
		pid_t *const nspid = arena_alloc(builder_arena(builder), sizeof(*nspid));
		struct ns *const user = add_ns(
		        builder, NS_USER, rows[i].user_ns ? rows[i].user_ns : USER_NS, USER_NS);

		*nspid = pid;
		process->nspid = nspid;
		process->n_nspid = 1;
		process->ppid = pid == 1 ? 0 : 1;
		process->started = started + (uint64_t)pid;
		process->uid_state = REL_KNOWN;
		process->state = 'S';
		process->comm = process->name = "x";
		process->cgroup = rows[i].cgroup;
		if (rows[i].user_ns)
			add_map(builder, user);
		process->ns[NS_USER] = user;
		process->ns[NS_PID] =
		        add_ns(builder, NS_PID, rows[i].pid_ns ? rows[i].pid_ns : PID_NS, PID_NS);
	}
	assert_int_equal(builder_freeze(builder, &ret->truth, NULL), 0);
	ret->fake = fake_kernel_new(ret->truth);
	ret->ops = *fake_kernel(ret->fake)->ops;
	ret->ops.containers = containers;
	fake_kernel(ret->fake)->ops = &ret->ops;
}

static void unmake(struct scene *scene)
{
	kernel_free(fake_kernel(scene->fake));
	model_unref(scene->truth);
}

static void set_stored(const struct stored *stored, size_t n)
{
	memset(&engine, 0, sizeof(engine));
	engine.stored = stored;
	engine.n_stored = n;
}

static const struct model *scan(
        struct scene *scene, const struct model *previous, const struct model **quick)
{
	const struct scan_options options = {.sources = 1u << SOURCE_PROCESS,
	        .n_threads = 1,
	        .program = "test 1",
	        .with_container_files = true};

	return checked_scan(scene->fake, &options, previous, quick ? keep_model : NULL, quick);
}

static const struct container *container_of(const struct model *model, pid_t pid)
{
	const struct process *const process = model_find_process(model, pid);

	assert_non_null(process);
	assert_non_null(process->container);
	return process->container;
}

static void check_text(const char *text, const char *wanted)
{
	if (!is_same(text, wanted))
		fail_msg("%s instead of %s", text ? text : "NULL", wanted ? wanted : "NULL");
}

/* --- whose stores ----------------------------------------------------------------------------- */

static const struct row docker_row[] = {{.cgroup = "/"}, {.cgroup = "/docker/" A}};

static void root_and_users_have_their_own(void **state)
{
	static const struct stored both[] = {
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
		struct scene scene;
		const struct model *model;

		make(&scene, docker_row, ARRAY_SIZE(docker_row), 0);
		fake_kernel_set_owner(scene.fake, "/docker", owner);
		set_stored(both, ARRAY_SIZE(both));
		model = scan(&scene, NULL, NULL);
		const struct container *const container = container_of(model, 2);
		check_text(container->name, owner ? "of-user" : "of-root");
		check_text(container->source, owner ? "/u" : "/r");
		assert_false(container->is_unverified);
		assert_false(was_asked(KERNEL_STORE_DOCKER, owner ? 0 : 1000));
		model_unref(model);
		unmake(&scene);
	}
}

/* A container of which a process in another one says the name. */
static void nested_ones_have_none(void **state)
{
	static const struct row rows[] = {
	        {.cgroup = "/"}, {.cgroup = "/docker/" A "/docker/" B}, {.cgroup = "/docker/" A}};
	static const struct stored stored[] = {{.store = KERNEL_STORE_DOCKER,
	        .id = B,
	        .text = {.path = "/r", .name = "db-of-root", .pid = 2}}};
	struct scene scene;
	const struct model *model;

	(void)state;
	make(&scene, rows, ARRAY_SIZE(rows), 0);
	set_stored(stored, 1);
	model = scan(&scene, NULL, NULL);
	assert_int_equal(engine.n_asked, 1);
	assert_string_equal(engine.asked[0].id, A);
	assert_non_null(model_find_process(model, 2)->claim);
	check_text(model_find_process(model, 2)->claim->name, NULL);
	model_unref(model);
	unmake(&scene);
}

/* The owner of its control group is not known: a plain user can make one with the name of a
 * container of root, in a path that is too long to be looked up. */
static void those_of_an_unknown_user_have_none(void **state)
{
	static const struct stored stored[] = {{.store = KERNEL_STORE_DOCKER,
	        .id = A,
	        .text = {.path = "/r", .name = "of-root", .pid = 2}}};
	struct scene scene;
	const struct model *model;

	(void)state;
	make(&scene, docker_row, ARRAY_SIZE(docker_row), 0);
	fake_kernel_fail(scene.fake, FAKE_CGROUP_OWNER, 0, NULL, ENAMETOOLONG);
	set_stored(stored, 1);
	model = scan(&scene, NULL, NULL);
	assert_int_equal(engine.n_asked, 0);
	assert_int_equal(container_of(model, 2)->trust, TRUST_UNKNOWN);
	check_text(container_of(model, 2)->name, NULL);
	model_unref(model);
	unmake(&scene);
}

/* --- proofs ----------------------------------------------------------------------------------- */

static void a_name_needs_a_proof(void **state)
{
	static const struct row rows[] = {{.cgroup = "/"},
	        {.cgroup = "/docker/" A, .pid_ns = OTHER_PID_NS},
	        {.cgroup = "/elsewhere", .pid_ns = OTHER_PID_NS}, {.cgroup = "/elsewhere"}};
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
		const struct stored stored[] = {{.store = KERNEL_STORE_DOCKER,
		        .id = A,
		        .text = {.path = "/r", .name = "web", .pid = table[i].pid}}};
		struct scene scene;
		const struct model *model;

		make(&scene, rows, ARRAY_SIZE(rows), 0);
		set_stored(stored, 1);
		model = scan(&scene, NULL, NULL);
		check_text(container_of(model, 2)->name, "web");
		assert_int_equal(container_of(model, 2)->is_unverified, table[i].is_unverified);
		model_unref(model);
		unmake(&scene);
	}
}

/* A process in the PID namespace of the host proves nothing about another one there, also if it
 * is not known which that is. */
static void the_host_is_no_proof(void **state)
{
	static const struct row rows[] = {
	        {.cgroup = "/"}, {.cgroup = "/docker/" A}, {.cgroup = "/elsewhere"}};
	static const struct stored stored[] = {{.store = KERNEL_STORE_DOCKER,
	        .id = A,
	        .text = {.path = "/r", .name = "web", .pid = 3}}};

	(void)state;
	for (int is_hidden = 0; is_hidden < 2; is_hidden++) {
		struct scene scene;
		const struct model *model;

		make(&scene, rows, ARRAY_SIZE(rows), 0);
		if (is_hidden)
			fake_kernel_fail(scene.fake, FAKE_NS_LINK, 1, "pid", EACCES);
		set_stored(stored, 1);
		model = scan(&scene, NULL, NULL);
		assert_true(container_of(model, 2)->is_unverified);
		model_unref(model);
		unmake(&scene);
	}
}

/* The first store that fits is taken, not the first that has a file. */
static void what_fits_comes_first(void **state)
{
	static const struct row rows[] = {
	        {.cgroup = "/"}, {.cgroup = "/system.slice/nerdctl-" A ".scope"}};
	static const struct stored stored[] = {
	        {.store = KERNEL_STORE_CONTAINERD,
	                .id = A,
	                .space = "default",
	                .text = {.path = "/1", .name = "one", .pid = 1}},
	        {.store = KERNEL_STORE_CONTAINERD,
	                .id = A,
	                .space = "k8s.io",
	                .text = {.path = "/2", .name = "two", .pid = 2}},
	};
	struct scene scene;
	const struct model *model;

	(void)state;
	make(&scene, rows, ARRAY_SIZE(rows), 0);
	set_stored(stored, ARRAY_SIZE(stored));
	model = scan(&scene, NULL, NULL);
	check_text(container_of(model, 2)->name, "two");
	assert_false(container_of(model, 2)->is_unverified);
	model_unref(model);
	unmake(&scene);
}

static void docker_with_mapped_users(void **state)
{
	static const struct row rows[] = {
	        {.cgroup = "/"}, {.cgroup = "/docker/" A, .user_ns = OWN_USER_NS}};
	struct scene scene;
	const struct model *model;

	(void)state;
	make(&scene, rows, ARRAY_SIZE(rows), 0);
	set_stored(NULL, 0);
	model = scan(&scene, NULL, NULL);
	assert_int_equal(engine.n_asked, 2);
	assert_int_equal(engine.asked[1].store, KERNEL_STORE_DOCKER_MAPPED);
	assert_int_equal(engine.asked[1].map_uid, 100000);
	assert_int_equal(engine.asked[1].map_gid, 100000);
	model_unref(model);
	unmake(&scene);
}

/* --- pods and other names --------------------------------------------------------------------- */

#define PODS "/kubepods/besteffort/pod" POD_UID

static void pods(void **state)
{
	static const struct {
		const char *cgroup;
		struct stored stored;
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
		const struct row rows[] = {{.cgroup = "/"}, {.cgroup = table[i].cgroup}};
		struct scene scene;
		const struct model *model;

		make(&scene, rows, ARRAY_SIZE(rows), 0);
		set_stored(&table[i].stored, 1);
		model = scan(&scene, NULL, NULL);
		const struct container *const container = container_of(model, 2);
		check_text(container->name, table[i].name);
		check_text(container->pod, table[i].pod);
		check_text(container->pod_namespace, table[i].pod_namespace);
		assert_int_equal(container->is_sandbox, table[i].is_sandbox);
		assert_false(container->is_unverified);
		model_unref(model);
		unmake(&scene);
	}
}

/* `web-1` is the container of that name, or a second try for `web`. */
static void lxc_names(void **state)
{
	static const struct row rows[] = {{.cgroup = "/"}, {.cgroup = "/lxc.payload.web-1"}};
	static const struct stored stored[] = {
	        {.store = KERNEL_STORE_LXC, .id = "web", .text = {.path = "/web"}},
	        {.store = KERNEL_STORE_LXC, .id = "web-1", .text = {.path = "/web-1"}},
	};

	(void)state;
	for (size_t n = 0; n <= 2; n++) {
		struct scene scene;
		const struct model *model;

		make(&scene, rows, ARRAY_SIZE(rows), 0);
		set_stored(stored, n);
		model = scan(&scene, NULL, NULL);
		check_text(container_of(model, 2)->name, n == 1 ? "web" : "web-1");
		check_text(container_of(model, 2)->source, n == 0   ? "cgroup"
		                                           : n == 1 ? "/web"
		                                                    : "/web-1");
		assert_false(container_of(model, 2)->is_unverified);
		model_unref(model);
		unmake(&scene);
	}
}

/* --- once ------------------------------------------------------------------------------------- */

static const struct stored web[] = {{.store = KERNEL_STORE_DOCKER,
        .id = A,
        .text = {.path = "/r", .name = "web", .image = "nginx", .pid = 2}}};

static void asked_once(void **state)
{
	struct scene scene, later;
	/* With a namespace of its own, so that the quick model has its container. */
	const struct row rows[] = {
	        docker_row[0], {.cgroup = docker_row[1].cgroup, .pid_ns = OTHER_PID_NS}};
	const struct model *quick = NULL, *first, *second, *third;

	(void)state;
	make(&scene, rows, ARRAY_SIZE(rows), 0);
	set_stored(web, 1);
	first = scan(&scene, NULL, &quick);
	assert_int_equal(engine.n_calls, 1);
	check_text(container_of(first, 2)->name, "web");
	/* The quick model does not wait for it. */
	check_text(container_of(quick, 2)->name, NULL);
	model_unref(quick);
	quick = NULL;
	second = scan(&scene, first, &quick);
	assert_int_equal(engine.n_calls, 1);
	check_text(container_of(second, 2)->name, "web");
	check_text(container_of(second, 2)->image, "nginx");
	check_text(container_of(second, 2)->source, "/r");
	check_text(container_of(quick, 2)->name, "web");
	/* Another process with that PID: it may be another container with that ID. */
	make(&later, rows, ARRAY_SIZE(rows), 1000);
	third = scan(&later, second, NULL);
	assert_int_equal(engine.n_calls, 2);
	check_text(container_of(third, 2)->name, "web");
	model_unref(quick);
	model_unref(first);
	model_unref(second);
	model_unref(third);
	unmake(&scene);
	unmake(&later);
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
		const struct stored stored[] = {
		        {.store = KERNEL_STORE_DOCKER, .id = A, .error = table[i].error}};
		struct scene scene;
		const struct model *first, *second;

		make(&scene, docker_row, ARRAY_SIZE(docker_row), 0);
		set_stored(stored, 1);
		first = scan(&scene, NULL, NULL);
		second = scan(&scene, first, NULL);
		assert_int_equal(engine.n_calls, table[i].n_calls);
		check_text(container_of(second, 2)->name, NULL);
		assert_int_equal(container_of(second, 2)->name_error, table[i].kept);
		model_unref(first);
		model_unref(second);
		unmake(&scene);
	}
}

static void only_if_wanted(void **state)
{
	const struct scan_options options = {
	        .sources = 1u << SOURCE_PROCESS, .n_threads = 1, .program = "test 1"};
	struct scene scene;
	const struct model *model;

	(void)state;
	make(&scene, docker_row, ARRAY_SIZE(docker_row), 0);
	set_stored(web, 1);
	model = checked_scan(scene.fake, &options, NULL, NULL, NULL);
	assert_int_equal(engine.n_calls, 0);
	check_text(container_of(model, 2)->name, NULL);
	model_unref(model);
	unmake(&scene);
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
