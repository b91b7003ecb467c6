/* SPDX-License-Identifier: Apache-2.0 */
/* A text of mountinfo: fields lie in their line, the table of mounts ends for each of them, and the
 * hierarchies of control groups in it are found. */
#include "base/attributes.h"
#include "base/memory.h"
#include "kernel/kernel_internal.h"
#include "kernel/proc/proc.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

static void check_slice(struct proc_slice slice, const char *text, size_t len)
{
	CHECK(slice.bytes >= text && slice.bytes + slice.len <= text + len);
}

static void check_path(struct proc_slice slice)
{
	_cleanup_free_ char *path = malloc(slice.len + 1);

	CHECK(path);
	const size_t n = proc_mountinfo_unescape(slice, path);
	CHECK(n <= slice.len && path[n] == '\0');
}

static void check_mount(const struct proc_mount *mount, const char *text, size_t len)
{
	const struct proc_slice slices[] = {mount->root, mount->point, mount->mount_options,
	        mount->type, mount->source, mount->options, mount->tags};
	struct proc_slice value;

	for (size_t i = 0; i < ARRAY_SIZE(slices); i++)
		check_slice(slices[i], text, len);
	check_path(mount->root);
	check_path(mount->point);
	proc_mountinfo_propagation(mount);
	if (proc_mountinfo_option(mount->options, "hidepid", &value))
		check_slice(value, text, len);
	if (proc_mountinfo_option(mount->options, "name", &value))
		check_slice(value, text, len);
}

static void check_table(const char *text, size_t len, size_t n)
{
	struct proc_mount_table table;

	proc_mountinfo_table_init(&table, text, len);
	CHECK(table.n <= n);
	for (size_t i = 0; i < table.n; i++) {
		const enum mount_access access = proc_mountinfo_table_access(&table, i);

		CHECK(access <= MOUNT_COVERED);
		CHECK(access == proc_mountinfo_table_access(&table, i));
	}
	proc_mountinfo_table_release(&table);
}

/* No path is looked up: one with `..` is refused, and no hierarchy has that name. */
static void check_cgroups(const char *text, size_t len)
{
	struct kernel_linux l = {.proc = -EBADF};
	const char *at = text;
	struct proc_mount mount;
	uid_t uid;

	while (proc_mountinfo_next(&at, text + len, &mount))
		kernel_cgroup_add_mount(&l, &mount);
	kernel_cgroup_check_mounts(&l);
	CHECK(kernel_cgroup_owner(&l.base, "", "/a/../b", &uid) == -EINVAL);
	CHECK(kernel_cgroup_owner(&l.base, "no=\n", "/a", &uid) == -ENODEV);
	kernel_cgroup_forget(&l);
	CHECK(!l.cgroups);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *const text = (const char *)data;
	const char *at = text;
	struct proc_mount mount;
	struct u64_set ids = {.n = 0};
	size_t n = 0;

	while (proc_mountinfo_next(&at, text + size, &mount)) {
		n++;
		check_mount(&mount, text, size);
	}
	proc_mountinfo_ids(text, size, &ids);
	u64_set_sort(&ids);
	CHECK(ids.n >= n); /* one for each line, also a malformed one */
	for (at = text; proc_mountinfo_next(&at, text + size, &mount);)
		CHECK(u64_set_has(&ids, mount.id));
	u64_set_release(&ids);
	check_table(text, size, n);
	check_cgroups(text, size);
	return 0;
}
