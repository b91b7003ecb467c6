/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "kernel/privileged/mount_uapi.h"

#include <stdbool.h>
#include <stdio.h>

/* The fields of statmount(2) that a line needs, and those that are written if the kernel has
 * them. */
#define MOUNT_LINE_NEEDS                                                                           \
	(MOUNT_UAPI_SB_BASIC | MOUNT_UAPI_MNT_BASIC | MOUNT_UAPI_MNT_ROOT | MOUNT_UAPI_MNT_POINT | \
	        MOUNT_UAPI_FS_TYPE)
#define MOUNT_LINE_TAKES                                                                           \
	(MOUNT_LINE_NEEDS | MOUNT_UAPI_PROPAGATE_FROM | MOUNT_UAPI_MNT_OPTS |                      \
	        MOUNT_UAPI_FS_SUBTYPE | MOUNT_UAPI_SB_SOURCE)

/* Writes what statmount(2) says of a mount as a line of mountinfo (proc_pid_mountinfo(5)), with the
 * newline, as the kernel writes it there. `strings` is what follows the struct. Without a source
 * that field is empty. Returns false, and writes nothing, if fields are missing: the mount is not
 * below the root of its mount namespace. */
bool mount_line_write(FILE *out, const struct mount_uapi_statmount *mount, const char *strings);
