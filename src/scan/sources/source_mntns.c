/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/sources/source_mntns.h"

#include "base/arena.h"
#include "base/attributes.h"
#include "scan/sources/source_mount.h"

static void take_mounts(struct scan *scan, const struct kernel_mount_ns *one)
{
	struct kernel *const k = scan->kernel;
	_cleanup_free_ struct kernel_ns_mount *mounts = NULL;
	size_t n = 0;

	if (k->ops->mount_ns_mounts(k, one->id, &mounts, &n) < 0)
		return;
	for (size_t i = 0; i < n; i++) {
		struct holder_record holder = {.kind = HOLDER_MOUNT,
		        .inode = mounts[i].ino,
		        .process = HOLDER_NO_PROCESS,
		        .fd = -1,
		        .handle = -1,
		        .path = arena_strdup(scan->arenas[0], mounts[i].point),
		        .mnt = one->key.ino,
		        .mnt_id = one->id};

		if (nstype_from_clone(mounts[i].type, &holder.type))
			holders_add(&scan->holders[0], &holder);
	}
	u64_set_push(&scan->listed, one->key.ino);
}

int source_mntns_read(struct scan *scan)
{
	struct kernel *const k = scan->kernel;
	_cleanup_free_ struct kernel_mount_ns *list = NULL;
	struct u64_set inhabited;
	size_t n = 0;

	if (!k->ops->mount_ns_list || k->ops->mount_ns_list(k, &list, &n) < 0)
		return 0;
	scan->sources |= 1u << SOURCE_MNTNS;
	source_mount_list_read(scan, &inhabited);
	for (size_t i = 0; i < n && !scan_is_cancelled(scan); i++) {
		if (u64_set_has(&inhabited, list[i].key.ino))
			continue;
		holders_add(&scan->holders[0], &(struct holder_record){.type = NS_MNT,
		                                       .kind = HOLDER_KINDS,
		                                       .inode = list[i].key.ino,
		                                       .process = HOLDER_NO_PROCESS,
		                                       .fd = -1,
		                                       .handle = -1,
		                                       .mnt_id = list[i].id});
		take_mounts(scan, &list[i]);
	}
	u64_set_release(&inhabited);
	return scan_is_cancelled(scan) ? -ECANCELED : 0;
}
