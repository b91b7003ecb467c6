/* SPDX-License-Identifier: Apache-2.0 */
/* What the paths of control groups say: a row for each form that an engine uses. */
#include "base/memory.h"
#include "scan/containers/cgroup_lines.h"
#include "scan/containers/monitor_args.h"
#include "scan/containers/store_files.h"
#include "tests/kernel/exact.h"
#include "tests/unit.h"

#include <errno.h>

#define A  "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define B  "b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1"
#define U  "8f1c2d3e-4a5b-4c6d-8e7f-901a2b3c4d5e"
#define V  "8f1c2d3e_4a5b_4c6d_8e7f_901a2b3c4d5e"
#define S  "0123456789abcdef0123456789abcdef" /* of a static pod */
#define ME "/user.slice/user-1000.slice/user@1000.service"
#define K  "k3v0123456789abcdefghijk9"

struct example {
	const char *path;
	enum container_kind kind; /* CONTAINER_OTHER: in no container */
	const char *id, *name, *pod;
	size_t owner_depth;
	const char *nested; /* the id of the innermost, if it is another one */
};

static const struct example examples[] = {
        /* Docker */
        {"/system.slice/docker-" A ".scope", CONTAINER_DOCKER, A, NULL, NULL, 1, NULL},
        {"/docker/" A, CONTAINER_DOCKER, A, NULL, NULL, 1, NULL},
        {ME "/user.slice/docker-" A ".scope", CONTAINER_DOCKER, A, NULL, NULL, 4, NULL},
        {"/build.slice/docker-" A ".scope", CONTAINER_DOCKER, A, NULL, NULL, 1, NULL},
        {"/system.slice/docker-" K ".scope", CONTAINER_BUILDKIT, K, NULL, NULL, 1, NULL},
        {"/docker/buildkit/" K, CONTAINER_BUILDKIT, K, NULL, NULL, 2, NULL},
        /* containerd */
        {"/k8s.io/" A, CONTAINER_CONTAINERD, A, NULL, NULL, 1, NULL},
        {"/default/" A, CONTAINER_CONTAINERD, A, NULL, NULL, 1, NULL},
        {"/system.slice/nerdctl-" A ".scope", CONTAINER_NERDCTL, A, NULL, NULL, 1, NULL},
        {ME "/user.slice/nerdctl-" A ".scope", CONTAINER_NERDCTL, A, NULL, NULL, 4, NULL},
        /* Kubernetes with systemd */
        {"/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod" V
         ".slice/cri-containerd-" A ".scope",
                CONTAINER_KUBERNETES, A, NULL, U, 3, NULL},
        {"/kubepods.slice/kubepods-pod" V ".slice/crio-" A ".scope/container", CONTAINER_CRIO, A,
                NULL, U, 2, NULL},
        {"/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod" V ".slice/docker-" A
         ".scope",
                CONTAINER_DOCKER, A, NULL, U, 3, NULL},
        {"/x.slice/x-kubepods.slice/x-kubepods-besteffort.slice/x-kubepods-besteffort-pod" V
         ".slice/cri-containerd-" A ".scope",
                CONTAINER_KUBERNETES, A, NULL, U, 4, NULL},
        {"/system.slice/containerd.service/kubepods-besteffort-pod" V ".slice:cri-containerd:" A,
                CONTAINER_KUBERNETES, A, NULL, U, 2, NULL},
        {"/kubepods.slice/kubepods-pod" V ".slice/crio-conmon-" A ".scope", CONTAINER_OTHER, NULL,
                NULL, NULL, 0, NULL},
        {"/kubepods.slice/kubepods-pod" V ".slice", CONTAINER_OTHER, NULL, NULL, NULL, 0, NULL},
        /* Kubernetes with cgroupfs */
        {"/kubepods/besteffort/pod" U "/" A, CONTAINER_KUBERNETES, A, NULL, U, 3, NULL},
        {"/kubepods/pod" U "/crio-" A, CONTAINER_CRIO, A, NULL, U, 2, NULL},
        {"/kubepods/burstable/pod" S "/" A, CONTAINER_KUBERNETES, A, NULL, S, 3, NULL},
        {"/x/kubepods/burstable/pod" U "/" A, CONTAINER_KUBERNETES, A, NULL, U, 4, NULL},
        {ME "/k3s-rootless.service/kubepods/pod" U "/" A, CONTAINER_KUBERNETES, A, NULL, U, 6,
                NULL},
        {"/kubepods/pod" U "/crio-conmon-" A, CONTAINER_OTHER, NULL, NULL, NULL, 0, NULL},
        /* Podman */
        {"/machine.slice/libpod-" A ".scope/container", CONTAINER_PODMAN, A, NULL, NULL, 1, NULL},
        {"/machine.slice/machine-libpod_pod_" B ".slice/libpod-" A ".scope", CONTAINER_PODMAN, A,
                NULL, B, 2, NULL},
        {ME "/user.slice/libpod-" A ".scope/container", CONTAINER_PODMAN, A, NULL, NULL, 4, NULL},
        {ME "/user.slice/user-libpod_pod_" B ".slice/libpod-" A ".scope", CONTAINER_PODMAN, A, NULL,
                B, 5, NULL},
        {"/libpod_parent/libpod-" A, CONTAINER_PODMAN, A, NULL, NULL, 1, NULL},
        {"/system.slice/web.service/libpod-payload-" A, CONTAINER_PODMAN, A, NULL, NULL, 2, NULL},
        {"/machine.slice/libpod-conmon-" A ".scope", CONTAINER_OTHER, NULL, NULL, NULL, 0, NULL},
        {"/libpod_parent/conmon", CONTAINER_OTHER, NULL, NULL, NULL, 0, NULL},
        {"/system.slice/web.service/runtime", CONTAINER_OTHER, NULL, NULL, NULL, 0, NULL},
        /* runc and crun alone */
        {"/system.slice/runc-c1.scope", CONTAINER_RUNC, "c1", "c1", NULL, 1, NULL},
        {ME "/user.slice/crun-c1.scope", CONTAINER_CRUN, "c1", "c1", NULL, 4, NULL},
        {"/c1", CONTAINER_OTHER, NULL, NULL, NULL, 0, NULL},
        /* LXC, Incus, LXD */
        {"/lxc.payload.web", CONTAINER_LXC, "web", "web", NULL, 0, NULL},
        {"/lxc.payload.web-1/init.scope", CONTAINER_LXC, "web-1", "web-1", NULL, 0, NULL},
        {"/lxc.payload.proj_web/system.slice/cron.service", CONTAINER_LXC, "proj_web", "proj_web",
                NULL, 0, NULL},
        {ME "/app.slice/lxc-web-0.scope/lxc.payload.web", CONTAINER_LXC, "web", "web", NULL, 5,
                NULL},
        {"/lxc.payload/web", CONTAINER_LXC, "web", "web", NULL, 1, NULL},
        {"/lxc/web", CONTAINER_LXC, "web", "web", NULL, 1, NULL},
        {"/x/lxc/web", CONTAINER_OTHER, NULL, NULL, NULL, 0, NULL},
        {"/lxc.monitor.web", CONTAINER_OTHER, NULL, NULL, NULL, 0, NULL},
        /* nspawn, machined */
        {"/machine.slice/machine-web\\x2d01.scope/payload/init.scope", CONTAINER_NSPAWN, "web-01",
                "web-01", NULL, 2, NULL},
        {"/machine.slice/systemd-nspawn@web.service/payload", CONTAINER_NSPAWN, "web", "web", NULL,
                2, NULL},
        {"/machine.slice/machine-qemu\\x2d3\\x2dvm1.scope/libvirt/emulator", CONTAINER_MACHINE,
                "qemu-3-vm1", "qemu-3-vm1", NULL, 2, NULL},
        {"/machine.slice/machine-web.scope/supervisor", CONTAINER_OTHER, NULL, NULL, NULL, 0, NULL},
        {"/machine.slice/systemd-nspawn@web.service/supervisor", CONTAINER_OTHER, NULL, NULL, NULL,
                0, NULL},
        /* snap */
        {ME "/app.slice/snap.firefox.firefox-4706fe54-7802-4808-aa7e-ae8b567239e0.scope",
                CONTAINER_SNAP, "firefox.firefox", "firefox", NULL, 4, NULL},
        {"/system.slice/snap.lxd.daemon.service", CONTAINER_SNAP, "lxd.daemon", "lxd.daemon", NULL,
                1, NULL},
        {ME "/app.slice/snap.foo.hook.configure-" U ".scope", CONTAINER_SNAP, "foo.hook.configure",
                "foo.hook.configure", NULL, 4, NULL},
        {ME "/snap.firefox.firefox." U ".scope", CONTAINER_SNAP, "firefox.firefox", "firefox", NULL,
                3, NULL},
        /* Flatpak */
        {ME "/app.slice/app-flatpak-org.gimp.GIMP-1234567890.scope", CONTAINER_FLATPAK,
                "1234567890", "org.gimp.GIMP", NULL, 4, NULL},
        {ME "/app.slice/app-flatpak-org.a\\x2db.C-77.scope", CONTAINER_FLATPAK, "77", "org.a-b.C",
                NULL, 4, NULL},
        {ME "/app.slice/app-flatpak-org.mozilla.firefox-9.scope", CONTAINER_FLATPAK, "9",
                "org.mozilla.firefox", NULL, 4, NULL},
        /* Apptainer */
        {"/system.slice/apptainer-4242.scope", CONTAINER_APPTAINER, "4242", NULL, NULL, 1, NULL},
        {ME "/user.slice/apptainer-4242.scope", CONTAINER_APPTAINER, "4242", NULL, NULL, 4, NULL},
        {"/apptainer/4242", CONTAINER_APPTAINER, "4242", NULL, NULL, 1, NULL},
        /* Kata, Garden */
        {"/kubepods/burstable/pod" U "/kata_" A, CONTAINER_KATA, A, NULL, U, 3, NULL},
        {"/kata_overhead/" A, CONTAINER_KATA, A, NULL, NULL, 1, NULL},
        {"/garden/good/h1", CONTAINER_GARDEN, "h1", "h1", NULL, 2, NULL},
        {"/x/garden/bad/h1", CONTAINER_GARDEN, "h1", "h1", NULL, 3, NULL},
        /* none */
        {"/user.slice/user-1000.slice/session-3.scope", CONTAINER_OTHER, NULL, NULL, NULL, 0, NULL},
        {ME "/app.slice/app-gnome-X-42.scope", CONTAINER_OTHER, NULL, NULL, NULL, 0, NULL},
        {"/system.slice/containerd.service", CONTAINER_OTHER, NULL, NULL, NULL, 0, NULL},
        {"/", CONTAINER_OTHER, NULL, NULL, NULL, 0, NULL},
        /* nested */
        {"/docker/" A "/docker/" B, CONTAINER_DOCKER, A, NULL, NULL, 1, B},
        {"/system.slice/docker-" A ".scope/init", CONTAINER_DOCKER, A, NULL, NULL, 1, NULL},
        {"/system.slice/docker-" A
         ".scope/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-besteffort.slice/"
         "kubelet-kubepods-besteffort-pod" V ".slice/cri-containerd-" B ".scope",
                CONTAINER_DOCKER, A, NULL, NULL, 1, B},
        {"/docker/" A "/kubepods.slice/kubepods-pod" V ".slice/crio-" B ".scope", CONTAINER_DOCKER,
                A, NULL, NULL, 1, B},
        {"/lxc.payload.web/init.scope/lxc/db", CONTAINER_LXC, "web", "web", NULL, 0, "db"},
        /* 64 digits are no container by themselves, and 63 or 65 are no id. */
        {"/x/" A, CONTAINER_OTHER, NULL, NULL, NULL, 0, NULL},
        {"/docker/0" A, CONTAINER_OTHER, NULL, NULL, NULL, 0, NULL},
        {"/system.slice/docker-" S ".scope", CONTAINER_OTHER, NULL, NULL, NULL, 0, NULL},
        {"/docker/0123456789ABCDEF0123456789ABCDEF0123456789abcdef0123456789abcdef",
                CONTAINER_OTHER, NULL, NULL, NULL, 0, NULL},
        /* Names that systemd has changed, and that may be anything. */
        {"/system.slice/_docker-" A ".scope", CONTAINER_DOCKER, A, NULL, NULL, 1, NULL},
        {"/lxc.payload.x:y \x1b[31m (deleted)", CONTAINER_LXC, "x:y \x1b[31m (deleted)",
                "x:y \x1b[31m (deleted)", NULL, 0, NULL},
        {"/machine.slice/machine-a\\x1bb\\x2.scope", CONTAINER_MACHINE,
                "a\x1b"
                "b\\x2",
                "a\x1b"
                "b\\x2",
                NULL, 2, NULL},
};

