/* SPDX-License-Identifier: Apache-2.0 */
#include "base/memory.h"
#include "scan/posture_mounts.h"
#include "tests/unit.h"

#include <errno.h>
#include <string.h>

/* PID 1 with / on 8:1 and /run on 0:23. */
#define HOST                                                                                       \
	"22 27 0:21 / /proc rw,relatime - proc proc rw\n"                                          \
	"27 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"                                  \
	"28 27 0:23 / /run rw,nosuid - tmpfs tmpfs rw,size=1k\n"

/* The usual mounts of a container. */
#define CONTAINER                                                                                  \
	"100 50 0:60 / / rw,relatime - overlay overlay rw,lowerdir=/a\n"                           \
	"101 100 0:61 / /proc rw,nosuid - proc proc rw\n"                                          \
	"102 100 8:1 /var/lib/docker/containers/1/hostname /etc/hostname rw - ext4 /dev/sda1 rw\n" \
	"103 100 0:62 / /run rw - tmpfs tmpfs rw\n"
#define KCORE "104 101 0:63 /null /proc/kcore rw - tmpfs tmpfs rw\n"

static struct posture read_with(const char *host_text, const char *text)
{
	struct posture posture = {0};
	struct posture_host host;
	struct arena *const arena = arena_new();
	static char points[3][64];
	const char **const all[] = {&posture.socket, &posture.run, &posture.root_point};

	posture_mounts_host(&host, host_text, strlen(host_text));
	posture_mounts_read(&posture, arena, &host, text, strlen(text));
	posture_mounts_release(&host);
	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		if (!*all[i])
			continue;
		snprintf(points[i], sizeof(points[i]), "%s", *all[i]);
		*all[i] = points[i];
	}
	arena_free(arena);
	return posture;
}

static struct posture read_container(const char *text)
{
	return read_with(HOST, text);
}

static void usual_container(void **state)
{
	(void)state;
	const struct posture posture = read_container(CONTAINER KCORE);

	assert_int_equal(posture.mounts_error, 0);
	assert_null(posture.socket);
	assert_null(posture.run);
	assert_int_equal(posture.root, POSTURE_ROOT_NONE);
	assert_true(posture.is_kcore_covered);
}

static void kcore(void **state)
{
	(void)state;
	assert_false(read_container(CONTAINER).is_kcore_covered);
	/* No /proc at all, another file system there, and another /proc over what was covered. */
	assert_true(read_container("100 50 0:60 / / rw - overlay overlay rw\n").is_kcore_covered);
	assert_true(read_container(CONTAINER "105 100 0:70 / /proc rw - tmpfs x rw\n")
	                    .is_kcore_covered);
	assert_false(read_container(CONTAINER KCORE "105 100 0:61 / /proc rw - proc proc rw\n")
	                     .is_kcore_covered);
}

static void sockets(void **state)
{
	static const struct {
		const char *mount, *socket, *run;
	} cases[] = {
	        {"110 100 0:23 /docker.sock /var/run/docker.sock rw - tmpfs tmpfs rw\n",
	                "/var/run/docker.sock", NULL},
	        {"110 100 0:23 /containerd/containerd.sock /c rw - tmpfs tmpfs rw\n", "/c", NULL},
	        {"110 100 0:23 /crio/crio.sock /a\\040b ro - tmpfs tmpfs rw\n", "/a b", NULL},
	        {"110 100 0:23 /podman/podman.sock /p rw - tmpfs tmpfs rw\n", "/p", NULL},
	        {"110 100 0:23 / /host/run rw - tmpfs tmpfs rw\n", NULL, "/host/run"},
	        {"110 100 0:23 /containerd /c rw - tmpfs tmpfs rw\n", NULL, "/c"},
	        /* Another tmpfs, other names, and names that only begin or end so. */
	        {"110 100 0:24 /docker.sock /d rw - tmpfs tmpfs rw\n", NULL, NULL},
	        {"110 100 0:23 /notdocker.sock /d rw - tmpfs tmpfs rw\n", NULL, NULL},
	        {"110 100 0:23 /docker.sock.d /d rw - tmpfs tmpfs rw\n", NULL, NULL},
	        {"110 100 0:23 /netns/blue /d rw - tmpfs tmpfs rw\n", NULL, NULL},
	        {"110 100 8:1 /home/docker.sock /d rw - ext4 /dev/sda1 rw\n", NULL, NULL},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_free_ char *text = memory_printf("%s%s", CONTAINER, cases[i].mount);
		const struct posture posture = read_container(text);

		print_message("%s", cases[i].mount);
		assert_string_equal(posture.socket ? posture.socket : "none",
		        cases[i].socket ? cases[i].socket : "none");
		assert_string_equal(
		        posture.run ? posture.run : "none", cases[i].run ? cases[i].run : "none");
	}
}

