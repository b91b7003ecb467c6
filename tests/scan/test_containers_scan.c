/* SPDX-License-Identifier: Apache-2.0 */
/* The containers that a scan finds, and on whose word. */
#include "base/arena.h"
#include "base/memory.h"
#include "model/builder.h"
#include "tests/scan/checked_scan.h"

#include <errno.h>
#include <string.h>

#define A  "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define B  "b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1"
#define S  "0123456789abcdef0123456789abcdef" /* of a static pod */
#define ME "/user.slice/user-1000.slice/user@1000.service"

enum { MANY = 20 };

struct scene {
	const struct model *truth;
	struct fake_kernel *fake;
};

/* A host whose processes have the PIDs from 1 on, and these control groups, up to NULL. */
static struct scene make(const char *const *cgroups)
{
	struct builder *const builder = builder_new();
	struct scene scene = {.truth = NULL};
	struct ns *const ns = builder_ns(builder, NS_USER, 4, 4026531837, NULL);

	ns->parent.state = ns->owner.state = REL_INITIAL;
	builder_host(builder)->name = "h";
	for (pid_t pid = 1; cgroups[pid - 1]; pid++) {
		struct process *const process = builder_process(builder, pid);
		pid_t *const nspid = arena_alloc(builder_arena(builder), sizeof(*nspid));

		*nspid = pid;
		process->nspid = nspid;
		process->n_nspid = 1;
		process->ppid = pid == 1 ? 0 : 1;
		process->started = (uint64_t)pid;
		process->uid_state = REL_KNOWN;
		process->state = 'S';
		process->comm = process->name = "x";
		process->cgroup = cgroups[pid - 1];
		process->ns[NS_USER] = ns;
	}
	assert_int_equal(builder_freeze(builder, &scene.truth, NULL), 0);
	scene.fake = fake_kernel_new(scene.truth);
	return scene;
}

static void unmake(struct scene scene)
{
	kernel_free(fake_kernel(scene.fake));
	model_unref(scene.truth);
}

static const struct model *scan(struct scene scene, bool with_cgroups, const struct model **quick)
{
	const struct scan_options options = {.sources = 1u << SOURCE_PROCESS,
	        .n_threads = 2,
	        .program = "test 1",
	        .with_cgroups = with_cgroups};

	return checked_scan(scene.fake, &options, NULL, quick ? keep_model : NULL, quick);
}

/* The process of a host that has no other. */
static const struct process *alone(struct scene scene, const struct model **ret)
{
	*ret = scan(scene, true, NULL);
	assert_int_equal((*ret)->n_processes, 1);
	return (*ret)->processes[0];
}

static void the_owner_of_the_parent_is_who_says_it(void **state)
{
	static const struct {
		const char *cgroup, *directory; /* whose owner is ... */
		uid_t owner;
		enum trust trust;
		uid_t uid;
	} rows[] = {
	        {"/docker/" A, "/docker", 0, TRUST_ROOT, 0},
	        {"/docker/" A, "/docker", 1000, TRUST_USER, 1000},
	        {"/docker/" A, "/docker/" A, 1000, TRUST_ROOT, 0},
	        {"/lxc.payload.web", "/", 1000, TRUST_USER, 1000},
	        {"/lxc.payload.web", "/lxc.payload.web", 100000, TRUST_ROOT, 0},
	        {ME "/user.slice/libpod-" A ".scope/container", ME "/user.slice", 1000, TRUST_USER,
	                1000},
	        /* What root makes for a user is no word of root. */
	        {ME "/user.slice/libpod-" A ".scope/container", "/", 0, TRUST_USER, 1000},
	        {"/user.slice/user-0.slice/user@0.service/user.slice/libpod-" A ".scope", "/", 0,
	                TRUST_ROOT, 0},
	        /* A unit that a daemon has given to a user. */
	        {"/machine.slice/machine-web.scope/payload", "/machine.slice/machine-web.scope",
	                1000, TRUST_USER, 1000},
	        {"/machine.slice/machine-web.scope/payload",
	                "/machine.slice/machine-web.scope/payload", 1000, TRUST_ROOT, 0},
	        /* The user could have named any part: of the pattern, and of the pod. */
	        {"/docker/" A, "/", 1000, TRUST_USER, 1000},
	        {"/x/docker/" A, "/", 1000, TRUST_ROOT, 0},
	        {"/kubepods/besteffort/pod" S "/" A, "/kubepods", 1000, TRUST_USER, 1000},
	        {"/kubepods/besteffort/pod" S "/" A, "/kubepods/besteffort/pod" S, 1000, TRUST_USER,
	                1000},
	        {"/machine.slice/machine-web.scope/payload", "/machine.slice", 1000, TRUST_USER,
	                1000},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct scene scene = make((const char *const[]){rows[i].cgroup, NULL});
		const struct model *model;

		fake_kernel_set_owner(scene.fake, rows[i].directory, rows[i].owner);
		const struct container *const container = alone(scene, &model)->container;
		assert_non_null(container);
		assert_int_equal(container->trust, rows[i].trust);
		if (rows[i].trust == TRUST_USER)
			assert_int_equal(container->trust_uid, rows[i].uid);
		assert_string_equal(container->source, "cgroup");
		model_unref(model);
		unmake(scene);
	}
}