static void match_whole(struct arena *arena, const char *path, struct cgroup_path *ret)
{
	char *const text = exact(path, strlen(path));

	cgroup_path_match(arena, text, strlen(path), ret);
	free(text);
}

static void assert_text(const char *is, const char *wanted)
{
	if (wanted)
		assert_non_null(is);
	else
		assert_null(is);
	if (wanted)
		assert_string_equal(is, wanted);
}

static void each_form_is_recognised(void **state)
{
	struct arena *const arena = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(examples); i++) {
		const struct example *const e = &examples[i];
		struct cgroup_path match;

		match_whole(arena, e->path, &match);
		if (match.n_nested != (e->kind == CONTAINER_OTHER ? 0 : e->nested ? 2u : 1u))
			print_error("%s\n", e->path);
		assert_int_equal(match.n_nested, e->kind == CONTAINER_OTHER ? 0
		                                 : e->nested                ? 2
		                                                            : 1);
		if (!match.n_nested)
			continue;
		if (match.nested[0].kind != e->kind ||
		        match.nested[0].owner_depth != e->owner_depth)
			print_error("%s\n", e->path);
		assert_int_equal(match.nested[0].kind, e->kind);
		assert_text(match.nested[0].id, e->id);
		assert_text(match.nested[0].name, e->name);
		assert_text(match.nested[0].pod_id, e->pod);
		assert_int_equal(match.nested[0].owner_depth, e->owner_depth);
		assert_text(match.nested[match.n_nested - 1].id, e->nested ? e->nested : e->id);
		assert_false(match.is_outside);
	}
	arena_free(arena);
}

