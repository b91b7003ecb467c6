/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/discover.h"

#include "scan/sources/source_fd.h"
#include "scan/sources/source_mntns.h"
#include "scan/sources/source_mount.h"
#include "scan/sources/source_socket.h"

/* Mount points are wanted for descriptors too, since one that was opened there reads as their path;
 * they are no reason of their own then. */
static void drop_mount_holders(struct scan *scan)
{
	struct holder_list *const all = &scan->holders[0];
	size_t n = 0;

	for (size_t i = 0; i < all->n_records; i++) {
		if (all->records[i].kind != HOLDER_MOUNT)
			all->records[n++] = all->records[i];
	}
	all->n_records = n;
}

static int settle_descriptors(struct scan *scan)
{
	struct u64_set paths;
	int r;

	if (!scan_has_source(scan, SOURCE_FD))
		return 0;
	source_mount_list_paths(scan, &paths);
	r = source_fd_settle(scan, &paths);
	u64_set_release(&paths);
	return r;
}

static int read_mounts(struct scan *scan)
{
	int r = source_mount_read(scan);

	if (r == 0)
		r = settle_descriptors(scan);
	if (!scan_has_source(scan, SOURCE_MOUNT))
		drop_mount_holders(scan);
	return r;
}

/* What is mounted in mount namespaces that nobody is in may be open elsewhere, too. */
static int read_orphans(struct scan *scan)
{
	int r = source_mount_read_orphans(scan);

	if (r == 0)
		r = settle_descriptors(scan);
	holders_sort(scan);
	return r;
}

int discover(struct scan *scan)
{
	static const enum source read_with_processes[] = {
	        SOURCE_PROCESS, SOURCE_THREAD, SOURCE_FD, SOURCE_MOUNT};
	const bool with_mounts = scan_has_source(scan, SOURCE_MOUNT);
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(read_with_processes); i++)
		scan->sources |= scan->options->sources & (1u << read_with_processes[i]);
	holders_gather(scan);
	if (with_mounts || scan_has_source(scan, SOURCE_FD))
		r = read_mounts(scan);
	if (r == 0 && scan_has_source(scan, SOURCE_MNTNS))
		r = source_mntns_read(scan);
	holders_sort(scan);
	if (r == 0 && with_mounts)
		r = read_orphans(scan);
	if (r == 0 && scan_has_source(scan, SOURCE_SOCKET))
		r = source_socket_read(scan);
	return r;
}