/* Equal directories of many groups; of each thread. */
static void the_owner_of_a_directory_is_asked_for_once(void **state)
{
	const char *cgroups[MANY + 1] = {NULL};
	char *const paths = memory_new(MANY * 80);

	(void)state;
	for (size_t i = 0; i < MANY; i++) {
		cgroups[i] = paths + i * 80;
		snprintf(paths + i * 80, 80, "/docker/%064zu", i);
	}
	const struct scene scene = make(cgroups);
	const struct model *const model = scan(scene, true, NULL);
	assert_int_equal(model->n_containers, MANY);
	assert_uint_in_range(fake_kernel_count(scene.fake, FAKE_CGROUP_OWNER, 0, "/"), 1, 2);
	assert_uint_in_range(fake_kernel_count(scene.fake, FAKE_CGROUP_OWNER, 0, "/docker"), 1, 2);
	model_unref(model);
	unmake(scene);
	free(paths);
}

/* What is cut could end with another name. */
static void a_text_that_is_too_long_is_refused(void **state)
{
	enum { LEN = 64 * 1024 };
	char *const path = memory_new(LEN + 1);
	const struct model *model;

	(void)state;
	memset(path, 'x', LEN);
	memcpy(path, "/docker/" A "/", sizeof("/docker/" A));
	const struct scene scene = make((const char *const[]){path, NULL});
	const struct process *const process = alone(scene, &model);
	assert_null(process->container);
	assert_null(process->cgroup);
	assert_int_equal(process->container_state, REL_FAILED);
	assert_int_not_equal(model->host.partial, 0);
	model_unref(model);
	unmake(scene);
	free(path);
}

static void an_owner_that_is_not_read_is_unknown(void **state)
{
	const struct scene scene = make((const char *const[]){"/docker/" A, NULL});
	const struct model *model;

	(void)state;
	fake_kernel_fail(scene.fake, FAKE_CGROUP_OWNER, 0, NULL, ENODEV);
	assert_int_equal(alone(scene, &model)->container->trust, TRUST_UNKNOWN);
	model_unref(model);
	unmake(scene);
}

static void what_is_deeper_is_a_claim(void **state)
{
	const struct scene scene =
	        make((const char *const[]){"/docker/" A "/docker/" B "/lxc/web", NULL});
	const struct model *model;
	const struct process *const process = alone(scene, &model);

	(void)state;
	assert_string_equal(process->container->id, A);
	assert_int_equal(process->claim->kind, CONTAINER_LXC);
	assert_string_equal(process->claim->name, "web");
	assert_int_equal(process->claim->trust, TRUST_CONTAINER);
	assert_string_equal(process->claim->outer->id, B);
	assert_ptr_equal(process->claim->outer->outer, process->container);
	assert_null(process->label);
	model_unref(model);
	unmake(scene);
}