static void units_and_users(void **state)
{
	static const struct {
		const char *path, *label;
		enum container_kind kind;
		const char *unit; /* of the container */
		long user;
	} rows[] = {
	        {"/user.slice/user-1000.slice/session-3.scope", "3", CONTAINER_SESSION, NULL, -1},
	        {"/system.slice/cron.service", "cron.service", CONTAINER_UNIT, NULL, -1},
	        {ME "/app.slice/app-gnome-X-42.scope", "app-gnome-X-42.scope", CONTAINER_UNIT, NULL,
	                1000},
	        {ME "/init.scope", "init.scope", CONTAINER_UNIT, NULL, 1000},
	        {"/system.slice/a.service/sub", "a.service", CONTAINER_UNIT, NULL, -1},
	        {"/system.slice/session-.scope", "session-.scope", CONTAINER_UNIT, NULL, -1},
	        {"/system.slice", NULL, CONTAINER_UNIT, NULL, -1},
	        {"/system.slice/web.service/libpod-payload-" A, "web.service", CONTAINER_UNIT,
	                "web.service", -1},
	        {ME "/user.slice/docker-" A ".scope", "docker-" A ".scope", CONTAINER_UNIT,
	                "docker-" A ".scope", 1000},
	        {"/docker/" A "/system.slice/x.service", "x.service", CONTAINER_UNIT, NULL, -1},
	        {"/docker/" A ME "/y.service", "y.service", CONTAINER_UNIT, NULL, -1},
	        {"/user@4294967295.service/x.service", "x.service", CONTAINER_UNIT, NULL, -1},
	        {"/user@x.service", "user@x.service", CONTAINER_UNIT, NULL, -1},
	};
	struct arena *const arena = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct cgroup_path match;

		match_whole(arena, rows[i].path, &match);
		assert_text(match.label.id, rows[i].label);
		if (match.label.id)
			assert_int_equal(match.label.kind, rows[i].kind);
		if (match.n_nested)
			assert_text(match.nested[0].unit, rows[i].unit);
		assert_int_equal(match.has_user, rows[i].user >= 0);
		if (match.has_user)
			assert_int_equal(match.user, rows[i].user);
	}
	arena_free(arena);
}

