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

#define U "8f1c2d3e-4a5b-4c6d-8e7f-901a2b3c4d5e"
#define V "8f1c2d3e_4a5b_4c6d_8e7f_901a2b3c4d5e"

enum { USER = 1000, GROUPS = 160 };

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

/* In a group of root's in this hierarchy, and in all others in one that a user has made, who may
 * put the process there: that says nothing. */
static void scene_other_hierarchies(struct scene *scene)
{
	struct scene others[ARRAY_SIZE(tops)];
	size_t n = 0;

	add_group(scene, "/docker");
	const pid_t pid = add_process(scene, add_group(scene, "/docker/" A));
	for (size_t i = 0; i < ARRAY_SIZE(tops); i++) {
		struct scene *const other = &others[n];

		if (strncmp(scene->own, tops[i], strlen(tops[i])) == 0 &&
		        strncmp(scene->own + strlen(tops[i]), "/nsbrowse", 9) == 0)
			continue;
		if (!begin(other, tops[i]))
			continue;
		n++;
		assert_int_equal(chown(other->own, USER, USER), 0);
		assert_int_equal(chown(add_group(other, "/docker"), USER, USER), 0);
		assert_int_equal(chown(add_group(other, "/docker/" B), USER, USER), 0);
		assert_int_equal(chown(add_group(other, "/docker/" B "/docker"), USER, USER), 0);
		assert_true(enter(add_group(other, "/docker/" B "/docker/" B), pid));
	}
	check(scene, pid, A, TRUST_ROOT, NULL);
	assert_true(n == 0 || enter(scene->own, pid));
	if (n)
		check(scene, pid, B, TRUST_USER, B);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	scene->n_pids--;
	while (n > 0)
		end(&others[--n]);
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

/* The forms of paths, but for those that are only at the top of a hierarchy. */
static const struct {
	const char *path;
	enum container_kind kind;
	const char *id;
} forms[] = {
        {"/system.slice/docker-" A ".scope", CONTAINER_DOCKER, A},
        {"/docker/" A, CONTAINER_DOCKER, A},
        {"/build.slice/docker-" B ".scope/init", CONTAINER_DOCKER, B},
        {"/docker/buildkit/k3v0123456789abcdefghijk9", CONTAINER_BUILDKIT,
                "k3v0123456789abcdefghijk9"},
        {"/system.slice/nerdctl-" A ".scope", CONTAINER_NERDCTL, A},
        {"/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod" V
         ".slice/cri-containerd-" A ".scope",
                CONTAINER_KUBERNETES, A},
        {"/kubepods.slice/kubepods-pod" V ".slice/crio-" A ".scope/container", CONTAINER_CRIO, A},
        {"/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod" V ".slice/docker-" A
         ".scope",
                CONTAINER_DOCKER, A},
        {"/x.slice/x-kubepods.slice/x-kubepods-besteffort.slice/x-kubepods-besteffort-pod" V
         ".slice/cri-containerd-" B ".scope",
                CONTAINER_KUBERNETES, B},
        {"/system.slice/containerd.service/kubepods-besteffort-pod" V ".slice:cri-containerd:" B,
                CONTAINER_KUBERNETES, B},
        {"/kubepods/besteffort/pod" U "/" A, CONTAINER_KUBERNETES, A},
        {"/kubepods/pod" U "/crio-" A, CONTAINER_CRIO, A},
        {"/kubepods/burstable/pod0123456789abcdef0123456789abcdef/" A, CONTAINER_KUBERNETES, A},
        {"/kubepods/burstable/pod" U "/kata_" A, CONTAINER_KATA, A},
        {"/kata_overhead/" A, CONTAINER_KATA, A},
        {"/machine.slice/libpod-" A ".scope/container", CONTAINER_PODMAN, A},
        {"/machine.slice/machine-libpod_pod_" B ".slice/libpod-" B ".scope", CONTAINER_PODMAN, B},
        {"/libpod_parent/libpod-" A, CONTAINER_PODMAN, A},
        {"/system.slice/web.service/libpod-payload-" B, CONTAINER_PODMAN, B},
        {"/system.slice/runc-c1.scope", CONTAINER_RUNC, "c1"},
        {"/system.slice/crun-c1.scope", CONTAINER_CRUN, "c1"},
        {"/lxc.payload.web", CONTAINER_LXC, "web"},
        {"/lxc.payload.web-1/init.scope", CONTAINER_LXC, "web-1"},
        {"/lxc.payload.proj_web/system.slice/cron.service", CONTAINER_LXC, "proj_web"},
        {"/lxc.payload/old", CONTAINER_LXC, "old"},
        {"/machine.slice/machine-web\\x2d01.scope/payload/init.scope", CONTAINER_NSPAWN, "web-01"},
        {"/machine.slice/systemd-nspawn@db.service/payload", CONTAINER_NSPAWN, "db"},
        {"/machine.slice/machine-qemu\\x2d3\\x2dvm1.scope/libvirt/emulator", CONTAINER_MACHINE,
                "qemu-3-vm1"},
        {"/app.slice/snap.firefox.firefox-" U ".scope", CONTAINER_SNAP, "firefox.firefox"},
        {"/system.slice/snap.lxd.daemon.service", CONTAINER_SNAP, "lxd.daemon"},
        {"/app.slice/snap.foo.hook.configure-" U ".scope", CONTAINER_SNAP, "foo.hook.configure"},
        {"/app.slice/app-flatpak-org.gimp.GIMP-1234567890.scope", CONTAINER_FLATPAK, "1234567890"},
        {"/app.slice/app-flatpak-org.a\\x2db.C-77.scope", CONTAINER_FLATPAK, "77"},
        {"/system.slice/apptainer-4242.scope", CONTAINER_APPTAINER, "4242"},
        {"/garden/good/h1", CONTAINER_GARDEN, "h1"},
        {"/garden/bad/h2", CONTAINER_GARDEN, "h2"},
        /* None. */
        {"/machine.slice/libpod-conmon-" A ".scope", CONTAINER_OTHER, NULL},
        {"/kubepods/pod" U "/crio-conmon-" A, CONTAINER_OTHER, NULL},
        {"/lxc.monitor.web", CONTAINER_OTHER, NULL},
        {"/machine.slice/machine-web\\x2d01.scope/supervisor", CONTAINER_OTHER, NULL},
        {"/user.slice/user-1000.slice/session-3.scope", CONTAINER_OTHER, NULL},
        {"/system.slice/containerd.service", CONTAINER_OTHER, NULL},
        {"/other/" A, CONTAINER_OTHER, NULL},
};

/* Makes the group and those above it that do not exist. Returns its path, which the caller frees.
 */
static char *add_groups(struct scene *scene, const char *below)
{
	char *const path = memory_strdup(below);

	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		add_group(scene, path);
		*slash = '/';
	}
	add_group(scene, path);
	free(path);
	return memory_printf("%s%s", scene->own, below);
}

