/* SPDX-License-Identifier: Apache-2.0 */
#include "base/memory.h"
#include "base/u64.h"
#include "kernel/kernel_internal.h"
#include "kernel/proc/proc.h"

#include <string.h>
#include <sys/sysmacros.h>

/* A mounted hierarchy of control groups (cgroups(7)). */
struct cgroup_mount {
	unsigned id;
	uint64_t dev;
	char *point;
	char *hierarchies; /* options of the file system, which name them; NULL: version 2 */
	bool may_hang;     /* looking up a path in it could */
};

struct kernel_cgroups {
	struct cgroup_mount *mounts;
	size_t n, capacity;
	struct u64_set foreign; /* hashes of the points of other mounts that could hang, ... */
	struct u64_set parents; /* ... and on which mounts something is mounted */
};

void kernel_cgroup_forget(struct kernel_linux *l)
{
	struct kernel_cgroups *const all = l->cgroups;

	for (size_t i = 0; all && i < all->n; i++) {
		free(all->mounts[i].point);
		free(all->mounts[i].hierarchies);
	}
	if (all) {
		u64_set_release(&all->foreign);
		u64_set_release(&all->parents);
		free(all->mounts);
	}
	free(all);
	l->cgroups = NULL;
}

/* --- mounts ----------------------------------------------------------------------------------- */

static bool is_type(const struct proc_mount *mount, const char *const *types)
{
	for (; *types; types++) {
		if (proc_mountinfo_equals(mount->type, *types))
			return true;
	}
	return false;
}

void kernel_cgroup_add_mount(struct kernel_linux *l, const struct proc_mount *mount)
{
	static const char *const cgroups[] = {"cgroup", "cgroup2", NULL};
	static const char *const local[] = {"sysfs", "tmpfs", "devtmpfs", NULL};
	struct kernel_cgroups *all = l->cgroups;

	if (!all)
		all = l->cgroups = memory_new(sizeof(*all));
	u64_set_push(&all->parents, mount->parent);
	if (!is_type(mount, cgroups)) {
		if (!is_type(mount, local) && mount->point.len > 1)
			u64_set_push(&all->foreign,
			        u64_set_hash(0, mount->point.bytes, mount->point.len));
		return;
	}
	/* Only a mount of the whole has the paths that /proc/PID/cgroup shows. */
	if (!proc_mountinfo_equals(mount->root, "/"))
		return;
	struct cgroup_mount new = {.id = mount->id, .dev = makedev(mount->major, mount->minor)};
	new.point = memory_new(mount->point.len + 1);
	memcpy(new.point, mount->point.bytes, mount->point.len);
	if (proc_mountinfo_equals(mount->type, "cgroup"))
		new.hierarchies =
		        memory_printf("%.*s", (int)mount->options.len, mount->options.bytes);
	MEMORY_APPEND(all->mounts, all->n, all->capacity) = new;
}

/* True if the path to the mount point may pass through a file server, or something is mounted on
 * it: looking up a path there could hang. */
static bool may_hang(const struct kernel_cgroups *all, const struct cgroup_mount *mount)
{
	const char *const point = mount->point;

	if (u64_set_has(&all->parents, mount->id))
		return true;
	for (const char *at = point + 1;; at++) {
		if ((*at == '/' || !*at) &&
		        u64_set_has(&all->foreign, u64_set_hash(0, point, (size_t)(at - point))))
			return true;
		if (!*at)
			return false;
	}
}

void kernel_cgroup_check_mounts(struct kernel_linux *l)
{
	struct kernel_cgroups *const all = l->cgroups;

	if (!all)
		return;
	u64_set_sort_unique(&all->foreign);
	u64_set_sort_unique(&all->parents);
	for (size_t i = 0; i < all->n; i++) {
		struct cgroup_mount *const mount = &all->mounts[i];
		const struct proc_slice point = {mount->point, strlen(mount->point)};

		mount->may_hang = may_hang(all, mount);
		proc_mountinfo_unescape(point, mount->point);
	}
	u64_set_release(&all->foreign);
	u64_set_release(&all->parents);
}

/* --- owners ----------------------------------------------------------------------------------- */

/* `hierarchy` is as in /proc/PID/cgroup: empty for version 2, else `name=systemd` or controllers,
 * of which each is an option of the mount. */
static bool is_of_hierarchy(const struct cgroup_mount *mount, const char *hierarchy)
{
	char first[64];
	const size_t len = strcspn(hierarchy, ",");
	struct proc_slice value;

	if (!*hierarchy || !mount->hierarchies)
		return !*hierarchy && !mount->hierarchies;
	if (len >= sizeof(first))
		return false;
	memcpy(first, hierarchy, len);
	first[len] = '\0';
	char *const name = strchr(first, '=');
	if (name)
		*name = '\0';
	const struct proc_slice options = {mount->hierarchies, strlen(mount->hierarchies)};
	return proc_mountinfo_option(options, first, &value) &&
	       proc_mountinfo_equals(value, name ? name + 1 : "");
}

/* `..` would lead out of the mount. */
static bool has_parent(const char *path)
{
	for (const char *at = strstr(path, "/.."); at; at = strstr(at + 1, "/..")) {
		if (at[3] == '/' || !at[3])
			return true;
	}
	return false;
}

int kernel_cgroup_owner(struct kernel *k, const char *hierarchy, const char *path, uid_t *ret_uid)
{
	const struct kernel_cgroups *const all = linux_of(k)->cgroups;
	int r = -ENODEV;

	if (*path != '/' || has_parent(path))
		return -EINVAL;
	for (size_t i = 0; all && i < all->n && r == -ENODEV; i++) {
		const struct cgroup_mount *const mount = &all->mounts[i];
		struct kernel_file file;

		if (mount->may_hang || !is_of_hierarchy(mount, hierarchy))
			continue;
		_cleanup_free_ char *name = memory_printf("%s%s", mount->point, path);
		r = kernel_file_stat(AT_FDCWD, name, &file);
		if (r == 0 && file.dev != mount->dev)
			r = -ENODEV;
		else if (r == 0)
			*ret_uid = file.uid;
	}
	return r;
}
