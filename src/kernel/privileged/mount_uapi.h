/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* listmount(2) and statmount(2), Linux 6.8, of other mount namespaces 6.11: for build machines with
 * older headers. The numbers are the same on every architecture but alpha. */

#include <stdint.h>
#include <sys/syscall.h>

#ifdef SYS_statmount
#define MOUNT_UAPI_STATMOUNT SYS_statmount
#define MOUNT_UAPI_LISTMOUNT SYS_listmount
#elif defined(__alpha__)
#define MOUNT_UAPI_STATMOUNT 567
#define MOUNT_UAPI_LISTMOUNT 568
#else
#define MOUNT_UAPI_STATMOUNT 457
#define MOUNT_UAPI_LISTMOUNT 458
#endif

struct mount_uapi_request { /* struct mnt_id_req, MNT_ID_REQ_SIZE_VER1 */
	uint32_t size;
	uint32_t unused;
	uint64_t mnt_id;
	uint64_t param; /* the requested fields; listmount: the last id of the page before */
	uint64_t mnt_ns_id;
};

#define MOUNT_UAPI_ROOT UINT64_MAX /* LSMT_ROOT */

/* STATMOUNT_* */
#define MOUNT_UAPI_SB_BASIC       0x1u
#define MOUNT_UAPI_MNT_BASIC      0x2u
#define MOUNT_UAPI_PROPAGATE_FROM 0x4u
#define MOUNT_UAPI_MNT_ROOT       0x8u
#define MOUNT_UAPI_MNT_POINT      0x10u
#define MOUNT_UAPI_FS_TYPE        0x20u
#define MOUNT_UAPI_MNT_OPTS       0x80u   /* Linux 6.11 */
#define MOUNT_UAPI_FS_SUBTYPE     0x100u  /* 6.13 */
#define MOUNT_UAPI_SB_SOURCE      0x200u  /* 6.13 */
#define MOUNT_UAPI_SUPPORTED_MASK 0x1000u /* 6.15 */

struct mount_uapi_statmount { /* the fixed part of struct statmount */
	uint32_t size;
	uint32_t mnt_opts; /* this and the other strings: where they are behind the struct */
	uint64_t mask;     /* fields that are valid */
	uint32_t sb_dev_major, sb_dev_minor;
	uint64_t sb_magic;
	uint32_t sb_flags;
	uint32_t fs_type;
	uint64_t mnt_id, mnt_parent_id;
	uint32_t mnt_id_old, mnt_parent_id_old;
	uint64_t mnt_attr, mnt_propagation, mnt_peer_group, mnt_master, propagate_from;
	uint32_t mnt_root;
	uint32_t mnt_point;
	uint64_t mnt_ns_id;
	uint32_t fs_subtype;
	uint32_t sb_source;
	uint32_t opt_num, opt_array, opt_sec_num, opt_sec_array;
	uint64_t supported_mask; /* fields that the kernel has */
	uint64_t later[45];
};

_Static_assert(sizeof(struct mount_uapi_request) == 32, "size in the kernel");
_Static_assert(sizeof(struct mount_uapi_statmount) == 512, "size in the kernel");
