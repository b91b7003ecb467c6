/* SPDX-License-Identifier: Apache-2.0 */
/* The mounts of mount namespaces, with the real kernel: all that the test mounts is found as it is,
 * in namespaces with processes, in those of chroots, and in those that a descriptor keeps. */
#include "base/attributes.h"
#include "kernel/kernel_linux.h"
#include "kernel/privileged/privileged.h"
#include "scan/mounts_read.h"
#include "scan/scan.h"
#include "tests/nsrel/world.h"
#include "tests/unit.h"

#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

/* --- the scene -------------------------------------------------------------------------------- */

/* In a PID namespace and a mount namespace of its own. */
struct scene {
	void (*play)(struct scene *scene);
	struct helper *helper; /* NULL: none */
	struct kernel *kernel;
	const struct model *model;
	const struct mounts *mounts;
};

static void start(struct scene *scene, bool has_helper)
{
	const struct scan_options options = {.sources = SCAN_SOURCES_ALL, .n_threads = 1};

	CHECK(helper_start(privileged_jobs, PRIVILEGED_JOBS, NULL, &scene->helper) == 0);
	CHECK(kernel_linux_new("/proc", &scene->kernel) == 0);
	if (has_helper)
		kernel_linux_set_helper(scene->kernel, helper_channel(scene->helper));
	CHECK(scan_run(scene->kernel, &options, NULL, NULL, NULL, &scene->model) == 0);
	CHECK(mounts_read(scene->kernel, scene->model, NULL, &scene->mounts) == 0);
}

static void stop(struct scene *scene)
{
	mounts_unref(scene->mounts);
	model_unref(scene->model);
	kernel_free(scene->kernel);
	helper_stop(scene->helper);
}

static int play_alone(void *data)
{
	struct scene *const scene = data;

	scene->play(scene);
	return 0;
}

static void play(void (*run)(struct scene *scene))
{
	struct scene scene = {.play = run};

	_exit(world_alone(true, play_alone, &scene));
}

static uint64_t mnt_of(pid_t pid)
{
	char path[64];
	struct stat st;

	snprintf(path, sizeof(path), "/proc/%d/ns/mnt", (int)pid);
	CHECK(stat(path, &st) == 0);
	return st.st_ino;
}

static int mount_tmpfs(const char *source, const char *path, const char *options)
{
	if (mkdir(path, 0755) < 0 && errno != EEXIST)
		return -errno;
	return mount(source, path, "tmpfs", MS_NOSUID, options) < 0 ? -errno : 0;
}

static const struct mount_table *table_of(const struct scene *scene, uint64_t mnt)
{
	const struct mount_table *const table = mounts_find(scene->mounts, mnt);
	const struct ns *const ns = model_find(scene->model, NS_MNT, mnt);

	CHECK(table && ns && table->tag == ns->tag);
	return table;
}

/* How many mounts are there; the last of them in *ret. */
static size_t count(const struct mount_table *table, const char *point, bool is_covered,
        const struct mount_entry **ret)
{
	size_t n = 0;

	for (size_t i = 0; i < table->n; i++) {
		const struct mount_entry *const entry = &table->entries[i];

		if (strcmp(entry->point, point) != 0 || entry->is_covered != is_covered)
			continue;
		n++;
		*ret = entry;
	}
	return n;
}

/* The only one there that is not covered. */
static const struct mount_entry *one(const struct mount_table *table, const char *point)
{
	const struct mount_entry *entry = NULL;

	CHECK(table->error == 0 && count(table, point, false, &entry) == 1);
	return entry;
}

/* --- what a mount has ------------------------------------------------------------------------- */

#define STRANGE "/mnt/a b\tc\nd\\e#f"

static void make_tree(void)
{
	CHECK(mount_tmpfs("a source", "/mnt", "size=64k") == 0);
	CHECK(mount_tmpfs("", STRANGE, NULL) == 0);
	CHECK(mkdir("/mnt/dir", 0755) == 0 && mkdir("/mnt/bound", 0755) == 0);
	CHECK(mount("/mnt/dir", "/mnt/bound", NULL, MS_BIND, NULL) == 0);
	CHECK(mount(NULL, "/mnt/bound", NULL, MS_BIND | MS_REMOUNT | MS_RDONLY, NULL) == 0);
	CHECK(mount(NULL, "/mnt/bound", NULL, MS_UNBINDABLE, NULL) == 0);
	/* Stacked, and hidden below another mount. */
	CHECK(mount_tmpfs("lower", "/mnt/stack", NULL) == 0);
	CHECK(mount_tmpfs("upper", "/mnt/stack", NULL) == 0);
	CHECK(mkdir("/mnt/over", 0755) == 0 && mount_tmpfs("below", "/mnt/over/x", NULL) == 0);
	CHECK(mount_tmpfs("above", "/mnt/over", NULL) == 0);
}

