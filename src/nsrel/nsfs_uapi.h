/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NSREL_NSFS_UAPI_H
#define NSREL_NSFS_UAPI_H

/* Constants of Linux for namespaces that older headers lack. Numbers of ioctls are made by the
 * macros of linux/ioctl.h, since their encoding differs on some machines (alpha, mips, powerpc,
 * sparc). Not installed. */

#include <linux/ioctl.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <stdint.h>
#include <sys/syscall.h>

/* linux/nsfs.h */
#ifndef NS_GET_NSTYPE /* Linux 4.11 */
#define NS_GET_NSTYPE _IO(0xb7, 0x3)
#endif
#ifndef NS_GET_OWNER_UID /* Linux 4.11 */
#define NS_GET_OWNER_UID _IO(0xb7, 0x4)
#endif
#ifndef NS_GET_MNTNS_ID /* Linux 6.11 */
#define NS_GET_MNTNS_ID _IOR(0xb7, 5, uint64_t)
#endif
#ifndef NS_GET_PID_FROM_PIDNS /* Linux 6.11 */
#define NS_GET_PID_FROM_PIDNS _IOR(0xb7, 6, int)
#endif
#ifndef NS_GET_TGID_IN_PIDNS /* Linux 6.11 */
#define NS_GET_TGID_IN_PIDNS _IOR(0xb7, 9, int)
#endif

struct nsfs_uapi_mnt_ns { /* the kernel's struct mnt_ns_info */
	uint32_t size;
	uint32_t nr_mounts;
	uint64_t mnt_ns_id;
};

#ifndef NS_MNT_GET_INFO /* Linux 6.12 */
#define NS_MNT_GET_INFO _IOR(0xb7, 10, struct nsfs_uapi_mnt_ns)
#define NS_MNT_GET_NEXT _IOR(0xb7, 11, struct nsfs_uapi_mnt_ns)
#define NS_MNT_GET_PREV _IOR(0xb7, 12, struct nsfs_uapi_mnt_ns)
#endif
#ifndef NS_GET_ID /* Linux 6.18; 0x8008b70d on most machines */
#define NS_GET_ID _IOR(0xb7, 13, uint64_t)
#endif

/* sched.h */
#ifndef CLONE_NEWCGROUP /* Linux 4.6 */
#define CLONE_NEWCGROUP 0x02000000
#endif
#ifndef CLONE_NEWTIME /* Linux 5.6 */
#define CLONE_NEWTIME 0x00000080
#endif

/* linux/magic.h: statfs(2).f_type of a namespace. */
#ifndef NSFS_MAGIC
#define NSFS_MAGIC 0x6e736673
#endif

/* File handles of namespaces (name_to_handle_at(2)), Linux 6.18: the handle's type, its bytes,
 * and the descriptor that open_by_handle_at(2) takes in place of one of a mount. */
#ifndef FILEID_NSFS
#define FILEID_NSFS 0xf1
#endif
#ifndef FD_NSFS_ROOT
#define FD_NSFS_ROOT (-10003)
#endif

struct nsfs_uapi_handle { /* the kernel's struct nsfs_file_handle */
	uint64_t id;
	uint32_t type; /* CLONE_NEW* */
	uint32_t inum; /* inode number */
};

/* listns(2), Linux 6.19. */
#if defined(SYS_listns)
#define NSFS_UAPI_LISTNS SYS_listns
#elif defined(__alpha__)
#define NSFS_UAPI_LISTNS 580
#else
#define NSFS_UAPI_LISTNS 470
#endif

struct nsfs_uapi_list { /* the kernel's struct ns_id_req */
	uint32_t size;
	uint32_t spare;
	uint64_t ns_id;   /* those after this one */
	uint32_t ns_type; /* CLONE_NEW*, as bits; 0: all */
	uint32_t spare2;
	uint64_t user_ns_id; /* those that it owns; 0: all */
};

_Static_assert(sizeof(struct nsfs_uapi_list) == 32, "size in the kernel");
_Static_assert(sizeof(struct nsfs_uapi_handle) == 16, "size in the kernel");
_Static_assert(sizeof(struct nsfs_uapi_mnt_ns) == 16, "size in the kernel");

#endif
