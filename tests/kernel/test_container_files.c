/* SPDX-License-Identifier: Apache-2.0 */
/* Files of container engines of root, below a root directory of the test. Exits 77 if no mount
 * namespace may be made. */
#include "base/attributes.h"
#include "base/monotonic.h"
#include "kernel/privileged/privileged.h"
#include "tests/kernel/engine_files.h"
#include "tests/unit.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

#define ID2 "f123456789abcdef" ENGINE_ID_PART ENGINE_ID_PART ENGINE_ID_PART

static const struct kernel_container docker = {.store = KERNEL_STORE_DOCKER, .id = ENGINE_ID};

static bool is(const char *text, const char *wanted)
{
	if (!text || !wanted)
		return text == wanted;
	if (strcmp(text, wanted) == 0)
		return true;
	fprintf(stderr, "%s instead of %s\n", text, wanted);
	return false;
}

/* --- what is found ---------------------------------------------------------------------------- */

#define TASK "/run/containerd/io.containerd.runtime.v2.task/k8s.io/" ENGINE_ID
#define SANDBOX                                                                                    \
	"{\"annotations\":{\"io.kubernetes.cri.container-type\":\"sandbox\","                      \
	"\"io.kubernetes.cri.sandbox-name\":\"shop-0\","                                           \
	"\"io.kubernetes.cri.sandbox-namespace\":\"prod\"}}"
#define LISTED(id, name)                                                                           \
	"{\"id\":\"" id "\",\"names\":[\"" name                                                    \
	"\"],\"metadata\":\"{\\\"image-name\\\":\\\"i\\\"}\"}"

static const struct {
	const char *files[4][2]; /* path, text */
	struct kernel_container item;
	struct kernel_container_text found;
} engines[] = {
        /* the files of one stay there for the next */
        {{{ENGINE_DOCKER, ENGINE_CONFIG}}, {.store = KERNEL_STORE_DOCKER, .id = ENGINE_ID},
                {.path = ENGINE_DOCKER, .name = "web", .image = "nginx:1.27", .pid = 4711}},
        {{{"/var/lib/docker/100000.200000/containers/" ENGINE_ID "/config.v2.json", ENGINE_CONFIG}},
                {.store = KERNEL_STORE_DOCKER_MAPPED,
                        .id = ENGINE_ID,
                        .map_uid = 100000,
                        .map_gid = 200000},
                {.path = "/var/lib/docker/100000.200000/containers/" ENGINE_ID "/config.v2.json",
                        .name = "web",
                        .image = "nginx:1.27",
                        .pid = 4711}},
        {{{TASK "/config.json", SANDBOX}, {TASK "/init.pid", "4711"}},
                {.store = KERNEL_STORE_CONTAINERD, .id = ENGINE_ID, .space = "k8s.io"},
                {.path = TASK "/config.json",
                        .pod = "shop-0",
                        .pod_namespace = "prod",
                        .is_sandbox = true,
                        .pid = 4711}},
        {{{"/run/k3s/containerd/io.containerd.runtime.v2.task/default/redis1/config.json",
                 "{\"annotations\":{\"nerdctl/name\":\"redis\"}}"}},
                {.store = KERNEL_STORE_K3S, .id = "redis1", .space = "default"},
                {.path = "/run/k3s/containerd/io.containerd.runtime.v2.task/default/redis1/"
                         "config.json",
                        .name = "redis"}},
        {{{ENGINE_STORAGE "/containers.json",
                  "[" LISTED(ID2, "other") "," LISTED(ENGINE_ID, "web") "]"},
                 {"/run/containers/storage/overlay-containers/" ENGINE_ID "/userdata/pidfile",
                         "4711\n"}},
                {.store = KERNEL_STORE_STORAGE, .id = ENGINE_ID},
                {.path = ENGINE_STORAGE "/containers.json",
                        .name = "web",
                        .image = "i",
                        .pid = 4711}},
        {{{ENGINE_STORAGE "/volatile-containers.json", "[" LISTED(ENGINE_ID, "web") "]"}},
                {.store = KERNEL_STORE_VOLATILE, .id = ENGINE_ID},
                {.path = ENGINE_STORAGE "/volatile-containers.json",
                        .name = "web",
                        .image = "i",
                        .pid = 4711}},
        {{{ENGINE_STORAGE "/" ENGINE_ID "/userdata/config.json",
                 "{\"annotations\":{\"io.kubernetes.cri-o.Name\":\"k8s_a_b_c_d_0\"}}"}},
                {.store = KERNEL_STORE_BUNDLE, .id = ENGINE_ID},
                {.path = ENGINE_STORAGE "/" ENGINE_ID "/userdata/config.json",
                        .name = "k8s_a_b_c_d_0",
                        .pid = 4711}},
        {{{"/var/log/containers/shop-0_prod_web-" ENGINE_ID ".log", ""},
                 {"/var/log/containers/x_y_z-" ID2 ".log", ""}},
                {.store = KERNEL_STORE_POD_LOGS, .id = ENGINE_ID},
                {.path = "/var/log/containers/",
                        .name = "web",
                        .pod = "shop-0",
                        .pod_namespace = "prod"}},
        {{{"/run/systemd/machines/web", "NAME=web\nLEADER=4711\n"}},
                {.store = KERNEL_STORE_MACHINE, .id = "web"},
                {.path = "/run/systemd/machines/web", .name = "web", .pid = 4711}},
        {{{"/run/systemd/nsresource/registry/i4026532000.userns",
                 "{\"name\":\"web\",\"userns\":4026532000,\"usernsId\":7}"}},
                {.store = KERNEL_STORE_NSRESOURCE, .id = "4026532000"},
                {.path = "/run/systemd/nsresource/registry/i4026532000.userns",
                        .name = "web",
                        .inode = 4026532000,
                        .ns_id = 7}},
        {{{"/var/lib/lxc/web-1/config", "lxc.uts.name = other\n"}},
                {.store = KERNEL_STORE_LXC, .id = "web-1"}, {.path = "/var/lib/lxc/web-1/config"}},
        {{{"/run/incus/proj_web/lxc.conf", ""}}, {.store = KERNEL_STORE_INCUS, .id = "proj_web"},
                {.path = "/run/incus/proj_web/lxc.conf"}},
};

