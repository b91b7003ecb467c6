/* SPDX-License-Identifier: Apache-2.0 */
/* Real processes in control groups that this test makes, below a group of its own in each hierarchy
 * of version 1 and 2 in which it may: what a scan says of them. */
#include "base/attributes.h"
#include "base/memory.h"
#include "kernel/kernel_linux.h"
#include "scan/scan.h"
#include "tests/model/check_model.h"
#include "tests/nsrel/world.h"
#include "tests/unit.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#define A "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define B "b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1"

enum { USER = 1000, GROUPS = 8 };

static const char *const tops[] = {"/sys/fs/cgroup", "/sys/fs/cgroup/unified",
        "/sys/fs/cgroup/systemd", "/sys/fs/cgroup/memory", "/sys/fs/cgroup/pids"};

/* The groups in one hierarchy: removed at the end, the last one first. */
struct scene {
	char *own; /* the group of this test */
	char *made[GROUPS];
	size_t n;
	pid_t pids[GROUPS];
	size_t n_pids;
	struct kernel *kernel;
};

static bool is_version_2(const struct scene *scene)
{
	_cleanup_free_ char *file = memory_printf("%s/cgroup.type", scene->own);

	return access(file, F_OK) == 0;
}

/* Makes the group for which this test has the name `own`, or one below it. */
static const char *add_group(struct scene *scene, const char *below)
{
	char *const path = memory_printf("%s%s", scene->own, below);

	if (mkdir(path, 0755) < 0) {
		free(path);
		return NULL;
	}
	scene->made[scene->n++] = path;
	return path;
}

static bool begin(struct scene *scene, const char *top)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	*scene = (struct scene){.own = memory_printf("%s/nsbrowse-test-%jd%09ld", top,
	                                (intmax_t)now.tv_sec, now.tv_nsec)};
	_cleanup_free_ char *procs = memory_printf("%s/cgroup.procs", top);
	if (access(procs, W_OK) < 0 || !add_group(scene, "")) {
		free(scene->own);
		return false;
	}
	assert_int_equal(kernel_linux_new("/proc", &scene->kernel), 0);
	return true;
}

/* A group with processes in it cannot be removed: they must have ended. */
static void end(struct scene *scene)
{
	for (size_t i = 0; i < scene->n_pids; i++) {
		kill(scene->pids[i], SIGKILL);
		waitpid(scene->pids[i], NULL, 0);
	}
	while (scene->n > 0) {
		rmdir(scene->made[--scene->n]);
		free(scene->made[scene->n]);
	}
	free(scene->own);
	kernel_free(scene->kernel);
}

static bool enter(const char *group, pid_t pid)
{
	_cleanup_free_ char *procs = memory_printf("%s/cgroup.procs", group);
	_cleanup_close_ int fd = open(procs, O_WRONLY | O_CLOEXEC);
	char text[16];
	const int n = snprintf(text, sizeof(text), "%d", pid);

	return fd >= 0 && write(fd, text, (size_t)n) == n;
}

static pid_t add_process(struct scene *scene, const char *group)
{
	const pid_t pid = world_fork();

	if (pid == 0) {
		pause();
		_exit(0);
	}
	scene->pids[scene->n_pids++] = pid;
	assert_true(enter(group, pid));
	return pid;
}

static const struct process *scan(
        const struct scene *scene, pid_t pid, const struct model **ret_model)
{
	const struct scan_options options = {.sources = 1u << SOURCE_PROCESS,
	        .n_threads = 2,
	        .program = "test 1",
	        .with_cgroups = true};

	if (scan_run(scene->kernel, &options, NULL, NULL, NULL, ret_model) < 0)
		return NULL;
	return model_find_process(*ret_model, pid);
}

static void check(
        const struct scene *scene, pid_t pid, const char *id, enum trust trust, const char *claim)
{
	const struct model *model = NULL;
	const struct process *const process = scan(scene, pid, &model);

	assert_non_null(process);
	assert_int_equal(check_model(model), 0);
	assert_non_null(process->container);
	assert_string_equal(process->container->id, id);
	assert_int_equal(process->container->trust, trust);
	if (trust == TRUST_USER)
		assert_int_equal(process->container->trust_uid, USER);
	assert_int_equal(process->claim != NULL, claim != NULL);
	if (claim)
		assert_string_equal(process->claim->id, claim);
	model_unref(model);
}

typedef void scene_fn(struct scene *scene);

/* Runs a scene in each hierarchy in which this may make groups. */
static void in_each(scene_fn *run)
{
	for (size_t i = 0; i < ARRAY_SIZE(tops); i++) {
		struct scene scene;

		if (!begin(&scene, tops[i]))
			continue;
		run(&scene);
		end(&scene);
	}
}