static void what_is_outside_is_said_so(void **state)
{
	struct arena *const arena = arena_new();
	struct cgroup_path match;

	(void)state;
	match_whole(arena, "/../../docker/" A, &match);
	assert_true(match.is_outside);
	assert_int_equal(match.n_nested, 1);
	match_whole(arena, "/../lxc/web", &match);
	assert_int_equal(match.n_nested, 1);
	match_whole(arena, "/..x/docker/" A, &match);
	assert_false(match.is_outside);
	arena_free(arena);
}

/* Deeper nesting than is kept, and more components, are ignored. */
static void deep_paths_are_cut(void **state)
{
	struct arena *const arena = arena_new();
	struct cgroup_path match;
	char path[4096] = "";
	size_t len = 0;

	(void)state;
	while (len + 80 < sizeof(path))
		len += (size_t)snprintf(path + len, sizeof(path) - len, "/docker/" A);
	match_whole(arena, path, &match);
	assert_int_equal(match.n_nested, CGROUP_NESTED_MAX);
	for (len = 0; len + 2 < sizeof(path); len += 2)
		memcpy(path + len, "/a", 3);
	match_whole(arena, path, &match);
	assert_int_equal(match.n_nested, 0);
	arena_free(arena);
}

/* Root owns all but what is below `/mine`, and all of the hierarchy `name=mine`. */
static bool is_root(void *data, const struct cgroup_lines *lines)
{
	bool is_mine = true;

	(void)data;
	for (size_t i = 0; lines->hierarchies[i]; i++)
		is_mine = is_mine && strcmp(lines->hierarchies[i], "name=mine") == 0;
	return !is_mine && !strstr(lines->path, "/mine/");
}