static void what_is_outside_is_a_claim(void **state)
{
	const struct scene scene = make((const char *const[]){"/../docker/" A, NULL});
	const struct model *model;
	const struct process *const process = alone(scene, &model);

	(void)state;
	assert_null(process->container);
	assert_string_equal(process->claim->id, A);
	assert_int_equal(process->claim->trust, TRUST_UNKNOWN);
	assert_int_equal(process->container_state, REL_HIDDEN);
	assert_int_equal(fake_kernel_count(scene.fake, FAKE_CGROUP_OWNER, 0, NULL), 0);
	model_unref(model);
	unmake(scene);
}

static void units_are_labels(void **state)
{
	const struct scene scene = make((const char *const[]){
	        "/system.slice/cron.service", "/user.slice/user-1000.slice/session-3.scope", NULL});
	const struct model *const model = scan(scene, true, NULL);

	(void)state;
	assert_null(model->processes[0]->container);
	assert_int_equal(model->processes[0]->label->kind, CONTAINER_UNIT);
	assert_string_equal(model->processes[0]->label->id, "cron.service");
	assert_int_equal(model->processes[0]->label->trust, TRUST_ROOT);
	assert_int_equal(model->processes[1]->label->kind, CONTAINER_SESSION);
	assert_string_equal(model->processes[1]->label->id, "3");
	model_unref(model);
	unmake(scene);
}

/* The text is that of a group that is gone only if the group does not exist. */
static void deleted_is_believed_if_the_group_is_gone(void **state)
{
	static const char path[] = "/lxc.payload.web (deleted)";
	const struct scene scene = make((const char *const[]){path, NULL});
	const struct model *model;

	(void)state;
	const struct process *process = alone(scene, &model);
	assert_string_equal(process->container->name, "web (deleted)");
	assert_string_equal(process->cgroup, path);
	model_unref(model);
	fake_kernel_fail(scene.fake, FAKE_CGROUP_OWNER, 0, path, ENOENT);
	process = alone(scene, &model);
	assert_string_equal(process->container->name, "web");
	assert_string_equal(process->cgroup, "/lxc.payload.web");
	model_unref(model);
	unmake(scene);
}

/* Both models have the container of each process; the text only of leaders, if no other is wanted.
 * Equal texts are looked at once in a thread. */
static void each_process_has_its_container(void **state)
{
	const char *cgroups[MANY + 1] = {"/"};

	(void)state;
	for (size_t i = 1; i < MANY; i++)
		cgroups[i] = i % 2 ? "/docker/" A : "/docker/" B;
	for (int with_cgroups = 0; with_cgroups < 2; with_cgroups++) {
		const struct scene scene = make(cgroups);
		const struct model *quick = NULL;
		const struct model *const model = scan(scene, with_cgroups, &quick);

		for (size_t i = 1; i < MANY; i++) {
			const struct process *const process = model->processes[i];

			assert_string_equal(process->container->id, i % 2 ? A : B);
			/* The quick model has those that are first in a namespace. */
			if (quick->processes[i]->container)
				assert_string_equal(
				        quick->processes[i]->container->id, i % 2 ? A : B);
			else
				assert_int_equal(quick->processes[i]->container_state, REL_UNREAD);
			assert_int_equal(process->cgroup != NULL, with_cgroups);
		}
		assert_non_null(model->processes[0]->cgroup);
		assert_int_equal(model->n_containers, 2);
		for (size_t i = 0; i < quick->n_containers; i++)
			assert_non_null(model_find_container(model, quick->containers[i]->tag));
		assert_uint_in_range(
		        fake_kernel_count(scene.fake, FAKE_CGROUP_OWNER, 0, NULL), 2, 4);
		assert_int_equal(
		        fake_kernel_count(scene.fake, FAKE_PROCESS_READ, 0, "cgroup"), MANY);
		model_unref(model);
		model_unref(quick);
		unmake(scene);
	}
}

/* Sets the command line of a process of the truth, which ends with NULL, and its name. */
static void set_arguments(
        struct scene scene, pid_t pid, uid_t uid, const char *comm, const char *const *arguments)
{
	union {
		const struct process *given;
		struct process *own;
	} process = {.given = model_find_process(scene.truth, pid)};

	process.own->comm = comm;
	process.own->cmdline = arguments;
	process.own->uid = uid;
}

