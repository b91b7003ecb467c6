/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/posture_mounts.h"

#include "base/attributes.h"
#include "base/memory.h"
#include "kernel/proc/proc.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static char *unescape(struct proc_slice slice)
{
	char *const text = memory_new(slice.len + 1);

	proc_mountinfo_unescape(slice, text);
	return text;
}

/* --- the host --------------------------------------------------------------------------------- */

static void set_place(struct posture_place *place, const struct proc_mount *mount)
{
	free(place->path);
	*place = (struct posture_place){mount->major, mount->minor, unescape(mount->root)};
}

/* Of several mounts at one place the last one covers the others. */
void posture_mounts_host(struct posture_host *ret, const char *text, size_t len)
{
	const char *const end = text + len;
	struct proc_mount mount;

	*ret = (struct posture_host){0};
	while (proc_mountinfo_next(&text, end, &mount)) {
		if (proc_mountinfo_equals(mount.point, "/"))
			set_place(&ret->root, &mount);
		else if (proc_mountinfo_equals(mount.point, "/run"))
			set_place(&ret->run, &mount);
	}
	if (ret->root.path && !ret->run.path) {
		const char *const root = strcmp(ret->root.path, "/") == 0 ? "" : ret->root.path;

		ret->run = ret->root;
		ret->run.path = memory_printf("%s/run", root);
	}
}

void posture_mounts_release(struct posture_host *host)
{
	free(host->root.path);
	free(host->run.path);
}

/* --- a process -------------------------------------------------------------------------------- */

/* The path of the mount below `place`: "" for the place itself, "/docker.sock"; NULL: it is not
 * below it. `root` is the root of the mount in its file system. */
static const char *below(
        const struct posture_place *place, const struct proc_mount *mount, const char *root)
{
	const size_t len = strcmp(place->path, "/") == 0 ? 0 : strlen(place->path);

	if (mount->major != place->major || mount->minor != place->minor ||
	        strncmp(root, place->path, len) != 0)
		return NULL;
	if (strcmp(root, "/") == 0)
		return len == 0 ? "" : NULL;
	return root[len] == '/' || !root[len] ? root + len : NULL;
}

static bool ends_in_socket(const char *path)
{
	static const char *const sockets[] = {
	        "/docker.sock", "/containerd.sock", "/crio.sock", "/podman.sock"};
	const size_t len = strlen(path);

	for (size_t i = 0; i < ARRAY_SIZE(sockets); i++) {
		const size_t n = strlen(sockets[i]);

		if (len >= n && strcmp(path + len - n, sockets[i]) == 0)
			return true;
	}
	return false;
}

/* A directory that engines put their sockets in. */
static bool may_have_sockets(const char *path)
{
	static const char *const directories[] = {
	        "", "/docker", "/containerd", "/crio", "/podman", "/k3s", "/k3s/containerd"};

	for (size_t i = 0; i < ARRAY_SIZE(directories); i++) {
		if (strcmp(path, directories[i]) == 0)
			return true;
	}
	return false;
}

static bool is_writable(const struct proc_mount *mount)
{
	struct proc_slice value;

	return !proc_mountinfo_option(mount->mount_options, "ro", &value) &&
	       !proc_mountinfo_option(mount->options, "ro", &value);
}

/* What the file system is in as a whole has the root of the host, too: of Btrfs that is a
 * subvolume. */
static bool is_host_root(
        const struct posture_host *host, const struct proc_mount *mount, const char *root)
{
	return mount->major == host->root.major && mount->minor == host->root.minor &&
	       (strcmp(root, "/") == 0 || strcmp(root, host->root.path) == 0);
}

static void add_root(
        struct posture *posture, struct arena *arena, const struct proc_mount *mount, char *point)
{
	const enum posture_root found =
	        is_writable(mount) ? POSTURE_ROOT_WRITABLE : POSTURE_ROOT_READ_ONLY;

	if (found <= posture->root)
		return;
	posture->root = found;
	posture->root_point = arena_strdup(arena, point);
}

/* A mount of procfs over /proc shows kcore again. */
static void add_proc(struct posture *posture, const struct proc_mount *mount, const char *point)
{
	if (strcmp(point, "/proc/kcore") == 0)
		posture->is_kcore_covered = true;
	else if (strcmp(point, "/proc") == 0)
		posture->is_kcore_covered = !proc_mountinfo_equals(mount->type, "proc");
}

static void add_mount(struct posture *posture, struct arena *arena, const struct posture_host *host,
        const struct proc_mount *mount)
{
	_cleanup_free_ char *root = unescape(mount->root), *point = unescape(mount->point);
	const char *const in_run = below(&host->run, mount, root);

	if (is_host_root(host, mount, root))
		add_root(posture, arena, mount, point);
	if (in_run && !posture->socket && ends_in_socket(in_run))
		posture->socket = arena_strdup(arena, point);
	else if (in_run && !posture->run && may_have_sockets(in_run))
		posture->run = arena_strdup(arena, point);
	add_proc(posture, mount, point);
}

void posture_mounts_read(struct posture *ret, struct arena *arena, const struct posture_host *host,
        const char *text, size_t len)
{
	const char *const end = text + len;
	struct proc_mount mount;

	if (!host->root.path) {
		ret->mounts_error = ENODATA;
		return;
	}
	ret->is_kcore_covered = true;
	while (proc_mountinfo_next(&text, end, &mount))
		add_mount(ret, arena, host, &mount);
}