static void read_engines(void)
{
	struct privileged_test test;
	struct kernel_container_text found;

	engine_files_make_root();
	engine_files_begin(&test);
	for (size_t i = 0; i < ARRAY_SIZE(engines); i++) {
		const struct kernel_container_text *const wanted = &engines[i].found;

		CHECK(engine_files_read(&test, &engines[i].item, &found) == -ENOENT);
		for (size_t k = 0; engines[i].files[k][0]; k++)
			engine_files_put(0, engines[i].files[k][0], engines[i].files[k][1]);
		CHECK(engine_files_read(&test, &engines[i].item, &found) == 0);
		CHECK(is(found.path, wanted->path));
		CHECK(is(found.name, wanted->name) && is(found.image, wanted->image));
		CHECK(is(found.pod, wanted->pod));
		CHECK(is(found.pod_namespace, wanted->pod_namespace));
		CHECK(found.pid == wanted->pid && found.is_sandbox == wanted->is_sandbox);
		CHECK(found.inode == wanted->inode && found.ns_id == wanted->ns_id);
	}
	privileged_end(&test);
}

static void every_engine(void **state)
{
	(void)state;
	assert_int_equal(world_run(read_engines), 0);
}

/* --- many ------------------------------------------------------------------------------------- */

enum { MANY = 300 };

static void take_none(void *data, size_t i, const struct kernel_container_text *text)
{
	(void)data;
	(void)i;
	(void)text;
	CHECK(false);
}

static void count(void *data, size_t i, const struct kernel_container_text *text)
{
	unsigned *const seen = data;
	char name[32];

	snprintf(name, sizeof(name), "c%zu", i);
	CHECK(i < MANY && is(text->name, name));
	seen[i]++;
}