static void scene_owners(struct scene *scene)
{
	const char *const parent = add_group(scene, "/docker");
	const char *const group = add_group(scene, "/docker/" A);
	const char *const inner = add_group(scene, "/docker/" A "/" B);
	const pid_t pid = add_process(scene, group);

	check(scene, pid, A, TRUST_ROOT, NULL);
	/* The user may do what it likes inside, but not name the group. */
	assert_int_equal(chown(group, USER, USER), 0);
	check(scene, pid, A, TRUST_ROOT, NULL);
	assert_int_equal(chown(parent, USER, USER), 0);
	check(scene, pid, A, TRUST_USER, NULL);
	assert_true(enter(inner, pid));
	check(scene, pid, A, TRUST_USER, NULL);
}

static void scene_nested(struct scene *scene)
{
	add_group(scene, "/docker");
	add_group(scene, "/docker/" A);
	add_group(scene, "/docker/" A "/docker");
	const char *const inner = add_group(scene, "/docker/" A "/docker/" B);

	check(scene, add_process(scene, inner), A, TRUST_ROOT, B);
}

static void scene_machine(struct scene *scene)
{
	const char *const scope = add_group(scene, "/machine-web\\x2d01.scope");
	const char *const payload = add_group(scene, "/machine-web\\x2d01.scope/payload");
	const pid_t pid = add_process(scene, payload);

	check(scene, pid, "web-01", TRUST_ROOT, NULL);
	assert_int_equal(chown(payload, USER, USER), 0);
	check(scene, pid, "web-01", TRUST_ROOT, NULL);
	assert_int_equal(chown(scope, USER, USER), 0);
	check(scene, pid, "web-01", TRUST_USER, NULL);
}

static void scene_hostile_name(struct scene *scene)
{
	static const char name[] = "x:y \x1b[31m\xff (deleted)";
	_cleanup_free_ char *below = memory_printf("/lxc.payload.%s", name);
	const char *const group = add_group(scene, below);

	check(scene, add_process(scene, group), name, TRUST_ROOT, NULL);
}

static void scene_moved(struct scene *scene)
{
	const char *const web = add_group(scene, "/lxc.payload.web");
	const char *const db = add_group(scene, "/lxc.payload.db");
	const pid_t pid = add_process(scene, web);

	check(scene, pid, "web", TRUST_ROOT, NULL);
	assert_true(enter(db, pid));
	check(scene, pid, "db", TRUST_ROOT, NULL);
}

/* In version 2 a zombie keeps the path of its group, which can be removed meanwhile. */
static void scene_deleted(struct scene *scene)
{
	const char *const group = add_group(scene, "/lxc.payload.web");
	const pid_t pid = add_process(scene, group);
	siginfo_t info;

	if (!is_version_2(scene))
		return;
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
	assert_int_equal(rmdir(group), 0);
	check(scene, pid, "web", TRUST_ROOT, NULL);
}

/* From inside of a cgroup namespace, a process outside of it has no container. */
static void scene_outside(struct scene *scene)
{
	const char *const here = add_group(scene, "/here");
	const char *const group = add_group(scene, "/lxc.payload.web");
	const pid_t pid = add_process(scene, group);
	const pid_t reader = world_fork();
	int status;

	if (reader == 0) {
		const struct model *model = NULL;

		CHECK(enter(here, getpid()) && unshare(CLONE_NEWCGROUP) == 0);
		const struct process *const process = scan(scene, pid, &model);
		CHECK(process && !process->container && process->claim);
		CHECK(strcmp(process->claim->id, "web") == 0);
		CHECK(process->claim->trust == TRUST_UNKNOWN);
		_exit(0);
	}
	assert_int_equal(waitpid(reader, &status, 0), reader);
	assert_int_equal(status, 0);
}

#define TEST(scene)                                                                                \
	static void test_##scene(void **state)                                                     \
	{                                                                                          \
		(void)state;                                                                       \
		in_each(scene_##scene);                                                            \
	}

TEST(owners)
TEST(nested)
TEST(machine)
TEST(hostile_name)
TEST(moved)
TEST(deleted)
TEST(outside)

static int run(void *data)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_owners),
	        cmocka_unit_test(test_nested),
	        cmocka_unit_test(test_machine),
	        cmocka_unit_test(test_hostile_name),
	        cmocka_unit_test(test_moved),
	        cmocka_unit_test(test_deleted),
	        cmocka_unit_test(test_outside),
	};
	bool has_any = false;

	(void)data;
	for (size_t i = 0; i < ARRAY_SIZE(tops); i++) {
		struct scene scene;

		if (!begin(&scene, tops[i]))
			continue;
		printf("in %s: version %d\n", tops[i], is_version_2(&scene) ? 2 : 1);
		has_any = true;
		end(&scene);
	}
	if (has_any)
		return cmocka_run_group_tests(tests, NULL, NULL);
	fprintf(stderr, "skipped: may make no control group\n");
	const char *const all = getenv("NSBROWSE_REQUIRE_ALL");
	return all && strcmp(all, "1") == 0 ? 1 : EXIT_SKIP;
}

int main(void)
{
	return world_alone(false, run, NULL);
}