static void set_mount_ns(struct scene scene, pid_t pid, const struct ns *ns)
{
	union {
		const struct process *given;
		struct process *own;
	} process = {.given = model_find_process(scene.truth, pid)};

	process.own->ns[NS_MNT] = ns;
}

/* PID 2 is a monitor, 3 its child in a mount namespace of its own. */
static struct scene make_monitored(const char *const *cgroups, struct ns *mounts, uid_t uid,
        const char *comm, const char *const *arguments)
{
	const struct scene scene = make(cgroups);
	union {
		const struct process *given;
		struct process *own;
	} child = {.given = model_find_process(scene.truth, 3)};

	for (size_t i = 0; i < 2; i++)
		mounts[i] = (struct ns){.type = NS_MNT,
		        .dev = 4,
		        .inode = 100 + i,
		        .parent = {.state = REL_NONE},
		        .owner = {.state = REL_HIDDEN}};
	set_mount_ns(scene, 1, &mounts[0]);
	set_mount_ns(scene, 2, &mounts[0]);
	set_mount_ns(scene, 3, &mounts[1]);
	child.own->ppid = 2;
	set_arguments(scene, 2, uid, comm, arguments);
	return scene;
}

static void a_monitor_says_what_its_children_are(void **state)
{
	static const char *const shim[] = {
	        "containerd-shim-runc-v2", "-namespace", "default", "-id", "redis1", NULL};
	static const char *const cgroups[] = {"/", "/system.slice/containerd.service",
	        "/default/redis1", "/default/redis1", NULL};
	struct ns mounts[2];

	(void)state;
	for (uid_t uid = 0; uid <= 1000; uid += 1000) {
		const struct scene scene =
		        make_monitored(cgroups, mounts, uid, "containerd-shim", shim);
		const struct model *const model = scan(scene, true, NULL);
		const struct container *const container = model->processes[2]->container;

		assert_non_null(container);
		assert_int_equal(container->kind, CONTAINER_CONTAINERD);
		assert_string_equal(container->id, "redis1");
		assert_string_equal(container->source, "cmdline");
		assert_int_equal(container->trust, uid ? TRUST_USER : TRUST_ROOT);
		assert_null(model->processes[0]->container);
		assert_null(model->processes[1]->container);
		assert_null(model->processes[3]->container); /* no child of the monitor */
		model_unref(model);
		unmake(scene);
	}
}

/* A container that root has named gets its name from a monitor of root, not from one of a user. */
static void a_monitor_gives_the_name(void **state)
{
	static const char *const conmon[] = {"conmon", "-c", A, "-n", "web", NULL};
	static const char *const cgroups[] = {"/", "/machine.slice/libpod-conmon-" A ".scope",
	        "/machine.slice/libpod-" A ".scope", NULL};
	struct ns mounts[2];

	(void)state;
	for (uid_t uid = 0; uid <= 1000; uid += 1000) {
		const struct scene scene = make_monitored(cgroups, mounts, uid, "conmon", conmon);
		const struct model *const model = scan(scene, true, NULL);
		const struct container *const container = model->processes[2]->container;

		assert_int_equal(container->trust, TRUST_ROOT);
		assert_string_equal(container->name ? container->name : "", uid ? "" : "web");
		assert_string_equal(container->source, uid ? "cgroup" : "cmdline");
		assert_null(model->processes[1]->container);
		model_unref(model);
		unmake(scene);
	}
}

/* A plain user chooses the arguments of a set-user-ID program, and its name by a link to it; a
 * process in a container may be one of root. */