/* More than one request; two stores, of which the second has none. */
static void read_many(void)
{
	static struct kernel_container items[2 * MANY];
	static char ids[MANY][65];
	static unsigned seen[MANY];
	struct privileged_test test;

	engine_files_make_root();
	for (size_t i = 0; i < MANY; i++) {
		char path[200], text[64];

		snprintf(ids[i], sizeof(ids[i]), "%064zx", i);
		snprintf(
		        path, sizeof(path), "/var/lib/docker/containers/%s/config.v2.json", ids[i]);
		snprintf(text, sizeof(text), "{\"Name\":\"/c%zu\"}", i);
		engine_files_put(0, path, text);
		items[i] = (struct kernel_container){.store = KERNEL_STORE_DOCKER, .id = ids[i]};
		items[MANY + i] =
		        (struct kernel_container){.store = KERNEL_STORE_STORAGE, .id = ids[i]};
	}
	engine_files_begin(&test);
	const int fds = world_count_fds();
	CHECK(test.ops->containers(test.kernel, items, 2 * MANY, count, seen) == 0);
	CHECK(world_count_fds() == fds);
	for (size_t i = 0; i < MANY; i++) {
		CHECK(seen[i] == 1 && items[i].error == 0);
		CHECK(items[MANY + i].error == -ENOENT);
	}
	privileged_end(&test);
}

/* More than are looked up at once: those that there is no time for are not tried. */
static void read_too_many(void)
{
	enum { TOO_MANY = 6000, AT_ONCE = 64 * 64 };
	static struct kernel_container items[TOO_MANY];
	struct privileged_test test;

	engine_files_make_root();
	for (size_t i = 0; i < TOO_MANY; i++)
		items[i] = docker;
	engine_files_begin(&test);
	CHECK(test.ops->containers(test.kernel, items, TOO_MANY, take_none, NULL) == 0);
	for (size_t i = 0; i < TOO_MANY; i++) {
		const bool may_be_left = i >= AT_ONCE && items[i].error == -EAGAIN;

		CHECK(items[i].error == -ENOENT || may_be_left);
	}
	privileged_end(&test);
}

static void many(void **state)
{
	(void)state;
	assert_int_equal(world_run(read_many), 0);
	assert_int_equal(world_run(read_too_many), 0);
}

/* --- links of root ---------------------------------------------------------------------------- */

static void read_links(void)
{
	struct privileged_test test;
	struct kernel_container_text found;

	engine_files_make_root();
	engine_files_put(0, "/data/docker/containers/" ENGINE_ID "/config.v2.json", ENGINE_CONFIG);
	engine_files_link(0, "/var/lib/docker", "../../../../data/./docker/");
	engine_files_begin(&test);
	CHECK(engine_files_read(&test, &docker, &found) == 0);
	CHECK(is(found.name, "web") && is(found.path, ENGINE_DOCKER));
	CHECK(unlink(ENGINE_ROOT "/var/lib/docker") == 0);
	engine_files_link(0, "/var/lib/docker", "/other");
	engine_files_link(0, "/other", "/data/docker");
	CHECK(engine_files_read(&test, &docker, &found) == 0);
	/* A directory on the way that others may write to. */
	CHECK(chmod(ENGINE_ROOT "/data", 0777) == 0);
	CHECK(engine_files_read(&test, &docker, &found) == -EPERM);
	CHECK(unlink(ENGINE_ROOT "/other") == 0);
	engine_files_link(0, "/other", "/var/lib/docker");
	CHECK(engine_files_read(&test, &docker, &found) == -ELOOP);
	privileged_end(&test);
}

static void links_of_root_above(void **state)
{
	(void)state;
	assert_int_equal(world_run(read_links), 0);
}

/* --- names that are text ---------------------------------------------------------------------- */

