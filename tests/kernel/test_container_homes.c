/* SPDX-License-Identifier: Apache-2.0 */
/* Files of container engines of a user: as that user, on local file systems only. Exits 77 without
 * the right to become another user. */
#include "base/attributes.h"
#include "kernel/privileged/privileged.h"
#include "tests/kernel/engine_files.h"
#include "tests/unit.h"

#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

#define HOME   "/home/harald"
#define DOCKER HOME "/.local/share/docker/containers/" ENGINE_ID "/config.v2.json"

enum { USER = 1000, OTHER = 1001 };

static const struct kernel_container docker = {
        .store = KERNEL_STORE_DOCKER, .uid = USER, .id = ENGINE_ID};

static bool is(const char *text, const char *wanted)
{
	if (!text || !wanted)
		return text == wanted;
	if (strcmp(text, wanted) == 0)
		return true;
	fprintf(stderr, "%s instead of %s\n", text, wanted);
	return false;
}

static void begin(struct privileged_test *ret)
{
	engine_files_make_root();
	engine_files_put(0, "/etc/passwd",
	        "root:x:0:0:root:/root:/bin/sh\nharald:x:1000:1000::" HOME ":/bin/sh\n");
	engine_files_make_above(0, "/home/x");
	engine_files_make_above(0, "/run/user/x");
	engine_files_make_above(USER, HOME "/x");
	engine_files_begin(ret);
}

/* --- what is found ---------------------------------------------------------------------------- */

#define STORAGE HOME "/.local/share/containers/storage/overlay-containers/"
#define RUN     "/run/user/1000/containers/overlay-containers/" ENGINE_ID "/userdata/pidfile"
#define FLATPAK "/run/user/1000/.flatpak/77/"

static const struct {
	const char *files[2][2]; /* path, text */
	struct kernel_container item;
	struct kernel_container_text found;
} engines[] = {
        {{{DOCKER, ENGINE_CONFIG}}, {.store = KERNEL_STORE_DOCKER, .uid = USER, .id = ENGINE_ID},
                {.path = DOCKER, .name = "web", .image = "nginx:1.27", .pid = 4711}},
        {{{STORAGE "containers.json", "[{\"id\":\"" ENGINE_ID "\",\"names\":[\"web\"]}]"},
                 {RUN, "4711"}},
                {.store = KERNEL_STORE_STORAGE, .uid = USER, .id = ENGINE_ID},
                {.path = STORAGE "containers.json", .name = "web", .pid = 4711}},
        {{{FLATPAK "info", "[Application]\nname=org.gimp.GIMP\n"},
                 {FLATPAK "bwrapinfo.json", "{\"child-pid\":4711,\"pid-namespace\":4026532001}"}},
                {.store = KERNEL_STORE_FLATPAK, .uid = USER, .id = "77"},
                {.path = FLATPAK "info",
                        .name = "org.gimp.GIMP",
                        .pid = 4711,
                        .inode = 4026532001}},
        {{{HOME "/.local/share/lxc/web/config", ""}},
                {.store = KERNEL_STORE_LXC, .uid = USER, .id = "web"},
                {.path = HOME "/.local/share/lxc/web/config"}},
};

static void read_engines(void)
{
	struct privileged_test test;
	struct kernel_container_text found;

	begin(&test);
	for (size_t i = 0; i < ARRAY_SIZE(engines); i++) {
		const struct kernel_container_text *const wanted = &engines[i].found;
		struct kernel_container other = engines[i].item;

		CHECK(engine_files_read(&test, &engines[i].item, &found) == -ENOENT);
		for (size_t k = 0; k < 2 && engines[i].files[k][0]; k++)
			engine_files_put(USER, engines[i].files[k][0], engines[i].files[k][1]);
		CHECK(engine_files_read(&test, &engines[i].item, &found) == 0);
		CHECK(is(found.path, wanted->path));
		CHECK(is(found.name, wanted->name) && is(found.image, wanted->image));
		CHECK(found.pid == wanted->pid && found.inode == wanted->inode);
		/* Not for root, nor for a user that is in no database. */
		other.uid = 0;
		CHECK(engine_files_read(&test, &other, &found) == -ENOENT);
		other.uid = OTHER;
		CHECK(engine_files_read(&test, &other, &found) == -ENOENT);
	}
	/* Those that only root has. */
	CHECK(engine_files_read(&test,
	              &(const struct kernel_container){
	                      .store = KERNEL_STORE_MACHINE, .uid = USER, .id = "web"},
	              &found) == -ENOENT);
	privileged_end(&test);
}

static void every_engine(void **state)
{
	(void)state;
	assert_int_equal(world_run(read_engines), 0);
}

/* --- hostile ---------------------------------------------------------------------------------- */

#define WHOLE ENGINE_ROOT DOCKER
#define STORE ENGINE_ROOT HOME "/.local/share/docker"

static void make_file_of_another(void)
{
	engine_files_make_above(USER, DOCKER);
	engine_files_put(OTHER, DOCKER, ENGINE_CONFIG);
	CHECK(chmod(WHOLE, 0644) == 0);
}

static void make_directory_of_another(void)
{
	engine_files_put(USER, DOCKER, ENGINE_CONFIG);
	CHECK(chown(STORE, OTHER, OTHER) == 0);
}

static void make_writable_by_all(void)
{
	engine_files_put(USER, DOCKER, ENGINE_CONFIG);
	CHECK(chmod(STORE, 0777) == 0);
}

/* The user may not read it: the job is that user, not root. */
static void make_file_of_root(void)
{
	engine_files_make_above(USER, DOCKER);
	engine_files_put(0, DOCKER, ENGINE_CONFIG);
}