/* Without a mount of its own /run is a directory of the root. */
static void run_in_the_root(void **state)
{
	(void)state;
	const char *const host = "27 1 8:1 /@ / rw - btrfs /dev/sda1 rw\n";

	assert_string_equal(
	        read_with(host, CONTAINER "110 100 8:1 /@/run/docker.sock /d rw - btrfs x rw\n")
	                .socket,
	        "/d");
	assert_null(read_with(host, CONTAINER "110 100 8:1 /run/docker.sock /d rw - btrfs x rw\n")
	                    .socket);
	assert_string_equal(read_with("27 1 8:1 / / rw - ext4 x rw\n",
	                            CONTAINER "110 100 8:1 /run/docker.sock /d rw - ext4 x rw\n")
	                            .socket,
	        "/d");
}

static void root(void **state)
{
	static const struct {
		const char *mount;
		enum posture_root root;
	} cases[] = {
	        {"110 100 8:1 / /host rw,relatime - ext4 /dev/sda1 rw\n", POSTURE_ROOT_WRITABLE},
	        {"110 100 8:1 / /host ro,relatime - ext4 /dev/sda1 rw\n", POSTURE_ROOT_READ_ONLY},
	        {"110 100 8:1 / /host rw - ext4 /dev/sda1 ro,errors=continue\n",
	                POSTURE_ROOT_READ_ONLY},
	        {"110 100 8:1 / /a ro - ext4 x rw\n111 100 8:1 / /b rw - ext4 x rw\n",
	                POSTURE_ROOT_WRITABLE},
	        {"110 100 8:1 /home /host rw - ext4 /dev/sda1 rw\n", POSTURE_ROOT_NONE},
	        {"110 100 8:2 / /host rw - ext4 /dev/sda2 rw\n", POSTURE_ROOT_NONE},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_free_ char *text = memory_printf("%s%s", CONTAINER, cases[i].mount);

		print_message("%s", cases[i].mount);
		assert_int_equal(read_container(text).root, cases[i].root);
	}
	assert_string_equal(read_container(CONTAINER
	                            "1 1 8:1 / /a ro - ext4 x rw\n2 1 8:1 / /b rw - ext4 x rw\n")
	                            .root_point,
	        "/b");
}

/* Of Btrfs the root is a subvolume, which the whole file system contains. */
static void root_of_btrfs(void **state)
{
	(void)state;
	const char *const host = "27 1 8:1 /@ / rw - btrfs /dev/sda1 rw\n";

	assert_int_equal(
	        read_with(host, "1 1 8:1 /@ /h rw - btrfs x rw\n").root, POSTURE_ROOT_WRITABLE);
	assert_int_equal(
	        read_with(host, "1 1 8:1 / /h rw - btrfs x rw\n").root, POSTURE_ROOT_WRITABLE);
	assert_int_equal(
	        read_with(host, "1 1 8:1 /@home /h rw - btrfs x rw\n").root, POSTURE_ROOT_NONE);
}

static void unknown_host(void **state)
{
	(void)state;
	assert_int_equal(read_with("", CONTAINER).mounts_error, ENODATA);
	assert_int_equal(
	        read_with("nonsense\n\n28 27 0:23 / /run\n", CONTAINER).mounts_error, ENODATA);
}

/* Cut off anywhere: what is there is read. */
static void cut(void **state)
{
	const char *const text = CONTAINER KCORE "110 100 8:1 / /host rw - ext4 x rw\n";
	char part[1024];

	(void)state;
	for (size_t i = 0; i < strlen(text); i++) {
		snprintf(part, sizeof(part), "%.*s", (int)i, text);
		assert_int_equal(read_container(part).mounts_error, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(usual_container),
	        cmocka_unit_test(kcore),
	        cmocka_unit_test(sockets),
	        cmocka_unit_test(run_in_the_root),
	        cmocka_unit_test(root),
	        cmocka_unit_test(root_of_btrfs),
	        cmocka_unit_test(unknown_host),
	        cmocka_unit_test(cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