static void read_names(void)
{
	struct privileged_test test;
	struct kernel_container_text found;

	engine_files_make_root();
	engine_files_put(0, ENGINE_DOCKER,
	        "{\"Name\":\"/\\u001b]0;x\\u0007\\n\",\"Config\":{\"Image\":\"\\u202e../etc\"}}");
	engine_files_begin(&test);
	CHECK(engine_files_read(&test, &docker, &found) == 0);
	CHECK(is(found.name, "\033]0;x\a\n") && is(found.image, "\342\200\256../etc"));
	privileged_end(&test);
}

static void names_are_raw(void **state)
{
	(void)state;
	assert_int_equal(world_run(read_names), 0);
}

/* --- what hangs ------------------------------------------------------------------------------- */

static int make_dead(void)
{
	engine_files_make_root();
	engine_files_make_above(0, "/var/lib/x");
	return mount_dead_fuse(ENGINE_ROOT "/var/lib/docker");
}

/* A store that hangs is given up, with all its containers; others are read. */
static void read_dead(void)
{
	struct privileged_test test;
	struct kernel_container_text found;
	struct kernel_container items[] = {docker, docker};
	const struct kernel_container machine = {.store = KERNEL_STORE_MACHINE, .id = "web"};

	CHECK(make_dead() == 0);
	engine_files_put(0, "/run/systemd/machines/web", "NAME=web\n");
	engine_files_begin(&test);
	CHECK(test.ops->containers(test.kernel, items, 2, take_none, NULL) == 0);
	CHECK(items[0].error == -ETIMEDOUT && items[1].error == -ETIMEDOUT);
	CHECK(engine_files_read(&test, &machine, &found) == 0);
	/* It is not tried again: that takes less time than the deadline. */
	const int64_t begin = monotonic_ms();
	CHECK(engine_files_read(&test, &docker, &found) == -ETIMEDOUT);
	CHECK(monotonic_ms() - begin < JOB_DEADLINE_MS);
	privileged_end(&test);
}

static void what_hangs_is_given_up(void **state)
{
	int r;

	(void)state;
	if (!world_can("a FUSE mount", 0, make_dead, &r)) {
		assert_int_equal(r, EXIT_SKIP);
		skip();
	}
	assert_int_equal(world_run(read_dead), 0);
}

/* --- rights ----------------------------------------------------------------------------------- */

static void read_without_rights(void)
{
	struct privileged_test test;
	struct kernel_container_text found;

	engine_files_make_root();
	engine_files_put(0, ENGINE_DOCKER, ENGINE_CONFIG);
	CHECK(chmod(ENGINE_ROOT "/var/lib/docker", 0) == 0);
	CHECK(drop_rights() == 0);
	engine_files_begin(&test);
	CHECK(engine_files_read(&test, &docker, &found) == -EACCES);
	privileged_end(&test);
}

static void without_rights(void **state)
{
	(void)state;
	assert_int_equal(world_run(read_without_rights), 0);
}

static void read_without_helper(void)
{
	struct kernel_container item = docker;
	struct kernel *kernel;
	struct privileged_test test;

	CHECK(kernel_linux_new("/proc", &kernel) == 0);
	CHECK(kernel->ops->containers(kernel, &item, 1, take_none, NULL) == -EOPNOTSUPP);
	kernel_free(kernel);
	engine_files_begin(&test);
	kill(helper_pid(test.helper), SIGKILL);
	CHECK(test.ops->containers(test.kernel, &item, 1, take_none, NULL) == 0);
	CHECK(item.error == -EPIPE);
	privileged_end(&test);
}

static void without_a_helper(void **state)
{
	(void)state;
	assert_int_equal(world_run(read_without_helper), 0);
}

static void scene(void)
{
	engine_files_make_root();
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	        cmocka_unit_test(every_engine),
	        cmocka_unit_test(many),
	        cmocka_unit_test(links_of_root_above),
	        cmocka_unit_test(names_are_raw),
	        cmocka_unit_test(what_hangs_is_given_up),
	        cmocka_unit_test(without_rights),
	        cmocka_unit_test(without_a_helper),
	};

	if (!privileged_can("a mount namespace", scene))
		return privileged_skip();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