static void check_top(const struct mount_table *table)
{
	const struct mount_entry *const top = one(table, "/mnt");
	const struct mount_entry *const strange = one(table, STRANGE);
	struct stat st;

	CHECK(stat("/mnt", &st) == 0);
	CHECK(top->major == major(st.st_dev) && top->minor == minor(st.st_dev));
	CHECK(strcmp(top->root, "/") == 0 && strcmp(top->type, "tmpfs") == 0);
	CHECK(strcmp(top->source, "a source") == 0);
	CHECK(strcmp(top->options, "rw,nosuid,relatime") == 0 &&
	        strstr(top->fs_options, "size=64k"));
	CHECK(&table->entries[strange->parent] == top && strange->depth == top->depth + 1);
}

static void check_bound(const struct mount_table *table)
{
	const struct mount_entry *const bound = one(table, "/mnt/bound");

	CHECK(bound->is_unbindable && !bound->shared && !bound->master);
	CHECK(strcmp(bound->root, "/dir") == 0 && strncmp(bound->options, "ro,", 3) == 0);
}

static void check_covered(const struct mount_table *table)
{
	const struct mount_entry *covered;

	CHECK(strcmp(one(table, "/mnt/stack")->source, "upper") == 0);
	CHECK(count(table, "/mnt/stack", true, &covered) == 1);
	CHECK(strcmp(covered->source, "lower") == 0);
	CHECK(strcmp(one(table, "/mnt/over")->source, "above") == 0);
	CHECK(count(table, "/mnt/over/x", true, &covered) == 1);
	CHECK(strcmp(covered->source, "below") == 0);
}

static void find_tree(struct scene *scene)
{
	make_tree();
	const int before = world_count_fds();
	start(scene, true);
	const struct mount_table *const table = table_of(scene, mnt_of(getpid()));
	CHECK(table->error == 0 && !table->is_at_least);
	check_top(table);
	check_bound(table);
	check_covered(table);
	stop(scene);
	CHECK(world_count_fds() == before);
}

/* --- propagation ------------------------------------------------------------------------------ */

static int make_peer(void)
{
	return unshare(CLONE_NEWNS) < 0 ? -errno : 0;
}

static int make_slave(void)
{
	const int r = make_peer();

	return r < 0 ? r : mount(NULL, "/mnt", NULL, MS_SLAVE, NULL) < 0 ? -errno : 0;
}

static int make_shared_slave(void)
{
	const int r = make_slave();

	return r < 0 ? r : mount(NULL, "/mnt", NULL, MS_SHARED, NULL) < 0 ? -errno : 0;
}

static int make_private(void)
{
	const int r = make_peer();

	return r < 0 ? r : mount(NULL, "/mnt", NULL, MS_PRIVATE, NULL) < 0 ? -errno : 0;
}

static const struct mount_entry *mnt_in(const struct scene *scene, pid_t pid)
{
	return one(table_of(scene, mnt_of(pid)), "/mnt");
}

static void find_peers(struct scene *scene)
{
	CHECK(mount_tmpfs("tmpfs", "/mnt", NULL) == 0);
	CHECK(mount(NULL, "/mnt", NULL, MS_SHARED, NULL) == 0);
	const pid_t peer = world_begin(make_peer), slave = world_begin(make_slave);
	const pid_t both = world_begin(make_shared_slave), other = world_begin(make_private);
	CHECK(peer > 0 && slave > 0 && both > 0 && other > 0);
	start(scene, true);
	const struct mount_entry *const own = mnt_in(scene, getpid());
	CHECK(own->shared && !own->master);
	CHECK(mnt_in(scene, peer)->shared == own->shared && !mnt_in(scene, peer)->master);
	CHECK(!mnt_in(scene, slave)->shared && mnt_in(scene, slave)->master == own->shared);
	CHECK(mnt_in(scene, both)->master == own->shared);
	CHECK(mnt_in(scene, both)->shared && mnt_in(scene, both)->shared != own->shared);
	CHECK(!mnt_in(scene, other)->shared && !mnt_in(scene, other)->master);
	stop(scene);
	world_end(peer);
	world_end(slave);
	world_end(both);
	world_end(other);
}

/* --- mount namespaces that no process shows as a whole ---------------------------------------- */

static int make_inner(void)
{
	int r = make_peer();

	if (r == 0)
		r = mount_tmpfs("inner", "/mnt/inner", NULL);
	return r < 0 ? r : mount_tmpfs("deep", "/mnt/inner/deep", NULL);
}

static int make_chroot(void)
{
	const int r = make_inner();

	return r < 0 ? r : chroot("/mnt/inner") < 0 ? -errno : 0;
}

static void check_inner(const struct mount_table *table)
{
	CHECK(strcmp(one(table, "/mnt/inner")->source, "inner") == 0);
	CHECK(strcmp(one(table, "/mnt/inner/deep")->source, "deep") == 0);
}