/* Of a copy without a byte behind it, so that memory checkers find a read past the end. */
static int match_lines(struct arena *arena, const char *bytes, struct cgroup_lines *ret)
{
	const size_t len = strlen(bytes);
	char *const text = exact(bytes, len);
	const int r = cgroup_lines_match(arena, text, len, false, is_root, NULL, ret);

	free(text);
	return r;
}

/* What a user has named, in a hierarchy or below a directory that is the user's, counts only where
 * root has named nothing. */
static void what_root_has_named_comes_first(void **state)
{
	static const struct {
		const char *text, *path;
	} rows[] = {
	        {"4:memory:/docker/" A "\n1:name=mine:/docker/" B "/docker/" B "\n", "/docker/" A},
	        {"1:name=mine:/docker/" B "/docker/" B "\n4:memory:/docker/" A "\n", "/docker/" A},
	        {"4:memory:/docker/" A "\n0::/mine/kubepods/pod" U "/crio-" B "\n", "/docker/" A},
	        {"4:memory:/docker/" A "\n1:name=mine:/docker/" A
	         "\n0::/mine/lxc.payload.x/docker/" B "\n",
	                "/docker/" A},
	        /* A container in it makes no line of another one better. */
	        {"4:memory:/kubepods/pod" U "/" A "\n3:pids:/docker/" B "/docker/" B "/docker/" B
	         "\n",
	                "/kubepods/pod" U "/" A},
	        {"4:memory:/docker/" A "\n0::/docker/" A "/docker/" B "\n",
	                "/docker/" A "/docker/" B},
	        /* Root has named no container. */
	        {"4:memory:/x\n1:name=mine:/docker/" B "\n", "/docker/" B},
	        {"4:memory:/system.slice/a.service\n0::/mine/docker/" B "\n", "/mine/docker/" B},
	        {"1:name=mine:/docker/" A "\n0::/mine/docker/" B "/docker/" B "\n",
	                "/mine/docker/" B "/docker/" B},
	        /* Units, in any order of the lines. */
	        {"4:memory:/system.slice/a.service\n1:name=systemd:/x\n0::/mine/sshd.service\n",
	                "/system.slice/a.service"},
	        {"1:name=systemd:/x\n0::/mine/sshd.service\n4:memory:/system.slice/a.service\n",
	                "/system.slice/a.service"},
	        {"0::/mine/sshd.service\n4:memory:/system.slice/a.service\n1:name=systemd:/x\n",
	                "/system.slice/a.service"},
	};
	struct arena *const arena = arena_new();
	struct cgroup_lines lines;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_int_equal(match_lines(arena, rows[i].text, &lines), 0);
		assert_string_equal(lines.path, rows[i].path);
	}
	arena_free(arena);
}