static void make_link_to_file_of_root(void)
{
	engine_files_put(0, ENGINE_DOCKER, ENGINE_CONFIG);
	engine_files_link(USER, DOCKER, ENGINE_DOCKER);
}

static void make_link_for_directory(void)
{
	engine_files_put(
	        USER, HOME "/elsewhere/containers/" ENGINE_ID "/config.v2.json", ENGINE_CONFIG);
	engine_files_link(USER, HOME "/.local/share/docker", HOME "/elsewhere");
}

static void make_fifo(void)
{
	engine_files_make_above(USER, DOCKER);
	CHECK(mkfifo(WHOLE, 0600) == 0 && chown(WHOLE, USER, USER) == 0);
}

static void make_mount_below_home(void)
{
	engine_files_make_above(USER, HOME "/.local/share/docker/x");
	CHECK(mount("tmpfs", STORE, "tmpfs", 0, "uid=1000,gid=1000,mode=755") == 0);
	engine_files_put(USER, DOCKER, ENGINE_CONFIG);
}

/* procfs stands for all file systems that are not on the list. */
static void make_home_on_another_type(void)
{
	CHECK(mount("proc", ENGINE_ROOT HOME, "proc", 0, NULL) == 0);
}

static void make_home_of_another(void)
{
	engine_files_put(USER, DOCKER, ENGINE_CONFIG);
	CHECK(chown(ENGINE_ROOT HOME, OTHER, OTHER) == 0);
}

static void make_home_a_link_of_the_user(void)
{
	engine_files_put(USER,
	        "/elsewhere/.local/share/docker/containers/" ENGINE_ID "/config.v2.json",
	        ENGINE_CONFIG);
	CHECK(rmdir(ENGINE_ROOT HOME) == 0);
	engine_files_link(USER, HOME, "/elsewhere");
}

static const struct {
	const char *what;
	void (*make)(void);
	int error;
} hostile[] = {
        {"file of another user", make_file_of_another, -EPERM},
        {"directory of another user", make_directory_of_another, -EPERM},
        {"writable by all", make_writable_by_all, -EPERM},
        {"file of root", make_file_of_root, -EACCES},
        {"link to a file of root", make_link_to_file_of_root, -EPERM},
        {"link for a directory", make_link_for_directory, -EPERM},
        {"FIFO", make_fifo, -EINVAL},
        {"another mount", make_mount_below_home, -EXDEV},
        {"a file system that is not local", make_home_on_another_type, -EREMOTE},
        {"home of another user", make_home_of_another, -EPERM},
        {"home is a link of the user", make_home_a_link_of_the_user, -EPERM},
};

static size_t number;

static void read_hostile(void)
{
	struct privileged_test test;
	struct kernel_container_text found;

	begin(&test);
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

/* A home directory on a mount of its own, by a link of root. */
static void read_moved_home(void)
{
	struct privileged_test test;
	struct kernel_container_text found;

	begin(&test);
	engine_files_make_above(0, "/var/home/x");
	CHECK(rmdir(ENGINE_ROOT HOME) == 0 && rmdir(ENGINE_ROOT "/home") == 0);
	engine_files_link(0, "/home", "var/home");
	CHECK(mount("tmpfs", ENGINE_ROOT "/var/home", "tmpfs", 0, "mode=755") == 0);
	engine_files_put(USER, DOCKER, ENGINE_CONFIG);
	CHECK(chown(ENGINE_ROOT "/var/home", 0, 0) == 0);
	CHECK(engine_files_read(&test, &docker, &found) == 0);
	CHECK(is(found.path, DOCKER));
	privileged_end(&test);
}

static void home_behind_a_link_of_root(void **state)
{
	(void)state;
	assert_int_equal(world_run(read_moved_home), 0);
}

/* --- FUSE ------------------------------------------------------------------------------------- */

/* A FUSE mount that the user may access, and that never replies. */
static int make_dead(void)
{
	struct privileged_test test;
	char options[128];
	const int fuse = open("/dev/fuse", O_RDWR | O_CLOEXEC);

	if (fuse < 0)
		return -errno;
	begin(&test);
	privileged_end(&test);
	snprintf(options, sizeof(options),
	        "fd=%d,rootmode=40755,user_id=1000,group_id=1000,allow_other", fuse);
	return mount("dead", ENGINE_ROOT HOME, "fuse", MS_NOSUID | MS_NODEV, options) < 0 ? -errno
	                                                                                  : 0;
}

static void try_dead(void)
{
	_exit(-make_dead());
}

/* It is refused by its type, before any access. */
static void read_dead(void)
{
	struct privileged_test test;
	struct kernel_container_text found;

	CHECK(make_dead() == 0);
	engine_files_begin(&test);
	CHECK(engine_files_read(&test, &docker, &found) == -EREMOTE);
	privileged_end(&test);
}

static void fuse_is_not_accessed(void **state)
{
	(void)state;
	if (!privileged_can("a FUSE mount", try_dead)) {
		assert_int_equal(privileged_skip(), EXIT_SKIP);
		skip();
	}
	assert_int_equal(world_run(read_dead), 0);
}

static void scene(void)
{
	engine_files_make_root();
	if (setgroups(0, NULL) < 0 || setresuid(USER, USER, USER) < 0)
		_exit(errno);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	        cmocka_unit_test(every_engine),
	        cmocka_unit_test(hostile_files),
	        cmocka_unit_test(home_behind_a_link_of_root),
	        cmocka_unit_test(fuse_is_not_accessed),
	};

	if (!privileged_can("another user", scene))
		return privileged_skip();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