static void not_each_process_of_root_is_a_monitor(void **state)
{
	static const char *const conmon[] = {"conmon", "-c", A, "-n", "evil", NULL};
	static const struct {
		const char *cgroups[4];
		uid_t real_uid;
		gid_t gid;
		bool is_believed;
	} rows[] = {
	        {{"/", "/", "/machine.slice/libpod-" A ".scope"}, 0, 0, true},
	        {{"/", "/", "/machine.slice/libpod-" A ".scope"}, 1000, 0, false},
	        {{"/", "/", "/machine.slice/libpod-" A ".scope"}, 0, 1000, false},
	        {{"/", "/docker/" B, "/machine.slice/libpod-" A ".scope"}, 0, 0, false},
	        {{"/", "/", "/"}, 0, 0, true},
	        {{"/", "/", "/"}, 1000, 0, false},
	        {{"/", "/", "/"}, 0, 1000, false},
	};
	struct ns mounts[2];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct scene scene =
		        make_monitored(rows[i].cgroups, mounts, 0, "conmon", conmon);
		const struct model *model;

		fake_kernel_set_starter(scene.fake, 2, rows[i].real_uid, rows[i].gid);
		model = scan(scene, true, NULL);
		const struct container *const container = model->processes[2]->container;
		assert_int_equal(container && container->name, rows[i].is_believed);
		if (container)
			assert_int_equal(container->trust, TRUST_ROOT);
		model_unref(model);
		unmake(scene);
	}
}

/* Below the monitor of a container are the monitors that its processes run. */
static void the_outermost_monitor_counts(void **state)
{
	static const char *const outer[] = {"conmon", "-c", A, NULL};
	static const char *const inner[] = {"conmon", "-c", B, NULL};
	static const char *const cgroups[] = {"/", "/", "/", "/", NULL};
	struct ns mounts[2], nested = {.type = NS_MNT,
	                             .dev = 4,
	                             .inode = 102,
	                             .parent = {.state = REL_NONE},
	                             .owner = {.state = REL_HIDDEN}};
	const struct scene scene = make_monitored(cgroups, mounts, 1000, "conmon", outer);
	union {
		const struct process *given;
		struct process *own;
	} last = {.given = model_find_process(scene.truth, 4)};
	const struct model *model;

	(void)state;
	set_arguments(scene, 3, 1000, "conmon", inner);
	set_mount_ns(scene, 4, &nested);
	last.own->ppid = 3;
	model = scan(scene, true, NULL);
	for (size_t i = 2; i < 4; i++) {
		assert_non_null(model->processes[i]->container);
		assert_string_equal(model->processes[i]->container->id, A);
	}
	assert_null(model->processes[1]->container);
	model_unref(model);
	unmake(scene);
}

/* The oldest process of the group tells that it is a sandbox of gVisor, in whatever thread it was
 * read; that others have such a name means nothing. */
static void gvisor_is_told_by_its_first_process(void **state)
{
#define POD "/kubepods/pod0123456789abcdef0123456789abcdef/"
	static const char *const cgroups[] = {"/", POD A, POD A, POD B, POD B, NULL};
	const struct scene scene = make(cgroups);
	const struct model *quick = NULL, *model;

	(void)state;
	set_arguments(scene, 2, 0, "runsc-sandbox", NULL);
	set_arguments(scene, 5, 0, "runsc-sandbox", NULL);
	model = scan(scene, true, &quick);
	assert_int_equal(model->processes[1]->container->kind, CONTAINER_GVISOR);
	assert_ptr_equal(model->processes[2]->container, model->processes[1]->container);
	assert_int_equal(model->processes[3]->container->kind, CONTAINER_KUBERNETES);
	assert_int_equal(model->processes[4]->container->kind, CONTAINER_KUBERNETES);
	model_unref(model);
	model_unref(quick);
	unmake(scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(the_owner_of_the_parent_is_who_says_it),
	        cmocka_unit_test(an_owner_that_is_not_read_is_unknown),
	        cmocka_unit_test(the_owner_of_a_directory_is_asked_for_once),
	        cmocka_unit_test(a_text_that_is_too_long_is_refused),
	        cmocka_unit_test(what_is_deeper_is_a_claim),
	        cmocka_unit_test(what_is_outside_is_a_claim),
	        cmocka_unit_test(units_are_labels),
	        cmocka_unit_test(deleted_is_believed_if_the_group_is_gone),
	        cmocka_unit_test(each_process_has_its_container),
	        cmocka_unit_test(a_monitor_says_what_its_children_are),
	        cmocka_unit_test(a_monitor_gives_the_name),
	        cmocka_unit_test(not_each_process_of_root_is_a_monitor),
	        cmocka_unit_test(the_outermost_monitor_counts),
	        cmocka_unit_test(gvisor_is_told_by_its_first_process),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
