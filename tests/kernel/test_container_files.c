/* SPDX-License-Identifier: Apache-2.0 */
/* Files of container engines, of root and hostile ones, below a root directory of the test. Exits
 * 77 if no mount namespace may be made. */
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

#define A16    "0123456789abcdef"
#define ID     A16 A16 A16 A16
#define ID2    "f123456789abcdef" A16 A16 A16
#define DOCKER "/var/lib/docker/containers/" ID "/config.v2.json"
#define CONFIG "{\"Name\":\"/web\",\"Config\":{\"Image\":\"nginx:1.27\"},\"State\":{\"Pid\":4711}}"

static const struct kernel_container docker = {.store = KERNEL_STORE_DOCKER, .id = ID};

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

#define TASK    "/run/containerd/io.containerd.runtime.v2.task/k8s.io/" ID
#define STORAGE "/var/lib/containers/storage/overlay-containers"
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
        {{{DOCKER, CONFIG}}, {.store = KERNEL_STORE_DOCKER, .id = ID},
                {.path = DOCKER, .name = "web", .image = "nginx:1.27", .pid = 4711}},
        {{{"/var/lib/docker/100000.200000/containers/" ID "/config.v2.json", CONFIG}},
                {.store = KERNEL_STORE_DOCKER_MAPPED,
                        .id = ID,
                        .map_uid = 100000,
                        .map_gid = 200000},
                {.path = "/var/lib/docker/100000.200000/containers/" ID "/config.v2.json",
                        .name = "web",
                        .image = "nginx:1.27",
                        .pid = 4711}},
        {{{TASK "/config.json", SANDBOX}, {TASK "/init.pid", "4711"}},
                {.store = KERNEL_STORE_CONTAINERD, .id = ID, .space = "k8s.io"},
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
        {{{STORAGE "/containers.json", "[" LISTED(ID2, "other") "," LISTED(ID, "web") "]"},
                 {"/run/containers/storage/overlay-containers/" ID "/userdata/pidfile", "4711\n"}},
                {.store = KERNEL_STORE_STORAGE, .id = ID},
                {.path = STORAGE "/containers.json", .name = "web", .image = "i", .pid = 4711}},
        {{{STORAGE "/volatile-containers.json", "[" LISTED(ID, "web") "]"}},
                {.store = KERNEL_STORE_VOLATILE, .id = ID},
                {.path = STORAGE "/volatile-containers.json",
                        .name = "web",
                        .image = "i",
                        .pid = 4711}},
        {{{STORAGE "/" ID "/userdata/config.json",
                 "{\"annotations\":{\"io.kubernetes.cri-o.Name\":\"k8s_a_b_c_d_0\"}}"}},
                {.store = KERNEL_STORE_BUNDLE, .id = ID},
                {.path = STORAGE "/" ID "/userdata/config.json",
                        .name = "k8s_a_b_c_d_0",
                        .pid = 4711}},
        {{{"/var/log/containers/shop-0_prod_web-" ID ".log", ""},
                 {"/var/log/containers/x_y_z-" ID2 ".log", ""}},
                {.store = KERNEL_STORE_POD_LOGS, .id = ID},
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

/* --- hostile ---------------------------------------------------------------------------------- */

#define WHOLE ENGINE_ROOT DOCKER

static void put_docker(void)
{
	engine_files_put(0, DOCKER, CONFIG);
}

static void make_writable_by_all(void)
{
	put_docker();
	CHECK(chmod(WHOLE, 0666) == 0);
}

static void make_directory_writable(void)
{
	put_docker();
	CHECK(chmod(ENGINE_ROOT "/var/lib/docker/containers", 0775) == 0);
}

static void make_root_writable(void)
{
	put_docker();
	CHECK(chmod(ENGINE_ROOT, 01777) == 0);
}

static void make_link_to_shadow(void)
{
	engine_files_put(0, "/etc/shadow", CONFIG);
	engine_files_link(0, DOCKER, "/etc/shadow");
}

static void make_link_of_container(void)
{
	engine_files_put(0, "/elsewhere/config.v2.json", CONFIG);
	engine_files_link(0, "/var/lib/docker/containers/" ID, "/elsewhere");
}

static void make_fifo(void)
{
	engine_files_make_above(0, DOCKER);
	CHECK(mkfifo(WHOLE, 0600) == 0);
}

static void make_directory(void)
{
	engine_files_make_above(0, DOCKER "/");
}

static void make_file_for_directory(void)
{
	engine_files_put(0, "/var/lib/docker/containers", CONFIG);
}

static void make_long(void)
{
	enum { TEN_MIB = 10 << 20 };
	_cleanup_free_ char *text = malloc(TEN_MIB);

	CHECK(text);
	memset(text, ' ', TEN_MIB);
	memcpy(text, CONFIG, sizeof(CONFIG) - 1);
	engine_files_put_bytes(0, DOCKER, text, TEN_MIB);
}

static void make_deep(void)
{
	enum { DEEP = 1000 * 1000 };
	_cleanup_free_ char *text = malloc(DEEP);

	CHECK(text);
	memset(text, '[', DEEP);
	memcpy(text, "{\"Name\":", 8);
	engine_files_put_bytes(0, DOCKER, text, DEEP);
}

static void make_truncated(void)
{
	engine_files_put_bytes(0, DOCKER, CONFIG, sizeof(CONFIG) - 2);
}

static void make_empty(void)
{
	engine_files_put(0, DOCKER, "");
}

static const struct {
	const char *what;
	void (*make)(void);
	int error;
} hostile[] = {
        {"file writable by all", make_writable_by_all, -EPERM},
        {"directory writable by a group", make_directory_writable, -EPERM},
        {"root writable by all", make_root_writable, -EPERM},
        {"link to /etc/shadow", make_link_to_shadow, -ELOOP},
        {"link below the directory of the engine", make_link_of_container, -ELOOP},
        {"FIFO", make_fifo, -EINVAL},
        {"directory", make_directory, -EINVAL},
        {"file for a directory", make_file_for_directory, -ENOTDIR},
        {"10 MiB", make_long, -EFBIG},
        {"deep", make_deep, -EBADMSG},
        {"truncated", make_truncated, -EBADMSG},
        {"empty", make_empty, -EBADMSG},
};

static size_t number;

static void read_hostile(void)
{
	struct privileged_test test;
	struct kernel_container_text found;

	engine_files_make_root();
	engine_files_begin(&test);
	hostile[number].make();
	const int r = engine_files_read(&test, &docker, &found);
	if (r != hostile[number].error)
		fprintf(stderr, "%s: %d\n", hostile[number].what, r);
	CHECK(r == hostile[number].error);
	privileged_end(&test);
}

static void hostile_files(void **state)
{
	(void)state;
	for (number = 0; number < ARRAY_SIZE(hostile); number++)
		assert_int_equal(world_run(read_hostile), 0);
}

/* --- links of root ---------------------------------------------------------------------------- */

static void read_links(void)
{
	struct privileged_test test;
	struct kernel_container_text found;

	engine_files_make_root();
	engine_files_put(0, "/data/docker/containers/" ID "/config.v2.json", CONFIG);
	engine_files_link(0, "/var/lib/docker", "../../../../data/./docker/");
	engine_files_begin(&test);
	CHECK(engine_files_read(&test, &docker, &found) == 0);
	CHECK(is(found.name, "web") && is(found.path, DOCKER));
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
	engine_files_put(0, DOCKER,
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

/* A list with so many long names that the job waits until its replies are received. */
static void put_long_list(char (*ids)[65], size_t n)
{
	_cleanup_free_ char *text = NULL;
	size_t len;
	FILE *const out = open_memstream(&text, &len);

	CHECK(out);
	for (size_t i = 0; i < n; i++) {
		snprintf(ids[i], sizeof(ids[i]), "%064zx", i);
		fprintf(out, "%c{\"id\":\"%s\",\"names\":[\"%01000d\"],", i ? ',' : '[', ids[i], 0);
		fprintf(out,
		        "\"metadata\":\"{\\\"image-name\\\":\\\"%01000d\\\","
		        "\\\"pod-name\\\":\\\"%01000d\\\",\\\"namespace\\\":\\\"%01000d\\\"}\"}",
		        0, 0, 0);
	}
	fputs("]", out);
	CHECK(fclose(out) == 0);
	engine_files_put_bytes(0, STORAGE "/containers.json", text, len);
}

/* The mode of seccomp(2) of a job: a filter, else strict mode. */
#ifdef HAVE_SECCOMP
#define CONFINED "2"
#else
#define CONFINED "1"
#endif

/* The layout of a request is that of container_files.c. */
static bool look_at_job_once(const struct privileged_test *test, char (*ids)[65], size_t n)
{
	static const char *const lines[] = {
	        "\nCapInh:\t0000000000000000\nCapPrm:\t0000000000000000\n",
	        "\nCapEff:\t0000000000000000\n",
	        "\nNoNewPrivs:\t1\nSeccomp:\t" CONFINED "\n",
	        "Name:\tfixture\n",
	};
	const int64_t end = monotonic_ms() + 20000;
	const uint32_t head[] = {KERNEL_STORE_STORAGE, 0, 0, 0};
	char bytes[HELPER_REQUEST_MAX] = "";
	size_t len = sizeof(head);
	struct helper_pending pending;
	struct helper_exit notice;
	bool is_seen = false;

	memcpy(bytes, head, sizeof(head));
	for (size_t i = 0; i < n; i++) {
		memcpy(bytes + len, ids[i], sizeof(ids[i]));
		len += sizeof(ids[i]) + 1;
	}
	CHECK(helper_start_job(test->helper, &engine_files_job,
	              &(const struct helper_request){.bytes = bytes, .len = len}, &pending) == 0);
	while (helper_poll(test->helper, &notice) == 0) {
		const pid_t pid = child_of(helper_pid(test->helper));

		is_seen |= pid != 0 && status_has(pid, lines, ARRAY_SIZE(lines));
		CHECK(monotonic_ms() < end);
	}
	close(pending.replies);
	return is_seen;
}

static void look_at_job(void)
{
	enum { N = 64 };
	static char ids[N][65];
	struct privileged_test test;
	bool is_seen = false;

	engine_files_make_root();
	put_long_list(ids, N);
	engine_files_begin(&test);
	for (int i = 0; i < 20 && !is_seen; i++)
		is_seen = look_at_job_once(&test, ids, N);
	CHECK(is_seen);
	privileged_end(&test);
}

static void what_parses_may_do_nothing(void **state)
{
	static const char *const filtered[] = {"\nSeccomp:\t2\n"};

	(void)state;
	/* Below a filter strict mode is refused, and a second filter is not seen. */
	if (status_has(getpid(), filtered, 1))
		return;
	assert_int_equal(world_run(look_at_job), 0);
}

static void read_without_rights(void)
{
	struct privileged_test test;
	struct kernel_container_text found;

	engine_files_make_root();
	put_docker();
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

/* --- requests --------------------------------------------------------------------------------- */

static void make_requests(void)
{
	static const char shadow[] = "{\"Name\":\"/secret\"}";
	static const struct {
		uint32_t head[4];
		size_t len; /* of the head */
		const char *items;
		size_t items_len;
	} table[] = {
	        {{KERNEL_STORES}, 16, ID "\0", sizeof(ID "\0")},
	        {{0xffffffff}, 16, ID "\0", sizeof(ID "\0")},
	        {{KERNEL_STORE_DOCKER}, 15, NULL, 0},
	        {{KERNEL_STORE_DOCKER}, 16, NULL, 0},
	        {{KERNEL_STORE_DOCKER}, 16, ID, sizeof(ID) - 1},
	        {{KERNEL_STORE_DOCKER}, 16, ID, sizeof(ID)},
	        {{KERNEL_STORE_MACHINE}, 16, "../../../etc/shadow\0", 21},
	        {{KERNEL_STORE_CONTAINERD}, 16, "shadow\0../../../../etc", 23},
	        {{KERNEL_STORE_DOCKER_MAPPED}, 16, ID "\0", sizeof(ID "\0")},
	        {{KERNEL_STORE_MACHINE, 0xffffffff}, 16, "web\0", 5},
	};
	struct privileged_test test;

	engine_files_make_root();
	engine_files_put(0, "/etc/shadow", shadow);
	put_docker();
	engine_files_put(0, "/run/systemd/machines/web", "NAME=web\n");
	engine_files_begin(&test);
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		char bytes[256], reply[HELPER_REPLY_MAX];

		memcpy(bytes, table[i].head, sizeof(table[i].head));
		if (table[i].items_len)
			memcpy(bytes + table[i].len, table[i].items, table[i].items_len);
		const ssize_t n = helper_call(test.helper, &engine_files_job,
		        &(const struct helper_request){
		                .bytes = bytes, .len = table[i].len + table[i].items_len},
		        reply, sizeof(reply), NULL);
		CHECK(n < 0 || !memmem(reply, (size_t)n, "secret", 6));
		CHECK(n < 0 || !memmem(reply, (size_t)n, "web", 3));
	}
	privileged_end(&test);
}

static void hostile_requests(void **state)
{
	(void)state;
	assert_int_equal(world_run(make_requests), 0);
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
	        cmocka_unit_test(hostile_files),
	        cmocka_unit_test(links_of_root_above),
	        cmocka_unit_test(names_are_raw),
	        cmocka_unit_test(what_hangs_is_given_up),
	        cmocka_unit_test(what_parses_may_do_nothing),
	        cmocka_unit_test(hostile_requests),
	        cmocka_unit_test(without_rights),
	        cmocka_unit_test(without_a_helper),
	};

	if (!privileged_can("a mount namespace", scene))
		return privileged_skip();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