static void the_line_with_the_container_is_used(void **state)
{
	static const struct {
		const char *text, *hierarchy, *path; /* NULL: refused */
	} rows[] = {
	        {"0::/user.slice/a:b\n", "", "/user.slice/a:b"},
	        {"0::/\n", "", "/"},
	        {"12:pids:/p\n1:name=systemd:/s\n0::/\n", "name=systemd", "/s"},
	        {"12:pids:/p\n1:name=systemd:/s\n0::/u\n", "", "/u"},
	        {"0::/u\n1:name=systemd:/s\n", "", "/u"},
	        {"12:pids:/p\n11:cpu,cpuacct:/c\n", "pids", "/p"},
	        {"12:pids:/p\n11:memory:/m\n", "memory", "/m"},
	        {"9:name=systemd:/\n4:memory:/x/y\n0::/\n", "memory", "/x/y"},
	        {"12:pids:/p", "pids", "/p"},
	        /* Docker on a host with both versions, and a container on one hierarchy alone. */
	        {"2:cpu:/docker/" A "\n1:name=systemd:/docker/" A
	         "\n0::/system.slice/containerd.service\n",
	                "name=systemd", "/docker/" A},
	        {"4:memory:/docker/" A "\n3:pids:/\n1:name=systemd:/system.slice/x.service\n0::/\n",
	                "memory", "/docker/" A},
	        {"3:pids:/docker/" A "/docker/" B "\n0::/docker/" A "\n", "pids",
	                "/docker/" A "/docker/" B},
	        {"0::/system.slice/containerd.service/kubepods-besteffort-pod" V
	         ".slice:cri-containerd:" A "\n",
	                "",
	                "/system.slice/containerd.service/kubepods-besteffort-pod" V
	                ".slice:cri-containerd:" A},
	        {"12:pids:\n", NULL, NULL},
	        {"12:pids:x\n", NULL, NULL},
	        {"12\n", NULL, NULL},
	        {"\n", NULL, NULL},
	};
	struct arena *const arena = arena_new();
	struct cgroup_lines lines;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_int_equal(
		        match_lines(arena, rows[i].text, &lines), rows[i].path ? 0 : -EINVAL);
		if (rows[i].path) {
			assert_string_equal(lines.path, rows[i].path);
			assert_string_equal(lines.hierarchies[0], rows[i].hierarchy);
		}
	}
	assert_int_equal(cgroup_lines_match(arena, "", 0, false, is_root, NULL, &lines), -ENODATA);
	assert_int_equal(
	        cgroup_lines_match(arena, "0::/a\0b\n", 8, false, is_root, NULL, &lines), -EINVAL);
	arena_free(arena);
}

