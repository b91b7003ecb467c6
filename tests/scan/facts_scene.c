/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/scan/facts_scene.h"

#include "base/attributes.h"
#include "kernel/kernel_linux.h"
#include "kernel/privileged/privileged.h"
#include "scan/scan.h"
#include "tests/nsrel/world.h"
#include "tests/unit.h"

#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <string.h>
#include <sys/stat.h>

void facts_scene_start(struct facts_scene *scene, bool has_rights)
{
	if (!has_rights)
		CHECK(setgroups(0, NULL) == 0 && setresgid(65534, 65534, 65534) == 0 &&
		        setresuid(65534, 65534, 65534) == 0);
	CHECK(helper_start(privileged_jobs, PRIVILEGED_JOBS, NULL, &scene->helper) == 0);
	CHECK(kernel_linux_new("/proc", &scene->kernel) == 0);
	kernel_linux_set_helper(scene->kernel, helper_channel(scene->helper));
}

void facts_scene_stop(struct facts_scene *scene)
{
	kernel_free(scene->kernel);
	helper_stop(scene->helper);
}

void facts_scene_scan(struct facts_scene *scene)
{
	const struct scan_options options = {.sources = SCAN_SOURCES_ALL, .n_threads = 1};

	model_unref(scene->model);
	CHECK(scan_run(scene->kernel, &options, NULL, NULL, NULL, &scene->model) == 0);
}

const struct ns *facts_scene_find(const struct facts_scene *scene, enum nstype type, uint64_t inode)
{
	const struct ns *const ns = model_find(scene->model, type, inode);

	CHECK(ns);
	return ns;
}

const struct ns_facts *facts_scene_read(struct facts_scene *scene, enum nstype type, uint64_t inode)
{
	const struct ns *const ns = facts_scene_find(scene, type, inode);
	const struct ns_facts *facts;

	CHECK(ns_facts_read(scene->kernel, scene->model, ns, 0, &facts) == 0);
	CHECK(facts->type == type && facts->tag == ns->tag);
	return facts;
}

static int play_alone(void *data)
{
	struct facts_scene *const scene = data;

	scene->play(scene);
	model_unref(scene->model);
	return 0;
}

/* The argument of play_in_world. */
static void (*scene_to_play)(struct facts_scene *scene);

static void play_in_world(void)
{
	struct facts_scene scene = {.play = scene_to_play};

	if (geteuid() != 0)
		_exit(EXIT_SKIP);
	_exit(world_alone(false, play_alone, &scene));
}

int facts_scene_run(void (*play)(struct facts_scene *scene))
{
	scene_to_play = play;
	return world_run(play_in_world);
}

uint64_t facts_scene_inode(pid_t pid, const char *link)
{
	char path[64];
	struct stat st;

	snprintf(path, sizeof(path), "/proc/%d/ns/%s", (int)pid, link);
	CHECK(stat(path, &st) == 0);
	return st.st_ino;
}

int facts_scene_write(const char *path, const char *text)
{
	_cleanup_close_ int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	const ssize_t len = (ssize_t)strlen(text);

	return file >= 0 && write(file, text, (size_t)len) == len ? 0 : -errno;
}

/* LeakSanitizer would wait for ever at the exit of a process that has a new PID namespace for its
 * children. */
static int try_types(void *data)
{
	_exit(unshare(*(const int *)data) < 0 ? EXIT_SKIP : 0);
}

void facts_scene_need(int flags)
{
	const char *const all = getenv("NSBROWSE_REQUIRE_ALL");

	if (geteuid() == 0 && world_alone(false, try_types, &flags) == 0)
		return;
	fprintf(stderr, "skipped: may not make the namespaces of this test\n");
	exit(all && strcmp(all, "1") == 0 ? 1 : EXIT_SKIP);
}