static bool is_form(const struct process *process, size_t i)
{
	const struct container *const container = process ? process->container : NULL;

	if (!container || forms[i].kind == CONTAINER_OTHER)
		return process && !container && forms[i].kind == CONTAINER_OTHER;
	return container->kind == forms[i].kind && strcmp(container->id, forms[i].id) == 0 &&
	       container->trust == TRUST_ROOT;
}

static void scene_all_forms(struct scene *scene)
{
	const struct model *model = NULL;
	size_t n_found = 0;

	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		_cleanup_free_ char *group = add_groups(scene, forms[i].path);

		add_process(scene, group);
	}
	assert_non_null(scan(scene, scene->pids[0], &model));
	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		const bool is_found = is_form(model_find_process(model, scene->pids[i]), i);

		n_found += is_found;
		if (!is_found)
			print_error("not found: %s\n", forms[i].path);
	}
	printf("containers found/planted: %zu/%zu in %s\n", n_found, ARRAY_SIZE(forms), scene->own);
	assert_int_equal(n_found, ARRAY_SIZE(forms));
	model_unref(model);
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
TEST(other_hierarchies)
TEST(nested)
TEST(machine)
TEST(all_forms)
TEST(hostile_name)
TEST(moved)
TEST(deleted)
TEST(outside)

static int run(void *data)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_owners),
	        cmocka_unit_test(test_other_hierarchies),
	        cmocka_unit_test(test_nested),
	        cmocka_unit_test(test_machine),
	        cmocka_unit_test(test_all_forms),
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