/* A job of the helper sees all; without a helper there is what the process sees. */
static void find_chroot(struct scene *scene)
{
	const struct mount_entry *entry;

	CHECK(mount_tmpfs("tmpfs", "/mnt", NULL) == 0);
	const pid_t pid = world_begin(make_chroot);
	CHECK(pid > 0);
	start(scene, true);
	const struct mount_table *table = table_of(scene, mnt_of(pid));
	check_inner(table);
	CHECK(!table->is_at_least && count(table, "/mnt", false, &entry) == 1);
	stop(scene);
	start(scene, false);
	table = table_of(scene, mnt_of(pid));
	check_inner(table);
	CHECK(table->is_at_least && table->n == 2);
	stop(scene);
	world_end(pid);
}

/* The root directory of the process is "/" of another mount namespace. */
static int make_elsewhere(void)
{
	const int root = open("/", O_PATH | O_DIRECTORY);
	const int r = root < 0 ? -errno : make_inner();

	return r < 0 ? r : fchdir(root) < 0 || chroot(".") < 0 ? -errno : 0;
}

/* True if the scan says that it does not know all mounts of some mount namespace. */
static bool is_noted(const struct scene *scene)
{
	static const char what[] = "mounts outside of the root directories of processes";
	bool has_note = false;

	for (size_t i = 0; i < scene->model->n_notes; i++)
		has_note |= strncmp(scene->model->notes[i].what, what, strlen(what)) == 0;
	return has_note;
}

/* Such a process sees none of the mounts of its own mount namespace. */
static void find_hidden(struct scene *scene)
{
	CHECK(mount_tmpfs("tmpfs", "/mnt", NULL) == 0);
	const pid_t pid = world_begin(make_elsewhere);
	CHECK(pid > 0);
	start(scene, true);
	const struct mount_table *table = table_of(scene, mnt_of(pid));
	check_inner(table);
	CHECK(!table->is_at_least);
	stop(scene);
	start(scene, false);
	table = table_of(scene, mnt_of(pid));
	CHECK(table->is_at_least && table->n == 0);
	CHECK(is_noted(scene));
	stop(scene);
	world_end(pid);
}

/* The process that holds it is in another mount namespace. Descriptors of the scanning program
 * itself are no holders. */
static void find_held(struct scene *scene)
{
	CHECK(mount_tmpfs("tmpfs", "/mnt", NULL) == 0);
	const pid_t pid = world_begin(make_inner);
	CHECK(pid > 0);
	const uint64_t mnt = mnt_of(pid);
	const int held = world_open(pid, "mnt");
	CHECK(held >= 0);
	const pid_t holder = world_fork();
	CHECK(holder >= 0);
	if (holder == 0)
		for (;;)
			pause();
	close(held);
	world_end(pid);
	start(scene, true);
	const struct mount_table *table = table_of(scene, mnt);
	check_inner(table);
	CHECK(!table->is_at_least);
	stop(scene);
	start(scene, false);
	table = table_of(scene, mnt);
	CHECK(table->error == EOPNOTSUPP && table->n == 0);
	stop(scene);
}

static void cancel(struct scene *scene)
{
	const atomic_bool is_cancelled = true;
	const struct mounts *mounts;

	start(scene, true);
	CHECK(mounts_read(scene->kernel, scene->model, &is_cancelled, &mounts) == -ECANCELED);
	stop(scene);
}

/* --- */

static void (*scene_to_play)(struct scene *scene);

static void play_it(void)
{
	play(scene_to_play);
}

static int run(void (*run_scene)(struct scene *scene))
{
	scene_to_play = run_scene;
	return world_run(play_it);
}

static void all_of_a_mount(void **state)
{
	assert_int_equal(run(find_tree), 0);
	(void)state;
}

static void peer_groups(void **state)
{
	assert_int_equal(run(find_peers), 0);
	(void)state;
}

static void paths_are_those_of_the_namespace(void **state)
{
	assert_int_equal(run(find_chroot), 0);
	(void)state;
}

static void no_process_hides_mounts(void **state)
{
	assert_int_equal(run(find_hidden), 0);
	(void)state;
}

static void no_process_is_needed(void **state)
{
	assert_int_equal(run(find_held), 0);
	(void)state;
}

static void it_can_be_cancelled(void **state)
{
	assert_int_equal(run(cancel), 0);
	(void)state;
}

static int try_mount(_unused_ void *data)
{
	return unshare(CLONE_NEWNS) < 0 || mount_tmpfs("tmpfs", "/mnt", NULL) < 0 ? EXIT_SKIP : 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(all_of_a_mount),
	        cmocka_unit_test(peer_groups),
	        cmocka_unit_test(paths_are_those_of_the_namespace),
	        cmocka_unit_test(no_process_hides_mounts),
	        cmocka_unit_test(no_process_is_needed),
	        cmocka_unit_test(it_can_be_cancelled),
	};
	const char *const all = getenv("NSBROWSE_REQUIRE_ALL");

	if (world_alone(true, try_mount, NULL) != 0) {
		fprintf(stderr, "skipped: may not mount in a mount namespace\n");
		return all && strcmp(all, "1") == 0 ? 1 : EXIT_SKIP;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
