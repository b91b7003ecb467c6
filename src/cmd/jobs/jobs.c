/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/jobs/jobs.h"

#include "base/attributes.h"
#include "kernel/privileged/privileged.h"
#include "model/model.h"

#define MOUNTS (1u << SOURCE_MOUNT | 1u << SOURCE_MNTNS)

size_t jobs_select(unsigned what, uint32_t sources, const struct helper_job *ret[static JOBS_MAX])
{
	static const struct {
		const struct helper_job *job;
		unsigned what;    /* needed by any of these, ... */
		uint32_t sources; /* ... with any of these sources; 0: whatever the sources are */
	} rows[] = {
	        {&save_job, JOBS_SCREEN | JOBS_FILE, 0},
	        {&draw_job, JOBS_SCREEN | JOBS_DOT, 0},
	        {&complete_job, JOBS_SCREEN, 0},
	        {&config_file_read_job, JOBS_SCREEN, 0},
	        {&config_file_write_job, JOBS_SCREEN, 0},
	        {&user_names_job, JOBS_SCREEN | JOBS_SCAN, 0},
	        {&cmdlines_job, JOBS_SCAN, 0},
	        {&ns_keys_job, JOBS_RESCAN, 0},
	        {&ns_mounted_job, JOBS_SCAN, MOUNTS},
	        {&ns_mounted_mountinfo_job, JOBS_SCAN, MOUNTS},
	        {&mount_ns_list_job, JOBS_SCAN, 1u << SOURCE_MNTNS},
	        {&mount_ns_open_job, JOBS_SCAN, 1u << SOURCE_MNTNS},
	        {&mount_ns_mounts_job, JOBS_SCAN, 1u << SOURCE_MNTNS},
	        {&socket_ns_job, JOBS_SCAN, 1u << SOURCE_SOCKET},
	        {&features_job, JOBS_FEATURES, 0},
	};
	size_t n = 0;

	_Static_assert(ARRAY_SIZE(rows) <= JOBS_MAX, "room for all");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if ((rows[i].what & what) && (!rows[i].sources || (rows[i].sources & sources)))
			ret[n++] = rows[i].job;
	}
	return n;
}