static void a_deleted_group_keeps_its_name(void **state)
{
	static const char text[] = "0::/docker/" A " (deleted)\n";
	struct arena *const arena = arena_new();
	struct cgroup_lines lines;

	(void)state;
	assert_int_equal(
	        cgroup_lines_match(arena, text, strlen(text), false, is_root, NULL, &lines), 0);
	assert_true(lines.has_deleted);
	assert_int_equal(lines.match.n_nested, 0);
	assert_int_equal(
	        cgroup_lines_match(arena, text, strlen(text), true, is_root, NULL, &lines), 0);
	assert_false(lines.has_deleted);
	assert_string_equal(lines.path, "/docker/" A);
	assert_int_equal(lines.match.n_nested, 1);
	arena_free(arena);
}

#define ARGS(text) text "\0", sizeof(text "\0") - 1

static void monitors_name_their_container(void **state)
{
	static const struct {
		const char *comm, *cmdline;
		size_t len;
		enum container_kind kind; /* CONTAINER_OTHER: it is no monitor */
		const char *id, *name;
	} rows[] = {
	        {"conmon",
	                ARGS("/usr/bin/conmon\0--api-version\0"
	                     "1\0-c\0" A "\0-u\0" A "\0-r\0/usr/bin/crun\0-n\0web"),
	                CONTAINER_PODMAN, A, "web"},
	        {"conmon", ARGS("conmon\0--cid=" A), CONTAINER_PODMAN, A, NULL},
	        {"conmon", ARGS("conmon\0-c\0web"), CONTAINER_OTHER, NULL, NULL},
	        {"conmon", ARGS("conmon\0-c"), CONTAINER_OTHER, NULL, NULL},
	        {"containerd-shim",
	                ARGS("/usr/bin/containerd-shim-runc-v2\0-namespace\0moby\0-id\0" A
	                     "\0-address\0/run/containerd/containerd.sock"),
	                CONTAINER_DOCKER, A, NULL},
	        {"containerd-shim",
	                ARGS("containerd-shim-runc-v2\0-namespace\0default\0-id\0redis1"),
	                CONTAINER_CONTAINERD, "redis1", NULL},
	        /* It is that of the pod. */
	        {"containerd-shim", ARGS("containerd-shim-runc-v2\0-namespace\0k8s.io\0-id\0" A),
	                CONTAINER_OTHER, NULL, NULL},
	        {"containerd-shim", ARGS("containerd-shim\0-namespace\0moby\0-id\0x"),
	                CONTAINER_OTHER, NULL, NULL},
	        {"[lxc monitor] /", ARGS("[lxc monitor] /var/lib/lxc web"), CONTAINER_LXC, "web",
	                "web"},
	        {"lxc-start", ARGS("[lxc monitor] /var/lib/incus/containers proj_web"),
	                CONTAINER_INCUS, "proj_web", "proj_web"},
	        {"lxc-start", ARGS("lxc-start\0-n\0web"), CONTAINER_OTHER, NULL, NULL},
	        {"bash", ARGS("conmon\0-c\0" A), CONTAINER_OTHER, NULL, NULL},
	        {"conmon", "", 0, CONTAINER_OTHER, NULL, NULL},
	        /* The last argument is cut. */
	        {"containerd-shim", "x\0-namespace\0default\0-id\0redis1", 31, CONTAINER_OTHER,
	                NULL, NULL},
	};
	struct arena *const arena = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char *const text = exact(rows[i].cmdline, rows[i].len);
		struct monitor_args args;

		assert_int_equal(monitor_args_parse(arena, rows[i].comm, text, rows[i].len, &args),
		        rows[i].kind != CONTAINER_OTHER);
		if (rows[i].kind != CONTAINER_OTHER) {
			assert_int_equal(args.kind, rows[i].kind);
			assert_text(args.id, rows[i].id);
			assert_text(args.name, rows[i].name);
		}
		free(text);
	}
	arena_free(arena);
}

