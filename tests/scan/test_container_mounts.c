/* SPDX-License-Identifier: Apache-2.0 */
/* Processes with files of an engine's store mounted over their own, in a mount namespace that has
 * nothing else in /run, /tmp and /etc: a scan finds the container by them. */
#include "base/arena.h"
#include "base/attributes.h"
#include "base/memory.h"
#include "kernel/kernel_linux.h"
#include "scan/container_mounts.h"
#include "scan/scan.h"
#include "scan/scan_state.h"
#include "tests/model/check_model.h"
#include "tests/nsrel/world.h"
#include "tests/unit.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define A "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

/* Makes a file and the directories above it. */
static int make_file(const char *path)
{
	_cleanup_free_ char *copy = memory_strdup(path);

	for (char *slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(copy, 0755) < 0 && errno != EEXIST)
			return -errno;
		*slash = '/';
	}
	_cleanup_close_ int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	return fd < 0 ? -errno : 0;
}

/* A process in a mount namespace of its own, in which `file` is mounted on `point`. */
static pid_t start(const char *file, const char *point)
{
	int ready[2];
	char byte;

	assert_int_equal(make_file(file), 0);
	assert_int_equal(pipe2(ready, O_CLOEXEC), 0);
	const pid_t pid = world_fork();
	if (pid == 0) {
		CHECK(unshare(CLONE_NEWNS) == 0);
		CHECK(mount(file, point, NULL, MS_BIND, NULL) == 0);
		CHECK(write(ready[1], "x", 1) == 1);
		pause();
		_exit(0);
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	return pid;
}

static void a_file_of_a_store_tells_the_container(void **state)
{
	static const struct {
		const char *file, *point;
		enum container_kind kind; /* CONTAINER_OTHER: none */
		enum trust trust;
	} rows[] = {
	        {"/run/containers/storage/overlay-containers/" A "/userdata/hostname",
	                "/etc/hostname", CONTAINER_PODMAN, TRUST_ROOT},
	        {"/run/user/1000/containers/overlay-containers/" A "/userdata/hosts", "/etc/hosts",
	                CONTAINER_PODMAN, TRUST_USER},
	        /* The same path below another directory, and on another file system. */
	        {"/run/x/run/containers/storage/overlay-containers/" A "/userdata/hostname",
	                "/etc/hostname", CONTAINER_OTHER, TRUST_ROOT},
	        {"/tmp/containers/storage/overlay-containers/" A "/userdata/hostname",
	                "/etc/hostname", CONTAINER_OTHER, TRUST_ROOT},
	        /* Another file of the store. */
	        {"/run/containers/storage/overlay-containers/" A "/userdata/hosts", "/etc/hostname",
	                CONTAINER_OTHER, TRUST_ROOT},
	};
	const struct scan_options options = {.sources = 1u << SOURCE_PROCESS | 1u << SOURCE_MOUNT,
	        .n_threads = 2,
	        .program = "test 1"};
	struct kernel *kernel;

	(void)state;
	assert_int_equal(kernel_linux_new("/proc", &kernel), 0);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const pid_t pid = start(rows[i].file, rows[i].point);
		const struct model *model;

		assert_int_equal(scan_run(kernel, &options, NULL, NULL, NULL, &model), 0);
		assert_int_equal(check_model(model), 0);
		const struct container *const container = model_find_process(model, pid)->container;
		assert_int_equal(container != NULL, rows[i].kind != CONTAINER_OTHER);
		if (container) {
			assert_int_equal(container->kind, rows[i].kind);
			assert_string_equal(container->id, A);
			assert_int_equal(container->trust, rows[i].trust);
			assert_string_equal(container->source, "mountinfo");
		}
		assert_null(model_find_process(model, getpid())->container);
		model_unref(model);
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
	kernel_free(kernel);
}

/* Whoever may mount can make 100,000 mounts on one file. */
static void few_mounts_of_a_namespace_are_kept(void **state)
{
	enum { LINES = 1000 };
	static const char line[] = "40 30 8:1 /a /etc/hostname rw - ext4 /dev/sda1 rw\n";
	struct scan scan = {.n_threads = 1};
	struct scan_thread *const thread = memory_new(sizeof(*thread));
	_cleanup_free_ char *text = memory_new(LINES * (sizeof(line) - 1));

	(void)state;
	thread->scan = &scan;
	thread->arena = arena_new();
	for (size_t i = 0; i < LINES; i++)
		memcpy(text + i * (sizeof(line) - 1), line, sizeof(line) - 1);
	for (uint64_t mnt = 1; mnt <= 2; mnt++) {
		const size_t before = thread->mounts.n;

		container_mounts_note(thread, mnt, text, LINES * (sizeof(line) - 1));
		assert_uint_in_range(thread->mounts.n - before, 3, 20);
	}
	free(thread->mounts.mounts);
	arena_free(thread->arena);
	free(thread);
}

static int run(void *data)
{
	static const char *const places[] = {"/run", "/tmp", "/etc"};
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_file_of_a_store_tells_the_container),
	        cmocka_unit_test(few_mounts_of_a_namespace_are_kept),
	};

	(void)data;
	for (size_t i = 0; i < ARRAY_SIZE(places); i++)
		CHECK(mount("tmpfs", places[i], "tmpfs", 0, "size=1m") == 0);
	CHECK(make_file("/etc/hostname") == 0 && make_file("/etc/hosts") == 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(void)
{
	return world_alone(true, run, NULL);
}