static void files_of_stores_name_their_container(void **state)
{
	static const struct {
		const char *path, *point;
		enum container_kind kind; /* CONTAINER_OTHER: in no store */
		const char *id, *name, *pod;
		long user;
	} rows[] = {
	        {"/var/lib/docker/containers/" A "/hostname", "/etc/hostname", CONTAINER_DOCKER, A,
	                NULL, NULL, -1},
	        {"/var/lib/docker/100000.100000/containers/" A "/hosts", "/etc/hosts",
	                CONTAINER_DOCKER, A, NULL, NULL, -1},
	        {"/run/containers/storage/overlay-containers/" A "/userdata/hostname",
	                "/etc/hostname", CONTAINER_PODMAN, A, NULL, NULL, -1},
	        {"/var/lib/containers/storage/overlay-containers/" A "/userdata/hosts",
	                "/etc/hosts", CONTAINER_PODMAN, A, NULL, NULL, -1},
	        {"/run/user/1000/containers/overlay-containers/" A "/userdata/hostname",
	                "/etc/hostname", CONTAINER_PODMAN, A, NULL, NULL, 1000},
	        {"/var/lib/kubelet/pods/" U "/containers/web/1a2b3c4d", "/dev/termination-log",
	                CONTAINER_KUBERNETES, U "/web", "web", U, -1},
	        {"/var/lib/kubelet/pods/" U "/containers/web/1a2b3c4d", "/etc/hostname",
	                CONTAINER_OTHER, NULL, NULL, NULL, -1},
	        {"/var/lib/docker/containers/" A "/hostname", "/etc/hosts", CONTAINER_OTHER, NULL,
	                NULL, NULL, -1},
	        {"/x/var/lib/docker/containers/" A "/hostname", "/etc/hostname", CONTAINER_OTHER,
	                NULL, NULL, NULL, -1},
	        {"/var/lib/docker/containers/" S "/hostname", "/etc/hostname", CONTAINER_OTHER,
	                NULL, NULL, NULL, -1},
	        {"/run/user/x/containers/overlay-containers/" A "/userdata/hostname",
	                "/etc/hostname", CONTAINER_OTHER, NULL, NULL, NULL, -1},
	        {"/hostname", "/etc/hostname", CONTAINER_OTHER, NULL, NULL, NULL, -1},
	        {"", "/etc/hostname", CONTAINER_OTHER, NULL, NULL, NULL, -1},
	};
	struct arena *const arena = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct store_file file;

		assert_int_equal(store_files_match(arena, rows[i].path, rows[i].point, &file),
		        rows[i].kind != CONTAINER_OTHER);
		if (rows[i].kind == CONTAINER_OTHER)
			continue;
		assert_int_equal(file.kind, rows[i].kind);
		assert_text(file.id, rows[i].id);
		assert_text(file.name, rows[i].name);
		assert_text(file.pod_id, rows[i].pod);
		assert_int_equal(file.has_user, rows[i].user >= 0);
		if (file.has_user)
			assert_int_equal(file.user, rows[i].user);
	}
	arena_free(arena);
}

static void try(const char *text, size_t len)
{
	struct arena *const arena = arena_new();
	struct cgroup_lines lines;

	if (cgroup_lines_match(arena, text, len, false, is_root, NULL, &lines) == 0) {
		assert_int_equal(lines.path[0], '/');
		for (size_t i = 0; i < lines.match.n_nested; i++)
			assert_non_null(lines.match.nested[i].id);
	}
	arena_free(arena);
}

static void survive_anything(void **state)
{
	static const char text[] = "2:cpu:/docker/" A "\n1:name=systemd:" ME
	                           "/app-flatpak-a\\x2db-7.scope\n0::/system.slice/x.slice:p:q\n";

	(void)state;
	exact_mutate(text, strlen(text), try);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(each_form_is_recognised),
	        cmocka_unit_test(units_and_users),
	        cmocka_unit_test(what_is_outside_is_said_so),
	        cmocka_unit_test(deep_paths_are_cut),
	        cmocka_unit_test(what_root_has_named_comes_first),
	        cmocka_unit_test(the_line_with_the_container_is_used),
	        cmocka_unit_test(a_deleted_group_keeps_its_name),
	        cmocka_unit_test(monitors_name_their_container),
	        cmocka_unit_test(files_of_stores_name_their_container),
	        cmocka_unit_test(survive_anything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
